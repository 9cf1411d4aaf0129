// Whose turn it is, by instruction counts alone.

import { describe, expect, test } from "vitest";
import { Turns } from "../../emulator/machine/turns.ts";

const Q = 100;

/** Three processors with turns of 100 instructions, of which `awake` run and the others wait for SIPI. */
function turns(...awake: number[]) {
  const enabled = [true, true, true];
  const made = new Turns(3, Q, (n) => enabled[n]!);
  for (const n of awake) made.start(n);
  return { made, enabled };
}

test("in the order of their numbers, each for as many instructions", () => {
  const { made } = turns(1, 2);
  expect([0, 99, 100, 150, 200, 300, 400].map((count) => made.next(count))).toEqual([0, 0, 1, 1, 2, 0, 1]);
});

test("those that wait for SIPI are passed over, and a run need not be cut while one runs alone", () => {
  const { made } = turns(2);
  expect([made.end, made.next(100), made.next(200)]).toEqual([100, 2, 0]);
  made.await(2);
  expect([made.next(250), made.end]).toEqual([0, Infinity]);
});

test("who halts or spins loses the rest of the turn", () => {
  const { made } = turns(1, 2);
  made.next(0);
  made.halt();
  expect([made.next(30), made.next(129)]).toEqual([1, 1]);
  made.pass(129);
  expect([made.next(129), made.next(228), made.next(229)]).toEqual([2, 2, 1]);
});

test("who is held gets no turn, and what waits for it waits", () => {
  const { made } = turns(1, 2);
  made.hold(new Set([0, 2]));
  expect([made.next(0), made.end, made.next(100)]).toEqual([1, Infinity, 1]);
  made.halt();
  expect([made.next(150), made.listens]).toEqual([undefined, true]);
  made.setInterrupt(2, true);
  expect(made.next(160)).toBeUndefined();
  made.hold(new Set());
  expect([made.next(170), made.next(270)]).toEqual([2, 0]);
});

describe("a halted processor", () => {
  test("goes on in its turn when an interrupt waits for it, and interrupts are enabled", () => {
    const { made, enabled } = turns(1);
    made.next(0);
    made.halt();
    expect([made.next(10), made.end]).toEqual([1, Infinity]);
    enabled[0] = false;
    made.setInterrupt(0, true);
    expect([made.next(110), made.end]).toEqual([1, Infinity]);
    enabled[0] = true;
    expect([made.end, made.next(209), made.next(210)]).toEqual([210, 1, 0]);
  });

  test("goes on for an NMI even with interrupts disabled", () => {
    const { made, enabled } = turns();
    enabled[0] = false;
    made.next(0);
    made.halt();
    expect([made.next(5), made.listens]).toEqual([undefined, false]);
    made.nonMaskable(0);
    expect([made.next(5), made.activity(0)]).toEqual([0, "running"]);
  });
});

test.each([
  ["asked at every instruction", () => true],
  ["asked only where a run is cut", () => false],
])("one that ran alone keeps the places of its turns' ends: %s", (_name, always) => {
  const { made } = turns(1);
  made.next(0);
  made.next(100);
  made.halt(); // processor 1 at 100: processor 0 runs alone from here
  for (let count = 101; count <= 450; count++)
    if (count === 101 || count === 450 || always()) made.next(count);
  made.setInterrupt(1, true); // at 450
  expect([made.next(450), made.end, made.next(499), made.next(501)]).toEqual([0, 501, 0, 1]);
});

test("a copy from saved state goes on alike", () => {
  const { made } = turns(1, 2);
  made.next(130);
  made.halt();
  const { made: copy } = turns();
  copy.load(JSON.parse(JSON.stringify(made.save())));
  expect([150, 260, 300, 400].map((count) => copy.next(count))).toEqual(
    [150, 260, 300, 400].map((count) => made.next(count)),
  );
});

test("one processor has no turns: its run is never cut", () => {
  const made = new Turns(1, Q, () => true);
  made.pass(50);
  expect([made.next(1_000_000), made.end]).toEqual([0, Infinity]);
});
