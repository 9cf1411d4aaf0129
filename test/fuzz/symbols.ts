// ELF and DWARF: a few bytes of one section (of the headers, of anything) are damaged, the file is opened and asked one question.

import { readFileSync } from "node:fs";
import path from "node:path";
import { parseElf } from "../../emulator/elf/elf.ts";
import { ElfError } from "../../emulator/elf/error.ts";
import type { FrameState, SymbolFile } from "../../emulator/symbols/api.ts";
import { MemoryError } from "../../emulator/symbols/memory.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import type { Random } from "../random.ts";
import { damageBytes } from "./damage.ts";
import { type Part, refuse } from "./part.ts";

const NAMES = [
  "dwarf5",
  "dwarf4",
  "dwarf3",
  "dwarf2",
  "dwarf64",
  "debug-frame",
  "compressed",
  "type-units",
  "lto",
];
/** Scripts and tests run in the repository's folder. */
const fixtures = (): Uint8Array[] =>
  NAMES.map((name) =>
    // Not as a Buffer, whose slice() is no copy.
    Uint8Array.from(readFileSync(path.resolve("test/symbols/fixtures", `${name}.elf`))),
  );
const FUNCTIONS = ["clock_read", "mix", "main", "in_alias"];
const CODE = 0xffffffff80201000n;
const CODE_SIZE = 0x340;

const memory = (address: bigint, length: number): Uint8Array => {
  if (address >> 47n !== 0n && address >> 47n !== 0x1ffffn) throw new MemoryError(address);
  return new Uint8Array(length).fill(0x42);
};

const stateAt = (pc: bigint): FrameState => ({
  pc,
  isCaller: false,
  get: (register) => (register === "rsp" || register === "rbp" ? 0xffffc00000001000n : 0x1234n),
});

type Question = (symbols: SymbolFile, pc: bigint, name: string) => unknown;

const QUESTIONS: readonly Question[] = [
  (symbols, pc) => [symbols.symbolAt(pc), symbols.symbolsWithPrefix("c", 10)],
  (symbols, pc) => [symbols.lineAt(pc), symbols.lineRanges(pc)],
  (symbols, _pc, name) => symbols.functionSites(name),
  (symbols) => [symbols.lineSites("clock.c", 40), symbols.sourceFiles()],
  (symbols) => symbols.typeNamed("struct clock"),
  (symbols, _pc, name) => [symbols.functionType?.(name), symbols.enumeratorNamed?.("SOURCE_TSC")],
  (symbols, pc) => [symbols.unwind(stateAt(pc), memory), symbols.cfa?.(stateAt(pc), memory)],
  (symbols, pc) => symbols.tailCalls?.(pc, 0xffffffff80201130n),
  (symbols) => {
    const variable = symbols.globalNamed("clocks");
    return variable && symbols.locate(variable, stateAt(0n), memory);
  },
  (symbols, pc) => {
    for (const instance of symbols.functionsAt(pc))
      for (const variable of [...instance.parameters(), ...instance.locals(pc)])
        symbols.locate(variable, stateAt(pc), memory);
  },
];

/** Opens and asks; true where the file was refused. */
function ask(bytes: Uint8Array, pick: Random): boolean {
  try {
    const pc = CODE + BigInt(pick(CODE_SIZE));
    QUESTIONS[pick(QUESTIONS.length)]!(openSymbols(bytes), pc, FUNCTIONS[pick(FUNCTIONS.length)]!);
    return false;
  } catch (error) {
    if (error instanceof ElfError) return refuse(error.message);
    throw error;
  }
}

interface Place {
  bytes: Uint8Array;
  offset: number;
  size: number;
}

/** A part for the ELF headers, the cut and the random file, and one for each section that any fixture has. */
export function symbolParts(): Part[] {
  const places = new Map<string, Place[]>();
  const files = fixtures();
  for (const bytes of files) {
    for (const { name: section, offset, fileSize } of parseElf(bytes).sections) {
      if (fileSize === 0 || !/debug|symtab|strtab|eh_frame|note/.test(section)) continue;
      places.set(section, [...(places.get(section) ?? []), { bytes, offset, size: fileSize }]);
    }
  }
  const sections = [...places].map(
    ([name, list]): Part => ({
      name,
      run: (pick) => {
        const { bytes, offset, size } = list[pick(list.length)]!;
        return ask(damageBytes(bytes, offset, size, pick), pick);
      },
    }),
  );
  return [
    { name: "ELF", run: (pick) => ask(damagedElf(files[pick(files.length)]!, pick), pick) },
    ...sections,
  ];
}

function damagedElf(bytes: Uint8Array, pick: Random): Uint8Array {
  switch (pick(4)) {
    case 0:
      return damageBytes(bytes, 4, 60, pick);
    case 1: {
      const table = bytes.length - parseElf(bytes).sections.length * 64;
      return damageBytes(bytes, table, bytes.length - table, pick);
    }
    case 2:
      return bytes.subarray(0, pick(bytes.length));
    default:
      return Uint8Array.from({ length: pick(2048) }, (_, i) => (i < 4 ? bytes[i]! : pick(256)));
  }
}
