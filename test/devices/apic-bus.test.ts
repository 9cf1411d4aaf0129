// Which local APICs a message reaches: SDM volume 3, "Issuing Interprocessor Interrupts" and its parts on destinations.

import { describe, expect, test } from "vitest";
import { writeX2apic } from "../../emulator/devices/x2apic.ts";
import { lapicsOnBus } from "./lapics.ts";
import { VirtualTime } from "./virtual-time.ts";

const ICR_LOW = 0x300;
const ICR_HIGH = 0x310;
const LDR = 0xd0;
const DFR = 0xe0;
const SVR = 0xf0;
const TPR = 0x80;
const LOGICAL = 0x800;
const LOWEST = 0x100;
const SELF = 0x40000;
const ALL = 0x80000;
const OTHERS = 0xc0000;

/** Six enabled APICs; `logical` are their LDRs' upper bytes. */
function six(logical: number[] = [1, 2, 4, 8, 0x10, 0x20], cluster = false) {
  const made = lapicsOnBus(6, new VirtualTime().clock);
  made.lapics.forEach((lapic, n) => {
    lapic.write(SVR, 0x1ff);
    lapic.write(LDR, (logical[n]! << 24) >>> 0);
    if (cluster) lapic.write(DFR, 0x0fffffff);
  });
  /** IDs of those that have a request. */
  const asked = () => made.lapics.flatMap((lapic, id) => (lapic.hasInterrupt() ? [id] : [])).join(" ");
  const send = (from: number, destination: number, command: number) => {
    made.lapics[from]!.write(ICR_HIGH, (destination << 24) >>> 0);
    made.lapics[from]!.write(ICR_LOW, command);
    return asked();
  };
  return { ...made, asked, send };
}

describe("xAPIC destinations", () => {
  test.each([
    ["physical", 3, 0x40, "3"],
    ["physical, to itself", 0, 0x40, "0"],
    ["physical, nobody", 9, 0x40, ""],
    ["physical broadcast", 0xff, 0x40, "0 1 2 3 4 5"],
    ["logical, flat", 0x14, LOGICAL | 0x40, "2 4"],
    ["logical broadcast", 0xff, LOGICAL | 0x40, "0 1 2 3 4 5"],
    ["shorthand self", 3, SELF | 0x40, "0"],
    ["shorthand all", 3, ALL | 0x40, "0 1 2 3 4 5"],
    ["shorthand others", 3, OTHERS | 0x40, "1 2 3 4 5"],
  ])("%s", (_name, destination, command, asked) => {
    expect(six().send(0, destination, command)).toBe(asked);
  });

  test.each([
    ["two of one cluster", 0x13, "0 1"],
    ["not the same bits of another", 0x21, "2"],
    ["cluster 15 is all clusters", 0xf1, "0 2 4"],
    ["a cluster that nobody is in", 0x51, ""],
  ])("logical, cluster model: %s", (_name, destination, asked) => {
    expect(six([0x11, 0x12, 0x21, 0x22, 0x31, 0x32], true).send(0, destination, LOGICAL | 0x40)).toBe(asked);
  });
});

describe("lowest priority", () => {
  test("one of those addressed: whose processor priority is lowest", () => {
    const { lapics, send } = six();
    for (const [n, priority] of [0x50, 0x40, 0x20, 0x30].entries()) lapics[n]!.write(TPR, priority);
    expect(send(5, 0x0f, LOGICAL | LOWEST | 0x81)).toBe("2");
  });

  test("equal priorities: the first; a disabled APIC never", () => {
    const { lapics, send } = six();
    expect(send(5, 0x0f, LOGICAL | LOWEST | 0x81)).toBe("0");
    lapics[0]!.acknowledge();
    lapics[0]!.write(0xb0, 0);
    lapics[0]!.write(SVR, 0xff);
    expect(send(5, 0x0f, LOGICAL | LOWEST | 0x81)).toBe("1");
  });
});

describe("what goes to the processor itself", () => {
  test.each([
    ["NMI", 2, 0x400, ["2: nmi"]],
    ["INIT", 2, 0x4500, ["2: init"]],
    ["INIT level de-assert does nothing", 2, 0x8500, []],
    ["SIPI with its page", 2, 0x4608, ["2: sipi 8"]],
    ["INIT to all others", 0, 0xc4500, ["1: init", "2: init", "3: init", "4: init", "5: init"]],
  ])("%s", (_name, destination, command, log) => {
    const { log: seen, send } = six();
    send(0, destination, command);
    expect(seen).toEqual(log);
  });

  test("a software-disabled APIC takes NMI, INIT and SIPI, but no interrupt; a globally disabled one takes nothing", () => {
    const { lapics, log, send } = six();
    lapics[1]!.write(SVR, 0xff);
    lapics[2]!.setMode("disabled");
    expect(send(0, 0xff, 0x40)).toBe("0 3 4 5");
    for (const command of [0x400, 0x4500, 0x4608]) for (const to of [1, 2]) send(0, to, command);
    expect(log).toEqual(["1: nmi", "1: init", "1: sipi 8"]);
  });

  test("INIT resets all but the ID", () => {
    const { lapics } = six();
    lapics[4]!.write(TPR, 0x50);
    lapics[4]!.initialize();
    expect([0x20, TPR, LDR, SVR].map((offset) => lapics[4]!.read(offset))).toEqual([4 << 24, 0, 0, 0xff]);
  });
});

describe("x2APIC destinations", () => {
  function x2apics() {
    const made = six();
    for (const lapic of made.lapics) lapic.setMode("x2apic");
    const send = (destination: number, command: number) => {
      writeX2apic(made.lapics[0]!, 0x830, (BigInt(destination >>> 0) << 32n) | BigInt(command));
      return made.asked();
    };
    return { ...made, send };
  }
  test.each([
    ["physical, 32 bits", 4, 0x40, "4"],
    ["0xff is an ID like others", 0xff, 0x40, ""],
    ["broadcast", 0xffffffff, 0x40, "0 1 2 3 4 5"],
    ["logical: bits of cluster 0", 0x24, LOGICAL | 0x40, "2 5"],
    ["logical: another cluster", 0x10024, LOGICAL | 0x40, ""],
    ["shorthand others", 0, OTHERS | 0x40, "1 2 3 4 5"],
  ])("%s", (_name, destination, command, asked) => {
    expect(x2apics().send(destination, command)).toBe(asked);
  });

  test("SELF IPI reaches the sender only", () => {
    const { lapics, asked } = x2apics();
    writeX2apic(lapics[3]!, 0x83f, 0x40n);
    expect(asked()).toBe("3");
  });
});

test("an I/O APIC's message that nobody takes is reported", () => {
  const { bus } = six();
  const message = { vector: 0x50, delivery: 0, level: true, logical: false };
  expect([bus.deliver({ ...message, destination: 9 }), bus.deliver({ ...message, destination: 1 })]).toEqual([
    false,
    true,
  ]);
});
