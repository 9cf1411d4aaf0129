// How well a name fits what was typed: the same, its start, whole words, letters in order. Knows names only.

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
const fold = (c: number): number => (c >= 0x41 && c <= 0x5a ? c + 0x20 : c);

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
 * The score of a name (the first `length` bytes of `text`); higher is better, NONE if the letters do not all occur in order.
 * Scores below `floor` may come out as NONE. Letters at the start of a word (after `_`, or a capital after a small letter) and
 * runs of neighbours count most.
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
  return greedyScore(text, length, pattern.bare) - length;
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

function startsWord(name: Uint8Array, at: number): boolean {
  if (at === 0) return true;
  const [before, c] = [name[at - 1]!, name[at]!];
  return before === UNDERSCORE || (c < 0x61 && c >= 0x41 && before >= 0x61);
}

/** Takes each letter at the next word's start if it has one there, else at its next place. */
function greedyScore(name: Uint8Array, length: number, pattern: Uint8Array): number {
  let score = 0;
  let at = 0;
  let previous = -2;
  for (let p = 0; p < pattern.length; p++) {
    const next = nextPlace(name, length, pattern, p, at, previous);
    if (next === previous + 1) score += 15;
    else if (startsWord(name, next)) score += BEST_LETTER;
    else score -= 5;
    previous = next;
    at = next + 1;
  }
  return SCATTERED + score * 4;
}

/** Where to take letter p: beside the previous one, at a word's start from which the rest still fits, or anywhere. */
function nextPlace(
  name: Uint8Array,
  length: number,
  pattern: Uint8Array,
  p: number,
  at: number,
  previous: number,
): number {
  const letter = pattern[p]!;
  if (at === previous + 1 && at < length && fold(name[at]!) === letter) return at;
  let first = -1;
  for (let i = at; i < length; i++) {
    if (fold(name[i]!) !== letter) continue;
    if (first < 0) first = i;
    if (startsWord(name, i) && fitsFrom(name, length, i + 1, pattern, p + 1)) return i;
  }
  return first;
}
