// Measures the main job side by side: from process start to the fourth tc_init stop with four backtraces, `clockpath boot`
// against QEMU TCG driven by a gdb batch session, in one run, alternating, medians. Needs qemu-system-x86_64 and gdb.
//
//   CLOCKPATH_NETBSD_KERNEL=/path/to/netbsd.gdb npm run bench:boot [-- RUNS]
//
// Without that variable the bundled guest is booted: quick, but says little about real kernels.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL ?? path.join(root, "emulator/guest/guest.elf");
const runs = Number(process.argv[2] ?? 7);
const cmdline = process.env.CLOCKPATH_NETBSD_KERNEL ? "console=com -a" : "";

function timed(command, args) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 120_000 });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw new Error(`${command}: ${error.message}`);
  return { ms, status, stdout, stderr };
}

/** gdb starts QEMU itself and talks to it over a pipe: no port to wait for, and both ends are inside the measured time. */
function gdbScript() {
  const machine = "microvm,x-option-roms=off,rtc=on,acpi=off,pic=off";
  const qemu = `qemu-system-x86_64 -M ${machine} -m 256 -smp 1 -nodefaults -display none -serial null -kernel ${kernel} -append "${cmdline}" -S -gdb stdio`;
  const stops = Array.from({ length: 4 }, () => "continue\nbt").join("\n");
  return `set pagination off\nset confirm off\nset debuginfod enabled off\nset osabi none\nset architecture i386:x86-64\nfile ${kernel}\ntarget remote | exec ${qemu}\nbreak tc_init\n${stops}\nkill\n`;
}

/** The functions of each backtrace, to be sure that both sides did the same work. */
function backtraces(text) {
  return [...text.matchAll(/^\s*#(\d+)\s+(?:0x[0-9a-f]+ in )?(\w+) \(/gm)]
    .map((m) => `#${m[1]} ${m[2]}`)
    .join(" ");
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

if (!existsSync(path.join(root, "dist/clockpath.js")))
  throw new Error("dist/clockpath.js is missing: npm run build");
const scratch = mkdtempSync(path.join(tmpdir(), "clockpath-bench-"));
try {
  const script = path.join(scratch, "session.gdb");
  writeFileSync(script, gdbScript());
  const ours = () =>
    timed(process.execPath, [
      ...[path.join(root, "dist/clockpath.js"), "boot", kernel, "--cmdline", cmdline],
      ...["--break", "tc_init", "--stops", "4"],
    ]);
  const theirs = () => timed("gdb", ["-nx", "-batch", "-x", script]);
  const sides = { clockpath: { run: ours, ms: [] }, "qemu+gdb": { run: theirs, ms: [] } };
  const seen = {};
  for (let i = 0; i <= runs; i++) {
    for (const [name, side] of Object.entries(sides)) {
      const result = side.run();
      seen[name] = backtraces(result.stdout);
      if (!/#\d+ main/.test(seen[name]))
        throw new Error(`${name} reached no stop:\n${result.stdout}\n${result.stderr}`);
      if (i > 0) side.ms.push(result.ms); // the first of each warms the file cache
    }
  }
  if (seen.clockpath !== seen["qemu+gdb"]) {
    throw new Error(`the backtraces differ:\n  clockpath ${seen.clockpath}\n  qemu+gdb  ${seen["qemu+gdb"]}`);
  }
  console.log(`kernel ${kernel}, ${runs} runs each, four stops, the same backtraces on both sides`);
  for (const [name, { ms }] of Object.entries(sides)) {
    const spread = `${Math.min(...ms).toFixed(0)} to ${Math.max(...ms).toFixed(0)}`;
    console.log(`${name.padEnd(10)} ${median(ms).toFixed(0).padStart(6)} ms median (${spread})`);
  }
  console.log(`ratio      ${(median(sides.clockpath.ms) / median(sides["qemu+gdb"].ms)).toFixed(2)}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
