// Kills the building of an index at random instants and looks at what is left: `node test/oracle/kill.mjs TREE [--rounds N] [--seed S]
// [--config C]` (dist/ must be built). After each kill the index of before must open and answer as before, and the next build must go through.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { load, root } from "./load.mjs";

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? otherwise : args.splice(at, 2)[1];
};
const rounds = Number(option("rounds", 20));
let seed = Number(option("seed", 1));
const config = option("config", undefined);
const [tree = process.env.CLOCKPATH_NETBSD_SRC] = args;
if (tree === undefined) {
  console.error("usage: node test/oracle/kill.mjs TREE [--rounds N] [--seed S] [--config C]");
  process.exit(1);
}

function random() {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) / 2 ** 23;
}

const work = mkdtempSync(path.join(tmpdir(), "clockpath-kill-"));
const clockpath = path.join(root, "dist/clockpath.js");
const indexDir = path.join(work, "index");
const command = (...more) => [
  clockpath, "index", tree, "--index-dir", indexDir, ...(config === undefined ? [] : ["--config", config]), "--json", ...more,
]; // biome-ignore format: a command
try {
  const { openIndex, cachedGraph } = await load(
    work,
    `export { openIndex } from "./server/query/open.ts"; export { cachedGraph } from "./server/graph/load.ts";`,
  );
  /** What the index and the call graph on the disk say. */
  const look = () => {
    const index = openIndex(tree, { indexDir });
    const callers = index.callers("panic", { limit: 1_000_000 }).length;
    const { generation, files, symbols } = index.info;
    index.close();
    const graph = config === undefined ? undefined : cachedGraph(tree, config, indexDir);
    return {
      generation,
      said: `${files} files, ${symbols} symbols, ${callers} calls of panic`,
      edges: graph?.edgeCount,
    };
  };
  const started = performance.now();
  spawnSync(process.execPath, command(), { stdio: "ignore" });
  const whole = performance.now() - started;
  const before = look();
  console.log(
    `built in ${(whole / 1000).toFixed(1)} s: ${before.said}, ${before.edges ?? "no"} calls in the graph; seed ${seed}`,
  );
  let wrong = 0;
  for (let round = 0; round < rounds; round++) {
    const after = Math.round(random() * whole);
    const child = spawn(process.execPath, command("--rebuild"), { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), after);
    await ended;
    clearTimeout(timer);
    const now = look();
    const isRight = now.said === before.said && now.edges === before.edges;
    if (!isRight) wrong++;
    console.log(
      `killed after ${String(after).padStart(6)} ms: generation ${now.generation} opens, ${isRight ? "same answers" : `WRONG: ${now.said}, ${now.edges}`}`,
    );
  }
  const last = JSON.parse(
    spawnSync(process.execPath, command(), { encoding: "utf8", maxBuffer: 1 << 26 }).stdout,
  );
  const left = readdirSync(last.directory).filter((name) => name.endsWith(".tmp"));
  console.log(
    `${rounds} kills, ${wrong} wrong; the next build: ${last.files} files, ${last.updated} read; left behind: ${left.join(" ") || "nothing"}`,
  );
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
