// Location lists: .debug_loc (DWARF 4 section 2.6.2) and .debug_loclists (DWARF 5 section 7.29). Finds the expression for a pc.

import { readIndexedAddress } from "./addr.ts";
import { FORM } from "./constants.ts";
import type { Address, Cursor, Section } from "./cursor.ts";
import type { AttributeValue } from "./form.ts";
import type { Unit } from "./units.ts";

/** An expression's bytes: [pos, end) of a section. */
export interface ExpressionBytes {
  readonly section: Section;
  readonly pos: number;
  readonly end: number;
}

/** One entry; `range` undefined for a default location. */
export interface LocationEntry {
  readonly range: Range | undefined;
  readonly expression: ExpressionBytes;
}

const LLE = {
  end_of_list: 0, base_addressx: 1, startx_endx: 2, startx_length: 3, offset_pair: 4, default_location: 5, base_address: 6,
  start_end: 7, start_length: 8, view_pair: 9,
} as const; // biome-ignore format: a table

export function isLocationList(form: number): boolean {
  return form === FORM.loclistx || form === FORM.sec_offset || form === FORM.data4 || form === FORM.data8;
}

/**
 * The expression that holds at `pc`: that of the first entry that covers it, else the default location's. At a function's `entryPc` an empty range there
 * counts too: where the value is before the first instruction.
 */
export function expressionAt(
  unit: Unit,
  value: AttributeValue,
  pc: Address,
  entryPc?: Address,
): ExpressionBytes | undefined {
  let fallback: ExpressionBytes | undefined;
  for (const entry of locationEntries(unit, value)) {
    if (!entry.range) fallback ??= entry.expression;
    else if (covers(entry.range, pc) || (pc === entryPc && isEmptyAt(entry.range, pc)))
      return entry.expression;
  }
  return fallback;
}

interface Range {
  readonly low: Address;
  readonly high: Address;
}

const covers = ({ low, high }: Range, pc: Address): boolean => low <= pc && pc < high;
const isEmptyAt = ({ low, high }: Range, pc: Address): boolean => low === pc && high === pc;

/** All entries of a location list, in order. */
export function locationEntries(unit: Unit, value: AttributeValue): Iterable<LocationEntry> {
  unit.cursor.pos = value.pos;
  if (unit.version < 5)
    return readLoc(
      unit,
      unit.cursor.offset(value.form === FORM.data8 ? 8 : value.form === FORM.data4 ? 4 : unit.offsetSize),
    );
  if (value.form !== FORM.loclistx) return readLoclist(unit, unit.cursor.offset(unit.offsetSize));
  const base = unit.bases.loclists;
  const at = base + unit.cursor.uleb() * unit.offsetSize;
  return readLoclist(unit, base + unit.sections.get("loclists").cursor(at).offset(unit.offsetSize));
}

function* readLoc(unit: Unit, offset: number): Generator<LocationEntry> {
  const section = unit.sections.get("loc");
  const cursor = section.cursor(offset);
  let base = unit.basePc;
  for (;;) {
    const low = cursor.address(unit.addressSize);
    const high = cursor.address(unit.addressSize);
    if (low === 0 && high === 0) return;
    if (low === (unit.addressSize === 8 ? -1 : 0xffffffff)) {
      base = high;
      continue;
    }
    const length = cursor.u16();
    const pos = cursor.skip(length);
    yield { range: { low: base + low, high: base + high }, expression: { section, pos, end: pos + length } };
  }
}

function* readLoclist(unit: Unit, offset: number): Generator<LocationEntry> {
  const section = unit.sections.get("loclists");
  const cursor = section.cursor(offset);
  let base = unit.basePc;
  for (;;) {
    const kind = cursor.u8();
    if (kind === LLE.end_of_list) return;
    if (kind === LLE.base_addressx) base = readIndexedAddress(unit, cursor.uleb());
    else if (kind === LLE.base_address) base = cursor.address(unit.addressSize);
    else if (kind === LLE.view_pair) {
      cursor.skipLeb();
      cursor.skipLeb();
    } else {
      const range = readRange(unit, cursor, kind, base);
      const length = cursor.uleb();
      const pos = cursor.skip(length);
      yield { range, expression: { section, pos, end: pos + length } };
    }
  }
}

function readRange(unit: Unit, cursor: Cursor, kind: number, base: Address): LocationEntry["range"] {
  switch (kind) {
    case LLE.default_location:
      return undefined;
    case LLE.offset_pair: {
      const low = base + cursor.uleb();
      return { low, high: base + cursor.uleb() };
    }
    case LLE.start_end: {
      const low = cursor.address(unit.addressSize);
      return { low, high: cursor.address(unit.addressSize) };
    }
    case LLE.start_length: {
      const low = cursor.address(unit.addressSize);
      return { low, high: low + cursor.uleb() };
    }
    case LLE.startx_endx: {
      const low = readIndexedAddress(unit, cursor.uleb());
      return { low, high: readIndexedAddress(unit, cursor.uleb()) };
    }
    case LLE.startx_length: {
      const low = readIndexedAddress(unit, cursor.uleb());
      return { low, high: low + cursor.uleb() };
    }
    default:
      return cursor.fail(`unknown location list entry ${kind}`);
  }
}
