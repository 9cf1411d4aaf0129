// Privileged and descriptor instructions that the oracle on the host's processor cannot run (test/cpu/oracle/rows.ts): effects, and who may.
// Columns: what, bytes, registers that changed, what it ended with. SDM 2 unless another place is named. HLT follows the bytes.

import { describe, expect, it } from "vitest";
import type { RegisterName } from "../../emulator/cpu/registers.ts";
import {
  bytes,
  longMode,
  outcome,
  protectedMode,
  registers,
  runText,
  type Setup,
  setGate,
  TSS,
  write64,
} from "./fixture.ts";

const user = (code: string): Setup => longMode(code, true);
/** Registers that changed, then where it ended; what the board saw, joined behind. */
const lines = (text: string): string =>
  text
    .split("\n")
    .join(" / ")
    .replace(/ ?flags=\S+/, "");
const mov = (register: "a" | "c" | "d", value: number): string =>
  `${{ a: "b8", c: "b9", d: "ba" }[register]} ${bytesOf(value)}`;
const bytesOf = (value: number): string =>
  Buffer.from(new Uint8Array(Uint32Array.of(value).buffer)).toString("hex");

describe("control registers (SDM 3A 2.5)", () => {
  it.each([
    [
      "CLTS clears TS and nothing else",
      "0f 20 c0 0c 08 0f 22 c0 0f 06 0f 20 c3",
      "rax=8001003b rbx=80010033",
    ],
    ["LMSW sets PE MP EM TS, and cannot clear PE", `${mov("a", 0)} 0f 01 f0 0f 20 c3`, "rbx=80010031"],
    ["SMSW r32 reads all of CR0", "0f 01 e0", "rax=80010033"],
    ["MOV CR8 takes bits 3:0", `${mov("a", 0x10)} 44 0f 22 c0`, "#13"],
    ["CR1 is not there", "0f 22 c8", "#6"],
    ["CR0 bits 63:32", "48 b8 00 00 00 00 01 00 00 00 0f 22 c0", "#13"],
    ["PG without PE", `${mov("a", 0x80000010)} 0f 22 c0`, "#13"],
    ["NW without CD", `${mov("a", 0xa0010033)} 0f 22 c0`, "#13"],
    ["paging off in 64-bit code", `${mov("a", 0x00010033)} 0f 22 c0`, "#13"],
    ["CR4.PAE off in IA-32e mode", `${mov("a", 0x680)} 0f 22 e0`, "#13"],
    ["CR4.VME: not there", `${mov("a", 0x6a1)} 0f 22 e0`, "#13"],
    ["EFER.LME while paging is on", `${mov("c", 0xc0000080)} ${mov("a", 0xc01)} 31 d2 0f 30`, "#13"],
    ["EFER's reserved bits", `${mov("c", 0xc0000080)} ${mov("a", 0x1d01)} 31 d2 0f 30`, "#13"],
    ["LSTAR that is not canonical", `${mov("c", 0xc0000082)} ${mov("d", 0x8000)} 0f 30`, "#13"],
    ["RDMSR of EFER", `${mov("c", 0xc0000080)} 0f 32`, "rax=d01 rcx=c0000080"],
  ])("%s", (_name, code, expected) => {
    expect(runText(code)).toContain(expected);
  });
});

describe("debug registers (SDM 3B 17.2)", () => {
  it.each([
    ["DR6 and DR7 at reset", "0f 21 f0 0f 21 fb", "rax=ffff0ff0 rbx=400"],
    [
      "fixed bits of DR7: 10 is 1; 11, 12, 14 and 15 are 0",
      `${mov("a", 0xffffdfff)} 0f 23 f8 0f 21 fb`,
      "rbx=ffff07ff",
    ],
    ["DR4 is DR6 without CR4.DE", "0f 21 e0", "rax=ffff0ff0"],
    ["with it, #UD", `${mov("a", 0x6a8)} 0f 22 e0 0f 21 e3`, "#6"],
    ["DR7 bits 63:32", "48 b8 00 00 00 00 01 00 00 00 0f 23 f8", "#13"],
    ["GD: the next access is #DB", `${mov("a", 0x2400)} 0f 23 f8 0f 21 f8`, "#1 at +8"],
  ])("%s", (_name, code, expected) => {
    expect(runText(code)).toContain(expected);
  });
});

describe("at level 3", () => {
  it.each([
    ["CLTS", "0f 06"],
    ["LMSW", "0f 01 f0"],
    ["INVD", "0f 08"],
    ["WBINVD", "0f 09"],
    ["INVLPG", "0f 01 3c 25 00 00 20 00"],
    ["MOV from DR7", "0f 21 f8"],
    ["MOV to CR8", "44 0f 22 c0"],
    ["RDMSR", "0f 32"],
    ["WRMSR", "0f 30"],
    ["RDPMC without CR4.PCE", "0f 33"],
    ["LGDT", "0f 01 14 25 00 00 20 00"],
    ["LIDT", "0f 01 1c 25 00 00 20 00"],
    ["LLDT", "0f 00 d0"],
    ["LTR", "0f 00 d8"],
    ["SWAPGS", "0f 01 f8"],
    ["SYSRET", "48 0f 07"],
    ["SYSEXIT", "0f 35"],
    ["STI with IOPL 0", "fb"],
    ["IN", "ec"],
    ["INSB", "6c"],
    ["OUTSB", "6e"],
  ])("%s is #GP(0)", (_name, code) => {
    expect(runText(code, user)).toContain("#13 error 0 at +0");
  });

  it.each([
    ["SMSW", "0f 01 e0", "rax=80010033"],
    ["SLDT", "0f 00 c0", ""],
    ["STR", "0f 00 c8", "rax=30"],
    ["SGDT", "0f 01 04 25 00 00 20 00", ""],
  ])("%s is for everyone, and with CR4.UMIP #GP(0)", (_name, code, changed) => {
    expect(lines(runText(code, user))).toContain(changed);
    const strict = (hex: string): Setup => {
      const setup = longMode(hex, true);
      setup.cpu.setRegister("cr4", setup.cpu.getRegister("cr4") | 0x800n);
      return setup;
    };
    expect(runText(code, strict)).toContain("#13 error 0 at +0");
  });
});

describe("GS and the fast system calls", () => {
  const set = (setup: Setup, name: "fs" | "gs", base: bigint) =>
    setup.cpu.setSegment(name, { selector: 0, base, limit: 0xffffffff, attributes: 0xc093 });

  it("SWAPGS exchanges GS.base and KERNEL_GS_BASE", () => {
    const setup = longMode(`${mov("c", 0xc0000102)} ${mov("a", 0x1234)} 31 d2 0f 30 0f 01 f8 f4`);
    set(setup, "gs", 0x5678n);
    setup.cpu.run(100);
    expect(setup.cpu.getSegment("gs").base).toBe(0x1234n);
  });

  it("SYSCALL: RCX, R11, LSTAR, SFMASK, CS and SS from STAR 47:32; SYSRET: back by 63:48, level 3", () => {
    // wrmsr STAR, LSTAR = code+44, SFMASK = IF; then sysret to user code at code+80, whose syscall comes to code+44
    const wrmsr = (index: number, low: number, high: number) =>
      `${mov("c", index)} ${mov("a", low)} ${mov("d", high)} 0f 30`;
    const setup = longMode(
      `${wrmsr(0xc0000081, 0, 0x00180008)} ${wrmsr(0xc0000082, 0x100080, 0)} ${wrmsr(0xc0000084, 0x200, 0)} ${mov("c", 0x1000c0)} 49 c7 c3 02 02 00 00 48 0f 07`,
    );
    setup.cpu.writeRam(0x100080, bytes("f4"));
    setup.cpu.writeRam(0x1000c0, bytes("0f 05"));
    setup.cpu.run(15);
    const at = (name: RegisterName) => setup.cpu.getRegister(name).toString(16);
    expect(["rip", "cs", "ss", "eflags"].map((name) => at(name as RegisterName))).toEqual([
      "1000c0",
      "2b",
      "23",
      "202",
    ]);
    expect(setup.cpu.run(100).kind).toBe("halt");
    expect(["rip", "cs", "ss", "eflags", "rcx", "r11"].map((name) => at(name as RegisterName))).toEqual([
      "100081",
      "8",
      "10",
      "2",
      "1000c2",
      "202",
    ]);
  });

  it("SYSCALL without EFER.SCE is #UD", () => {
    const off = (code: string): Setup => {
      const setup = longMode(code);
      setup.cpu.setRegister("efer", 0xd00n);
      return setup;
    };
    expect(runText("0f 05", off)).toContain("#6 at +0");
  });

  it("SYSENTER with a null IA32_SYSENTER_CS is #GP(0)", () => {
    expect(runText("0f 34", user)).toContain("#13 error 0 at +0");
  });
});

describe("descriptor instructions", () => {
  it.each([
    ["LAR of 64-bit code: access rights and flags", `${mov("c", 8)} 0f 02 c1`, "rax=af9b00"],
    ["LAR of nothing leaves the register", `${mov("c", 0xf8)} ${mov("a", 7)} 0f 02 c1`, "rax=7"],
    ["LSL in bytes", `${mov("c", 0x10)} 0f 03 c1`, "rax=ffffffff"],
    ["LSL of a TSS", `${mov("c", 0x30)} 0f 03 c1`, "rax=67"],
    ["STR", "0f 00 c8", "rax=30"],
    [
      "SGDT stores 10 bytes",
      "0f 01 04 25 00 00 20 00 48 8b 04 25 02 00 20 00 0f b7 1c 25 00 00 20 00",
      "rax=6000 rbx=4f",
    ],
    ["LLDT of null", "31 c0 0f 00 d0 0f 00 c3", "halt"],
    ["LLDT of code", `${mov("a", 8)} 0f 00 d0`, "#13 error 8"],
    ["LTR of a busy TSS", `${mov("a", 0x30)} 0f 00 d8 0f 00 d8`, "#13 error 30 at +8"],
    ["LTR of null", "31 c0 0f 00 d8", "#13 error 0"],
    ["MOV to CS", `${mov("a", 8)} 8e c8`, "#6"],
    ["MOV SS, null at level 0 of 64-bit code", "31 c0 8e d0", "halt"],
    ["MOV SS, data of another level", `${mov("a", 0x23)} 8e d0`, "#13 error 20"],
    ["MOV FS, read-only would do; execute-only not: SYS", `${mov("a", 0x30)} 8e e0`, "#13 error 30"],
    ["PUSH FS, POP GS", `${mov("a", 0x10)} 8e e0 0f a0 0f a9 8c eb`, "rbx=10"],
    [
      "LFS: offset, then selector",
      "c7 04 25 04 00 20 00 10 00 00 00 c7 04 25 00 00 20 00 78 56 34 12 0f b4 04 25 00 00 20 00 8c e3",
      "rax=12345678 rbx=10",
    ],
    [
      "LSS to a selector of another level faults before RSP changes",
      "c7 04 25 04 00 20 00 23 00 00 00 0f b2 24 25 00 00 20 00",
      "#13 error 20 at +b",
    ],
    ["INT1 is not checked against the gate's level", "f1", "#1 at +1"],
  ])("%s", (_name, code, expected) => {
    expect(runText(code)).toContain(expected);
  });

  it.each([
    ["VERR of readable code", 0x08, "0f 00 e1", "Z"],
    ["VERW of code", 0x08, "0f 00 e9", "-"],
    ["VERW of data", 0x10, "0f 00 e9", "Z"],
    ["VERR of a TSS", 0x30, "0f 00 e1", "-"],
  ])("%s", (_name, selector, code, flags) => {
    expect(runText(`31 c0 ff c0 ${mov("c", selector)} ${code}`)).toContain(`flags=${flags}`);
  });

  it.each([
    ["PUSH CS pushes four bytes", "0e", "rsp=2ffffc flags=- / halt"],
    ["PUSH ES, POP DS", "06 1f 8c d8", "rax=10 flags=- / halt"],
    [
      "LES: offset, then selector",
      "c7 05 04 00 20 00 48 00 00 00 31 c0 8e c0 c7 05 04 00 20 00 10 00 00 00 c4 05 00 00 20 00 8c c3",
      "rbx=10 flags=PZ / halt",
    ],
    ["POP SS to null is #GP(0): there is no IDT, so it ends here", "6a 00 17", "triple fault"],
  ])("in 32-bit code: %s", (_name, code, expected) => {
    const setup = protectedMode(`${code} f4`);
    const before = registers(setup.cpu);
    const text = outcome(setup, setup.cpu.run(100), before).split("\n").join(" / ");
    expect(text).toContain(expected);
  });
});

describe("ports (SDM 1 19.5)", () => {
  it.each([
    ["IN AL, imm8", "e4 70", "rax=5a / halt / in 1 70"],
    ["IN EAX, DX", `${mov("d", 0x3f8)} ed`, "rax=ffffffff rdx=3f8 / halt / in 4 3f8"],
    ["OUT imm8, EAX", `${mov("a", 0x12345678)} e7 80`, "rax=12345678 / halt / out 4 80: 12345678"],
    ["OUTSW", `${mov("d", 0x80)} be 00 00 20 00 66 6f`, "rdx=80 rsi=200002 / halt / out 2 80: 0"],
    [
      "REP INSB",
      `${mov("d", 0x70)} ${mov("c", 2)} bf 00 00 20 00 f3 6c 8b 04 25 00 00 20 00`,
      "rax=5a5a rdx=70 rdi=200002 / halt / in 1 70 / in 1 70",
    ],
  ])("%s", (_name, code, expected) => {
    const make = (hex: string): Setup => {
      const setup = longMode(hex);
      setup.host.ports.set(0x70, 0x5a);
      return setup;
    };
    expect(lines(runText(code, make))).toBe(expected);
  });

  it.each([
    ["allowed by the bit map", 0x70, "#13 error 0 at +2", ["in 1 70"]], // then HLT is #GP
    ["not allowed", 0x71, "#13 error 0 at +0", []],
  ])("at level 3, %s", (_name, port, expected, log) => {
    const setup = longMode(`e4 ${port.toString(16)} f4`, true);
    setup.cpu.setSegment("tr", { selector: 0x30, base: BigInt(TSS), limit: 0x8f, attributes: 0x8b });
    const map = new Uint8Array(0x20).fill(0xff);
    map[0x70 >> 3] = 0xfe;
    setup.cpu.writeRam(TSS + 0x68, map);
    const exit = setup.cpu.run(10);
    expect([outcome(setup, exit, new Map()).split("\n")[1], setup.host.log]).toEqual([expected, log]);
  });

  it("a bit map that ends before the port denies it", () => {
    const setup = longMode("e4 70 f4", true);
    setup.cpu.setSegment("tr", { selector: 0x30, base: BigInt(TSS), limit: 0x75, attributes: 0x8b });
    setup.cpu.writeRam(TSS + 0x68, new Uint8Array(0x20));
    expect(outcome(setup, setup.cpu.run(10), new Map()).split("\n")[1]).toBe("#13 error 0 at +0");
  });
});

describe("gates of IA-32e mode (SDM 3A 6.14)", () => {
  it.each([
    ["INT3 at level 3 needs a gate of level 3", 0, "#13 error 1a at +0"],
    ["and has it", 3, "#3 at +1"],
  ])("%s", (_name, dpl, expected) => {
    const make = (hex: string): Setup => {
      const setup = longMode(hex, true);
      setGate(setup.cpu, 3, 0x400030, 0, dpl);
      return setup;
    };
    expect(runText("cc", make)).toContain(expected);
  });

  it("RSP of an inner handler that is not canonical: #SS, and again #SS: double fault, shutdown", () => {
    const setup = longMode("0f 0b", true);
    write64(setup.cpu, TSS + 4, 0x8000_0000_0010n);
    expect(setup.cpu.run(10)).toMatchObject({
      kind: "shutdown",
      message: expect.stringContaining("exception 12"),
    });
  });
});
