// ELF segments to guest-physical memory. Must not know boot protocols; parsing is emulator/elf's.

import { type ElfSegment, PT } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import type { ByteSource } from "../elf/source.ts";
import {
  CMDLINE_ADDRESS,
  CMDLINE_LIMIT,
  EBDA_ADDRESS,
  LOW_DATA_ADDRESS,
  LOW_DATA_END,
  type MemoryWrite,
} from "./layout.ts";

/** What of an ELF file, of either class, loading needs. */
export interface Loadable {
  readonly source: ByteSource;
  readonly segments: readonly ElfSegment[];
}

/**
 * The PT_LOAD segments at their physical addresses. Memory beyond the file's part (bss) is RAM that nothing has written: zero.
 * Throws ElfError when a segment does not fit into `memory` bytes of RAM or covers what the boot protocol needs.
 */
export function loadSegments(elf: Loadable, memory: number, lowDataEnd = LOW_DATA_END): MemoryWrite[] {
  const writes: MemoryWrite[] = [];
  elf.segments.forEach((segment, index) => {
    if (!isLoaded(segment)) return;
    checkPlace(
      `Segment ${index} of the kernel`,
      segment.physicalAddress,
      sizeOf(segment),
      memory,
      lowDataEnd,
    );
    if (segment.fileSize === 0) return;
    writes.push({
      address: Number(segment.physicalAddress),
      bytes: elf.source.read(segment.offset, segment.fileSize),
      what: `segment ${index}`,
    });
  });
  if (writes.length === 0) {
    throw new ElfError("The kernel has no loadable segment (PT_LOAD): it is not a linked executable.");
  }
  return writes;
}

/** First physical address behind all segments, bss included. */
export function loadEnd(elf: Loadable): number {
  const ends = elf.segments.filter(isLoaded).map((s) => Number(s.physicalAddress + sizeOf(s)));
  return Math.max(0, ...ends);
}

/** First physical address of the segments. */
export function loadStart(elf: Loadable): number {
  return Math.min(...elf.segments.filter(isLoaded).map((s) => Number(s.physicalAddress)));
}

/** Throws ElfError when the range is not RAM, or is where boot data goes (below `lowDataEnd`, for one). `what` begins the message. */
export function checkPlace(
  what: string,
  low: bigint,
  size: bigint,
  memory: number,
  lowDataEnd = LOW_DATA_END,
): void {
  const high = low + size;
  const range = `physical 0x${low.toString(16)}-0x${high.toString(16)}`;
  if (high > BigInt(memory)) {
    throw new ElfError(
      `${what} is at ${range}, outside the guest's ${Math.round(memory / 0x100000)} MiB of RAM. ` +
        "Give the machine more memory, or check the kernel's physical addresses.",
    );
  }
  const inTheWay = reserved(lowDataEnd).find((r) => low < BigInt(r.high) && high > BigInt(r.low));
  if (inTheWay) {
    throw new ElfError(
      `${what} is at ${range} and covers the ${inTheWay.what} at 0x${inTheWay.low.toString(16)}. Link the kernel above 1 MiB.`,
    );
  }
}

const reserved = (lowDataEnd: number) => [
  { low: LOW_DATA_ADDRESS, high: lowDataEnd, what: "boot information" },
  { low: CMDLINE_ADDRESS, high: CMDLINE_ADDRESS + CMDLINE_LIMIT, what: "command line" },
  { low: EBDA_ADDRESS, high: 0x100000, what: "MP table and ROM area" },
];

function isLoaded(segment: ElfSegment): boolean {
  return segment.type === PT.LOAD && segment.memorySize !== 0n;
}

function sizeOf({ memorySize, fileSize }: ElfSegment): bigint {
  return memorySize > BigInt(fileSize) ? memorySize : BigInt(fileSize);
}
