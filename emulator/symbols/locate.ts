// Where a variable's value is in a frame: runs its location, finds entry values at the call site, puts pieces together.
// Must not know how values are shown.

import type { FrameState, Location, Variable } from "./api.ts";
import type { DebugInfo } from "./debug-info.ts";
import { AT, TAG } from "./dwarf/constants.ts";
import { type Address, DwarfError } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import {
  type ExpressionContext,
  type ExpressionResult,
  evaluate,
  evaluateNumber,
  OptimizedOut,
  type SimpleLocation,
  toLittleEndian,
} from "./dwarf/expression.ts";
import { type ExpressionBytes, expressionAt, isLocationList } from "./dwarf/loclists.ts";
import { rangesOf } from "./dwarf/ranges.ts";
import { registerName } from "./dwarf/registers.ts";
import type { ElfSymbols } from "./elf-symbols.ts";
import { EntryValues } from "./entry-values.ts";
import type { VariableOrigin } from "./functions.ts";
import { MemoryError, type MemoryReader } from "./memory.ts";
import { entryOf } from "./scopes.ts";
import { constantBytes, sizeOf } from "./types.ts";
import { frameContext, lookupAddress, type Unwinder } from "./unwind.ts";

/** A value that claims more bytes than this is damage. */
const MAX_VALUE = 1 << 20;

export class Locator {
  private readonly entryValues: EntryValues;

  constructor(
    info: DebugInfo,
    private readonly unwinder: Unwinder,
    symbols: ElfSymbols,
  ) {
    this.entryValues = new EntryValues(info, unwinder, symbols, (...of) => this.context(...of));
  }

  /** Never throws for what the debug info or the memory say. */
  locate(variable: Variable, frame: FrameState, memory: MemoryReader): Location {
    const origin = variable.die as VariableOrigin;
    try {
      return this.find(origin, variable, frame, memory);
    } catch (error) {
      if (error instanceof OptimizedOut) return { kind: "optimized-out" };
      if (error instanceof DwarfError || error instanceof MemoryError)
        return { kind: "unavailable", why: error.message };
      throw error;
    }
  }

  /**
   * The value that a parameter had when its function was entered: what the caller passed in the place where it was then. Undefined where that is
   * not known.
   */
  locateAtEntry(variable: Variable, frame: FrameState, memory: MemoryReader): Location | undefined {
    const { die, function: functionDie } = variable.die as VariableOrigin;
    const entry = functionDie && entryOf(rangesOf(functionDie));
    if (entry === undefined || die.tag !== TAG.formal_parameter) return undefined;
    try {
      const expression = expressionOf(die, AT.location, entry, entry);
      const passed = expression && this.entryValues.passed(expression, frame, memory, 0);
      if (!passed) return undefined;
      const value = evaluateNumber(passed.expression, passed.context);
      return { kind: "value", bytes: toLittleEndian(value, Math.min(sizeOf(variable.type), MAX_VALUE) || 8) };
    } catch (error) {
      if (error instanceof DwarfError || error instanceof MemoryError) return undefined;
      throw error;
    }
  }

  private find(
    origin: VariableOrigin,
    variable: Variable,
    frame: FrameState,
    memory: MemoryReader,
  ): Location {
    if (origin.address !== undefined) return { kind: "memory", address: origin.address };
    const size = Math.min(sizeOf(variable.type), MAX_VALUE);
    const constant = origin.die.holder(AT.const_value);
    const entry = origin.function && entryOf(rangesOf(origin.function));
    const expression = expressionOf(origin.die, AT.location, lookupAddress(frame), entry);
    if (!expression) {
      const bytes = constant && constantBytes(constant, size);
      return bytes ? { kind: "value", bytes } : { kind: "optimized-out" };
    }
    const context = this.context(origin.die, origin.function, frame, memory, 0);
    return toLocation(evaluate(expression, context), context, size);
  }

  private context(
    die: Die,
    functionDie: Die | undefined,
    frame: FrameState,
    memory: MemoryReader,
    depth: number,
  ): ExpressionContext {
    const context: ExpressionContext = {
      ...frameContext(frame, memory),
      unit: die.unit,
      cfa: () => this.unwinder.cfa(frame, memory),
      frameBase: () => this.frameBase(functionDie, frame, context),
      entryValue: (expression) => {
        const passed = this.entryValues.passed(expression, frame, memory, depth);
        return passed && evaluateNumber(passed.expression, passed.context);
      },
      parameter: (offset) => {
        const passed = this.entryValues.passedIn({ kind: "parameter", die: offset }, frame, memory, depth);
        return passed && evaluateNumber(passed.expression, passed.context);
      },
    };
    return context;
  }

  private frameBase(functionDie: Die | undefined, frame: FrameState, context: ExpressionContext): bigint {
    const expression = functionDie && expressionOf(functionDie, AT.frame_base, lookupAddress(frame));
    if (!expression) throw new DwarfError("the function has no frame base");
    return evaluateNumber(expression, context);
  }
}

/** The bytes of an expression attribute that hold at the pc: an expression, or the entry of a location list. */
function expressionOf(
  die: Die,
  attribute: number,
  pc: Address,
  entry?: Address,
): ExpressionBytes | undefined {
  const holder = die.holder(attribute);
  const value = holder?.value(attribute);
  if (!holder || !value) return undefined;
  const block = holder.block(attribute);
  if (block) return { section: holder.unit.owner.section, ...block };
  return isLocationList(value.form) ? expressionAt(holder.unit, value, pc, entry) : undefined;
}

function toLocation(result: ExpressionResult, context: ExpressionContext, size: number): Location {
  switch (result.kind) {
    case "memory":
      return result;
    case "register": {
      const register = registerName(result.number);
      if (register) return { kind: "register", register };
      const bytes = context.vector?.(result.number);
      return bytes
        ? { kind: "value", bytes: fromVector(bytes, size) }
        : { kind: "unavailable", why: `DWARF register ${result.number} is not kept` };
    }
    case "stack-value":
      return { kind: "value", bytes: toLittleEndian(result.value, size || 8) };
    case "bytes":
      return { kind: "value", bytes: resized(result.bytes, size) };
    case "none":
      return { kind: "optimized-out" };
    case "implicit-pointer":
      return { kind: "unavailable", why: "synthetic pointer" };
    case "pieces":
      return fromPieces(result.pieces, context, size);
  }
}

/** Puts a value in pieces together; what no piece gives is listed as missing. */
function fromPieces(
  pieces: readonly { location: SimpleLocation; bits: number; bitOffset: number }[],
  context: ExpressionContext,
  size: number,
): Location {
  const total = Math.min(
    MAX_VALUE,
    Math.max(size, Math.ceil(pieces.reduce((sum, piece) => sum + piece.bits, 0) / 8)),
  );
  const bytes = new Uint8Array(total);
  const missing: { offset: number; size: number }[] = [];
  let bit = 0;
  for (const piece of pieces) {
    const room = Math.min(piece.bits, total * 8 - bit);
    if (room <= 0) break;
    const source = pieceBytes(piece, context);
    if (source) copyBits(source, piece.bitOffset, bytes, bit, room);
    else missing.push({ offset: bit >> 3, size: Math.ceil(room / 8) });
    bit += room;
  }
  if (missing.length === pieces.length) return { kind: "optimized-out" };
  return {
    kind: "value",
    bytes: bytes.subarray(0, size || total),
    ...(missing.length > 0 ? { missing } : {}),
  };
}

function pieceBytes(
  piece: { location: SimpleLocation; bits: number; bitOffset: number },
  context: ExpressionContext,
): Uint8Array | undefined {
  const size = Math.min(MAX_VALUE, Math.ceil((piece.bits + piece.bitOffset) / 8));
  const { location } = piece;
  switch (location.kind) {
    case "memory":
      return context.memory(location.address, size);
    case "register": {
      const value = context.register(location.number);
      if (value !== undefined) return toLittleEndian(value, Math.max(size, 8));
      return context.vector?.(location.number);
    }
    case "stack-value":
      return toLittleEndian(location.value, Math.max(size, 8));
    case "bytes":
      return resized(location.bytes, size);
    default:
      return undefined;
  }
}

/** Copies bits, counted from the least significant of the first byte. */
function copyBits(from: Uint8Array, fromBit: number, to: Uint8Array, toBit: number, count: number): void {
  if (fromBit % 8 === 0 && toBit % 8 === 0 && count % 8 === 0) {
    to.set(from.subarray(fromBit / 8, (fromBit + count) / 8), toBit / 8);
    return;
  }
  for (let i = 0; i < count; i++) {
    const bit = ((from[(fromBit + i) >> 3] ?? 0) >> ((fromBit + i) & 7)) & 1;
    to[(toBit + i) >> 3] = (to[(toBit + i) >> 3] ?? 0) | (bit << ((toBit + i) & 7));
  }
}

/** A value in an SSE register is its low bytes; one in an x87 register is wider there than in memory unless it is a long double. */
function fromVector(bytes: Uint8Array, size: number): Uint8Array {
  const isExtended = bytes.length === 10;
  if (!isExtended || (size !== 4 && size !== 8)) return resized(bytes, size);
  const value = new DataView(new ArrayBuffer(size));
  const number = fromExtended(bytes);
  if (size === 4) value.setFloat32(0, number, true);
  else value.setFloat64(0, number, true);
  return new Uint8Array(value.buffer);
}

/** An x87 double extended number (SDM 1, 4.2.2) as a double. */
function fromExtended(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mantissa = view.getBigUint64(0, true);
  const top = view.getUint16(8, true);
  const sign = top & 0x8000 ? -1 : 1;
  const exponent = top & 0x7fff;
  if (exponent === 0x7fff)
    return BigInt.asUintN(63, mantissa) === 0n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * Number(mantissa) * 2 ** (exponent - 16383 - 63);
}

function resized(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 0 || bytes.length === size) return bytes;
  const copy = new Uint8Array(size);
  copy.set(bytes.subarray(0, size));
  return copy;
}
