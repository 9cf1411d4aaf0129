// ELF notes (gABI chapter 5, "Note Section"): owner name, type and descriptor, from segments and from sections.
// Must not know what a note means, except the GNU build-id.

import { type ElfFile, PT, SHT } from "./elf.ts";

export interface ElfNote {
  /** The owner, without its NUL: "GNU", "Xen", "NetBSD". */
  readonly owner: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
}

const NT_GNU_BUILD_ID = 3;

/**
 * All notes of the file: those of PT_NOTE segments, then those of SHT_NOTE sections that no such segment covers (kernels
 * linked without a PT_NOTE header still carry them). A note that runs past its segment or section ends that list.
 */
export function readNotes(elf: ElfFile): ElfNote[] {
  const notes: ElfNote[] = [];
  const seen = new Set<number>();
  const areas = [
    ...elf.segments
      .filter((s) => s.type === PT.NOTE)
      .map((s) => ({ offset: s.offset, size: s.fileSize, align: Number(s.align) })),
    ...elf.sections
      .filter((s) => s.type === SHT.NOTE)
      .map((s) => ({ offset: s.offset, size: s.fileSize, align: s.align })),
  ];
  for (const area of areas) readArea(elf.source.read(area.offset, area.size), area, seen, notes);
  return notes;
}

/** The GNU build-id in lower-case hexadecimal, as `file` and gdb print it. */
export function buildId(elf: ElfFile): string | undefined {
  const note = readNotes(elf).find((n) => n.owner === "GNU" && n.type === NT_GNU_BUILD_ID);
  return note && Array.from(note.descriptor, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** `bytes` are the area's; `seen` are places in the file. */
function readArea(
  bytes: Uint8Array,
  area: { offset: number; align: number },
  seen: Set<number>,
  notes: ElfNote[],
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // 64-bit files use 4-byte alignment in practice; only an alignment of exactly 8 means 8 (as binutils reads them).
  const align = area.align === 8 ? 8 : 4;
  for (let at = 0; at + 12 <= bytes.length; ) {
    const nameSize = view.getUint32(at, true);
    const descriptorSize = view.getUint32(at + 4, true);
    const descriptorAt = roundUp(at + 12 + nameSize, align);
    if (descriptorAt + descriptorSize > bytes.length) return;
    if (!seen.has(area.offset + at)) {
      seen.add(area.offset + at);
      notes.push({
        owner: ownerName(bytes.subarray(at + 12, at + 12 + nameSize)),
        type: view.getUint32(at + 8, true),
        descriptor: bytes.subarray(descriptorAt, descriptorAt + descriptorSize),
      });
    }
    at = roundUp(descriptorAt + descriptorSize, align);
  }
}

function ownerName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 64)));
}

function roundUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
