// Units of .debug_info (DWARF 5 section 7.5.1): headers, found all at once; abbreviations, root DIE and bases, when asked.
// Must not know functions, types or lines.

import { type Abbreviation, type AbbreviationTable, abbreviationFor, readAbbreviations } from "./abbrev.ts";
import { AT, TAG, UT } from "./constants.ts";
import { type Address, type Cursor, DwarfError, Section } from "./cursor.ts";
import { Die } from "./die.ts";
import { skipForm } from "./form.ts";
import type { DebugSections } from "./sections.ts";

export interface UnitHeader {
  readonly offset: number;
  readonly end: number;
  readonly firstDie: number;
  readonly version: number;
  readonly type: number;
  readonly addressSize: number;
  readonly offsetSize: 4 | 8;
  readonly abbreviationsAt: number;
  /** Type units: DW_AT_signature's target, and the offset of the type's DIE in the unit. */
  readonly signature?: bigint;
  readonly typeOffset?: number;
}

/** Where a unit's parts of the index sections start (DW_AT_*_base); 0 where the root DIE names none. */
interface Bases {
  readonly strOffsets: number;
  readonly addr: number;
  readonly rnglists: number;
  readonly loclists: number;
}

const UNIT_TAGS: readonly number[] = [TAG.compile_unit, TAG.partial_unit, TAG.type_unit, TAG.skeleton_unit];

export class Unit implements UnitHeader {
  readonly offset: number;
  readonly end: number;
  readonly firstDie: number;
  readonly version: number;
  readonly type: number;
  readonly addressSize: number;
  readonly offsetSize: 4 | 8;
  readonly abbreviationsAt: number;
  readonly signature?: bigint;
  readonly typeOffset?: number;
  private reader: Cursor | undefined;
  private table: AbbreviationTable | undefined;
  private rootDie: Die | undefined;
  private basesRead: Bases | undefined;

  constructor(
    readonly owner: Units,
    header: UnitHeader,
  ) {
    this.offset = header.offset;
    this.end = header.end;
    this.firstDie = header.firstDie;
    this.version = header.version;
    this.type = header.type;
    this.addressSize = header.addressSize;
    this.offsetSize = header.offsetSize;
    this.abbreviationsAt = header.abbreviationsAt;
    if (header.signature !== undefined) this.signature = header.signature;
    if (header.typeOffset !== undefined) this.typeOffset = header.typeOffset;
  }

  /** The unit's bytes; every reader sets `pos` before it reads. */
  get cursor(): Cursor {
    this.reader ??= this.owner.section.cursor(this.firstDie, this.end);
    return this.reader;
  }

  get sections(): DebugSections {
    return this.owner.sections;
  }

  get abbreviations(): AbbreviationTable {
    this.table ??= this.owner.abbreviations(this);
    return this.table;
  }

  /** The unit's own DIE: name, directory, bases. */
  get root(): Die {
    this.rootDie ??= this.dieAt(this.firstDie);
    const where = `.debug_info+0x${this.offset.toString(16)}`;
    if (!this.rootDie) throw new DwarfError(`${where}: a unit without DIE`);
    // With the wrong abbreviations every DIE is read as another one.
    if (!UNIT_TAGS.includes(this.rootDie.tag))
      throw new DwarfError(
        `${where}: a unit that begins with tag 0x${this.rootDie.tag.toString(16)}: its abbreviations are damaged`,
      );
    return this.rootDie;
  }

  get bases(): Bases {
    this.basesRead ??= readBases(this);
    return this.basesRead;
  }

  get name(): string {
    return this.root.string(AT.name) ?? "";
  }

  get directory(): string {
    return this.root.string(AT.comp_dir) ?? "";
  }

  /** DW_AT_low_pc: the base of range and location lists. */
  get basePc(): Address {
    return this.root.address(AT.low_pc) ?? 0;
  }

  /** The DIE whose abbreviation code stands at `pos`; undefined for the null entry that ends siblings, and at the unit's end. */
  dieAt(pos: number): Die | undefined {
    if (pos >= this.end || pos < this.firstDie) return undefined;
    const cursor = this.cursor;
    cursor.pos = pos;
    const code = cursor.uleb();
    if (code === 0) return undefined;
    return new Die(this, pos, this.abbreviation(code, pos), cursor.pos);
  }

  /** Position after a DIE's attributes. */
  afterAttributes(abbreviation: Abbreviation, attributesAt: number): number {
    if (abbreviation.fixedSize >= 0) return attributesAt + abbreviation.fixedSize;
    const cursor = this.cursor;
    cursor.pos = attributesAt;
    for (const form of abbreviation.forms) skipForm(cursor, form, this);
    return cursor.pos;
  }

  /** Position after a DIE and all its descendants: by DW_AT_sibling where it has one, by walking otherwise. */
  after(abbreviation: Abbreviation, attributesAt: number): number {
    if (!abbreviation.children) return this.afterAttributes(abbreviation, attributesAt);
    const sibling = this.siblingOf(abbreviation, attributesAt);
    if (sibling > 0) return sibling;
    let pos = this.afterAttributes(abbreviation, attributesAt);
    const cursor = this.cursor;
    for (let depth = 1; depth > 0 && pos < this.end; ) {
      cursor.pos = pos;
      const code = cursor.uleb();
      if (code === 0) {
        depth--;
        pos = cursor.pos;
        continue;
      }
      const child = this.abbreviation(code, pos);
      const at = cursor.pos;
      const jump = child.children ? this.siblingOf(child, at) : 0;
      pos = jump > 0 ? jump : this.afterAttributes(child, at);
      if (child.children && jump <= 0) depth++;
    }
    return pos;
  }

  private abbreviation(code: number, pos: number): Abbreviation {
    const abbreviation = abbreviationFor(this.abbreviations, code);
    if (!abbreviation)
      throw new DwarfError(`.debug_info+0x${pos.toString(16)}: abbreviation ${code} is not defined`);
    return abbreviation;
  }

  /** The position that DW_AT_sibling gives, when it leads forward inside the unit; 0 otherwise. */
  private siblingOf(abbreviation: Abbreviation, attributesAt: number): number {
    if (abbreviation.siblingAt < 0) return 0;
    const cursor = this.cursor;
    cursor.pos = attributesAt + abbreviation.siblingAt;
    const sibling = this.offset + cursor.u32();
    return sibling > cursor.pos && sibling <= this.end ? sibling : 0;
  }
}

/** All units of .debug_info, in file order. */
export class Units {
  readonly all: readonly Unit[];
  /** Why the list of units ended early, if it did. */
  readonly damage: string | undefined;
  private readonly tables = new Map<string, AbbreviationTable>();
  private signatures: Map<bigint, Unit> | undefined;

  /** .debug_info; behind it .debug_types of DWARF 4, so that a position in either is one number. */
  readonly section: Section;

  /** Units with code, lines and variables: all but type units. */
  readonly withCode: readonly Unit[];

  /** `known` are the headers, where they need not be read. */
  constructor(
    readonly sections: DebugSections,
    known?: readonly UnitHeader[],
  ) {
    const info = sections.get("info");
    const types = sections.get("types");
    const typesAt = info.bytes.length;
    this.section = types.bytes.length === 0 ? info : joined(info, types);
    const found = known
      ? [{ headers: known, damage: undefined }]
      : [
          readHeaders(this.section, 0, typesAt, false),
          readHeaders(this.section, typesAt, this.section.bytes.length, true),
        ];
    this.all = found.flatMap(({ headers }) => headers.map((header) => new Unit(this, header)));
    this.withCode = this.all.filter((unit) => unit.signature === undefined);
    this.damage = found.find(({ damage }) => damage !== undefined)?.damage;
  }

  /** The unit that holds the byte at `offset`. */
  at(offset: number): Unit | undefined {
    let low = 0;
    let high = this.all.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const unit = this.all[middle]!;
      if (offset < unit.offset) high = middle - 1;
      else if (offset >= unit.end) low = middle + 1;
      else return unit;
    }
    return undefined;
  }

  dieAt(offset: number): Die | undefined {
    return this.at(offset)?.dieAt(offset);
  }

  /** The type of a DW_FORM_ref_sig8. */
  dieWithSignature(signature: bigint): Die | undefined {
    this.signatures ??= new Map(
      this.all.flatMap((u) => (u.signature === undefined ? [] : [[u.signature, u] as const])),
    );
    const unit = this.signatures.get(signature);
    return unit?.dieAt(unit.offset + (unit.typeOffset ?? 0));
  }

  abbreviations(unit: Unit): AbbreviationTable {
    const key = `${unit.abbreviationsAt}/${unit.version}/${unit.addressSize}/${unit.offsetSize}`;
    let table = this.tables.get(key);
    if (!table) {
      table = readAbbreviations(this.sections.get("abbrev"), unit.abbreviationsAt, unit);
      this.tables.set(key, table);
    }
    return table;
  }
}

function joined(info: Section, types: Section): Section {
  info.load();
  types.load();
  const bytes = new Uint8Array(info.bytes.length + types.bytes.length);
  bytes.set(info.bytes);
  bytes.set(types.bytes, info.bytes.length);
  return new Section(info.name, bytes);
}

/** The headers of the units in [start, limit). */
function readHeaders(
  section: Section,
  start: number,
  limit: number,
  inTypes: boolean,
): { headers: UnitHeader[]; damage: string | undefined } {
  const headers: UnitHeader[] = [];
  let damage: string | undefined;
  try {
    for (let at = start; at < limit; ) {
      const { header, end, unknown } = readHeader(section, at, limit, inTypes);
      if (header) headers.push(header);
      else
        damage ??= `${section.name}+0x${at.toString(16)}: a unit of DWARF version ${unknown} (2 to 5 are known)`;
      at = end;
    }
  } catch (error) {
    if (error instanceof DwarfError) return { headers, damage: error.message };
    throw error;
  }
  return { headers, damage };
}

/** No header is longer: 64-bit DWARF, version 5, a type unit. */
const MAX_HEADER = 40;

/** One header, and where the next begins. None for versions that we cannot read. Units of .debug_types have no unit type of their own. */
function readHeader(
  section: Section,
  offset: number,
  limit: number,
  inTypes: boolean,
): { header?: UnitHeader; end: number; unknown?: number } {
  const cursor = section.cursor(offset, Math.min(offset + MAX_HEADER, limit));
  const { length, offsetSize } = cursor.initialLength();
  const end = cursor.pos + length;
  if (end > limit) cursor.fail(`a unit of 0x${length.toString(16)} bytes runs past the section`);
  const version = cursor.u16();
  if (version < 2 || version > 5) return { end, unknown: version };
  const type = version >= 5 ? cursor.u8() : inTypes ? UT.type : UT.compile;
  const addressSizeFirst = version >= 5 ? cursor.u8() : 0;
  const abbreviationsAt = cursor.offset(offsetSize);
  const addressSize = version >= 5 ? addressSizeFirst : cursor.u8();
  let more: { signature?: bigint; typeOffset?: number } = {};
  if (type === UT.skeleton || type === UT.split_compile) cursor.u64();
  if (type === UT.type || type === UT.split_type)
    more = { signature: cursor.u64(), typeOffset: cursor.offset(offsetSize) };
  const firstDie = cursor.pos;
  if (firstDie > end) cursor.fail("a unit shorter than its header");
  const header = { offset, end, firstDie, version, type, addressSize, offsetSize, abbreviationsAt, ...more };
  return { header, end };
}

function readBases(unit: Unit): Bases {
  const root = unit.root;
  const usable =
    root.tag === TAG.compile_unit ||
    root.tag === TAG.partial_unit ||
    root.tag === TAG.type_unit ||
    root.tag === TAG.skeleton_unit;
  const base = (...names: number[]): number => {
    for (const name of usable ? names : []) {
      const value = root.sectionOffset(name);
      if (value !== undefined) return value;
    }
    return 0;
  };
  return {
    strOffsets: base(AT.str_offsets_base),
    addr: base(AT.addr_base, AT.GNU_addr_base),
    rnglists: base(AT.rnglists_base),
    loclists: base(AT.loclists_base),
  };
}
