// DWARF expressions (DWARF 5 sections 2.5 and 2.6): runs one and says where the value is. Must not know frames or types:
// registers, memory and the rest come in by the context.

import { readIndexedAddress } from "./addr.ts";
import { AT, ATE, OP } from "./constants.ts";
import { type Cursor, DwarfError, fromAddress } from "./cursor.ts";
import type { ExpressionBytes } from "./loclists.ts";
import type { Unit } from "./units.ts";

export interface ExpressionContext {
  /** Undefined in call frame information, which has no unit. */
  readonly unit?: Unit;
  /** A register by DWARF number, in the frame; undefined when unknown. */
  register(number: number): bigint | undefined;
  /** The bytes of an SSE or x87 register by DWARF number. */
  vector?(number: number): Uint8Array | undefined;
  memory(address: bigint, length: number): Uint8Array;
  frameBase?(): bigint;
  cfa?(): bigint;
  /** The value that an expression had when the function was entered; undefined when it cannot be told. */
  entryValue?(expression: ExpressionBytes): bigint | undefined;
  /** The value that the caller gave the parameter whose DIE is at an offset (DW_OP_GNU_parameter_ref); undefined when it cannot be told. */
  parameter?(die: number): bigint | undefined;
  objectAddress?: bigint;
}

export type SimpleLocation =
  | { kind: "memory"; address: bigint }
  | { kind: "register"; number: number }
  | { kind: "stack-value"; value: bigint }
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "implicit-pointer" }
  | { kind: "none" };

export type ExpressionResult =
  | SimpleLocation
  | { kind: "pieces"; pieces: { location: SimpleLocation; bits: number; bitOffset: number }[] };

/** The expression needs something that this frame does not have: the value is optimized out here. */
export class OptimizedOut extends DwarfError {}

/** Longer runs are loops in damaged or hostile files. */
const MAX_STEPS = 10_000;
const MAX_STACK = 256;
const MASK = 0xffff_ffff_ffff_ffffn;

/** Runs an expression. `initial` are values on the stack before the first operation. Throws DwarfError, OptimizedOut, MemoryError. */
export function evaluate(
  expression: ExpressionBytes,
  context: ExpressionContext,
  initial: bigint[] = [],
): ExpressionResult {
  if (expression.pos === expression.end) return { kind: "none" };
  const machine = new StackMachine(expression, context, initial);
  return machine.run();
}

/** Runs an expression whose result is a number (frame base, CFA, call-site value): an address or register's content. */
export function evaluateNumber(
  expression: ExpressionBytes,
  context: ExpressionContext,
  initial: bigint[] = [],
): bigint {
  const result = evaluate(expression, context, initial);
  switch (result.kind) {
    case "memory":
      return result.address;
    case "stack-value":
      return result.value;
    case "register": {
      const value = context.register(result.number);
      if (value === undefined) throw new OptimizedOut(`register ${result.number} is not known in this frame`);
      return value;
    }
    default:
      throw new DwarfError(`an expression that should give a number gives ${result.kind}`);
  }
}

/** A value on the stack: 64 bits, and the width and sign of its base type when it has one (DWARF 5 section 2.5.1.1). */
interface StackType {
  readonly size: number;
  readonly signed: boolean;
}
const GENERIC: StackType = { size: 8, signed: false };

class StackMachine {
  private readonly stack: bigint[];
  private readonly types: StackType[];
  private readonly cursor: Cursor;
  private readonly pieces: { location: SimpleLocation; bits: number; bitOffset: number }[] = [];
  private location: SimpleLocation | undefined;

  constructor(
    private readonly expression: ExpressionBytes,
    private readonly context: ExpressionContext,
    initial: bigint[],
  ) {
    this.cursor = expression.section.cursor(expression.pos, expression.end);
    this.stack = [...initial];
    this.types = initial.map(() => GENERIC);
  }

  run(): ExpressionResult {
    for (let steps = 0; !this.cursor.done; steps++) {
      if (steps > MAX_STEPS || this.stack.length > MAX_STACK)
        this.cursor.fail("an expression that does not end");
      this.step(this.cursor.u8());
    }
    if (this.pieces.length > 0) return { kind: "pieces", pieces: this.pieces };
    return this.takeLocation();
  }

  /** The location that the operations so far describe; an empty one for a piece without any. */
  private takeLocation(): SimpleLocation {
    const location = this.location;
    this.location = undefined;
    if (location) return location;
    if (this.stack.length === 0) return { kind: "none" };
    return { kind: "memory", address: this.pop() };
  }

  private step(op: number): void {
    if (op >= OP.lit0 && op <= OP.lit31) this.push(BigInt(op - OP.lit0));
    else if (op >= OP.reg0 && op <= OP.reg31) this.location = { kind: "register", number: op - OP.reg0 };
    else if (op >= OP.breg0 && op <= OP.breg31)
      this.push(this.registerValue(op - OP.breg0) + this.cursor.slebBig());
    else if (!this.constant(op) && !this.shuffle(op) && !this.arithmetic(op) && !this.typed(op))
      this.other(op);
  }

  private constant(op: number): boolean {
    const { cursor } = this;
    switch (op) {
      case OP.addr:
        this.push(fromAddress(cursor.address(this.context.unit?.addressSize ?? 8)));
        return true;
      case OP.addrx:
      case OP.constx:
      case OP.GNU_addr_index:
      case OP.GNU_const_index:
        this.push(fromAddress(readIndexedAddress(this.unit(), cursor.uleb())));
        return true;
      case OP.const1u:
        this.push(BigInt(cursor.u8()));
        return true;
      case OP.const1s:
        this.push(BigInt(cursor.i8()));
        return true;
      case OP.const2u:
        this.push(BigInt(cursor.u16()));
        return true;
      case OP.const2s:
        this.push(BigInt((cursor.u16() << 16) >> 16));
        return true;
      case OP.const4u:
        this.push(BigInt(cursor.u32()));
        return true;
      case OP.const4s:
        this.push(BigInt(cursor.u32() | 0));
        return true;
      case OP.const8u:
      case OP.const8s:
        this.push(cursor.u64());
        return true;
      case OP.constu:
        this.push(cursor.ulebBig());
        return true;
      case OP.consts:
        this.push(cursor.slebBig());
        return true;
      default:
        return false;
    }
  }

  private shuffle(op: number): boolean {
    switch (op) {
      case OP.dup:
        this.pick(0);
        return true;
      case OP.drop:
        this.pop();
        return true;
      case OP.over:
        this.pick(1);
        return true;
      case OP.pick:
        this.pick(this.cursor.u8());
        return true;
      case OP.swap:
        this.rotate(2);
        return true;
      case OP.rot:
        // The top becomes the third (DWARF 5 section 2.5.1.3).
        this.rotate(3);
        return true;
      case OP.nop:
      case OP.GNU_uninit:
        return true;
      default:
        return false;
    }
  }

  private arithmetic(op: number): boolean {
    switch (op) {
      case OP.abs:
        return this.unary((a) => (a < 0n ? -a : a));
      case OP.neg:
        return this.unary((a) => -a);
      case OP.not:
        return this.unary((a) => ~a);
      case OP.plus_uconst: {
        const addend = this.cursor.ulebBig();
        return this.unary((a) => a + addend);
      }
      case OP.and:
        return this.binary((a, b) => a & b);
      case OP.or:
        return this.binary((a, b) => a | b);
      case OP.xor:
        return this.binary((a, b) => a ^ b);
      case OP.plus:
        return this.binary((a, b) => a + b);
      case OP.minus:
        return this.binary((a, b) => a - b);
      case OP.mul:
        return this.binary((a, b) => a * b);
      case OP.div:
        return this.binary((a, b) => (b === 0n ? this.cursor.fail("division by zero") : a / b));
      case OP.mod:
        return this.unsignedBinary((a, b) => (b === 0n ? this.cursor.fail("division by zero") : a % b));
      case OP.shl:
        return this.unsignedBinary((a, b) => (b > 63n ? 0n : a << b));
      case OP.shr:
        return this.unsignedBinary((a, b) => (b > 63n ? 0n : a >> b));
      case OP.shra:
        return this.binary((a, b) => a >> (b < 0n || b > 63n ? 63n : b));
      case OP.eq:
        return this.compare((a, b) => a === b);
      case OP.ne:
        return this.compare((a, b) => a !== b);
      case OP.ge:
        return this.compare((a, b) => a >= b);
      case OP.gt:
        return this.compare((a, b) => a > b);
      case OP.le:
        return this.compare((a, b) => a <= b);
      case OP.lt:
        return this.compare((a, b) => a < b);
      case OP.skip:
        this.jump(true);
        return true;
      case OP.bra:
        this.jump(this.pop() !== 0n);
        return true;
      default:
        return false;
    }
  }

  private typed(op: number): boolean {
    const { cursor } = this;
    switch (op) {
      case OP.convert:
      case OP.GNU_convert:
      case OP.reinterpret:
      case OP.GNU_reinterpret: {
        const type = this.baseType(cursor.uleb());
        const from = this.types.at(-1) ?? GENERIC;
        this.push(extend(this.pop(), from), type);
        return true;
      }
      case OP.const_type:
      case OP.GNU_const_type: {
        const type = this.baseType(cursor.uleb());
        this.push(fromLittleEndian(cursor.take(cursor.u8())), type);
        return true;
      }
      case OP.regval_type:
      case OP.GNU_regval_type: {
        const number = cursor.uleb();
        this.push(this.registerValue(number), this.baseType(cursor.uleb()));
        return true;
      }
      case OP.deref_type:
      case OP.GNU_deref_type: {
        const size = cursor.u8();
        const type = this.baseType(cursor.uleb());
        this.push(this.load(this.pop(), size), type);
        return true;
      }
      default:
        return false;
    }
  }

  private other(op: number): void {
    const { cursor, context } = this;
    switch (op) {
      case OP.regx:
        this.location = { kind: "register", number: cursor.uleb() };
        return;
      case OP.bregx: {
        const number = cursor.uleb();
        this.push(this.registerValue(number) + cursor.slebBig());
        return;
      }
      case OP.fbreg: {
        const offset = cursor.slebBig();
        this.push(this.need(context.frameBase, "a frame base")() + offset);
        return;
      }
      case OP.call_frame_cfa:
        this.push(this.need(context.cfa, "a call frame address")());
        return;
      case OP.deref:
        this.push(this.load(this.pop(), 8));
        return;
      case OP.deref_size:
        this.push(this.load(this.pop(), cursor.u8()));
        return;
      case OP.push_object_address:
        this.push(this.need(context.objectAddress, "an object's address"));
        return;
      case OP.stack_value:
        this.stackValue();
        return;
      case OP.implicit_value:
        this.location = { kind: "bytes", bytes: cursor.take(cursor.uleb()) };
        return;
      case OP.implicit_pointer:
      case OP.GNU_implicit_pointer:
        cursor.offset(this.unit().version <= 2 ? 8 : this.unit().offsetSize);
        cursor.sleb();
        this.location = { kind: "implicit-pointer" };
        return;
      case OP.piece:
        this.piece(cursor.uleb() * 8, 0);
        return;
      case OP.bit_piece: {
        const bits = cursor.uleb();
        this.piece(bits, cursor.uleb());
        return;
      }
      case OP.entry_value:
      case OP.GNU_entry_value:
        this.entryValue();
        return;
      case OP.GNU_parameter_ref:
        this.parameter();
        return;
      default:
        cursor.fail(`DWARF operation 0x${op.toString(16)} is not supported`);
    }
  }

  private stackValue(): void {
    const type = this.types.at(-1) ?? GENERIC;
    this.location = { kind: "stack-value", value: extend(this.pop(), type) };
  }

  private entryValue(): void {
    const length = this.cursor.uleb();
    const pos = this.cursor.skip(length);
    const value = this.context.entryValue?.({ section: this.expression.section, pos, end: pos + length });
    if (value === undefined) throw new OptimizedOut("the value at the function's entry is not known");
    this.push(value);
  }

  /** A parameter that is passed nowhere: the call site tells its value by the parameter's DIE. */
  private parameter(): void {
    const value = this.context.parameter?.(this.unit().offset + this.cursor.u32());
    if (value === undefined) throw new OptimizedOut("the value that the caller gave is not known");
    this.push(value);
  }

  private piece(bits: number, bitOffset: number): void {
    this.pieces.push({ location: this.takeLocation(), bits, bitOffset });
  }

  private push(value: bigint, type: StackType = GENERIC): void {
    this.stack.push(BigInt.asUintN(type.size * 8, value) & MASK);
    this.types.push(type);
  }

  private pop(): bigint {
    const value = this.stack.pop();
    this.types.pop();
    if (value === undefined) return this.cursor.fail("an expression takes more from the stack than is there");
    return value;
  }

  private pick(depth: number): void {
    const at = this.stack.length - 1 - depth;
    if (at < 0) this.cursor.fail("an expression picks below its stack");
    this.push(this.stack[at]!, this.types[at]!);
  }

  private rotate(count: number): void {
    if (this.stack.length < count) this.cursor.fail("an expression rotates below its stack");
    const at = this.stack.length - count;
    this.stack.splice(at, 0, this.stack.pop()!);
    this.types.splice(at, 0, this.types.pop()!);
  }

  /** Signed arithmetic in the operands' type; the generic type is signed here (DWARF 5 section 2.5.1.4). */
  private binary(operation: (a: bigint, b: bigint) => bigint): true {
    const type = this.types.at(-2) ?? GENERIC;
    const b = this.popSigned();
    const a = this.popSigned();
    this.push(operation(a, b), type);
    return true;
  }

  private unsignedBinary(operation: (a: bigint, b: bigint) => bigint): true {
    const type = this.types.at(-2) ?? GENERIC;
    const b = this.pop();
    const a = this.pop();
    this.push(operation(a, b), type);
    return true;
  }

  private unary(operation: (a: bigint) => bigint): true {
    const type = this.types.at(-1) ?? GENERIC;
    this.push(operation(this.popSigned()), type);
    return true;
  }

  private compare(operation: (a: bigint, b: bigint) => boolean): true {
    const b = this.popSigned();
    const a = this.popSigned();
    this.push(operation(a, b) ? 1n : 0n);
    return true;
  }

  private popSigned(): bigint {
    const type = this.types.at(-1) ?? GENERIC;
    const value = this.pop();
    return type === GENERIC || type.signed ? BigInt.asIntN(type.size * 8, value) : value;
  }

  private jump(taken: boolean): void {
    const offset = (this.cursor.u16() << 16) >> 16;
    if (!taken) return;
    const target = this.cursor.pos + offset;
    if (target < this.expression.pos || target > this.expression.end)
      this.cursor.fail("an expression jumps outside of itself");
    this.cursor.pos = target;
  }

  private load(address: bigint, size: number): bigint {
    if (size < 1 || size > 8) this.cursor.fail(`cannot read a value of ${size} bytes`);
    return fromLittleEndian(this.context.memory(address, size));
  }

  private registerValue(number: number): bigint {
    const value = this.context.register(number);
    if (value === undefined) throw new OptimizedOut(`register ${number} is not known in this frame`);
    return value;
  }

  private baseType(offset: number): StackType {
    if (offset === 0) return GENERIC;
    const unit = this.unit();
    const die = unit.dieAt(unit.offset + offset);
    const size = die?.constant(AT.byte_size) ?? 8;
    const encoding = die?.constant(AT.encoding);
    if (encoding === ATE.float || encoding === ATE.complex_float || size > 8) {
      throw new DwarfError("floating-point and wide DWARF expressions are not supported");
    }
    return { size: size || 8, signed: encoding === ATE.signed || encoding === ATE.signed_char };
  }

  private unit(): Unit {
    return this.context.unit ?? this.cursor.fail("an operation that needs a unit");
  }

  private need<T>(value: T | undefined, what: string): T {
    return value ?? this.cursor.fail(`an expression needs ${what}, and there is none here`);
  }
}

/** The 64-bit pattern of a value of a narrower type. */
function extend(value: bigint, type: StackType): bigint {
  return type.signed ? BigInt.asUintN(64, BigInt.asIntN(type.size * 8, value)) : value;
}

/** Unsigned value of up to eight bytes. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = Math.min(bytes.length, 8) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

/** The low `size` bytes of a value; zero beyond eight. */
export function toLittleEndian(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = BigInt.asUintN(64, value);
  for (let i = 0; i < Math.min(size, 8); i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}
