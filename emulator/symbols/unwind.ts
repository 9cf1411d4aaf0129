// One step up the stack: by call frame information, and where there is none (assembly) by what the function's first instructions did to the stack.
// Must not know functions or lines.

import type { RegisterName } from "../cpu/registers.ts";
import { type ElfFile, sectionNamed } from "../elf/elf.ts";
import type { ElfSymbol, FrameState, RegisterPlace } from "./api.ts";
import { analyzePrologue, codeAt, type Prologue } from "./code.ts";
import { type Address, DwarfError, fromAddress, toAddress } from "./dwarf/cursor.ts";
import { type ExpressionContext, evaluate, evaluateNumber, fromLittleEndian } from "./dwarf/expression.ts";
import { FrameTable, type RegisterRule, type UnwindRow } from "./dwarf/frame.ts";
import { DWARF_RIP, DWARF_RSP, registerName, registerNumber, vectorName } from "./dwarf/registers.ts";
import { DebugSections, openSection } from "./dwarf/sections.ts";
import type { ElfSymbols } from "./elf-symbols.ts";
import { MemoryError, type MemoryReader } from "./memory.ts";

const MASK = 0xffff_ffff_ffff_ffffn;
/** The longest prologue that is recognized. */
const PROLOGUE_BYTES = 16;
const RET = 0xc3;

/** A state that step() made knows how deep the frame that it was unwound from lies. */
interface CallerState extends FrameState {
  readonly calleeCfa?: bigint;
}

export class Unwinder {
  private tables: FrameTable[] | undefined;

  constructor(
    private readonly elf: ElfFile,
    private readonly symbols: ElfSymbols,
    /** The file with .debug_frame, where that is another one. */
    private readonly debug: ElfFile = elf,
  ) {}

  /** The caller's state; undefined at the outermost frame and where the stack cannot be read. */
  step(frame: FrameState, memory: MemoryReader): FrameState | undefined {
    try {
      const row = this.rowAt(lookupAddress(frame));
      const caller: CallerState | undefined = row
        ? byRules(frame, row, memory)
        : this.byPrologue(frame, memory);
      if (!caller || (frame.pc === 0n && frame.isCaller)) return undefined;
      return isInner(frame, caller.calleeCfa) ? undefined : caller;
    } catch (error) {
      if (error instanceof DwarfError || error instanceof MemoryError) return undefined;
      throw error;
    }
  }

  /** What lies where a frame's caller would be, though the stack ends here: outside of code the top of the stack. */
  beyond(frame: FrameState, memory: MemoryReader): FrameState | undefined {
    try {
      return this.rowAt(lookupAddress(frame)) ? undefined : this.topOfStack(frame, memory);
    } catch (error) {
      if (error instanceof DwarfError || error instanceof MemoryError) return undefined;
      throw error;
    }
  }

  /** The frame's canonical frame address: the stack pointer before the call that made it. Throws DwarfError, MemoryError. */
  cfa(frame: FrameState, memory: MemoryReader): bigint {
    if (frame.cfa !== undefined) return frame.cfa;
    const row = this.rowAt(lookupAddress(frame));
    if (row) return cfaByRule(frame, row, memory);
    const caller = (this.byPrologue(frame, memory) ?? this.topOfStack(frame, memory))?.get("rsp");
    if (caller === undefined) throw new DwarfError("no call frame information covers the frame");
    return caller;
  }

  /** Every function with call frame information, for comparisons with readelf. */
  entries(): { low: Address; high: Address }[] {
    return this.frameTables().flatMap((table) => table.entries());
  }

  rowAt(pc: Address): UnwindRow | undefined {
    for (const table of this.frameTables()) {
      const row = table.rowAt(pc);
      if (row) return row;
    }
    return undefined;
  }

  /** .eh_frame of the code's file, then .debug_frame. Throws DwarfError. */
  private frameTables(): readonly FrameTable[] {
    if (!this.tables) {
      const ehFrame = sectionNamed(this.elf, ".eh_frame");
      const debugFrame = new DebugSections(this.debug).get("frame");
      this.tables = [
        ...(ehFrame ? [new FrameTable(openSection(this.elf, ehFrame), toAddress(ehFrame.address))] : []),
        ...(debugFrame.bytes.length > 0 ? [new FrameTable(debugFrame, undefined)] : []),
      ];
    }
    return this.tables;
  }

  /**
   * Without call frame information: `push %rbp; mov %rsp,%rbp` done, the frame pointer leads to the caller; before that, or in a function that
   * keeps no frame pointer, the return address is taken to be on top of the stack.
   */
  private byPrologue(frame: FrameState, memory: MemoryReader): CallerState | undefined {
    const found = this.symbols.at(fromAddress(lookupAddress(frame)));
    if (!found) return this.outsideOfCode(frame, memory);
    // About to return: whatever frame there was is gone.
    if (!frame.isCaller && codeAt(this.elf, toAddress(frame.pc), 1)[0] === RET)
      return this.topOfStack(frame, memory);
    const made = this.madeAt(frame, found);
    if (made === "set") return callerAbove(frame, frame.get("rbp"), memory);
    return made === "pushed" ? callerAbove(frame, frame.get("rsp"), memory) : this.topOfStack(frame, memory);
  }

  /** What the function's first instructions have made of its frame at the frame's pc. */
  private madeAt(
    frame: FrameState,
    { symbol, offset }: { symbol: ElfSymbol; offset: number },
  ): Prologue["frame"] {
    const code = codeAt(this.elf, toAddress(symbol.address), PROLOGUE_BYTES);
    return analyzePrologue(code, offset + (frame.isCaller ? 1 : 0)).frame;
  }

  /** The frame pointer, or where it would be: gdb's "Arglist at". */
  frameBase(frame: FrameState): bigint | undefined {
    const found = this.symbols.at(fromAddress(lookupAddress(frame)));
    const made = found ? this.madeAt(frame, found) : "none";
    if (made === "set") return frame.get("rbp");
    const rsp = frame.get("rsp");
    return rsp === undefined ? undefined : (made === "pushed" ? rsp : rsp - 8n) & MASK;
  }

  private topOfStack(frame: FrameState, memory: MemoryReader): CallerState | undefined {
    const rsp = frame.get("rsp");
    return rsp === undefined ? undefined : callerAt(frame, rsp, memory, frame.get("rbp"));
  }

  /** Outside of all code (a jump through a wild pointer, a guess that went wrong) there is a caller when the top of the stack is a return address. */
  private outsideOfCode(frame: FrameState, memory: MemoryReader): CallerState | undefined {
    const caller = this.topOfStack(frame, memory);
    return caller && this.symbols.at(caller.pc - 1n) ? caller : undefined;
  }
}

/** A return address belongs to the call before it. */
export function lookupAddress(frame: FrameState): Address {
  return toAddress(frame.isCaller ? frame.pc - 1n : frame.pc);
}

/** True for a frame that claims to lie deeper than the one it called: the stack is corrupt, as gdb says there. */
function isInner(frame: CallerState, cfa: bigint | undefined): boolean {
  return cfa !== undefined && frame.calleeCfa !== undefined && cfa < frame.calleeCfa;
}

/** Registers and memory of a frame, for expressions. */
export function frameContext(frame: FrameState, memory: MemoryReader): ExpressionContext {
  return {
    register: (number) => {
      const name = registerName(number);
      return name === "rip" ? frame.pc : name && frame.get(name);
    },
    vector: (number) => {
      const name = vectorName(number);
      return name === undefined ? undefined : frame.vector?.(name);
    },
    memory,
  };
}

function cfaByRule(frame: FrameState, row: UnwindRow, memory: MemoryReader): bigint {
  const context = frameContext(frame, memory);
  if (row.cfa.kind === "expression") return evaluateNumber(row.cfa.expression, context);
  const base = context.register(row.cfa.register);
  if (base === undefined)
    throw new DwarfError(`register ${row.cfa.register}, on which the frame depends, is not known`);
  return (base + BigInt(row.cfa.offset)) & MASK;
}

function byRules(frame: FrameState, row: UnwindRow, memory: MemoryReader): CallerState | undefined {
  const cfa = cfaByRule(frame, row, memory);
  const known = new Map<RegisterName, bigint | undefined>();
  const read = (name: RegisterName): bigint | undefined => {
    const number = registerNumber(name);
    const rule =
      number === undefined ? undefined : row.registers.get(number === DWARF_RIP ? row.returnAddress : number);
    if (!rule) return number === DWARF_RSP ? cfa : frame.get(name);
    return byRule(frame, name, rule, cfa, memory);
  };
  const get = (name: RegisterName): bigint | undefined => {
    if (!known.has(name)) known.set(name, read(name));
    return known.get(name);
  };
  const place = (name: RegisterName): RegisterPlace | undefined => {
    const number = registerNumber(name);
    if (number === DWARF_RSP) return undefined;
    const rule =
      number === undefined ? undefined : row.registers.get(number === DWARF_RIP ? row.returnAddress : number);
    return rule ? placeByRule(frame, name, rule, cfa, memory) : registerPlace(frame, name);
  };
  const returnRule = row.registers.get(row.returnAddress);
  const pc = returnRule ? byRule(frame, "rip", returnRule, cfa, memory) : undefined;
  if (pc === undefined) return undefined;
  known.set("rip", pc);
  const vector = frame.vector && { vector: frame.vector };
  if (row.signal) return { pc, get, place, ...vector, isCaller: false, belowSignal: true };
  return { pc, get, place, ...vector, isCaller: true, calleeCfa: cfa, byFrameInfo: true };
}

function byRule(
  frame: FrameState,
  name: RegisterName,
  rule: RegisterRule,
  cfa: bigint,
  memory: MemoryReader,
): bigint | undefined {
  const context = frameContext(frame, memory);
  const load = (address: bigint): bigint => fromLittleEndian(memory(address & MASK, 8));
  switch (rule.kind) {
    case "undefined":
      return undefined;
    case "same":
      return frame.get(name);
    case "offset":
      return load(cfa + BigInt(rule.offset));
    case "value-offset":
      return (cfa + BigInt(rule.offset)) & MASK;
    case "register":
      return context.register(rule.register);
    case "expression":
      return load(evaluateNumber(rule.expression, context, [cfa]));
    case "value-expression": {
      const result = evaluate(rule.expression, context, [cfa]);
      return result.kind === "memory"
        ? result.address
        : result.kind === "stack-value"
          ? result.value
          : undefined;
    }
  }
}

/** Where a register of the frame that a rule describes is kept. */
function placeByRule(
  frame: FrameState,
  name: RegisterName,
  rule: RegisterRule,
  cfa: bigint,
  memory: MemoryReader,
): RegisterPlace | undefined {
  switch (rule.kind) {
    case "same":
      return registerPlace(frame, name);
    case "offset":
      return { kind: "memory", address: (cfa + BigInt(rule.offset)) & MASK };
    case "expression": {
      const address = evaluateNumber(rule.expression, frameContext(frame, memory), [cfa]);
      return { kind: "memory", address: address & MASK };
    }
    case "register": {
      const other = registerName(rule.register);
      return other && registerPlace(frame, other);
    }
    default:
      return undefined;
  }
}

/** Where a frame's register is kept. */
export const registerPlace = (frame: FrameState, register: RegisterName): RegisterPlace | undefined =>
  frame.place ? frame.place(register) : { kind: "register", register };

/** The caller of a function that has pushed rbp at `base`: saved rbp there, return address above it. */
function callerAbove(
  frame: FrameState,
  base: bigint | undefined,
  memory: MemoryReader,
): CallerState | undefined {
  if (base === undefined || base === 0n) return undefined;
  const saved = fromLittleEndian(memory(base, 8));
  return callerAt(frame, (base + 8n) & MASK, memory, saved, { kind: "memory", address: base });
}

/** The caller when the return address is at `at`. */
function callerAt(
  frame: FrameState,
  at: bigint,
  memory: MemoryReader,
  rbp: bigint | undefined,
  rbpPlace = registerPlace(frame, "rbp"),
): CallerState {
  const pc = fromLittleEndian(memory(at, 8));
  return {
    pc,
    isCaller: true,
    calleeCfa: (at + 8n) & MASK,
    ...(frame.vector && { vector: frame.vector }),
    place: (name) => {
      if (name === "rip") return { kind: "memory", address: at };
      if (name === "rsp") return undefined;
      return name === "rbp" ? rbpPlace : registerPlace(frame, name);
    },
    get: (name) =>
      name === "rip" ? pc : name === "rsp" ? (at + 8n) & MASK : name === "rbp" ? rbp : frame.get(name),
  };
}
