// emulator/elf: headers, sections, segments and notes of a small ELF written here byte by byte, and its damaged forms.

import { describe, expect, it } from "vitest";
import { parseElf, sectionBytes, sectionNamed } from "../../emulator/elf/elf.ts";
import { ElfError } from "../../emulator/elf/error.ts";
import { buildId, readNotes } from "../../emulator/elf/notes.ts";

const NOTE = [4, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0, 0xde, 0xad, 0xbe, 0xef];
const NAMES = "\0.note\0.shstrtab\0";

/** Header 0x40, one PT_NOTE header 0x38, note at 0x78, names at 0x8c, three section headers at 0xa0. */
function smallElf(): Uint8Array {
  const bytes = new Uint8Array(0xa0 + 3 * 64);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 62, true);
  view.setBigUint64(24, 0xffffffff80001000n, true);
  view.setBigUint64(32, 0x40n, true);
  view.setBigUint64(40, 0xa0n, true);
  for (const [at, value] of [
    [54, 56],
    [56, 1],
    [58, 64],
    [60, 3],
    [62, 2],
  ] as const)
    view.setUint16(at, value, true);
  view.setUint32(0x40, 4, true);
  view.setBigUint64(0x48, 0x78n, true);
  view.setBigUint64(0x60, BigInt(NOTE.length), true);
  bytes.set(NOTE, 0x78);
  bytes.set(Buffer.from(NAMES, "latin1"), 0x8c);
  section(view, 1, { name: 1, type: 7, offset: 0x78, size: NOTE.length });
  section(view, 2, { name: 7, type: 3, offset: 0x8c, size: NAMES.length });
  return bytes;
}

function section(
  view: DataView,
  index: number,
  s: { name: number; type: number; offset: number; size: number },
): void {
  const at = 0xa0 + index * 64;
  view.setUint32(at, s.name, true);
  view.setUint32(at + 4, s.type, true);
  view.setBigUint64(at + 24, BigInt(s.offset), true);
  view.setBigUint64(at + 32, BigInt(s.size), true);
}

function changed(at: number, ...values: number[]): Uint8Array {
  const bytes = smallElf();
  bytes.set(values, at);
  return bytes;
}

describe("parseElf", () => {
  it("reads header, sections and segments", () => {
    const elf = parseElf(smallElf());
    expect(elf.type).toBe("executable");
    expect(elf.entry).toBe(0xffffffff80001000n);
    expect(elf.sections.map((s) => s.name)).toEqual(["", ".note", ".shstrtab"]);
    expect(elf.segments.map((s) => [s.type, s.offset, s.fileSize])).toEqual([[4, 0x78, 20]]);
    expect(sectionBytes(elf, sectionNamed(elf, ".note")!)).toEqual(new Uint8Array(NOTE));
  });

  it("lists a note that a segment and a section both hold once", () => {
    const elf = parseElf(smallElf());
    expect(readNotes(elf)).toHaveLength(1);
    expect(buildId(elf)).toBe("deadbeef");
  });

  it.each([
    ["an empty file", new Uint8Array(), /empty/],
    ["text", Buffer.from("#!/bin/sh\n"), /Not an ELF file: it starts with 23 21 2f 62/],
    ["gzip", new Uint8Array([0x1f, 0x8b, 8, 0]), /gzip/],
    ["a 32-bit file", changed(4, 1), /32-bit/],
    ["a big-endian file", changed(5, 2), /little-endian/],
    ["an AArch64 file", changed(18, 183), /AArch64/],
    ["an unknown machine", changed(18, 0x99), /another machine \(e_machine 153\)/],
    ["half a header", smallElf().subarray(0, 40), /Truncated/],
    ["no section headers", smallElf().subarray(0, 0xa0), /Truncated ELF file: The section header table/],
    [
      "a section past the end",
      changed(0xa0 + 64 + 24, 0xff, 0xff),
      /Truncated ELF file: Section 1 needs bytes/,
    ],
    [
      "a section size of 2^64-1",
      changed(0xa0 + 64 + 32, 255, 255, 255, 255, 255, 255, 255, 255),
      /Truncated/,
    ],
    ["short section headers", changed(58, 8), /shorter than 64/],
  ])("refuses %s with a clear message", (_what, bytes, message) => {
    expect(() => parseElf(bytes)).toThrow(ElfError);
    expect(() => parseElf(bytes)).toThrow(message);
  });

  it("takes names outside of the string table as empty", () => {
    expect(parseElf(changed(0xa0 + 64, 0xff)).sections[1]!.name).toBe("");
  });

  it("ends at a note that runs past its segment", () => {
    expect(readNotes(parseElf(changed(0x7c, 0xff)))).toEqual([]);
  });
});
