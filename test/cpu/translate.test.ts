// Translated code does what the interpreter does: equal hashes at every step, whenever code is translated; every row of the opcode table
// once more through the translator; random loops, because what is known about flags and registers runs on from one instruction to the next.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bundledGuestPath, loadCpuModule } from "../../emulator/assets.ts";
import type { Cpu } from "../../emulator/cpu/cpu.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { bytes, CODE, DATA, exitText, longMode, type Setup } from "./fixture.ts";
import { readCases } from "./oracle/casefile.ts";
import { report } from "./oracle/compare.ts";
import { Core } from "./oracle/core.ts";
import { Random } from "./oracle/random.ts";
import { recordedRows } from "./oracle/rows.ts";
import { fromLine } from "./oracle/state.ts";

/** Never, at the first execution, early, and when most of a run is over. */
const MOMENTS = [0, 1, 40, 900];

describe("the bundled guest", () => {
  test("has equal hashes whenever its code is translated", { timeout: 120_000 }, () => {
    const kernel = readFileSync(bundledGuestPath());
    const machines = MOMENTS.map((after) =>
      createMachine(loadCpuModule(), { kernel, memory: 16 << 20, translateAfter: after }),
    );
    const distinct = new Set<string>();
    for (let at = 0; at < 2_000_000; at += 100_000) {
      const hashes = machines.map((machine) => {
        while (machine.instructions < at + 100_000) machine.run(at + 100_000 - machine.instructions);
        return machine.stateHash();
      });
      expect(new Set(hashes).size, `after ${at + 100_000} instructions`).toBe(1);
      distinct.add(hashes[0]!);
    }
    expect(distinct.size).toBe(20);
  });
});

describe("rows of the opcode table", () => {
  const core = new Core(new WebAssembly.Module(readFileSync(path.resolve("dist/cpu.wasm"))), true);
  const cases = readCases();

  test("do what the processor did when they are translated", { timeout: 120_000 }, () => {
    const wrong: string[] = [];
    for (const row of recordedRows()) {
      for (const line of (cases.get(row.key) ?? []).slice(0, 2)) {
        const { test: input, outcome } = fromLine(line);
        const found = core.check(row, input, outcome);
        if (found.length > 0) wrong.push(report(row, line, found));
      }
    }
    expect(wrong.slice(0, 3).join("\n\n")).toBe("");
    expect(core.cpu.translations).toBeGreaterThan(recordedRows().length);
  });
});

// ---- random loops ----

type Pick = (n: number) => number;

/** RSP, RDI (data) and R15 (count) are nobody's destination. */
const REGISTERS = [0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14];

/** Prefixes, REX, opcode, ModRM of `reg` and either a register or a quadword near RDI. */
function modrm(pick: Pick, opcode: number[], size: number, reg: number, memory: boolean): number[] {
  const rm = REGISTERS[pick(REGISTERS.length)]!;
  const prefix = size === 16 ? [0x66] : [];
  const rex = 0x40 | (size === 64 ? 8 : 0) | (reg & 8 ? 4 : 0) | (!memory && rm & 8 ? 1 : 0);
  const operand = memory ? [0x47 | ((reg & 7) << 3), pick(64)] : [0xc0 | ((reg & 7) << 3) | (rm & 7)];
  return [...prefix, rex, ...opcode, ...operand];
}

function instruction(pick: Pick): number[] {
  const size = [8, 16, 32, 64][pick(4)]!;
  const wide = size === 8 ? 0 : 1;
  const bigger = size === 8 ? 32 : size;
  const reg = REGISTERS[pick(REGISTERS.length)]!;
  const memory = pick(3) === 0;
  const immediate = (n: number) => Array.from({ length: n }, () => pick(256));
  const group = (opcode: number[], digit: number, more: number[] = []) => [
    ...modrm(pick, opcode, size, digit, memory),
    ...more,
  ];
  const kinds: (() => number[])[] = [
    () => modrm(pick, [(pick(8) << 3) | wide], size, reg, memory), // op r/m, r
    () => modrm(pick, [(pick(8) << 3) | 2 | wide], size, reg, memory), // op r, r/m
    () => group([size === 8 ? 0x80 : 0x83], pick(8), immediate(1)),
    () => group([0x80 | wide], pick(8), immediate(size === 8 ? 1 : size === 16 ? 2 : 4)),
    () => modrm(pick, [0x84 | wide], size, reg, memory), // TEST
    () => group([0xf6 | wide], 2 + pick(2)), // NOT NEG
    () => group([0xfe | wide], pick(2)), // INC DEC
    () => group([0xc0 | wide], [0, 1, 2, 3, 4, 5, 7][pick(7)]!, immediate(1)), // shifts, rotates
    () => group([0xd0 | wide], [0, 1, 4, 5, 7][pick(5)]!),
    () => group([0xd2 | wide], [0, 1, 4, 5, 7][pick(5)]!), // by CL
    () => modrm(pick, [0x0f, 0x90 + pick(16)], 8, 0, memory), // SETcc
    () => modrm(pick, [0x0f, 0x40 + pick(16)], bigger, reg, memory), // CMOVcc
    () => modrm(pick, [0x0f, 0xaf], bigger, reg, memory), // IMUL
    () => [...modrm(pick, [0x6b], bigger, reg, memory), ...immediate(1)],
    () => modrm(pick, [0x0f, [0xb6, 0xb7, 0xbe, 0xbf][pick(4)]!], pick(2) ? 32 : 64, reg, memory),
    () => modrm(pick, [0x8d], pick(2) ? 32 : 64, reg, true), // LEA
    () => modrm(pick, [[0x88, 0x8a][pick(2)]! | wide], size, reg, memory), // MOV
    () => modrm(pick, [0x86 | wide], size, reg, false), // XCHG
    () => [pick(2) ? 0x48 : 0x40, 0x98 + pick(2)], // CBW CWD
    () => [0x9c, 0x40 | (reg >> 3), 0x58 | (reg & 7)], // PUSHF, POP
    () => [0x40 | (reg >> 3), 0x50 | (reg & 7), 0x58 | [0, 1, 2, 3][pick(4)]!], // PUSH, POP
    () => [0x66, 0x0f, [0xef, 0xfe, 0xd4, 0x6f, 0x75, 0xdf][pick(6)]!, 0xc0 | pick(64)], // XMM0-7
    () => [0xf3, 0x0f, [0x6f, 0x7f][pick(2)]!, 0x47 | (pick(8) << 3), pick(48)], // MOVDQU
  ];
  return kinds[pick(kinds.length)]!();
}

/** A loop of random instructions, some of them jumped over, 200 turns of it. */
function randomLoop(seed: number): Uint8Array {
  const random = new Random(seed);
  const pick: Pick = (n) => random.below(n);
  const body: number[] = [];
  for (let i = 0; i < 36; i++) {
    const next = instruction(pick);
    if (pick(4) === 0) body.push(0x70 + pick(16), next.length);
    body.push(...next);
  }
  body.push(0x49, 0xff, 0xcf); // DEC R15
  const back = new Uint8Array(new Int32Array([-(body.length + 6)]).buffer);
  return Uint8Array.from([...body, 0x0f, 0x85, ...back, 0xf4]);
}

function prepared(code: Uint8Array, after: number): Setup {
  const setup = longMode(code);
  setup.cpu.translateAfter = after;
  setup.cpu.setRegister("rdi", BigInt(DATA));
  setup.cpu.setRegister("r15", 200n);
  setup.cpu.setRegister("rbx", 0x8000_0000_7fff_ff80n);
  return setup;
}

function runAll(cpu: Cpu, slice: number): string {
  let exit = cpu.run(slice);
  while (exit.kind === "limit") exit = cpu.run(cpu.instructions + slice);
  return `${exitText(cpu, exit)}, ${cpu.instructions} instructions, ${cpu.stateHash().toString(16)}`;
}

describe("random loops", () => {
  test.each(Array.from({ length: 24 }, (_, i) => 7000 + i))("seed %i", (seed) => {
    const code = randomLoop(seed);
    const [never, atOnce, early] = [0, 1, 20].map((after) => prepared(code, after).cpu);
    const interpreted = runAll(never!, 1_000_000);
    expect(runAll(atOnce!, 1_000_000), Buffer.from(code).toString("hex")).toBe(interpreted);
    expect(runAll(early!, 977)).toBe(interpreted);
    expect([never!.translations, atOnce!.translations > 0]).toEqual([0, true]);
  });
});

describe("code that changes under its translation", () => {
  test("a store into the loop's own page takes effect at the next instruction", () => {
    // 1: inc byte [rip+3]; mov eax,0x11111100 (its low byte is incremented); add rbx,rax; dec r15; jnz 1b; hlt
    const code = bytes("fe 05 01 00 00 00 b8 00 11 11 11 48 01 c3 49 ff cf 75 ed f4");
    const [interpreted, ...others] = MOMENTS.map((after) => runAll(prepared(code, after).cpu, 1_000_000));
    expect(others.map((other) => other)).toEqual(others.map(() => interpreted));
    expect(interpreted).toContain("halt, 1001 instructions");
  });

  test("a breakpoint set in translated code stops there", () => {
    const { cpu } = prepared(bytes("48 ff c0 48 01 c3 49 ff cf 75 f5 f4"), 1);
    cpu.run(401);
    cpu.setBreakpoints([BigInt(CODE + 6)]);
    expect(cpu.run(10_000)).toEqual({ kind: "breakpoint", address: BigInt(CODE + 6) });
    expect(cpu.instructions).toBe(402);
  });
});
