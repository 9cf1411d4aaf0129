// An object file that is not linked (ET_REL: a NetBSD .kmod, a FreeBSD .ko, any .o) put where a kernel's loader has put its sections: a copy of the
// file with addresses in its section headers and symbols, and its relocations applied (psABI x86-64, section 4.4). Must not know DWARF or files.

import { type ElfFile, type ElfSection, SHF, SHT } from "./elf.ts";
import { ElfError } from "./error.ts";

/** Where a section is in the guest's memory. */
export interface Placed {
  readonly section: ElfSection;
  readonly address: bigint;
}

const SHN_LORESERVE = 0xff00;
const SYMBOL_SIZE = 24;
const RELA_SIZE = 24;
/** psABI x86-64, table 4.9. */
const R = { X64: 1, PC32: 2, PLT32: 4, X32: 10, X32S: 11, X16: 12, PC64: 24, SIZE32: 32, SIZE64: 33 } as const; // biome-ignore format: a table

/**
 * Places every section that is loaded: those that are named where the caller says, the others behind each other beyond `.text`, as
 * gdb does, for want of anything better. Throws ElfError for a name that the file has not.
 */
export function placeSections(elf: ElfFile, named: ReadonlyMap<string, bigint>): Placed[] {
  for (const name of named.keys())
    if (!elf.sections.some((section) => section.name === name && section.flags & SHF.ALLOC))
      throw new ElfError(`The file has no section ${name} that is loaded.`);
  const loaded = elf.sections.filter(({ flags, size }) => flags & SHF.ALLOC && size > 0n);
  const given = loaded.flatMap((section) => {
    const address = named.get(section.name);
    return address === undefined ? [] : [{ section, address }];
  });
  const rest = loaded.filter((section) => !named.has(section.name));
  let next = given.reduce((end, { section, address }) => max(end, address + section.size), 0n);
  const placed = rest.map((section) => {
    const address = alignUp(next, BigInt(Math.max(1, section.align)));
    next = address + section.size;
    return { section, address };
  });
  return [...given, ...placed];
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const alignUp = (value: bigint, align: bigint): bigint => ((value + align - 1n) / align) * align;

/** The file, whose headers `elf` has, as if it were linked there. What other files define is left as it is. Throws ElfError. */
export function relocate(file: Uint8Array, elf: ElfFile, placed: readonly Placed[]): Uint8Array {
  if (elf.type !== "relocatable") throw new ElfError("The file is linked already: its addresses are final.");
  const bytes = Uint8Array.from(file);
  const view = new DataView(bytes.buffer);
  const addresses = new Map(placed.map(({ section, address }) => [section.index, address]));
  const headers = Number(view.getBigUint64(40, true));
  const headerSize = view.getUint16(58, true);
  for (const [index, address] of addresses)
    view.setBigUint64(headers + index * headerSize + 16, address, true);
  // Linked, as far as readers are concerned.
  view.setUint16(16, 2, true);
  const symbols = elf.sections.find(({ type }) => type === SHT.SYMTAB);
  const values = symbols ? placeSymbols(view, symbols, addresses) : [];
  for (const section of elf.sections)
    if (section.type === SHT.RELA && section.link === symbols?.index)
      applyAll(elf, view, section, values, addresses);
  return bytes;
}

/** What a relocation needs of a symbol; undefined for one that other files define. */
type SymbolValue = { address: bigint; size: bigint } | undefined;

/** Makes the symbols' values addresses (gABI: in relocatable files they are offsets in their sections). */
function placeSymbols(
  view: DataView,
  table: ElfSection,
  addresses: ReadonlyMap<number, bigint>,
): SymbolValue[] {
  const values: SymbolValue[] = [];
  for (let at = table.offset; at + SYMBOL_SIZE <= table.offset + table.fileSize; at += SYMBOL_SIZE) {
    const section = view.getUint16(at + 6, true);
    const value = view.getBigUint64(at + 8, true);
    const size = view.getBigUint64(at + 16, true);
    // A section that is not loaded (.debug_str) has offsets for addresses.
    const base = addresses.get(section) ?? 0n;
    const address = BigInt.asUintN(64, value + base);
    const defined = section !== 0 && section < SHN_LORESERVE;
    if (defined) view.setBigUint64(at + 8, address, true);
    values.push(defined ? { address, size } : undefined);
  }
  return values;
}

function applyAll(
  elf: ElfFile,
  view: DataView,
  table: ElfSection,
  values: readonly SymbolValue[],
  addresses: ReadonlyMap<number, bigint>,
): void {
  const target = elf.sections[table.info];
  if (!target || target.type === SHT.NOBITS) return;
  if (target.flags & SHF.COMPRESSED)
    throw new ElfError(
      `${target.name} is compressed and has relocations: run objcopy --decompress-debug-sections first.`,
    );
  const base = addresses.get(target.index) ?? 0n;
  for (let at = table.offset; at + RELA_SIZE <= table.offset + table.fileSize; at += RELA_SIZE) {
    const offset = view.getBigUint64(at, true);
    const type = view.getUint32(at + 8, true);
    const symbol = values[view.getUint32(at + 12, true)];
    if (!symbol || offset >= BigInt(target.fileSize)) continue;
    const addend = view.getBigInt64(at + 16, true);
    const room = target.fileSize - Number(offset);
    apply(view, target.offset + Number(offset), room, type, symbol, addend, base + offset);
  }
}

/** One relocation: S + A, S + A - P, or the symbol's size + A, in the field's width. */
function apply(
  view: DataView,
  at: number,
  room: number,
  type: number,
  symbol: NonNullable<SymbolValue>,
  addend: bigint,
  place: bigint,
): void {
  const absolute = symbol.address + addend;
  switch (type) {
    case R.X64:
      if (room >= 8) view.setBigUint64(at, BigInt.asUintN(64, absolute), true);
      return;
    case R.PC64:
      if (room >= 8) view.setBigUint64(at, BigInt.asUintN(64, absolute - place), true);
      return;
    case R.SIZE64:
      if (room >= 8) view.setBigUint64(at, BigInt.asUintN(64, symbol.size + addend), true);
      return;
    case R.X32:
    case R.X32S:
      if (room >= 4) view.setUint32(at, Number(BigInt.asUintN(32, absolute)), true);
      return;
    case R.PC32:
    case R.PLT32:
      if (room >= 4) view.setUint32(at, Number(BigInt.asUintN(32, absolute - place)), true);
      return;
    case R.SIZE32:
      if (room >= 4) view.setUint32(at, Number(BigInt.asUintN(32, symbol.size + addend)), true);
      return;
    case R.X16:
      if (room >= 2) view.setUint16(at, Number(BigInt.asUintN(16, absolute)), true);
      return;
    default:
      // A relocation of the code itself, of a kind that no debug information has.
      return;
  }
}
