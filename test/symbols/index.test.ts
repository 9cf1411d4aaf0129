// The index of debug information: kept on disk and read again, it changes no answer; damaged or of another file, it is not used.

import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../emulator/elf/elf.ts";
import { inMemory } from "../../emulator/elf/source.ts";
import type { SymbolFile } from "../../emulator/symbols/api.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { buildIndex } from "../../emulator/symbols/index/build.ts";
import { embeddedIndex } from "../../emulator/symbols/index/embedded.ts";
import { identityOf } from "../../emulator/symbols/index/stamp.ts";
import { openIndex, storeIndex } from "../../emulator/symbols/index/stored.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { damageBytes } from "../fuzz/damage.ts";
import { random } from "../random.ts";
import { aboutAll, aboutEnumerator, aboutFunction, aboutGlobal, aboutType, withoutIndex } from "./answers.ts";
import { FIXTURES, type Fixture, fixture, INDEXED } from "./oracle.ts";
import { inParts } from "./parts.ts";

function stored(name: Fixture): { bytes: Uint8Array; index: Uint8Array; stamp: string } {
  const bytes = fixture(name);
  const elf = parseElf(bytes);
  const { stamp } = identityOf(elf, "")!;
  return { bytes, index: storeIndex(buildIndex(new DebugInfo(elf, () => {}))!, stamp), stamp };
}

describe("an index on disk", () => {
  it.each(FIXTURES)("%s: the same answers with it", (name) => {
    const { bytes, index, stamp } = stored(name);
    const without = openSymbols(bytes);
    const opened = openIndex(inMemory(index), stamp);
    expect(opened?.whole?.headers).toHaveLength(new DebugInfo(parseElf(bytes), () => {}).units.all.length);
    const expected = [...aboutAll(without)];
    const symbols = openSymbols(inParts(bytes), undefined, opened);
    expect([...aboutAll(symbols)]).toEqual(expected);
    expect(symbols.info).toEqual(without.info);
  });

  it("of other debug info, cut short, or with a damaged head is none", () => {
    const { index, stamp } = stored("dwarf5");
    expect(openIndex(inMemory(index), stored("dwarf4").stamp)).toBeUndefined();
    for (const size of [0, 7, 8, 40, stamp.length, index.length - 1])
      expect(openIndex(inMemory(index.subarray(0, size)), stamp)).toBeUndefined();
    for (let at = 0; at < stamp.length + 72; at++) {
      const damaged = index.slice();
      damaged[at]! ^= 0x10;
      expect(openIndex(inMemory(damaged), stamp)).toBeUndefined();
    }
  });

  it("with a damaged page is given up, with a word about it", () => {
    const { bytes, index, stamp } = stored("dwarf5");
    const damaged = index.slice();
    damaged[index.length - 1]! ^= 1;
    const symbols = openSymbols(bytes, undefined, openIndex(inMemory(damaged), stamp));
    expect(aboutFunction(symbols, "clock_read")).toBe(aboutFunction(openSymbols(bytes), "clock_read"));
    expect(symbols.info.warnings).toEqual([
      expect.stringMatching(/^the symbol cache is not used: the symbol cache is damaged at 0x[0-9a-f]+\.$/),
    ]);
  });

  it("with any damage changes no answer (seed 5)", () => {
    const { bytes, index, stamp } = stored("dwarf5");
    const whole = openSymbols(bytes);
    const expected = [aboutFunction(whole, "mix"), aboutType(whole, "struct clock")];
    for (let i = 0; i < 300; i++) {
      const damaged = damageBytes(index, 0, index.length, random(5000 + i));
      const symbols = openSymbols(bytes, undefined, openIndex(inMemory(damaged), stamp));
      expect([aboutFunction(symbols, "mix"), aboutType(symbols, "struct clock")]).toEqual(expected);
    }
  });
});

describe("an index that the file brings along", () => {
  it.each(INDEXED)("%s: the same answers with it", (name) => {
    const bytes = fixture(name);
    const expected = [...aboutAll(openSymbols(withoutIndex(bytes)))];
    const symbols = openSymbols(inParts(bytes));
    expect([...aboutAll(symbols)]).toEqual(expected);
    expect(symbols.info.warnings).toEqual([]);
  });

  it.each(INDEXED)("%s: names where things are defined", (name) => {
    const elf = parseElf(fixture(name));
    const info = new DebugInfo(elf, () => {});
    const index = embeddedIndex(elf, info.sections, info.units)!;
    const unitNames = (of: string) => index.named(of).map((at) => path.basename(info.units.at(at)!.name));
    expect(unitNames("clock_read")).toContain("clock.c");
    expect(unitNames("clock")).toContain("clock.c");
    expect(unitNames("spin")).toEqual(["main.c"]);
    expect(unitNames("no_such_name")).toEqual([]);
  });

  it("of another file is not used, and the user is told", () => {
    const symbols = openSymbols(fixture("stale-index"));
    expect([...aboutAll(symbols)]).toEqual([...aboutAll(openSymbols(fixture("dwarf5")))]);
    expect(symbols.info.warnings).toEqual([
      expect.stringMatching(
        /^The file's index is not used: \.gdb_index is of other debug information: no unit begins at 0x[0-9a-f]+ \(gdb-add-index makes a new one\)\.$/,
      ),
    ]);
  });

  it.each(INDEXED)("%s: damage changes no answer (seed 6)", (name) => {
    const bytes = fixture(name);
    const section = parseElf(bytes).sections.find((s) => /^\.(debug_names|gdb_index)$/.test(s.name))!;
    const asked = (symbols: SymbolFile) => [
      aboutFunction(symbols, "mix"),
      aboutType(symbols, "struct clock"),
      aboutGlobal(symbols, "clocks"),
      aboutEnumerator(symbols, "SOURCE_TSC"),
    ];
    const expected = asked(openSymbols(withoutIndex(bytes)));
    for (let i = 0; i < 300; i++)
      expect(
        asked(openSymbols(damageBytes(bytes, section.offset, section.fileSize, random(6000 + i)))),
      ).toEqual(expected);
  });
});

describe("the identity of debug information", () => {
  it("is that of its contents, and without a build-id that of its file's time too", () => {
    const elf = parseElf(fixture("dwarf5"));
    expect(identityOf(elf, "1")).toEqual(identityOf(elf, "1"));
    expect(identityOf(parseElf(fixture("clang-dwarf5")), "1")!.stamp).not.toBe(identityOf(elf, "1")!.stamp);
    const hasBuildId = identityOf(elf, "1")!.stamp.startsWith("build-id");
    expect(identityOf(elf, "1")!.key === identityOf(elf, "2")!.key).toBe(hasBuildId);
  });
});
