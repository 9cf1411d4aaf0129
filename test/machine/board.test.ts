// The parts of the board that need no CPU: bus, MSRs, CPUID, switches, options.

import { describe, expect, test } from "vitest";
import { DEFAULT_BOARD, parseMachineSwitches } from "../../emulator/machine/board.ts";
import { Bus, unansweredText } from "../../emulator/machine/bus.ts";
import { Chipset } from "../../emulator/machine/chipset.ts";
import { VirtualClock } from "../../emulator/machine/clock.ts";
import { cpuid } from "../../emulator/machine/cpuid.ts";
import { EventQueue } from "../../emulator/machine/events.ts";
import { MSR, MsrFile } from "../../emulator/machine/msr.ts";
import { Notices } from "../../emulator/machine/notices.ts";
import { checkOptions } from "../../emulator/machine/options.ts";

describe("bus", () => {
  function bus() {
    const notices = new Notices(() => "rip 0x1000");
    return { bus: new Bus((access) => notices.add(unansweredText(access))), notices };
  }

  test("nobody answers: all ones, ignored writes, one notice each", () => {
    const { bus: b, notices } = bus();
    expect([
      b.portIn(0x1f0, 1),
      b.portIn(0x1f0, 2),
      b.portIn(0x1f0, 4),
      b.mmioRead(0xd0000000, 4),
      b.mmioRead(0xd0000000, 2),
    ]).toEqual(
      [0xff, 0xffff, 0xffffffff, 0xffffffff, 0xffff], // biome-ignore format: a row
    );
    b.portOut(0x1f0, 1, 0);
    expect(notices.take()).toEqual([
      "read of port 0x1f0, where no device is: all ones (first at rip 0x1000)",
      "read of port 0x1f1, where no device is: all ones (first at rip 0x1000)",
      "read of port 0x1f2, where no device is: all ones (first at rip 0x1000)",
      "read of port 0x1f3, where no device is: all ones (first at rip 0x1000)",
      "read of physical address 0xd0000000, where no device is: all ones (first at rip 0x1000)",
      "write to port 0x1f0, where no device is: ignored (first at rip 0x1000)",
    ]);
    b.portIn(0x1f0, 1);
    expect(notices.take()).toEqual([]);
  });

  test("open ports as Firecracker has them: what the access before moved, so an absent RTC has an empty battery", () => {
    const b = new Bus(() => {}, "last");
    b.claimPorts(0x3fd, 0x3fd, { portRead: () => 0x60, portWrite: () => {} });
    b.portOut(0x70, 1, 0x0d); // RTC register D
    expect(b.portIn(0x71, 1)).toBe(0x0d); // bit 7, "valid RAM and time", is 0
    b.portIn(0x3fd, 1);
    expect(b.portIn(0x71, 1)).toBe(0x60);
    const other = new Bus(() => {}, "last");
    other.load(b.save());
    expect(other.portIn(0x71, 1)).toBe(0x60);
  });

  test("a wide access to 8-bit ports is several accesses, lowest first", () => {
    const { bus: b } = bus();
    const log: string[] = [];
    b.claimPorts(0x40, 0x43, {
      portRead: (port) => {
        log.push(`in ${port.toString(16)}`);
        return port;
      },
      portWrite: (port, value) => log.push(`out ${port.toString(16)} ${value.toString(16)}`),
    });
    b.portOut(0x40, 2, 0x1234);
    expect([b.portIn(0x40, 4), log]).toEqual([
      0x43424140,
      ["out 40 34", "out 41 12", "in 40", "in 41", "in 42", "in 43"],
    ]);
  });

  test("memory-mapped registers: parts of a register are read, writes must be aligned; peek has no side effects", () => {
    const { bus: b } = bus();
    const writes: number[] = [];
    b.map(0xfee00000, 0x1000, {
      read: (offset) => 0xaabbccd0 + offset / 16,
      peek: () => 0x11223344,
      write: (offset, value) => writes.push(offset, value),
    });
    expect([b.mmioRead(0xfee00020, 4), b.mmioRead(0xfee00021, 1), b.mmioRead(0xfee00022, 2)]).toEqual([
      0xaabbccd2, 0xcc, 0xaabb,
    ]);
    b.mmioWrite(0xfee00380, 4, -1);
    b.mmioWrite(0xfee00382, 2, 1);
    expect([writes, b.peekByte(0xfee00021), b.peekByte(0xfed00000)]).toEqual([
      [0x380, 0xffffffff],
      0x33,
      undefined,
    ]);
  });
});

describe("MSRs", () => {
  function msrs(deadline = false) {
    const moves: (number | undefined)[] = [];
    let tsc = 5n;
    const file = new MsrFile({
      bootProcessor: true,
      tsc: { read: () => tsc, write: (v) => { tsc = v; }, adjust: 0n, setAdjust: () => {} },
      ...(deadline ? { tscDeadline: { read: () => 0n, write: () => {} } } : {}),
      lapicMoved: (base) => moves.push(base),
    }); // biome-ignore format: short
    return { file, moves };
  }

  test.each([
    ["APIC base: BSP, enabled", MSR.APIC_BASE, 0xfee00900n],
    ["MTRRCAP: 8 variable ranges, fixed, WC", MSR.MTRRCAP, 0x508n],
    ["PAT at reset", MSR.PAT, 0x0007040600070406n],
    ["no machine-check banks", MSR.MCG_CAP, 0n],
    ["TSC", MSR.TSC, 5n],
    ["unknown", 0x1234, undefined],
    ["TSC deadline when not offered", MSR.TSC_DEADLINE, undefined],
  ])("read: %s", (_name, index, value) => {
    expect(msrs().file.read(index)).toBe(value);
  });

  test.each([
    ["x2APIC mode, which CPUID does not offer", MSR.APIC_BASE, 0xfee00d00n, false],
    ["APIC base moved", MSR.APIC_BASE, 0xfed00900n, true],
    ["PAT with a reserved type", MSR.PAT, 0x0207040600070406n, false],
    ["PAT as pmap_init_pat writes it", MSR.PAT, 0x0007010600070106n, true],
    ["MTRRCAP is read-only", MSR.MTRRCAP, 0n, false],
    ["fixed MTRR, write-back", MSR.MTRR_FIX64K_00000, 0x0606060606060606n, true],
    ["fixed MTRR, reserved type", MSR.MTRR_FIX64K_00000, 0x0206060606060606n, false],
    ["default type, enabled, write-back", MSR.MTRR_DEF_TYPE, 0xc06n, true],
    ["unknown", 0xc0011029, 0n, false],
  ])("write: %s", (_name, index, value, accepted) => {
    const { file } = msrs();
    const before = file.read(index);
    expect([file.write(index, value), file.read(index)]).toEqual([accepted, accepted ? value : before]);
  });

  test("clearing the APIC's enable bit takes its page away, and save/load brings it back", () => {
    const { file, moves } = msrs();
    const saved = file.save();
    file.write(MSR.APIC_BASE, 0xfee00000n);
    expect([moves, file.apicEnabled, file.read(MSR.APIC_BASE)]).toEqual([[undefined], false, 0xfee00100n]);
    file.load(saved);
    expect([moves, file.apicEnabled]).toEqual([[undefined, 0xfee00000], true]);
  });
});

describe("CPUID", () => {
  const on = { apicId: 0, apicEnabled: true, tscHz: 2_500_000_000 };
  const ascii = (...words: number[]) =>
    words
      .map((w) => String.fromCharCode(w & 255, (w >> 8) & 255, (w >> 16) & 255, w >>> 24))
      .join("")
      .replaceAll("\0", "");

  test("vendor, family 15, brand, hypervisor signature", () => {
    const [max, b, c, d] = cpuid(0, 0, DEFAULT_BOARD, on);
    expect([max, ascii(b, d, c)]).toEqual([7, "AuthenticAMD"]);
    expect((cpuid(1, 0, DEFAULT_BOARD, on)[0] >> 8) & 15).toBe(15);
    const brand = [0x80000002, 0x80000003, 0x80000004].flatMap((leaf) => [
      ...cpuid(leaf, 0, DEFAULT_BOARD, on),
    ]);
    expect(ascii(...brand)).toBe("Clockpath virtual CPU");
    expect(ascii(...cpuid(0x40000000, 0, DEFAULT_BOARD, on).slice(1))).toBe("TCGTCGTCGTCG");
  });

  test("switches show: hypervisor bit, invariant TSC, TSC deadline, APIC", () => {
    const bits = (board: Partial<typeof DEFAULT_BOARD>, apicEnabled = true) => {
      const all = { ...DEFAULT_BOARD, ...board };
      const [, , ecx, edx] = cpuid(1, 0, all, { ...on, apicEnabled });
      return [
        (ecx >>> 31) & 1,
        (ecx >>> 24) & 1,
        (edx >>> 9) & 1,
        (cpuid(0x80000007, 0, all, on)[3] >>> 8) & 1,
      ];
    };
    expect(bits({})).toEqual([1, 0, 1, 0]);
    expect(bits({ hypervisor: "", tscDeadline: true, tscInvariant: true }, false)).toEqual([0, 1, 0, 1]);
    expect(cpuid(0x40000000, 0, { ...DEFAULT_BOARD, hypervisor: "" }, on)).toEqual([0, 0, 0, 0]);
  });

  test("cpuid-timing: crystal and ratio (SDM 2, leaf 15H), MHz, and kHz under the hypervisor's signature", () => {
    const board = { ...DEFAULT_BOARD, cpuidTiming: true, lapicHz: 24_000_000 };
    const leaves = [0, 0x15, 0x16, 0x40000000, 0x40000010].map((leaf) => cpuid(leaf, 0, board, on));
    expect(leaves.map(([eax]) => eax)).toEqual([0x16, 6, 2500, 0x40000010, 2_500_000]);
    expect([leaves[1], leaves[4]]).toEqual([
      [6, 625, 24_000_000, 0],
      [2_500_000, 24_000, 0, 0],
    ]);
  });

  test("pvclock: KVM's features (both clocks, stable) in the leaf behind the signature", () => {
    const board = { ...DEFAULT_BOARD, ...parseMachineSwitches("pvclock=on").board };
    expect(ascii(...cpuid(0x40000000, 0, board, on).slice(1))).toBe("KVMKVMKVM");
    expect([cpuid(0x40000000, 0, board, on)[0], cpuid(0x40000001, 0, board, on)[0]]).toEqual([
      0x40000001, 0x01000009,
    ]);
  });

  test("a leaf that does not exist is zero", () => {
    expect([
      cpuid(0x15, 0, DEFAULT_BOARD, on),
      cpuid(0x40000010, 0, DEFAULT_BOARD, on),
      cpuid(0x8000001e, 0, DEFAULT_BOARD, on),
    ]).toEqual(Array(3).fill([0, 0, 0, 0]));
  });
});

describe("switches", () => {
  test("parse into options", () => {
    expect(parseMachineSwitches("pit=off,tsc-khz=2500000,hypervisor=KVMKVMKVM,pic=on")).toEqual({
      tscHz: 2_500_000_000,
      board: { pit: false, hypervisor: "KVMKVMKVM", pic: true },
    });
    expect(parseMachineSwitches("")).toEqual({ board: {} });
    expect(parseMachineSwitches("hypervisor=off").board.hypervisor).toBe("");
  });

  test("a preset comes first, wherever it stands", () => {
    const { board } = parseMachineSwitches("pic=off,preset=firecracker");
    expect(board).toMatchObject({ pic: false, rtc: false, pvclock: true, virtioPlaces: "firecracker" });
    expect(parseMachineSwitches("preset=qemu-microvm")).toEqual({ board: {} });
  });

  test.each([
    ["pit", 'Machine switch "pit": pit takes on or off.'],
    ["pit=no", 'Machine switch "pit=no": pit takes on or off.'],
    ["tsc-khz=2.5", 'Machine switch "tsc-khz=2.5": tsc-khz takes a whole number from 1 to 100000000.'],
    ["hypervisor=ThirteenChars", "hypervisor takes off, or a signature of at most 12 ASCII characters."],
    ["constructor=on", 'Unknown machine switch "constructor". Known: preset, cpus, quantum'],
  ])("%s", (text, message) => {
    expect(() => parseMachineSwitches(text)).toThrow(message);
  });
});

test.each([
  [{ memory: 1 << 20 }, "Memory: 1048576 bytes is not a whole number from 4194304 to 3221225472."],
  [{ memory: (4 << 20) + 1 }, "Memory: 4194305 bytes is not a multiple of 64 KiB."],
  [{ psPerInstruction: 0 }, "Time per instruction: 0 ps is not a whole number from 1 to 1000000000."],
  [{ tscHz: 0.5 }, "TSC frequency: 0.5 Hz is not a whole number"],
])("options out of range: %o", (options, message) => {
  expect(() => checkOptions({ kernel: new Uint8Array(), ...options })).toThrow(message);
});

describe("wires", () => {
  function chipset(board: Partial<typeof DEFAULT_BOARD> = {}) {
    const pins: string[] = [];
    const bus = new Bus(() => {});
    const events = new EventQueue(() => {});
    const clock = new VirtualClock(1000, () => 0, events);
    const host = {
      interrupt: (cpu: number, level: boolean) =>
        pins.push(`${cpu ? `${cpu}: ` : ""}${level ? "intr" : "-"}`),
      nonMaskable: () => pins.push("nmi"),
      init: (cpu: number) => pins.push(`${cpu}: init`),
      startUp: (cpu: number, vector: number) => pins.push(`${cpu}: sipi ${vector}`),
      reset: (how: string) => pins.push(how),
      exit: (status: number) => pins.push(`exit ${status}`),
      console: () => {},
      notice: () => {},
      memory: { bytes: new Uint8Array(), write: () => {} },
    };
    const facts = { tscHz: 1e9, memory: 256 << 20, cmdline: "", disks: [] };
    const chips = new Chipset({ ...DEFAULT_BOARD, ...board }, facts, clock, bus, host);
    const to = (ns: number) => {
      clock.skipTo(ns);
      events.fireDue(ns);
    };
    return { bus, chips, pins, to, last: () => pins.at(-1) };
  }

  test("the i8254 reaches I/O APIC pin 2 and the local APIC", () => {
    const { bus, chips, to, last } = chipset();
    bus.mmioWrite(0xfec00000, 4, 0x14);
    bus.mmioWrite(0xfec00010, 4, 0x61);
    bus.mmioWrite(0xfee000f0, 4, 0x1ff);
    bus.portOut(0x43, 1, 0x34);
    bus.portOut(0x40, 1, 0x9c);
    bus.portOut(0x40, 1, 0x2e);
    to(10_000_151);
    to(10_000_989);
    expect([last(), chips.acknowledge(), last(), chips.acknowledge()]).toEqual(["intr", 0x61, "-", -1]);
  });

  test("virtual wire through the I/O APIC: pin 0 as ExtINT brings the i8259's vector (MP specification 1.4, 3.6.2.2)", () => {
    const { bus, chips, to, last } = chipset({ pic: true });
    const redirect = (low: number) => {
      bus.mmioWrite(0xfec00000, 4, 0x10);
      bus.mmioWrite(0xfec00010, 4, low);
    };
    bus.mmioWrite(0xfee00350, 4, 0x10700); // LINT0 masked
    for (const [port, value] of [[0x20, 0x11], [0x21, 0x20], [0x21, 4], [0x21, 1]] as const) bus.portOut(port, 1, value); // biome-ignore format: short
    const oneShot = () => {
      bus.portOut(0x43, 1, 0x30);
      for (const byte of [0x10, 0]) bus.portOut(0x40, 1, byte);
    };
    oneShot();
    to(1_000_000);
    expect([last(), chips.acknowledge()]).not.toContain("intr"); // the pin is masked: the edge is lost
    redirect(0x700);
    bus.portOut(0x21, 1, 0xff);
    bus.portOut(0x21, 1, 0); // the request shows itself again: an edge
    expect([last(), chips.acknowledge(), last()]).toEqual(["intr", 0x20, "-"]);
    bus.portOut(0x20, 1, 0x20);
    oneShot();
    to(2_000_000);
    const copy = chipset({ pic: true });
    copy.chips.load(JSON.parse(JSON.stringify(chips.save())));
    expect([last(), chips.acknowledge(), copy.chips.acknowledge()]).toEqual(["intr", 0x20, 0x20]);
  });

  test("with pic=on it reaches the i8259 through LINT0 (virtual wire), and directly when the APIC is off", () => {
    const { bus, chips, to, last } = chipset({ pic: true });
    for (const [port, value] of [[0x20, 0x11], [0x21, 0x20], [0x21, 4], [0x21, 1]] as const) bus.portOut(port, 1, value); // biome-ignore format: short
    bus.portOut(0x43, 1, 0x30);
    bus.portOut(0x40, 2, 0x10); // only port 0x40 takes part of the word: the high byte goes to 0x41
    bus.portOut(0x40, 1, 0);
    to(1_000_000);
    expect([last(), chips.acknowledge()]).toEqual(["intr", 0x20]);
    bus.portOut(0x20, 1, 0x20);
    bus.mmioWrite(0xfee00350, 4, 0x10700);
    bus.portOut(0x43, 1, 0x30);
    bus.portOut(0x40, 1, 0x10);
    bus.portOut(0x40, 1, 0);
    to(2_000_000);
    expect([last(), chips.acknowledge()]).toEqual(["-", -1]);
    chips.local.msr.write(MSR.APIC_BASE, 0xfee00000n);
    expect([last(), chips.acknowledge()]).toEqual(["intr", 0x20]);
  });

  test("absent devices answer nothing; the reset ports ask for a reset", () => {
    const { bus, last } = chipset({ pit: false, rtc: false });
    expect([bus.portIn(0x40, 1), bus.portIn(0x71, 1), bus.portIn(0x20, 1)]).toEqual([0xff, 0xff, 0xff]);
    bus.portOut(0x64, 1, 0xfe);
    expect(last()).toBe("0xfe written to port 0x64");
    bus.portOut(0xcf9, 1, 6);
    expect(last()).toBe("0x6 written to port 0xcf9");
  });
});
