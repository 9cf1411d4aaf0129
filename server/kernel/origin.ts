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

/** A statement as written, comments taken away and white space collapsed. */
export function statementText({ source, start, end }: Origin): string {
  return source.text
    .slice(start, end)
    .replace(/"(?:\\.|[^\\"])*"|#[^\n]*/g, (part) => (part.startsWith("#") ? "" : part))
    .replace(/\s+/g, " ")
    .trim();
}
