// The guest's memory map as firmware would report it, in the form that every boot protocol translates.

import { EBDA_ADDRESS } from "./layout.ts";

/** E820 types: 1 = RAM, 2 = reserved. */
export interface MemoryRange {
  address: number;
  size: number;
  type: 1 | 2;
}

/** The memory map of a board with `memory` bytes of RAM from address 0 (the hole below 1 MB is part of it, reserved). */
export function memoryMap(memory: number): MemoryRange[] {
  return [
    { address: 0, size: EBDA_ADDRESS, type: 1 },
    { address: EBDA_ADDRESS, size: 0xa0000 - EBDA_ADDRESS, type: 2 },
    { address: 0xf0000, size: 0x10000, type: 2 },
    { address: 0x100000, size: memory - 0x100000, type: 1 },
  ];
}
