// Lines as a debugger sees them: which line an address belongs to, and where a line's code starts. Built from a unit's line program with
// gdb's rules for rows at one address, so that both give the same answers. Must not know functions.

import type { Address } from "./dwarf/cursor.ts";
import { type LineTable, ROW } from "./dwarf/line.ts";

/** A row that covers [low, high) of one file's line. */
export interface LineMatch {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly low: Address;
  /** The next row's address, of whatever file. */
  readonly high: Address;
  readonly isStatement: boolean;
}

/** The rows of one file, by address; line 0 marks where code without lines (or of another file) begins. */
export interface FileLines {
  readonly file: string;
  readonly entries: readonly LineEntry[];
}

export interface LineEntry {
  readonly address: Address;
  readonly line: number;
  readonly column: number;
  readonly isStatement: boolean;
  readonly prologueEnd: boolean;
}

/** The rows of a unit, by file, in the order in which the program first uses the files. */
export function byFile(table: LineTable): FileLines[] {
  const builder = new Builder(table);
  const { rows } = table;
  for (let i = 0; i < rows.count; i++) builder.row(i);
  return builder.finish();
}

/**
 * The line that covers an address: the file whose last row at or below it is the nearest. As gdb's find_pc_sect_line: among rows at one address the
 * last one counts, and a row that starts no statement gives way to one at the same address that does.
 */
export function lineCovering(files: readonly FileLines[], pc: Address): LineMatch | undefined {
  let best: { file: string; entry: LineEntry } | undefined;
  let end = Number.POSITIVE_INFINITY;
  let firstAfter = Number.POSITIVE_INFINITY;
  for (const { file, entries } of files) {
    const first = entries[0];
    if (first && first.address > pc) firstAfter = Math.min(firstAfter, first.address);
    const next = upperBound(entries, pc);
    const previous = entries[next - 1];
    if (previous && previous.line !== 0 && (!best || previous.address > best.entry.address)) {
      best = { file, entry: statementAt(entries, next - 1) };
      if (end <= best.entry.address) end = Number.POSITIVE_INFINITY;
    }
    const after = entries[next];
    if (best && after && after.address > best.entry.address) end = Math.min(end, after.address);
  }
  if (!best) return undefined;
  const { address, line, column, isStatement } = best.entry;
  return { file: best.file, line, column, isStatement, low: address, high: Math.min(end, firstAfter) };
}

/** Addresses at which the line's statements start, one entry per row, in table order; and the next line with code when there is none. */
export function statementsOf(
  lines: FileLines,
  line: number,
): { exact: Address[]; nextLine: number | undefined } {
  const exact: Address[] = [];
  let nextLine: number | undefined;
  for (const entry of lines.entries) {
    if (!entry.isStatement || entry.line === 0) continue;
    if (entry.line === line) exact.push(entry.address);
    else if (entry.line > line && (nextLine === undefined || entry.line < nextLine)) nextLine = entry.line;
  }
  return { exact, nextLine };
}

/** The row itself, or an earlier one at the same address that starts a statement. */
function statementAt(entries: readonly LineEntry[], index: number): LineEntry {
  const entry = entries[index]!;
  for (let i = index; i >= 0; i--) {
    const candidate = entries[i]!;
    if (candidate.address !== entry.address || candidate.line === 0) break;
    if (candidate.isStatement) return candidate;
  }
  return entry;
}

/** Index of the first entry above the address. */
function upperBound(entries: readonly LineEntry[], pc: Address): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.address <= pc) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Distributes a program's rows over files as gdb's lnp_state_machine::record_line and buildsym do. */
class Builder {
  private readonly files = new Map<string, LineEntry[]>();
  private lastFile: string | undefined;
  private lastLine = 0;
  private lastAddress: Address = Number.NaN;
  private statementAtAddress = false;
  private lineHasDiscriminator = false;

  constructor(private readonly table: LineTable) {}

  row(i: number): void {
    const { rows } = this.table;
    const flags = rows.flags[i]!;
    const address = rows.address[i]!;
    const line = rows.line[i]!;
    const file = this.table.files[rows.file[i]!] ?? "";
    const isStatement = (flags & ROW.STATEMENT) !== 0;
    const ends = (flags & ROW.END_SEQUENCE) !== 0;
    if (i > 0 && (line !== rows.line[i - 1] || rows.file[i] !== rows.file[i - 1]))
      this.lineHasDiscriminator = false;
    if (flags & ROW.DISCRIMINATOR) this.lineHasDiscriminator = true;
    const fileChanged = file !== this.lastFile;
    const ignored =
      !ends &&
      ((fileChanged && this.lastAddress === address && !isStatement && this.statementAtAddress) ||
        line === 0);
    if ((fileChanged && !ignored) || ends) this.endFile(address);
    if (!ends && !ignored && (fileChanged || line !== this.lastLine || !this.lineHasDiscriminator)) {
      this.add(file, {
        address,
        line,
        column: rows.column[i]!,
        isStatement,
        prologueEnd: (flags & ROW.PROLOGUE_END) !== 0,
      });
      this.lastFile = file;
    }
    this.lastLine = line;
    if (this.lastAddress !== address) this.statementAtAddress = false;
    this.lastAddress = address;
    this.statementAtAddress ||= isStatement;
    if (ends) this.reset();
  }

  finish(): FileLines[] {
    return Array.from(this.files, ([file, entries]) => ({ file, entries: sortEntries(entries) }));
  }

  private add(file: string, entry: LineEntry): void {
    const entries = this.files.get(file);
    if (entries) entries.push(entry);
    else this.files.set(file, [entry]);
  }

  /** Marks the end of the last file's code; rows of it at the same address, which cover nothing, are dropped. */
  private endFile(address: Address): void {
    if (this.lastFile === undefined) return;
    const entries = this.files.get(this.lastFile)!;
    let line: number | undefined;
    while (entries.length > 0) {
      const last = entries.at(-1)!;
      line = last.line;
      if (last.address !== address) break;
      entries.pop();
    }
    // What is already at an end, or empty, needs no mark.
    if (line !== undefined && line !== 0)
      entries.push({ address, line: 0, column: 0, isStatement: true, prologueEnd: false });
  }

  private reset(): void {
    this.lastFile = undefined;
    this.lastLine = 0;
    this.lastAddress = Number.NaN;
    this.statementAtAddress = false;
    this.lineHasDiscriminator = false;
  }
}

/** By address; of equal addresses end markers first, otherwise in the program's order. */
function sortEntries(entries: LineEntry[]): LineEntry[] {
  return entries.sort((a, b) => a.address - b.address || Number(a.line !== 0) - Number(b.line !== 0));
}
