// How well a name fits what was typed: the same, its start, whole words, pieces of words in order. Knows names only.
import { foldCase as fold, startsWord } from "../index/format.ts";

/** No match. */
export const NONE = -1;

/** What was typed, ready to be compared with many names. */
export interface Pattern {
  /** The bytes as typed, and in lower case. */
  readonly typed: Uint8Array;
  readonly folded: Uint8Array;
  /** Lower case without underscores: `tcinit` finds `tc_init`. */
  readonly bare: Uint8Array;
}

export function makePattern(text: string): Pattern {
  const typed = Buffer.from(text, "utf8");
  const folded = Buffer.from(text.toLowerCase(), "utf8");
  const bare = folded.filter((c) => c !== UNDERSCORE);
  return { typed, folded, bare: bare.length === 0 ? folded : bare };
}

const UNDERSCORE = 0x5f;

// Scores by kind of fit; below each, shorter names and earlier places come first.
const SAME = 10_000;
const SAME_BARE = 9_000;
export const PREFIX = 7_500;
const WORD = 6_000;
const INSIDE = 4_000;
const SCATTERED = 1_000;
/** Most that one scattered letter counts, before it is taken four times. */
const BEST_LETTER = 20;

/** Does the name (the first `length` bytes of `text`) start with the pattern, underscores apart? */
export function hasPrefix(text: Uint8Array, length: number, { bare }: Pattern): boolean {
  let p = 0;
  for (let i = 0; i < length && p < bare.length; i++) {
    if (text[i] === UNDERSCORE) continue;
    if (fold(text[i]!) !== bare[p++]) return false;
  }
  return p === bare.length;
}

/**
 * The score of a name (the first `length` bytes of `text`); higher is better. Scores below `floor` may come out as NONE. NONE
 * if the letters do not all occur, in order, together or in pieces of which each starts a word (after `_`, or a capital after
 * a small letter): `tctimecount` fits `tc_get_timecount`.
 */
export function fuzzyScore(text: Uint8Array, length: number, pattern: Pattern, floor = NONE): number {
  if (!fitsFrom(text, length, 0, pattern.bare, 0)) return NONE;
  const at = indexOf(text, length, pattern.folded);
  const sameCase = at >= 0 && occurs(text, length, pattern.typed, at) ? 60 : 0;
  if (at === 0) return (pattern.folded.length === length ? SAME : PREFIX + 400) + sameCase - length;
  if (hasPrefix(text, length, pattern))
    return (isBareEqual(text, length, pattern.bare) ? SAME_BARE : PREFIX) - length;
  if (at > 0) return (startsWord(text, at) ? WORD : INSIDE) + sameCase - length - Math.min(at, 50);
  // Most names that fit have the letters scattered: none of those reaches a floor above their best.
  if (floor > SCATTERED + pattern.bare.length * BEST_LETTER * 4) return NONE;
  const pieces = isInside(text, length, pattern.bare) ? 1 : fewestPieces(text, length, pattern.bare);
  if (pieces < 0) return NONE;
  return SCATTERED + (pattern.bare.length - pieces) * BEST_LETTER * 4 - length;
}

function isBareEqual(text: Uint8Array, length: number, bare: Uint8Array): boolean {
  let letters = 0;
  for (let i = 0; i < length; i++) if (text[i] !== UNDERSCORE) letters++;
  return letters === bare.length;
}

/** Do the letters of the pattern, from `from` on, occur in order in text[at, length)? */
function fitsFrom(text: Uint8Array, length: number, at: number, pattern: Uint8Array, from: number): boolean {
  let p = from;
  for (let i = at; i < length && p < pattern.length; i++) if (fold(text[i]!) === pattern[p]) p++;
  return p === pattern.length;
}

/** Where the pattern, in lower case, stands in the name first. */
function indexOf(text: Uint8Array, length: number, folded: Uint8Array): number {
  const last = length - folded.length;
  const first = folded[0];
  for (let start = 0; start <= last; start++) {
    if (fold(text[start]!) !== first) continue;
    let i = 1;
    while (i < folded.length && fold(text[start + i]!) === folded[i]) i++;
    if (i === folded.length) return start;
  }
  return -1;
}

/** Does the pattern stand in the name as it was typed, at `from` or later? */
function occurs(text: Uint8Array, length: number, typed: Uint8Array, from: number): boolean {
  for (let start = from; start + typed.length <= length; start++) {
    let i = 0;
    while (i < typed.length && text[start + i] === typed[i]) i++;
    if (i === typed.length) return true;
  }
  return false;
}

/** Does the pattern stand in the name, underscores apart? */
function isInside(name: Uint8Array, length: number, pattern: Uint8Array): boolean {
  for (let start = 0; start < length; start++) {
    let p = 0;
    for (let at = start; at < length && p < pattern.length; at++) {
      if (name[at] === UNDERSCORE) continue;
      if (fold(name[at]!) !== pattern[p]) break;
      p++;
    }
    if (p === pattern.length) return true;
  }
  return false;
}

/** In how few pieces, each from a word's start, the pattern stands in the name; -1: not so. Underscores within a piece do not count. */
function fewestPieces(name: Uint8Array, length: number, pattern: Uint8Array): number {
  // Fewest pieces for the first p letters: with the last one at the place that was looked at last (ending), or anywhere (sofar).
  const size = pattern.length + 1;
  if (scratch.length < 3 * size) scratch = new Int8Array(3 * size);
  scratch.fill(-1, 0, 3 * size);
  let [ending, next] = [0, size];
  const sofar = 2 * size;
  scratch[sofar] = 0;
  for (let at = 0; at < length; at++) {
    const c = fold(name[at]!);
    if (c === UNDERSCORE) continue;
    const isStart = startsWord(name, at);
    scratch.fill(-1, next, next + size);
    for (let p = 0; p < pattern.length; p++) {
      if (pattern[p] !== c) continue;
      const going = p === 0 ? -1 : scratch[ending + p]!;
      const begun = isStart && scratch[sofar + p]! >= 0 ? scratch[sofar + p]! + 1 : -1;
      scratch[next + p + 1] = going < 0 ? begun : begun < 0 ? going : Math.min(going, begun);
    }
    for (let p = 1; p < size; p++) {
      const [now, before] = [scratch[next + p]!, scratch[sofar + p]!];
      if (now >= 0 && (before < 0 || now < before)) scratch[sofar + p] = now;
    }
    [ending, next] = [next, ending];
  }
  return scratch[sofar + pattern.length]!;
}

/** Three rows of numbers, kept from name to name. */
let scratch = new Int8Array(64);
