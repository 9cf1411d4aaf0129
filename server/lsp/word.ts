// The C identifier at a position of a text.

/** C's name spaces (C11 6.2.3) as far as the text before a name tells: `struct x`, `p->x` or `.x`, anything else. */
export type NameSpace = "tag" | "member" | "ordinary";

export interface Word {
  readonly name: string;
  readonly space: NameSpace;
  /** Both from 0, in UTF-16 units. */
  readonly line: number;
  readonly character: number;
}

/** The identifier that covers the position or ends at it; none in the middle of a number (`0x40UL`). */
export function identifierAt(text: string, position: { line: number; character: number }): Word | undefined {
  const line = lineOf(text, position.line);
  if (line === undefined) return undefined;
  for (const match of line.matchAll(/[A-Za-z0-9_$]+/g)) {
    const end = match.index + match[0].length;
    if (position.character > end) continue;
    if (position.character < match.index || /^[0-9]/.test(match[0])) return undefined;
    const before = line.slice(0, match.index);
    return { name: match[0], space: spaceBehind(before), line: position.line, character: match.index };
  }
  return undefined;
}

function spaceBehind(before: string): NameSpace {
  if (/\b(struct|union|enum)\s+$/.test(before)) return "tag";
  // Not the dots of `...`.
  return /(->|(?<!\.)\.)\s*$/.test(before) ? "member" : "ordinary";
}

/** One line of a text without its end; undefined past the last. */
export function lineOf(text: string, line: number): string | undefined {
  let start = 0;
  for (let skipped = 0; skipped < line; skipped++) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
}
