// Conversions between ns and ticks: exact over the whole range, against BigInt.

import { expect, test } from "vitest";
import { MAX_TICK_HZ, ticksAt, timeOfTick } from "../../emulator/devices/timebase.ts";
import { random } from "./virtual-time.ts";

const MAX_NS = 2 ** 53 - 1;

test("ticksAt is floor(ns * hz / 10^9)", () => {
  const seed = 1_193_182;
  const next = random(seed);
  for (let i = 0; i < 20_000; i++) {
    const ns = Math.floor(next() ** 4 * MAX_NS);
    const hz = 1 + Math.floor(next() * MAX_TICK_HZ);
    const exact = (BigInt(ns) * BigInt(hz)) / 1_000_000_000n;
    if (exact > BigInt(Number.MAX_SAFE_INTEGER)) continue;
    expect(BigInt(ticksAt(ns, hz)), `seed ${seed}: ${ns} ns at ${hz} Hz`).toBe(exact);
  }
});

test("timeOfTick is the first ns at which the tick has come", () => {
  const seed = 32_768;
  const next = random(seed);
  for (let i = 0; i < 20_000; i++) {
    const hz = 1 + Math.floor(next() * MAX_TICK_HZ);
    const tick = 1 + Math.floor(next() ** 4 * hz * 8_000_000);
    const ns = timeOfTick(tick, hz);
    const where = `seed ${seed}: tick ${tick} at ${hz} Hz`;
    expect(ticksAt(ns, hz), where).toBeGreaterThanOrEqual(tick);
    expect(ticksAt(ns - 1, hz), where).toBeLessThan(tick);
  }
});
