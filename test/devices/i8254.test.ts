// The i8254 against its data sheet (Intel 82C54, order number 231244): counts and OUT, clock by clock, in virtual time.

import { describe, expect, test } from "vitest";
import { I8254, I8254_HZ } from "../../emulator/devices/i8254.ts";
import { countAfter, nextOutChange, outAfter } from "../../emulator/devices/i8254-modes.ts";
import { timeOfTick } from "../../emulator/devices/timebase.ts";
import { recorder, VirtualTime } from "./virtual-time.ts";

function pit() {
  const time = new VirtualTime();
  const irq = recorder(time);
  const device = new I8254(time.clock, irq.line);
  return {
    time,
    device,
    irq,
    control: (value: number) => device.portWrite(0x43, value),
    write: (counter: number, ...bytes: number[]) => {
      for (const byte of bytes) device.portWrite(0x40 + counter, byte);
    },
    read: (counter: number) => device.portRead(0x40 + counter),
    word(counter: number) {
      const low = device.portRead(0x40 + counter);
      return (device.portRead(0x40 + counter) << 8) | low;
    },
    clocks: (tick: number) => time.to(timeOfTick(tick, I8254_HZ)),
  };
}

/** Count and OUT for the first clocks after the load: "4^ 3^ 2^ 1_" is mode 2 with count 4. */
function wave(mode: 0 | 1 | 2 | 3 | 4 | 5, count: number, clocks: number, modulus = 65536): string {
  return Array.from({ length: clocks }, (_, e) => {
    const value = countAfter(mode, count, e, modulus);
    return `${value.toString(modulus === 65536 ? 16 : 10)}${outAfter(mode, count, e) ? "^" : "_"}`;
  }).join(" ");
}

describe("counting modes (figures 15 to 20)", () => {
  test.each([
    ["mode 0: OUT rises at terminal count and stays; the counter wraps", 0, 4, "4_ 3_ 2_ 1_ 0^ ffff^ fffe^"],
    ["mode 1: as mode 0 from the trigger", 1, 3, "3_ 2_ 1_ 0^ ffff^ fffe^ fffd^"],
    ["mode 2: low for the clock at count 1, then again", 2, 3, "3^ 2^ 1_ 3^ 2^ 1_ 3^"],
    ["mode 3, even: by two, half high and half low", 3, 4, "4^ 2^ 4_ 2_ 4^ 2^ 4_"],
    ["mode 3, odd: high one clock longer", 3, 5, "4^ 2^ 0^ 4_ 2_ 4^ 2^"],
    ["mode 4: low for one clock at terminal count", 4, 3, "3^ 2^ 1^ 0_ ffff^ fffe^ fffd^"],
    ["mode 5: as mode 4 from the trigger", 5, 2, "2^ 1^ 0_ ffff^ fffe^ fffd^ fffc^"],
  ] as const)("%s", (_name, mode, count, expected) => {
    expect(wave(mode, count, 7)).toBe(expected);
  });

  test("nextOutChange is the first clock at which OUT differs", () => {
    for (const mode of [0, 1, 2, 3, 4, 5] as const) {
      for (let count = 1; count < 12; count++) {
        for (let elapsed = 0; elapsed < 40; elapsed++) {
          const now = outAfter(mode, count, elapsed);
          let slow = elapsed + 1;
          while (slow < 100 && outAfter(mode, count, slow) === now) slow++;
          const fast = nextOutChange(mode, count, elapsed);
          if (slow === 100) expect(fast === Infinity || outAfter(mode, count, fast) === now).toBe(true);
          else expect(fast, `mode ${mode}, count ${count}, ${elapsed}`).toBe(slow);
        }
      }
    }
  });
});

describe("programming", () => {
  test("NetBSD's initrtclock: mode 2, 11932 clocks; the count goes down at 1193182 Hz and OUT rises every 11932 clocks", () => {
    const p = pit();
    p.control(0x34);
    p.write(0, 11932 % 256, 11932 >> 8);
    p.clocks(1); // loaded on the next clock
    p.control(0x00);
    expect(p.word(0)).toBe(11932);
    p.clocks(1 + 5000);
    p.control(0x00);
    expect(p.word(0)).toBe(11932 - 5000);
    p.time.to(25_000_000);
    // OUT falls one clock before it rises; the rise is at clock 1 + 11932 n, and 11932 clocks are 10.00015 ms.
    expect(p.irq.log).toEqual(["+0", "-10000151", "+10000989", "-20000302", "+20001140"]);
  });

  test("a latched count stays until it is read, and a second latch is ignored", () => {
    const p = pit();
    p.control(0x34);
    p.write(0, 0, 0); // 65536
    p.clocks(101);
    p.control(0x00);
    p.clocks(301);
    p.control(0x00);
    expect(p.word(0)).toBe(65536 - 100);
    expect(p.word(0)).toBe(65536 - 300);
  });

  test.each([
    [1, 0x14, [0x50], [0x50, 0x50]],
    [2, 0x24, [0x12], [0x12, 0x12]],
    [3, 0x34, [0x34, 0x12], [0x34, 0x12]],
  ])("RW = %i: which bytes are written and read", (_rw, control, bytes, reads) => {
    const p = pit();
    p.control(control);
    p.write(0, ...bytes);
    p.clocks(1);
    expect([p.read(0), p.read(0)]).toEqual(reads);
  });

  test("read-back latches status and count of several counters; status comes first", () => {
    const p = pit();
    p.control(0x34);
    p.write(0, 0x00, 0x10);
    p.control(0xb0); // counter 2, both bytes, mode 0
    expect(p.read(2)).toBe(0);
    p.clocks(1 + 0x10);
    p.control(0xc0 | 0x0a); // counters 0 and 2, count and status
    expect(p.read(0)).toBe(0x80 | 0x34); // OUT high, loaded, both bytes, mode 2
    expect(p.word(0)).toBe(0x1000 - 0x10);
    expect(p.read(2) & 0xc0).toBe(0x40); // OUT low, null count: nothing was written
  });

  test("BCD counts down in decades and wraps to 9999", () => {
    const p = pit();
    p.control(0x31); // mode 0, BCD
    p.write(0, 0x00, 0x01); // 100
    p.clocks(1 + 1);
    expect(p.word(0)).toBe(0x0099);
    p.clocks(1 + 101);
    expect(p.word(0)).toBe(0x9999);
  });

  test("mode 2: a count written while counting takes effect at the end of the period", () => {
    const p = pit();
    p.control(0x34);
    p.write(0, 100, 0);
    p.clocks(1 + 40);
    p.write(0, 50, 0);
    expect(p.word(0)).toBe(60);
    p.clocks(1 + 100);
    expect(p.word(0)).toBe(50);
    p.clocks(1 + 100 + 50);
    expect(p.word(0)).toBe(50);
  });

  test("mode 0: the first byte of a count stops the counter, the second starts it", () => {
    const p = pit();
    p.control(0x30);
    p.write(0, 10, 0);
    p.clocks(5);
    p.write(0, 20);
    p.clocks(500);
    expect(p.irq.log).toEqual([]);
    p.write(0, 0);
    p.time.by(100_000);
    expect(p.irq.log).toEqual([`+${timeOfTick(501 + 20, I8254_HZ)}`]);
  });

  test("gate: mode 0 stops and goes on, mode 2 starts again, mode 1 is triggered", () => {
    const p = pit();
    p.control(0xb0); // counter 2, mode 0
    p.write(2, 100, 0);
    p.clocks(50);
    expect(p.word(2)).toBe(100);
    p.device.setGate(2, true);
    p.clocks(80);
    expect(p.word(2)).toBe(70);
    p.device.setGate(2, false);
    p.clocks(200);
    expect(p.word(2)).toBe(70);

    p.control(0xb2); // mode 1
    p.write(2, 10, 0);
    expect(p.device.out(2)).toBe(true);
    p.device.setGate(2, true);
    p.clocks(205);
    expect(p.device.out(2)).toBe(false);
    p.clocks(211);
    expect(p.device.out(2)).toBe(true);
  });

  test("inspect changes nothing: no latch, no byte order", () => {
    const p = pit();
    p.control(0x34);
    p.write(0, 0x34, 0x12);
    p.clocks(11);
    const before = JSON.stringify(p.device.save());
    expect(p.device.inspect(0)).toMatchObject({ value: 0x1234 - 10, out: true, nullCount: false });
    expect(JSON.stringify(p.device.save())).toBe(before);
  });

  test("save and load continue in the middle of a latched read", () => {
    const p = pit();
    p.control(0x34);
    p.write(0, 0x34, 0x12);
    p.clocks(5);
    p.control(0x00);
    p.read(0);
    const copy = new I8254(p.time.clockOfCopy(), () => {});
    copy.load(p.device.save());
    expect(copy.portRead(0x40)).toBe(0x12);
    expect(copy.portRead(0x40)).toBe(p.device.inspect(0).value & 0xff);
  });
});
