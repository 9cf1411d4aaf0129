// The oracle from a terminal: records cases on the host's processor, writes the case file, or compares the core with the processor live.
// Usage: npm run oracle -- [--cases N] [--seed S] [--row TEXT]... [--file NAME]... [--write] [--show N]. Needs x86-64 Linux and a C compiler.
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { writeCases } from "./casefile.ts";
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
      file: { type: "string", multiple: true, default: [] },
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
    (row) =>
      (values.row.length === 0 || values.row.some((text) => row.key.includes(text))) &&
      (values.file.length === 0 || values.file.includes(row.file)),
  );
  const count = Number(values.cases);
  const seed = Number(values.seed);
  if (values.write && values.row.length > 0) {
    console.error("oracle: --write records all rows of a file: choose with --file, not with --row");
    return 1;
  }
  if (values.write) {
    const bytes = writeCases(rows, (row) => {
      const cases = casesOf(row, count, seed);
      return record(cases).map((outcome, i) => toLine(cases[i]!, outcome));
    });
    console.log(`${rows.length} rows, ${count} cases each, seed ${seed}: ${bytes} bytes`);
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
