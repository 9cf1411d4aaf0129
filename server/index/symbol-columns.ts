// The defined names of a shard as a search by letters wants them (format.ts): sorted by length, one column for each thing that is asked
// first, and their bytes one after the other, so that the names of one length are found by multiplication. Knows no scores.
import type { NameTable } from "../lang/names.ts";
import type { ByteWriter } from "./bytes.ts";
import * as format from "./format.ts";

/** Names of one length. */
export interface NameRun {
  readonly length: number;
  /** Rows of the columns: from `first` up to `end`. */
  readonly first: number;
  readonly end: number;
  /** Where the bytes of the first one stand in `text`. */
  readonly text: number;
}

export interface SymbolColumns {
  /** In order of length. */
  readonly runs: readonly NameRun[];
  /** A name's letters, and what it is defined as: the masks of format.ts. */
  readonly letters: Uint32Array;
  readonly pairs: Uint32Array;
  readonly starts: Uint32Array;
  readonly text: Uint8Array;
}

/** Writes the sections `lengths`, `letters`, `pairs`, `starts` and `texts`; `kinds`: by name, what it is defined as (0: nothing). */
export function writeSymbolColumns(
  out: ByteWriter,
  names: NameTable,
  kinds: Uint32Array,
  section: (bytes: ByteWriter) => void,
): void {
  const sorted = definedByLength(names, kinds);
  writeLengths(out, names, sorted);
  section(out);
  const [letters, pairs, starts] = [0, 1, 2].map(() => new Uint32Array(sorted.length)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const shape = { letters: 0, pairs: 0, starts: 0 };
  for (const [row, name] of sorted.entries()) {
    format.shapeOf(names.arena, names.starts[name]!, names.starts[name + 1]!, shape);
    letters[row] = shape.letters | kinds[name]!;
    pairs[row] = shape.pairs;
    starts[row] = shape.starts;
  }
  for (const column of [letters, pairs, starts]) {
    out.append(new Uint8Array(column.buffer));
    section(out);
  }
  for (const name of sorted) out.append(names.arena, names.starts[name]!, names.starts[name + 1]!);
  section(out);
}

/** The names that have a definition, the shortest first, else in order of id (a counting sort). */
function definedByLength(names: NameTable, kinds: Uint32Array): Int32Array {
  const lengthOf = (name: number) => names.starts[name + 1]! - names.starts[name]!;
  const next: number[] = [];
  let count = 0;
  for (let name = 0; name < kinds.length; name++) {
    if (kinds[name] === 0) continue;
    count++;
    next[lengthOf(name)] = (next[lengthOf(name)] ?? 0) + 1;
  }
  let first = 0;
  for (const [length, many] of Object.entries(next)) {
    next[Number(length)] = first;
    first += many;
  }
  const sorted = new Int32Array(count);
  for (let name = 0; name < kinds.length; name++)
    if (kinds[name] !== 0) sorted[next[lengthOf(name)]!++] = name;
  return sorted;
}

/** For each length that occurs: the length, and how many names have it. */
function writeLengths(out: ByteWriter, names: NameTable, sorted: Int32Array): void {
  let [length, count] = [0, 0];
  const finish = () => {
    if (count === 0) return;
    out.uint32(length);
    out.uint32(count);
  };
  for (const name of sorted) {
    const own = names.starts[name + 1]! - names.starts[name]!;
    if (own !== length) {
      finish();
      [length, count] = [own, 0];
    }
    count++;
  }
  finish();
}

/** The columns from their sections' bytes; undefined where these contradict each other. */
export function readSymbolColumns(
  lengths: Uint32Array,
  columns: Omit<SymbolColumns, "runs">,
): SymbolColumns | undefined {
  const runs: NameRun[] = [];
  let [first, text] = [0, 0];
  for (let at = 0; at + 1 < lengths.length; at += 2) {
    const [length, count] = [lengths[at]!, lengths[at + 1]!];
    runs.push({ length, first, end: first + count, text });
    first += count;
    text += length * count;
  }
  const { letters, pairs, starts } = columns;
  const isWhole =
    text === columns.text.length && [letters, pairs, starts].every((column) => column.length === first);
  return isWhole ? { runs, ...columns } : undefined;
}
