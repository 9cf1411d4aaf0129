// x87 loads, stores, constants, exchanges: values between the register stack and the formats of memory (SDM 1 8.2).
// Must not know: decoding, guest memory. A store has three steps, so that a page fault changes nothing: prepare (value into Out),
// the caller's write, complete.

import { A, DE, FINITE, IE, INDEFINITE, OE, Op, PE, QUIET, R, SIGNALING, UE, ZERO, fromInteger, resultFromA } from "./softfloat";
import { TO_A, pack32, pack64, pack80, roundToIntegral, toInteger, unpack32, unpack64 } from "./softfloat-formats";
import {
  C1, isEmpty, pop, propagateOneNan, push, pushIndefinite, setSt, setStatus, settle, st, stackFault, start, status, unmasked, unpackSt,
} from "./x87-state";

/** True when ST(7) is free to become the new top; otherwise the overflow is entered and, masked, the indefinite pushed. */
function room(): bool {
  if (isEmpty(7)) return true;
  if (stackFault(true)) pushIndefinite();
  return false;
}

function pushA(): void {
  if (A.cls == SIGNALING) Op.flags |= IE;
  if (A.denormal) Op.flags |= DE;
  resultFromA();
  const head = pack80(64, 0);
  // An unmasked #D is reported, but the value is loaded all the same.
  const sig = R.sig;
  if (settle() || (status() & unmasked() & IE) == 0) push(head, sig);
}

export function fldFloat32(bits: u32): void {
  if (!room()) return;
  start();
  unpack32(TO_A, bits, false);
  pushA();
}

export function fldFloat64(bits: u64): void {
  if (!room()) return;
  start();
  unpack64(TO_A, bits, false);
  pushA();
}

/** FLD m80 copies bits: no exception but the stack's. */
export function fldExtended(head: u32, sig: u64): void {
  if (!room()) return;
  setStatus(status() & ~C1);
  push(head, sig);
}

export function fildInteger(value: i64): void {
  if (!room()) return;
  setStatus(status() & ~C1);
  fromInteger(value < 0 ? 0 - <u64>value : <u64>value, u32(value < 0));
  const head = pack80(64, 0);
  push(head, R.sig);
}

/** FBLD: 18 binary-coded digits in `low` and the low byte of `high`, the sign in its bit 15. */
export function fbld(low: u64, high: u32): void {
  if (!room()) return;
  setStatus(status() & ~C1);
  let magnitude: u64 = (high >> 4 & 15) * 10 + (high & 15);
  for (let shift: u64 = 64; shift > 0; ) {
    shift -= 4;
    magnitude = magnitude * 10 + ((low >> shift) & 15);
  }
  const sign = (high >> 15) & 1;
  fromInteger(magnitude, sign);
  const head = pack80(64, 0);
  push(magnitude == 0 ? sign << 15 : head, R.sig);
}

/** FLD ST(i). */
export function fldRegister(i: u32): void {
  if (isEmpty(i)) {
    if (stackFault(false)) pushIndefinite();
    return;
  }
  if (!room()) return;
  setStatus(status() & ~C1);
  push(load<u16>(st(i), 8), load<u64>(st(i)));
}

/** FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ (numbered 0-6): the exact constants, rounded as the control word says (SDM 1 8.3.8). */
export function fldConstant(which: u32): void {
  if (!room()) return;
  setStatus(status() & ~C1);
  start();
  switch (which) {
    case 0: return push(0x3fff, 0x8000000000000000);
    case 1: return push(0x4000, 0xd49a784bcd1b8afe + u64(Op.rounding == 2));
    case 2: return push(0x3fff, 0xb8aa3b295c17f0bc - u64(Op.rounding == 1 || Op.rounding == 3));
    case 3: return push(0x4000, 0xc90fdaa22168c235 - u64(Op.rounding == 1 || Op.rounding == 3));
    case 4: return push(0x3ffd, 0x9a209a84fbcff799 - u64(Op.rounding == 1 || Op.rounding == 3));
    case 5: return push(0x3ffe, 0xb17217f7d1cf79ac - u64(Op.rounding == 1 || Op.rounding == 3));
    default: return push(0, 0);
  }
}

/** A store on its way to memory: up to 80 bits, and whether ST(0) was empty. */
export class Out {
  static low: u64 = 0;
  static high: u32 = 0;
  static empty: bool = false;
}

/** Starts a store: A = ST(0); an empty ST(0) stands for the default NaN. Returns false when an unmasked stack fault forbids the store. */
function take(): bool {
  start();
  Out.empty = isEmpty(0);
  if (!Out.empty) {
    unpackSt(TO_A, 0);
    return true;
  }
  A.cls = QUIET;
  A.sign = 1;
  A.sig = INDEFINITE;
  return (unmasked() & IE) == 0;
}

/** True when the value prepared is to be written: no unmasked #I, #O or #U (a memory destination stays untouched then). */
function writable(): bool {
  return (Op.flags & unmasked() & (IE | OE | UE)) == 0;
}

export function prepareFloat32(): bool {
  if (!take()) return false;
  if (!propagateOneNan()) resultFromA();
  Out.low = pack32(unmasked(), false);
  return writable();
}

export function prepareFloat64(): bool {
  if (!take()) return false;
  if (!propagateOneNan()) resultFromA();
  Out.low = pack64(unmasked(), false);
  return writable();
}

/** FSTP m80 copies bits. */
export function prepareExtended(): bool {
  if (!take()) return false;
  Out.low = Out.empty ? INDEFINITE : load<u64>(st(0));
  Out.high = Out.empty ? 0xffff : load<u16>(st(0), 8);
  return true;
}

/** FIST, FISTP, FISTTP to 16, 32 or 64 bits; an empty ST(0) gives the integer indefinite. */
export function prepareInteger(bits: u32, truncate: bool): bool {
  if (!take()) return false;
  if (truncate) Op.rounding = 3;
  Out.low = <u64>toInteger(bits);
  return writable();
}

/** FBSTP: 18 digits; anything larger, and NaNs, give the packed BCD indefinite. */
export function prepareBcd(): bool {
  if (!take()) return false;
  let magnitude: u64 = 0;
  let valid = A.cls <= FINITE;
  if (A.cls == FINITE) {
    if (A.exp > 62) valid = false;
    else {
      roundToIntegral();
      magnitude = R.cls == ZERO ? 0 : R.sig >> (63 - R.exp);
      valid = magnitude <= 999999999999999999;
    }
  }
  if (valid) {
    Out.low = 0;
    for (let shift: u64 = 0; shift < 64; shift += 4) {
      Out.low |= (magnitude % 10) << shift;
      magnitude /= 10;
    }
    Out.high = <u32>(magnitude % 10) | (<u32>(magnitude / 10) << 4) | (A.sign << 15);
  } else {
    Op.flags = IE;
    Op.roundedUp = false;
    Out.low = 0xc000000000000000;
    Out.high = 0xffff;
  }
  return writable();
}

/** Enters the exceptions of a store whose value has been written, or was refused by prepare*(); pops when the store went through. */
export function completeStore(thenPop: bool): void {
  if (Out.empty) {
    if (!stackFault(false)) return;
  } else {
    const refused = Op.flags & unmasked() & (IE | OE | UE);
    // A result that is not delivered is not inexact either.
    if (refused) Op.flags &= ~PE;
    if (!settle() || refused) return;
  }
  if (thenPop) pop();
}

/** FST ST(i), FSTP ST(i). */
export function fstRegister(i: u32, thenPop: bool): void {
  if (isEmpty(0)) {
    if (!stackFault(false)) return;
    setSt(i, 0xffff, INDEFINITE);
  } else {
    setStatus(status() & ~C1);
    setSt(i, load<u16>(st(0), 8), load<u64>(st(0)));
  }
  if (thenPop) pop();
}

/** FSTPNCE (D9 D8+i, undocumented): FSTP that does nothing but pop when ST(0) is empty. */
export function fstpUnchecked(i: u32): void {
  setStatus(status() & ~C1);
  if (!isEmpty(0)) setSt(i, load<u16>(st(0), 8), load<u64>(st(0)));
  pop();
}

export function fxch(i: u32): void {
  if (isEmpty(0) || isEmpty(i)) {
    if (!stackFault(false)) return;
    if (isEmpty(0)) setSt(0, 0xffff, INDEFINITE);
    if (isEmpty(i)) setSt(i, 0xffff, INDEFINITE);
  } else {
    setStatus(status() & ~C1);
  }
  const head = load<u16>(st(0), 8), sig = load<u64>(st(0));
  setSt(0, load<u16>(st(i), 8), load<u64>(st(i)));
  setSt(i, head, sig);
}

/** FCMOVcc: the condition is the caller's. */
export function fcmov(i: u32, condition: bool): void {
  if (isEmpty(0) || isEmpty(i)) {
    if (stackFault(false)) setSt(0, 0xffff, INDEFINITE);
    return;
  }
  if (condition) setSt(0, load<u16>(st(i), 8), load<u64>(st(i)));
}
