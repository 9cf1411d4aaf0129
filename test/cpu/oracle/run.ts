// The oracle from a terminal: records cases on the host's processor, writes the case file, or compares the core with the processor live.
// Usage: npm run oracle -- [--cases N] [--seed S] [--row TEXT]... [--write] [--show N]. Needs x86-64 Linux and a C compiler.
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { writeCaseFile } from "./casefile.ts";
import { Core } from "./core.ts";
import { casesOf, checkLive } from "./live.ts";
import { record, whyNoRecorder } from "./recorder.ts";
import { recordedRows } from "./rows.ts";
import { toLine } from "./state.ts";

function main(): number {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      row: { type: "string", multiple: true, default: [] },
      show: { type: "string", default: "2" },
      write: { type: "boolean", default: false },
    },
  });
  const reason = whyNoRecorder();
  if (reason) {
    console.error(`oracle: ${reason}`);
    return 1;
  }
  const rows = recordedRows().filter(
    (row) => values.row.length === 0 || values.row.some((text) => row.key.includes(text)),
  );
  const count = Number(values.cases);
  const seed = Number(values.seed);
  if (values.write && values.row.length > 0) {
    console.error("oracle: --write records all rows: leave --row out");
    return 1;
  }
  if (values.write) {
    const lines = rows.map((row): [string, string[]] => {
      const cases = casesOf(row, count, seed);
      return [row.key, record(cases).map((outcome, i) => toLine(cases[i]!, outcome))];
    });
    console.log(
      `${rows.length} rows, ${count} cases each, seed ${seed}: ${writeCaseFile(new Map(lines))} bytes`,
    );
    return 0;
  }
  const core = new Core(new WebAssembly.Module(readFileSync(path.resolve("dist/cpu.wasm"))));
  let wrongRows = 0;
  for (const row of rows) {
    const { wrong, reports } = checkLive(core, [row], count, seed, Number(values.show));
    if (wrong === 0) continue;
    wrongRows++;
    console.log(`${wrong} of ${count} differ: ${reports.join("\n")}\n`);
  }
  console.log(`${rows.length} rows, ${count} cases each, seed ${seed}: ${wrongRows} rows differ`);
  return wrongRows === 0 ? 0 : 1;
}

process.exitCode = main();
