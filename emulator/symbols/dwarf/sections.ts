// The debug sections of one ELF file, decompressed (SHF_COMPRESSED, gABI) when first asked for. Must not know their contents.

import { inflateSync } from "node:zlib";
import { type ElfFile, SHF, sectionBytes, sectionNamed } from "../../elf/elf.ts";
import { DwarfError, Section } from "./cursor.ts";

const ELFCOMPRESS_ZLIB = 1;
/** A compressed section cannot claim more than this: hostile sizes must not take the memory. */
const MAX_UNCOMPRESSED = 0x4000_0000;

export type SectionName =
  | "abbrev" | "addr" | "aranges" | "frame" | "info" | "line" | "line_str" | "loc" | "loclists" | "ranges" | "rnglists"
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
  if (!header) return new Section(name, new Uint8Array());
  const bytes = sectionBytes(elf, header);
  return new Section(name, header.flags & SHF.COMPRESSED ? decompress(name, bytes) : bytes);
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
