// `npm run determinism [-- --instructions N --cpus N]`: the kernel of CLOCKPATH_NETBSD_KERNEL (else the bundled guest) twice, 1,000 million
// instructions, with a disk, its interrupts and console input at set instants: equal hashes at every million.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundledGuestPath, loadCpuModule } from "../../../emulator/assets.ts";
import { type Input, runTwice } from "./twice.ts";

const STEP = 1_000_000;
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL ?? bundledGuestPath();
const { values } = parseArgs({
  options: {
    instructions: { type: "string", default: "1000000000" },
    cpus: { type: "string", default: "1" },
  },
});
const instructions = Number(values.instructions);
const cpus = Number(values.cpus);

/** Answers to NetBSD's questions for its root, again and again: each round reads the disk, finds no file system and asks anew. */
const ANSWERS = ["ld0a\n", "none\n", "\n", "?\n"];
const inputs: Input[] = [];
for (let i = 0, when = 60_000_003; when < instructions; i++, when += 3_000_017) {
  inputs.push({ at: when, text: ANSWERS[i % ANSWERS.length]! });
}
/** A disk that a driver reads but no file system claims. */
const image = new Uint8Array(8 << 20).map((_, i) => (i * 2654435761) >>> 24);

const start = performance.now();
const result = runTwice(
  loadCpuModule(),
  { kernel: readFileSync(kernel), cmdline: "console=com -a", disks: [{ image }], board: { cpus } },
  instructions,
  STEP,
  inputs,
);
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`${result.console.replaceAll("\r", "").split("\n").slice(-12).join("\n")}\n\n`);
process.stdout.write(
  `${kernel}: ${result.instructions / 1e6} M instructions of ${cpus} processors twice, ${inputs.length} console inputs; ` +
    `${result.compared} hashes compared, ${result.distinct} different ones, all equal on both sides; last ${result.lastHash}; ${seconds.toFixed(1)} s\n`,
);
