// The index of debug information: kept on disk and read again, it changes no answer; damaged or of another file, it is not used.

import { describe, expect, it } from "vitest";
import { parseElf } from "../../emulator/elf/elf.ts";
import { inMemory } from "../../emulator/elf/source.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { buildIndex } from "../../emulator/symbols/index/build.ts";
import { identityOf } from "../../emulator/symbols/index/stamp.ts";
import { openIndex, storeIndex } from "../../emulator/symbols/index/stored.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { damageBytes } from "../fuzz/damage.ts";
import { random } from "../random.ts";
import { aboutAll, aboutFunction, aboutType } from "./answers.ts";
import { FIXTURES, type Fixture, fixture } from "./oracle.ts";
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

describe("the identity of debug information", () => {
  it("is that of its contents, and without a build-id that of its file's time too", () => {
    const elf = parseElf(fixture("dwarf5"));
    expect(identityOf(elf, "1")).toEqual(identityOf(elf, "1"));
    expect(identityOf(parseElf(fixture("clang-dwarf5")), "1")!.stamp).not.toBe(identityOf(elf, "1")!.stamp);
    const hasBuildId = identityOf(elf, "1")!.stamp.startsWith("build-id");
    expect(identityOf(elf, "1")!.key === identityOf(elf, "2")!.key).toBe(hasBuildId);
  });
});
