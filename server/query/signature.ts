// The text of a definition as a reader wants it in a hover: the head of a function on one line, a macro or a struct in full
// (shortened), read from the source file.
import type { Definition, KernelIndex } from "./api.ts";

const MAX_LINES = 24;

/** The source of a definition, without its body where that is a function's; only its name where it cannot be read. */
export function signature(index: KernelIndex, definition: Definition): string {
  const text = signatureOf(Buffer.from(index.text(definition.file)).toString().split("\n"), definition);
  return text === "" ? definition.name : text;
}

export function signatureOf(lines: readonly string[], definition: Definition): string {
  const line = definition.line - 1;
  if (definition.kind === "function") return functionHead(lines, line);
  if (definition.kind === "member" || definition.kind === "enumerator") return oneLine(lines[line] ?? "");
  if (definition.kind === "variable") return oneLine(upTo(lines, headStart(lines, line), /[;=]/));
  const end = Math.min(definition.endLine, definition.line + MAX_LINES - 1);
  const start = definition.kind === "typedef" ? headStart(lines, line) : line;
  const text = lines.slice(start, end).join("\n").trimEnd();
  return end < definition.endLine ? `${text}\n...` : text;
}

function functionHead(lines: readonly string[], line: number): string {
  const start = headStart(lines, line);
  return oneLine(upTo(lines, start, /[{;]/, line));
}

/** The first line (from 0) of the declaration whose name stands on `line`: not past a blank line, a directive, or the end of something before. */
export function headStart(lines: readonly string[], line: number): number {
  let start = line;
  while (start > 0 && line - start < 8) {
    const before = (lines[start - 1] ?? "").trim();
    if (before === "" || /[;{}:]$|\*\/$|^#|^\/[/*]|\\$|^\*/.test(before)) break;
    start--;
  }
  return start;
}

/** The text from a line to the first character that `end` finds at or after line `from`, or some lines on. */
function upTo(lines: readonly string[], start: number, end: RegExp, from = start): string {
  const parts: string[] = [];
  for (let i = start; i < lines.length && i < start + MAX_LINES; i++) {
    const at = i < from ? -1 : (lines[i] ?? "").search(end);
    parts.push(at < 0 ? lines[i]! : lines[i]!.slice(0, at));
    if (at >= 0) break;
  }
  return parts.join("\n");
}

const oneLine = (text: string): string =>
  text
    .replace(/\/\*.*?\*\//gs, " ")
    .replace(/\s+/g, " ")
    .trim();
