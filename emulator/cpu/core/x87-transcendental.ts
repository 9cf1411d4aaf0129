// FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X, FYL2XP1: special operands by the tables of SDM 2, everything else by x87-functions.ts.
// Results are those of the exact function but for the 66-bit pi of the reduction, rounded once: well within the unit in the last place
// that SDM 1 8.3.10 allows. Where the manual leaves an operand undefined, we do as AMD's processors do. Must not know: decoding.

import {
  A, B, DE, FINITE, INDEFINITE, INFINITE, Op, PE, R, ZE, ZERO, invalid, resultFromA, setResult,
} from "./softfloat";
import { TO_A, TO_B, pack80 } from "./softfloat-formats";
import { haveOperand } from "./x87-arith";
import { angle, cosine, cosineToo, piQuarters, powerLess1, sine, tangent, timesLogarithm, timesLogarithmOf1Plus } from "./x87-functions";
import {
  C2, deliver, isEmpty, pop, propagateNan, propagateOneNan, push, pushIndefinite, setSt, setStatus, settle, st, stackFault, start, status, unmasked,
  unpackSt,
} from "./x87-state";

const SIN: u32 = 0, COS: u32 = 1, TAN: u32 = 2;
const ONE_HEAD: u32 = 0x3fff, ONE_SIG: u64 = 0x8000000000000000;

function clearC2(): void { setStatus(status() & ~C2); }
function noteDenormals(): void { if (A.denormal || B.denormal) Op.flags |= DE; }

/** From 2^63 on the operand is left as it is and C2 says so (SDM 2 FSIN). */
function outOfRange(): bool {
  if (A.cls != FINITE || A.exp < 63) return false;
  settle();
  setStatus(status() | C2);
  return true;
}

/** R = sin, cos or tan of A. */
function trigonometric(what: u32): void {
  if (propagateOneNan()) return;
  if (A.cls == INFINITE) return invalid();
  if (A.cls == ZERO) {
    if (what == COS) setResult(FINITE, 0, 0, ONE_SIG);
    else resultFromA();
    return;
  }
  if (A.denormal) Op.flags |= DE;
  if (what == SIN) sine();
  else if (what == COS) cosine();
  else tangent();
}

function oneResult(what: u32): void {
  clearC2();
  if (!haveOperand() || outOfRange()) return;
  trigonometric(what);
  deliver(0, 64);
}
export function fsin(): void { oneResult(SIN); }
export function fcos(): void { oneResult(COS); }

/** Whether ST(0) is there and another fits above it; else the stack fault is entered, masked with two indefinites. */
function haveRoom(): bool {
  clearC2();
  const over = !isEmpty(0);
  if (over && isEmpty(7)) {
    start();
    unpackSt(TO_A, 0);
    return true;
  }
  if (stackFault(over)) {
    setSt(0, 0xffff, INDEFINITE);
    pushIndefinite();
  }
  return false;
}

/** Tangent, then 1.0 above it; a NaN goes into both. */
export function fptan(): void {
  if (!haveRoom() || outOfRange()) return;
  trigonometric(TAN);
  const special = A.cls >= INFINITE;
  if (!deliver(0, 64)) return;
  if (special) push(load<u16>(st(0), 8), load<u64>(st(0)));
  else push(ONE_HEAD, ONE_SIG);
}

export function fsincos(): void {
  if (!haveRoom() || outOfRange()) return;
  trigonometric(SIN);
  const head = pack80(64, unmasked()), sig = R.sig;
  if (A.cls == FINITE) cosineToo();
  else if (A.cls == ZERO) setResult(FINITE, 0, 0, ONE_SIG);
  const cosineHead = pack80(64, unmasked()), cosineSig = R.sig;
  if (!settle()) return;
  setSt(0, head, sig);
  push(cosineHead, cosineSig);
}

/** 2^x - 1. Outside [-1, 1], which the manual leaves undefined, the operand comes back. */
export function f2xm1(): void {
  if (!haveOperand()) return;
  if (!propagateOneNan()) {
    if (A.cls == INFINITE && A.sign) setResult(FINITE, 1, 0, ONE_SIG);
    else if (A.cls != FINITE) resultFromA();
    else {
      if (A.denormal) Op.flags |= DE;
      if (A.exp < 0) powerLess1();
      else inexact(A.sign && A.exp == 0 && A.sig == ONE_SIG ? -1 : A.exp);
    }
  }
  deliver(0, 64);
}

/** R = A with another exponent; counts as inexact all the same. */
function inexact(exp: i32): void {
  Op.flags |= PE;
  setResult(FINITE, A.sign, exp, A.sig);
}

/** Loads ST(0) as A, ST(1) as B. False: the stack underflow is entered; masked, its indefinite is in ST(1) and the stack popped. */
function haveTwo(): bool {
  if (!isEmpty(0) && !isEmpty(1)) {
    start();
    unpackSt(TO_A, 0);
    unpackSt(TO_B, 1);
    return true;
  }
  if (stackFault(false)) {
    setSt(1, 0xffff, INDEFINITE);
    pop();
  }
  return false;
}
function deliverAndPop(): void {
  if (deliver(1, 64)) pop();
}

/** Angle of the point (ST(0), ST(1)) (SDM 2, table "FPATAN Results"). */
export function fpatan(): void {
  if (!haveTwo()) return;
  if (!propagateNan()) {
    noteDenormals();
    if (B.cls == INFINITE) quartersOfPi(A.cls == INFINITE ? (A.sign ? 3 : 1) : 2);
    else if (A.cls == INFINITE || B.cls == ZERO) quartersOfPi(A.sign ? 4 : 0);
    else if (A.cls == ZERO) quartersOfPi(2);
    else angle();
  }
  deliverAndPop();
}
function quartersOfPi(n: i64): void {
  if (n == 0) setResult(ZERO, B.sign, 0, 0);
  else piQuarters(n, B.sign);
}

/** R = infinity or zero, with the sign of the product of B and a number of the given sign. */
function infinity(sign: u32): void { setResult(INFINITE, B.sign ^ sign, 0, 0); }
function zero(sign: u32): void { setResult(ZERO, B.sign ^ sign, 0, 0); }

/** ST(1) * log2 ST(0) (SDM 2, table "FYL2X Results"). */
export function fyl2x(): void {
  if (!haveTwo()) return;
  if (!propagateNan()) {
    const isOne = A.cls == FINITE && A.exp == 0 && A.sig == ONE_SIG;
    const below1: u32 = A.cls == ZERO || (A.cls == FINITE && A.exp < 0) ? 1 : 0;
    if (A.sign && A.cls != ZERO) invalid();
    else if (A.cls == ZERO) logarithmOfZero();
    else if (B.cls == INFINITE) {
      if (isOne) invalid();
      else infinityNoting(below1);
    } else if (A.cls == INFINITE) {
      if (B.cls == ZERO) invalid();
      else infinityNoting(0);
    } else {
      noteDenormals();
      if (B.cls == ZERO || isOne) zero(below1);
      else timesLogarithm();
    }
  }
  deliverAndPop();
}
function logarithmOfZero(): void {
  if (B.cls == ZERO) return invalid();
  if (B.cls == FINITE) Op.flags |= ZE;
  infinity(1);
}
function infinityNoting(sign: u32): void {
  noteDenormals();
  infinity(sign);
}

/**
 * ST(1) * log2(ST(0) + 1) (SDM 2, table "FYL2XP1 Results"). Outside the manual's range: the logarithm as far as there is one, from -1 down the
 * operand.
 */
export function fyl2xp1(): void {
  if (!haveTwo()) return;
  if (!propagateNan()) {
    if (A.cls == INFINITE) {
      if (A.sign || B.cls == ZERO) invalid();
      else infinityNoting(0);
    } else if (B.cls == INFINITE) {
      if (A.cls == ZERO) invalid();
      else infinityNoting(A.sign);
    } else {
      noteDenormals();
      if (A.cls == ZERO || B.cls == ZERO) zero(A.sign);
      else if (A.sign && A.exp >= 0) inexact(A.exp);
      else timesLogarithmOf1Plus();
    }
  }
  deliverAndPop();
}
