// What tells one file's debug info from another's: its build-id where it has one, the sizes of its debug sections, and samples of what is in
// them. Reads little. Must not know files.

import { crc32 } from "../../elf/debug-link.ts";
import { type ElfFile, type ElfSection, SHT } from "../../elf/elf.ts";
import { buildId } from "../../elf/notes.ts";
import { hashOf } from "./api.ts";

const SAMPLES = 5;
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
  const contents = sections.map(
    (section) => `${section.name} ${section.fileSize} ${section.flags} ${sampled(elf, section)}`,
  );
  const stamp = [id ? `build-id ${id}` : `size ${elf.source.size} written ${written}`, ...contents].join(
    "\n",
  );
  const [one, other] = [0, 1].map((seed) => hashOf(Buffer.from(stamp, "utf8"), 0, undefined, seed));
  const digits = [one, other].map((hash) => hash!.toString(16).padStart(8, "0")).join("");
  return { key: id ? `${id.slice(0, 40)}-${digits.slice(0, 8)}` : digits, stamp };
}

/** A checksum over bytes of the section's start, end, and between. */
function sampled(elf: ElfFile, { type, offset, fileSize }: ElfSection): string {
  if (type === SHT.NOBITS) return "";
  const size = Math.min(SAMPLE_BYTES, fileSize);
  const step = (fileSize - size) / (SAMPLES - 1);
  const checksums = Array.from({ length: SAMPLES }, (_, i) =>
    crc32(elf.source.read(offset + Math.floor(i * step), size)),
  );
  return checksums.map((checksum) => checksum.toString(16)).join(",");
}
