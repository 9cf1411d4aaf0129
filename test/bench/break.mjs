// How quick the debugger is on a real kernel, against gdb in the same run: from a new process to the first breakpoint set; memory
// with symbols loaded; restart, pause, and what watchpoints cost the run. Both without what earlier sessions left (the index of the debug
// information, the adapter's compiled code) and with it. CLOCKPATH_NETBSD_KERNEL=... npm run bench:break [-- --runs N]
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
if (!kernel) {
  console.log("bench:break needs CLOCKPATH_NETBSD_KERNEL: an ELF kernel with debug info.");
  process.exit(0);
}
const runsAt = process.argv.indexOf("--runs");
const runs = runsAt > 0 ? Number(process.argv[runsAt + 1]) : 5;
const LIMITS = { megabytes: 400, restartMs: 1000, pauseMs: 100 };

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const ms = (number) => `${number.toFixed(0)} ms`;
const failures = [];
function verdict(what, good) {
  if (!good) failures.push(what);
  return good ? "ok" : "TOO MUCH";
}

/** A debug adapter in a process of its own. */
class Adapter {
  #buffer = Buffer.alloc(0);
  #sequence = 0;
  #answers = new Map();
  #waiting = [];
  /** `cache` is the folder for the symbol cache, or "off". */
  constructor(cache) {
    this.process = spawn(process.execPath, [path.join(root, "dist/adapter.js")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, CLOCKPATH_SYMBOL_CACHE: cache },
    });
    this.process.stdout.on("data", (data) => this.#receive(data));
  }
  #receive(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      const length =
        head < 0
          ? Infinity
          : Number(/Content-Length: (\d+)/.exec(this.#buffer.toString("latin1", 0, head))[1]);
      if (this.#buffer.length < head + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString("utf8", head + 4, head + 4 + length));
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      if (message.type === "response") this.#answers.get(message.request_seq)?.(message);
      else
        this.#waiting = this.#waiting.filter(
          ({ event, done }) => event !== message.event || done(message.body),
        );
    }
  }
  request(command, args = {}) {
    const seq = ++this.#sequence;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return new Promise((resolve, reject) => {
      this.#answers.set(seq, (answer) =>
        answer.success ? resolve(answer.body) : reject(new Error(answer.message)),
      );
    });
  }
  event(event) {
    return new Promise((resolve) => {
      this.#waiting.push({ event, done: (body) => void resolve(body) });
    });
  }
  /** Resident memory in MB, where the system tells. */
  megabytes() {
    if (os.platform() !== "linux") return NaN;
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.process.pid}/status`, "utf8"))[1]) / 1024;
  }
}

async function ours(cache) {
  const start = performance.now();
  const adapter = new Adapter(cache);
  const ready = adapter.event("initialized");
  await adapter.request("initialize", { adapterID: "clockpath" });
  await adapter.request("launch", { kernel, cmdline: "console=com -v" });
  await ready;
  const { breakpoints } = await adapter.request("setFunctionBreakpoints", {
    breakpoints: [{ name: "tc_init" }],
  });
  const time = performance.now() - start;
  if (!breakpoints[0].verified) throw new Error("the breakpoint was not set");
  return { adapter, time };
}

const GDB = ["-nx", "-batch", "-ex", "set osabi none", "-ex", "set architecture i386:x86-64"];
function gdb() {
  const start = performance.now();
  const out = execFileSync("gdb", [...GDB, "-ex", `file ${kernel}`, "-ex", "break tc_init"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const time = performance.now() - start;
  if (!/Breakpoint 1 at 0x/.test(out)) throw new Error(`gdb set no breakpoint: ${out}`);
  return time;
}

/** To the first stop, with a whole stack and its variables looked at; then restart and pause. */
async function session(adapter) {
  let stopped = adapter.event("stopped");
  await adapter.request("configurationDone");
  await stopped;
  const { stackFrames } = await adapter.request("stackTrace", { threadId: 1 });
  for (const frame of stackFrames) await adapter.request("scopes", { frameId: frame.id });
  await adapter.request("evaluate", {
    expression: "*timecounter",
    context: "watch",
    frameId: stackFrames[0].id,
  });
  const megabytes = adapter.megabytes();

  stopped = adapter.event("stopped");
  await adapter.request("setFunctionBreakpoints", { breakpoints: [{ name: "main" }] });
  const start = performance.now();
  await adapter.request("restart");
  await stopped;
  const restart = performance.now() - start;

  await adapter.request("setFunctionBreakpoints", { breakpoints: [] });
  const pauses = [];
  for (let n = 0; n < 10; n++) {
    await adapter.request("continue", { threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    stopped = adapter.event("stopped");
    const asked = performance.now();
    await adapter.request("pause", { threadId: 1 });
    await stopped;
    pauses.push(performance.now() - asked);
  }
  return { megabytes, restart, pause: Math.max(...pauses) };
}

/** A session long enough to leave the index and the compiled code behind. */
async function warmUp(cache) {
  const { adapter } = await ours(cache);
  const left = (folder) =>
    existsSync(folder) && readdirSync(folder).some((name) => /\.(?:sym|code)$/.test(name));
  for (let n = 0; n < 300; n++) {
    if (left(cache) && left(path.join(cache, "../code"))) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  adapter.process.kill();
}

const times = { ours: [], kept: [], gdb: [], megabytes: [], restart: [], pause: [] };
const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-break-"));
const cache = path.join(folder, "symbols");
await warmUp(cache);
for (let n = 0; n < runs; n++) {
  const kept = await ours(cache);
  times.kept.push(kept.time);
  kept.adapter.process.kill();
  const { adapter, time } = await ours("off");
  times.ours.push(time);
  const rest = await session(adapter);
  for (const [name, value] of Object.entries(rest)) times[name].push(value);
  adapter.process.kill();
  times.gdb.push(gdb());
}
rmSync(folder, { recursive: true });
const [mine, theirs] = [median(times.ours), median(times.gdb)];
const kept = median(times.kept);
console.log(
  `launch to first breakpoint  ${ms(mine)}; gdb file + break ${ms(theirs)} (medians of ${runs}): ratio ${(mine / theirs).toFixed(2)}  ${verdict("first breakpoint", mine <= theirs)}`,
);
console.log(
  `... in a later session      ${ms(kept)}: ratio ${(kept / theirs).toFixed(2)}  ${verdict("first breakpoint later", kept <= theirs)}`,
);
const peak = Math.max(...times.megabytes);
console.log(
  `resident, symbols loaded    ${peak.toFixed(0)} MB at a stop with its stack shown (machine of 256 MB included)  ${verdict("memory", !(peak > LIMITS.megabytes))}`,
);
console.log(
  `restart to main             ${ms(median(times.restart))}  ${verdict("restart", median(times.restart) < LIMITS.restartMs)}`,
);
console.log(
  `pause, slowest of ${10 * runs}         ${ms(Math.max(...times.pause))}  ${verdict("pause", Math.max(...times.pause) < LIMITS.pauseMs)}`,
);

const script = ["test/run-ts.mjs", "test/bench/watch.ts", kernel, `${runs}`];
const watching = spawnSync(process.execPath, script, {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
process.stdout.write(watching.stdout);
if (watching.status !== 0) failures.push("watchpoints");
if (failures.length > 0) {
  console.log(`Not met: ${failures.join(", ")}`);
  process.exitCode = 1;
}
