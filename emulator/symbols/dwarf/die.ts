// One debugging information entry: its attributes by name and type, its children, its origins. Reads when asked, keeps nothing.
// Must not know what functions, variables or types are made of.

import type { Abbreviation } from "./abbrev.ts";
import { readIndexedAddress } from "./addr.ts";
import { AT, FORM } from "./constants.ts";
import type { Address, Cursor } from "./cursor.ts";
import { type AttributeValue, readBlock, readConstant, readConstantBig, skipForm } from "./form.ts";
import { readString } from "./str.ts";
import type { Unit } from "./units.ts";

/** Origin chains longer than this are cycles in damaged files. */
const MAX_ORIGINS = 16;

export class Die {
  constructor(
    readonly unit: Unit,
    /** In .debug_info. */
    readonly offset: number,
    readonly abbreviation: Abbreviation,
    private readonly attributesAt: number,
  ) {}

  get tag(): number {
    return this.abbreviation.tag;
  }

  has(attribute: number): boolean {
    return this.abbreviation.attributes.includes(attribute);
  }

  value(attribute: number): AttributeValue | undefined {
    const { attributes, forms, implicit } = this.abbreviation;
    const index = attributes.indexOf(attribute);
    if (index < 0) return undefined;
    const cursor = this.at(this.attributesAt);
    for (let i = 0; i < index; i++) skipForm(cursor, forms[i]!, this.unit);
    const constant = implicit[index];
    let form = forms[index]!;
    if (form === FORM.indirect) form = cursor.uleb();
    return constant === undefined ? { form, pos: cursor.pos } : { form, pos: cursor.pos, implicit: constant };
  }

  string(attribute: number): string | undefined {
    const value = this.value(attribute);
    return value && readString(this.unit, this.at(value.pos), value.form);
  }

  constant(attribute: number): number | undefined {
    const value = this.value(attribute);
    return value && readConstant(this.at(value.pos), value);
  }

  constantBig(attribute: number): bigint | undefined {
    const value = this.value(attribute);
    return value && readConstantBig(this.at(value.pos), value);
  }

  flag(attribute: number): boolean {
    return (this.constant(attribute) ?? 0) !== 0;
  }

  address(attribute: number): Address | undefined {
    const value = this.value(attribute);
    if (!value) return undefined;
    const cursor = this.at(value.pos);
    if (value.form === FORM.addr) return cursor.address(this.unit.addressSize);
    const index = addressIndex(cursor, value.form);
    return index === undefined ? undefined : readIndexedAddress(this.unit, index);
  }

  /** An offset into another section: DW_FORM_sec_offset, or data4/data8 before DWARF 4. */
  sectionOffset(attribute: number): number | undefined {
    const value = this.value(attribute);
    if (!value) return undefined;
    if (value.form === FORM.sec_offset) return this.at(value.pos).offset(this.unit.offsetSize);
    if (value.form === FORM.data4 || value.form === FORM.data8)
      return readConstant(this.at(value.pos), value);
    return undefined;
  }

  /** The bytes of a block or expression, as positions in .debug_info. */
  block(attribute: number): { pos: number; end: number } | undefined {
    const value = this.value(attribute);
    return value && readBlock(this.at(value.pos), value);
  }

  /** The DIE that a reference leads to; undefined when it leads nowhere. */
  reference(attribute: number): Die | undefined {
    const value = this.value(attribute);
    if (!value) return undefined;
    const cursor = this.at(value.pos);
    const { unit } = this;
    switch (value.form) {
      case FORM.ref1:
        return unit.dieAt(unit.offset + cursor.u8());
      case FORM.ref2:
        return unit.dieAt(unit.offset + cursor.u16());
      case FORM.ref4:
        return unit.dieAt(unit.offset + cursor.u32());
      case FORM.ref8:
        return unit.dieAt(unit.offset + cursor.u64Number());
      case FORM.ref_udata:
        return unit.dieAt(unit.offset + cursor.uleb());
      case FORM.ref_addr:
        return unit.owner.dieAt(
          unit.version <= 2 ? cursor.unsigned(unit.addressSize) : cursor.offset(unit.offsetSize),
        );
      case FORM.ref_sig8:
        return unit.owner.dieWithSignature(cursor.u64());
      default:
        return undefined;
    }
  }

  /** The DIE this one completes or instantiates: DW_AT_abstract_origin or DW_AT_specification. */
  origin(): Die | undefined {
    return this.reference(AT.abstract_origin) ?? this.reference(AT.specification);
  }

  /** This DIE, its origin, the origin's origin... */
  *lineage(): Generator<Die> {
    let die: Die | undefined = this;
    for (let i = 0; die && i < MAX_ORIGINS; i++) {
      yield die;
      die = die.origin();
    }
  }

  /** The nearest DIE of the lineage that has the attribute. */
  holder(attribute: number): Die | undefined {
    if (this.has(attribute)) return this;
    for (const die of this.lineage()) if (die.has(attribute)) return die;
    return undefined;
  }

  /** Position after the attributes. */
  get attributesEnd(): number {
    return this.unit.afterAttributes(this.abbreviation, this.attributesAt);
  }

  /** Position after the DIE and its descendants. */
  get end(): number {
    return this.unit.after(this.abbreviation, this.attributesAt);
  }

  /** DW_AT_name, its own or that of its origin. */
  get name(): string | undefined {
    return this.holder(AT.name)?.string(AT.name);
  }

  /** Visits the children in order; a visitor that returns true ends the walk. */
  forEachChild(visit: (child: Die) => unknown): void {
    if (!this.abbreviation.children) return;
    const { unit } = this;
    let pos = this.attributesEnd;
    for (let child = unit.dieAt(pos); child; child = unit.dieAt(pos)) {
      if (visit(child) === true) return;
      pos = unit.after(child.abbreviation, child.attributesAt);
    }
  }

  children(): Die[] {
    const children: Die[] = [];
    this.forEachChild((child) => {
      children.push(child);
    });
    return children;
  }

  private at(pos: number): Cursor {
    const cursor = this.unit.cursor;
    cursor.pos = pos;
    return cursor;
  }
}

/** The index of an address-index form; undefined for other forms. */
function addressIndex(cursor: Cursor, form: number): number | undefined {
  switch (form) {
    case FORM.addrx:
    case FORM.GNU_addr_index:
      return cursor.uleb();
    case FORM.addrx1:
      return cursor.u8();
    case FORM.addrx2:
      return cursor.u16();
    case FORM.addrx3:
      return cursor.u24();
    case FORM.addrx4:
      return cursor.u32();
    default:
      return undefined;
  }
}
