// The MC146818 against its data sheet, in virtual time.

import { describe, expect, test } from "vitest";
import { Rtc } from "../../emulator/devices/rtc.ts";
import { random, recorder, VirtualTime } from "./virtual-time.ts";

const SECOND = 1_000_000_000;

function rtc(start = Date.UTC(2025, 0, 11, 12, 34, 56) / 1000) {
  const time = new VirtualTime();
  const irq = recorder(time);
  const device = new Rtc(time.clock, irq.line, start);
  const read = (index: number) => {
    device.portWrite(0x70, index);
    return device.portRead(0x71);
  };
  const write = (index: number, value: number) => {
    device.portWrite(0x70, index);
    device.portWrite(0x71, value);
  };
  const date = () => [0x32, 9, 8, 7, 4, 2, 0].map((i) => read(i).toString(16).padStart(2, "0")).join(" ");
  return { time, irq, device, read, write, date };
}

describe("time and date", () => {
  test("advance with virtual time, in BCD", () => {
    const { time, date } = rtc();
    const shown = [date()];
    time.to(4 * SECOND);
    shown.push(date());
    time.to(86_400 * SECOND * 20);
    shown.push(date());
    expect(shown).toEqual(["20 25 01 11 12 34 56", "20 25 01 11 12 35 00", "20 25 01 31 12 34 56"]);
  });

  test("agree with the proleptic Gregorian calendar (Date as the oracle)", () => {
    const seed = 146_818;
    const next = random(seed);
    for (let i = 0; i < 500; i++) {
      const start = Math.floor(next() * 4_102_444_800);
      const { read } = rtc(start);
      const expected = new Date(start * 1000);
      const bcd = (n: number) => Math.floor(n / 10) * 16 + (n % 10);
      expect(
        [read(9), read(8), read(7), read(6), read(4), read(2), read(0)],
        `seed ${seed}: ${start}`,
      ).toEqual(
        [expected.getUTCFullYear() % 100, expected.getUTCMonth() + 1, expected.getUTCDate(), expected.getUTCDay() + 1,
         expected.getUTCHours(), expected.getUTCMinutes(), expected.getUTCSeconds()].map(bcd), // biome-ignore format: a row
      );
    }
  });

  test("binary and 12-hour modes (register B, DM and 24/12)", () => {
    const { write, read } = rtc(Date.UTC(2025, 0, 11, 15, 40, 0) / 1000);
    write(0x0b, 0x06);
    expect([read(4), read(2)]).toEqual([15, 40]);
    write(0x0b, 0x04);
    expect(read(4)).toBe(0x83);
  });

  test("SET freezes the clock while it is written", () => {
    const { time, write, date } = rtc();
    write(0x0b, 0x82);
    time.to(10 * SECOND);
    write(4, 0x23);
    write(2, 0x59);
    write(0, 0x58);
    write(0x0b, 0x02);
    expect(date()).toBe("20 25 01 11 23 59 58");
    time.by(3 * SECOND);
    expect(date()).toBe("20 25 01 12 00 00 01");
  });

  test("update in progress: from 244 us before the second until 1984 us after it", () => {
    const { time, read } = rtc();
    const uip = (ns: number) => {
      time.to(ns);
      return read(0x0a) >> 7;
    };
    expect([0, SECOND - 244_001, SECOND - 244_000, SECOND + 1_983_999, SECOND + 1_984_000].map(uip)).toEqual(
      [0, 0, 1, 1, 0], // biome-ignore format: a row
    );
  });
});

describe("interrupts", () => {
  test("periodic, 1024 Hz: the line stays until register C is read", () => {
    const { time, read, write, irq } = rtc();
    write(0x0a, 0x26);
    write(0x0b, 0x42);
    time.to(3_000_000);
    expect([[...irq.log], read(0x0c), read(0x0c)]).toEqual([["+976563"], 0xc0, 0]);
    time.to(3_906_249);
    expect(irq.log).toEqual(["+976563", "-3000000"]);
    time.to(3_906_250);
    expect(irq.log.at(-1)).toBe("+3906250");
  });

  test("update-ended, once a second", () => {
    const { time, read, write, irq } = rtc();
    write(0x0b, 0x12);
    time.to(SECOND);
    // The periodic flag comes up too: flags do not wait for their enables.
    expect([[...irq.log], read(0x0c)]).toEqual([["+1000000000"], 0xd0]);
  });

  test.each([
    ["12:35:00 exactly", 0x12, 0x35, 0x00, 4],
    ["any hour, any minute, second 10", 0xff, 0xff, 0x10, 14],
    ["next day's 01:00:00", 0x01, 0x00, 0x00, 44_704],
  ])("alarm at %s", (_name, hour, minute, second, expected) => {
    const { time, read, write, irq } = rtc();
    write(5, hour);
    write(3, minute);
    write(1, second);
    write(0x0b, 0x22);
    time.to(expected * SECOND - 1);
    expect(irq.log).toEqual([]);
    time.to(expected * SECOND);
    expect([irq.log.length, read(0x0c) & 0xa0]).toEqual([1, 0xa0]);
  });
});

test("register D says that the RAM is valid; CMOS RAM keeps what is written; peek clears nothing", () => {
  const { device, time, read, write } = rtc();
  write(0x0e, 0);
  write(0x40, 0x5a);
  expect([read(0x0d), read(0x40)]).toEqual([0x80, 0x5a]);
  write(0x0b, 0x12);
  time.to(SECOND);
  expect([device.peek(0x0c), device.peek(0x0c), read(0x0c), read(0x0c)]).toEqual([0xd0, 0xd0, 0xd0, 0]);
});
