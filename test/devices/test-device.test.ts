// The devices of test kernels: QEMU's pc-testdev and isa-debug-exit.

import { expect, test } from "vitest";
import { DebugExit } from "../../emulator/devices/debug-exit.ts";
import { TEST_MEMORY_BASE, TEST_MEMORY_SIZE, TestDevice } from "../../emulator/devices/test-device.ts";
import { Bus } from "../../emulator/machine/bus.ts";

test("a port that remembers, one that does nothing, one for each interrupt line", () => {
  const lines: string[] = [];
  const device = new TestDevice((irq) => (level) => lines.push(`${irq}${level ? "+" : "-"}`));
  device.portWrite(0xe1, 0x5a);
  device.portWrite(0xe4, 0xff);
  device.portWrite(0x2000, 1);
  device.portWrite(0x2017, 0);
  expect([device.portRead(0xe0), device.portRead(0xe1), device.portRead(0xe4), lines]).toEqual([
    0,
    0x5a,
    0,
    ["0+", "23-"],
  ]);
});

test("its memory takes every width and alignment, across registers too", () => {
  const device = new TestDevice(() => () => {});
  const bus = new Bus(() => {});
  bus.map(TEST_MEMORY_BASE, TEST_MEMORY_SIZE, device);
  bus.mmioWrite(TEST_MEMORY_BASE + 3, 4, 0x44332211);
  bus.mmioWrite(TEST_MEMORY_BASE + 9, 2, 0x6655);
  expect([
    bus.mmioRead(TEST_MEMORY_BASE, 4),
    bus.mmioRead(TEST_MEMORY_BASE + 3, 4),
    bus.mmioRead(TEST_MEMORY_BASE + 9, 2),
  ]).toEqual([0x11000000, 0x44332211, 0x6655]);
  const copy = new TestDevice(() => () => {});
  copy.load(device.save());
  expect(copy.read(4)).toBe(device.read(4));
});

test("isa-debug-exit: twice the byte plus one, so that no status is 0", () => {
  const statuses: number[] = [];
  const exit = new DebugExit((status) => statuses.push(status));
  for (const byte of [0, 1, 38, 0xff]) exit.portWrite(0xf4, byte);
  exit.portWrite(0xf5, 9); // the upper bytes of a 32-bit OUT
  expect(statuses).toEqual([1, 3, 77, 255]);
});
