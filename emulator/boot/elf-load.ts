// ELF segments to guest-physical memory. Must not know boot protocols; parsing is emulator/elf's.

import { type ElfFile, type ElfSegment, PT, segmentBytes } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import {
  CMDLINE_ADDRESS,
  CMDLINE_LIMIT,
  EBDA_ADDRESS,
  type MemoryWrite,
  START_INFO_ADDRESS,
} from "./layout.ts";

/**
 * The PT_LOAD segments at their physical addresses. Memory beyond the file's part (bss) is RAM that nothing has written: zero.
 * Throws ElfError when a segment does not fit into `memory` bytes of RAM or covers what the boot protocol needs.
 */
export function loadSegments(elf: ElfFile, memory: number): MemoryWrite[] {
  const writes: MemoryWrite[] = [];
  elf.segments.forEach((segment, index) => {
    if (segment.type !== PT.LOAD || segment.memorySize === 0n) return;
    checkPlace(segment, index, memory);
    if (segment.fileSize === 0) return;
    writes.push({
      address: Number(segment.physicalAddress),
      bytes: segmentBytes(elf, segment),
      what: `segment ${index}`,
    });
  });
  if (writes.length === 0) {
    throw new ElfError("The kernel has no loadable segment (PT_LOAD): it is not a linked executable.");
  }
  return writes;
}

function checkPlace(segment: ElfSegment, index: number, memory: number): void {
  const low = segment.physicalAddress;
  const size = segment.memorySize > BigInt(segment.fileSize) ? segment.memorySize : BigInt(segment.fileSize);
  const high = low + size;
  if (high > BigInt(memory)) {
    throw new ElfError(
      `Segment ${index} of the kernel is at physical 0x${low.toString(16)}-0x${high.toString(16)}, outside the guest's ` +
        `${mebibytes(memory)} MiB of RAM. Give the machine more memory, or check the kernel's physical addresses.`,
    );
  }
  const inTheWay = RESERVED.find((r) => low < BigInt(r.high) && high > BigInt(r.low));
  if (inTheWay) {
    throw new ElfError(
      `Segment ${index} of the kernel is at physical 0x${low.toString(16)}-0x${high.toString(16)} and covers the ` +
        `${inTheWay.what} at 0x${inTheWay.low.toString(16)}. Link the kernel above 1 MiB.`,
    );
  }
}

const RESERVED = [
  { low: START_INFO_ADDRESS, high: START_INFO_ADDRESS + 0x2000, what: "boot information" },
  { low: CMDLINE_ADDRESS, high: CMDLINE_ADDRESS + CMDLINE_LIMIT, what: "command line" },
  { low: EBDA_ADDRESS, high: 0x100000, what: "MP table and ROM area" },
];

function mebibytes(bytes: number): number {
  return Math.round(bytes / 0x100000);
}
