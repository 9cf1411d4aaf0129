// What watchpoints cost a run: CPU time of the first 25 M instructions of a kernel's boot with each and without, alternating, in
// one process; and whether the guest came out the same. node test/run-ts.mjs test/bench/watch.ts KERNEL [RUNS]
import { openSession } from "../../emulator/launch.ts";

const [, , kernel, runs = "5"] = process.argv;
const INSTRUCTIONS = 25_000_000;
const PLACES = [
  "",
  "x2apic_mode",
  "lapic_per_second",
  "timecounter",
  "lapic.timer_initial_count",
  "msr 0x1b",
];
const LIMIT = 4 / 3;

/** User CPU time in ms of the run alone, and the state at its end. */
async function boot(place: string): Promise<{ time: number; hash: string; stops: number }> {
  const { target, debugger: engine } = openSession({ kernel, cmdline: "console=com -v" });
  target.limits = { maxInstructions: INSTRUCTIONS };
  if (place) engine.addWatch(place, "change", undefined);
  const before = process.cpuUsage();
  let stops = 0;
  while ((await target.resume({ kind: "continue" })).kind === "watchpoint") stops++;
  const { user, system } = process.cpuUsage(before);
  return { time: (user + system) / 1000, hash: target.counters.stateHash(), stops };
}

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

async function main(): Promise<void> {
  await boot(""); // V8 compiles the core
  const results = new Map(PLACES.map((place) => [place, [] as Awaited<ReturnType<typeof boot>>[]]));
  for (let n = 0; n < Number(runs); n++)
    for (const place of PLACES) results.get(place)!.push(await boot(place));
  const plain = results.get("")!;
  const base = median(plain.map(({ time }) => time));
  for (const [place, list] of results) {
    if (place === "") continue;
    const time = median(list.map((each) => each.time));
    const same = list.every(({ hash }) => hash === plain[0]!.hash) ? "same states" : "STATES DIFFER";
    const ratio = time / base;
    const good = ratio <= LIMIT && same === "same states";
    if (!good) process.exitCode = 1;
    console.log(
      `watch ${place.padEnd(26)} CPU ${time.toFixed(0)} ms, without ${base.toFixed(0)} ms: ratio ${ratio.toFixed(2)}, ${list[0]!.stops} stops, ${same}  ${good ? "ok" : "TOO MUCH"}`,
    );
  }
}

void main();
