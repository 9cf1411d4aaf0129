// npm run fuzz -- [--cases N] [--seed S] [--part TEXT] [--first INDEX]: damaged ELF files, DWARF sections, remote packets and
// debug-adapter requests. Each ends in an answer or a clear error, within time and memory; a failure names its seed and case.

import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { allParts } from "./all.ts";
import { outcomeLine, runPart } from "./part.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    part: { type: "string", default: "" },
    first: { type: "string", default: "0" },
  },
});

/** A case that hangs holds this thread: another one says which, and ends the process. */
function watchdog(): (part: number, index: number) => void {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const code = `
    const { workerData } = require("node:worker_threads");
    let last = "";
    setInterval(() => {
      const now = workerData.join(" case ");
      if (now === last) { require("node:fs").writeSync(2, "hangs: part " + now + "\\n"); process.kill(process.pid, "SIGKILL"); }
      last = now;
    }, 30000).unref();`;
  new Worker(code, { eval: true, workerData: shared }).unref();
  return (part, index) => {
    shared[0] = part;
    shared[1] = index;
  };
}

async function main(): Promise<void> {
  const beat = watchdog();
  const parts = allParts().filter(({ name }) => name.includes(values.part));
  const options = { cases: Number(values.cases), seed: Number(values.seed), first: Number(values.first) };
  console.log(`fuzz: ${options.cases} cases each of ${parts.length} parts, seed ${options.seed}`);
  for (const [index, part] of parts.entries()) {
    try {
      console.log(outcomeLine(await runPart(part, options, (each) => beat(index, each))));
    } catch (error) {
      console.log(`FAILED ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
}

void main().then(() => process.exit());
