// The debug sections of one ELF file, decompressed (SHF_COMPRESSED, gABI) when first asked for. Must not know their contents.

import { inflateSync } from "node:zlib";
import { type ElfFile, type ElfSection, SHF, sectionBytes, sectionNamed } from "../../elf/elf.ts";
import { ElfError } from "../../elf/error.ts";
import { DwarfError, Section } from "./cursor.ts";

const ELFCOMPRESS_ZLIB = 1;
/** A compressed section cannot claim more than this: hostile sizes must not take the memory. */
const MAX_UNCOMPRESSED = 0x4000_0000;

export type SectionName =
  | "abbrev" | "addr" | "aranges" | "frame" | "info" | "line" | "line_str" | "loc" | "loclists" | "names" | "ranges" | "rnglists"
  | "str" | "str_offsets" | "types"; // biome-ignore format: a list

export class DebugSections {
  private readonly loaded = new Map<SectionName, Section>();
  constructor(private readonly elf: ElfFile) {}

  has(name: SectionName): boolean {
    return (sectionNamed(this.elf, `.debug_${name}`)?.fileSize ?? 0) > 0;
  }

  /** The section's bytes; empty where the file has none. */
  get(name: SectionName): Section {
    let section = this.loaded.get(name);
    if (!section) {
      section = load(this.elf, `.debug_${name}`);
      this.loaded.set(name, section);
    }
    return section;
  }
}

function load(elf: ElfFile, name: string): Section {
  const header = sectionNamed(elf, name);
  return header ? openSection(elf, header) : new Section(name, new Uint8Array());
}

/** A section that is read from the file as cursors come to its bytes; at once where it is compressed. */
export function openSection(elf: ElfFile, header: ElfSection): Section {
  const { name } = header;
  if (header.flags & SHF.COMPRESSED)
    return new Section(
      name,
      decompress(
        name,
        readOrFail(() => sectionBytes(elf, header)),
      ),
    );
  const { source } = elf;
  if (!source.fill) return new Section(name, sectionBytes(elf, header));
  // Memory that nothing has been written to costs nothing yet.
  return new Section(name, new Uint8Array(header.fileSize), (target, offset) =>
    readOrFail(() => source.fill?.(target, header.offset + offset)),
  );
}

/** A file that cannot be read any more is damage like any other. */
export function readOrFail<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ElfError ? new DwarfError(error.message) : error;
  }
}

/** Elf64_Chdr: u32 type, u32 reserved, u64 size, u64 alignment; then the stream. */
function decompress(name: string, bytes: Uint8Array): Uint8Array {
  const head = new Section(name, bytes).cursor(0);
  const type = head.u32();
  head.u32();
  const size = head.u64Number();
  head.u64();
  if (type !== ELFCOMPRESS_ZLIB) {
    throw new DwarfError(
      `${name}: compressed with method ${type}; only zlib is supported (objcopy --decompress-debug-sections)`,
    );
  }
  if (size > MAX_UNCOMPRESSED) throw new DwarfError(`${name}: claims ${size} bytes uncompressed`);
  try {
    return inflateSync(bytes.subarray(head.pos), { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw new DwarfError(`${name}: damaged zlib data (${error instanceof Error ? error.message : error})`);
  }
}
