// KVM's paravirtual clock (Documentation/virt/kvm/x86/msr.rst): a guest that reads it as the text says gets virtual time.

import { expect, test } from "vitest";
import { inspectPvClock } from "../../emulator/devices/inspect-pvclock.ts";
import { PvClock, timeScale } from "../../emulator/devices/pvclock.ts";
import { Tsc } from "../../emulator/devices/tsc.ts";
import { VirtualTime } from "./virtual-time.ts";

/** ns by the guest's arithmetic: ((delta << shift) * mul) >> 32. */
function scaled(delta: bigint, { multiplier, shift }: { multiplier: number; shift: number }): bigint {
  const shifted = shift < 0 ? delta >> BigInt(-shift) : delta << BigInt(shift);
  return (shifted * BigInt(multiplier)) >> 32n;
}

test.each([1_000_000, 24_000_000, 999_999_999, 1_000_000_000, 2_500_000_000, 3_141_592_653])(
  "the scale at %i Hz: a second of ticks is a second, to 1 in 10^6",
  (hz) => {
    expect(Math.abs(Number(scaled(BigInt(hz), timeScale(hz))) - 1e9)).toBeLessThan(1000);
    expect(timeScale(hz).multiplier).toBeGreaterThanOrEqual(2 ** 31);
    expect(timeScale(hz).multiplier).toBeLessThan(2 ** 32);
  },
);

function clock() {
  const time = new VirtualTime();
  const tsc = new Tsc(time.clock, 2_500_000_000);
  const ram = new Uint8Array(0x1000);
  const memory = { bytes: ram, write: (at: number, bytes: Uint8Array) => ram.set(bytes, at) };
  const view = new DataView(ram.buffer);
  const pvclock = new PvClock(time.clock, tsc, memory, 1_736_553_600);
  const now = (at: number) => {
    const scale = { multiplier: view.getUint32(at + 24, true), shift: view.getInt8(at + 28) };
    return Number(
      view.getBigUint64(at + 16, true) + scaled(tsc.read() - view.getBigUint64(at + 8, true), scale),
    );
  };
  return { time, tsc, view, pvclock, now };
}

test("what the view shows: offered, then the structure in guest memory", () => {
  const { time, pvclock, view } = clock();
  const show = () => {
    const { summary, registers } = inspectPvClock(pvclock, time.clock.now());
    return [summary, ...registers.map(({ id, value, meaning }) => `${id} ${value} ${meaning}`.trim())].join(
      "\n",
    );
  };
  expect(show()).toMatchInlineSnapshot(`
    "offered; the kernel has not enabled it
    system_time 0x0 not enabled
    wall_clock 0x0 never asked for"
  `);
  time.to(1_000_000);
  pvclock.setSystemTime(0x101n);
  time.to(3_000_000);
  expect(show()).toMatchInlineSnapshot(`
    "enabled, time structure at 0x100
    system_time 0x101 enabled
    wall_clock 0x0 never asked for
    version 0x2 even: complete
    tsc_timestamp 0x2625a0 2500000 ticks
    time 0xf4240 1.000 ms; taken 2.000 ms ago
    tsc_to_system_mul 0xcccccccc
    tsc_shift 0xff -1
    flags 0x1 the TSC is stable"
  `);
  view.setUint32(0x100, 3, true); // as a kernel would see it in the middle of a change
  expect(show()).toContain("version 0x3 odd: being written");
  pvclock.setSystemTime(0xfffffffff001n); // outside RAM: nothing to show, nothing read
  expect(show()).not.toContain("version");
});

test("the time structure: even version, time now and later, also after the guest moved its TSC", () => {
  const { time, tsc, view, pvclock, now } = clock();
  time.to(1_000_000);
  pvclock.setSystemTime(0x101n);
  expect([view.getUint32(0x100, true), view.getUint8(0x11d)]).toEqual([2, 1]);
  expect(now(0x100)).toBe(1_000_000);
  time.to(5_000_000_000);
  expect(Math.abs(now(0x100) - 5_000_000_000)).toBeLessThan(3);
  tsc.write(7n);
  pvclock.refresh();
  time.to(6_000_000_000);
  expect(Math.abs(now(0x100) - 6_000_000_000)).toBeLessThan(3);
  expect(view.getUint32(0x100, true)).toBe(4);
});

test("the wall clock: when system time was 0", () => {
  const { view, pvclock } = clock();
  pvclock.setWallClock(0x200n);
  expect([0x200, 0x204, 0x208].map((at) => view.getUint32(at, true))).toEqual([2, 1_736_553_600, 0]);
});

test("disabled, or outside RAM: nothing is written", () => {
  const { view, pvclock } = clock();
  for (const value of [0x100n, 0xff1n, (1n << 63n) + 1n]) pvclock.setSystemTime(value);
  pvclock.setWallClock(0xffcn);
  expect(new Uint8Array(view.buffer).every((byte) => byte === 0)).toBe(true);
});
