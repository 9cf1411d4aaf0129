// Call frame information: .eh_frame (LSB 5 chapter 10.6) and .debug_frame (DWARF 5 section 6.4). An index of functions by address, made once,
// and the unwinding rules at one pc. Must not know how a frame is unwound with them.

import { type Address, type Cursor, DwarfError, type Section } from "./cursor.ts";
import type { ExpressionBytes } from "./loclists.ts";

/** How to find a register of the caller. */
export type RegisterRule =
  | { kind: "undefined" }
  | { kind: "same" }
  /** Saved at CFA + offset. */
  | { kind: "offset"; offset: number }
  /** Its value is CFA + offset. */
  | { kind: "value-offset"; offset: number }
  | { kind: "register"; register: number }
  /** Saved where the expression says; the CFA is on its stack. */
  | { kind: "expression"; expression: ExpressionBytes }
  | { kind: "value-expression"; expression: ExpressionBytes };

export type CfaRule =
  | { kind: "register"; register: number; offset: number }
  | { kind: "expression"; expression: ExpressionBytes };

/** The rules at one pc: a row of the table that the instructions describe (DWARF 5 section 6.4.1). */
export interface UnwindRow {
  readonly cfa: CfaRule;
  /** By DWARF register number; a register without rule keeps its value. */
  readonly registers: ReadonlyMap<number, RegisterRule>;
  readonly returnAddress: number;
  /** A frame that was interrupted, not one that called (augmentation "S"): its pc is exact. */
  readonly signal: boolean;
}

interface Cie {
  readonly codeAlign: number;
  readonly dataAlign: number;
  readonly returnAddress: number;
  readonly fdeEncoding: number;
  readonly signal: boolean;
  readonly hasAugmentation: boolean;
  readonly instructions: { readonly pos: number; readonly end: number };
  readonly addressSize: number;
}

/** Sorted by `low`; the same index in all arrays. `at` is the FDE's position. */
interface Index {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly at: Float64Array;
}

const PE = { absptr: 0, uleb128: 1, udata2: 2, udata4: 3, udata8: 4, sleb128: 9, sdata2: 10, sdata4: 11, sdata8: 12, pcrel: 0x10, omit: 0xff } as const; // biome-ignore format: a table

export class FrameTable {
  private readonly cies = new Map<number, Cie>();
  private index: Index | undefined;

  /** `address` is where .eh_frame is loaded, for pc-relative pointers; undefined for .debug_frame. */
  constructor(
    private readonly section: Section,
    private readonly address: Address | undefined,
  ) {}

  /** The rules at `pc`, or undefined when no entry covers it. Throws DwarfError where the entry is damaged. */
  rowAt(pc: Address): UnwindRow | undefined {
    const at = this.entryAt(pc);
    if (at === undefined) return undefined;
    const fde = this.readFde(at);
    return fde && new RowBuilder(this.section, fde.cie, fde.low).run(fde.instructions, pc);
  }

  /** Every entry as [low, high), in address order: for comparisons with readelf. */
  entries(): { low: Address; high: Address }[] {
    this.index ??= this.buildIndex();
    const { low, high } = this.index;
    return Array.from(low, (value, i) => ({ low: value, high: high[i]! }));
  }

  private entryAt(pc: Address): number | undefined {
    this.index ??= this.buildIndex();
    const { low, high, at } = this.index;
    let first = 0;
    let last = low.length - 1;
    while (first <= last) {
      const middle = (first + last) >> 1;
      if (pc < low[middle]!) last = middle - 1;
      else if (pc >= high[middle]!) first = middle + 1;
      else return at[middle];
    }
    return undefined;
  }

  /** One pass over the section; damage ends it, what came before stays usable. */
  private buildIndex(): Index {
    const rows = new IndexRows();
    try {
      this.scan(rows);
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
    }
    return rows.sorted();
  }

  private scan(rows: IndexRows): void {
    this.section.load();
    const cursor = this.section.cursor(0);
    // Nearly all entries of .eh_frame have one CIE, whose pointers are four bytes relative to themselves: those are read here.
    let usual = -1;
    const { view } = this.section;
    while (!cursor.done) {
      const start = cursor.pos;
      const { length, offsetSize } = cursor.initialLength();
      if (length === 0 && this.address !== undefined) return;
      const end = cursor.pos + length;
      if (end > cursor.end) return;
      const pointer = length >= 12 && this.address !== undefined ? view.getUint32(start + 4, true) : 0;
      if (pointer !== 0 && offsetSize === 4 && start + 4 - pointer === usual) {
        const low = this.address! + start + 8 + view.getInt32(start + 8, true);
        rows.add(low, low + view.getInt32(start + 12, true), start);
      } else if (length > 0 && !this.isCie(cursor, offsetSize)) {
        this.indexFde(start, rows);
        const cie = start + 4 - pointer;
        if (pointer !== 0 && this.cies.get(cie)?.fdeEncoding === (PE.pcrel | PE.sdata4)) usual = cie;
      }
      cursor.pos = end;
    }
  }

  private indexFde(start: number, rows: IndexRows): void {
    const fde = this.readFde(start);
    if (fde) rows.add(fde.low, fde.high, start);
  }

  /** Reads the CIE id, or the pointer to the CIE, and says which it is. */
  private isCie(cursor: Cursor, offsetSize: 4 | 8): boolean {
    const id = this.address !== undefined ? cursor.u32() : cursor.offset(offsetSize);
    return this.address !== undefined ? id === 0 : id === 0xffffffff || id > Number.MAX_SAFE_INTEGER;
  }

  private readFde(
    start: number,
  ): { cie: Cie; low: Address; high: Address; instructions: { pos: number; end: number } } | undefined {
    const cursor = this.section.cursor(start);
    const { length, offsetSize } = cursor.initialLength();
    const end = cursor.pos + length;
    const pointerAt = cursor.pos;
    const pointer = this.address !== undefined ? cursor.u32() : cursor.offset(offsetSize);
    const cie = this.cieAt(this.address !== undefined ? pointerAt - pointer : pointer);
    if (!cie) return undefined;
    const low = this.pointer(cursor, cie.fdeEncoding, cie.addressSize);
    const size = this.pointer(cursor, cie.fdeEncoding & 0x0f, cie.addressSize);
    if (cie.hasAugmentation) cursor.skip(cursor.uleb());
    if (end > this.section.bytes.length || cursor.pos > end)
      cursor.fail("a frame description that runs past its end");
    return { cie, low, high: low + size, instructions: { pos: cursor.pos, end } };
  }

  private cieAt(offset: number): Cie | undefined {
    let cie = this.cies.get(offset);
    if (!cie) {
      cie = this.readCie(offset);
      if (cie) this.cies.set(offset, cie);
    }
    return cie;
  }

  private readCie(offset: number): Cie | undefined {
    const cursor = this.section.cursor(offset);
    const { length, offsetSize } = cursor.initialLength();
    const end = cursor.pos + length;
    if (length === 0 || end > this.section.bytes.length || !this.isCie(cursor, offsetSize)) return undefined;
    const version = cursor.u8();
    if (version !== 1 && version !== 3 && version !== 4) return undefined;
    const augmentation = cursor.string();
    let addressSize = 8;
    if (version === 4) {
      addressSize = cursor.u8();
      cursor.u8();
    }
    const codeAlign = cursor.uleb();
    const dataAlign = cursor.sleb();
    const returnAddress = version === 1 ? cursor.u8() : cursor.uleb();
    const read = this.readAugmentation(cursor, augmentation, addressSize);
    if (!read || cursor.pos > end) return undefined;
    return {
      codeAlign,
      dataAlign,
      returnAddress,
      addressSize,
      ...read,
      instructions: { pos: cursor.pos, end },
    };
  }

  /** "zR", "zPLR", "zRS"...: undefined for augmentations that change the layout in unknown ways. */
  private readAugmentation(
    cursor: Cursor,
    text: string,
    addressSize: number,
  ): Pick<Cie, "fdeEncoding" | "signal" | "hasAugmentation"> | undefined {
    if (text === "") return { fdeEncoding: PE.absptr, signal: false, hasAugmentation: false };
    if (!text.startsWith("z")) return undefined;
    let fdeEncoding: number = PE.absptr;
    let signal = false;
    const end = cursor.uleb() + cursor.pos;
    for (const letter of text.slice(1)) {
      if (letter === "R") fdeEncoding = cursor.u8();
      else if (letter === "S") signal = true;
      else if (letter === "L") cursor.u8();
      else if (letter === "P") this.pointer(cursor, cursor.u8(), addressSize);
      else break;
    }
    cursor.pos = end;
    return { fdeEncoding, signal, hasAugmentation: true };
  }

  /** An encoded pointer (LSB 5 section 10.5): absolute or pc-relative. */
  private pointer(cursor: Cursor, encoding: number, addressSize: number): Address {
    if (encoding === PE.omit) return 0;
    const at = cursor.pos;
    const base = (encoding & 0x70) === PE.pcrel ? (this.address ?? 0) + at : 0;
    if ((encoding & 0x70) !== PE.pcrel && (encoding & 0x70) !== 0)
      cursor.fail(`pointer encoding 0x${encoding.toString(16)} is not supported`);
    switch (encoding & 0x0f) {
      case PE.absptr:
        return base + cursor.address(addressSize);
      case PE.uleb128:
        return base + cursor.uleb();
      case PE.sleb128:
        return base + cursor.sleb();
      case PE.udata2:
        return base + cursor.u16();
      case PE.sdata2:
        return base + ((cursor.u16() << 16) >> 16);
      case PE.udata4:
        return base + cursor.u32();
      case PE.sdata4:
        return base + (cursor.u32() | 0);
      case PE.udata8:
      case PE.sdata8:
        return base + cursor.address(8);
      default:
        return cursor.fail(`pointer encoding 0x${encoding.toString(16)} is not supported`);
    }
  }
}

/** Collects the index, in columns. */
class IndexRows {
  private readonly low: number[] = [];
  private readonly high: number[] = [];
  private readonly at: number[] = [];
  private inOrder = true;

  add(low: Address, high: Address, at: number): void {
    if (high <= low) return;
    const count = this.low.length;
    if (count > 0 && low < this.low[count - 1]!) this.inOrder = false;
    this.low.push(low);
    this.high.push(high);
    this.at.push(at);
  }

  sorted(): Index {
    const { low, high, at } = this;
    if (this.inOrder)
      return { low: new Float64Array(low), high: new Float64Array(high), at: new Float64Array(at) };
    const order = new Uint32Array(low.length);
    for (let i = 0; i < order.length; i++) order[i] = i;
    order.sort((a, b) => low[a]! - low[b]!);
    const pick = (column: readonly number[]): Float64Array => {
      const picked = new Float64Array(order.length);
      for (let i = 0; i < order.length; i++) picked[i] = column[order[i]!]!;
      return picked;
    };
    return { low: pick(low), high: pick(high), at: pick(at) };
  }
}

const CFA = {
  nop: 0x00, set_loc: 0x01, advance_loc1: 0x02, advance_loc2: 0x03, advance_loc4: 0x04, offset_extended: 0x05, restore_extended: 0x06,
  undefined: 0x07, same_value: 0x08, register: 0x09, remember_state: 0x0a, restore_state: 0x0b, def_cfa: 0x0c, def_cfa_register: 0x0d,
  def_cfa_offset: 0x0e, def_cfa_expression: 0x0f, expression: 0x10, offset_extended_sf: 0x11, def_cfa_sf: 0x12, def_cfa_offset_sf: 0x13,
  val_offset: 0x14, val_offset_sf: 0x15, val_expression: 0x16, GNU_args_size: 0x2e, GNU_negative_offset_extended: 0x2f,
} as const; // biome-ignore format: a table

/** Deeper remember_state nesting than this is damage. */
const MAX_REMEMBERED = 64;

/** Runs call frame instructions up to a pc (DWARF 5 section 6.4.2). */
class RowBuilder {
  private cfa: CfaRule = { kind: "register", register: 7, offset: 8 };
  private registers = new Map<number, RegisterRule>();
  private initial = new Map<number, RegisterRule>();
  private readonly remembered: { cfa: CfaRule; registers: Map<number, RegisterRule> }[] = [];

  constructor(
    private readonly section: Section,
    private readonly cie: Cie,
    private location: Address,
  ) {}

  run(instructions: { pos: number; end: number }, pc: Address): UnwindRow {
    const start = this.location;
    this.execute(this.cie.instructions, Number.POSITIVE_INFINITY);
    this.location = start;
    this.initial = new Map(this.registers);
    this.execute(instructions, pc);
    return {
      cfa: this.cfa,
      registers: this.registers,
      returnAddress: this.cie.returnAddress,
      signal: this.cie.signal,
    };
  }

  private execute(range: { pos: number; end: number }, pc: Address): void {
    const cursor = this.section.cursor(range.pos, range.end);
    while (!cursor.done && this.location <= pc) {
      const byte = cursor.u8();
      const low = byte & 0x3f;
      switch (byte >> 6) {
        case 1:
          this.location += low * this.cie.codeAlign;
          break;
        case 2:
          this.registers.set(low, { kind: "offset", offset: cursor.uleb() * this.cie.dataAlign });
          break;
        case 3:
          this.restore(low);
          break;
        default:
          if (!this.move(cursor, byte) && !this.defineCfa(cursor, byte)) this.defineRegister(cursor, byte);
      }
      if (this.location > pc) return;
    }
  }

  private move(cursor: Cursor, opcode: number): boolean {
    switch (opcode) {
      case CFA.nop:
        return true;
      case CFA.set_loc:
        this.location = cursor.address(this.cie.addressSize);
        return true;
      case CFA.advance_loc1:
        this.location += cursor.u8() * this.cie.codeAlign;
        return true;
      case CFA.advance_loc2:
        this.location += cursor.u16() * this.cie.codeAlign;
        return true;
      case CFA.advance_loc4:
        this.location += cursor.u32() * this.cie.codeAlign;
        return true;
      case CFA.remember_state:
        if (this.remembered.length >= MAX_REMEMBERED) cursor.fail("too many remembered states");
        this.remembered.push({ cfa: this.cfa, registers: new Map(this.registers) });
        return true;
      case CFA.restore_state: {
        const state = this.remembered.pop();
        if (!state) return cursor.fail("a state is restored that was not remembered");
        this.cfa = state.cfa;
        this.registers = state.registers;
        return true;
      }
      case CFA.GNU_args_size:
        cursor.uleb();
        return true;
      default:
        return false;
    }
  }

  private defineCfa(cursor: Cursor, opcode: number): boolean {
    const { dataAlign } = this.cie;
    switch (opcode) {
      case CFA.def_cfa:
        this.cfa = { kind: "register", register: cursor.uleb(), offset: cursor.uleb() };
        return true;
      case CFA.def_cfa_sf:
        this.cfa = { kind: "register", register: cursor.uleb(), offset: cursor.sleb() * dataAlign };
        return true;
      case CFA.def_cfa_register:
        this.cfa = {
          kind: "register",
          register: cursor.uleb(),
          offset: this.cfa.kind === "register" ? this.cfa.offset : 0,
        };
        return true;
      case CFA.def_cfa_offset:
      case CFA.def_cfa_offset_sf: {
        const offset = opcode === CFA.def_cfa_offset ? cursor.uleb() : cursor.sleb() * dataAlign;
        if (this.cfa.kind !== "register") return cursor.fail("an offset for a CFA that is an expression");
        this.cfa = { kind: "register", register: this.cfa.register, offset };
        return true;
      }
      case CFA.def_cfa_expression:
        this.cfa = { kind: "expression", expression: this.expression(cursor) };
        return true;
      default:
        return false;
    }
  }

  private defineRegister(cursor: Cursor, opcode: number): void {
    const register = cursor.uleb();
    const { dataAlign } = this.cie;
    switch (opcode) {
      case CFA.undefined:
        this.registers.set(register, { kind: "undefined" });
        return;
      case CFA.same_value:
        this.registers.set(register, { kind: "same" });
        return;
      case CFA.register:
        this.registers.set(register, { kind: "register", register: cursor.uleb() });
        return;
      case CFA.offset_extended:
        this.registers.set(register, { kind: "offset", offset: cursor.uleb() * dataAlign });
        return;
      case CFA.offset_extended_sf:
        this.registers.set(register, { kind: "offset", offset: cursor.sleb() * dataAlign });
        return;
      case CFA.GNU_negative_offset_extended:
        this.registers.set(register, { kind: "offset", offset: -cursor.uleb() * dataAlign });
        return;
      case CFA.val_offset:
        this.registers.set(register, { kind: "value-offset", offset: cursor.uleb() * dataAlign });
        return;
      case CFA.val_offset_sf:
        this.registers.set(register, { kind: "value-offset", offset: cursor.sleb() * dataAlign });
        return;
      case CFA.expression:
        this.registers.set(register, { kind: "expression", expression: this.expression(cursor) });
        return;
      case CFA.val_expression:
        this.registers.set(register, { kind: "value-expression", expression: this.expression(cursor) });
        return;
      case CFA.restore_extended:
        this.restore(register);
        return;
      default:
        cursor.fail(`call frame instruction 0x${opcode.toString(16)} is not supported`);
    }
  }

  private restore(register: number): void {
    const rule = this.initial.get(register);
    if (rule) this.registers.set(register, rule);
    else this.registers.delete(register);
  }

  private expression(cursor: Cursor): ExpressionBytes {
    const length = cursor.uleb();
    const pos = cursor.skip(length);
    return { section: this.section, pos, end: pos + length };
  }
}
