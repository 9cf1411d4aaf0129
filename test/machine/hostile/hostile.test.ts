// Hostile kernels: random bytes, random instructions, tables, registers and device rings that point anywhere. The machine stops or
// goes on; it never throws, nothing outside guest memory changes, and no run holds the thread. `npm run hostile -- --runs 10000` runs more.

import { expect, test } from "vitest";
import { loadCpuModule } from "../../../emulator/assets.ts";
import { hostileRun } from "./run.ts";

const RUNS = 200;
const BATCH = 20;
/** A million at most, in `npm run hostile`; here as many as the suite can afford. */
const INSTRUCTIONS = 100_000;
/** Far above what was ever seen on a loaded machine (0.8 s): a guest that gets away takes minutes. */
const SLICE_BUDGET_MS = 10_000;

const seeds = Array.from({ length: RUNS / BATCH }, (_, i) => 1 + i * BATCH);

test.each(seeds)("hostile kernels, seeds from %i", { timeout: 300_000 }, (first) => {
  for (let seed = first; seed < first + BATCH; seed++) {
    let result: ReturnType<typeof hostileRun>;
    try {
      result = hostileRun(loadCpuModule(), seed, INSTRUCTIONS);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).stack}`);
    }
    expect(result.longestSliceMs, `seed ${seed}, ${result.name}`).toBeLessThan(SLICE_BUDGET_MS);
  }
});
