// .debug_abbrev: abbreviation tables (DWARF 5 section 7.5.3). Must not know the DIEs that use them.

import { AT, FORM } from "./constants.ts";
import type { Cursor, Section } from "./cursor.ts";

export interface Abbreviation {
  readonly tag: number;
  readonly children: boolean;
  /** DW_AT numbers, and their forms at the same index. */
  readonly attributes: readonly number[];
  readonly forms: readonly number[];
  /** Values of DW_FORM_implicit_const attributes, by index. */
  readonly implicit: readonly (number | undefined)[];
  /** Bytes of all attributes together, or -1 where a form's size varies. */
  readonly fixedSize: number;
  /** Bytes before DW_AT_sibling when those are fixed and the sibling is a ref4; -1 otherwise. Lets walks jump. */
  readonly siblingAt: number;
}

export type AbbreviationTable = readonly (Abbreviation | undefined)[] | ReadonlyMap<number, Abbreviation>;

/** What the size of some forms depends on. */
export interface Encoding {
  readonly version: number;
  readonly addressSize: number;
  readonly offsetSize: 4 | 8;
}

/** Reads the table at `offset`. Codes are nearly always 1, 2, 3...; they are kept in a Map only when they are not. */
export function readAbbreviations(section: Section, offset: number, encoding: Encoding): AbbreviationTable {
  const cursor = section.cursor(offset);
  const dense: Abbreviation[] = [];
  let sparse: Map<number, Abbreviation> | undefined;
  for (let code = cursor.uleb(); code !== 0; code = cursor.uleb()) {
    const abbreviation = readAbbreviation(cursor, encoding);
    if (!sparse && code !== dense.length + 1) sparse = new Map(dense.map((a, i) => [i + 1, a]));
    if (sparse) sparse.set(code, abbreviation);
    else dense.push(abbreviation);
    if (cursor.done) break;
  }
  return sparse ?? [undefined, ...dense];
}

export function abbreviationFor(table: AbbreviationTable, code: number): Abbreviation | undefined {
  return Array.isArray(table) ? table[code] : (table as ReadonlyMap<number, Abbreviation>).get(code);
}

function readAbbreviation(cursor: Cursor, encoding: Encoding): Abbreviation {
  const tag = cursor.uleb();
  const children = cursor.u8() !== 0;
  const attributes: number[] = [];
  const forms: number[] = [];
  const implicit: (number | undefined)[] = [];
  let size = 0;
  let siblingAt = -1;
  for (;;) {
    const attribute = cursor.uleb();
    const form = cursor.uleb();
    if (attribute === 0 && form === 0) break;
    implicit.push(form === FORM.implicit_const ? cursor.sleb() : undefined);
    if (attribute === AT.sibling && form === FORM.ref4) siblingAt = size;
    const formSize = fixedFormSize(form, encoding);
    size = size < 0 || formSize < 0 ? -1 : size + formSize;
    attributes.push(attribute);
    forms.push(form);
  }
  return { tag, children, attributes, forms, implicit, fixedSize: size, siblingAt };
}

/** Bytes that a form takes in .debug_info, or -1 where that varies. */
export function fixedFormSize(form: number, encoding: Encoding): number {
  switch (form) {
    case FORM.flag_present:
    case FORM.implicit_const:
      return 0;
    case FORM.data1:
    case FORM.flag:
    case FORM.ref1:
    case FORM.strx1:
    case FORM.addrx1:
      return 1;
    case FORM.data2:
    case FORM.ref2:
    case FORM.strx2:
    case FORM.addrx2:
      return 2;
    case FORM.strx3:
    case FORM.addrx3:
      return 3;
    case FORM.data4:
    case FORM.ref4:
    case FORM.ref_sup4:
    case FORM.strx4:
    case FORM.addrx4:
      return 4;
    case FORM.data8:
    case FORM.ref8:
    case FORM.ref_sig8:
    case FORM.ref_sup8:
      return 8;
    case FORM.data16:
      return 16;
    case FORM.addr:
      return encoding.addressSize;
    case FORM.ref_addr:
      return encoding.version <= 2 ? encoding.addressSize : encoding.offsetSize;
    case FORM.strp:
    case FORM.line_strp:
    case FORM.strp_sup:
    case FORM.sec_offset:
    case FORM.GNU_ref_alt:
    case FORM.GNU_strp_alt:
      return encoding.offsetSize;
    default:
      return -1;
  }
}
