// Debug registers and single-stepping: SDM 3B chapter 17.2 and 17.3. Handlers halt: "#1 at +x" is #DB with its return address.

import { describe, expect, it } from "vitest";
import { DR } from "../../emulator/cpu/layout.ts";
import { CODE, DATA, exitText, longMode, type Setup, write64 } from "./fixture.ts";

const le32 = (value: number): string =>
  [0, 8, 16, 24].map((shift) => ((value >>> shift) & 255).toString(16).padStart(2, "0")).join("");
/** mov rax,imm32; mov DRn,rax: ten bytes. */
const setDr = (n: number, value: number): string =>
  `48c7c0${le32(value)} 0f23${(0xc0 | (n << 3)).toString(16)}`;
/** Length of the two MOV pairs in front of the code under test. */
const PREAMBLE = 20;
const dr = ({ cpu }: Setup, n: number): string =>
  new DataView(cpu.memory.buffer).getBigUint64(DR + n * 8, true).toString(16);

/** DR0 and DR7 set, then `code`, then HLT: where it stopped (relative to the code), and DR6. */
function run(dr0: number, dr7: number, code: string, prepare: (setup: Setup) => void = () => {}): string {
  const setup = longMode(`${setDr(0, dr0)} ${setDr(7, dr7)} ${code} f4`);
  prepare(setup);
  const text = exitText(setup.cpu, setup.cpu.run(1000));
  const at = /at \+([0-9a-f]+)/.exec(text);
  if (!at) return text;
  const where = Number.parseInt(at[1]!, 16) - PREAMBLE;
  return `${text.split(" ")[0]} at ${where} dr6 ${dr(setup, 6)}`;
}

/** DR7: breakpoint 0 locally enabled. Lengths of 1, 4 and 8 bytes are 0, 3, 2. */
const EXECUTE = 0x401;
const WRITE_4 = 0xd0401;
const ACCESS_4 = 0xf0401;
const ACCESS_8 = 0xb0401;
const PORT_1 = 0x20401;
const STORE = "c7 04 25 00 00 20 00 2a 00 00 00"; // mov dword [DATA],42
const LOAD = "8b 04 25 00 00 20 00"; // mov eax,[DATA]

describe("breakpoints", () => {
  it.each([
    ["on an instruction: a fault before it", CODE + PREAMBLE + 1, EXECUTE, "90 90", "#1 at 1 dr6 ffff0ff1"],
    ["on an instruction in the middle of what would be one block", CODE + PREAMBLE + 3, EXECUTE, "90 90 90 90 90", "#1 at 3 dr6 ffff0ff1"],
    ["on a write: a trap behind it", DATA, WRITE_4, `${STORE} 90`, "#1 at 11 dr6 ffff0ff1"],
    ["a write breakpoint does not see reads", DATA, WRITE_4, LOAD, "halt"],
    ["on any access: a read", DATA, ACCESS_4, `${LOAD} 90`, "#1 at 7 dr6 ffff0ff1"],
    ["the address counts from its aligned start (17.2.5)", DATA + 3, ACCESS_4, `${LOAD} 90`, "#1 at 7 dr6 ffff0ff1"],
    ["eight bytes", DATA - 4, ACCESS_8, `8b 04 25 fc ff 1f 00`, "#1 at 7 dr6 ffff0ff1"],
    ["beside the watched bytes", DATA + 4, ACCESS_4, LOAD, "halt"],
    ["another access in the page of the watched bytes", DATA + 0x800, ACCESS_4, `${STORE} ${LOAD}`, "halt"],
    ["a read-modify-write", DATA, WRITE_4, "ff 04 25 00 00 20 00 90", "#1 at 7 dr6 ffff0ff1"],
    ["not enabled in DR7", DATA, 0xf0400, LOAD, "halt"],
    ["on a port, without CR4.DE: the type is undefined", 0xe0, PORT_1, "e6 e0", "halt"],
  ])("%s", (_name, dr0, dr7, code, expected) => {
    expect(run(dr0, dr7, code)).toBe(expected);
  }); // biome-ignore format: a table

  it("on a port, with CR4.DE (17.2.4)", () => {
    const withDe = ({ cpu }: Setup) => cpu.setRegister("cr4", cpu.getRegister("cr4") | 8n);
    expect(run(0xe0, PORT_1, "e6 e0 90", withDe)).toBe("#1 at 2 dr6 ffff0ff1");
    expect(run(0xe4, PORT_1, "e6 e0 90", withDe)).toBe("halt");
  });

  it("RF lets one instruction pass its breakpoint, and is clear behind it (17.3.1.1)", () => {
    const { cpu } = longMode(`${setDr(0, CODE + PREAMBLE)} ${setDr(7, EXECUTE)} 90 90 f4`);
    cpu.run(4);
    cpu.setRegister("eflags", 0x10002n);
    expect(exitText(cpu, cpu.run(100))).toBe("halt");
    expect(cpu.getRegister("eflags") & 0x10000n).toBe(0n);
  });

  it("MOV SS holds a data breakpoint back until the instruction behind it has run (SDM 3A 6.8.3)", () => {
    const selector = ({ cpu }: Setup) => write64(cpu, DATA, 0x10n);
    expect(run(DATA, ACCESS_4, "8e 14 25 00 00 20 00 90 90", selector)).toBe("#1 at 8 dr6 ffff0ff1");
  });

  it("bits 3:0 of DR6 tell the causes of this #DB alone, BS stays (17.2.3)", () => {
    expect(run(DATA, ACCESS_4, `${setDr(6, 0x4002)} ${LOAD} 90`)).toBe("#1 at 17 dr6 ffff4ff1");
  });
});

describe("general detect (17.2.4)", () => {
  it("a MOV to or from a debug register faults, and delivery clears DR7.GD", () => {
    const setup = longMode(`${setDr(0, 0)} ${setDr(7, 0x2400)} 0f 21 f8 f4`);
    expect(exitText(setup.cpu, setup.cpu.run(100))).toBe(`#1 at +${PREAMBLE.toString(16)}`);
    expect([dr(setup, 6), dr(setup, 7)]).toEqual(["ffff2ff0", "400"]);
  });

  it("user code gets #GP(0) before that", () => {
    const { cpu } = longMode("0f 21 f8", true);
    expect(exitText(cpu, cpu.run(100))).toBe("#13 error 0 at +0");
  });
});

describe("single-stepping (17.3.1.4)", () => {
  /** pushf; pop rax; or ah,1; push rax; popf: seven bytes. */
  const TRAP = "9c 58 80 cc 01 50 9d";
  it.each([
    ["the trap comes behind the instruction after POPF", `${TRAP} 90 90`, "#1 at +8"],
    ["STI's shadow does not hold it back", `${TRAP} fb 90`, "#1 at +8"],
    ["MOV SS's shadow does", `b8 10 00 00 00 ${TRAP.replace("58", "59").replace("80 cc 01 50", "80 cd 01 51")} 8e d0 90 90`, "#1 at +f"],
    ["INT 3 clears TF in its handler", `${TRAP} cc`, "#3 at +8"],
    ["ICEBP is a trap and sets no bit of DR6", "f1 90", "#1 at +1"],
  ])("%s", (_name, code, expected) => {
    const { cpu } = longMode(`${code} f4`);
    expect(exitText(cpu, cpu.run(100))).toBe(expected);
  }); // biome-ignore format: a table

  it("a data breakpoint and TF together are one #DB", () => {
    expect(run(DATA, ACCESS_4, `${TRAP} ${LOAD} 90`)).toBe("#1 at 14 dr6 ffff4ff1");
  });
});
