// What tells one file's debug info from another's: the sizes of its debug sections, and its build-id; without one, the time when the file was
// written, and samples of what is in the sections. Reads little. Must not know files.

import { crc32 } from "../../elf/crc32.ts";
import type { ElfFile, ElfSection } from "../../elf/elf.ts";
import { buildId } from "../../elf/notes.ts";
import { hashOf } from "./api.ts";

/** The sections that all others are referred to from. */
const SAMPLED = [".debug_info", ".debug_abbrev", ".debug_str", ".debug_line"];
const SAMPLES = 4;
const SAMPLE_BYTES = 1024;

export interface DebugIdentity {
  /** Short, and fit for a file's name. */
  readonly key: string;
  /** Everything that has to be equal. */
  readonly stamp: string;
}

/**
 * `written` says when the file was written: without a build-id, files of equal sizes may differ where no sample is taken. Undefined for a
 * file without debug info. May throw ElfError.
 */
export function identityOf(elf: ElfFile, written: string): DebugIdentity | undefined {
  const sections = elf.sections.filter(({ name, fileSize }) => name.startsWith(".debug_") && fileSize > 0);
  if (!sections.some(({ name }) => name === ".debug_info")) return undefined;
  const id = buildId(elf);
  const sizes = sections.map(({ name, fileSize, flags }) => `${name} ${fileSize} ${flags}`);
  const stamp = [id ? `build-id ${id}` : contentsOf(elf, sections, written), ...sizes].join("\n");
  const [one, other] = [0, 1].map((seed) => hashOf(Buffer.from(stamp, "utf8"), 0, undefined, seed));
  const digits = [one, other].map((hash) => hash!.toString(16).padStart(8, "0")).join("");
  return { key: id ? `${id.slice(0, 40)}-${digits.slice(0, 8)}` : digits, stamp };
}

function contentsOf(elf: ElfFile, sections: readonly ElfSection[], written: string): string {
  const samples = sections
    .filter(({ name }) => SAMPLED.includes(name))
    .map((section) => sampled(elf, section));
  return `size ${elf.source.size} written ${written} samples ${samples.join(" ")}`;
}

/** Checksums over bytes of the section's start, end, and between. */
function sampled(elf: ElfFile, { offset, fileSize }: ElfSection): string {
  const size = Math.min(SAMPLE_BYTES, fileSize);
  const step = (fileSize - size) / (SAMPLES - 1);
  const checksums = Array.from({ length: SAMPLES }, (_, i) =>
    crc32(elf.source.read(offset + Math.floor(i * step), size)),
  );
  return checksums.map((checksum) => checksum.toString(16)).join(",");
}
