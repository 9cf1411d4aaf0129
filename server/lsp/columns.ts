// Columns: the index counts bytes from 1, LSP UTF-16 units from 0. They differ where a line has bytes beyond ASCII before the place. Bytes that
// are no UTF-8 (Latin-1) count as editors show them, one replacement character for each faulty sequence.
import type { KernelIndex } from "../query/api.ts";

/** The UTF-16 column of a byte column (0: not known) in a line's bytes. */
export function utf16Column(line: Uint8Array, column: number): number {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(Math.max(0, column - 1), line.length)).toString()
    .length;
}

/** The UTF-16 column of a place of an answer. */
export function characterOf(
  index: KernelIndex,
  { file, line, column }: { file: string; line: number; column: number },
): number {
  if (column <= 1 || index.isAscii(file)) return Math.max(0, column - 1);
  return utf16Column(lineOf(index.text(file), line), column);
}

/** The bytes of a line (from 1) of some text. */
export type LineBytes = (line: number) => Uint8Array;

/** The lines of a document's text as the scanner has read them. */
export function bytesOfLines(text: string): LineBytes {
  const lines = text.split("\n");
  return (line) => Buffer.from(lines[line - 1] ?? "");
}

/** The bytes of a line (from 1) without its end. */
export function lineOf(text: Uint8Array, line: number): Uint8Array {
  let start = 0;
  for (let skipped = 1; skipped < line; skipped++) {
    start = text.indexOf(0x0a, start) + 1;
    if (start === 0) return new Uint8Array(0);
  }
  const end = text.indexOf(0x0a, start);
  return text.subarray(start, end < 0 ? undefined : end);
}
