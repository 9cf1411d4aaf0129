// Attribute forms (DWARF 5 section 7.5.5): skipping them and reading them as numbers, strings, addresses, references.
// Must not know attributes' meanings.

import { type Encoding, fixedFormSize } from "./abbrev.ts";
import { FORM } from "./constants.ts";
import type { Cursor } from "./cursor.ts";

/** Where an attribute's value stands: what every reader below starts from. */
export interface AttributeValue {
  readonly form: number;
  /** Position in the unit's section. */
  readonly pos: number;
  /** The value of a DW_FORM_implicit_const. */
  readonly implicit?: number;
}

/** Moves the cursor over one value. */
export function skipForm(cursor: Cursor, form: number, encoding: Encoding): void {
  const size = fixedFormSize(form, encoding);
  if (size >= 0) {
    cursor.skip(size);
    return;
  }
  switch (form) {
    case FORM.udata:
    case FORM.sdata:
    case FORM.ref_udata:
    case FORM.strx:
    case FORM.addrx:
    case FORM.loclistx:
    case FORM.rnglistx:
    case FORM.GNU_addr_index:
    case FORM.GNU_str_index:
      cursor.skipLeb();
      return;
    case FORM.string:
      cursor.skipString();
      return;
    case FORM.exprloc:
    case FORM.block:
      cursor.skip(cursor.uleb());
      return;
    case FORM.block1:
      cursor.skip(cursor.u8());
      return;
    case FORM.block2:
      cursor.skip(cursor.u16());
      return;
    case FORM.block4:
      cursor.skip(cursor.u32());
      return;
    case FORM.indirect: {
      const real = cursor.uleb();
      if (real === FORM.indirect || real === FORM.implicit_const)
        cursor.fail("an indirect form that names itself");
      skipForm(cursor, real, encoding);
      return;
    }
    default:
      cursor.fail(`unknown attribute form 0x${form.toString(16)}`);
  }
}

/** A constant as a Number (data forms unsigned, sdata and implicit_const signed), or undefined for other classes. */
export function readConstant(cursor: Cursor, value: AttributeValue): number | undefined {
  switch (value.form) {
    case FORM.data1:
    case FORM.flag:
      return cursor.u8();
    case FORM.data2:
      return cursor.u16();
    case FORM.data4:
      return cursor.u32();
    case FORM.data8:
      return cursor.u64Number();
    case FORM.udata:
      return cursor.uleb();
    case FORM.sdata:
      return cursor.sleb();
    case FORM.implicit_const:
      return value.implicit ?? 0;
    case FORM.flag_present:
      return 1;
    default:
      return undefined;
  }
}

/** A constant, exact: signed where the form says so, otherwise the bits as written. */
export function readConstantBig(cursor: Cursor, value: AttributeValue): bigint | undefined {
  switch (value.form) {
    case FORM.data8:
      return cursor.u64();
    case FORM.udata:
      return cursor.ulebBig();
    case FORM.sdata:
      return cursor.slebBig();
    default: {
      const number = readConstant(cursor, value);
      return number === undefined ? undefined : BigInt(number);
    }
  }
}

/** The bytes of a block or exprloc, or undefined for other classes. */
export function readBlock(cursor: Cursor, value: AttributeValue): { pos: number; end: number } | undefined {
  let length: number;
  switch (value.form) {
    case FORM.exprloc:
    case FORM.block:
      length = cursor.uleb();
      break;
    case FORM.block1:
      length = cursor.u8();
      break;
    case FORM.block2:
      length = cursor.u16();
      break;
    case FORM.block4:
      length = cursor.u32();
      break;
    case FORM.data16:
      length = 16;
      break;
    default:
      return undefined;
  }
  const pos = cursor.skip(length);
  return { pos, end: pos + length };
}
