// The I/O APIC (Intel 82093AA data sheet) and the i8259 pair (Intel 8259A data sheet).

import { describe, expect, test } from "vitest";
import { I8259Pair } from "../../emulator/devices/i8259.ts";
import { IoApic } from "../../emulator/devices/ioapic.ts";

describe("I/O APIC", () => {
  function ioapic() {
    const sent: string[] = [];
    const device = new IoApic(2, (m) => {
      sent.push(`${m.vector.toString(16)}${m.level ? " level" : ""}`);
      return true;
    });
    const set = (index: number, value: number) => {
      device.write(0x00, index);
      device.write(0x10, value);
    };
    const get = (index: number) => {
      device.write(0x00, index);
      return device.read(0x10);
    };
    return { device, sent, set, get };
  }

  test("identification, version and entries at reset", () => {
    const { get } = ioapic();
    expect([get(0), get(1), get(2), get(0x10), get(0x3f), get(0x40)].map((v) => v.toString(16))).toEqual(
      ["2000000", "170020", "2000000", "10000", "0", "0"], // biome-ignore format: a row
    );
  });

  test("edge: one message a rising edge; edges on a masked pin are lost", () => {
    const { device, sent, set } = ioapic();
    device.setLine(4, true);
    set(0x18, 0x41);
    expect(sent).toEqual([]);
    device.setLine(4, false);
    device.setLine(4, true);
    device.setLine(4, true);
    expect(sent).toEqual(["41"]);
  });

  test("level: Remote IRR holds further messages until EOI, which sends again while the line asks", () => {
    const { device, sent, set, get } = ioapic();
    set(0x1a, 0x8055); // pin 5
    device.setLine(5, true);
    device.setLine(5, true);
    expect([sent, get(0x1a) & 0x4000]).toEqual([["55 level"], 0x4000]);
    device.endOfInterrupt(0x55);
    expect(sent).toEqual(["55 level", "55 level"]);
    device.setLine(5, false);
    device.write(0x40, 0x55); // the EOI register of version 0x20
    expect([sent.length, get(0x1a) & 0x4000]).toEqual([2, 0]);
  });

  test("a message that nobody takes leaves Remote IRR clear", () => {
    const device = new IoApic(2, () => false);
    device.write(0, 0x1a);
    device.write(0x10, 0x8055);
    device.setLine(5, true);
    expect(device.register(0x1a) & 0x4000).toBe(0);
  });
});

describe("i8259 pair", () => {
  /** Initialized as kernels do: vectors 0x20 and 0x28, slave on input 2, normal EOI. */
  function pair() {
    let int = false;
    const device = new I8259Pair((level) => {
      int = level;
    });
    const out = (port: number, ...values: number[]) => {
      for (const value of values) device.portWrite(port, value);
    };
    out(0x20, 0x11);
    out(0x21, 0x20, 4, 1);
    out(0xa0, 0x11);
    out(0xa1, 0x28, 2, 1);
    return { device, out, int: () => int };
  }

  test("an edge on each side gives its vector; EOI frees the input", () => {
    const { device, out, int } = pair();
    device.setLine(0, true);
    expect([int(), device.acknowledge(), int()]).toEqual([true, 0x20, false]);
    device.setLine(0, false);
    device.setLine(0, true);
    expect(int()).toBe(false); // still in service
    out(0x20, 0x20);
    expect([int(), device.acknowledge()]).toEqual([true, 0x20]);
    out(0x20, 0x20);
    device.setLine(8, true);
    expect([int(), device.acknowledge()]).toEqual([true, 0x28]);
    expect(device.inspect().map((chip) => chip.isr)).toEqual([4, 1]);
  });

  test("priority: input 0 over 1; a higher one nests", () => {
    const { device, int } = pair();
    device.setLine(4, true);
    device.setLine(1, true);
    expect(device.acknowledge()).toBe(0x21);
    expect(int()).toBe(false);
    device.setLine(0, true);
    expect([int(), device.acknowledge()]).toEqual([true, 0x20]);
  });

  test("a request that goes before INTA gives input 7 (spurious) and no ISR bit", () => {
    const { device } = pair();
    device.setLine(3, true);
    device.setLine(3, false);
    expect([device.acknowledge(), device.inspect()[0].isr]).toEqual([0x27, 0]);
  });

  test("the mask register holds back, and reads back", () => {
    const { device, out, int } = pair();
    out(0x21, 0xfe);
    device.setLine(1, true);
    expect([int(), device.portRead(0x21)]).toEqual([false, 0xfe]);
    out(0x21, 0);
    expect(int()).toBe(true);
  });

  test("OCW3 chooses IRR or ISR; poll acknowledges", () => {
    const { device, out } = pair();
    device.setLine(1, true);
    expect(device.portRead(0x20)).toBe(2);
    device.acknowledge();
    out(0x20, 0x0b);
    expect(device.portRead(0x20)).toBe(2);
    out(0x20, 0x20, 0x0a);
    device.setLine(1, false);
    device.setLine(1, true);
    out(0x20, 0x0c);
    expect([device.portRead(0x20), device.portRead(0x20)]).toEqual([0x81, 0]);
  });

  test("specific EOI, rotation and automatic EOI", () => {
    const { device, out } = pair();
    device.setLine(1, true);
    device.acknowledge();
    out(0x20, 0x61);
    expect(device.inspect()[0].isr).toBe(0);
    out(0x20, 0xc2); // input 2 lowest: 3 is first
    device.setLine(3, true);
    device.setLine(0, true);
    expect(device.acknowledge()).toBe(0x23);
    out(0x20, 0x11);
    out(0x21, 0x20, 4, 3);
    device.setLine(0, false);
    device.setLine(0, true);
    expect([device.acknowledge(), device.inspect()[0].isr]).toEqual([0x20, 0]);
  });

  test("ELCR makes an input level-triggered, but never the timer's", () => {
    const { device, out } = pair();
    out(0x4d0, 0xff);
    expect(device.portRead(0x4d0)).toBe(0xf8);
    device.setLine(5, true);
    device.acknowledge();
    out(0x20, 0x65);
    expect(device.acknowledge()).toBe(0x25); // the line still asks
  });
});
