// The formats of floating point: binary32, binary64, the x87's 80-bit extended and integers, to and from the unpacked numbers of
// softfloat.ts, with the one rounding of each operation. Must not know: registers, instructions, which unit asks.

import {
  A, DOWN, FINITE, IE, INFINITE, INDEFINITE, NEAREST, OE, Op, PE, QUIET, R, SIGNALING, UE, UNSUPPORTED, UP, ZERO, resultFromA, roundsUp,
  setA, setB, setResult,
} from "./softfloat";

/** Exponent adjustment of an x87 result whose overflow or underflow is unmasked (SDM 1 8.5.4). */
const WRAP: i32 = 24576;

// Which operand unpack*() fills.
export const TO_A: bool = false;
export const TO_B: bool = true;

// @ts-ignore: decorator
@inline function put(bank: bool, cls: u32, sign: u32, exp: i32, sig: u64, denormal: bool): void {
  if (bank) setB(cls, sign, exp, sig, denormal);
  else setA(cls, sign, exp, sig, denormal);
}

/** `daz`: denormals are zeros and raise nothing (MXCSR.DAZ). */
export function unpack32(bank: bool, bits: u32, daz: bool): void {
  const sign = bits >> 31;
  const field = (bits >> 23) & 0xff;
  const fraction = <u64>(bits & 0x7fffff) << 40;
  unpackIeee(bank, sign, field, 0xff, 127, fraction, daz);
}

export function unpack64(bank: bool, bits: u64, daz: bool): void {
  const sign = <u32>(bits >> 63);
  const field = <u32>(bits >> 52) & 0x7ff;
  const fraction = (bits & 0xfffffffffffff) << 11;
  unpackIeee(bank, sign, field, 0x7ff, 1023, fraction, daz);
}

function unpackIeee(bank: bool, sign: u32, field: u32, special: u32, bias: i32, fraction: u64, daz: bool): void {
  if (field == special) {
    if (fraction == 0) return put(bank, INFINITE, sign, 0, 0, false);
    const quiet = (fraction & 0x4000000000000000) != 0;
    return put(bank, quiet ? QUIET : SIGNALING, sign, 0, fraction | 0x8000000000000000, false);
  }
  if (field != 0) return put(bank, FINITE, sign, <i32>field - bias, fraction | 0x8000000000000000, false);
  if (fraction == 0 || daz) return put(bank, ZERO, sign, 0, 0, false);
  const shift = clz(fraction);
  put(bank, FINITE, sign, 1 - bias - <i32>shift, fraction << shift, true);
}

/** `head` is sign and exponent (bits 79:64), `sig` the explicit significand. */
export function unpack80(bank: bool, head: u32, sig: u64): void {
  const sign = (head >> 15) & 1;
  const field = head & 0x7fff;
  if (field == 0) {
    if (sig == 0) return put(bank, ZERO, sign, 0, 0, false);
    const shift = clz(sig);
    return put(bank, FINITE, sign, -16382 - <i32>shift, sig << shift, true);
  }
  if (<i64>sig >= 0) return put(bank, UNSUPPORTED, sign, 0, sig, false);
  if (field != 0x7fff) return put(bank, FINITE, sign, <i32>field - 16383, sig, false);
  if (sig << 1 == 0) return put(bank, INFINITE, sign, 0, 0, false);
  put(bank, (sig & 0x4000000000000000) != 0 ? QUIET : SIGNALING, sign, 0, sig, false);
}

/**
 * Rounds R to `precision` significand bits and the exponent range [minExp, maxExp]. `unmasked` holds the exceptions that are not masked:
 * their results are wrapped as the x87 does (SSE throws such a result away); `flush` is MXCSR.FTZ. A denormal result has exponent minExp
 * and bit 63 of its significand clear.
 */
export function round(precision: u32, minExp: i32, maxExp: i32, unmasked: u32, flush: bool): void {
  if (R.cls != FINITE) return;
  if (R.exp < minExp) return roundTiny(precision, minExp, unmasked, flush);
  roundAt(precision);
  if (R.exp > maxExp) overflow(precision, maxExp, unmasked);
}

/** The bits of R below `precision` bits of significand: top bit a half of the last kept unit, the lowest bit sticky. */
// @ts-ignore: decorator
@inline function discarded(precision: u32): u64 {
  if (precision == 64) return R.low;
  return (R.sig << precision) | (R.low >> (64 - precision)) | u64(R.low << precision != 0);
}

// @ts-ignore: decorator
@inline function setMagnitude(exp: i32, sig: u64, low: u64): void {
  R.exp = exp;
  R.sig = sig;
  R.low = low;
}

function roundAt(precision: u32): void {
  const fraction = discarded(precision);
  const unit = <u64>1 << (64 - precision);
  let sig = R.sig & (0 - unit);
  let exp = R.exp;
  if (fraction != 0) {
    Op.flags |= PE;
    Op.roundedUp = roundsUp(R.sign, (R.sig & unit) != 0, fraction);
    if (Op.roundedUp) {
      sig += unit;
      if (sig == 0) {
        sig = 0x8000000000000000;
        exp++;
      }
    }
  }
  setMagnitude(exp, sig, 0);
}

/** x86 detects tininess after rounding, as if the exponent were unbounded (SDM 1 4.9.1.5). */
function isTiny(precision: u32, minExp: i32): bool {
  if (R.exp < minExp - 1) return true;
  const unit = <u64>1 << (64 - precision);
  const allOnes = (R.sig | (unit - 1)) == 0xffffffffffffffff;
  return !(allOnes && roundsUp(R.sign, true, discarded(precision)));
}

function roundTiny(precision: u32, minExp: i32, unmasked: u32, flush: bool): void {
  const tiny = isTiny(precision, minExp);
  if (tiny && (unmasked & UE) != 0) {
    Op.flags |= UE;
    roundAt(precision);
    R.exp += WRAP;
    if (R.exp < minExp) vanish();
    return;
  }
  if (tiny && flush) {
    Op.flags |= UE | PE;
    return setResult(ZERO, R.sign, 0, 0);
  }
  denormalize(minExp - R.exp);
  R.exp = minExp;
  if (tiny && discarded(precision) != 0) Op.flags |= UE;
  roundAt(precision);
  if (R.sig == 0) R.cls = ZERO;
}

/** FSCALE can go so far below the range that even a wrapped result does not fit: zero, inexact. */
function vanish(): void {
  Op.flags |= PE;
  setResult(ZERO, R.sign, 0, 0);
}

/** Shifts R's 128 bits right by at least 1, gathering what falls out in the sticky bit. */
function denormalize(shift: u64): void {
  const high = R.sig, low = R.low;
  if (shift < 64) setMagnitude(0, high >> shift, (high << (64 - shift)) | (low >> shift) | u64(low << (64 - shift) != 0));
  else if (shift == 64) setMagnitude(0, 0, high | u64(low != 0));
  else if (shift < 128) setMagnitude(0, 0, (high >> (shift - 64)) | u64((high << (128 - shift) | low) != 0));
  else setMagnitude(0, 0, 1);
}

function overflow(precision: u32, maxExp: i32, unmasked: u32): void {
  Op.flags |= OE;
  if ((unmasked & OE) != 0 && R.exp - WRAP <= maxExp) {
    R.exp -= WRAP;
    return;
  }
  Op.flags |= PE;
  const infinite = (unmasked & OE) != 0 || Op.rounding == NEAREST || Op.rounding == (R.sign != 0 ? DOWN : UP);
  Op.roundedUp = infinite;
  if (infinite) return setResult(INFINITE, R.sign, 0, 0);
  setMagnitude(maxExp, 0 - (<u64>1 << (64 - precision)), 0);
}

/** Rounds R to binary32; `flush` and `unmasked` as for round(). */
export function pack32(unmasked: u32, flush: bool): u32 {
  round(24, -126, 127, unmasked, flush);
  const sign = R.sign << 31;
  if (R.cls == ZERO) return sign;
  if (R.cls == INFINITE) return sign | 0x7f800000;
  const fraction = <u32>(R.sig >> 40) & 0x7fffff;
  if (R.cls != FINITE) return sign | 0x7fc00000 | fraction;
  return <i64>R.sig < 0 ? sign | (<u32>(R.exp + 127) << 23) | fraction : sign | fraction;
}

export function pack64(unmasked: u32, flush: bool): u64 {
  round(53, -1022, 1023, unmasked, flush);
  const sign = <u64>R.sign << 63;
  if (R.cls == ZERO) return sign;
  if (R.cls == INFINITE) return sign | 0x7ff0000000000000;
  const fraction = (R.sig >> 11) & 0xfffffffffffff;
  if (R.cls != FINITE) return sign | 0x7ff8000000000000 | fraction;
  return <i64>R.sig < 0 ? sign | (<u64>(R.exp + 1023) << 52) | fraction : sign | fraction;
}

/** Rounds R to the 80-bit format at 24, 53 or 64 bits; bits 79:64 are returned, the significand stays in R.sig. */
export function pack80(precision: u32, unmasked: u32): u32 {
  round(precision, -16382, 16383, unmasked, false);
  const sign = R.sign << 15;
  if (R.cls == ZERO) {
    R.sig = 0;
    return sign;
  }
  if (R.cls == FINITE) return sign | (<i64>R.sig < 0 ? (R.exp + 16383) & 0x7fff : 0);
  R.sig = R.cls == INFINITE ? 0x8000000000000000 : R.sig | INDEFINITE;
  return sign | 0x7fff;
}

/**
 * Rounds A to an integer in Op.rounding and returns it when it lies in the signed range of `bits` (16, 32 or 64); otherwise, and for
 * infinities and NaNs, raises #I and returns the integer indefinite (the most negative value).
 */
export function toInteger(bits: u32): i64 {
  const indefinite = <i64>0x8000000000000000 >> (64 - bits);
  if (A.cls == ZERO) return 0;
  if (A.cls != FINITE || A.exp > 63) return refuseInteger(indefinite);
  roundToIntegral();
  if (R.cls == ZERO) return 0;
  if (R.exp > 63) return refuseInteger(indefinite);
  const magnitude = R.sig >> (63 - R.exp);
  const limit = <u64>1 << (bits - 1);
  if (magnitude > limit || (magnitude == limit && A.sign == 0)) return refuseInteger(indefinite);
  return A.sign != 0 ? 0 - <i64>magnitude : <i64>magnitude;
}

function refuseInteger(indefinite: i64): i64 {
  Op.flags = (Op.flags & ~PE) | IE;
  Op.roundedUp = false;
  return indefinite;
}

/** R = A (finite) rounded to an integral value in Op.rounding; raises #P when that changes it. */
export function roundToIntegral(): void {
  resultFromA();
  if (A.cls != FINITE || A.exp >= 63) return;
  if (A.exp >= 0) return roundAt(A.exp + 1);
  // Below 1: the whole significand is fraction; half or more only at exponent -1.
  const fraction = A.exp == -1 ? A.sig : 1;
  Op.flags |= PE;
  Op.roundedUp = roundsUp(A.sign, false, fraction);
  if (Op.roundedUp) setResult(FINITE, A.sign, 0, 0x8000000000000000);
  else setResult(ZERO, A.sign, 0, 0);
}
