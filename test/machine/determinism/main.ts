// `npm run determinism [-- --instructions N]`: the kernel of CLOCKPATH_NETBSD_KERNEL (else the bundled guest) twice, 1,000 million
// instructions, with a disk, its interrupts and console input at set instants: equal hashes at every million.

import { readFileSync } from "node:fs";
import { bundledGuestPath, loadCpuModule } from "../../../emulator/assets.ts";
import { type Input, runTwice } from "./twice.ts";

const STEP = 1_000_000;
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL ?? bundledGuestPath();
const at = process.argv.indexOf("--instructions");
const instructions = at < 0 ? 1_000_000_000 : Number(process.argv[at + 1]);

/** Answers to NetBSD's questions for its root, again and again: each round reads the disk, finds no file system and asks anew. */
const ANSWERS = ["ld0a\n", "none\n", "\n", "?\n"];
const inputs: Input[] = [];
for (let i = 0, when = 40_000_003; when < instructions; i++, when += 3_000_017) {
  inputs.push({ at: when, text: ANSWERS[i % ANSWERS.length]! });
}
/** A disk that a driver reads but no file system claims. */
const image = new Uint8Array(8 << 20).map((_, i) => (i * 2654435761) >>> 24);

const start = performance.now();
const result = runTwice(
  loadCpuModule(),
  { kernel: readFileSync(kernel), cmdline: "console=com -a", disks: [{ image }] },
  instructions,
  STEP,
  inputs,
);
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`${result.console.replaceAll("\r", "").split("\n").slice(-12).join("\n")}\n\n`);
process.stdout.write(
  `${kernel}: ${result.instructions / 1e6} M instructions twice, ${inputs.length} console inputs; ` +
    `${result.compared} hashes compared, ${result.distinct} different ones, all equal on both sides; last ${result.lastHash}; ${seconds.toFixed(1)} s\n`,
);
