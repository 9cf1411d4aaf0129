// Where in a source text places stand: in code, in a comment, in a string. One pass over the bytes, up to the last place.

export type TextPlace = "code" | "comment" | "string";

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const STAR = 0x2a;
const BACKSLASH = 0x5c;
const HASH = 0x23;

/** The label of each offset; the offsets ascend. In assembly `#` after a line's beginning opens a comment, and `'` is no quote. */
export function labelPlaces(
  bytes: Uint8Array,
  length: number,
  offsets: readonly number[],
  isAssembly: boolean,
): TextPlace[] {
  const labels: TextPlace[] = [];
  const pass = (end: number, label: TextPlace) => {
    while (labels.length < offsets.length && offsets[labels.length]! < end) labels.push(label);
  };
  let at = 0;
  let lineHasText = false;
  while (at < length && labels.length < offsets.length) {
    const c = bytes[at]!;
    const start = at;
    let label: TextPlace = "code";
    if (c === SLASH && bytes[at + 1] === STAR) {
      label = "comment";
      at = endOfBlock(bytes, length, at + 2);
    } else if ((c === SLASH && bytes[at + 1] === SLASH) || (isAssembly && c === HASH && lineHasText)) {
      label = "comment";
      at = endOfLine(bytes, length, at);
    } else if (c === QUOTE || (c === APOSTROPHE && !isAssembly)) {
      label = "string";
      at = endOfQuoted(bytes, length, at + 1, c);
    } else {
      if (c === NEWLINE) lineHasText = false;
      else if (c > 0x20) lineHasText = true;
      at++;
    }
    // A match may begin in the code before a comment and be about the code: only its first byte counts.
    if (label !== "code") pass(start, "code");
    if (label !== "code") pass(at, label);
  }
  pass(Number.POSITIVE_INFINITY, "code");
  return labels;
}

function endOfBlock(bytes: Uint8Array, length: number, from: number): number {
  for (let at = from; at + 1 < length; at++) if (bytes[at] === STAR && bytes[at + 1] === SLASH) return at + 2;
  return length;
}

/** The line's end that is not spliced to the next line by a backslash. */
function endOfLine(bytes: Uint8Array, length: number, from: number): number {
  let at = from;
  while (at < length && (bytes[at] !== NEWLINE || bytes[at - 1] === BACKSLASH)) at++;
  return at;
}

/** Past the closing quote; an unclosed constant ends with its line. */
function endOfQuoted(bytes: Uint8Array, length: number, from: number, quote: number): number {
  let at = from;
  while (at < length) {
    const c = bytes[at]!;
    if (c === quote) return at + 1;
    if (c === NEWLINE) return at;
    at += c === BACKSLASH ? 2 : 1;
  }
  return length;
}
