// A real kernel: NetBSD's MICROVM configuration boots to its root prompt. Takes it from CLOCKPATH_NETBSD_KERNEL.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadCpuModule } from "../../emulator/assets.ts";
import type { Machine, MachineOptions } from "../../emulator/machine/api.ts";
import { createMachine } from "../../emulator/machine/machine.ts";

const kernelPath = process.env.CLOCKPATH_NETBSD_KERNEL;
const LIMIT = 80_000_000;

/** Boots until `text` is on the console, or the limit. */
function boot(
  cmdline: string,
  text: string,
  options: Partial<MachineOptions> = {},
): { machine: Machine; console: string } {
  const machine = createMachine(loadCpuModule(), { kernel: readFileSync(kernelPath!), cmdline, ...options });
  const decoder = new TextDecoder("latin1");
  let console = "";
  while (!console.includes(text) && machine.instructions < LIMIT) {
    const stop = machine.run(100_000);
    console += decoder.decode(machine.takeConsoleOutput());
    expect(stop).toEqual({ kind: "limit" });
  }
  return { machine, console };
}

describe.skipIf(!kernelPath)(
  `NetBSD MICROVM${kernelPath ? "" : " (skipped: CLOCKPATH_NETBSD_KERNEL is not set)"}`,
  () => {
    test("-a reaches the root prompt; the timecounters are those of clock-paths.md", () => {
      const { machine, console } = boot("console=com -v -a", "root device:");
      // Both run at 1000 MHz; the kernel's own measure is 1 to 2 % high, on QEMU too.
      const calibrated = expect.stringMatching(/^10[012]\d{7}$/);
      expect(
        [...console.matchAll(/Timecounter "(.*)" frequency (\d+) Hz quality (-?\d+)/g)].map((m) =>
          m.slice(1),
        ),
      ).toEqual([
        ["i8254", "1193182", "100"],
        ["lapic", calibrated, "-100"],
        ["clockinterrupt", "100", "0"],
        ["TSC", calibrated, "-100"],
      ]);
      expect(console).toContain("ioapic0 at mainbus0 apid 2: pa 0xfec00000, version 0x20, 24 pins");
      expect(console).toContain("ns16550a, 16-byte FIFO");
      expect(machine.clockDevices()[1]?.summary).toMatch(
        /^periodic, vector 0xc0, every \d+\.\d+ ms, next in /,
      );
    });

    test("what nothing answers is what is absent: the i8259", () => {
      const { machine } = boot("console=com -a", "root device:");
      expect(machine.takeNotices().map((notice) => notice.replace(/ \(first at.*/, ""))).toEqual(
        expect.arrayContaining([
          "write to port 0x21, where no device is: ignored",
          "write to port 0xa1, where no device is: ignored",
        ]),
      );
    });

    test("twice the same", () => {
      const [a, b] = [boot("console=com -a", "root device:"), boot("console=com -a", "root device:")];
      expect([b.machine.instructions, b.machine.stateHash(), b.console]).toEqual([
        a.machine.instructions,
        a.machine.stateHash(),
        a.console,
      ]);
    });
  },
);
