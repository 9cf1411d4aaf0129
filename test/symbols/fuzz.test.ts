// Damaged files: whatever bytes a section holds, opening and asking gives an answer, an empty answer or a clear error; never a crash, a hang or
// unbounded memory. Mutations are seeded: a failure names the case, which `damageBytes` makes again.

import { describe, expect, it } from "vitest";
import { parseElf } from "../../emulator/elf/elf.ts";
import { ElfError } from "../../emulator/elf/error.ts";
import type { FrameState, SymbolFile, Type } from "../../emulator/symbols/api.ts";
import { MemoryError } from "../../emulator/symbols/memory.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { typeName } from "../../emulator/symbols/type-name.ts";
import { damageBytes } from "../fuzz/damage.ts";
import { random } from "../random.ts";
import { type Fixture, fixture } from "./oracle.ts";

// A longer run: CLOCKPATH_FUZZ_SEED=7 CLOCKPATH_FUZZ_CASES=2000 npx vitest run test/symbols/fuzz.test.ts
const SEED = Number(process.env.CLOCKPATH_FUZZ_SEED ?? 19930224);
const CASES_PER_SECTION = Number(process.env.CLOCKPATH_FUZZ_CASES ?? 40);
/** Milliseconds that all questions about one damaged file may take; a sound one takes about ten. */
const TIME_LIMIT = 3_000;

/** Asks everything that a debugging session asks. */
function askEverything(symbols: SymbolFile): void {
  const memory = (address: bigint, length: number): Uint8Array => {
    if (address >> 47n !== 0n && address >> 47n !== 0x1ffffn) throw new MemoryError(address);
    return new Uint8Array(length).fill(0x42);
  };
  for (const name of ["clock_read", "mix", "main", "in_alias", "nothing"]) {
    for (const { address } of symbols.functionSites(name)) askAt(symbols, address, memory);
  }
  symbols.lineSites("clock.c", 40);
  symbols.sourceFiles();
  symbols.symbolsWithPrefix("c", 10);
  for (const name of ["struct clock", "struct divisor", "u64", "enum source"])
    walkType(symbols.typeNamed(name), 0);
  symbols.functionType?.("tick");
  symbols.enumeratorNamed?.("SOURCE_TSC");
  const variable = symbols.globalNamed("clocks");
  if (variable) symbols.locate(variable, stateAt(0n), memory);
  for (let pc = 0xffffffff80201000n; pc < 0xffffffff80201340n; pc += 0x71n) askAt(symbols, pc, memory);
}

function askAt(
  symbols: SymbolFile,
  pc: bigint,
  memory: (address: bigint, length: number) => Uint8Array,
): void {
  const frame = stateAt(pc);
  symbols.symbolAt(pc);
  symbols.lineAt(pc);
  symbols.lineRanges(pc);
  symbols.unwind(frame, memory);
  symbols.cfa?.(frame, memory);
  symbols.tailCalls?.(pc, 0xffffffff80201130n);
  for (const instance of symbols.functionsAt(pc)) {
    for (const variable of [...instance.parameters(), ...instance.locals(pc)]) {
      symbols.locate(variable, frame, memory);
      walkType(variable.type, 0);
    }
  }
}

function stateAt(pc: bigint): FrameState {
  return {
    pc,
    isCaller: false,
    get: (register) => (register === "rsp" || register === "rbp" ? 0xffffc00000001000n : 0x1234n),
  };
}

function walkType(type: Type | undefined, depth: number): void {
  if (!type || depth > 6) return;
  typeName(type);
  if (type.kind === "pointer" || type.kind === "typedef" || type.kind === "qualified")
    walkType(type.target(), depth + 1);
  if (type.kind === "array") walkType(type.element, depth + 1);
  if (type.kind === "struct" || type.kind === "union")
    for (const member of type.members().slice(0, 40)) walkType(member.type, depth + 1);
  if (type.kind === "enum") type.values();
  if (type.kind === "function")
    for (const parameter of type.parameters().slice(0, 40)) walkType(parameter, depth + 1);
}

/** Opens and asks; a clear refusal is as good as an answer. */
function survive(bytes: Uint8Array, what: string): void {
  const start = performance.now();
  try {
    askEverything(openSymbols(bytes));
  } catch (error) {
    if (!(error instanceof ElfError))
      throw new Error(`${what}: ${error instanceof Error ? error.stack : error}`);
    expect(error.message).toMatch(/^[A-Z].*[.)]$/);
  }
  const elapsed = performance.now() - start;
  if (elapsed > TIME_LIMIT) throw new Error(`${what}: took ${Math.round(elapsed)} ms`);
}

const NAMES: Fixture[] = ["dwarf5", "dwarf4", "debug-frame", "compressed", "type-units", "lto"];

describe.each(NAMES)(`damaged %s (seed ${SEED})`, (name) => {
  const bytes = fixture(name);
  const sections = parseElf(bytes).sections.filter(
    (section) => section.fileSize > 0 && /debug|symtab|strtab|eh_frame|note/.test(section.name),
  );

  it.each(sections.map((section) => section.name))(
    "%s",
    { timeout: 1000 * (60 + CASES_PER_SECTION) },
    (sectionName) => {
      const section = sections.find((s) => s.name === sectionName)!;
      for (let i = 0; i < CASES_PER_SECTION; i++) {
        const seed = SEED + i * 7919 + section.index;
        survive(
          damageBytes(bytes, section.offset, section.fileSize, random(seed)),
          `${name} ${sectionName} seed ${seed}`,
        );
      }
    },
  );

  it("headers", () => {
    const table = bytes.length - parseElf(bytes).sections.length * 64;
    for (let i = 0; i < 2 * CASES_PER_SECTION; i++) {
      survive(damageBytes(bytes, 4, 60, random(SEED + i)), `${name} header seed ${SEED + i}`);
      survive(
        damageBytes(bytes, table, bytes.length - table, random(SEED + i)),
        `${name} section headers seed ${SEED + i}`,
      );
    }
  });

  it("cut short anywhere", () => {
    const pick = random(SEED);
    for (let i = 0; i < CASES_PER_SECTION; i++) {
      const length = pick(bytes.length);
      survive(bytes.subarray(0, length), `${name} cut at ${length}`);
    }
  });

  it("random bytes", () => {
    const pick = random(SEED);
    for (let i = 0; i < 20; i++)
      survive(
        Uint8Array.from({ length: pick(4096) }, () => pick(256)),
        `random ${i}`,
      );
  });
});
