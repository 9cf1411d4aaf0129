// What firmware leaves in memory for kernels that look for it: MP table, ACPI tables, and the words that lead to them.

import { acpiTables } from "./acpi-tables.ts";
import { BIOS_DATA_AREA, Block, EBDA_ADDRESS, type MemoryWrite } from "./layout.ts";
import { mpTable } from "./mp-table.ts";
import type { BootRequest } from "./request.ts";

export function firmwareTables({ mpTable: mp, acpi }: BootRequest): MemoryWrite[] {
  return [...(mp ? [mpTable(mp), biosDataArea()] : []), ...(acpi ? [acpiTables(acpi)] : [])];
}

/** The two words by which kernels find the MP table: EBDA segment (0x40e) and KB of conventional memory (0x413). */
function biosDataArea(): MemoryWrite {
  const block = new Block(0x20);
  block.u16(0x0e, EBDA_ADDRESS >> 4).u16(0x13, EBDA_ADDRESS >> 10);
  return { address: BIOS_DATA_AREA, bytes: block.bytes, what: "BIOS data area" };
}
