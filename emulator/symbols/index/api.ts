// What an index over debug info answers, whoever made it: where names are, and, if it was made by us, which units and files there are.
// An index is a shortcut: what it says is looked up in the debug info before it counts. Must not know how an index is stored.

import type { UnitRanges } from "../dwarf/aranges.ts";
import type { UnitHeader } from "../dwarf/units.ts";

export interface DebugIndex {
  /** ".debug_names", for messages. */
  readonly origin: string;
  /** What a position is: that of a DIE below its unit's root, or of a whole unit that has such a DIE. */
  readonly grain: "die" | "unit";
  /**
   * Positions in .debug_info where something of that name may be: what stands directly below a unit, and enums with an enumerator of that name.
   * Ascending, each once.
   */
  named(name: string): readonly number[];
  /** Everything that the units themselves say; absent where the index lists definitions only, or what its maker found worth it. */
  readonly whole?: WholeIndex;
}

/** What is not listed here is nowhere. */
export interface WholeIndex {
  readonly headers: readonly UnitHeader[];
  readonly ranges: UnitRanges;
  /** Positions of the units whose line tables name a file with this base name. */
  unitsWithFile(baseName: string): readonly number[];
  /** Every file with line rows, sorted. */
  files(): string[];
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a of 32 bits over the bytes [start, end). */
export function hashOf(bytes: Uint8Array, start = 0, end = bytes.length, seed = FNV_OFFSET): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash >>> 0;
}

/** What a name is listed under; of a file, its base name behind a slash, which no name in C has. */
export const hashOfName = (name: string): number => hashOf(Buffer.from(name, "utf8"));
export const hashOfFile = (baseName: string): number => hashOf(Buffer.from(`/${baseName}`, "utf8"));
