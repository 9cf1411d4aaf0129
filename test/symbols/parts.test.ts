// A file that is read in parts says what it says when it is in memory whole, and most of it stays unread.

import { describe, expect, it } from "vitest";
import { ElfError } from "../../emulator/elf/error.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { aboutAll } from "./answers.ts";
import { FIXTURES, fixture } from "./oracle.ts";
import { inParts } from "./parts.ts";

describe("a file that is read in parts", () => {
  it.each(FIXTURES)("%s: the same answers as from memory", (name) => {
    const bytes = fixture(name);
    const expected = [...aboutAll(openSymbols(bytes))];
    expect(expected.length).toBeGreaterThan(100);
    expect([...aboutAll(openSymbols(inParts(bytes)))]).toEqual(expected);
  });

  it("is not read whole for one breakpoint", () => {
    const bytes = fixture("dwarf5");
    let read = 0;
    const symbols = openSymbols(inParts(bytes, (count) => (read += count)));
    expect(symbols.functionSites("clock_read")).toHaveLength(2);
    expect(read).toBeLessThan(bytes.length);
  });

  it("that cannot be read any more gives empty answers and one warning", () => {
    let gone = false;
    const source = inParts(fixture("dwarf5"), () => {
      if (gone) throw new ElfError("netbsd was written over since it was opened");
    });
    const symbols = openSymbols(source);
    gone = true;
    expect(symbols.functionSites("mix")).toEqual([]);
    expect(symbols.lineAt(0xffffffff80201000n)).toBeUndefined();
    expect(
      symbols.unwind({ pc: 0xffffffff80201000n, isCaller: false, get: () => 1n }, () => new Uint8Array(8)),
    ).toBeUndefined();
    expect(symbols.info.warnings).toEqual(["netbsd was written over since it was opened"]);
  });
});
