// Virtual-8086 mode (SDM 3A 21.2, 21.3): entered by IRET, left by every interrupt and exception. The code ends with HLT, which is #GP there.

import { describe, expect, it } from "vitest";
import { bytes, type Setup, TSS, write64 } from "./fixture.ts";
import { legacyMode, legacyText, OTHER_TSS, TASK_CODE, word, words, writeTask } from "./legacy-fixture.ts";

const SEGMENT = 0x1100;
const VM = 0x20000;
const IOPL3 = 0x3000;

/** 16-bit code at SEGMENT:0 with DS 0x2200, SS:SP 0x3000:0x100; entered from level 0 by IRET. */
function v86(code: string, flags: number, prepare?: (setup: Setup) => void): Setup {
  const values = [0x2500, 0x2400, 0x2200, 0x2300, 0x3000, 0x100, VM | flags | 2, SEGMENT, 0];
  const push = values.map((value) => `68 ${Buffer.from(words(value)).toString("hex")}`).join(" ");
  const setup = legacyMode(`${push} cf`);
  setup.cpu.writeRam(SEGMENT << 4, bytes(`${code} f4`));
  prepare?.(setup);
  return setup;
}
function run(code: string, flags: number, shown = 0): string {
  const setup = v86(code, flags);
  return legacyText(setup, setup.cpu.run(1000), shown);
}

describe("what IOPL decides (SDM 3A 21.2.7)", () => {
  it.each([
    ["CLI", "fa"],
    ["STI", "fb"],
    ["PUSHF", "9c"],
    ["POPF", "9d"],
    ["INT n", "cd 80"],
    ["IRET", "cf"],
  ])("%s below IOPL 3 is #GP", (_name, code) => {
    expect(run(code, 0)).toBe("#13(0) at 0");
  });

  it.each([
    ["CLI clears IF", `fa`, 0x200, 0],
    ["STI sets it", `fb`, 0, 0x200],
    ["POPF changes IF, not IOPL, not VM", "68 00 02 9d", 0, 0x200], // push 0x200
  ])("IOPL 3: %s", (_name, code, before, after) => {
    const setup = v86(code, IOPL3 | before);
    expect(legacyText(setup, setup.cpu.run(1000))).toMatch(/^#13\(0\) at/);
    const pushed = word(setup, Number(setup.cpu.getRegister("rsp")) + 12);
    expect((pushed & (0x200 | IOPL3 | VM)).toString(16)).toBe((IOPL3 | VM | after).toString(16));
  });

  it("IRET returns within the mode", () => {
    expect(run("9c 68 00 11 68 09 00 cf f4 90", IOPL3)).toBe("#13(0) at a"); // pushf; push cs; push 9; iret
  });
});

describe("what it does not decide", () => {
  it.each([
    ["HLT", "f4", "#13(0) at 0"],
    ["MOV from CR0", "0f 20 c0", "#13(0) at 0"],
    ["LGDT", "0f 01 16 00 00", "#13(0) at 0"],
    ["SLDT is not there (SDM 2)", "0f 00 c0", "#6 at 0"],
    ["LAR", "0f 02 c0", "#6 at 0"],
    ["ARPL", "63 c0", "#6 at 0"],
    ["INT3 goes through its gate, whatever IOPL is", "cc", "#13(1a) at 0"],
    ["an offset behind 64 KiB", "bb ff ff 8b 07", "#13(0) at 3"],
  ])("%s", (_name, code, expected) => {
    expect(run(code, IOPL3)).toBe(expected);
  });

  it.each([
    ["its bit is clear", 0x00, "#13(0) at 2", ["in 1 80"]],
    ["its bit is set", 0x01, "#13(0) at 0", []],
  ])("IN goes by the I/O permission bit map alone: %s", (_name, bit, expected, log) => {
    const setup = v86("e4 80", IOPL3, ({ cpu }) => {
      cpu.setSegment("tr", { selector: 0x28, base: BigInt(TSS), limit: 0x7f, attributes: 0x8b });
      cpu.writeRam(TSS + 102, bytes("68 00"));
      cpu.writeRam(TSS + 0x68 + 0x80 / 8, Uint8Array.of(bit, 0xff));
    });
    expect([legacyText(setup, setup.cpu.run(1000)), setup.host.log]).toEqual([expected, log]);
  });
});

describe("addresses and transfers are those of the 8086 (SDM 3A 21.2.1)", () => {
  it("a selector is the base divided by 16", () => {
    const setup = v86("b8 60 22 8e d8 a0 05 00", 0, ({ cpu }) => cpu.writeRam(0x22605, Uint8Array.of(0x5a)));
    setup.cpu.run(1000);
    expect(setup.cpu.getRegister("rax") & 0xffn).toBe(0x5an);
  });

  it.each([
    ["far JMP", "ea 04 00 80 11", "#13(0) at 4"],
    ["far CALL", "9a 04 00 80 11", "#13(0) at 4"],
    ["RETF", "68 80 11 68 04 00 cb", "#13(0) at 4"],
  ])("%s", (_name, code, expected) => {
    const setup = v86(code, 0, ({ cpu }) => cpu.writeRam(0x11804, bytes("f4")));
    expect(legacyText(setup, setup.cpu.run(1000))).toBe(expected);
    expect(word(setup, Number(setup.cpu.getRegister("rsp")) + 8)).toBe(0x1180);
  });
});

describe("leaving it", () => {
  it("an interrupt pushes the data segments, and they become null (SDM 3A 21.3.1.1)", () => {
    const setup = v86("cd 80", IOPL3);
    const text = legacyText(setup, setup.cpu.run(1000), 9);
    expect(text).toBe("#128 | 10:rsp0-24 | 2 1100 23002 100 3000 2300 2200 2400 2500");
    expect(["ds", "es", "fs", "gs"].map((name) => setup.cpu.getRegister(name as "ds"))).toEqual([
      0n,
      0n,
      0n,
      0n,
    ]);
  });

  it("the handler has to be of level 0 (SDM 3A 21.3.1.1)", () => {
    const setup = v86("cd 80", IOPL3, ({ cpu }) =>
      write64(cpu, 0x7000 + 0x80 * 8, (0x50n << 16n) | (0xee00n << 32n) | (0x40n << 48n)),
    );
    expect(legacyText(setup, setup.cpu.run(1000))).toBe("#13(50) at 0");
  });

  it("IRET at level 3 does not enter it: VM stays clear", () => {
    const setup = legacyMode("68 02 00 02 00 6a 1b 68 10 00 10 00 cf", 3); // eflags with VM, cs, eip
    setup.cpu.run(4);
    expect(setup.cpu.getRegister("eflags") & BigInt(VM)).toBe(0n);
  });

  it("a task whose EFLAGS has VM starts in it (SDM 3A 21.2.5)", () => {
    const setup = legacyMode("ea 00 00 00 00 30 00");
    setup.cpu.writeRam(TASK_CODE & 0xfffff, bytes("f4"));
    writeTask(setup, OTHER_TSS, {
      eip: 0,
      eflags: VM | 2,
      esp: 0x100,
      segments: [0x2300, 0x1100, 0x3000, 0x2200, 0, 0],
    });
    setup.cpu.writeRam(0x11000, bytes("a0 05 00 f4"));
    setup.cpu.writeRam(0x22005, Uint8Array.of(0x77));
    expect(legacyText(setup, setup.cpu.run(100))).toContain("shutdown"); // its TSS has no stack for level 0
    expect(setup.cpu.getRegister("rax") & 0xffn).toBe(0x77n);
  });
});
