// `npm run bench:index`: indexes a whole kernel tree with clockpath, cscope and gtags in one run, then asks 1,000 symbols.
// Tree: CLOCKPATH_NETBSD_SRC (its sys/), or the argument. Prints medians; with --json one object.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { load, root } from "../oracle/load.mjs";

const args = process.argv.slice(2);
const json = args.includes("--json");
const rounds = Number(args.find((arg) => arg.startsWith("--rounds="))?.slice(9) ?? 3);
const given = args.find((arg) => !arg.startsWith("--")) ?? process.env.CLOCKPATH_NETBSD_SRC;
if (given === undefined) {
  console.error(
    "bench:index needs a kernel tree: set CLOCKPATH_NETBSD_SRC or name one (node test/bench/index.mjs TREE)",
  );
  process.exit(1);
}
const tree = existsSync(path.join(given, "sys", "kern")) ? path.join(given, "sys") : given;

/** Resident memory of a process and all it has started, in MB (Linux; else 0). */
function residentOf(pid) {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ");
    return children.filter(Boolean).reduce((sum, child) => sum + residentOf(child), kilobytes / 1024);
  } catch {
    return 0;
  }
}

/** Runs a command; its wall time in seconds and the largest resident memory of its processes in MB. `look` is called on the way. */
function measure(command, argv, cwd, look = () => {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, argv, { cwd, stdio: ["ignore", "ignore", "ignore"] });
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, residentOf(child.pid));
      look((performance.now() - started) / 1000);
    }, 20);
    child.on("error", reject);
    child.on("exit", (status) => {
      clearInterval(timer);
      const seconds = (performance.now() - started) / 1000;
      if (status === 0) resolve({ seconds, peak });
      else reject(new Error(`${command} ${argv.join(" ")} ended with status ${status}`));
    });
  });
}

/**
 * Builds with a configuration and watches the parts that open on the way: after how many seconds all files that the
 * configuration compiles could be asked, and the call graph was there. Cold: nothing of the index is there; the sources are in
 * the page cache.
 */
async function configuredKernel(clockpath, indexDir, config) {
  const seen = [];
  const headIn = () => {
    try {
      const [folder] = readdirSync(indexDir);
      return JSON.parse(readFileSync(path.join(indexDir, folder, "head.json"), "utf8"));
    } catch {
      return undefined;
    }
  };
  let shards = 0;
  let graph;
  const look = (seconds) => {
    const [made] = readdirSync(indexDir);
    if (graph === undefined && made !== undefined)
      if (readdirSync(path.join(indexDir, made)).some((name) => /^graph-.*\.bin$/.test(name)))
        graph = seconds;
    const head = headIn();
    if (head === undefined || head.shards.length === shards) return;
    shards = head.shards.length;
    seen.push({ seconds, shards: new Set(head.shards.map(({ file }) => file)) });
  };
  mkdirSync(indexDir, { recursive: true });
  const argv = [clockpath, "index", tree, "--config", config, "--index-dir", indexDir];
  const { seconds } = await measure(process.execPath, argv, indexDir, look);
  look(seconds);
  const readers = path.join(work, "readers");
  mkdirSync(readers);
  const { ShardReader, PageCache } = await load(
    readers,
    `export { ShardReader } from "./server/index/shard-reader.ts"; export { PageCache } from "./server/index/pages.ts";`,
  );
  const head = headIn();
  const configured = new Set(head.config.files);
  const [folder] = readdirSync(indexDir);
  const needed = head.shards.filter(({ file }) => {
    const reader = new ShardReader(path.join(indexDir, folder, file), new PageCache());
    const isNeeded = reader.files.some((one) => configured.has(one.path));
    reader.close();
    return isNeeded;
  });
  const sources = seen.find((state) => needed.every(({ file }) => state.shards.has(file)))?.seconds;
  const result = {
    config,
    files: configured.size,
    seconds: Math.max(sources, graph),
    sources,
    graph,
    first: seen[0]?.seconds,
    whole: seconds,
  };
  if (!json)
    console.log(
      `${config}: ${result.files} sources, first answers after ${result.first?.toFixed(2)} s, sources after ${sources?.toFixed(2)} s, call graph after ${graph?.toFixed(2)} s, so complete after ${result.seconds?.toFixed(2)} s (whole tree: ${seconds.toFixed(2)} s)`,
    );
  return result;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const percentile = (values, part) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
const has = (command) => spawnSync(process.platform === "win32" ? "where" : "which", [command]).status === 0;

function bytesBelow(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size;
  return bytes;
}

async function contender(name, folder, command, argv) {
  const runs = [];
  for (let i = 0; i < rounds; i++) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { files, run } = argv(folder);
    for (const [file, text] of files ?? []) writeFileSync(path.join(folder, file), text);
    runs.push(await measure(command, run, folder));
  }
  const result = {
    name,
    seconds: median(runs.map((run) => run.seconds)),
    peakMB: Math.round(Math.max(...runs.map((run) => run.peak))),
    diskMB: Math.round(bytesBelow(folder) / 1e5) / 10,
  };
  if (!json)
    console.log(
      `${name.padEnd(22)} ${result.seconds.toFixed(2).padStart(7)} s  ${String(result.peakMB).padStart(5)} MB memory  ${result.diskMB.toFixed(1).padStart(6)} MB on disk`,
    );
  return result;
}

const work = mkdtempSync(path.join(tmpdir(), "clockpath-bench-"));
try {
  const clockpath = path.join(root, "dist", "clockpath.js");
  const list = execFileSync("find", [tree, "-type", "f", "-name", "*.[chSsly]"], {
    maxBuffer: 1 << 28,
    encoding: "latin1",
  });
  if (!json) console.log(`${tree}: ${list.split("\n").length - 1} files; medians of ${rounds}`);
  spawnSync(process.execPath, [clockpath, "index", tree, "--index-dir", path.join(work, "warm")]); // the page cache
  const results = [];
  const ours = path.join(work, "clockpath");
  results.push(
    await contender("clockpath index", ours, process.execPath, () => ({
      run: [clockpath, "index", tree, "--index-dir", ours],
    })),
  );
  const config = existsSync(path.join(tree, "arch")) ? "amd64/MICROVM" : "amd64/GENERIC";
  const kernel = await configuredKernel(clockpath, path.join(work, "configured"), config);
  if (has("gtags"))
    results.push(
      await contender("gtags", path.join(work, "gtags"), "gtags", (folder) => ({
        files: [["files", list.replaceAll(`${tree}/`, "./")]],
        run: ["-C", tree, "-f", path.join(folder, "files"), folder],
      })),
    );
  if (has("cscope"))
    results.push(
      await contender("cscope -b -q -k", path.join(work, "cscope"), "cscope", () => ({
        files: [["cscope.files", list]],
        run: ["-b", "-q", "-k"],
      })),
    );

  const [own, ...rivals] = results;
  for (const { name, seconds, diskMB } of json ? [] : rivals)
    console.log(
      `  ours / ${name}: ${(own.seconds / seconds).toFixed(2)} of its time, ${(own.diskMB / diskMB).toFixed(2)} of its disk`,
    );

  const { openIndex } = await load(work, `export { openIndex } from "./server/query/open.ts";`);
  globalThis.gc?.();
  const started = performance.now();
  const index = openIndex(tree, { indexDir: ours });
  index.definitions("tc_init");
  const reopen = performance.now() - started;
  // Chosen with another index, so that this one is cold where that is measured.
  const other = openIndex(tree, { indexDir: ours });
  const names = sample(other, 1000);
  other.close();
  const queries = {
    definition: (name) => index.definitions(name),
    callers: (name) => index.callers(name),
    callees: (name) => index.callees(name),
    assignments: (name) => index.references(name, { kinds: ["write"] }),
    references: (name) => index.references(name),
  };
  const latencies = {};
  for (const [query, ask] of Object.entries(queries)) {
    const times = names.map((name) => {
      const before = performance.now();
      ask(name);
      return performance.now() - before;
    });
    latencies[query] = { median: median(times), p95: percentile(times, 0.95), max: Math.max(...times) };
  }
  const patterns = ["tcinit", "lapic_timer", "timecounter", "acpiinit", "CLOCK", "intrhand", "x"];
  const cold = time(() => index.symbols(patterns[0]));
  latencies["symbols, cold"] = { median: cold, p95: cold, max: cold };
  latencies["symbols (fuzzy)"] = summary(patterns.map((pattern) => time(() => index.symbols(pattern))));
  const residentMB = Math.round(process.memoryUsage.rss() / 2 ** 20);
  index.close();
  if (json) console.log(JSON.stringify({ tree, results, kernel, reopenMs: reopen, latencies, residentMB }));
  else {
    console.log(
      `reopening, first answer included: ${reopen.toFixed(0)} ms; resident after ${names.length} symbols: ${residentMB} MB`,
    );
    for (const [query, { median: half, p95, max }] of Object.entries(latencies))
      console.log(
        `${query.padEnd(16)} median ${half.toFixed(2)} ms  95 % ${p95.toFixed(2)} ms  max ${max.toFixed(1)} ms`,
      );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function time(run) {
  const before = performance.now();
  run();
  return performance.now() - before;
}

function summary(times) {
  return { median: median(times), p95: percentile(times, 0.95), max: Math.max(...times) };
}

/** Names of functions all over the tree, and some that are used everywhere. */
function sample(index, count) {
  const names = ["printf", "memset", "panic", "NULL", "error", "sc", "i", "tc_init", "mutex_enter", "splx"];
  for (const a of "abcdefghiklmnoprstuvwx")
    for (const b of "aceilmnoprstu")
      names.push(
        ...index
          .symbols(`${a}${b}`, { match: "prefix", kinds: ["function"], limit: 5 })
          .map(({ name }) => name),
      );
  return [...new Set(names)].slice(0, count);
}
