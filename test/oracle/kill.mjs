// Kills the building of an index at random instants and looks at what is left: `node test/oracle/kill.mjs TREE [--rounds N] [--seed S]
// [--config C] [--first] [--clockpath FILE]` (dist/ must be built). After each kill the index of before must open and answer as before, and
// the next build must go through. With `--first` it is the first build that is killed: every second round begins without an index, the
// others with what the kill before has left; what opens must say how much it has, and answer nothing that the whole does not.
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
const clockpath = path.resolve(option("clockpath", path.join(root, "dist/clockpath.js")));
const isFirst = args.includes("--first") && args.splice(args.indexOf("--first"), 1).length > 0;
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
    if (index === undefined) return { said: "no index" };
    const calls = index.callers("panic", { limit: 1_000_000 }).map(({ file, line }) => `${file}:${line}`);
    index.symbols("tcinit");
    const { generation, files, symbols, partial } = index.info;
    index.close();
    const graph = config === undefined ? undefined : cachedGraph(tree, config, indexDir);
    return {
      generation,
      said: `${files} files, ${symbols} symbols, ${calls.length} calls of panic`,
      files,
      partial,
      calls: new Set(calls),
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
  /** Of a first build: nothing, a part that says so and is right as far as it goes, or the whole. */
  const isPartOf = (now) =>
    now.said === "no index" ||
    (now.partial === undefined
      ? now.said === before.said
      : now.files < now.partial.total && [...now.calls].every((call) => before.calls.has(call)));
  for (let round = 0; round < rounds; round++) {
    const after = Math.round(random() * whole);
    if (isFirst && round % 2 === 0) rmSync(indexDir, { recursive: true, force: true });
    const child = spawn(process.execPath, command(...(isFirst ? [] : ["--rebuild"])), { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), after);
    await ended;
    clearTimeout(timer);
    const now = look();
    const isRight = isFirst ? isPartOf(now) : now.said === before.said && now.edges === before.edges;
    if (!isRight) wrong++;
    const of = now.partial ? ` of ${now.partial.total}` : "";
    console.log(
      `killed after ${String(after).padStart(6)} ms: ${isRight ? "right" : "WRONG"}: ${now.said}${of}, generation ${now.generation ?? "none"}, ${now.edges ?? "no"} calls in the graph`,
    );
  }
  const last = JSON.parse(
    spawnSync(process.execPath, command(), { encoding: "utf8", maxBuffer: 1 << 26 }).stdout,
  );
  const left = readdirSync(last.directory).filter((name) => name.endsWith(".tmp"));
  if (look().said !== before.said) wrong++;
  console.log(
    `${rounds} kills, ${wrong} wrong; the next build: ${last.files} files, ${last.updated} read; left behind: ${left.join(" ") || "nothing"}`,
  );
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
