// Rebuilds the bundled guest: node emulator/guest/build.mjs [CC]. Needs a gcc for x86-64 ELF (gcc 12 made the committed one).
// Paths in the debug info are mapped to /clockpath/guest, so that the result does not depend on where it is built.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const guest = path.dirname(fileURLToPath(import.meta.url));
const cc = process.argv[2] ?? process.env.CC ?? "gcc";

const sources = [
  "arch/x86/locore.S",
  "arch/x86/vector.S",
  "arch/x86/machdep.c",
  "arch/x86/autoconf.c",
  "arch/x86/clock.c",
  "arch/x86/consinit.c",
  "arch/x86/cpu.c",
  "arch/x86/lapic.c",
  "arch/x86/tsc.c",
  "kern/init_main.c",
  "kern/kern_clock.c",
  "kern/kern_tc.c",
  "kern/subr_prf.c",
];

const common = [
  "-m64",
  "-g",
  "-gdwarf-5",
  `-ffile-prefix-map=${guest}=/clockpath/guest`,
  "-Isys",
  "-nostdinc",
];
const cflags = [
  ...[
    "-std=gnu11",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-ffreestanding",
    "-fno-pic",
    "-fno-pie",
    "-mcmodel=kernel",
  ],
  ...[
    "-mno-red-zone",
    "-mgeneral-regs-only",
    "-fno-omit-frame-pointer",
    "-fno-stack-protector",
    "-fcf-protection=none",
  ],
  ...["-fasynchronous-unwind-tables", "-fno-builtin", "-fno-optimize-sibling-calls"],
];

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: guest, stdio: "inherit" });
  if (error)
    throw new Error(`${command}: ${error.message}; name a compiler: node emulator/guest/build.mjs CC`);
  if (status !== 0) process.exit(1);
}

const objects = mkdtempSync(path.join(tmpdir(), "clockpath-guest-"));
try {
  const include = spawnSync(cc, ["-print-file-name=include"], { encoding: "utf8" }).stdout?.trim() ?? "";
  const built = sources.map((source) => {
    const object = path.join(objects, `${source.replaceAll("/", "_")}.o`);
    // One comp_dir for all: compile from the guest's folder with relative names.
    run(cc, [
      ...common,
      "-isystem",
      include,
      ...(source.endsWith(".c") ? cflags : []),
      "-c",
      `sys/${source}`,
      "-o",
      object,
    ]);
    return object;
  });
  run(cc, [
    ...[
      "-m64",
      "-nostdlib",
      "-static",
      "-no-pie",
      "-Wl,--build-id=none",
      "-Wl,-z,max-page-size=4096",
      "-Wl,-z,noexecstack",
    ],
    ...["-Wl,--no-warn-rwx-segments", "-T", "sys/arch/x86/kernel.ldscript", "-o", "guest.elf", ...built],
  ]);
  chmodSync(path.join(guest, "guest.elf"), 0o644);
  // What a kernel's module looks like to a debugger: not linked, and in memory all the same.
  const module = path.join(guest, "../../test/debugger/fixtures/kern_tc.o");
  copyFileSync(built[sources.indexOf("kern/kern_tc.c")], module);
  chmodSync(module, 0o644);
} finally {
  rmSync(objects, { recursive: true, force: true });
}
