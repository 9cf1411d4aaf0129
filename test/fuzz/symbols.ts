// ELF and DWARF: a few bytes of one section (of the headers, of anything) are damaged, the file is opened and asked one question.

import { readFileSync } from "node:fs";
import path from "node:path";
import { parseElf } from "../../emulator/elf/elf.ts";
import { ElfError } from "../../emulator/elf/error.ts";
import { inMemory } from "../../emulator/elf/source.ts";
import type { FrameState, SymbolFile } from "../../emulator/symbols/api.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import type { DebugIndex } from "../../emulator/symbols/index/api.ts";
import { buildIndex, type IndexContents } from "../../emulator/symbols/index/build.ts";
import { identityOf } from "../../emulator/symbols/index/stamp.ts";
import { openIndex, storeIndex } from "../../emulator/symbols/index/stored.ts";
import { MemoryError } from "../../emulator/symbols/memory.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import type { Random } from "../random.ts";
import { inParts } from "../symbols/parts.ts";
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
  "clang-names",
  "gdb-index",
  "gdb-names",
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

/** Opens and asks; true where the file was refused. Half of the files are read in parts, as large ones are. */
function ask(bytes: Uint8Array, pick: Random, index?: DebugIndex): boolean {
  try {
    const pc = CODE + BigInt(pick(CODE_SIZE));
    const file = pick(2) === 0 ? inParts(bytes) : bytes;
    QUESTIONS[pick(QUESTIONS.length)]!(
      openSymbols(file, undefined, index),
      pc,
      FUNCTIONS[pick(FUNCTIONS.length)]!,
    );
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
      if (fileSize === 0 || !/debug|gdb_index|symtab|strtab|eh_frame|note/.test(section)) continue;
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
    cachePart(files),
    { name: "ELF", run: (pick) => ask(damagedElf(files[pick(files.length)]!, pick), pick) },
    ...sections,
  ];
}

/** The index on disk: bytes changed; and changed with their checksum made right again, as only malice does. */
function cachePart(files: readonly Uint8Array[]): Part {
  const indexed = files.map((bytes) => {
    const elf = parseElf(bytes);
    const { stamp } = identityOf(elf, "")!;
    const contents = buildIndex(new DebugInfo(elf, () => {}))!;
    return { bytes, stamp, contents, index: Uint8Array.from(storeIndex(contents, stamp)) };
  });
  return {
    name: "symbol cache",
    run: (pick) => {
      const { bytes, stamp, contents, index } = indexed[pick(indexed.length)]!;
      const damaged =
        pick(2) === 0
          ? damageBytes(index, 0, index.length, pick)
          : storeIndex(damagedContents(contents, pick), stamp);
      const opened = openIndex(inMemory(damaged), stamp);
      return ask(bytes, pick, opened) || opened === undefined;
    },
  };
}

/** Positions, units and ranges that lead somewhere else. */
function damagedContents(contents: IndexContents, pick: Random): IndexContents {
  const postings = contents.postings.slice();
  for (let n = 0; n < 8 && postings.length > 0; n++) postings[2 * pick(postings.length / 2)] = pick(1 << 20);
  const headers = contents.headers.map((header) => {
    const { offset, end, firstDie, version, type, addressSize, offsetSize, abbreviationsAt } = header;
    const copy = { offset, end, firstDie, version, type, addressSize, offsetSize, abbreviationsAt };
    const wrong = pick(4) === 0 ? { firstDie: pick(1 << 16), end: pick(1 << 16), version: pick(7) } : {};
    return { ...copy, ...(pick(3) === 0 ? wrong : {}) };
  });
  const unit = contents.ranges.unit.map((number) => (pick(4) === 0 ? pick(50) : number));
  return { ...contents, postings, headers, ranges: { ...contents.ranges, unit } };
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
