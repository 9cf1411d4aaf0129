// node test/oracle/attach.mjs KERNEL [--symbols FILE] [--break tc_init]... [--stops 4] [--smp 4] [--append "console=com -a"]: a kernel on QEMU's
// microvm from reset, driven by `clockpath attach` and, in a second run, by gdb: their backtraces are compared line by line.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-attach-"));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    symbols: { type: "string" },
    break: { type: "string", multiple: true, default: ["tc_init"] },
    stops: { type: "string", default: "4" },
    smp: { type: "string", default: "1" },
    append: { type: "string", default: "console=com -a" },
  },
});
const [kernel] = positionals;
const symbols = values.symbols ?? kernel;
const stops = Number(values.stops);

/** QEMU before the first instruction, with its stub on a Unix socket. */
async function qemu(name) {
  const socket = path.join(folder, name);
  const child = spawn(
    "qemu-system-x86_64",
    [
      ...[
        "-M",
        "microvm,x-option-roms=off,rtc=on,acpi=off,pic=off,accel=tcg",
        "-m",
        "256",
        "-smp",
        values.smp,
      ],
      ...["-nodefaults", "-no-user-config", "-display", "none", "-serial", "null", "-S"],
      ...["-chardev", `socket,path=${socket},server=on,wait=off,id=gdb`, "-gdb", "chardev:gdb"],
      ...["-kernel", kernel, "-append", values.append],
    ],
    { stdio: "ignore" },
  );
  while (!existsSync(socket) && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { socket, child };
}

/** A kernel that never comes to its last stop. */
const LONGEST_MS = 120_000;

/** What a command prints; QEMU ends with it. */
async function driven(name, command, args) {
  const { socket, child } = await qemu(name);
  const began = performance.now();
  const program = spawn(command, args(socket), {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: root,
    timeout: LONGEST_MS,
  });
  let text = "";
  for await (const data of program.stdout) text += data;
  child.kill();
  return { text, ms: performance.now() - began };
}

const frames = (text) => text.split("\n").filter((line) => /^#\d/.test(line));

const gdbScript = [
  ...[
    "set pagination off",
    "set confirm off",
    "set width 0",
    "set osabi none",
    "set architecture i386:x86-64",
  ],
  ...["set print entry-values no", "set filename-display absolute", `file ${symbols}`],
];
const ours = await driven("ours", process.execPath, (socket) => [
  ...["dist/clockpath.js", "attach", socket, "--symbols", symbols],
  ...values.break.flatMap((name) => ["--break", name]),
  ...["--stops", values.stops],
]);
const theirs = await driven("gdb", "gdb", (socket) => {
  const run = Array.from({ length: stops }, () => ["continue", "bt"]).flat();
  const commands = [
    ...gdbScript,
    `target remote ${socket}`,
    ...values.break.map((name) => `break ${name}`),
    ...run,
    "kill",
  ];
  return ["-nx", "-batch", ...commands.flatMap((command) => ["-ex", command])];
});
rmSync(folder, { recursive: true, force: true });

const [left, right] = [frames(ours.text), frames(theirs.text)];
const different = Array.from({ length: Math.max(left.length, right.length) }, (_, n) => n).filter(
  (n) => left[n] !== right[n],
);
for (const n of different) console.log(`clockpath ${left[n] ?? "-"}\ngdb       ${right[n] ?? "-"}`);
console.log(
  `${right.length} frames at ${right.filter((line) => line.startsWith("#0 ")).length} stops, ${different.length} differ; clockpath ${ours.ms.toFixed(0)} ms, gdb ${theirs.ms.toFixed(0)} ms`,
);
process.exitCode = different.length > 0 || right.length === 0 ? 1 : 0;
