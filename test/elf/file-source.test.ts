// emulator/file-source: a file that is read in parts; what happens to it meanwhile; what of it a machine is given.

import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseElf, SHF, segmentBytes } from "../../emulator/elf/elf.ts";
import { inMemory } from "../../emulator/elf/source.ts";
import { UserError } from "../../emulator/errors.ts";
import { kernelBytes, openSource } from "../../emulator/file-source.ts";
import { inParts } from "../symbols/parts.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
const guest = readFileSync(path.resolve("emulator/guest/guest.elf"));

/** Larger than what is read at once. */
function largeFile(name: string): { file: string; contents: Buffer } {
  const contents = Buffer.from(Uint8Array.from({ length: 3 << 20 }, (_, i) => (i * 7 + (i >> 12)) & 0xff));
  const file = path.join(folder, name);
  writeFileSync(file, contents);
  return { file, contents };
}

const later = () => new Promise((resolve) => setTimeout(resolve, 120));

describe("a large file", () => {
  it("is read in parts", () => {
    const { file, contents } = largeFile("parts");
    const source = openSource(file);
    expect(source.size).toBe(contents.length);
    expect(Buffer.from(source.read(1_234_567, 1000)).equals(contents.subarray(1_234_567, 1_235_567))).toBe(
      true,
    );
  });

  it("stays readable when another one takes its name", async () => {
    const { file, contents } = largeFile("replaced");
    const source = openSource(file);
    writeFileSync(`${file}.new`, "a new kernel");
    renameSync(`${file}.new`, file);
    await later();
    expect(Buffer.from(source.read(2_000_000, 10)).equals(contents.subarray(2_000_000, 2_000_010))).toBe(
      true,
    );
  });

  it("that was written over gives a clear error", async () => {
    const { file } = largeFile("overwritten");
    const source = openSource(file);
    appendFileSync(file, "more");
    await later();
    expect(() => source.read(0, 10)).toThrow(
      /overwritten was written over since it was opened: .* Start the session anew/,
    );
    const shorter = openSource(largeFile("cut").file);
    writeFileSync(path.join(folder, "cut"), "short");
    expect(() => shorter.read(2_000_000, 10)).toThrow(/cut was written over/);
  });

  it("that is not there is named", () => {
    expect(() => openSource(path.join(folder, "none"))).toThrow(UserError);
    expect(() => openSource(path.join(folder, "none"))).toThrow(/none: no such file/);
    expect(() => openSource(folder)).toThrow(UserError);
  });
});

describe("what a machine is given of a kernel's file", () => {
  it("is all of it but the debug information", () => {
    let read = 0;
    const bytes = kernelBytes(inParts(guest, (count) => (read += count)));
    expect(bytes).toHaveLength(guest.length);
    expect(read).toBeLessThan(guest.length);
    const elf = parseElf(new Uint8Array(guest));
    for (const segment of elf.segments) {
      const part = bytes.subarray(segment.offset, segment.offset + segment.fileSize);
      expect(Buffer.from(part).equals(segmentBytes(elf, segment))).toBe(true);
    }
    const kept = elf.sections.filter(
      (s) => s.flags & SHF.ALLOC || /^\.(symtab|strtab|shstrtab|note.*)$/.test(s.name),
    );
    expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining([".text", ".symtab", ".strtab"]));
    for (const { name, offset, fileSize } of kept)
      expect([name, Buffer.from(bytes.subarray(offset, offset + fileSize))]).toEqual([
        name,
        Buffer.from(guest.subarray(offset, offset + fileSize)),
      ]);
    expect(parseElf(bytes).sections).toEqual(elf.sections);
  });

  it("is the file itself where that is in memory, or no ELF file", () => {
    expect(kernelBytes(inMemory(guest))).toHaveLength(guest.length);
    const other = new Uint8Array([1, 2, 3]);
    expect(kernelBytes(inParts(other))).toEqual(other);
  });
});
