// The ELF symbol table by address and by name. Both indexes are made when first used. Must not know DWARF.

import { type ElfFile, SHF, SHT, sectionBytes } from "../elf/elf.ts";
import type { ElfSymbol } from "./api.ts";
import { type Address, decodeText, fromAddress, toAddress } from "./dwarf/cursor.ts";

/** The symbols that name something in memory, sorted by address; the same index in all arrays. */
interface Table {
  /** Offset of the symbol in .symtab. */
  readonly at: Uint32Array;
  readonly address: Float64Array;
  readonly size: Float64Array;
  readonly section: Uint16Array;
}

const SYMBOL_SIZE = 24;
const STT = { OBJECT: 1, FUNC: 2, SECTION: 3, FILE: 4, GNU_IFUNC: 10 } as const;
const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2 } as const;
const SHN_UNDEF = 0;
const SHN_LORESERVE = 0xff00;

export class ElfSymbols {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly strings: Uint8Array;
  private built: Table | undefined;
  private sortedNames: string[] | undefined;

  constructor(private readonly elf: ElfFile) {
    const symtab = elf.sections.find((section) => section.type === SHT.SYMTAB);
    const strings = symtab && elf.sections[symtab.link];
    this.bytes = symtab ? sectionBytes(elf, symtab) : new Uint8Array();
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.strings = strings?.type === SHT.STRTAB ? sectionBytes(elf, strings) : new Uint8Array();
  }

  get present(): boolean {
    return this.bytes.length >= 2 * SYMBOL_SIZE;
  }

  /**
   * The symbol that covers the address, chosen as gdb chooses: the last that starts at or below it, in the same section; symbols without size
   * (labels) only where no sized symbol covers the address.
   */
  at(address: bigint): { symbol: ElfSymbol; offset: number } | undefined {
    const pc = toAddress(address);
    const index = this.indexAt(pc);
    return index === undefined
      ? undefined
      : { symbol: this.symbolAtOffset(this.table.at[index]!), offset: pc - this.table.address[index]! };
  }

  /** The symbol of that name: a global one before a weak one before a local one. */
  named(name: string): ElfSymbol | undefined {
    return this.allNamed(name)[0];
  }

  /** All symbols of that name: global, weak, local; by address within each. Needs no index: the name is looked for in the string table. */
  allNamed(name: string): ElfSymbol[] {
    const rank = { global: 0, weak: 1, local: 2 };
    const wanted = new Set(this.nameOffsets(name));
    const symbols: ElfSymbol[] = [];
    for (let at = SYMBOL_SIZE; wanted.size > 0 && at + SYMBOL_SIZE <= this.bytes.length; at += SYMBOL_SIZE) {
      if (wanted.has(this.view.getUint32(at, true)) && this.isNamed(at))
        symbols.push(this.symbolAtOffset(at));
    }
    return symbols.sort((a, b) => rank[a.binding] - rank[b.binding] || compare(a.address, b.address));
  }

  withPrefix(prefix: string, limit: number): ElfSymbol[] {
    this.sortedNames ??= this.readNames();
    const names = this.sortedNames;
    const symbols: ElfSymbol[] = [];
    for (let i = lowerBound(names, prefix); i < names.length && symbols.length < limit; i++) {
      if (!names[i]!.startsWith(prefix)) break;
      symbols.push(this.named(names[i]!)!);
    }
    return symbols;
  }

  private get table(): Table {
    this.built ??= this.build();
    return this.built;
  }

  /** Every name once, in code unit order. */
  private readNames(): string[] {
    const names = new Set<string>();
    for (const at of this.table.at) names.add(this.nameAt(this.view.getUint32(at, true)));
    return [...names].sort();
  }

  /** Offsets in the string table at which the name stands; it may be another's tail. */
  private nameOffsets(name: string): number[] {
    const pattern = Buffer.from(`${name}\0`, "utf8");
    const strings = Buffer.from(this.strings.buffer, this.strings.byteOffset, this.strings.byteLength);
    const offsets: number[] = [];
    if (name === "") return offsets;
    for (let at = strings.indexOf(pattern); at >= 0; at = strings.indexOf(pattern, at + 1)) offsets.push(at);
    return offsets;
  }

  private indexAt(pc: Address): number | undefined {
    const section = this.sectionAt(pc);
    if (section === undefined) return undefined;
    const { address, size, section: sections } = this.table;
    let sizeless: number | undefined;
    for (let i = this.lastAtOrBelow(pc); i >= 0; i--) {
      if (sections[i] !== section) continue;
      if (size[i] === 0) {
        sizeless ??= i;
        continue;
      }
      if (pc < address[i]! + size[i]!) return i;
      // Past its end: the symbol before may be larger and cover the address; otherwise a label does, or nothing.
      if (i > 0 && sections[i - 1] === section && pc < address[i - 1]! + size[i - 1]!) continue;
      return sizeless;
    }
    return sizeless;
  }

  private lastAtOrBelow(pc: Address): number {
    const { address } = this.table;
    let low = 0;
    let high = address.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (address[middle]! <= pc) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The index of the loaded section that holds the address. */
  private sectionAt(pc: Address): number | undefined {
    const address = fromAddress(pc);
    const found = this.elf.sections.find(
      (s) => s.flags & SHF.ALLOC && s.address <= address && address < s.address + s.size,
    );
    return found?.index;
  }

  private symbolAtOffset(at: number): ElfSymbol {
    const info = this.view.getUint8(at + 4);
    const type = info & 15;
    const bind = info >> 4;
    return {
      name: this.nameAt(this.view.getUint32(at, true)),
      address: this.view.getBigUint64(at + 8, true),
      size: Number(this.view.getBigUint64(at + 16, true)),
      kind:
        type === STT.FUNC || type === STT.GNU_IFUNC ? "function" : type === STT.OBJECT ? "object" : "other",
      binding: bind === STB.LOCAL ? "local" : bind === STB.WEAK ? "weak" : "global",
    };
  }

  private nameAt(start: number): string {
    const end = this.strings.indexOf(0, start);
    return decodeText(this.strings, start, end < 0 ? this.strings.length : end);
  }

  private build(): Table {
    const { view } = this;
    const kept: number[] = [];
    for (let at = SYMBOL_SIZE; at + SYMBOL_SIZE <= this.bytes.length; at += SYMBOL_SIZE)
      if (this.isNamed(at)) kept.push(at);
    const order = sortByAddress(view, kept, (at) => this.nameAt(view.getUint32(at, true)));
    return {
      at: order,
      address: Float64Array.from(order, (at) => readAddress(view, at + 8)),
      size: Float64Array.from(
        order,
        (at) => view.getUint32(at + 16, true) + view.getUint32(at + 20, true) * 0x100000000,
      ),
      section: Uint16Array.from(order, (at) => view.getUint16(at + 6, true)),
    };
  }

  /** Leaves out undefined, absolute, section and file symbols, and those without name: they name no place in memory. */
  private isNamed(at: number): boolean {
    const section = this.view.getUint16(at + 6, true);
    const type = this.view.getUint8(at + 4) & 15;
    if (section === SHN_UNDEF || section >= SHN_LORESERVE || type === STT.SECTION || type === STT.FILE)
      return false;
    const name = this.view.getUint32(at, true);
    return name < this.strings.length && this.strings[name] !== 0;
  }
}

/**
 * Symbol offsets by address; of equal addresses the one whose name sorts last comes last, and wins, as in gdb. Address and position are packed into one
 * number where they fit: sorting numbers needs no callback.
 */
function sortByAddress(view: DataView, kept: readonly number[], nameAt: (at: number) => string): Uint32Array {
  const addresses = Float64Array.from(kept, (at) => readAddress(view, at + 8));
  let low = 0;
  let high = Number.NEGATIVE_INFINITY;
  for (const address of addresses) {
    if (address < low) low = address;
    if (address > high) high = address;
  }
  const count = kept.length;
  const fits = (high - low + 1) * count <= Number.MAX_SAFE_INTEGER;
  const order = fits
    ? Uint32Array.from(
        addresses.map((address, i) => (address - low) * count + i).sort(),
        (key) => key % count,
      )
    : Uint32Array.from(kept, (_, i) => i).sort((a, b) => addresses[a]! - addresses[b]!);
  orderTies(order, addresses, (i) => nameAt(kept[i]!));
  return order.map((i) => kept[i]!);
}

/** Sorts runs of equal addresses by name. */
function orderTies(order: Uint32Array, addresses: Float64Array, name: (index: number) => string): void {
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && addresses[order[end]!] === addresses[order[i]!]) end++;
    if (end - i > 1)
      order.subarray(i, end).sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
    i = end;
  }
}

function readAddress(view: DataView, at: number): Address {
  return view.getUint32(at, true) + view.getInt32(at + 4, true) * 0x100000000;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
