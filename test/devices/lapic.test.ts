// The local APIC against the SDM, volume 3, chapter "Advanced Programmable Interrupt Controller (APIC)".

import { describe, expect, test } from "vitest";
import { lapicsOnBus } from "./lapics.ts";
import { VirtualTime } from "./virtual-time.ts";

const ID = 0x20;
const VERSION = 0x30;
const TPR = 0x80;
const PPR = 0xa0;
const EOI = 0xb0;
const LDR = 0xd0;
const SVR = 0xf0;
const ESR = 0x280;
const ICR_LOW = 0x300;
const LVT_TIMER = 0x320;
const LVT_LINT0 = 0x350;
const LVT_ERROR = 0x370;
const INITIAL = 0x380;
const CURRENT = 0x390;
const DIVIDE = 0x3e0;

const MASKED = 0x10000;
const PERIODIC = 0x20000;
const TSC_DEADLINE = 0x40000;
const DIVIDE_BY_1 = 0xb;

/** An enabled APIC with a 1 GHz timer: a tick is a ns. */
function apic(hz = 1_000_000_000) {
  const time = new VirtualTime();
  const { lapics, bus, log } = lapicsOnBus(1, time.clock, hz);
  const lapic = lapics[0]!;
  lapic.write(SVR, 0x1ff);
  /** Takes and ends every interrupt that is there: its vectors. */
  const take = () => {
    const vectors: string[] = [];
    while (lapic.hasInterrupt()) {
      vectors.push(lapic.acknowledge().toString(16));
      lapic.write(EOI, 0);
    }
    return vectors.join(" ");
  };
  const message = (vector: number, level = false) =>
    bus.deliver({ vector, delivery: 0, level, destination: 0, logical: false });
  return { time, lapic, log, take, message };
}

describe("registers", () => {
  test("reset values (Local APIC State After Power-Up or Reset)", () => {
    const { clock } = new VirtualTime();
    const lapic = lapicsOnBus(1, clock).lapics[0]!;
    const values = [
      ID,
      VERSION,
      TPR,
      LDR,
      0xe0,
      SVR,
      LVT_TIMER,
      LVT_LINT0,
      LVT_ERROR,
      INITIAL,
      CURRENT,
      DIVIDE,
    ];
    expect(values.map((offset) => lapic.read(offset).toString(16))).toEqual(
      ["0", "50014", "0", "0", "ffffffff", "ff", "10000", "10000", "10000", "0", "0", "0"], // biome-ignore format: a row
    );
  });

  test("a reserved register reads 0 and sets ESR bit 7, which a write moves into view", () => {
    const { lapic } = apic();
    expect(lapic.read(0x40)).toBe(0);
    expect(lapic.read(ESR)).toBe(0);
    lapic.write(ESR, 0);
    expect(lapic.read(ESR)).toBe(0x80);
    lapic.write(ESR, 0);
    expect(lapic.read(ESR)).toBe(0);
  });

  test("software disable masks every LVT entry and keeps it masked", () => {
    const { lapic } = apic();
    lapic.write(LVT_TIMER, 0xc0);
    expect(lapic.read(LVT_TIMER)).toBe(0xc0);
    lapic.write(SVR, 0xff);
    expect(lapic.read(LVT_TIMER)).toBe(0xc0 | MASKED);
    lapic.write(LVT_TIMER, 0xc1);
    expect(lapic.read(LVT_TIMER)).toBe(0xc1 | MASKED);
  });

  test("peek gives what read gives and has no effect on ESR", () => {
    const { lapic } = apic();
    expect(lapic.peek(0x40)).toBeUndefined();
    expect(lapic.peek(VERSION)).toBe(0x50014);
    lapic.write(ESR, 0);
    expect(lapic.read(ESR)).toBe(0);
  });
});

describe("timer (APIC Timer)", () => {
  test.each([
    [0b0000, 2], [0b0001, 4], [0b0010, 8], [0b0011, 16], [0b1000, 32], [0b1001, 64], [0b1010, 128], [0b1011, 1],
  ])("divide configuration %i divides by %i", (register, divide) => {
    const { lapic, time } = apic();
    lapic.write(DIVIDE, register);
    lapic.write(INITIAL, 1000);
    time.by(divide * 10);
    expect(lapic.read(CURRENT)).toBe(990);
    time.by(divide - 1);
    expect(lapic.read(CURRENT)).toBe(990);
    time.by(1);
    expect(lapic.read(CURRENT)).toBe(989);
  }); // biome-ignore format: a table

  test("one-shot: counts down to 0, interrupts once, stays at 0", () => {
    const { lapic, time, take } = apic();
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(LVT_TIMER, 0xc0);
    lapic.write(INITIAL, 500);
    time.to(499);
    expect([lapic.read(CURRENT), take()]).toEqual([1, ""]);
    time.to(500);
    expect([lapic.read(CURRENT), take()]).toEqual([0, "c0"]);
    time.to(10_000);
    expect([lapic.read(CURRENT), take()]).toEqual([0, ""]);
  });

  test("periodic: one interrupt each period, without drift", () => {
    const { lapic, time, take } = apic();
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(LVT_TIMER, PERIODIC | 0xc0);
    lapic.write(INITIAL, 10_000_000); // NetBSD at 100 Hz
    const at = [10_000_000 - 1, 10_000_000, 20_000_000 - 1, 20_000_000, 123_456_789];
    expect(
      at.map((ns) => {
        time.to(ns);
        return `${lapic.read(CURRENT)} ${take()}`;
      }),
    ).toEqual(["1 ", "10000000 c0", "1 ", "10000000 c0", "6543211 c0"]);
  });

  test("a period that is no whole number of ns does not drift: 66666667 Hz, 1000 ticks, after 1000 periods", () => {
    const { lapic, time } = apic(66_666_667);
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(LVT_TIMER, PERIODIC | 0xc0);
    lapic.write(INITIAL, 1000);
    let interrupts = 0;
    while (lapic.timer.nextExpiry() <= 15_000_000) {
      time.to(lapic.timer.nextExpiry());
      if (lapic.hasInterrupt()) interrupts++;
      lapic.acknowledge();
      lapic.write(EOI, 0);
    }
    expect(interrupts).toBe(Math.floor((15_000_000 * 66_666_667) / 1e9 / 1000));
  });

  test("masked, it counts but does not interrupt; unmasked, the next expiry does", () => {
    const { lapic, time, take } = apic();
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(LVT_TIMER, PERIODIC | MASKED | 0xc0);
    lapic.write(INITIAL, 1000);
    time.to(2500);
    expect([lapic.read(CURRENT), take()]).toEqual([500, ""]);
    lapic.write(LVT_TIMER, PERIODIC | 0xc0);
    time.to(2999);
    expect(take()).toBe("");
    time.to(3000);
    expect(take()).toBe("c0");
  });

  test("calibration as in lapic_calibrate_timer: masked one-shot from 0x80000000", () => {
    const { lapic, time } = apic();
    lapic.write(LVT_TIMER, MASKED);
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(INITIAL, 0x80000000);
    time.by(10_000_000);
    expect(0x80000000 - lapic.read(CURRENT)).toBe(10_000_000);
  });

  test("a new divider counts on from the present count", () => {
    const { lapic, time } = apic();
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(INITIAL, 1000);
    time.to(400);
    lapic.write(DIVIDE, 0); // by 2
    expect(lapic.read(CURRENT)).toBe(600);
    time.to(600);
    expect(lapic.read(CURRENT)).toBe(500);
  });

  test("an expired one-shot that is made periodic stays at 0 until the initial count is written", () => {
    const { lapic, time, take } = apic();
    lapic.write(DIVIDE, DIVIDE_BY_1);
    lapic.write(LVT_TIMER, MASKED);
    lapic.write(INITIAL, 100);
    time.to(150);
    lapic.write(LVT_TIMER, PERIODIC | 0xc0);
    time.to(1000);
    expect([lapic.read(CURRENT), lapic.read(INITIAL), take()]).toEqual([0, 100, ""]);
  });

  test("initial count 0 stops the timer", () => {
    const { lapic, time, take } = apic();
    lapic.write(LVT_TIMER, 0xc0);
    lapic.write(INITIAL, 100);
    lapic.write(INITIAL, 0);
    time.to(10_000);
    expect([lapic.read(CURRENT), take(), lapic.timer.nextExpiry()]).toEqual([0, "", Infinity]);
  });

  test("TSC-deadline: armed by the MSR, current count 0, disarmed by expiry and by a change of mode", () => {
    const { lapic, time, take } = apic();
    lapic.timer.setTscDeadline(100n);
    expect(lapic.timer.tscDeadline).toBe(0n); // ignored in another mode
    lapic.write(LVT_TIMER, TSC_DEADLINE | 0xc1);
    lapic.timer.setTscDeadline(700n);
    expect([lapic.read(CURRENT), lapic.timer.tscDeadline]).toEqual([0, 700n]);
    time.to(700);
    expect([take(), lapic.timer.tscDeadline]).toEqual(["c1", 0n]);
    lapic.timer.setTscDeadline(900n);
    lapic.write(LVT_TIMER, 0xc1);
    time.to(1000);
    expect([take(), lapic.timer.tscDeadline]).toEqual(["", 0n]);
  });
});

describe("priorities (Task and Processor Priorities)", () => {
  test("the highest request goes first, and nests only over a lower class", () => {
    const { lapic, message } = apic();
    message(0x31);
    message(0xc0);
    message(0x45);
    expect(lapic.acknowledge()).toBe(0xc0);
    expect([lapic.hasInterrupt(), lapic.read(PPR)]).toEqual([false, 0xc0]);
    message(0xc8); // same class: waits
    expect(lapic.hasInterrupt()).toBe(false);
    message(0xd0);
    expect(lapic.acknowledge()).toBe(0xd0);
    lapic.write(EOI, 0);
    lapic.write(EOI, 0);
    expect(lapic.acknowledge()).toBe(0xc8);
  });

  test("TPR holds back its class and below", () => {
    const { lapic, message, take } = apic();
    lapic.write(TPR, 0x40);
    message(0x45);
    expect([lapic.hasInterrupt(), lapic.read(PPR)]).toEqual([false, 0x40]);
    message(0x51);
    expect(lapic.acknowledge()).toBe(0x51);
    lapic.write(EOI, 0);
    lapic.write(TPR, 0);
    expect(take()).toBe("45");
  });

  test("IRR, ISR and TMR show one interrupt's way; EOI of a level-triggered one is broadcast", () => {
    const { lapic, message, log } = apic();
    const banks = () => [0x200, 0x100, 0x180].map((bank) => lapic.read(bank + 0x10 * (0x61 >> 5)));
    message(0x61, true);
    expect(banks()).toEqual([2, 0, 2]);
    lapic.acknowledge();
    expect(banks()).toEqual([0, 2, 2]);
    lapic.write(EOI, 0);
    expect([banks(), log]).toEqual([[0, 0, 2], ["eoi 61"]]);
  });

  test("acknowledging without a request gives the spurious vector and no ISR bit", () => {
    const { lapic } = apic();
    expect(lapic.acknowledge()).toBe(0xff);
    expect(lapic.read(0x170)).toBe(0);
  });
});

describe("interprocessor interrupts on one processor", () => {
  test.each([
    ["self shorthand", 0, 0x40041, "41"],
    ["all including self", 0, 0x80041, "41"],
    ["all excluding self", 0, 0xc0041, ""],
    ["physical destination 0", 0, 0x41, "41"],
    ["physical destination 1", 1 << 24, 0x41, ""],
    ["physical broadcast", 0xff000000, 0x41, "41"],
    ["logical, flat, bit 0", 0x01000000, 0x841, "41"],
    ["logical, flat, bit 1", 0x02000000, 0x841, ""],
  ])("%s", (_name, high, low, taken) => {
    const { lapic, take } = apic();
    lapic.write(LDR, 0x01000000);
    lapic.write(0x310, high);
    lapic.write(ICR_LOW, low);
    expect(take()).toBe(taken);
  });

  test("an NMI goes to the NMI pin; vectors below 16 are an error", () => {
    const { lapic, log, take } = apic();
    lapic.write(ICR_LOW, 0x40400);
    expect(log).toEqual(["nmi"]);
    lapic.write(LVT_ERROR, 0xe0);
    lapic.write(ICR_LOW, 0x40005);
    lapic.write(ESR, 0);
    expect([lapic.read(ESR), take()]).toEqual([0x20, "e0"]);
  });
});

test("virtual wire: LINT0 as ExtINT lets the i8259 ask, masked it does not", () => {
  const { lapic } = apic();
  lapic.setVirtualWire();
  lapic.setLint(0, true);
  expect([lapic.hasExternalInterrupt(), lapic.hasInterrupt()]).toEqual([true, false]);
  lapic.write(LVT_LINT0, 0x700 | MASKED);
  expect(lapic.hasExternalInterrupt()).toBe(false);
});

test("save and load: the count goes on, a waiting request stays", () => {
  const { lapic, time, message } = apic();
  lapic.write(DIVIDE, DIVIDE_BY_1);
  lapic.write(INITIAL, 1000);
  message(0x31);
  time.to(300);
  const copy = lapicsOnBus(1, time.clockOfCopy()).lapics[0]!;
  copy.load(JSON.parse(JSON.stringify(lapic.save())));
  expect([copy.read(CURRENT), copy.acknowledge()]).toEqual([700, 0x31]);
});
