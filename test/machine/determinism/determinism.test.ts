// Equal inputs, equal hashes, however a run is sliced and whether it was saved and loaded on the way. `npm run determinism` does the same
// with a real kernel over 1,000 million instructions.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundledGuestPath, loadCpuModule } from "../../../emulator/assets.ts";
import { runTwice } from "./twice.ts";

test("the bundled guest twice, 20 million instructions", { timeout: 120_000 }, () => {
  const options = { kernel: readFileSync(bundledGuestPath()), memory: 64 << 20 };
  const result = runTwice(loadCpuModule(), options, 20_000_000, 500_000, [
    { at: 1_000_003, text: "x" },
    { at: 7_654_321, text: "hello\n" },
  ]);
  expect(result.compared).toBe(40);
  expect(result.distinct).toBe(40);
});
