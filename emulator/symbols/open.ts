// Opens a kernel's symbols and debug info: puts the parts together behind the contract of api.ts. Nothing is read before it is asked for; damage
// in the debug info turns into warnings and empty answers, never into exceptions.

import { type ElfFile, parseElf, SHT } from "../elf/elf.ts";
import { buildId } from "../elf/notes.ts";
import type { ByteSource } from "../elf/source.ts";
import type { AddressRange, SourceLine, SymbolFile } from "./api.ts";
import { tailCallChain } from "./call-sites.ts";
import { DebugInfo } from "./debug-info.ts";
import { definitions, describeUnit } from "./definitions.ts";
import { DwarfError, fromAddress, toAddress } from "./dwarf/cursor.ts";
import { contains } from "./dwarf/ranges.ts";
import { ElfSymbols } from "./elf-symbols.ts";
import { Functions } from "./functions.ts";
import { definitionOf, Globals } from "./globals.ts";
import type { DebugIndex } from "./index/api.ts";
import { Locator } from "./locate.ts";
import { MemoryError } from "./memory.ts";
import { Sites } from "./sites.ts";
import { allSourceFiles } from "./source-files.ts";
import { Types } from "./types.ts";
import { Unwinder } from "./unwind.ts";

/** More warnings than this are not kept: a damaged file gives one for every question. */
const MAX_WARNINGS = 50;

/**
 * Opens an x86-64 ELF file; `debug` is the file with its debug information where it has none itself (a stripped kernel). Throws ElfError (a message
 * for the user) when one of them is none or is cut short. `index` is one of exactly this debug information, made earlier.
 */
export function openSymbols(
  file: Uint8Array | ByteSource,
  debug?: Uint8Array | ByteSource,
  index?: DebugIndex,
): SymbolFile {
  const elf = parseElf(file);
  const told = debug ? parseElf(debug) : elf;
  const warnings: string[] = [];
  const warn = (message: string): void => {
    if (warnings.length < MAX_WARNINGS && !warnings.includes(message)) warnings.push(message);
  };
  const guard = <T>(empty: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof MemoryError) return empty;
      if (!(error instanceof DwarfError)) throw error;
      warn(error.message);
      return empty;
    }
  };
  const symbols = new ElfSymbols(hasSymbols(told) ? told : elf);
  const info = openDebugInfo(told, warn, index);
  const types = new Types((kind, name) => definitionOf(info, kind, name), guard);
  const functions = new Functions(info, types, guard);
  const unwinder = new Unwinder(elf, symbols, told);
  const locator = new Locator(info, unwinder, symbols);
  const sites = new Sites(elf, symbols, info);
  const globals = new Globals(info, symbols, types, functions);
  return {
    info: describe(elf, symbols, info, warnings),
    symbolAt: (address) => symbols.at(address),
    symbolNamed: (name) => symbols.named(name),
    symbolsWithPrefix: (prefix, limit) => symbols.withPrefix(prefix, limit),
    functionSites: (name) => guard([], () => sites.byFunction(name)),
    stepEntry: (address) => guard(address, () => fromAddress(sites.stepEntry(toAddress(address)))),
    lineSites: (file, line) => guard([], () => sites.byLine(file, line)),
    sourceFiles: () => guard([], () => allSourceFiles(info)),
    lineAt: (address) => guard(undefined, () => lineAt(info, address)),
    lineRanges: (address) => guard([], () => lineRanges(info, address)),
    functionsAt: (address) => guard([], () => functions.at(toAddress(address))),
    unwind: (frame, memory) => unwinder.step(frame, memory),
    cfa: (frame, memory) => guard(undefined, () => unwinder.cfa(frame, memory)),
    beyond: (frame, memory) => unwinder.beyond(frame, memory),
    frameBase: (frame) => unwinder.frameBase(frame),
    tailCalls: (returnAddress, callee) =>
      guard([], () =>
        tailCallChain(info, symbols, toAddress(returnAddress), toAddress(callee)).map(fromAddress),
      ),
    typeNamed: (name, near) => guard(undefined, () => globals.typeNamed(name, near)),
    functionType: (name) => guard(undefined, () => globals.functionType(name)),
    enumeratorNamed: (name) => guard(undefined, () => globals.enumerator(name)),
    globalNamed: (name, near) => guard(undefined, () => globals.variable(name, near)),
    definitions: (kind, wanted) => guard([], () => definitions(info, types, kind, wanted)),
    unitAt: (address) => guard(undefined, () => describeUnit(info, toAddress(address))),
    locate: (variable, frame, memory) => locator.locate(variable, frame, memory),
    locateAtEntry: (variable, frame, memory) => locator.locateAtEntry(variable, frame, memory),
  };
}

const hasSymbols = (elf: ElfFile): boolean => elf.sections.some(({ type }) => type === SHT.SYMTAB);

/** Debug info that cannot even be opened is treated as absent. */
function openDebugInfo(
  elf: ElfFile,
  warn: (message: string) => void,
  index: DebugIndex | undefined,
): DebugInfo {
  try {
    return new DebugInfo(elf, warn, index);
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error;
    warn(`Debug info cannot be read: ${error.message}.`);
    return new DebugInfo(
      { ...elf, sections: elf.sections.filter((s) => !s.name.startsWith(".debug_")) },
      warn,
    );
  }
}

function describe(
  elf: ElfFile,
  symbols: ElfSymbols,
  info: DebugInfo,
  warnings: string[],
): SymbolFile["info"] {
  const id = buildId(elf);
  const hasDebugInfo = info.units.all.length > 0;
  if (!symbols.present)
    warnings.push("The file has no ELF symbol table (stripped?): functions have no names.");
  if (!hasDebugInfo)
    warnings.push(
      "The file has no DWARF debug info: no source lines, variables or types. Build the kernel with -g.",
    );
  if (elf.type === "relocatable") warnings.push("The file is not linked: addresses in it are not final.");
  return {
    entry: elf.entry,
    hasDebugInfo,
    dwarfVersions: [...new Set(info.units.all.map((unit) => unit.version))].sort(),
    ...(id === undefined ? {} : { buildId: id }),
    warnings,
  };
}

function lineAt(info: DebugInfo, address: bigint): SourceLine | undefined {
  const match = info.lineAt(toAddress(address));
  if (!match) return undefined;
  const { file, line, column, isStatement } = match;
  return { file, line, column, isStatement, low: fromAddress(match.low) };
}

/** The row's own range first, then the other ranges of the same line in the same function. */
function lineRanges(info: DebugInfo, address: bigint): AddressRange[] {
  const pc = toAddress(address);
  const match = info.lineAt(pc);
  const unit = info.unitAt(pc);
  if (!match || !unit) return [];
  const body = info.scopesAt(pc)[0];
  const ranges = [{ low: match.low, high: match.high }];
  const entries = info.lines(unit).find(({ file }) => file === match.file)?.entries ?? [];
  for (const entry of body ? entries : []) {
    if (entry.line !== match.line || !contains(body!.ranges, entry.address)) continue;
    const other = info.lineAt(entry.address);
    if (
      other?.line === match.line &&
      other.file === match.file &&
      !ranges.some(({ low }) => low === other.low)
    ) {
      ranges.push({ low: other.low, high: other.high });
    }
  }
  return ranges.map(({ low, high }) => ({ low: fromAddress(low), high: fromAddress(high) }));
}
