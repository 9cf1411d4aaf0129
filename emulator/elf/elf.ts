// ELF64 little-endian x86-64: file header, program headers, section headers (System V gABI, chapters 4 and 5).
// Shared by boot/ and symbols/. Every offset is checked against the file. Must not know DWARF or boot protocols.

import { ElfError } from "./error.ts";
import { type ByteSource, inMemory } from "./source.ts";

export interface ElfFile {
  readonly source: ByteSource;
  /** e_ident[EI_OSABI]. */
  readonly osAbi: number;
  readonly type: "relocatable" | "executable" | "shared" | "core" | "other";
  readonly entry: bigint;
  readonly segments: readonly ElfSegment[];
  /** In the order of the section header table, so that st_shndx and sh_link are indexes into it. */
  readonly sections: readonly ElfSection[];
}

/** A program header. `offset` and `fileSize` are inside the file. */
export interface ElfSegment {
  /** p_type: see PT. */
  readonly type: number;
  /** p_flags: bit 0 execute, bit 1 write, bit 2 read. */
  readonly flags: number;
  readonly offset: number;
  readonly virtualAddress: bigint;
  readonly physicalAddress: bigint;
  readonly fileSize: number;
  readonly memorySize: bigint;
  readonly align: bigint;
}

/** A section header. `offset` and `fileSize` are inside the file; `fileSize` is 0 for SHT_NOBITS. */
export interface ElfSection {
  readonly index: number;
  readonly name: string;
  /** sh_type: see SHT. */
  readonly type: number;
  /** sh_flags: see SHF. */
  readonly flags: number;
  readonly address: bigint;
  readonly size: bigint;
  readonly offset: number;
  readonly fileSize: number;
  readonly link: number;
  readonly info: number;
  readonly align: number;
  readonly entrySize: number;
}

export const PT = { LOAD: 1, DYNAMIC: 2, INTERP: 3, NOTE: 4 } as const;
export const SHT = {
  NULL: 0,
  PROGBITS: 1,
  SYMTAB: 2,
  STRTAB: 3,
  RELA: 4,
  NOTE: 7,
  NOBITS: 8,
  REL: 9,
} as const;
export const SHF = { WRITE: 1, ALLOC: 2, EXECINSTR: 4, COMPRESSED: 0x800 } as const;

const HEADER_SIZE = 64;
const EM_X86_64 = 62;
const TYPES = ["other", "relocatable", "executable", "shared", "core"] as const;
/** e_machine values that people really try, for the error message. */
const MACHINES: Record<number, string> = {
  3: "i386", 8: "MIPS", 20: "PowerPC", 21: "PowerPC64", 22: "S/390", 40: "ARM", 43: "SPARC64", 183: "AArch64", 243: "RISC-V",
}; // biome-ignore format: a table

/**
 * Reads the headers of an x86-64 ELF file, and nothing else: segments and sections refer to `file`.
 * Throws ElfError when the file is not ELF, not 64-bit, not little-endian, not x86-64, or shorter than its headers say.
 */
export function parseElf(file: Uint8Array | ByteSource): ElfFile {
  const source = file instanceof Uint8Array ? inMemory(file) : file;
  const head = source.read(0, Math.min(source.size, HEADER_SIZE));
  checkIdentification(head);
  const view = viewOf(head);
  checkMachine(view.getUint16(18, true));
  return {
    source,
    osAbi: head[7]!,
    type: TYPES[view.getUint16(16, true)] ?? "other",
    entry: view.getBigUint64(24, true),
    segments: readSegments(source, view),
    sections: readSections(source, view),
  };
}

/** The bytes that a segment has in the file. */
export function segmentBytes(elf: ElfFile, segment: ElfSegment): Uint8Array {
  return elf.source.read(segment.offset, segment.fileSize);
}

/** The bytes that a section has in the file, compressed where SHF_COMPRESSED is set; empty for SHT_NOBITS. */
export function sectionBytes(elf: ElfFile, section: ElfSection): Uint8Array {
  return elf.source.read(section.offset, section.fileSize);
}

/** The first section with this name. */
export function sectionNamed(elf: ElfFile, name: string): ElfSection | undefined {
  return elf.sections.find((section) => section.name === name);
}

/** A NUL-terminated string inside `bytes`, as Latin-1; ends at the end of `bytes` where the NUL is missing. */
export function stringAt(bytes: Uint8Array, offset: number): string {
  if (offset < 0 || offset >= bytes.length) return "";
  let text = "";
  for (let i = offset; i < bytes.length; i++) {
    const c = bytes[i]!;
    if (c === 0) break;
    text += String.fromCharCode(c);
  }
  return text;
}

function checkIdentification(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new ElfError("The file is empty; expected an x86-64 ELF kernel.");
  const magic = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
  if (!magic)
    throw new ElfError(
      `Not an ELF file: it starts with ${firstBytes(bytes)}, not with 7f 45 4c 46.${hint(bytes)}`,
    );
  if (bytes[4] === 1) throw new ElfError("A 32-bit ELF file; Clockpath runs 64-bit (x86-64) kernels only.");
  if (bytes.length < HEADER_SIZE)
    throw new ElfError(`Truncated ELF file: ${bytes.length} bytes, shorter than an ELF64 header.`);
  if (bytes[4] !== 2)
    throw new ElfError(`Damaged ELF header: class ${bytes[4]} at offset 4 is neither 32- nor 64-bit.`);
  if (bytes[5] !== 1) throw new ElfError("Not a little-endian ELF file; x86-64 kernels are little-endian.");
}

function firstBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (b) => b.toString(16).padStart(2, "0")).join(" ");
}

function hint(bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return " It is gzip-compressed: unpack it first.";
  if (bytes[0] === 0x4d && bytes[1] === 0x5a)
    return " It is a PE or bzImage file: give the uncompressed ELF kernel.";
  return "";
}

function checkMachine(machine: number): void {
  if (machine === EM_X86_64) return;
  const name = MACHINES[machine];
  throw new ElfError(
    `An ELF file for ${name ?? "another machine"} (e_machine ${machine}); Clockpath runs x86-64 kernels (e_machine 62).`,
  );
}

function readSegments(source: ByteSource, header: DataView): ElfSegment[] {
  const table = checkTable(
    source,
    "program header",
    header.getBigUint64(32, true),
    header.getUint16(54, true),
    header.getUint16(56, true),
    56,
  );
  const view = viewOf(source.read(table.offset, table.count * table.entrySize));
  return Array.from({ length: table.count }, (_, i) => readSegment(source, view, i * table.entrySize, i));
}

function readSegment(source: ByteSource, view: DataView, at: number, index: number): ElfSegment {
  const what = `Program header ${index}`;
  const range = checkRange(source, what, view.getBigUint64(at + 8, true), view.getBigUint64(at + 32, true));
  return {
    type: view.getUint32(at, true),
    flags: view.getUint32(at + 4, true),
    offset: range.offset,
    virtualAddress: view.getBigUint64(at + 16, true),
    physicalAddress: view.getBigUint64(at + 24, true),
    fileSize: range.size,
    memorySize: view.getBigUint64(at + 40, true),
    align: view.getBigUint64(at + 48, true),
  };
}

function readSections(source: ByteSource, header: DataView): ElfSection[] {
  const offset = header.getBigUint64(40, true);
  if (offset === 0n) return [];
  const first = checkTable(source, "section header", offset, header.getUint16(58, true), 1, 64);
  const zeroth = viewOf(source.read(first.offset, first.entrySize));
  // gABI: counts that do not fit sixteen bits are kept in section 0.
  const count = header.getUint16(60, true) || Number(zeroth.getBigUint64(32, true));
  const table = checkTable(source, "section header", offset, first.entrySize, count, 64);
  let namesIndex = header.getUint16(62, true);
  if (namesIndex === 0xffff) namesIndex = zeroth.getUint32(40, true);
  const view = viewOf(source.read(table.offset, table.count * table.entrySize));
  const raw = Array.from({ length: table.count }, (_, i) =>
    readSection(source, view, i * table.entrySize, i),
  );
  const names = raw[namesIndex];
  const strings = names ? source.read(names.offset, names.fileSize) : new Uint8Array();
  return raw.map(({ nameOffset, ...section }) => ({ ...section, name: stringAt(strings, nameOffset) }));
}

function readSection(
  source: ByteSource,
  view: DataView,
  at: number,
  index: number,
): ElfSection & { nameOffset: number } {
  const type = view.getUint32(at + 4, true);
  const size = view.getBigUint64(at + 32, true);
  const inFile = type !== SHT.NOBITS && type !== SHT.NULL;
  const range = inFile
    ? checkRange(source, `Section ${index}`, view.getBigUint64(at + 24, true), size)
    : { offset: 0, size: 0 };
  return {
    index,
    name: "",
    nameOffset: view.getUint32(at, true),
    type,
    flags: view.getUint32(at + 8, true),
    address: view.getBigUint64(at + 16, true),
    size,
    offset: range.offset,
    fileSize: range.size,
    link: view.getUint32(at + 40, true),
    info: view.getUint32(at + 44, true),
    align: Number(view.getBigUint64(at + 48, true)),
    entrySize: Number(view.getBigUint64(at + 56, true)),
  };
}

interface Table {
  offset: number;
  entrySize: number;
  count: number;
}

function checkTable(
  source: ByteSource,
  what: string,
  offset: bigint,
  entrySize: number,
  count: number,
  least: number,
): Table {
  if (count === 0) return { offset: 0, entrySize: least, count: 0 };
  if (entrySize < least)
    throw new ElfError(`Damaged ELF header: a ${what} of ${entrySize} bytes is shorter than ${least}.`);
  const range = checkRange(
    source,
    `The ${what} table`,
    offset,
    BigInt(Math.trunc(count)) * BigInt(entrySize),
  );
  return { offset: range.offset, entrySize, count };
}

function checkRange(
  source: ByteSource,
  what: string,
  offset: bigint,
  size: bigint,
): { offset: number; size: number } {
  if (size === 0n) return { offset: 0, size: 0 };
  if (offset + size > BigInt(source.size)) {
    throw new ElfError(
      `Truncated ELF file: ${what} needs bytes 0x${offset.toString(16)} to 0x${(offset + size).toString(16)}, ` +
        `the file has 0x${source.size.toString(16)}. Copy or link it again.`,
    );
  }
  return { offset: Number(offset), size: Number(size) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
