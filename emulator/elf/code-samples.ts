// Pieces of a kernel's code as its file has them, spread over all of it: to tell whether a machine's memory holds this kernel.

import { type ElfFile, PT } from "./elf.ts";

export interface CodeSample {
  linear: bigint;
  physical: bigint;
  bytes: Uint8Array;
}

const COUNT = 32;
const LENGTH = 32;
const EXECUTE = 1;

/** None where the file holds no code (debug information only). */
export function codeSamples(elf: ElfFile): CodeSample[] {
  const code = elf.segments.filter(
    ({ type, flags, fileSize }) => type === PT.LOAD && (flags & EXECUTE) !== 0 && fileSize >= LENGTH,
  );
  const total = code.reduce((sum, { fileSize }) => sum + fileSize, 0);
  return code.flatMap((segment) => {
    const count = Math.max(1, Math.round((COUNT * segment.fileSize) / total));
    return Array.from({ length: count }, (_, n): CodeSample => {
      // The middle of each of `count` equal parts.
      const at = Math.floor(((n + 0.5) * (segment.fileSize - LENGTH)) / count);
      return {
        linear: BigInt.asUintN(64, segment.virtualAddress + BigInt(at)),
        physical: BigInt.asUintN(64, segment.physicalAddress + BigInt(at)),
        bytes: elf.source.read(segment.offset + at, LENGTH),
      };
    });
  });
}
