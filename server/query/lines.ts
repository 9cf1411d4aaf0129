// The lines around answers, from the files as they are now: one file is kept, since answers about a file mostly come together.
import type { KernelIndex, Reference } from "./api.ts";
import { type Assignment, assignmentAt } from "./assignment.ts";

/** Lines count from 1, columns in bytes from 1. */
export interface Lines {
  /** A line's bytes without its end; empty past the last. */
  bytes(file: string, line: number): Uint8Array;
  /** The form of the assignment that an occurrence is; undefined for one that gives no value. */
  assignment(found: Reference): Assignment | undefined;
}

/** The kinds of occurrences among which assignments are. */
export const assigning = ["write", "address", "definition"] as const;

interface Kept {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  /** One character a byte. */
  text?: string;
}

export function linesOf(index: KernelIndex): Lines {
  let kept: Kept | undefined;
  const read = (file: string): Kept => {
    if (kept?.file === file) return kept;
    const bytes = index.text(file);
    const starts = [0];
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, end + 1)) starts.push(end + 1);
    kept = { file, bytes, starts };
    return kept;
  };
  return {
    bytes: (file, line) => {
      const { bytes, starts } = read(file);
      const start = starts[line - 1] ?? bytes.length;
      return bytes.subarray(start, (starts[line] ?? bytes.length + 1) - 1);
    },
    assignment: ({ file, line, column, name, kind }) => {
      if (!isAssigning(kind)) return undefined;
      const all = read(file);
      const { bytes } = all;
      all.text ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      const start = (all.starts[line - 1] ?? bytes.length) + column - 1;
      const form = assignmentAt(all.text, start, start + Buffer.byteLength(name), kind);
      // A write whose form is not known, by a macro, is one all the same.
      return form ?? (kind === "write" ? "write" : undefined);
    },
  };
}

const isAssigning = (kind: string): kind is (typeof assigning)[number] =>
  (assigning as readonly string[]).includes(kind);
