// The headers of a 32-bit x86 ELF file, as far as loading it needs: entry and segments. Such files hold 64-bit kernels too
// (Multiboot loaders read only this class). Every offset is checked against the file. Must not know boot protocols.

import type { ElfSegment } from "./elf.ts";
import { ElfError } from "./error.ts";
import { type ByteSource, inMemory } from "./source.ts";

export interface Elf32File {
  readonly source: ByteSource;
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
}

const HEADER_SIZE = 52;
const PROGRAM_HEADER_SIZE = 32;
const MACHINES = [3, 62]; // EM_386; EM_X86_64 in the x32 manner

/** True for a file that starts as a little-endian 32-bit ELF file does. */
export function isElf32(bytes: Uint8Array): boolean {
  return [0x7f, 0x45, 0x4c, 0x46, 1, 1].every((byte, i) => bytes[i] === byte);
}

/** Throws ElfError when the file is not for x86 or is shorter than its headers say. */
export function parseElf32(bytes: Uint8Array): Elf32File {
  if (!isElf32(bytes)) throw new ElfError("Not a little-endian 32-bit ELF file.");
  if (bytes.length < HEADER_SIZE)
    throw new ElfError(`Truncated ELF file: ${bytes.length} bytes, shorter than an ELF32 header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const machine = view.getUint16(18, true);
  if (!MACHINES.includes(machine))
    throw new ElfError(`A 32-bit ELF file for another machine than x86 (e_machine ${machine}).`);
  const table = view.getUint32(28, true);
  const entrySize = view.getUint16(42, true);
  const count = view.getUint16(44, true);
  if (count > 0 && entrySize < PROGRAM_HEADER_SIZE)
    throw new ElfError(`Damaged ELF header: a program header of ${entrySize} bytes is shorter than 32.`);
  inside(bytes, "the program header table", table, count * entrySize);
  const segments = Array.from({ length: count }, (_, i) => segment(bytes, view, table + i * entrySize, i));
  return { source: inMemory(bytes), entry: view.getUint32(24, true), segments };
}

function segment(bytes: Uint8Array, view: DataView, at: number, index: number): ElfSegment {
  const word = (offset: number) => view.getUint32(at + offset, true);
  const [offset, fileSize] = [word(4), word(16)];
  inside(bytes, `segment ${index}`, offset, fileSize);
  return {
    type: word(0),
    flags: word(24),
    offset,
    virtualAddress: BigInt(word(8)),
    physicalAddress: BigInt(word(12)),
    fileSize,
    memorySize: BigInt(word(20)),
    align: BigInt(word(28)),
  };
}

function inside(bytes: Uint8Array, what: string, offset: number, size: number): void {
  if (offset + size <= bytes.length) return;
  throw new ElfError(
    `Truncated ELF file: ${what} needs bytes 0x${offset.toString(16)} to 0x${(offset + size).toString(16)}, ` +
      `the file has 0x${bytes.length.toString(16)}. Copy or link it again.`,
  );
}
