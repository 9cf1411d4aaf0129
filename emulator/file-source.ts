// A file as a source of bytes that is read in parts, and the part of a kernel's file that a machine is given. An edge: reads files.
// Must not know what the bytes mean beyond ELF's headers.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type ElfFile, type ElfSection, parseElf, SHF, SHT } from "./elf/elf.ts";
import { ElfError } from "./elf/error.ts";
import { type ByteSource, inMemory } from "./elf/source.ts";
import { UserError } from "./errors.ts";
import { fileError, readInput } from "./input-files.ts";

/** A file that is no larger is read at once. */
const SMALL = 1 << 20;
/** How long a look at the file's size and time counts, in ms. */
const TRUSTED = 100;

/**
 * The file stays open as long as the process runs: a kernel that a linker replaces meanwhile is another file, and this one stays
 * readable. One that is written over in place is noticed: reading it throws ElfError from then on. Throws UserError.
 */
export function openSource(file: string): ByteSource {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new UserError(`${file}: ${fileError(error)}`);
  }
  const { size, mtimeMs } = fstatSync(descriptor);
  if (size > SMALL) return new OpenFile(file, descriptor, size, mtimeMs);
  closeSync(descriptor);
  return inMemory(readInput(file));
}

class OpenFile implements ByteSource {
  private looked = performance.now();

  constructor(
    private readonly file: string,
    private readonly descriptor: number,
    readonly size: number,
    private readonly written: number,
  ) {}

  read(offset: number, size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    this.fill(bytes, offset);
    return bytes;
  }

  fill(target: Uint8Array, offset: number): void {
    this.checkUnchanged();
    for (let done = 0; done < target.length; ) {
      const count = readSync(this.descriptor, target, done, target.length - done, offset + done);
      if (count === 0) throw new ElfError(this.changed());
      done += count;
    }
  }

  private checkUnchanged(): void {
    const now = performance.now();
    if (now - this.looked < TRUSTED) return;
    const { size, mtimeMs } = fstatSync(this.descriptor);
    if (size !== this.size || mtimeMs !== this.written) throw new ElfError(this.changed());
    this.looked = now;
  }

  private changed(): string {
    return `${this.file} was written over since it was opened: what was not yet read of it is lost. Start the session anew.`;
  }
}

const PAGE = 0x1000;

/**
 * The kernel's file as a machine needs it: headers, segments, notes and symbol tables. What no boot protocol looks at (debug information and its
 * relocations, most of the file) is left zero where the file is read in parts.
 */
export function kernelBytes(source: ByteSource): Uint8Array {
  const elf = source.fill ? headersOf(source) : undefined;
  if (!source.fill || !elf) return source.read(0, source.size);
  const bytes = new Uint8Array(source.size);
  const wanted = new Uint8Array(Math.ceil(source.size / PAGE)).fill(1);
  const needless = elf.sections.filter(isNeedless);
  for (const { offset, fileSize } of needless) {
    const first = Math.ceil(offset / PAGE);
    wanted.fill(0, first, Math.max(first, Math.floor((offset + fileSize) / PAGE)));
  }
  for (const { offset, fileSize } of [...elf.segments, ...elf.sections.filter((s) => !isNeedless(s))])
    wanted.fill(1, Math.floor(offset / PAGE), Math.ceil((offset + fileSize) / PAGE));
  for (let first = wanted.indexOf(1); first >= 0; ) {
    const next = wanted.indexOf(0, first);
    const end = next < 0 ? wanted.length : next;
    source.fill(bytes.subarray(first * PAGE, end * PAGE), first * PAGE);
    first = wanted.indexOf(1, end);
  }
  return bytes;
}

const KEPT: readonly number[] = [SHT.SYMTAB, SHT.STRTAB, SHT.NOTE];

const isNeedless = ({ flags, type }: ElfSection): boolean => !(flags & SHF.ALLOC) && !KEPT.includes(type);

/** Undefined for what is no ELF file, or a damaged one: the machine says why. */
function headersOf(source: ByteSource): ElfFile | undefined {
  try {
    return parseElf(source);
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}
