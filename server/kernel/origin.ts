// Where a line of a configuration stands, and the line as written. Shared by NetBSD's and FreeBSD's languages, which quote and comment alike.

import type { Place } from "./api.ts";

/** A file that was read: its name relative to the tree, and its text. */
export interface SourceText {
  file: string;
  text: string;
}

/** Where a statement stands. */
export interface Origin {
  source: SourceText;
  line: number;
  /** Offsets into the text, end exclusive. */
  start: number;
  end: number;
}

export const placeOf = (origin: Origin): Place => ({ file: origin.source.file, line: origin.line });

/** More of a line is not shown; real ones are shorter. */
const LONGEST_TEXT = 1000;

const texts = new WeakMap<SourceText, Map<number, string>>();

/** A statement as written, comments taken away and white space collapsed. */
export function statementText(origin: Origin): string {
  const { source, start } = origin;
  const known = texts.get(source) ?? new Map<number, string>();
  texts.set(source, known);
  const text = known.get(start) ?? collapsed(origin);
  known.set(start, text);
  return text;
}

function collapsed({ source, start, end }: Origin): string {
  const text = source.text
    .slice(start, end)
    .replace(/"(?:\\.|[^\\"])*"|#[^\n]*/g, (part) => (part.startsWith("#") ? "" : part))
    .replace(/\s+/g, " ")
    .trim();
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}
