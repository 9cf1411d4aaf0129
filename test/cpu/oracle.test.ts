// The core against a real processor: every row of the opcode table that user code can execute, with cases recorded on an x86-64 host
// (test/cpu/oracle/). `npm run oracle` compares live with the CPU at hand, and records anew.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCases } from "./oracle/casefile.ts";
import { report } from "./oracle/compare.ts";
import { Core } from "./oracle/core.ts";
import { hasMemoryForm } from "./oracle/generate.ts";
import { whyNoRecorder } from "./oracle/recorder.ts";
import { type Row, recordedRows } from "./oracle/rows.ts";
import { fromLine } from "./oracle/state.ts";

const wasm = path.resolve("dist/cpu.wasm");
const core = new Core(new WebAssembly.Module(readFileSync(wasm)));
const rows = recordedRows();
const cases = readCases();

test("every row that a host can execute has recorded cases, and no others", () => {
  expect([...cases.keys()].sort()).toEqual(rows.map((row) => row.key).sort());
  for (const [key, lines] of cases) expect(lines.length, key).toBeGreaterThanOrEqual(100);
});

/** LEA, and NOPs, access nothing; privilege and segments that are not there fault first. */
const NO_ACCESS =
  /^(lea|nop|prefetch|prefetchw|lmsw|lldt|ltr|lgdt|lidt|invlpg|invpcid|vm.*|ud1|ud0|invept|invvpid)$/;

test("rows with a memory operand have a page fault, and in 64-bit mode a fault at an address that is not canonical", () => {
  const faults = (row: Row, kind: RegExp) =>
    cases.get(row.key)!.some((line) => kind.test(line.split("|")[2]!));
  const accessing = rows.filter(
    (row) => hasMemoryForm(row) && row.file !== "segment" && !NO_ACCESS.test(row.mnemonic),
  );
  expect(accessing.filter((row) => !faults(row, /^!14:/)).map((row) => row.key)).toEqual([]);
  const wide = accessing.filter((row) => row.bits === 64);
  expect(wide.filter((row) => !faults(row, /^!1[23]:0:/)).map((row) => row.key)).toEqual([]);
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
const count = Number(process.env.CLOCKPATH_ORACLE_CASES ?? 100);
test.skipIf(reason !== undefined)(
  `${count} fresh cases a row on this machine's processor${reason ? ` (skipped: ${reason})` : ""}`,
  { timeout: 900_000 },
  async () => {
    const options = ["--cases", String(count), "--seed", "20261"];
    const run = spawn(process.execPath, [path.resolve("test/cpu/oracle/oracle.mjs"), ...options]);
    let said = "";
    for (const stream of [run.stdout, run.stderr]) stream.on("data", (text) => (said += text));
    await new Promise((resolve) => {
      run.on("close", resolve);
    });
    expect(said).toMatch(
      new RegExp(`^\\d+ rows, ${count} cases each, seed 20261: no differences, \\d+ s\n$`),
    );
  },
);
