// The local APIC in x2APIC mode: SDM volume 3, "Extended XAPIC (x2APIC)".

import { describe, expect, test } from "vitest";
import { readX2apic, writeX2apic } from "../../emulator/devices/x2apic.ts";
import { MSR, MsrFile } from "../../emulator/machine/msr.ts";
import { lapicsOnBus } from "./lapics.ts";
import { VirtualTime } from "./virtual-time.ts";

function apic(id = 0) {
  const { lapics, log } = lapicsOnBus(id + 1, new VirtualTime().clock);
  const lapic = lapics[id]!;
  lapic.setMode("x2apic");
  writeX2apic(lapic, 0x80f, 0x1ffn);
  const taken = () => (lapic.hasInterrupt() ? lapic.acknowledge().toString(16) : "-");
  return { lapic, log, taken };
}

describe('registers as MSRs (table "Local APIC Register Address Map Supported by x2APIC")', () => {
  test.each([
    ["ID", 0x802, "r"],
    ["version", 0x803, "r"],
    ["TPR", 0x808, "rw"],
    ["arbitration priority: not in this mode", 0x809, ""],
    ["PPR", 0x80a, "r"],
    ["EOI", 0x80b, "w"],
    ["LDR", 0x80d, "r"],
    ["DFR: not in this mode", 0x80e, ""],
    ["SVR", 0x80f, "rw"],
    ["ISR", 0x810, "r"],
    ["IRR", 0x827, "r"],
    ["ESR", 0x828, "rw"],
    ["CMCI: version says six LVT entries", 0x82f, ""],
    ["ICR", 0x830, "rw"],
    ["its upper half: part of 0x830", 0x831, ""],
    ["LVT timer", 0x832, "rw"],
    ["LVT error", 0x837, "rw"],
    ["initial count", 0x838, "rw"],
    ["current count", 0x839, "r"],
    ["divide configuration", 0x83e, "rw"],
    ["self IPI", 0x83f, "w"],
    ["reserved", 0x8ff, ""],
  ])("%s", (_name, index, access) => {
    const { lapic } = apic();
    const value = index === 0x83f ? 0x40n : 0n;
    const can = `${readX2apic(lapic, index) === undefined ? "" : "r"}${writeX2apic(lapic, index, value) ? "w" : ""}`;
    expect(can).toBe(access);
  });

  test.each([
    ["TPR beyond 8 bits", 0x808, 0x100n],
    ["EOI of anything but 0", 0x80b, 1n],
    ["ESR of anything but 0", 0x828, 1n],
    ["bits 63:32 of a 32-bit register", 0x832, 1n << 32n],
    ["self IPI beyond 8 bits", 0x83f, 0x140n],
  ])("#GP: %s", (_name, index, value) => {
    expect(writeX2apic(apic().lapic, index, value)).toBe(false);
  });
});

describe("identity and interprocessor interrupts", () => {
  test("LDR follows from the ID: cluster in bits 31:16, one bit of 15:0", () => {
    expect([0, 5, 0x23].map((id) => readX2apic(apic(id).lapic, 0x80d)!.toString(16))).toEqual([
      "1",
      "20",
      "20008",
    ]);
    expect(readX2apic(apic(0x23).lapic, 0x802)).toBe(0x23n);
  });

  test.each([
    ["physical, this one", 0x0000000500000041n, "41"],
    ["physical, another", 0x0000000600000041n, "-"],
    ["0xff is a plain ID here", 0x000000ff00000041n, "-"],
    ["broadcast", 0xffffffff00000041n, "41"],
    ["logical, its bit of its cluster", 0x0000003000000841n, "41"],
    ["logical, another bit", 0x0000001000000841n, "-"],
    ["logical, another cluster", 0x0001002000000841n, "-"],
    ["shorthand: all but self", 0x00000000000c0041n, "-"],
  ])("ICR: %s", (_name, icr, expected) => {
    const { lapic, taken } = apic(5);
    expect(writeX2apic(lapic, 0x830, icr)).toBe(true);
    expect(taken()).toBe(expected);
    expect(readX2apic(lapic, 0x830)).toBe(icr);
  });

  test("self IPI", () => {
    const { lapic, taken } = apic();
    writeX2apic(lapic, 0x83f, 0x77n);
    expect(taken()).toBe("77");
  });
});

describe('changes of mode (figure "Local x2APIC State Transitions")', () => {
  const DISABLED = 0xfee00100n;
  const XAPIC = 0xfee00900n;
  const X2APIC = 0xfee00d00n;
  const INVALID = 0xfee00500n;
  function file() {
    const modes: string[] = [];
    const msrs = new MsrFile({
      bootProcessor: true,
      tsc: { read: () => 0n, write: () => {}, adjust: 0n, setAdjust: () => {} },
      x2apic: { read: () => 7n, write: () => true },
      lapicMoved: (base, mode) => modes.push(`${mode} ${base?.toString(16) ?? "-"}`),
    });
    return { msrs, modes };
  }
  test.each<[string, bigint[], boolean[]]>([
    ["from xAPIC mode", [X2APIC], [true]],
    ["without the enable bit", [INVALID], [false]],
    ["back to xAPIC mode", [X2APIC, XAPIC], [true, false]],
    ["from x2APIC mode to the invalid state", [X2APIC, INVALID], [true, false]],
    ["from disabled", [X2APIC, DISABLED, X2APIC], [true, true, false]],
    ["the long way round", [X2APIC, DISABLED, XAPIC, X2APIC], [true, true, true, true]],
  ])("%s", (_name, writes, accepted) => {
    const { msrs } = file();
    expect(writes.map((value) => msrs.write(MSR.APIC_BASE, value))).toEqual(accepted);
  });

  test("its page is gone in x2APIC mode, its MSRs are there only then", () => {
    const { msrs, modes } = file();
    expect(msrs.read(0x802)).toBeUndefined();
    msrs.write(MSR.APIC_BASE, X2APIC);
    expect([modes, msrs.read(0x802)]).toEqual([["x2apic -"], 7n]);
  });

  test("a disabled APIC forgets its registers, but not which it is", () => {
    const { lapic } = apic(5);
    lapic.write(0x320, 0x20040);
    lapic.setMode("disabled");
    lapic.setMode("xapic");
    expect([lapic.read(0x20), lapic.read(0xf0), lapic.read(0x320)]).toEqual([0x05000000, 0xff, 0x10000]);
  });
});
