// QEMU's monitor texts as registers: recorded from qemu-system-x86_64 7.2, `info lapic` and `info pic` at tsc_tc_init.

import { expect, test } from "vitest";
import { ioApicOf, lapicOf } from "../../emulator/qemu/monitor-texts.ts";

const LAPIC = `dumping local APIC state for CPU 0

LVT0\t 0x00000000 active-hi edge                              Fixed  (vec 0)
LVT1\t 0x00000400 active-hi edge                              NMI
LVTPC\t 0x00010000 active-hi edge  masked                      Fixed  (vec 0)
LVTERR\t 0x00010000 active-hi edge  masked                      Fixed  (vec 0)
LVTTHMR\t 0x00010000 active-hi edge  masked                      Fixed  (vec 0)
LVTT\t 0x000200c0 active-hi edge                 periodic     Fixed  (vec 192)
Timer\t DCR=0x1 (divide by 4) initial_count = 6139265 current_count = 4726271
SPIV\t 0x000001ef APIC enabled, focus=off, spurious vec 239
ICR\t 0x00004602 physical edge assert no-shorthand
ICR2\t 0x01000000 cpu 1 (APIC ID)
ESR\t 0x00000000
ISR\t 192
IRR\t 33 240

APR 0x00 TPR 0x20 DFR 0x0f LDR 0x02 PPR 0x20
`;

test("info lapic", () => {
  const lapic = lapicOf(LAPIC)!;
  // The timer counts QEMU's nanoseconds: 6,139,265 of them, divided by 4.
  expect(lapic.summary).toBe("periodic, vector 0xc0, every 24.557 ms, next in 18.905 ms");
  const values = Object.fromEntries(lapic.registers.map(({ id, value }) => [id, value]));
  expect(values).toMatchObject({
    lvt_timer: "0x200c0",
    timer_initial_count: "0x5dad81",
    timer_current_count: "0x481dff",
    timer_divide: "0x1",
    icr_low: "0x4602",
    icr_high: "0x1000000",
    tpr: "0x20",
    ldr: "0x2000000",
    dfr: "0xffffffff",
    isr6: "0x1",
    irr1: "0x2",
    irr7: "0x10000",
  });
  const timer = lapic.registers.find(({ id }) => id === "lvt_timer")!;
  expect(timer.fields.find(({ label }) => label.startsWith("Vector"))).toMatchObject({ value: "0xc0" });
  const stopped = lapicOf(LAPIC.replace("6139265", "0").replace("0x000001ef", "0x000000ff"))!;
  expect(stopped.summary).toBe("software disabled (SVR bit 8 is 0); timer periodic, vector 0xc0, stopped");
});

test("info pic", () => {
  const text =
    "ioapic0: ver=0x20 id=0x02 sel=0x18 (redir[4])\n  pin 3  0x0000000000010000 dest=0 vec=0   active-hi edge  masked fixed  physical\n  pin 4  0x0000000000000081 dest=0 vec=129 active-hi edge         fixed  physical\n";
  expect(ioApicOf(text)!.summary).toBe("pin4 vector 0x81, edge, to APIC 0");
  expect(
    ioApicOf(text)!
      .registers.slice(0, 2)
      .map(({ value }) => value),
  ).toEqual(["0x2000000", "0x10020"]);
  // Whatever a text says, a register has 32 bits.
  const odd = ioApicOf(text.replace("ver=0x20", "ver=0xfffffffff"))!;
  expect(odd.registers[1]!.value).toBe("0xffffffff");
  expect(ioApicOf("no pic here")).toBeUndefined();
  expect(lapicOf("There is no monitor.")).toBeUndefined();
});
