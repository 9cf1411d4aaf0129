// Debian's own kernel (bzImage, 64-bit boot protocol) with an initial RAM disk of Debian's busybox, to a shell prompt.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseMachineSwitches } from "../../emulator/machine/board.ts";
import { cpio } from "./cpio.ts";
import { bootUntil, debianFile, NOT_INSTALLED, unless } from "./real.ts";

const kernel = debianFile("vmlinuz");
const busybox = debianFile("busybox");

const INIT = `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
exec sh
`;

function initrd(): Uint8Array {
  const applets = ["sh", "mount", "cat", "echo", "nproc", "uname"];
  return cpio([
    ...["bin", "dev", "proc", "sys"].map((path) => ({ path, kind: "folder" as const })),
    { path: "dev/console", kind: "character device", major: 5, minor: 1 },
    { path: "bin/busybox", kind: "file", bytes: readFileSync(busybox!) },
    ...applets.map((name) => ({ path: `bin/${name}`, kind: "link" as const, target: "busybox" })),
    { path: "init", kind: "file", bytes: new TextEncoder().encode(INIT) },
  ]);
}

describe.skipIf(!kernel || !busybox)(
  `Debian's linux-image-cloud-amd64${unless(kernel && busybox, NOT_INSTALLED)}`,
  () => {
    test("boots to a shell prompt, and the shell answers", { timeout: 180_000 }, () => {
      // Without ACPI this kernel knows no I/O APIC (it has no MP table parser): interrupts come through the i8259.
      const linux = bootUntil(
        { kernel: kernel!, initrd: initrd(), cmdline: "console=ttyS0 nokaslr", board: { pic: true } },
        "/ # ",
        3_000_000_000,
      );
      expect(linux.console).toContain("Run /init as init process");
      expect(linux.type("echo $((6 * 7))\n", "/ # ")).toContain("\n42\r\n");
      expect(linux.type("uname -sm\n", "/ # ")).toContain("Linux x86_64");
      const clocks = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
      expect(linux.type(`cat ${clocks}\n`, "/ # ")).toContain("\ntsc\r\n");
      expect(linux.type("cat /proc/cpuinfo\n", "/ # ")).toMatch(/model name\s*: Clockpath virtual CPU/);
    });

    test("brings four processors up that it finds in the ACPI tables, and takes their counters for one clock", {
      timeout: 180_000,
    }, () => {
      const { board } = parseMachineSwitches("cpus=4,acpi=on,invtsc=on");
      const linux = bootUntil(
        { kernel: kernel!, initrd: initrd(), cmdline: "console=ttyS0 nokaslr", board },
        "/ # ",
        3_000_000_000,
      );
      expect(linux.console).toContain("ACPI: Using ACPI (MADT) for SMP configuration information");
      expect(linux.console).toContain("smp: Brought up 1 node, 4 CPUs");
      expect(linux.type("nproc\n", "/ # ")).toContain("\n4\r\n");
      const clocks = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
      expect(linux.type(`cat ${clocks}\n`, "/ # ")).toContain("\ntsc\r\n");
    });

    test("finds a counter that is off by 5 ms, and does without the TSC", { timeout: 180_000 }, () => {
      const { board } = parseMachineSwitches("cpus=2,acpi=on,invtsc=on,tsc-offset=1:-5000000");
      const options = { kernel: kernel!, initrd: initrd(), cmdline: "console=ttyS0 nokaslr", board };
      const linux = bootUntil(options, "smp: Brought up 1 node, 2 CPUs", 1_000_000_000);
      expect(linux.console).toMatch(/Measured 499\d{4} cycles TSC warp between CPUs, turning off TSC clock/);
    });

    test("takes KVM's clock on Firecracker's board, with x2APIC", { timeout: 180_000 }, () => {
      const { board } = parseMachineSwitches("preset=firecracker");
      const linux = bootUntil(
        { kernel: kernel!, initrd: initrd(), cmdline: "console=ttyS0 nokaslr", tscHz: 2_500_000_000, board },
        "/ # ",
        3_000_000_000,
      );
      expect(linux.console).toMatch(/tsc: Detected 2500\.\d+ MHz processor/);
      const clocks = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
      expect(linux.type(`cat ${clocks}\n`, "/ # ")).toContain("\nkvm-clock\r\n");
      expect(linux.type("cat /proc/cpuinfo\n", "/ # ")).toMatch(/flags.* x2apic/);
    });
  },
);
