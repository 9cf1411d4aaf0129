// QEMU's monitor texts as registers: recorded from qemu-system-x86_64 7.2, `info lapic` and `info pic` at tsc_tc_init.

import { expect, test } from "vitest";
import { ioApicOf, lapicOf } from "../../emulator/gdb/client/qemu-clocks.ts";

const LAPIC = `dumping local APIC state for CPU 0

LVT0	 0x00000000 active-hi edge                              Fixed  (vec 0)
LVT1	 0x00000400 active-hi edge                              NMI
LVTERR	 0x00010000 active-hi edge  masked                      Fixed  (vec 0)
LVTT	 0x000200c0 active-hi edge                 periodic     Fixed  (vec 192)
Timer	 DCR=0xb (divide by 1) initial_count = 6139265 current_count = 4726271
SPIV	 0x000001ef APIC enabled, focus=off, spurious vec 239
ICR	 0x00000000 physical edge de-assert no-shorthand
ESR	 0x00000000
`;

test("info lapic", () => {
  const lapic = lapicOf(LAPIC)!;
  expect(lapic.summary).toBe("periodic, vector 0xc0, 4726271 of 6139265 left");
  const values = Object.fromEntries(lapic.registers.map(({ id, value }) => [id, value]));
  expect(values).toMatchObject({
    lvt_timer: "0x200c0",
    timer_initial_count: "0x5dad81",
    timer_current_count: "0x481dff",
    timer_divide: "0xb",
  });
  const timer = lapic.registers.find(({ id }) => id === "lvt_timer")!;
  expect(timer.fields.find(({ label }) => label.startsWith("Vector"))).toMatchObject({ value: "0xc0" });
});

test("info pic", () => {
  const text =
    "ioapic0: ver=0x20 id=0x02 sel=0x18 (redir[4])\n  pin 3  0x0000000000010000 dest=0 vec=0   active-hi edge  masked fixed  physical\n  pin 4  0x0000000000000081 dest=0 vec=129 active-hi edge         fixed  physical\n";
  expect(ioApicOf(text)!.summary).toBe("pin4 vector 0x81, edge, to APIC 0");
  expect(ioApicOf("no pic here")).toBeUndefined();
  expect(lapicOf("There is no monitor.")).toBeUndefined();
});
