// The comment that stands above a definition, as text for a hover.
import { lineOf } from "./word.ts";

/** How far above a name its comment may end: a return type, attributes and a blank line stand between them. */
const reach = 4;

/** The words of the block comment or the run of line comments above `line` (from 1); empty where there is none. */
export function commentAbove(text: string, line: number): string {
  const lines = text.split(/\r?\n/);
  for (let end = line - 2; end >= 0 && end >= line - 1 - reach; end--) {
    const last = lines[end]!.trim();
    if (last.endsWith("*/"))
      return isTrailing(last) ? "" : words(lines.slice(blockStart(lines, end), end + 1));
    if (last.startsWith("//")) return words(lines.slice(runStart(lines, end), end + 1));
    // The end of something else: what stands above it is not about this name.
    if (/[;}]$/.test(last) || last.startsWith("#")) return "";
  }
  return "";
}

/** A comment behind code, `int foo; /* ... *\/`, belongs to that code. */
function isTrailing(last: string): boolean {
  const start = last.lastIndexOf("/*");
  return start > 0;
}

function blockStart(lines: string[], end: number): number {
  for (let line = end; line >= 0; line--) if (lines[line]!.includes("/*")) return line;
  return end;
}

function runStart(lines: string[], end: number): number {
  let start = end;
  while (start > 0 && lines[start - 1]!.trim().startsWith("//")) start--;
  return start;
}

/** Without stars and slashes; `/*-` (do not reformat) and frames of stars or dashes go too. */
function words(comment: string[]): string {
  return comment
    .map((line) =>
      line
        .trim()
        .replace(/^(\/\*+-?|\*+(?!\/)|\/\/+)\s?/, "")
        .replace(/\s*\*+\/$/, ""),
    )
    .filter((line) => !/^[*=-]{3,}$/.test(line))
    .join("\n")
    .trim();
}

/** The line of a text as it stands, for a hover over something whose signature is not known. */
export function sourceLine(text: string, line: number): string {
  return (lineOf(text, line - 1) ?? "").trim();
}
