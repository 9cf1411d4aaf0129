// A real FreeBSD kernel by its native entry, to mountroot>, with the clocks of clock-paths.md. Takes it from CLOCKPATH_FREEBSD_KERNEL.

import { describe, expect, test } from "vitest";
import { parseMachineSwitches } from "../../emulator/machine/board.ts";
import { bootUntil, unless } from "./real.ts";

const kernel = process.env.CLOCKPATH_FREEBSD_KERNEL;

function clocks(console: string): string[] {
  return [
    ...console.matchAll(/(Timecounter|Event timer) "(.*?)" (?:frequency (\d+) Hz )?quality (-?\d+)/g),
  ].map(([, kind, name, , quality]) => `${kind} ${name} ${quality}`);
}

describe.skipIf(!kernel)(`FreeBSD 12.1${unless(kernel, "CLOCKPATH_FREEBSD_KERNEL is not set")}`, () => {
  const boot = (options = {}) =>
    bootUntil({ kernel: kernel!, cmdline: "-v", ...options }, "mountroot> ", 200_000_000);

  test("without an MP table, as on QEMU's microvm,acpi=off: its timecounters and event timers", {
    timeout: 60_000,
  }, () => {
    const { console } = boot({ tscHz: 2_600_000_000, board: { mpTable: false } });
    expect(clocks(console)).toEqual([
      "Timecounter TSC-low 800",
      "Event timer RTC 0",
      "Timecounter i8254 0",
      "Event timer i8254 100",
    ]);
  });

  test("with an MP table the local APIC is an event timer too", { timeout: 60_000 }, () => {
    const { console } = boot();
    expect(clocks(console)).toEqual([
      "Event timer LAPIC 100",
      "Timecounter TSC 800",
      "Event timer RTC 0",
      "Timecounter i8254 0",
      "Event timer i8254 100",
    ]);
  });

  test("without an i8254, CPUID tells the frequency under VMware's signature", { timeout: 60_000 }, () => {
    const switches = "pit=off,cpuid-timing=on,hypervisor=VMwareVMware,tsc-khz=2500000";
    const { console } = boot(parseMachineSwitches(switches));
    expect(clocks(console)).toContain("Timecounter TSC-low 1000");
    expect(console).toContain('"TSC-low" frequency 1250000000 Hz');
    expect(console).not.toContain("Calibrating TSC clock");
  });

  test("the prompt takes input; loader variables arrive", { timeout: 60_000 }, () => {
    const freebsd = boot({ cmdline: 'kern.hz=250 vfs.root.mountfrom="ufs:/dev/nosuch"' });
    expect(freebsd.console).toContain("Timecounters tick every 4.000 msec");
    expect(freebsd.console).toContain("Trying to mount root from ufs:/dev/nosuch");
    expect(freebsd.type("?\r", "mountroot> ")).toContain("List of GEOM managed disk devices");
  });
});
