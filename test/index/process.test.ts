// The indexer as users run it: dist/clockpath.js in processes of its own, killed, run twice at once, with threads.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { openIndex } from "../../server/query/open.ts";
import { temporaryFolder } from "./helpers.ts";

const clockpath = path.resolve("dist/clockpath.js");
const isBuilt = existsSync(clockpath) && existsSync(path.resolve("dist/index-worker.js"));
const run = promisify(execFile);

const FILES = 600;
let tree: string;

beforeAll(() => {
  tree = temporaryFolder();
  for (let folder = 0; folder < 20; folder++) {
    mkdirSync(path.join(tree, `dir${folder}`));
    for (let i = 0; i < FILES / 20; i++) {
      const functions = Array.from(
        { length: 120 },
        (_, n) => `int f${folder}_${i}_${n}(void)\n{\n\treturn tc_init(${n});\n}\n`,
      );
      writeFileSync(path.join(tree, `dir${folder}`, `file${i}.c`), functions.join(""));
    }
  }
});

const index = (indexDir: string, ...more: string[]) => [
  clockpath,
  "index",
  tree,
  "--index-dir",
  indexDir,
  "--json",
  ...more,
];

/** The report of `clockpath index`. */
async function build(indexDir: string, ...more: string[]) {
  const { stdout } = await run(process.execPath, index(indexDir, ...more));
  return JSON.parse(stdout);
}

const shards = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".shard"))
    .map((name) => readFileSync(path.join(folder, name)).toString("base64"));

describe.skipIf(!isBuilt)("clockpath index (needs npm run build)", () => {
  it("gives the same bytes with threads and without", async () => {
    const [one, two] = [
      await build(temporaryFolder(), "--workers", "0"),
      await build(temporaryFolder(), "--workers", "2"),
    ];
    expect(two.files).toBe(FILES);
    expect(shards(two.directory)).toEqual(shards(one.directory));
  });

  it("leaves an index that opens, whenever it is killed", { timeout: 120_000 }, async () => {
    const indexDir = temporaryFolder();
    const first = await build(indexDir);
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, index(indexDir, "--rebuild"), { stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await new Promise((resolve) => setTimeout(resolve, 40 + round * 70));
      child.kill("SIGKILL");
      await ended;
      const opened = openIndex(tree, { indexDir })!;
      expect(opened.callers("tc_init", { limit: 100_000 }).length, `killed in round ${round}`).toBe(
        FILES * 120,
      );
      opened.close();
    }
    const last = await build(indexDir);
    expect([last.files, last.symbols]).toEqual([first.files, first.symbols]);
    const rebuilt = await build(indexDir, "--rebuild");
    expect(readdirSync(rebuilt.directory).filter((name) => !name.endsWith(".shard"))).toEqual(["head.json"]);
  });

  it("serves two processes at once", async () => {
    const indexDir = temporaryFolder();
    const reports = await Promise.all([build(indexDir), build(indexDir), build(indexDir)]);
    expect(reports.map(({ files }) => files)).toEqual([FILES, FILES, FILES]);
    expect(reports.map(({ updated }) => updated).sort()).toEqual([0, 0, FILES]);
  });

  it("prints an error, no stack, and ends with status 1", async () => {
    const failed = await run(process.execPath, [clockpath, "index", "/no/such/tree"]).catch((error) => error);
    expect([failed.code, failed.stdout]).toEqual([1, ""]);
    expect(failed.stderr).toMatch(/^clockpath: \/no\/such\/tree: no such folder; .*\n$/);
  });
});
