// .debug_line: one unit's line number program, decoded to rows (DWARF 5 section 6.2; DWARF 2 to 4 headers too).
// Must not know how a debugger uses rows.

import { FORM } from "./constants.ts";
import type { Address, Cursor } from "./cursor.ts";
import { readConstant, skipForm } from "./form.ts";
import type { DebugSections } from "./sections.ts";
import { readDirectString } from "./str.ts";

export interface LineTable {
  readonly version: number;
  /** Absolute paths by the program's file numbers; "" for numbers that name nothing. */
  readonly files: readonly string[];
  readonly rows: LineRows;
}

/** Rows in the program's order, one array a column. */
export interface LineRows {
  readonly count: number;
  readonly address: Float64Array;
  readonly file: Uint32Array;
  readonly line: Uint32Array;
  readonly column: Uint16Array;
  /** See ROW. */
  readonly flags: Uint8Array;
}

export const ROW = { STATEMENT: 1, END_SEQUENCE: 2, PROLOGUE_END: 4, DISCRIMINATOR: 8 } as const;

const LNS = {
  extended: 0, copy: 1, advance_pc: 2, advance_line: 3, set_file: 4, set_column: 5, negate_stmt: 6, set_basic_block: 7,
  const_add_pc: 8, fixed_advance_pc: 9, set_prologue_end: 10, set_epilogue_begin: 11, set_isa: 12,
} as const; // biome-ignore format: a table
const LNE = { end_sequence: 1, set_address: 2, define_file: 3, set_discriminator: 4 } as const;
const LNCT = { path: 1, directory_index: 2 } as const;

interface LineHeader {
  readonly version: number;
  readonly minimumInstructionLength: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Operand counts of the standard opcodes, from opcode 1. */
  readonly operandCounts: readonly number[];
  readonly files: string[];
  readonly program: number;
  readonly end: number;
  readonly addressSize: number;
}

/** A unit's own names, which line tables before DWARF 5 need to make paths absolute. */
export interface UnitNames {
  readonly name: string;
  readonly directory: string;
  readonly addressSize: number;
}

/** Decodes the program at `offset` (DW_AT_stmt_list). Throws DwarfError where it is damaged. */
export function readLineTable(sections: DebugSections, offset: number, unit: UnitNames): LineTable {
  const cursor = sections.get("line").cursor(offset);
  const header = readHeader(sections, cursor, unit);
  const program = sections.get("line").cursor(header.program, header.end);
  return { version: header.version, files: header.files, rows: new Program(header, program).run() };
}

/** Only the header's file names: enough to know which files a unit has. */
export function readLineFiles(sections: DebugSections, offset: number, unit: UnitNames): readonly string[] {
  return readHeader(sections, sections.get("line").cursor(offset), unit).files;
}

function readHeader(sections: DebugSections, cursor: Cursor, unit: UnitNames): LineHeader {
  const { length, offsetSize } = cursor.initialLength();
  const end = cursor.pos + length;
  if (end > cursor.end) cursor.fail("a line program runs past the section");
  const version = cursor.u16();
  if (version < 2 || version > 5) cursor.fail(`line program version ${version} is not supported`);
  const addressSize = version >= 5 ? cursor.u8() : unit.addressSize;
  if (version >= 5) cursor.u8();
  const headerLength = cursor.offset(offsetSize);
  const program = cursor.pos + headerLength;
  if (program > end) cursor.fail("a line program's header runs past its end");
  const minimumInstructionLength = cursor.u8();
  if (version >= 4) cursor.u8();
  const defaultIsStatement = cursor.u8() !== 0;
  const lineBase = cursor.i8();
  const lineRange = cursor.u8();
  const opcodeBase = cursor.u8();
  if (lineRange === 0) cursor.fail("a line program with line_range 0");
  const operandCounts = [0];
  for (let opcode = 1; opcode < opcodeBase; opcode++) operandCounts.push(cursor.u8());
  const files = version >= 5 ? readFiles5(sections, cursor, offsetSize, unit) : readFiles4(cursor, unit);
  return {
    version,
    minimumInstructionLength,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    files,
    program,
    end,
    addressSize,
  };
}

/** DWARF 2 to 4: directories and files as strings; numbers start at 1, and 0 means the unit itself. */
function readFiles4(cursor: Cursor, unit: UnitNames): string[] {
  const directories = [unit.directory];
  for (let name = cursor.string(); name !== ""; name = cursor.string())
    directories.push(joinPath(unit.directory, name));
  const files = [joinPath(unit.directory, unit.name)];
  for (let name = cursor.string(); name !== ""; name = cursor.string()) {
    files.push(joinPath(directories[cursor.uleb()] ?? unit.directory, name));
    cursor.skipLeb();
    cursor.skipLeb();
  }
  return files;
}

/** DWARF 5: tables that describe their own entries; numbers start at 0. */
function readFiles5(sections: DebugSections, cursor: Cursor, offsetSize: 4 | 8, unit: UnitNames): string[] {
  const directories = readEntries(sections, cursor, offsetSize).map((entry) => entry.path);
  const base = joinPath(unit.directory, directories[0] ?? "");
  const absolute = directories.map((path) => joinPath(base, path));
  return readEntries(sections, cursor, offsetSize).map((entry) =>
    joinPath(absolute[entry.directory] ?? base, entry.path),
  );
}

function readEntries(
  sections: DebugSections,
  cursor: Cursor,
  offsetSize: 4 | 8,
): { path: string; directory: number }[] {
  const formats: { content: number; form: number }[] = [];
  for (let i = cursor.u8(); i > 0; i--) formats.push({ content: cursor.uleb(), form: cursor.uleb() });
  const count = cursor.uleb();
  // Every entry takes at least a byte unless it has no fields at all.
  if (count > cursor.end - cursor.pos)
    cursor.fail(`a file table of ${count} entries in ${cursor.end - cursor.pos} bytes`);
  const encoding = { version: 5, addressSize: 8, offsetSize };
  const entries: { path: string; directory: number }[] = [];
  for (let i = 0; i < count; i++) {
    const entry = { path: "", directory: 0 };
    for (const { content, form } of formats) {
      const at = cursor.pos;
      if (content === LNCT.path) entry.path = readDirectString(sections, cursor, form, offsetSize) ?? "";
      else if (content === LNCT.directory_index)
        entry.directory = readConstant(cursor, { form, pos: at }) ?? 0;
      else skipForm(cursor, form, encoding);
      if (cursor.pos === at && form !== FORM.implicit_const)
        cursor.fail(`file table form 0x${form.toString(16)} is not supported`);
    }
    entries.push(entry);
  }
  return entries;
}

/** Joins as the compiler meant it: `path` alone when it is absolute; "." and ".." are resolved. */
export function joinPath(directory: string, path: string): string {
  const whole = path.startsWith("/") || directory === "" ? path : `${directory}/${path}`;
  if (!/(^|\/)\.{1,2}(\/|$)|\/\//.test(whole)) return whole;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !whole.startsWith("/")) parts.push(part);
  }
  return (whole.startsWith("/") ? "/" : "") + parts.join("/");
}

/** The line number state machine (DWARF 5 section 6.2.2). */
class Program {
  private address: Address = 0;
  private file = 1;
  private line = 1;
  private column = 0;
  private isStatement: boolean;
  private prologueEnd = false;
  private discriminator = false;
  private readonly rows = new RowWriter();
  /** What each special opcode, counted from opcode_base, adds to address and line (DWARF 5 section 6.2.5.1). */
  private readonly advances = new Uint32Array(256);
  private readonly lineAdvances = new Int32Array(256);

  constructor(
    private readonly header: LineHeader,
    private readonly cursor: Cursor,
  ) {
    this.isStatement = header.defaultIsStatement;
    for (let i = 0; i < 256; i++) {
      this.advances[i] = Math.floor(i / header.lineRange) * header.minimumInstructionLength;
      this.lineAdvances[i] = header.lineBase + (i % header.lineRange);
    }
  }

  run(): LineRows {
    const { cursor, header } = this;
    while (!cursor.done) {
      const opcode = cursor.u8();
      if (opcode >= header.opcodeBase) this.special(opcode - header.opcodeBase);
      else if (opcode === LNS.extended) this.extended();
      else this.standard(opcode);
    }
    return this.rows.finish();
  }

  private special(adjusted: number): void {
    this.address += this.advances[adjusted]!;
    this.line += this.lineAdvances[adjusted]!;
    this.emit(0);
  }

  private standard(opcode: number): void {
    const { cursor, header } = this;
    switch (opcode) {
      case LNS.copy:
        this.emit(0);
        return;
      case LNS.advance_pc:
        this.address += cursor.uleb() * header.minimumInstructionLength;
        return;
      case LNS.advance_line:
        this.line += cursor.sleb();
        return;
      case LNS.set_file:
        this.file = cursor.uleb();
        return;
      case LNS.set_column:
        this.column = cursor.uleb();
        return;
      case LNS.negate_stmt:
        this.isStatement = !this.isStatement;
        return;
      case LNS.const_add_pc:
        this.address += this.advances[255 - header.opcodeBase]!;
        return;
      case LNS.fixed_advance_pc:
        this.address += cursor.u16();
        return;
      case LNS.set_prologue_end:
        this.prologueEnd = true;
        return;
      default:
        for (let i = header.operandCounts[opcode] ?? 0; i > 0; i--) cursor.skipLeb();
    }
  }

  private extended(): void {
    const { cursor } = this;
    const length = cursor.uleb();
    if (length === 0) return;
    const end = cursor.pos + length;
    switch (cursor.u8()) {
      case LNE.end_sequence:
        this.emit(ROW.END_SEQUENCE);
        this.reset();
        break;
      case LNE.set_address:
        this.address = cursor.address(length - 1);
        break;
      case LNE.define_file:
        this.header.files.push(cursor.string());
        break;
      case LNE.set_discriminator:
        this.discriminator = cursor.uleb() !== 0;
        break;
    }
    cursor.pos = end;
  }

  private emit(extra: number): void {
    const flags =
      extra |
      (this.isStatement ? ROW.STATEMENT : 0) |
      (this.prologueEnd ? ROW.PROLOGUE_END : 0) |
      (this.discriminator ? ROW.DISCRIMINATOR : 0);
    this.rows.push(this.address, this.file, this.line, this.column, flags);
    this.prologueEnd = false;
    this.discriminator = false;
  }

  private reset(): void {
    this.address = 0;
    this.file = 1;
    this.line = 1;
    this.column = 0;
    this.isStatement = this.header.defaultIsStatement;
    this.prologueEnd = false;
    this.discriminator = false;
  }
}

/** Growing columns. */
class RowWriter {
  private count = 0;
  private address = new Float64Array(256);
  private file = new Uint32Array(256);
  private line = new Uint32Array(256);
  private column = new Uint16Array(256);
  private flags = new Uint8Array(256);

  push(address: Address, file: number, line: number, column: number, flags: number): void {
    if (this.count === this.address.length) this.grow();
    const i = this.count++;
    this.address[i] = address;
    this.file[i] = file;
    this.line[i] = line;
    this.column[i] = column;
    this.flags[i] = flags;
  }

  finish(): LineRows {
    const n = this.count;
    return {
      count: n,
      address: this.address.slice(0, n),
      file: this.file.slice(0, n),
      line: this.line.slice(0, n),
      column: this.column.slice(0, n),
      flags: this.flags.slice(0, n),
    };
  }

  private grow(): void {
    const size = this.address.length * 2;
    const grown = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.address = grown(new Float64Array(size), this.address);
    this.file = grown(new Uint32Array(size), this.file);
    this.line = grown(new Uint32Array(size), this.line);
    this.column = grown(new Uint16Array(size), this.column);
    this.flags = grown(new Uint8Array(size), this.flags);
  }
}
