// The time-stamp counter: SDM volume 3, "Time-Stamp Counter" and "IA32_TSC_ADJUST MSR".

import { expect, test } from "vitest";
import { Port61 } from "../../emulator/devices/port61.ts";
import { Tsc } from "../../emulator/devices/tsc.ts";
import { VirtualClock } from "../../emulator/machine/clock.ts";
import { EventQueue } from "../../emulator/machine/events.ts";
import { VirtualTime } from "./virtual-time.ts";

test.each([
  [1_000_000_000, 123_456_789, 123_456_789n],
  [2_500_000_000, 3, 7n],
  [3_000_000_000, 1_000_000_000_000_000, 3_000_000_000_000_000n],
  [1_193_182, 1_000_000_000, 1_193_182n],
])("%i Hz after %i ns", (hz, ns, ticks) => {
  const time = new VirtualTime();
  time.to(ns);
  expect(new Tsc(time.clock, hz).read()).toBe(ticks);
});

test("parts of a ns count: 333 ps an instruction, 3 GHz", () => {
  let retired = 0;
  const clock = new VirtualClock(333, () => retired, new EventQueue(() => {}));
  const tsc = new Tsc(clock, 3_000_000_000);
  retired = 10_000; // 3.33 us
  expect([clock.now(), clock.nowPicoseconds(), tsc.read()]).toEqual([3330, 0, 9990n]);
  retired = 10_001;
  expect([clock.now(), clock.nowPicoseconds(), tsc.read()]).toEqual([3330, 333, 9990n]);
  retired = 10_002;
  expect(tsc.read()).toBe(9991n);
});

test("a write moves IA32_TSC_ADJUST, a write to IA32_TSC_ADJUST moves the counter", () => {
  const time = new VirtualTime();
  const tsc = new Tsc(time.clock, 1_000_000_000);
  time.to(1000);
  tsc.write(0n);
  expect([tsc.read(), tsc.adjust]).toEqual([0n, (1n << 64n) - 1000n]);
  tsc.setAdjust(0n);
  expect(tsc.read()).toBe(1000n);
});

test("timeOf is the first ns at which the counter is at the value", () => {
  const time = new VirtualTime();
  time.to(500);
  const tsc = new Tsc(time.clock, 2_500_000_000);
  expect([tsc.timeOf(2501n), tsc.timeOf(2500n), tsc.timeOf(0n)]).toEqual([1001, 1000, 0]);
  tsc.write(0n);
  expect(tsc.timeOf(2500n)).toBe(1500);
  const copy = new Tsc(time.clock, 2_500_000_000);
  copy.load(tsc.save());
  expect(copy.timeOf(2500n)).toBe(1500);
});

test("port 0x61: gate and output of counter 2, the refresh toggle", () => {
  const time = new VirtualTime();
  const gates: boolean[] = [];
  const port = new Port61(time.clock, { setGate: (_i, gate) => gates.push(gate), out: () => true });
  port.portWrite(0x03);
  expect([gates, port.portRead()]).toEqual([[true], 0x23]);
  time.by(15_085);
  expect(port.portRead()).toBe(0x33);
});
