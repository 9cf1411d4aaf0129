// How well a name fits what was typed: the same, its start, whole words, pieces of words in order. Knows names only.
import { foldCase as fold, startsWord } from "../index/format.ts";

/** No match. */
export const NONE = -1;

/** What was typed, ready to be compared with many names. */
export interface Pattern {
  /** The bytes as typed, and in lower case. */
  readonly typed: Uint8Array;
  readonly folded: Uint8Array;
  /** Lower case without underscores: `tcinit` finds `tc_init`. A pattern of underscores alone has none and fits nothing. */
  readonly bare: Uint8Array;
  /** Of `bare`: where each byte stands last (by byte; -1: nowhere), and for each place where its byte stands before (-1: nowhere). */
  readonly lastOf: Int16Array;
  readonly sameBefore: Int16Array;
}

export function makePattern(text: string): Pattern {
  const typed = Buffer.from(text, "utf8");
  const folded = Buffer.from(text.toLowerCase(), "utf8");
  const bare = folded.filter((c) => c !== UNDERSCORE);
  const lastOf = new Int16Array(256).fill(-1);
  const sameBefore = Int16Array.from(bare, (c, p) => {
    const before = lastOf[c]!;
    lastOf[c] = p;
    return before;
  });
  return { typed, folded, bare, lastOf, sameBefore };
}

const UNDERSCORE = 0x5f;

// Scores by kind of fit; below each, shorter names and earlier places come first.
const SAME = 10_000;
const SAME_BARE = 9_000;
const PREFIX = 7_500;
const WORD = 6_000;
const INSIDE = 4_000;
const SCATTERED = 1_000;
/** What a letter counts that follows the one before it. */
const LETTER = 80;
/** The pattern as it was typed stands at the start, no underscore left out. */
const WHOLE_START = 400;
const SAME_CASE = 60;

/** Does the name text[from, to) start with the pattern, underscores apart? */
export function hasPrefix(text: Uint8Array, from: number, to: number, { bare }: Pattern): boolean {
  let p = 0;
  for (let i = from; i < to && p < bare.length; i++) {
    if (text[i] === UNDERSCORE) continue;
    if (fold(text[i]!) !== bare[p++]) return false;
  }
  return p === bare.length;
}

/** No name of a length scores higher, unless it is the pattern itself, underscores apart. */
export const bestPrefixScore = (length: number): number => PREFIX + WHOLE_START + SAME_CASE - length;

/** What a name of a length scores that has the pattern in so many pieces; 1: underscores apart in one, within a word. */
export const piecesScore = ({ bare }: Pattern, pieces: number, length: number): number =>
  Math.max(0, SCATTERED + (bare.length - pieces) * LETTER - length);

/**
 * The score of the name text[from, to), at least 0; higher is better. Scores below `floor` may come out as NONE. NONE
 * if the letters do not all occur, in order, together or in pieces of which each starts a word (after `_`, or a capital after
 * a small letter): `tctimecount` fits `tc_get_timecount`.
 */
export function fuzzyScore(
  text: Uint8Array,
  from: number,
  to: number,
  pattern: Pattern,
  floor = NONE,
): number {
  const { bare, folded, typed } = pattern;
  if (bare.length === 0 || !fitsFrom(text, from, to, bare)) return NONE;
  const length = to - from;
  const at = indexOf(text, from, to, folded) - from;
  const sameCase = at >= 0 && occurs(text, from + at, to, typed) ? SAME_CASE : 0;
  if (at === 0) return (folded.length === length ? SAME : PREFIX + WHOLE_START) + sameCase - length;
  if (hasPrefix(text, from, to, pattern))
    return (isBareEqual(text, from, to, bare) ? SAME_BARE : PREFIX) - length;
  if (at > 0)
    return (startsWord(text, from + at, from) ? WORD : INSIDE) + sameCase - length - Math.min(at, 50);
  if (piecesScore(pattern, 1, length) < floor) return NONE;
  if (isInside(text, from, to, bare)) return piecesScore(pattern, 1, length);
  return scatteredScore(text, from, to, pattern, 2, floor);
}

/** fuzzyScore() of a name that is known to have the pattern in at least two pieces, `atLeast` of them. */
export function scatteredScore(
  text: Uint8Array,
  from: number,
  to: number,
  pattern: Pattern,
  atLeast: number,
  floor: number,
): number {
  // Most names that fit have the letters scattered, and most of those are too long for the floor.
  if (piecesScore(pattern, atLeast, to - from) < floor) return NONE;
  const pieces = fewestPieces(text, from, to, pattern);
  return pieces < 0 ? NONE : piecesScore(pattern, pieces, to - from);
}

function isBareEqual(text: Uint8Array, from: number, to: number, bare: Uint8Array): boolean {
  let letters = 0;
  for (let i = from; i < to; i++) if (text[i] !== UNDERSCORE) letters++;
  return letters === bare.length;
}

/** Do the letters of the pattern occur in order in text[from, to)? */
function fitsFrom(text: Uint8Array, from: number, to: number, pattern: Uint8Array): boolean {
  let p = 0;
  for (let i = from; i < to && p < pattern.length; i++) if (fold(text[i]!) === pattern[p]) p++;
  return p === pattern.length;
}

/** Where the pattern, in lower case, stands in text[from, to) first; from - 1: nowhere. */
function indexOf(text: Uint8Array, from: number, to: number, folded: Uint8Array): number {
  const last = to - folded.length;
  const first = folded[0];
  for (let start = from; start <= last; start++) {
    if (fold(text[start]!) !== first) continue;
    let i = 1;
    while (i < folded.length && fold(text[start + i]!) === folded[i]) i++;
    if (i === folded.length) return start;
  }
  return from - 1;
}

/** Does the pattern stand in text[from, to) as it was typed? */
function occurs(text: Uint8Array, from: number, to: number, typed: Uint8Array): boolean {
  for (let start = from; start + typed.length <= to; start++) {
    let i = 0;
    while (i < typed.length && text[start + i] === typed[i]) i++;
    if (i === typed.length) return true;
  }
  return false;
}

/** Does the pattern stand in text[from, to), underscores apart? */
function isInside(text: Uint8Array, from: number, to: number, pattern: Uint8Array): boolean {
  for (let start = from; start < to; start++) {
    let p = 0;
    for (let at = start; at < to && p < pattern.length; at++) {
      if (text[at] === UNDERSCORE) continue;
      if (fold(text[at]!) !== pattern[p]) break;
      p++;
    }
    if (p === pattern.length) return true;
  }
  return false;
}

/** In how few pieces, each from a word's start, the pattern stands in text[from, to); -1: not so. Underscores within a piece do not count. */
function fewestPieces(text: Uint8Array, from: number, to: number, pattern: Pattern): number {
  const { bare, lastOf, sameBefore } = pattern;
  const { ending, endedAt, sofar } = room(bare.length + 1);
  let place = 0;
  for (let at = from; at < to; at++) {
    const c = fold(text[at]!);
    if (c === UNDERSCORE) continue;
    place++;
    let p = lastOf[c]!;
    if (p < 0) continue;
    const isStart = startsWord(text, at, from);
    // From the last letter down: what stands for fewer letters is still that of the places before.
    for (; p >= 0; p = sameBefore[p]!) {
      const going = p > 0 && endedAt[p] === place - 1 ? ending[p]! : NEVER;
      const begun = isStart ? sofar[p]! + 1 : NEVER;
      const pieces = going < begun ? going : begun;
      if (pieces >= NEVER) continue;
      ending[p + 1] = pieces;
      endedAt[p + 1] = place;
      if (pieces < sofar[p + 1]!) sofar[p + 1] = pieces;
    }
  }
  const pieces = sofar[bare.length]!;
  return pieces < NEVER ? pieces : -1;
}

const NEVER = 0x7fff;

/**
 * Fewest pieces for the first p letters: with the last one at the place where they ended last, and that place (its number among the
 * name's letters), or anywhere so far. Kept from name to name.
 */
let rows = { ending: new Int16Array(0), endedAt: new Int32Array(0), sofar: new Int16Array(0) };

function room(size: number): typeof rows {
  if (rows.sofar.length < size)
    rows = { ending: new Int16Array(size), endedAt: new Int32Array(size), sofar: new Int16Array(size) };
  rows.endedAt.fill(-1, 0, size);
  rows.sofar.fill(NEVER, 0, size);
  rows.sofar[0] = 0;
  return rows;
}
