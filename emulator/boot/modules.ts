// Where what is loaded beside the kernel goes in memory. Must not know any boot protocol.

import { ElfError } from "../elf/error.ts";
import type { MemoryWrite } from "./layout.ts";
import type { BootModule } from "./request.ts";

const PAGE = 0x1000;

export interface PlacedModule extends MemoryWrite {
  name: string;
}

/** Page by page from `start` (bytes, physical) upwards. Throws ElfError when they do not fit below `limit`. */
export function placeUpwards(modules: readonly BootModule[], start: number, limit: number): PlacedModule[] {
  let address = pageUp(start);
  return modules.map(({ name, bytes }) => {
    const placed = { name, address, bytes, what: `module ${name}` };
    if (address + bytes.length > limit) throw new ElfError(noRoom(name, bytes.length, limit));
    address = pageUp(address + bytes.length);
    return placed;
  });
}

/** Page by page, the last one ending at or below `limit`. Throws ElfError when they reach below `floor`. */
export function placeAtTop(modules: readonly BootModule[], floor: number, limit: number): PlacedModule[] {
  let end = limit;
  const placed: PlacedModule[] = [];
  for (const { name, bytes } of [...modules].reverse()) {
    const address = Math.floor((end - bytes.length) / PAGE) * PAGE;
    if (address < floor) throw new ElfError(noRoom(name, bytes.length, limit));
    placed.unshift({ name, address, bytes, what: `module ${name}` });
    end = address;
  }
  return placed;
}

export function pageUp(address: number): number {
  return Math.ceil(address / PAGE) * PAGE;
}

function noRoom(name: string, size: number, limit: number): string {
  return (
    `The module ${name} (${size} bytes) does not fit between the kernel and physical 0x${limit.toString(16)}. ` +
    "Give the machine more memory."
  );
}
