// How well a name fits what was typed: exact, prefix, whole words, letters in order. Knows names only.

/** No match. */
export const NONE = -1;

/**
 * The score of a name (the first `length` bytes of `text`) against a lower-case pattern; higher is better, NONE if the letters do not all occur in order. Letters
 * at the start of a word (after `_`, or a capital after a small letter) and runs of neighbours count most; long names lose.
 */
export function fuzzyScore(text: Uint8Array, length: number, pattern: Uint8Array): number {
  if (pattern.length > length || !isSubsequence(text, length, pattern)) return NONE;
  const name = text.subarray(0, length);
  const at = indexOfFolded(name, pattern);
  if (at === 0) return (pattern.length === name.length ? 10_000 : 8_000) - name.length;
  if (at > 0) return (startsWord(name, at) ? 6_000 : 4_000) - name.length - Math.min(at, 50);
  return greedyScore(name, pattern) - name.length;
}

const fold = (c: number): number => (c >= 0x41 && c <= 0x5a ? c + 0x20 : c);

function isSubsequence(name: Uint8Array, length: number, pattern: Uint8Array): boolean {
  let p = 0;
  for (let i = 0; i < length && p < pattern.length; i++) if (fold(name[i]!) === pattern[p]) p++;
  return p === pattern.length;
}

function indexOfFolded(name: Uint8Array, pattern: Uint8Array): number {
  const last = name.length - pattern.length;
  for (let start = 0; start <= last; start++) {
    let i = 0;
    while (i < pattern.length && fold(name[start + i]!) === pattern[i]) i++;
    if (i === pattern.length) return start;
  }
  return -1;
}

function startsWord(name: Uint8Array, at: number): boolean {
  if (at === 0) return true;
  const [before, c] = [name[at - 1]!, name[at]!];
  return before === 0x5f || (c < 0x61 && c >= 0x41 && before >= 0x61);
}

/** Takes each letter at the next word's start if it has one there, else at its next place. */
function greedyScore(name: Uint8Array, pattern: Uint8Array): number {
  let score = 0;
  let at = 0;
  let previous = -2;
  for (let p = 0; p < pattern.length; p++) {
    const next = nextPlace(name, pattern, p, at, previous);
    if (next === previous + 1) score += 15;
    else if (startsWord(name, next)) score += 20;
    else score -= 5;
    previous = next;
    at = next + 1;
  }
  return 1_000 + score * 4;
}

/** Where to take letter p: beside the previous one, at a word's start from which the rest still fits, or anywhere. */
function nextPlace(name: Uint8Array, pattern: Uint8Array, p: number, at: number, previous: number): number {
  const letter = pattern[p]!;
  if (at === previous + 1 && fold(name[at] ?? 0) === letter) return at;
  let first = -1;
  for (let i = at; i < name.length; i++) {
    if (fold(name[i]!) !== letter) continue;
    if (first < 0) first = i;
    if (startsWord(name, i) && fitsFrom(name, i + 1, pattern, p + 1)) return i;
  }
  return first;
}

function fitsFrom(name: Uint8Array, at: number, pattern: Uint8Array, from: number): boolean {
  let p = from;
  for (let i = at; i < name.length && p < pattern.length; i++) if (fold(name[i]!) === pattern[p]) p++;
  return p === pattern.length;
}
