// Address ranges of a DIE: DW_AT_low_pc/high_pc, .debug_ranges (DWARF 4 section 2.17.3), .debug_rnglists (DWARF 5 section 7.25).

import { readIndexedAddress } from "./addr.ts";
import { AT, FORM } from "./constants.ts";
import type { Address, Cursor } from "./cursor.ts";
import type { Die } from "./die.ts";
import { readConstant } from "./form.ts";
import type { Unit } from "./units.ts";

/** [low, high). */
export interface Range {
  readonly low: Address;
  readonly high: Address;
}

const RLE = {
  end_of_list: 0, base_addressx: 1, startx_endx: 2, startx_length: 3, offset_pair: 4, base_address: 5, start_end: 6, start_length: 7,
} as const; // biome-ignore format: a table

/** The DIE's ranges, empty ones left out; none for a DIE without code. */
export function rangesOf(die: Die): Range[] {
  const { unit } = die;
  const ranges = die.value(AT.ranges);
  if (ranges) {
    unit.cursor.pos = ranges.pos;
    if (unit.version >= 5) return readRnglist(unit, rnglistOffset(unit, ranges.form));
    return readRanges(
      unit,
      unit.cursor.offset(ranges.form === FORM.data8 ? 8 : ranges.form === FORM.data4 ? 4 : unit.offsetSize),
    );
  }
  const low = die.address(AT.low_pc);
  if (low === undefined) return [];
  const high = highPc(die, low);
  return high !== undefined && high > low ? [{ low, high }] : [];
}

export function contains(ranges: readonly Range[], address: Address): boolean {
  return ranges.some((range) => range.low <= address && address < range.high);
}

/** DW_AT_high_pc: an address, or (DWARF 4 and later) a length as a constant. */
function highPc(die: Die, low: Address): Address | undefined {
  const value = die.value(AT.high_pc);
  if (!value) return undefined;
  die.unit.cursor.pos = value.pos;
  const length = readConstant(die.unit.cursor, value);
  return length === undefined ? die.address(AT.high_pc) : low + length;
}

function rnglistOffset(unit: Unit, form: number): number {
  if (form !== FORM.rnglistx) return unit.cursor.offset(unit.offsetSize);
  const index = unit.cursor.uleb();
  const base = unit.bases.rnglists;
  return (
    base +
    unit.sections
      .get("rnglists")
      .cursor(base + index * unit.offsetSize)
      .offset(unit.offsetSize)
  );
}

function readRanges(unit: Unit, offset: number): Range[] {
  const cursor = unit.sections.get("ranges").cursor(offset);
  const ranges: Range[] = [];
  let base = unit.basePc;
  for (;;) {
    const low = cursor.address(unit.addressSize);
    const high = cursor.address(unit.addressSize);
    if (low === 0 && high === 0) return ranges;
    // A base selection entry is all ones: -1 as a signed address (4-byte addresses: 0xffffffff).
    if (low === (unit.addressSize === 8 ? -1 : 0xffffffff)) base = high;
    else add(ranges, base + low, base + high);
  }
}

function readRnglist(unit: Unit, offset: number): Range[] {
  const cursor = unit.sections.get("rnglists").cursor(offset);
  const ranges: Range[] = [];
  let base = unit.basePc;
  for (;;) {
    const kind = cursor.u8();
    switch (kind) {
      case RLE.end_of_list:
        return ranges;
      case RLE.base_addressx:
        base = readIndexedAddress(unit, cursor.uleb());
        break;
      case RLE.base_address:
        base = cursor.address(unit.addressSize);
        break;
      case RLE.offset_pair: {
        const low = cursor.uleb();
        add(ranges, base + low, base + cursor.uleb());
        break;
      }
      default:
        readAbsolute(unit, cursor, kind, ranges);
    }
  }
}

function readAbsolute(unit: Unit, cursor: Cursor, kind: number, ranges: Range[]): void {
  const indexed = kind === RLE.startx_endx || kind === RLE.startx_length;
  if (!indexed && kind !== RLE.start_end && kind !== RLE.start_length)
    cursor.fail(`unknown range list entry ${kind}`);
  const low = indexed ? readIndexedAddress(unit, cursor.uleb()) : cursor.address(unit.addressSize);
  if (kind === RLE.start_end) add(ranges, low, cursor.address(unit.addressSize));
  else if (kind === RLE.startx_endx) add(ranges, low, readIndexedAddress(unit, cursor.uleb()));
  else add(ranges, low, low + cursor.uleb());
}

function add(ranges: Range[], low: Address, high: Address): void {
  if (high > low) ranges.push({ low, high });
}
