// Far transfers in 32-bit protected mode: call gates, far returns, IRET, interrupt gates. SDM 3A 5.8 and 6.12, SDM 2 CALL JMP RET IRET INT.
// "8:gate" is a HLT reached at GATE_CODE with CS 8; at level 3 that HLT is #GP, so "#13(0) at gate" tells that code ran there as a user.

import { describe, expect, it } from "vitest";
import { exitText, GDT, longMode, read64, write64 } from "./fixture.ts";
import { GATE_CODE, legacyMode, legacyRun, legacyText, place } from "./legacy-fixture.ts";

describe("far JMP and CALL (SDM 2 JMP, CALL; 3A 5.8.1)", () => {
  it.each([
    [
      "call of code at the same level pushes CS and EIP",
      "9a 00 00 19 00 08 00",
      0,
      2,
      "8:gate | 10:stack-8 | code+7 8",
    ],
    ["a null selector", "ea 00 00 19 00 00 00", 0, 0, "#13(0) at code"],
    ["a selector outside the table", "ea 00 00 19 00 00 10", 0, 0, "#13(1000) at code"],
    ["data is no target", "ea 00 00 19 00 10 00", 0, 0, "#13(10) at code"],
    ["code of an outer level is no target", "ea 00 00 19 00 18 00", 0, 0, "#13(18) at code"],
    ["code of an inner level is none either", "ea 00 00 19 00 08 00", 3, 0, "#13(8) at code"],
    ["conforming code runs at the caller's level", "ea 00 00 19 00 50 00", 3, 0, "#13(0) at gate"],
    ["conforming code keeps level 0", "ea 00 00 19 00 50 00", 0, 0, "50:gate"],
    ["a target behind the limit", "ea 00 00 01 00 58 00", 0, 0, "#13(0) at code"],
  ] as const)("%s", (_name, code, level, shown, expected) => {
    expect(legacyRun(code, level, shown)).toBe(expected);
  });
});

describe("call gates (SDM 3A 5.8.3 to 5.8.5)", () => {
  it.each([
    [
      "CALL to an inner level: stack of the TSS, old SS:ESP, parameters in their order, CS:EIP",
      "6a 11 6a 22 9a 00 00 00 00 3b 00",
      3,
      6,
      "8:gate | 10:rsp0-18 | code+b 1b 22 11 stack-8 23",
    ],
    [
      "CALL at the same level: no parameters, no stack",
      "9a 00 00 00 00 40 00",
      0,
      2,
      "8:gate | 10:stack-8 | code+7 8",
    ],
    ["JMP at the same level pushes nothing", "ea 00 00 00 00 40 00", 0, 1, "8:gate | 10:stack | 0"],
    ["JMP cannot go inwards", "ea 00 00 00 00 3b 00", 3, 0, "#13(8) at code"],
    ["the gate's level is inside the caller's", "9a 00 00 00 00 43 00", 3, 0, "#13(40) at code"],
    ["the selector's RPL counts like the caller's level", "9a 00 00 00 00 43 00", 0, 0, "#13(40) at code"],
    ["a gate not present", "9a 00 00 00 00 98 00", 0, 0, "#11(98) at code"],
    ["a gate to data", "9a 00 00 00 00 a0 00", 0, 0, "#13(10) at code"],
    [
      "a gate of the 80286: 2-byte pushes and a 16-bit offset",
      "9a 00 00 00 00 a8 00",
      0,
      1,
      "8:0 | 10:stack-4 | 80007",
    ],
  ] as const)("%s", (_name, code, level, shown, expected) => {
    expect(legacyRun(code, level, shown)).toBe(expected);
  });

  it("a TSS too short for SS0:ESP0 is #TS, which cannot be delivered without it either", () => {
    const setup = legacyMode("9a 00 00 00 00 3b 00", 3);
    setup.cpu.setSegment("tr", { selector: 0x28, base: 0x8000n, limit: 7, attributes: 0x8b });
    expect(legacyText(setup, setup.cpu.run(100))).toContain("triple fault: exception 10");
  });

  it.each([
    [
      "to an inner level: RSP0, a null SS, eight bytes each",
      0xec,
      0,
      "cs 8 ss 0 rsp rsp0-20: code+7 2b stack 23",
    ],
    ["the type of the upper half must be 0", 0xec, 0x1f, "#13(50)"],
    ["a gate to 32-bit code", 0xec, -1, "#13(18)"],
  ])("in IA-32e mode a gate has 16 bytes (SDM 3A 5.8.3.1): %s", (_name, access, upper, expected) => {
    const { cpu } = longMode("ff 1c 25 08 00 10 00 90 00 00 00 00 53 00", true); // callf [code+8]
    const selector = upper < 0 ? 0x18n : 8n;
    write64(
      cpu,
      GDT + 0x50,
      (selector << 16n) | (BigInt(access) << 40n) | (BigInt(GATE_CODE >> 16) << 48n),
      BigInt(Math.max(upper, 0)) << 40n,
    );
    cpu.setDescriptorTable("gdtr", BigInt(GDT), 0x5f);
    cpu.writeRam(GATE_CODE, Uint8Array.of(0xf4));
    const fault = exitText(cpu, cpu.run(10));
    const hex = (name: "cs" | "ss") => cpu.getRegister(name).toString(16);
    const sp = Number(cpu.getRegister("rsp"));
    const stack = [0, 8, 16, 24].map((offset) => place(Number(read64(cpu, sp + offset))));
    const text = `cs ${hex("cs")} ss ${hex("ss")} rsp ${place(sp)}: ${stack.join(" ")}`;
    expect(fault.startsWith("#") ? fault.replace(/^(#\d+) error (\w+).*/, "$1($2)") : text).toBe(expected);
  });
});

describe("far RET and IRET (SDM 2 RET, IRET; 3A 5.8.6)", () => {
  it.each([
    ["RETF to the same level", "6a 08 68 00 00 19 00 cb", 0, 0, "8:gate"],
    ["RETF outwards takes SS:ESP", "6a 23 68 f0 ff 2f 00 6a 1b 68 00 00 19 00 cb", 0, 0, "#13(0) at gate"],
    [
      "RETF n outwards drops the parameters of both stacks",
      "6a 23 68 f0 ff 2f 00 6a 00 6a 00 6a 1b 68 00 00 19 00 ca 08 00",
      0,
      0,
      "#13(0) at gate",
    ],
    [
      "RETF outwards to a stack of another level",
      "6a 20 68 f0 ff 2f 00 6a 1b 68 00 00 19 00 cb",
      0,
      0,
      "#13(20) at code+e",
    ],
    ["RETF inwards", "6a 08 68 00 00 19 00 cb", 3, 0, "#13(8) at code+7"],
    ["IRET outwards", "6a 23 68 f0 ff 2f 00 68 02 02 00 00 6a 1b 68 00 00 19 00 cf", 0, 0, "#13(0) at gate"],
    [
      "IRET to a segment not present is #GP: it is data",
      "6a 02 68 88 00 00 00 68 00 00 19 00 cf",
      0,
      0,
      "#13(88) at code+c",
    ],
  ] as const)("%s", (_name, code, level, shown, expected) => {
    expect(legacyRun(code, level, shown)).toBe(expected);
  });

  it("segments of an inner level become null on the way out (SDM 3A 5.8.6)", () => {
    const setup = legacyMode("6a 23 68 f0 ff 2f 00 6a 1b 68 00 00 19 00 cb");
    setup.cpu.run(5);
    expect(["ds", "es", "ss", "cs"].map((name) => setup.cpu.getRegister(name as "ds"))).toEqual([
      0n,
      0n,
      0x23n,
      0x1bn,
    ]);
    expect(place(Number(setup.cpu.getRegister("rsp")))).toBe("stack-10");
  });
});

describe("interrupt gates (SDM 3A 6.12.1)", () => {
  it.each([
    ["at the same level: EFLAGS CS EIP", "cd 80", 0, 3, "#128 | 10:stack-c | code+2 8 2"],
    ["to an inner level: SS:ESP too", "cd 80", 3, 5, "#128 | 10:rsp0-14 | code+2 1b 2 stack 23"],
    ["a gate of level 0 is not for INT at level 3", "cd 70", 3, 0, "#13(382) at code"],
    ["INT3 needs a gate of level 3 too", "cc", 3, 0, "#13(1a) at code"],
    ["INT1 does not (SDM 2 INT1)", "f1", 3, 0, "#1 at code+1"],
    ["a 16-bit gate pushes words", "cd 82", 0, 2, "8:820 | 10:stack-6 | 80002 2"],
    ["a vector behind the IDT's limit", "0f 01 1d 20 00 10 00 cd 80", 0, 0, "shutdown"],
  ] as const)("%s", (_name, code, level, shown, expected) => {
    expect(legacyRun(code, level, shown)).toContain(expected);
  });

  it.each([
    ["an interrupt gate clears IF", "80", "0"],
    ["a trap gate keeps it", "81", "200"],
  ])("%s", (_name, vector, expected) => {
    const { cpu } = legacyMode(`fb cd ${vector}`);
    cpu.run(2);
    expect((cpu.getRegister("eflags") & 0x200n).toString(16)).toBe(expected);
  });

  it("a handler's code segment outside the caller's level is #GP, and here for #GP too", () => {
    const { cpu } = legacyMode("cd 80");
    write64(cpu, GDT + 8, 0x00cffb000000ffffn); // the handlers' code becomes user code
    expect(cpu.run(10)).toMatchObject({ kind: "shutdown" });
  });
});
