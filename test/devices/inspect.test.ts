// What the views show: one line a kernel developer understands, and registers with decoded fields. Nothing changes by looking.

import { describe, expect, test } from "vitest";
import { I8254 } from "../../emulator/devices/i8254.ts";
import type { ClockDevice } from "../../emulator/devices/inspect.ts";
import { inspectI8254 } from "../../emulator/devices/inspect-i8254.ts";
import { inspectLapic } from "../../emulator/devices/inspect-lapic.ts";
import { inspectTsc } from "../../emulator/devices/inspect-tsc.ts";
import { Tsc } from "../../emulator/devices/tsc.ts";
import { lapicsOnBus } from "./lapics.ts";
import { VirtualTime } from "./virtual-time.ts";

/** "summary" and one line a register, fields behind it. */
function text(device: ClockDevice, only?: string[]): string {
  const lines = device.registers
    .filter((register) => !only || only.includes(register.id))
    .map((register) => {
      const fields = register.fields.map((f) => `${f.label} ${f.value}${f.meaning ? ` ${f.meaning}` : ""}`);
      return `${register.id} = ${register.value} ${register.meaning}${fields.length ? ` {${fields.join("; ")}}` : ""}`;
    });
  return [`${device.label}: ${device.summary}`, ...lines].join("\n");
}

function lapic() {
  const time = new VirtualTime();
  const device = lapicsOnBus(1, time.clock).lapics[0]!;
  return {
    time,
    device,
    show: (only?: string[]) => text(inspectLapic(device, time.clock.now(), true), only),
  };
}

describe("local APIC", () => {
  test("as NetBSD runs it: 100 Hz, periodic", () => {
    const { time, device, show } = lapic();
    device.write(0xf0, 0x1ff);
    device.write(0x3e0, 0xb);
    device.write(0x320, 0x200c0);
    device.write(0x380, 10_000_000);
    time.to(6_790_000);
    expect(
      show(["lvt_timer", "timer_initial_count", "timer_current_count", "timer_divide", "svr"]),
    ).toMatchInlineSnapshot(`
      "Local APIC: periodic, vector 0xc0, every 10.000 ms, next in 3.210 ms
      svr = 0x1ff enabled {EOI-Broadcast Suppression (12) 0x0 off; Focus Processor Checking (9) 0x0 enabled; APIC Software Enable (8) 0x1 enabled; Spurious Vector (7:0) 0xff}
      lvt_timer = 0x200c0 periodic, vector 0xc0, every 10.000 ms, next in 3.210 ms {Timer Mode (18:17) 0x1 periodic; Mask (16) 0x0 not masked; Delivery Status (12) 0x0 idle; Vector (7:0) 0xc0}
      timer_initial_count = 0x989680 10000000 ticks, 10.000 ms {Initial Count (31:0) 0x989680}
      timer_current_count = 0x30fb10 3210000 ticks, 3.210 ms left {Current Count (31:0) 0x30fb10}
      timer_divide = 0xb divide by 1: 1000.000 MHz {Divide Value (3:0) 0xb divide by 1}"
    `);
  });

  test("summaries of its states", () => {
    const { time, device, show } = lapic();
    const lines = [show([])];
    device.write(0xf0, 0x1ff);
    lines.push(show([]));
    device.write(0x3e0, 0xb);
    device.write(0x380, 0x80000000);
    lines.push(show([]));
    time.to(0x80000000 + 1);
    lines.push(show([]));
    device.write(0x320, 0x400e0);
    lines.push(show([]));
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "Local APIC: software disabled (SVR bit 8 is 0); timer one-shot, masked, stopped
      Local APIC: one-shot, masked, stopped
      Local APIC: one-shot, masked, 2.147 s, next in 2.147 s
      Local APIC: one-shot, masked, 2.147 s, expired
      Local APIC: TSC-deadline, vector 0xe0, not armed"
    `);
  });

  test("a request in IRR names its vector; looking changes nothing", () => {
    const { device, show } = lapic();
    device.write(0xf0, 0x1ff);
    device.accept({ vector: 0xc0, delivery: 0, level: false, destination: 0, logical: false });
    device.accept({ vector: 0xc9, delivery: 0, level: false, destination: 0, logical: false });
    const before = JSON.stringify(device.save());
    expect(show(["irr6"])).toContain("irr6 = 0x201 vectors 0xc0, 0xc9");
    expect(JSON.stringify(device.save())).toBe(before);
  });
});

test("i8254: as NetBSD programs it, and absent", () => {
  const time = new VirtualTime();
  const pit = new I8254(time.clock, () => {});
  pit.portWrite(0x43, 0x34);
  pit.portWrite(0x40, 0x9c);
  pit.portWrite(0x40, 0x2e);
  time.to(4_000_000);
  expect(text(inspectI8254(pit), ["counter0", "status0", "counter2"])).toMatchInlineSnapshot(`
    "i8254: counter 0 rate generator, 11932 clocks = 10.000 ms (100 Hz), 6.002 ms left
    counter0 = 0x1bf9 rate generator, 11932 clocks = 10.000 ms (100 Hz), 6.002 ms left {Initial count 0x2e9c 11932 clocks; Gate 1 counting enabled}
    status0 = 0xb4 rate generator {OUT (7) 0x1 high; Null Count (6) 0x0 count loaded; RW (5:4) 0x3 least, then most significant byte; Mode (3:1) 0x2 2: rate generator; BCD (0) 0x0 binary}
    counter2 = 0x0 not programmed {Initial count 0x0 65536 clocks; Gate 0 low}"
  `);
  expect(inspectI8254(undefined).summary).toBe("absent (pit=off)");
});

test("TSC", () => {
  const time = new VirtualTime();
  time.to(1_500_000_000);
  const tsc = new Tsc(time.clock, 2_500_000_000);
  expect(
    text(inspectTsc(tsc, { invariant: false, deadline: undefined, now: 1_500_000_000 })),
  ).toMatchInlineSnapshot(`
    "TSC: 2500.000 MHz, 3750000000 ticks, invariance not promised by CPUID
    tsc = 0xdf847580 3750000000 ticks; 1.500 s since reset
    tsc_adjust = 0x0 the counter was never written
    invariant = 0x0 not promised"
  `);
});
