// .debug_names (DWARF 5 section 6.1.1): which units define a name. A linker puts one table after the other, a unit each or one for all;
// gdb-add-index -dwarf-5 makes one. It lists definitions. Must not know DIEs.

import { FORM } from "../dwarf/constants.ts";
import { type Cursor, DwarfError, type Section } from "../dwarf/cursor.ts";
import { skipForm } from "../dwarf/form.ts";
import type { DebugIndex } from "./api.ts";

const IDX = { compile_unit: 1, type_unit: 2 } as const;

interface EntryShape {
  /** DW_IDX numbers, and their forms at the same index. */
  readonly attributes: readonly number[];
  readonly forms: readonly number[];
}

/** One table. The numbers are positions in the section. */
interface NameTable {
  readonly offsetSize: 4 | 8;
  readonly units: readonly number[];
  readonly bucketCount: number;
  readonly nameCount: number;
  readonly buckets: number;
  readonly hashes: number;
  readonly strings: number;
  readonly entries: number;
  readonly shapes: ReadonlyMap<number, EntryShape>;
  readonly pool: number;
  readonly end: number;
}

export class DebugNames implements DebugIndex {
  readonly origin = ".debug_names";
  readonly grain = "unit";
  readonly units: readonly number[];
  private readonly tables: readonly NameTable[];

  /** Throws DwarfError for what is not one. */
  constructor(
    private readonly section: Section,
    private readonly strings: Section,
  ) {
    const tables: NameTable[] = [];
    for (let at = 0; at < section.bytes.length; at = tables.at(-1)!.end) tables.push(readTable(section, at));
    this.tables = tables;
    this.units = tables.flatMap(({ units }) => units);
  }

  named(name: string): readonly number[] {
    const hash = caseFoldingHash(Buffer.from(name, "utf8"));
    const positions = new Set<number>();
    for (const table of this.tables)
      for (const number of this.namesIn(table, name, hash)) this.unitsOf(table, number, positions);
    return [...positions].sort((a, b) => a - b);
  }

  /** Numbers, from 0, of the table's names that are this one. */
  private *namesIn(table: NameTable, name: string, hash: number): Generator<number> {
    const { bucketCount, nameCount } = table;
    if (nameCount === 0) return;
    // Without buckets there are no hashes, and every name has to be looked at.
    const bucket = bucketCount === 0 ? undefined : hash % bucketCount;
    const first = bucket === undefined ? 1 : this.word(table.buckets + 4 * bucket);
    for (let number = first - 1; number >= 0 && number < nameCount; number++) {
      if (bucket !== undefined) {
        const other = this.word(table.hashes + 4 * number);
        if (other % bucketCount !== bucket) return;
        if (other !== hash) continue;
      }
      const at = this.offset(table, table.strings, number);
      if (this.strings.string(at) === name) yield number;
    }
  }

  /** The units of a name's entries: a list that ends with a 0 (DWARF 5 section 6.1.1.4.8). */
  private unitsOf(table: NameTable, number: number, positions: Set<number>): void {
    const cursor = this.section.cursor(table.pool + this.offset(table, table.entries, number), table.end);
    for (let code = cursor.uleb(); code !== 0; code = cursor.uleb()) {
      const shape = table.shapes.get(code);
      if (!shape) throw new DwarfError(`.debug_names: abbreviation ${code} is not defined`);
      const unit = readEntry(cursor, shape, table);
      if (unit !== undefined) positions.add(unit);
    }
  }

  private word(at: number): number {
    return this.section.cursor(at).u32();
  }

  private offset({ offsetSize }: NameTable, array: number, number: number): number {
    return this.section.cursor(array + offsetSize * number).offset(offsetSize);
  }
}

/** The unit's position; undefined for a type unit. Without DW_IDX_compile_unit the table is of one unit. */
function readEntry(cursor: Cursor, { attributes, forms }: EntryShape, table: NameTable): number | undefined {
  const encoding = { version: 5, addressSize: 8, offsetSize: table.offsetSize };
  let unit: number | undefined = attributes.includes(IDX.type_unit) ? undefined : 0;
  attributes.forEach((attribute, i) => {
    const form = forms[i]!;
    if (attribute === IDX.compile_unit) unit = readNumber(cursor, form);
    else skipForm(cursor, form, encoding);
  });
  return unit === undefined ? undefined : table.units[unit];
}

function readNumber(cursor: Cursor, form: number): number {
  switch (form) {
    case FORM.data1:
      return cursor.u8();
    case FORM.data2:
      return cursor.u16();
    case FORM.data4:
      return cursor.u32();
    case FORM.data8:
      return cursor.u64Number();
    case FORM.udata:
      return cursor.uleb();
    default:
      return cursor.fail(`unit numbers of form 0x${form.toString(16)} are not supported`);
  }
}

/** The header (DWARF 5 section 6.1.1.4.1) and where the arrays behind it are. */
function readTable(section: Section, start: number): NameTable {
  const cursor = section.cursor(start);
  const { length, offsetSize } = cursor.initialLength();
  const end = cursor.pos + length;
  if (end > section.bytes.length) cursor.fail("a table that runs past the section");
  const version = cursor.u16();
  if (version !== 5) cursor.fail(`version ${version} is not supported`);
  cursor.u16();
  const [unitCount, typeCount, foreignCount, bucketCount, nameCount, shapesSize, augmentation] = Array.from(
    { length: 7 },
    () => cursor.u32(),
  ) as [number, number, number, number, number, number, number];
  cursor.skip(Math.ceil(augmentation / 4) * 4);
  const unitsAt = cursor.pos;
  const buckets = unitsAt + (unitCount + typeCount) * offsetSize + foreignCount * 8;
  const hashes = buckets + bucketCount * 4;
  const strings = hashes + (bucketCount > 0 ? nameCount * 4 : 0);
  const entries = strings + nameCount * offsetSize;
  const shapesAt = entries + nameCount * offsetSize;
  const pool = shapesAt + shapesSize;
  if (pool > end) cursor.fail("a table's arrays run past its end");
  const list = section.cursor(unitsAt, end);
  const units = Array.from({ length: unitCount }, () => list.offset(offsetSize));
  const shapes = readShapes(section.cursor(shapesAt, pool));
  return { offsetSize, units, bucketCount, nameCount, buckets, hashes, strings, entries, shapes, pool, end };
}

function readShapes(cursor: Cursor): ReadonlyMap<number, EntryShape> {
  const shapes = new Map<number, EntryShape>();
  while (!cursor.done) {
    const code = cursor.uleb();
    if (code === 0) break;
    cursor.uleb();
    const attributes: number[] = [];
    const forms: number[] = [];
    for (;;) {
      const attribute = cursor.uleb();
      const form = cursor.uleb();
      if (attribute === 0 && form === 0) break;
      if (form === FORM.indirect || form === FORM.implicit_const)
        throw new DwarfError(".debug_names: a form that no index has");
      attributes.push(attribute);
      forms.push(form);
    }
    shapes.set(code, { attributes, forms });
  }
  return shapes;
}

/** The DJB hash of DWARF 5 section 6.1.1.4.5. Letters beyond ASCII, which no compiler of kernels writes, are not folded: such names are not found. */
function caseFoldingHash(name: Uint8Array): number {
  let hash = 5381;
  for (const byte of name) {
    const small = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    hash = (Math.imul(hash, 33) + small) >>> 0;
  }
  return hash;
}
