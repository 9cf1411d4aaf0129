// Which unit covers an address: .debug_aranges (DWARF 5 section 6.1.2), and for units that it leaves out their own ranges.

import type { Address, Section } from "./cursor.ts";
import { rangesOf } from "./ranges.ts";
import type { Unit, Units } from "./units.ts";

/** Which unit covers which addresses, by `low`; the same index in all arrays. */
export interface UnitRanges {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Number of the unit in Units.all. */
  readonly unit: Uint32Array;
}

/** The number of the unit whose code or data covers the address. */
export function unitNumberAt({ low, high, unit }: UnitRanges, address: Address): number | undefined {
  let first = 0;
  let last = low.length - 1;
  while (first <= last) {
    const middle = (first + last) >> 1;
    if (address < low[middle]!) last = middle - 1;
    else if (address >= high[middle]!) first = middle + 1;
    else return unit[middle];
  }
  return undefined;
}

export function readUnitRanges(units: Units, section: Section): UnitRanges {
  const rows: { low: Address; high: Address; unit: Unit }[] = [];
  const listed = new Set<Unit>();
  readAranges(units, section, (low, high, unit) => {
    listed.add(unit);
    rows.push({ low, high, unit });
  });
  for (const unit of units.withCode) {
    if (!listed.has(unit)) for (const { low, high } of unitRanges(unit)) rows.push({ low, high, unit });
  }
  rows.sort((a, b) => a.low - b.low || a.high - b.high);
  const numbers = new Map(units.all.map((unit, number) => [unit, number]));
  return {
    low: Float64Array.from(rows, (row) => row.low),
    high: Float64Array.from(rows, (row) => row.high),
    unit: Uint32Array.from(rows, (row) => numbers.get(row.unit)!),
  };
}

/** A unit that cannot be read covers nothing. */
function unitRanges(unit: Unit): readonly { low: Address; high: Address }[] {
  try {
    return rangesOf(unit.root);
  } catch {
    return [];
  }
}

/** Calls `add` for every tuple; damage ends the reading, and the units not yet listed are found by their own ranges. */
function readAranges(
  units: Units,
  section: Section,
  add: (low: Address, high: Address, unit: Unit) => void,
): void {
  const cursor = section.cursor(0);
  try {
    while (!cursor.done) {
      const start = cursor.pos;
      const { length, offsetSize } = cursor.initialLength();
      const end = cursor.pos + length;
      cursor.u16();
      const unit = units.at(cursor.offset(offsetSize));
      const addressSize = cursor.u8();
      const segmentSize = cursor.u8();
      const tuple = 2 * addressSize + segmentSize;
      if (tuple === 0 || end > cursor.end) return;
      // The first tuple is aligned to a tuple's size from the start of the set.
      cursor.pos = start + Math.ceil((cursor.pos - start) / tuple) * tuple;
      while (cursor.pos + tuple <= end) {
        cursor.skip(segmentSize);
        const low = cursor.address(addressSize);
        const size = cursor.unsigned(addressSize);
        if (size > 0 && unit) add(low, low + size, unit);
      }
      cursor.pos = end;
    }
  } catch {
    return;
  }
}
