// .gdb_index, versions 7 to 9 (gdb manual, "Index Section Format"): which units define a name. Made by gdb-add-index and by linkers
// (lld --gdb-index); it lists definitions. Must not know DIEs.

import { type Cursor, DwarfError, type Section } from "../dwarf/cursor.ts";
import type { DebugIndex } from "./api.ts";

const OLDEST = 7;
const NEWEST = 9;
const CU_ENTRY = 16;
const SLOT = 8;
/** Bits of a CU vector's element that are the unit's number; those above say what the name is. */
const UNIT_MASK = 0xff_ffff;

export class GdbIndex implements DebugIndex {
  readonly origin = ".gdb_index";
  readonly grain = "unit";
  /** Of compile units, in the order of their numbers. */
  readonly units: readonly number[];
  private readonly slots: { readonly start: number; readonly count: number };
  private readonly pool: number;

  /** Throws DwarfError for what is not one. */
  constructor(private readonly section: Section) {
    const cursor = section.cursor(0);
    const version = cursor.u32();
    if (version < OLDEST || version > NEWEST) cursor.fail(`version ${version} is not supported`);
    const units = cursor.u32();
    const types = cursor.u32();
    cursor.u32();
    const symbols = cursor.u32();
    const symbolsEnd = cursor.u32();
    // Version 9 has a shortcut table between the symbols and the constant pool.
    this.pool = version >= 9 ? cursor.u32() : symbolsEnd;
    this.slots = { start: symbols, count: Math.floor((symbolsEnd - symbols) / SLOT) };
    if (
      types < units ||
      symbolsEnd < symbols ||
      this.pool > section.bytes.length ||
      !isPowerOf2(this.slots.count)
    )
      cursor.fail("a damaged header");
    const list = section.cursor(units, types);
    this.units = Array.from({ length: Math.floor((types - units) / CU_ENTRY) }, () => readUnit(list));
  }

  named(name: string): readonly number[] {
    const { start, count } = this.slots;
    const bytes = Buffer.from(name, "utf8");
    const hash = hashOfSymbol(bytes);
    const step = ((Math.imul(hash, 17) & (count - 1)) | 1) >>> 0;
    for (
      let tries = 0, slot = hash & (count - 1);
      tries < count;
      tries++, slot = (slot + step) & (count - 1)
    ) {
      const cursor = this.section.cursor(start + slot * SLOT);
      const nameAt = cursor.u32();
      const vectorAt = cursor.u32();
      if (nameAt === 0 && vectorAt === 0) return [];
      if (this.section.string(this.pool + nameAt) === name) return this.vector(vectorAt);
    }
    return [];
  }

  private vector(at: number): readonly number[] {
    const cursor = this.section.cursor(this.pool + at);
    const count = cursor.u32();
    if (count > (cursor.end - cursor.pos) / 4) cursor.fail("a list of units that runs past the section");
    const positions = new Set<number>();
    for (let i = 0; i < count; i++) {
      // Numbers beyond the compile units' are those of type units.
      const position = this.units[cursor.u32() & UNIT_MASK];
      if (position !== undefined) positions.add(position);
    }
    return [...positions].sort((a, b) => a - b);
  }
}

function readUnit(cursor: Cursor): number {
  const offset = cursor.u64Number();
  cursor.u64();
  if (!Number.isSafeInteger(offset)) throw new DwarfError(".gdb_index: a unit outside of .debug_info");
  return offset;
}

/** mapped_index_string_hash; since version 5 letters count as small. */
function hashOfSymbol(name: Uint8Array): number {
  let hash = 0;
  for (const byte of name) {
    const small = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    hash = (Math.imul(hash, 67) + small - 113) >>> 0;
  }
  return hash;
}

const isPowerOf2 = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;
