// .debug_str, .debug_line_str and .debug_str_offsets: strings by offset and by index (DWARF 5 sections 7.3.3, 7.26).

import { FORM } from "./constants.ts";
import type { Cursor } from "./cursor.ts";
import type { DebugSections } from "./sections.ts";
import type { Unit } from "./units.ts";

/** The string of a string form; undefined for other forms. The cursor stands at the value. */
export function readString(unit: Unit, cursor: Cursor, form: number): string | undefined {
  switch (form) {
    case FORM.strx:
    case FORM.GNU_str_index:
      return readIndexedString(unit, cursor.uleb());
    case FORM.strx1:
      return readIndexedString(unit, cursor.u8());
    case FORM.strx2:
      return readIndexedString(unit, cursor.u16());
    case FORM.strx3:
      return readIndexedString(unit, cursor.u24());
    case FORM.strx4:
      return readIndexedString(unit, cursor.u32());
    default:
      return readDirectString(unit.sections, cursor, form, unit.offsetSize);
  }
}

/** The string forms that need no unit; the ones that line-table headers use. */
export function readDirectString(
  sections: DebugSections,
  cursor: Cursor,
  form: number,
  offsetSize: 4 | 8,
): string | undefined {
  switch (form) {
    case FORM.string:
      return cursor.string();
    case FORM.strp:
      return sections.get("str").string(cursor.offset(offsetSize));
    case FORM.line_strp:
      return sections.get("line_str").string(cursor.offset(offsetSize));
    default:
      return undefined;
  }
}

function readIndexedString(unit: Unit, index: number): string {
  const at = unit.bases.strOffsets + index * unit.offsetSize;
  return unit.sections.get("str").string(unit.sections.get("str_offsets").cursor(at).offset(unit.offsetSize));
}
