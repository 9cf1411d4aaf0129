// The 16550A against the PC16550D data sheet, and what NetBSD's com(4) probes.

import { describe, expect, test } from "vitest";
import { Uart16550 } from "../../emulator/devices/uart16550.ts";
import { VirtualTime } from "./virtual-time.ts";

function uart() {
  const sent: number[] = [];
  let interrupt = false;
  const time = new VirtualTime();
  const device = new Uart16550(
    time.clock,
    (level) => {
      interrupt = level;
    },
    (byte) => sent.push(byte),
  );
  const read = (register: number) => device.portRead(0x3f8 + register);
  const write = (register: number, value: number) => device.portWrite(0x3f8 + register, value);
  return { device, time, sent, read, write, interrupt: () => interrupt };
}

describe("as com(4) finds it", () => {
  test("com_probe_subr: LCR keeps 8 bits, IIR bits 3:5 are 0", () => {
    const { read, write } = uart();
    write(3, 0x03);
    write(2, 0);
    expect([read(3), read(2) & 0x38]).toEqual([0x03, 0]);
  });

  test("com_attach_subr: FIFO on shows 0xc0 in IIR, with LCR 0xbf too: no EFR, a 16550A", () => {
    const { read, write } = uart();
    write(2, 0xc7);
    expect(read(2) & 0xc0).toBe(0xc0);
    write(3, 0xbf);
    write(2, 0);
    expect(read(2)).not.toBe(0); // FCR was written; IIR is read
    write(3, 0x03);
    expect(read(2)).toBe(0x01);
  });

  test("divisor latch behind DLAB; scratch keeps its byte", () => {
    const { read, write, sent } = uart();
    write(3, 0x83);
    write(0, 0x0c);
    write(1, 0x01);
    expect([read(0), read(1)]).toEqual([0x0c, 0x01]);
    write(3, 0x03);
    write(0, 0x41);
    write(7, 0xa5);
    expect([sent, read(1), read(7)]).toEqual([[0x41], 0, 0xa5]);
  });
});

describe("interrupts (OUT2 on)", () => {
  test("received data: until all bytes are read", () => {
    const { device, read, write, interrupt } = uart();
    write(4, 0x0b);
    write(1, 0x01);
    expect([interrupt(), read(2), read(5)]).toEqual([false, 0x01, 0x60]);
    device.receive([0x68, 0x69]);
    expect([interrupt(), read(2), read(5)]).toEqual([true, 0x04, 0x61]);
    expect([read(0), interrupt(), read(0), interrupt(), read(0)]).toEqual([0x68, true, 0x69, false, 0]);
  });

  test("transmitter empty: at once when enabled, gone when IIR tells it, again after a byte", () => {
    const { read, write, interrupt } = uart();
    write(4, 0x08);
    write(1, 0x02);
    expect([interrupt(), read(2), interrupt(), read(2)]).toEqual([true, 0x02, false, 0x01]);
    write(0, 0x41);
    expect([interrupt(), read(2), interrupt()]).toEqual([true, 0x02, false]);
  });

  test("without OUT2 the line is quiet", () => {
    const { device, write, interrupt } = uart();
    write(1, 0x01);
    device.receive([1]);
    expect(interrupt()).toBe(false);
  });
});

describe("the receiver's FIFO (PC16550D, FCR bits 7:6 and FIFO interrupt mode)", () => {
  /** 115200 baud, 8 bits: a character takes 86.8 us. */
  function fifo(fcr: number) {
    const all = uart();
    all.write(3, 0x80);
    all.write(0, 1);
    all.write(1, 0);
    all.write(3, 0x03);
    all.write(4, 0x0b);
    all.write(1, 0x01);
    all.write(2, fcr);
    return all;
  }

  test.each([
    [0x01, 1],
    [0x41, 4],
    [0x81, 8],
    [0xc1, 14],
  ])("FCR %i: %i bytes ask at once, one fewer does not", (fcr, level) => {
    const { device, read, interrupt } = fifo(fcr);
    device.receive(new Array(level - 1).fill(0x61));
    expect([interrupt(), read(2) & 0xf]).toEqual([false, 0x1]);
    device.receive([0x62]);
    expect([interrupt(), read(2) & 0xf]).toEqual([true, 0x4]);
    read(0);
    expect([interrupt(), read(2) & 0xf]).toEqual([false, 0x1]);
  });

  test("fewer than the level ask after four character times, and reading a byte begins the wait anew", () => {
    const { device, time, read, interrupt } = fifo(0x81);
    device.receive([0x61, 0x62]);
    time.by(347_222); // 4 * 10 bits at 115200 baud are 347222.2 ns
    expect(interrupt()).toBe(false);
    time.by(1);
    expect([interrupt(), read(2) & 0xf, read(0), interrupt()]).toEqual([true, 0xc, 0x61, false]);
    time.by(347_223);
    expect([interrupt(), read(2) & 0xf, read(0), interrupt(), read(2) & 0xf]).toEqual([
      true,
      0xc,
      0x62,
      false,
      0x1,
    ]);
    time.by(1_000_000);
    expect(interrupt()).toBe(false);
  });

  test("a byte that comes in time begins the wait anew", () => {
    const { device, time, interrupt } = fifo(0x81);
    device.receive([0x61]);
    time.by(300_000);
    device.receive([0x62]);
    time.by(300_000);
    expect(interrupt()).toBe(false);
    time.by(50_000);
    expect(interrupt()).toBe(true);
  });

  test("without FIFO every byte asks", () => {
    const { device, read, interrupt } = fifo(0xc0);
    device.receive([0x61]);
    expect([interrupt(), read(2)]).toEqual([true, 0x04]);
  });
});

describe("loopback", () => {
  test("bytes come back, modem outputs are modem inputs", () => {
    const { read, write, sent } = uart();
    write(4, 0x1a); // RTS, OUT2
    write(0, 0x55);
    expect([sent, read(5) & 1, read(0), read(6) & 0xf0]).toEqual([[], 1, 0x55, 0x90]);
    write(4, 0x00);
    expect(read(6) & 0xf0).toBe(0xb0);
  });
});

test("peek takes nothing; save and load keep the input", () => {
  const { device, read } = uart();
  device.receive([0x61]);
  expect([device.peek(0), device.peek(0), device.peek(5)]).toEqual([0x61, 0x61, 0x61]);
  const copy = uart();
  copy.device.load(device.save());
  expect([copy.read(0), read(0)]).toEqual([0x61, 0x61]);
});
