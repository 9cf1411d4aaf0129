// SSE and SSE2 floating point on values: arithmetic, comparison and conversion of one float or double under MXCSR, with exact flags.
// wasm's own f32/f64 serve where they cannot differ from the processor, softfloat where flags, rounding, denormals or NaNs matter.
// Must not know: registers, memory, decoding.

import {
  A, B, DE, EQUAL, GREATER, IE, LESS, Op, PE, QUIET, SIGNALING, ZERO, add, begin, compare, CHOP, divide, fromInteger, multiply, resultFromA,
  resultFromB, squareRoot,
} from "./softfloat";
import { TO_A, TO_B, pack32, pack64, roundToIntegral, toInteger, unpack32, unpack64 } from "./softfloat-formats";

/** The instruction under way: its MXCSR, and the exceptions of all its elements so far. */
export class Sse {
  static mxcsr: u32 = 0x1f80;
  static raised: u32 = 0;
}

// MXCSR fields (SDM 1 figure 10-3).
export const MXCSR_DAZ: u32 = 0x40;
export const MXCSR_MASKS: u32 = 0x1f80;
export const MXCSR_FTZ: u32 = 0x8000;
/** Bits that may be set; LDMXCSR and FXRSTOR of any other raise #GP(0). */
export const MXCSR_VALID: u32 = 0xffff;

// Arithmetic operations.
export const ADD: u32 = 0;
export const SUB: u32 = 1;
export const MUL: u32 = 2;
export const DIV: u32 = 3;
export const SQRT: u32 = 4;
export const MIN: u32 = 5;
export const MAX: u32 = 6;

// @ts-ignore: decorator
@inline function daz(): bool {
  return (Sse.mxcsr & MXCSR_DAZ) != 0;
}

// @ts-ignore: decorator
@inline function unmasked(): u32 {
  return ~(Sse.mxcsr >> 7) & 63;
}

/** FTZ works only while underflow is masked (SDM 1 10.2.3.3). */
// @ts-ignore: decorator
@inline function flush(): bool {
  return (Sse.mxcsr & 0x8800) == 0x8800;
}

// @ts-ignore: decorator
@inline function start(): void {
  begin((Sse.mxcsr >> 13) & 3);
}

// @ts-ignore: decorator
@inline function finish(): void {
  Sse.raised |= Op.flags;
}

/** Host arithmetic is exact here: to nearest, all masked, no DAZ or FTZ, and #P, the only flag left to raise, already set. */
// @ts-ignore: decorator
@inline function plainMode(): bool {
  return (Sse.mxcsr & 0xffe0) == 0x1fa0;
}

// @ts-ignore: decorator
@inline function isNormal64(bits: u64): bool {
  return ((<u32>(bits >> 52) & 0x7ff) - 2) < 0x7fd;
}

// @ts-ignore: decorator
@inline function isNormal32(bits: u32): bool {
  return (((bits >> 23) & 0xff) - 2) < 0xfd;
}

export function arith64(operation: u32, a: u64, b: u64): u64 {
  if (plainMode() && operation <= SQRT && isNormal64(a) && isNormal64(b)) {
    const result = reinterpret<u64>(host64(operation, reinterpret<f64>(a), reinterpret<f64>(b)));
    if (isNormal64(result)) return result;
  }
  start();
  unpack64(TO_A, a, daz());
  unpack64(TO_B, b, daz());
  if (operation >= MIN) {
    const first = choose(operation);
    finish();
    const chosen = first ? a : b;
    return (first ? A.cls : B.cls) == ZERO ? chosen & 0x8000000000000000 : chosen;
  }
  calculate(operation);
  const result = pack64(unmasked(), flush());
  finish();
  return result;
}

export function arith32(operation: u32, a: u32, b: u32): u32 {
  if (plainMode() && operation <= SQRT && isNormal32(a) && isNormal32(b)) {
    const result = reinterpret<u32>(host32(operation, reinterpret<f32>(a), reinterpret<f32>(b)));
    if (isNormal32(result)) return result;
  }
  start();
  unpack32(TO_A, a, daz());
  unpack32(TO_B, b, daz());
  if (operation >= MIN) {
    const first = choose(operation);
    finish();
    const chosen = first ? a : b;
    return (first ? A.cls : B.cls) == ZERO ? chosen & 0x80000000 : chosen;
  }
  calculate(operation);
  const result = pack32(unmasked(), flush());
  finish();
  return result;
}

// @ts-ignore: decorator
@inline function host64(operation: u32, a: f64, b: f64): f64 {
  if (operation == ADD) return a + b;
  if (operation == SUB) return a - b;
  if (operation == MUL) return a * b;
  if (operation == DIV) return a / b;
  return sqrt<f64>(b);
}

// @ts-ignore: decorator
@inline function host32(operation: u32, a: f32, b: f32): f32 {
  if (operation == ADD) return a + b;
  if (operation == SUB) return a - b;
  if (operation == MUL) return a * b;
  if (operation == DIV) return a / b;
  return sqrt<f32>(b);
}

/** R = A operation B; square root takes B, the source operand. */
function calculate(operation: u32): void {
  if (operation == SQRT) {
    A.cls = B.cls;
    A.sign = B.sign;
    A.exp = B.exp;
    A.sig = B.sig;
    A.denormal = B.denormal;
    if (propagateNan()) return;
    return squareRoot();
  }
  if (propagateNan()) return;
  if (operation == ADD) return add();
  if (operation == MUL) return multiply();
  if (operation == DIV) return divide();
  B.sign ^= 1;
  add();
}

/** A NaN operand is the result, the first one if both are (SDM 1 table 4-7); a signaling one raises #I. pack*() makes it quiet. */
function propagateNan(): bool {
  if (A.cls < QUIET && B.cls < QUIET) return false;
  if (A.cls == SIGNALING || B.cls == SIGNALING) Op.flags |= IE;
  if (A.cls >= QUIET) resultFromA();
  else resultFromB();
  return true;
}

/** MIN and MAX: true when the first operand is the result. A NaN or two zeros give the second one; any NaN raises #I. */
function choose(operation: u32): bool {
  if (A.cls >= QUIET || B.cls >= QUIET) {
    Op.flags |= IE;
    return false;
  }
  return compare() == (operation == MIN ? LESS : GREATER);
}

// Relations, as comparisons report them.
export const UNORDERED: i32 = 2;

/** LESS, EQUAL, GREATER or UNORDERED of A and B as unpacked; `signaling` comparisons raise #I for quiet NaNs too. */
function relate(signaling: bool): i32 {
  let relation = UNORDERED;
  if (A.cls >= QUIET || B.cls >= QUIET) {
    if (signaling || A.cls == SIGNALING || B.cls == SIGNALING) Op.flags |= IE;
  } else {
    relation = compare();
  }
  finish();
  return relation;
}

export function relate64(a: u64, b: u64, signaling: bool): i32 {
  start();
  unpack64(TO_A, a, daz());
  unpack64(TO_B, b, daz());
  return relate(signaling);
}

export function relate32(a: u32, b: u32, signaling: bool): i32 {
  start();
  unpack32(TO_A, a, daz());
  unpack32(TO_B, b, daz());
  return relate(signaling);
}

/** CMPccPS and kin: LT, LE and their negations signal (SDM 2, CMPPD table 3-1). */
// @ts-ignore: decorator
@inline export function predicateSignals(predicate: u32): bool {
  return (predicate & 3) == 1 || (predicate & 3) == 2;
}

/** Whether CMPcc's predicate (0-7: EQ LT LE UNORD NEQ NLT NLE ORD) holds for a relation. */
export function predicateHolds(predicate: u32, relation: i32): bool {
  let holds: bool;
  switch (predicate & 3) {
    case 0: holds = relation == EQUAL; break;
    case 1: holds = relation == LESS; break;
    case 2: holds = relation == LESS || relation == EQUAL; break;
    default: holds = relation == UNORDERED;
  }
  return (predicate & 4) != 0 ? !holds : holds;
}

/** CVTSS2SD. */
export function floatToDouble(bits: u32): u64 {
  start();
  unpack32(TO_A, bits, daz());
  widen();
  const result = pack64(unmasked(), false);
  finish();
  return result;
}

/** CVTSD2SS. */
export function doubleToFloat(bits: u64): u32 {
  start();
  unpack64(TO_A, bits, daz());
  widen();
  const result = pack32(unmasked(), flush());
  finish();
  return result;
}

/** R = A, with the exceptions of a change of format. */
function widen(): void {
  if (A.cls == SIGNALING) Op.flags |= IE;
  if (A.denormal) Op.flags |= DE;
  resultFromA();
}

/** CVTSD2SI and CVTTSD2SI: to 32 or 64 bits; out of range is the integer indefinite. */
export function doubleToInteger(bits: u64, width: u32, truncate: bool): i64 {
  begin(truncate ? CHOP : (Sse.mxcsr >> 13) & 3);
  unpack64(TO_A, bits, daz());
  const result = toInteger(width);
  finish();
  return result;
}

export function floatToInteger(bits: u32, width: u32, truncate: bool): i64 {
  begin(truncate ? CHOP : (Sse.mxcsr >> 13) & 3);
  unpack32(TO_A, bits, daz());
  const result = toInteger(width);
  finish();
  return result;
}

export function integerToDouble(value: i64): u64 {
  start();
  fromInteger(value < 0 ? 0 - <u64>value : <u64>value, u32(value < 0));
  const result = pack64(unmasked(), false);
  finish();
  return result;
}

export function integerToFloat(value: i64): u32 {
  start();
  fromInteger(value < 0 ? 0 - <u64>value : <u64>value, u32(value < 0));
  const result = pack32(unmasked(), false);
  finish();
  return result;
}

/** Sets the rounding of ROUNDSS and its kin from their immediate. */
function startRound(control: u32): void {
  begin(control & 4 ? (Sse.mxcsr >> 13) & 3 : control & 3);
}
/** R = A rounded to an integral value; bit 3 of the immediate hides the inexact exception. */
function finishRound(control: u32): void {
  if (A.cls == SIGNALING) Op.flags |= IE;
  roundToIntegral();
  if (control & 8) Op.flags &= ~PE;
  finish();
}

/** ROUNDSS: never underflows, so only #I and #P can come of it. */
export function round32(bits: u32, control: u32): u32 {
  startRound(control);
  unpack32(TO_A, bits, daz());
  finishRound(control);
  return pack32(0, false);
}

export function round64(bits: u64, control: u32): u64 {
  startRound(control);
  unpack64(TO_A, bits, daz());
  finishRound(control);
  return pack64(0, false);
}
