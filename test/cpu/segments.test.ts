// Segment limits and types outside 64-bit mode (SDM 3A 5.3, 5.5), and alignment checks (SDM 3A 6.15, #AC).
// DS is 4 KiB at WINDOW, of the kind that each table says; ES and CS are flat.

import { describe, expect, it } from "vitest";
import { exitText, longMode } from "./fixture.ts";
import { legacyMode, legacyText } from "./legacy-fixture.ts";

/** mov ds, ax first, so that code begins at code+6. */
function inSegment(selector: number, code: string): string {
  const setup = legacyMode(`66 b8 ${selector.toString(16).padStart(2, "0")} 00 8e d8 ${code}`);
  return legacyText(setup, setup.cpu.run(1000));
}
const fault = (selector: number, code: string) => inSegment(selector, code).replace("at code+", "at +");

describe("the limit is that of the last byte", () => {
  it.each([
    ["mov eax, [ffc]", "a1 fc 0f 00 00", "8:code+b"],
    ["mov eax, [ffd]", "a1 fd 0f 00 00", "#13(0) at +6"],
    ["mov al, [fff]", "a0 ff 0f 00 00", "8:code+b"],
    ["mov [ffd], eax", "a3 fd 0f 00 00", "#13(0) at +6"],
    ["push [ffd]", "ff 35 fd 0f 00 00", "#13(0) at +6"],
    ["push [ffc]", "ff 35 fc 0f 00 00", "8:code+c"],
    ["pop [ffd]", "8f 05 fd 0f 00 00", "#13(0) at +6"],
    ["pop [ffc]", "8f 05 fc 0f 00 00", "8:code+c"],
    ["add [fff], ax", "66 01 05 ff 0f 00 00", "#13(0) at +6"],
    ["jmp [ffd]", "ff 25 fd 0f 00 00", "#13(0) at +6"],
    ["lgdt [ffb]", "0f 01 15 fb 0f 00 00", "#13(0) at +6"],
    ["cmpxchg8b [ff9]", "0f c7 0d f9 0f 00 00", "#13(0) at +6"],
    ["mov esi, ffd; lodsd", "be fd 0f 00 00 ad", "#13(0) at +b"],
    [
      "rep movsd stops at the element that does not fit",
      "be f0 0f 00 00 bf 00 00 20 00 b9 08 00 00 00 f3 a5",
      "#13(0) at +15",
    ],
  ])("%s", (_name, code, expected) => {
    expect(fault(0x60, code)).toBe(expected);
  });

  it("the faulting REP has done what fitted", () => {
    const setup = legacyMode("66 b8 60 00 8e d8 be f0 0f 00 00 bf 00 00 20 00 b9 08 00 00 00 f3 a5");
    setup.cpu.run(1000);
    expect(["rsi", "rdi", "rcx"].map((name) => setup.cpu.getRegister(name as "rsi").toString(16))).toEqual([
      "1000",
      "200010",
      "4",
    ]);
  });

  it.each([
    ["an expand-down segment begins behind its limit", "a0 ff 0f 00 00", "#13(0) at +6"],
    ["and ends with the address space", "a1 00 10 00 00", "8:code+b"],
    ["at its last byte", "a0 ff ff ff ff", "8:code+b"],
  ])("%s", (_name, code, expected) => {
    expect(fault(0x68, code)).toBe(expected);
  });

  it.each([
    ["push beyond the limit", "bc 02 10 00 00 50"],
    ["push below 0", "bc 02 00 00 00 50"],
    ["pop of the last two bytes", "bc fe 0f 00 00 58"],
    ["mov eax, [ebp] beyond it", "bd fd 0f 00 00 8b 45 00"],
  ])("the stack segment's faults are #SS: %s", (_name, code) => {
    const setup = legacyMode(`66 b8 63 00 8e d0 ${code}`, 3);
    expect(legacyText(setup, setup.cpu.run(1000))).toBe("#12(0) at code+b");
  });
});

describe("the type of the segment", () => {
  it.each([
    ["reading read-only data", 0x70, "a0 10 00 00 00", "8:code+b"],
    ["writing it", 0x70, "a2 10 00 00 00", "#13(0) at +6"],
    ["read, modify, write of it", 0x70, "80 05 10 00 00 00 01", "#13(0) at +6"],
    ["reading code through CS", 0x10, "2e a0 00 00 10 00", "8:code+c"],
    ["writing code", 0x10, "2e a2 00 00 20 00", "#13(0) at +6"],
    ["loading execute-only code into DS", 0x78, "90", "#13(78) at +4"],
    ["a null selector may be loaded", 0x00, "90", "8:code+7"],
    ["but not used", 0x00, "a0 00 00 00 00", "#13(0) at +6"],
    [
      "stosd to a segment that may not be written",
      0x10,
      "66 b8 70 00 8e c0 bf 10 00 00 00 ab",
      "#13(0) at +11",
    ],
  ])("%s", (_name, selector, code, expected) => {
    expect(fault(selector, code)).toBe(expected);
  });
});

describe("alignment (SDM 3A 6.15, #AC): CR0.AM, EFLAGS.AC and level 3 together", () => {
  const AM = 1n << 18n, AC = 1n << 18n; // biome-ignore format: two bits of one number
  function run(code: string, user: boolean, am: bigint, ac: bigint): string {
    const { cpu } = longMode(code, user);
    cpu.setRegister("cr0", cpu.getRegister("cr0") | am);
    cpu.setRegister("eflags", cpu.getRegister("eflags") | ac);
    return exitText(cpu, cpu.run(100));
  }
  // HLT behind the code is #GP at level 3.
  it.each([
    ["mov eax, [1]", "8b 04 25 01 00 20 00", "#17 error 0 at +0"],
    ["mov eax, [4]", "8b 04 25 04 00 20 00", "#13 error 0 at +7"],
    ["mov al, [1]", "8a 04 25 01 00 20 00", "#13 error 0 at +7"],
    ["mov ax, [1]", "66 8b 04 25 01 00 20 00", "#17 error 0 at +0"],
    ["mov rax, [4]", "48 8b 04 25 04 00 20 00", "#17 error 0 at +0"],
    ["lock add [1], eax", "f0 01 04 25 01 00 20 00", "#17 error 0 at +0"],
    ["movups of 8-byte alignment", "0f 10 04 25 08 00 20 00", "#13 error 0 at +8"],
    ["movups of none", "0f 10 04 25 01 00 20 00", "#17 error 0 at +0"],
    ["movaps is #GP first", "0f 28 04 25 08 00 20 00", "#13 error 0 at +0"],
    ["push", "48 c7 c4 f1 ff 2f 00 50", "#17 error 0 at +7"],
  ])("%s", (_name, code, expected) => {
    expect(run(`${code} f4`, true, AM, AC)).toBe(expected);
  });

  it.each([
    ["level 0", false, AM, AC, "halt"],
    ["CR0.AM = 0", true, 0n, AC, "#13 error 0 at +7"],
    ["EFLAGS.AC = 0", true, AM, 0n, "#13 error 0 at +7"],
  ] as const)("not with %s", (_name, user, am, ac, expected) => {
    expect(run("8b 04 25 01 00 20 00 f4", user, am, ac)).toBe(expected);
  });

  it("POPF turns it on for the next instruction, and off", () => {
    const setAc = "9c 81 0c 24 00 00 04 00 9d"; // pushf; or dword [rsp], AC; popf
    const clearAc = "9c 81 24 24 ff ff fb ff 9d";
    const load = "8b 04 25 01 00 20 00";
    expect(run(`${load} ${setAc} ${load} f4`, true, AM, 0n)).toBe("#17 error 0 at +10");
    expect(run(`${setAc} ${clearAc} ${load} f4`, true, AM, 0n)).toBe("#13 error 0 at +19");
  });
});
