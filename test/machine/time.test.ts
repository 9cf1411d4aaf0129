// Virtual time and the event queue: order, exactness, and how many instructions go until a deadline.

import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../emulator/machine/clock.ts";
import { EventQueue } from "../../emulator/machine/events.ts";

describe("event queue", () => {
  test("earlier deadlines first; equal ones in the order in which the timers were made", () => {
    const log: string[] = [];
    const queue = new EventQueue(() => {});
    const timers = ["pit", "lapic", "rtc"].map((name) =>
      queue.timer(name, (at) => log.push(`${name} ${at}`)),
    );
    timers[2]!.schedule(50);
    timers[1]!.schedule(50);
    timers[0]!.schedule(70);
    expect([queue.next, queue.nextName]).toEqual([50, "lapic"]);
    queue.fireDue(49);
    queue.fireDue(60);
    queue.fireDue(100);
    expect(log).toEqual(["lapic 50", "rtc 50", "pit 70"]);
    expect([queue.next, queue.nextName]).toEqual([Infinity, undefined]);
  });

  test("only a deadline before all others is announced", () => {
    const announced: number[] = [];
    const queue = new EventQueue((deadline) => announced.push(deadline));
    const [a, b] = [queue.timer("a", () => {}), queue.timer("b", () => {})];
    a.schedule(100);
    b.schedule(200);
    b.schedule(50);
    b.cancel();
    expect([announced, queue.next]).toEqual([[100, 50], 100]);
  });

  test("a timer that schedules itself while it fires is queued again; save and load keep the deadlines", () => {
    const queue = new EventQueue(() => {});
    const fired: number[] = [];
    const tick = queue.timer("tick", (at) => {
      fired.push(at);
      tick.schedule(at + 10);
    });
    tick.schedule(10);
    queue.fireDue(35);
    const saved = queue.save();
    queue.fireDue(100);
    queue.load(saved);
    expect([fired.slice(0, 3), queue.next]).toEqual([[10, 20, 30], 40]);
  });

  test("a deadline that is not a number is a mistake, not a silent hang", () => {
    const queue = new EventQueue(() => {});
    expect(() => queue.timer("x", () => {}).schedule(Number.NaN)).toThrow(
      "timer x: the deadline is not a number",
    );
  });
});

describe("virtual clock", () => {
  test.each([
    // ps an instruction, deadline in ns, instructions until the first boundary at or after it
    [100_000, 1000, 10],
    [100_000, 1001, 11],
    [333, 1, 4],
    [1, 1, 1000],
    [100_000, 0, 1], // due already: one instruction, never none
  ])("%i ps: deadline %i ns is %i instructions away", (ps, deadline, instructions) => {
    let retired = 0;
    const clock = new VirtualClock(ps, () => retired, new EventQueue(() => {}));
    expect(clock.instructionsUntil(deadline)).toBe(instructions);
    retired = instructions;
    expect(clock.now()).toBeGreaterThanOrEqual(deadline);
    retired = instructions - 1;
    if (deadline > 0) expect(clock.now()).toBeLessThan(deadline);
  });

  test("time does not depend on how often it is asked", () => {
    let retired = 0;
    const often = new VirtualClock(333, () => retired, new EventQueue(() => {}));
    const once = new VirtualClock(333, () => retired, new EventQueue(() => {}));
    for (let i = 0; i < 1000; i++) {
      retired += 7;
      often.instructionsUntil(1e9);
    }
    expect(often.save()).toEqual(once.save());
    expect(once.save()).toEqual({ ns: Math.floor((7000 * 333) / 1000), ps: (7000 * 333) % 1000 });
  });

  test("skipTo goes forward only, to a whole ns", () => {
    let retired = 5;
    const clock = new VirtualClock(333, () => retired, new EventQueue(() => {}));
    clock.skipTo(1);
    expect(clock.save()).toEqual({ ns: 1, ps: 665 });
    clock.skipTo(500);
    expect(clock.save()).toEqual({ ns: 500, ps: 0 });
    retired = 8;
    expect(clock.save()).toEqual({ ns: 500, ps: 999 });
  });
});
