// .debug_addr: addresses by index (DWARF 5 section 7.27).

import type { Address } from "./cursor.ts";
import type { Unit } from "./units.ts";

export function readIndexedAddress(unit: Unit, index: number): Address {
  const at = unit.bases.addr + index * unit.addressSize;
  return unit.sections.get("addr").cursor(at).address(unit.addressSize);
}
