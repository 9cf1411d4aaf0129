// The ELF symbol table by address and by name. The index by address is made when first used; a name is looked for in the string table.
// Must not know DWARF.

import { type ElfFile, SHF, SHT, sectionBytes } from "../elf/elf.ts";
import type { ElfSymbol } from "./api.ts";
import { type Address, decodeText, fromAddress, toAddress } from "./dwarf/cursor.ts";

/** The symbols that name something in memory, sorted by address; the same index in all arrays. */
interface Table {
  /** Number of the symbol in .symtab. */
  readonly symbol: Uint32Array;
  readonly address: Float64Array;
}

/** Elf64_Sym as 32-bit words: name; info, other and section; value; size. */
const WORDS = 6;
const STT = { OBJECT: 1, FUNC: 2, SECTION: 3, FILE: 4, GNU_IFUNC: 10 } as const;
const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2 } as const;
const SHN_UNDEF = 0;
const SHN_LORESERVE = 0xff00;
const HIGH = 0x1_0000_0000;
const RANK = { global: 0, weak: 1, local: 2 } as const;

export class ElfSymbols {
  private readonly words: Uint32Array;
  private readonly count: number;
  private readonly strings: Uint8Array;
  private readonly sections: readonly { index: number; low: Address; high: Address }[];
  private built: Table | undefined;
  private byName: { names: string[]; symbols: Map<string, number> } | undefined;

  constructor(elf: ElfFile) {
    const symtab = elf.sections.find((section) => section.type === SHT.SYMTAB);
    const strings = symtab && elf.sections[symtab.link];
    this.words = symtab ? toWords(sectionBytes(elf, symtab)) : new Uint32Array();
    this.count = Math.floor(this.words.length / WORDS);
    this.strings = strings?.type === SHT.STRTAB ? sectionBytes(elf, strings) : new Uint8Array();
    this.sections = elf.sections
      .filter((section) => section.flags & SHF.ALLOC && section.size > 0n)
      .map((s) => ({
        index: s.index,
        low: toAddress(s.address),
        high: toAddress(s.address) + Number(s.size),
      }));
  }

  get present(): boolean {
    return this.count > 1;
  }

  /**
   * The symbol that covers the address, chosen as gdb chooses: the last that starts at or below it, in the same section; symbols without size
   * (labels) only where no sized symbol covers the address.
   */
  at(address: bigint): { symbol: ElfSymbol; offset: number } | undefined {
    const pc = toAddress(address);
    const number = this.numberAt(pc);
    return number === undefined
      ? undefined
      : { symbol: this.symbol(number), offset: pc - this.addressOf(number) };
  }

  /** The symbol of that name: a global one before a weak one before a local one. */
  named(name: string): ElfSymbol | undefined {
    return this.allNamed(name)[0];
  }

  /** All symbols of that name: global, weak, local; by address within each. */
  allNamed(name: string): ElfSymbol[] {
    const { words } = this;
    const symbols: ElfSymbol[] = [];
    for (const offset of this.nameOffsets(name)) {
      for (let i = WORDS; i < words.length; i += WORDS) {
        if (words[i] === offset && this.isNamed(i / WORDS)) symbols.push(this.symbol(i / WORDS));
      }
    }
    return symbols.sort((a, b) => RANK[a.binding] - RANK[b.binding] || compare(a.address, b.address));
  }

  withPrefix(prefix: string, limit: number): ElfSymbol[] {
    this.byName ??= this.readNames();
    const { names, symbols } = this.byName;
    const found: ElfSymbol[] = [];
    for (let i = lowerBound(names, prefix); i < names.length && found.length < limit; i++) {
      if (!names[i]!.startsWith(prefix)) break;
      found.push(this.symbol(symbols.get(names[i]!)!));
    }
    return found;
  }

  private get table(): Table {
    this.built ??= this.build();
    return this.built;
  }

  /** Every name once, in code unit order, with the symbol that named() gives. */
  private readNames(): { names: string[]; symbols: Map<string, number> } {
    const symbols = new Map<string, number>();
    for (const number of this.table.symbol) {
      const name = this.nameOf(number);
      const other = symbols.get(name);
      if (other === undefined || rankOf(this.info(number)) < rankOf(this.info(other)))
        symbols.set(name, number);
    }
    return { names: [...symbols.keys()].sort(), symbols };
  }

  /** Offsets in the string table at which the name stands; it may be another's tail. */
  private nameOffsets(name: string): number[] {
    const offsets: number[] = [];
    if (name === "") return offsets;
    const pattern = Buffer.from(`${name}\0`, "utf8");
    const strings = Buffer.from(this.strings.buffer, this.strings.byteOffset, this.strings.byteLength);
    for (let at = strings.indexOf(pattern); at >= 0; at = strings.indexOf(pattern, at + 1)) offsets.push(at);
    return offsets;
  }

  private numberAt(pc: Address): number | undefined {
    const section = this.sections.find(({ low, high }) => low <= pc && pc < high)?.index;
    if (section === undefined) return undefined;
    const { symbol } = this.table;
    let sizeless: number | undefined;
    for (let i = this.lastAtOrBelow(pc); i >= 0; i--) {
      const number = symbol[i]!;
      if (this.sectionOf(number) !== section) continue;
      if (this.sizeOf(number) === 0) {
        sizeless ??= number;
        continue;
      }
      if (this.covers(number, pc)) return number;
      // Past its end: the symbol before may be larger and cover the address; otherwise a label does, or nothing.
      const before = symbol[i - 1];
      if (before === undefined || this.sectionOf(before) !== section || !this.covers(before, pc))
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

  private covers(number: number, pc: Address): boolean {
    return pc < this.addressOf(number) + this.sizeOf(number);
  }

  private symbol(number: number): ElfSymbol {
    const type = this.info(number) & 15;
    const rank = rankOf(this.info(number));
    return {
      name: this.nameOf(number),
      address: fromAddress(this.addressOf(number)),
      size: this.sizeOf(number),
      kind:
        type === STT.FUNC || type === STT.GNU_IFUNC ? "function" : type === STT.OBJECT ? "object" : "other",
      binding: rank === RANK.local ? "local" : rank === RANK.weak ? "weak" : "global",
    };
  }

  private nameOf(number: number): string {
    const start = this.words[number * WORDS]!;
    const end = this.strings.indexOf(0, start);
    return decodeText(this.strings, start, end < 0 ? this.strings.length : end);
  }

  private info(number: number): number {
    return this.words[number * WORDS + 1]! & 0xff;
  }

  private sectionOf(number: number): number {
    return this.words[number * WORDS + 1]! >>> 16;
  }

  private addressOf(number: number): Address {
    return this.words[number * WORDS + 2]! + (this.words[number * WORDS + 3]! | 0) * HIGH;
  }

  private sizeOf(number: number): number {
    return this.words[number * WORDS + 4]! + this.words[number * WORDS + 5]! * HIGH;
  }

  /** Of equal addresses the symbol whose name sorts last comes last, and wins, as in gdb. */
  private build(): Table {
    const { kept, addresses } = this.collect();
    const order = sortedOrder(addresses);
    const symbol = new Uint32Array(order.length);
    const address = new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) {
      const from = order[i]!;
      symbol[i] = kept[from]!;
      address[i] = addresses[from]!;
    }
    this.orderTies(symbol, address);
    return { symbol, address };
  }

  /** The symbols that isNamed() keeps, and their addresses. Written out: the loop runs once, before the compiler optimizes it. */
  private collect(): { kept: Uint32Array; addresses: Float64Array } {
    const { words, strings } = this;
    const kept = new Uint32Array(this.count);
    const addresses = new Float64Array(this.count);
    let count = 0;
    for (let i = WORDS, number = 1; number < this.count; i += WORDS, number++) {
      const info = words[i + 1]!;
      const section = info >>> 16;
      const type = info & 15;
      if (section === SHN_UNDEF || section >= SHN_LORESERVE || type === STT.SECTION || type === STT.FILE)
        continue;
      const name = words[i]!;
      if (name >= strings.length || strings[name] === 0) continue;
      kept[count] = number;
      addresses[count++] = words[i + 2]! + (words[i + 3]! | 0) * HIGH;
    }
    return { kept: kept.subarray(0, count), addresses: addresses.subarray(0, count) };
  }

  /** Sorts runs of equal addresses by name. */
  private orderTies(symbol: Uint32Array, address: Float64Array): void {
    for (let i = 0; i < symbol.length; ) {
      let end = i + 1;
      while (end < symbol.length && address[end] === address[i]) end++;
      if (end - i > 1) symbol.subarray(i, end).sort((a, b) => (this.nameOf(a) < this.nameOf(b) ? -1 : 1));
      i = end;
    }
  }

  /** Leaves out undefined, absolute, section and file symbols, and those without name: they name no place in memory. */
  private isNamed(number: number): boolean {
    const section = this.sectionOf(number);
    const type = this.info(number) & 15;
    if (section === SHN_UNDEF || section >= SHN_LORESERVE || type === STT.SECTION || type === STT.FILE)
      return false;
    const name = this.words[number * WORDS]!;
    return name < this.strings.length && this.strings[name] !== 0;
  }
}

/** The bytes as little-endian 32-bit words: a copy, since the file's own may lie at an odd place. */
function toWords(bytes: Uint8Array): Uint32Array {
  const copy = bytes.slice(0, bytes.length - (bytes.length % 4));
  return new Uint32Array(copy.buffer, copy.byteOffset, copy.length / 4);
}

/** The indexes that sort the addresses. Address and index are packed into one number where they fit: sorting numbers needs no callback. */
function sortedOrder(addresses: Float64Array): Uint32Array {
  const count = addresses.length;
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const address = addresses[i]!;
    if (i === 0 || address < low) low = address;
    if (i === 0 || address > high) high = address;
  }
  const order = new Uint32Array(count);
  // A power of two, by which division is exact.
  const scale = 2 ** Math.ceil(Math.log2(count + 1));
  if ((high - low + 1) * scale > Number.MAX_SAFE_INTEGER) {
    for (let i = 0; i < count; i++) order[i] = i;
    return order.sort((a, b) => addresses[a]! - addresses[b]!);
  }
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) keys[i] = (addresses[i]! - low) * scale + i;
  keys.sort();
  for (let i = 0; i < count; i++) order[i] = keys[i]! - Math.floor(keys[i]! / scale) * scale;
  return order;
}

function rankOf(info: number): number {
  const binding = info >> 4;
  return binding === STB.LOCAL ? RANK.local : binding === STB.WEAK ? RANK.weak : RANK.global;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Index of the first of the sorted texts that is not below `text`. */
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
