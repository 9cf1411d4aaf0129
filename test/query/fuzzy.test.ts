// What a fuzzy search finds, and in which order: the rule of server/query/fuzzy.ts, and that the shapes of names spare no name that fits.
import { expect, test } from "vitest";
import { letterBit, pairBit, shapeOf } from "../../server/index/format.ts";
import { fuzzyScore, makePattern, NONE } from "../../server/query/fuzzy.ts";

const score = (name: string, pattern: string) =>
  fuzzyScore(Buffer.from(name), 0, name.length, makePattern(pattern));

/** The names that fit, best first. */
const ranked = (pattern: string, names: string[]) =>
  names.filter((name) => score(name, pattern) !== NONE).sort((a, b) => score(b, pattern) - score(a, pattern));

test("the same name, its start, a word, within a word, pieces of words", () => {
  const names = ["xtc_init", "tc_initialize", "tsc_tc_init", "t_c_in_it", "etc_cinit", "tc_init", "TC_INIT", "rtcinit"];
  expect(ranked("tc_init", names)).toEqual(["tc_init", "TC_INIT", "t_c_in_it", "tc_initialize", "tsc_tc_init", "xtc_init", "rtcinit"]);
}); // biome-ignore format: names

test.each([
  ["tctimecount", "tc_get_timecount", true],
  ["tcgt", "tc_get_timecount", true],
  ["AcpiTbl", "AcpiInitializeTbl", true],
  ["gettime", "xget_time", true],
  // What is taken from the middle of a word is no piece.
  ["tcount", "tc_get_timecount", false],
  ["tcet", "tc_get_timecount", false],
  ["ctt", "tc_get_timecount", false],
])("%s in %s: %s", (pattern, name, fits) => {
  expect(score(name, pattern) !== NONE).toBe(fits);
});

test("a name's shape has its letters, pairs of neighbours and starts of words", () => {
  const shape = { letters: 0, pairs: 0, starts: 0 };
  const bits = (letters: string) => [...letters].reduce((mask, c) => mask | letterBit(c.charCodeAt(0)), 0);
  shapeOf(Buffer.from("?tc_getTime"), 1, 11, shape);
  expect(shape.letters).toBe(bits("tc_geim"));
  expect(shape.starts).toBe(bits("tg"));
  const pairs = ["tc", "cg", "ge", "et", "tt", "ti", "im", "me"];
  expect(shape.pairs).toBe(
    pairs.reduce((mask, pair) => mask | pairBit(pair.charCodeAt(0), pair.charCodeAt(1)), 0),
  );
});
