// The core against a real processor: every row of the opcode table that user code can execute, with cases recorded on an x86-64 host
// (test/cpu/oracle/). `npm run oracle` compares live with the CPU at hand, and records anew.
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCases } from "./oracle/casefile.ts";
import { report } from "./oracle/compare.ts";
import { Core } from "./oracle/core.ts";
import { checkLive } from "./oracle/live.ts";
import { whyNoRecorder } from "./oracle/recorder.ts";
import { recordedRows, whyNotLive } from "./oracle/rows.ts";
import { fromLine } from "./oracle/state.ts";

const wasm = path.resolve("dist/cpu.wasm");
const core = new Core(new WebAssembly.Module(readFileSync(wasm)));
const rows = recordedRows();
const cases = readCases();

test("every row that a host can execute has recorded cases, and no others", () => {
  expect([...cases.keys()].sort()).toEqual(rows.map((row) => row.key).sort());
  for (const [key, lines] of cases) expect(lines.length, key).toBeGreaterThanOrEqual(100);
});

const files = [...new Set(rows.map((row) => row.file))];
describe.each(files)("%s: what the core does is what the processor did", (file) => {
  test.each(rows.filter((row) => row.file === file))("$key", (row) => {
    const wrong: string[] = [];
    for (const line of cases.get(row.key) ?? []) {
      const { test: input, outcome } = fromLine(line);
      const found = core.check(row, input, outcome);
      if (found.length > 0) wrong.push(report(row, line, found));
    }
    expect(wrong.slice(0, 3).join("\n\n")).toBe("");
  });
});

const reason = whyNoRecorder();
test.skipIf(reason !== undefined)(
  `fresh cases on this machine's processor${reason ? ` (skipped: ${reason})` : ""}`,
  { timeout: 120_000 },
  () => {
    const seed = 20_261;
    const model = os.cpus()[0]?.model ?? "";
    const live = rows.filter((row) => whyNotLive(row, model) === undefined);
    const { compared, reports } = checkLive(core, live, 8, seed, 3);
    expect(reports.join("\n\n"), `seed ${seed}`).toBe("");
    expect(compared).toBe(8 * live.length);
  },
);
