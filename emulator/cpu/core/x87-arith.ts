// x87 arithmetic and comparison on the register stack: FADD to FDIVR, FSQRT, FRNDINT, FSCALE, FXTRACT, FPREM, FCOM and its kin.
// Must not know: decoding, guest memory. Memory operands come in as operand B, already unpacked.

import {
  A, B, DE, FINITE, GREATER, IE, INDEFINITE, INFINITE, LESS, Op, QUIET, R, SIGNALING, ZE, ZERO, add, compare, divide, fromInteger, invalid,
  multiply, resultFromA, setB, setResult, squareRoot, swapOperands,
} from "./softfloat";
import { TO_A, TO_B, pack80, roundToIntegral } from "./softfloat-formats";
import {
  C0, C1, C2, C3, CONDITIONS, deliver, isEmpty, pop, precision, propagateNan, propagateOneNan, push, pushIndefinite, setSt, setStatus,
  settle, st, stackFault, start, status, unmasked, unpackSt,
} from "./x87-state";

// The eight operations as ModRM.reg of D8 and its kin numbers them; 2 and 3 compare.
export const FADD: u32 = 0;
export const FMUL: u32 = 1;
export const FCOM: u32 = 2;
export const FCOMP: u32 = 3;
export const FSUB: u32 = 4;
export const FSUBR: u32 = 5;
export const FDIV: u32 = 6;
export const FDIVR: u32 = 7;

/** R = A operation B. */
function calculate(operation: u32): void {
  if (propagateNan()) return;
  if (operation == FSUBR || operation == FDIVR) swapOperands();
  if (operation == FADD) return add();
  if (operation == FMUL) return multiply();
  if (operation >= FDIV) return divide();
  B.sign ^= 1;
  add();
}

/** ST(target) = ST(target) operation ST(source), for the register forms; pops when it went through and `thenPop`. */
export function arithRegisters(operation: u32, target: u32, source: u32, thenPop: bool): void {
  if (isEmpty(target) || isEmpty(source)) {
    if (!stackFault(false)) return;
    setSt(target, 0xffff, INDEFINITE);
  } else {
    start();
    unpackSt(TO_A, target);
    unpackSt(TO_B, source);
    calculate(operation);
    if (!deliver(target, precision())) return;
  }
  if (thenPop) pop();
}

/** ST(0) = ST(0) operation B, or compares them; start() and the unpacking of B are the caller's. */
export function arithMemory(operation: u32): void {
  if (operation == FCOM || operation == FCOMP) return compareMemory(operation == FCOMP);
  if (isEmpty(0)) {
    if (stackFault(false)) setSt(0, 0xffff, INDEFINITE);
    return;
  }
  unpackSt(TO_A, 0);
  calculate(operation);
  deliver(0, precision());
}

/** B = a signed integer operand. */
export function setIntegerB(value: i64): void {
  fromInteger(value < 0 ? 0 - <u64>value : <u64>value, u32(value < 0));
  setB(R.cls, R.sign, R.exp, R.sig, false);
}

// Relations as condition codes.
const UNORDERED: u32 = C3 | C2 | C0;

/** Compares A and B; returns C3, C2, C0. `quiet` comparisons (FUCOM) accept quiet NaNs. */
function conditionsOf(quiet: bool): u32 {
  if (A.cls >= QUIET || B.cls >= QUIET) {
    if (!quiet || A.cls >= SIGNALING || B.cls >= SIGNALING) Op.flags |= IE;
    return UNORDERED;
  }
  const relation = compare();
  return relation == GREATER ? 0 : relation == LESS ? C0 : C3;
}

function setConditions(conditions: u32): void {
  setStatus((status() & ~CONDITIONS) | conditions);
}

/** Enters the outcome of a comparison; an unmasked #I still shows as unordered, but keeps the stack. Returns whether to pop. */
function concludeComparison(conditions: u32): bool {
  const through = settle();
  setConditions(conditions);
  return through;
}

function compareEmpty(): bool {
  const masked = stackFault(false);
  setConditions(UNORDERED);
  return masked;
}

function compareMemory(thenPop: bool): void {
  let through: bool;
  if (isEmpty(0)) through = compareEmpty();
  else {
    unpackSt(TO_A, 0);
    through = concludeComparison(conditionsOf(false));
  }
  if (through && thenPop) pop();
}

/** FCOM, FUCOM ST(i) and their popping forms; `pops` is 0, 1 or 2. */
export function compareRegister(i: u32, quiet: bool, pops: u32): void {
  let through: bool;
  if (isEmpty(0) || isEmpty(i)) through = compareEmpty();
  else {
    start();
    unpackSt(TO_A, 0);
    unpackSt(TO_B, i);
    through = concludeComparison(conditionsOf(quiet));
  }
  for (; through && pops > 0; pops--) pop();
}

/** FCOMI, FUCOMI: returns C3, C2, C0 for ZF, PF, CF; an unmasked #I shows as unordered and keeps the stack. */
export function compareToFlags(i: u32, quiet: bool, thenPop: bool): u32 {
  let conditions = UNORDERED;
  let through: bool;
  if (isEmpty(0) || isEmpty(i)) through = stackFault(false);
  else {
    start();
    unpackSt(TO_A, 0);
    unpackSt(TO_B, i);
    conditions = conditionsOf(quiet);
    const before = status() & C1;
    through = settle();
    setStatus(status() | before);
  }
  if (through && thenPop) pop();
  return conditions;
}

/** FTST: compares ST(0) with zero. */
export function ftst(): void {
  if (isEmpty(0)) {
    compareEmpty();
    return;
  }
  start();
  unpackSt(TO_A, 0);
  setB(ZERO, 0, 0, 0, false);
  concludeComparison(conditionsOf(false));
}

/** FXAM: class of ST(0) in C3, C2, C0, its sign in C1 (SDM 2). */
export function fxam(): void {
  const address = st(0);
  const sign = (load<u16>(address, 8) & 0x8000) != 0 ? C1 : 0;
  unpackSt(TO_A, 0);
  let conditions: u32;
  if (isEmpty(0)) conditions = C3 | C0;
  else if (A.cls == ZERO) conditions = C3;
  else if (A.cls == INFINITE) conditions = C2 | C0;
  else if (A.cls >= QUIET) conditions = A.cls <= SIGNALING ? C0 : 0;
  else conditions = A.denormal ? C3 | C2 : C2;
  setConditions(conditions | sign);
}

/** True when ST(0) is there; otherwise the stack fault is entered and, masked, ST(0) becomes the indefinite. */
export function haveOperand(): bool {
  if (!isEmpty(0)) {
    start();
    unpackSt(TO_A, 0);
    return true;
  }
  if (stackFault(false)) setSt(0, 0xffff, INDEFINITE);
  return false;
}

export function fchs(): void {
  if (isEmpty(0)) return underflowed();
  setStatus(status() & ~C1);
  store<u16>(st(0), load<u16>(st(0), 8) ^ 0x8000, 8);
}

export function fabs(): void {
  if (isEmpty(0)) return underflowed();
  setStatus(status() & ~C1);
  store<u16>(st(0), load<u16>(st(0), 8) & 0x7fff, 8);
}

function underflowed(): void {
  if (stackFault(false)) setSt(0, 0xffff, INDEFINITE);
}

export function fsqrt(): void {
  if (!haveOperand()) return;
  if (!propagateOneNan()) squareRoot();
  deliver(0, precision());
}

export function frndint(): void {
  if (!haveOperand()) return;
  if (!propagateOneNan()) {
    if (A.denormal) Op.flags |= DE;
    roundToIntegral();
  }
  deliver(0, 64);
}

/** FSCALE: ST(0) * 2^trunc(ST(1)). */
export function fscale(): void {
  if (isEmpty(0) || isEmpty(1)) return underflowed();
  start();
  unpackSt(TO_A, 0);
  unpackSt(TO_B, 1);
  if (!propagateNan()) scale();
  deliver(0, 64);
}

function scale(): void {
  if (B.cls == INFINITE) {
    if (B.sign == 0 ? A.cls == ZERO : A.cls == INFINITE) return invalid();
    if (A.denormal) Op.flags |= DE;
    return setResult(B.sign == 0 ? INFINITE : ZERO, A.sign, 0, 0);
  }
  if (A.denormal || B.denormal) Op.flags |= DE;
  resultFromA();
  if (A.cls != FINITE || B.cls == ZERO || B.exp < 0) return;
  // Beyond the range of any exponent difference the result is overflow or underflow anyway.
  const distance = B.exp > 16 ? 0x18000 : <i32>(B.sig >> (63 - B.exp));
  R.exp += B.sign != 0 ? -distance : distance;
}

/** FXTRACT: ST(0) becomes its exponent, its significand is pushed. */
export function fxtract(): void {
  if (isEmpty(0)) {
    if (stackFault(false)) {
      setSt(0, 0xffff, INDEFINITE);
      pushIndefinite();
    }
    return;
  }
  if (!isEmpty(7)) {
    if (stackFault(true)) {
      setSt(0, 0xffff, INDEFINITE);
      pushIndefinite();
    }
    return;
  }
  start();
  unpackSt(TO_A, 0);
  const sign = A.sign << 15;
  if (propagateOneNan()) {
    const head = pack80(64, 0), sig = R.sig;
    if (!settle()) return;
    setSt(0, head, sig);
    return push(head, sig);
  }
  if (A.cls == INFINITE) {
    if (!settle()) return;
    setSt(0, 0x7fff, 0x8000000000000000);
    return push(sign | 0x7fff, 0x8000000000000000);
  }
  if (A.cls == ZERO) {
    Op.flags |= ZE;
    if (!settle()) return;
    setSt(0, 0xffff, 0x8000000000000000);
    return push(sign, 0);
  }
  if (A.denormal) Op.flags |= DE;
  if (!settle()) return;
  const sig = A.sig;
  const exp = A.exp;
  fromInteger(exp < 0 ? <u64>-exp : <u64>exp, u32(exp < 0));
  const head = pack80(64, 0);
  setSt(0, head, R.sig);
  push(sign | 16383, sig);
}

/** FPREM (truncating) and FPREM1 (to nearest): ST(0) modulo ST(1), 63 exponent steps at a time (SDM 2). */
export function fprem(nearest: bool): void {
  setStatus(status() & ~C2);
  if (isEmpty(0) || isEmpty(1)) return underflowed();
  start();
  unpackSt(TO_A, 0);
  unpackSt(TO_B, 1);
  let conditions: u32 = status() & (C0 | C3);
  if (!propagateNan()) {
    if (A.cls == INFINITE || B.cls == ZERO) invalid();
    else {
      if (A.denormal || B.denormal) Op.flags |= DE;
      conditions = 0;
      if (A.cls == ZERO || B.cls == INFINITE) resultFromA();
      else conditions = remainder(nearest);
    }
  }
  if (deliver(0, 64)) setConditions(conditions);
}

/** R = A rem B for finite operands; returns the condition codes: C2 when incomplete, else the quotient's low bits in C0, C3, C1. */
function remainder(nearest: bool): u32 {
  const distance = A.exp - B.exp;
  if (distance < -1 || (distance < 0 && !nearest)) {
    resultFromA();
    return 0;
  }
  // Incomplete: reduce the exponent by 32 to 63 and come again.
  const steps = distance > 63 ? 32 + (distance & 31) : distance;
  let rest = A.sig;
  let quotient: u64 = 0;
  let carry: u64 = 0;
  for (let i = 0; i <= steps; i++) {
    quotient <<= 1;
    if (carry != 0 || rest >= B.sig) {
      rest -= B.sig;
      quotient |= 1;
    }
    if (i < steps) {
      carry = rest >> 63;
      rest <<= 1;
    }
  }
  const exp = distance < 0 ? A.exp : A.exp - steps;
  if (distance < 0) {
    // |A| < |B|, at least a quarter of it: nothing was subtracted at B's scale.
    rest = A.sig;
    quotient = 0;
  }
  let sign = A.sign;
  if (distance <= 63 && nearest && roundsToNext(rest, distance < 0, quotient)) {
    // B - rest at one scale.
    if (distance < 0) return oneMinus(sign, quotient);
    rest = B.sig - rest;
    sign ^= 1;
    quotient++;
  }
  setRemainder(sign, exp, rest);
  if (distance > 63) return C2;
  return quotientConditions(quotient);
}

/** FPREM1: the remainder is past half of B, or half and the quotient odd. */
function roundsToNext(rest: u64, halfScale: bool, quotient: u64): bool {
  // At half scale rest/2 is compared with B/2, that is rest with B.
  if (halfScale) return rest > B.sig;
  const twice = rest << 1;
  if (rest >> 63 != 0 || twice > B.sig) return true;
  return twice == B.sig && (quotient & 1) != 0;
}

/** |A| between B/2 and B: the result is A - B. */
function oneMinus(sign: u32, quotient: u64): u32 {
  B.sign = sign ^ 1;
  add();
  return quotientConditions(quotient + 1);
}

function setRemainder(sign: u32, exp: i32, rest: u64): void {
  if (rest == 0) return setResult(ZERO, A.sign, 0, 0);
  const shift = clz(rest);
  setResult(FINITE, sign, exp - <i32>shift, rest << shift);
}

function quotientConditions(quotient: u64): u32 {
  return (quotient & 4 ? C0 : 0) | (quotient & 2 ? C3 : 0) | (quotient & 1 ? C1 : 0);
}
