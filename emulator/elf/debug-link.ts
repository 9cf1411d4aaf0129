// Where a stripped file's debug information went: .gnu_debuglink (gdb manual, "Separate Debug Files"). Must not know file systems.

import { type ElfFile, SHT, sectionBytes, sectionNamed, stringAt } from "./elf.ts";

/** The debug file's name, without folders, and the CRC-32 of its contents. */
export interface DebugLink {
  readonly name: string;
  readonly crc: number;
}

/** Undefined where the file has no link, or one that is damaged or names a folder. */
export function debugLink(elf: ElfFile): DebugLink | undefined {
  const section = sectionNamed(elf, ".gnu_debuglink");
  if (!section) return undefined;
  const bytes = sectionBytes(elf, section);
  const name = stringAt(bytes, 0);
  // The name is padded with zeros to four bytes.
  const at = (name.length + 4) & ~3;
  if (name === "" || /[/\\]/.test(name) || at + 4 > bytes.length) return undefined;
  return { name, crc: new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true) };
}

/** True for a file that keeps the layout of code and data, but not their bytes (objcopy --only-keep-debug). */
export function isDebugOnly(elf: ElfFile): boolean {
  const text = sectionNamed(elf, ".text");
  return text?.type === SHT.NOBITS && text.size > 0n;
}
