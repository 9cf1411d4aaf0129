// The oracle from a terminal: records cases on the host's processor, writes the case files, or compares the core with the processor live.
// Usage: npm run oracle -- [--cases N] [--seed S] [--row TEXT]... [--file NAME]... [--write] [--show N] [--jobs N]. Needs x86-64 Linux and a C
// compiler. Comparisons are shared out to as many processes as there are processors.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeCases } from "./casefile.ts";
import { Core } from "./core.ts";
import { casesOf } from "./live.ts";
import { record, whyNoRecorder } from "./recorder.ts";
import { type Row, recordedRows, whyNotLive } from "./rows.ts";
import { toLine } from "./state.ts";
import { sweep } from "./sweep.ts";

function parse() {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      row: { type: "string", multiple: true, default: [] },
      file: { type: "string", multiple: true, default: [] },
      show: { type: "string", default: "2" },
      write: { type: "boolean", default: false },
      jobs: { type: "string", default: String(os.availableParallelism()) },
      /** Every JOBS-th row from this one on: what one of several processes does. */
      job: { type: "string" },
    },
  });
  return values;
}
type Options = ReturnType<typeof parse>;

function chosen({ row, file }: Options): Row[] {
  return recordedRows().filter(
    ({ key, file: of }) =>
      (row.length === 0 || row.some((text) => key.includes(text))) &&
      (file.length === 0 || file.includes(of)),
  );
}

function write(rows: readonly Row[], count: number, seed: number): number {
  const bytes = writeCases(rows, (row) => {
    const cases = casesOf(row, count, seed);
    return record(cases).map((outcome, i) => toLine(cases[i]!, outcome));
  });
  console.log(`${rows.length} rows, ${count} cases each, seed ${seed}: ${bytes} bytes`);
  return 0;
}

/** Compares every `jobs`-th row; 1 when any differs. */
function compare(rows: readonly Row[], { cases, seed, show, jobs, job }: Options): number {
  const core = new Core(new WebAssembly.Module(readFileSync(path.resolve("dist/cpu.wasm"))));
  let status = 0;
  rows.forEach((row, i) => {
    if (i % Number(jobs) !== Number(job)) return;
    const { wrong, reports } = sweep(core, row, Number(cases), Number(seed), Number(show));
    if (wrong === 0) return;
    status = 1;
    console.log(`${wrong} of ${cases} differ: ${reports.join("\n")}\n`);
  });
  return status;
}

/** This program once for each job. The sum of what they say is 0 when all rows agree. */
async function share(jobs: number): Promise<number> {
  const runs = Array.from({ length: jobs }, (_, job) => {
    const options = [...process.argv.slice(2), "--jobs", String(jobs), "--job", String(job)];
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...options], { stdio: "inherit" });
    return new Promise<number>((resolve) => {
      child.on("exit", (code) => resolve(code ?? 1));
    });
  });
  return Math.max(...(await Promise.all(runs)));
}

async function main(): Promise<number> {
  const options = parse();
  const reason = whyNoRecorder();
  if (reason) {
    console.error(`oracle: ${reason}`);
    return 1;
  }
  const rows = chosen(options);
  if (options.write && options.row.length > 0) {
    console.error("oracle: --write records all rows of a file: choose with --file, not with --row");
    return 1;
  }
  if (options.write) return write(rows, Number(options.cases), Number(options.seed));
  const model = os.cpus()[0]?.model ?? "";
  const live = rows.filter((row) => whyNotLive(row, model) === undefined);
  if (options.job !== undefined) return compare(live, options);
  const start = performance.now();
  const status = await share(Number(options.jobs));
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${live.length} rows, ${options.cases} cases each, seed ${options.seed}: ${status === 0 ? "no differences" : "they differ"}, ${seconds} s`,
  );
  return status;
}

process.exitCode = await main();
