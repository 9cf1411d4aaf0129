// Where a function's text may run again: its loops, and what lies between a label and a later jump to it. By tokens, since that is all that the
// order of assignments needs.
import type { Parser } from "./parser.ts";

/** Ranges of tokens within the body [from, to), each from its first token to past its last. */
export function loopsOf(p: Parser, from: number, to: number): [number, number][] {
  const loops: [number, number][] = [];
  const labels = new Map<number, number>();
  for (let at = from; at < to; at++) {
    const word = p.wordAt(at);
    if (word === "for" || word === "while") loops.push([at, statementEnd(p, p.after(at + 1), to)]);
    else if (word === "do") loops.push([at, statementEnd(p, at + 1, to)]);
    else if (word === "goto") {
      const label = labels.get(p.ids[at + 1]!);
      if (label !== undefined) loops.push([label, at + 1]);
    } else if (word === ":" && p.isName(at - 1) && !labels.has(p.ids[at - 1]!))
      labels.set(p.ids[at - 1]!, at);
  }
  return loops;
}

/** Past the block that begins there, or past the next semicolon. */
function statementEnd(p: Parser, from: number, to: number): number {
  if (p.wordAt(from) === "{") return p.after(from);
  let at = from;
  while (at < to && p.wordAt(at) !== ";") at = Math.max(p.after(at), at + 1);
  return at;
}
