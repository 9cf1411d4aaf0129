// The working day that Clockpath is made for, with stock gdb against our machine: a gdb Python script that asks whether the LAPIC
// timer was calibrated, the stops at tc_init, a watchpoint, stepi, finish, Ctrl-C. On the bundled guest, and on the real kernel
// where CLOCKPATH_NETBSD_KERNEL names one (no golden file there: gdb prints lines of its sources).

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { dialogue, gdbVersion, root, serve } from "./run.ts";

const guest = path.join(root, "emulator/guest/guest.elf");
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
const cmdline = ["--cmdline", "console=com -a"];

const script = (file: string, port: number): string => `import gdb

gdb.execute("set osabi none")
gdb.execute("set architecture i386:x86-64")
gdb.execute("file ${file.replaceAll("\\", "/")}")
gdb.execute("target remote localhost:${port}")

gdb.execute("break lapic_initclock")
gdb.execute("continue")
# Later kernels have lapic_from_cpuid; that the frequency is known by now tells the same.
if bool(gdb.parse_and_eval("lapic_per_second")):
    print("LAPIC timer calibrated")
else:
    print("LAPIC timer not calibrated")
gdb.execute("kill")
`;

/** What gdb prints for a script over a machine that boots the kernel. */
async function scripted(file: string, ...args: string[]): Promise<string> {
  const served = await serve(...args);
  const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-gdb-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = path.join(folder, "calibrated.py");
  writeFileSync(program, script(file, served.port));
  const text = await new Promise<string>((resolve) => {
    const child = spawn("gdb", ["-nx", "-batch", "-x", program], { timeout: 60_000 });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => {
        said += data;
      });
    child.on("close", () => resolve(said));
  });
  await served.ended;
  return text;
}

describe.skipIf(!gdbVersion)("a script asks whether the LAPIC timer was calibrated", () => {
  test("the bundled guest", async () => {
    expect(await scripted(guest)).toMatch(/Breakpoint 1, lapic_initclock[\s\S]*LAPIC timer calibrated/);
  });

  test.skipIf(!kernel)("a real kernel (skipped without CLOCKPATH_NETBSD_KERNEL)", async () => {
    expect(await scripted(kernel!, kernel!, ...cmdline)).toContain("\nLAPIC timer calibrated\n");
  });
});

const INTERRUPT =
  "python import threading, os, signal; threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()";

test.skipIf(!gdbVersion || !kernel)(
  "a real kernel: tc_init, bt 10, watch x2apic_mode, lapic_per_second, stepi, finish, Ctrl-C (skipped without gdb or CLOCKPATH_NETBSD_KERNEL)",
  { timeout: 60_000 },
  async () => {
    const commands = [
      "hbreak main",
      "c",
      "delete",
      "watch x2apic_mode",
      "b tc_init",
      "c",
      "bt 10",
      "p lapic_per_second",
      "stepi",
      "info symbol $rip",
      "finish",
      "c",
      "bt 10",
      "c",
      "c",
      "bt 10",
      "delete",
      INTERRUPT,
      "c",
      "p timecounter->tc_name",
      "kill",
    ];
    const { text, served } = await dialogue(kernel!, commands, kernel!, ...cmdline);
    await served.ended;
    const stops = [...text.matchAll(/^Breakpoint \d+, tc_init \(tc=(?:tc@entry=)?0x… <(\w+)>/gm)].map(
      ([, tc]) => tc,
    );
    expect(stops).toEqual(["i8254_timecounter", "lapic_timecounter", "intr_timecounter", "tsc_timecounter"]);
    expect(text).toMatch(/#1 {2}0x… in lapic_initclock \(\) at .*lapic\.c:617\n#2 {2}0x… in initclocks/);
    expect(text).toMatch(
      /#1 {2}0x… in tsc_tc_init \(\) at .*tsc\.c:245\n#2 {2}0x… in cpu_boot_secondary_processors/,
    );
    expect(text).toMatch(/\(gdb\) p lapic_per_second\n\$\d+ = \d+/);
    expect(text).toContain("tc_init + 1 in section .text");
    expect(text).toMatch(/\(gdb\) finish\n[\s\S]{0,400}startrtclock \(\)/);
    expect(text).toContain("Program received signal SIGINT, Interrupt.");
    expect(text).toMatch(/\(gdb\) p timecounter->tc_name\n\$\d+ = 0x… "(?:TSC|lapic|i8254)"/);
  },
);

test.skipIf(!gdbVersion || !kernel)(
  "a real kernel with x2APIC: the watchpoint on x2apic_mode says who sets it (skipped without gdb or CLOCKPATH_NETBSD_KERNEL)",
  { timeout: 60_000 },
  async () => {
    const commands = ["hbreak lapic_boot_init", "c", "watch x2apic_mode", "c", "bt 3", "kill"];
    const { text, served } = await dialogue(kernel!, commands, kernel!, ...cmdline, "--machine", "x2apic=on");
    await served.ended;
    expect(text).toMatch(/Hardware watchpoint \d+: x2apic_mode\n\nOld value = false\nNew value = true/);
  },
);
