// FreeBSD configurations against the real config(8): C, assembly and interface files in its order, every header byte for byte.
// The golden files hold what config(8) wrote for our own small tree. With CLOCKPATH_FREEBSD_CONFIG (a config(8) binary) they are checked
// against it again (`-u` writes them), and with CLOCKPATH_FREEBSD_SRC two real configurations too.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { KernelConfiguration } from "../../server/kernel/api.ts";
import { configureKernel } from "../../server/kernel/configure.ts";
import { fixtures, folderTree, withTemporaryFolder } from "./trees.ts";

const binary = process.env.CLOCKPATH_FREEBSD_CONFIG;
const realTree = process.env.CLOCKPATH_FREEBSD_SRC;
const smallTree = path.join(fixtures, "freebsd");
const golden = (name: string) => path.join(__dirname, "golden", "freebsd", `${name}.txt`);

function asText(lists: Record<string, string[]>, headers: Map<string, string>): string {
  const files = Object.entries(lists).map(([name, list]) => [`== ${name}`, ...list].join("\n"));
  const texts = [...headers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `== ${name}\n${text}`.trimEnd());
  return `${[...files, ...texts].join("\n")}\n`;
}

function ours({ files, headers, sys }: KernelConfiguration): string {
  const named = files.map(({ file }) => (file.startsWith(sys) ? `$S/${file.slice(sys.length)}` : file));
  const list = (suffix: RegExp) => named.filter((file) => suffix.test(file));
  const lists = { CFILES: list(/\.c$/), SFILES: list(/\.S$/i), MFILES: list(/\.m$/) };
  return asText(lists, new Map(headers.map(({ name, text }) => [name, text])));
}

function theirs(tree: string, machine: string, name: string): string {
  return withTemporaryFolder((folder) => {
    const run = spawnSync(binary!, ["-d", folder, "-s", "$S", name], {
      cwd: path.join(tree, "sys", machine, "conf"),
      encoding: "utf8",
    });
    expect(run.status, run.stderr).toBe(0);
    const makefile = readFileSync(path.join(folder, "Makefile"), "utf8").replaceAll("\\\n", " ");
    const list = (variable: string) =>
      (new RegExp(`^${variable}=(.*)$`, "m").exec(makefile)?.[1] ?? "")
        .split(/\s+/)
        .filter((word) => word !== "");
    const headers = readdirSync(folder).filter((file) => file.endsWith(".h"));
    const lists = { CFILES: list("CFILES"), SFILES: list("SFILES"), MFILES: list("MFILES") };
    return asText(
      lists,
      new Map(headers.map((file) => [file, readFileSync(path.join(folder, file), "utf8")])),
    );
  });
}

describe.each(["TOY", "PLAIN", "XEN"])("the small tree's %s", (name) => {
  test("is what config(8) wrote", () => {
    const configuration = configureKernel(`sys/toy/conf/${name}`, folderTree(smallTree).read);
    expect(configuration.diagnostics).toEqual([]);
    expect(ours(configuration)).toBe(readFileSync(golden(name), "utf8").replaceAll("\r\n", "\n"));
  });

  test.skipIf(binary === undefined)(
    "golden file is what config(8) writes (needs CLOCKPATH_FREEBSD_CONFIG)",
    async () => {
      await expect(theirs(smallTree, "toy", name)).toMatchFileSnapshot(golden(name));
    },
  );
});

const missing = [
  binary === undefined ? "CLOCKPATH_FREEBSD_CONFIG" : "",
  realTree === undefined ? "CLOCKPATH_FREEBSD_SRC" : "",
];
const reason = missing.join(" ").trim() === "" ? "" : ` (needs ${missing.join(" ").trim()})`;

describe.skipIf(reason !== "")(`FreeBSD/amd64 against config(8)${reason}`, () => {
  test.each([
    ["GENERIC", 1901],
    ["MINIMAL", 840],
  ])("%s: %i sources, in its order, and all headers", { timeout: 60_000 }, (name, sources) => {
    const configuration = configureKernel(`sys/amd64/conf/${name}`, folderTree(realTree!).read);
    expect(configuration.diagnostics).toEqual([]);
    expect(ours(configuration)).toBe(theirs(realTree!, "amd64", name));
    expect(configuration.files.filter(({ kind }) => kind === "source").length).toBe(sources);
  });
});
