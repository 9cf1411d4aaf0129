// `npm run hostile -- --runs 10000 --seed 1 --instructions 1000000`: hostile kernels, each printed with its seed when something is wrong.

import { loadCpuModule } from "../../../emulator/assets.ts";
import { hostileRun } from "./run.ts";

const option = (name: string, otherwise: number) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const runs = option("runs", 200);
const seed = option("seed", 1);
const instructions = option("instructions", 1_000_000);
const verbose = process.argv.includes("--verbose");
const module = loadCpuModule();
const ends = new Map<string, number>();
let retired = 0;
let failures = 0;
let longest = { seed: 0, ms: 0 };
let slice = { seed: 0, ms: 0 };
const start = performance.now();
for (let i = seed; i < seed + runs; i++) {
  try {
    const result = hostileRun(module, i, instructions);
    retired += result.instructions;
    ends.set(result.stop.kind, (ends.get(result.stop.kind) ?? 0) + 1);
    if (result.ms > longest.ms) longest = { seed: i, ms: result.ms };
    if (result.longestSliceMs > slice.ms) slice = { seed: i, ms: result.longestSliceMs };
    if (verbose)
      console.log(
        i,
        result.name,
        result.stop.kind,
        "message" in result.stop ? result.stop.message.slice(0, 90) : "",
        result.instructions,
        `${result.ms.toFixed(0)} ms`,
      );
  } catch (error) {
    failures++;
    console.log(`seed ${i}: ${error instanceof Error ? (verbose ? error.stack : error.message) : error}`);
  }
}
console.log(
  `${runs} runs from seed ${seed}: ${failures} failed; ${(retired / 1e6).toFixed(1)} M instructions in ${((performance.now() - start) / 1000).toFixed(1)} s`,
);
console.log(
  `ends: ${[...ends]
    .sort()
    .map(([kind, n]) => `${kind} ${n}`)
    .join(", ")}`,
);
console.log(
  `longest run ${longest.ms.toFixed(0)} ms (seed ${longest.seed}), longest slice ${slice.ms.toFixed(0)} ms (seed ${slice.seed})`,
);
process.exitCode = failures === 0 ? 0 : 1;
