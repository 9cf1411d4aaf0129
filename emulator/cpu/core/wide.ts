// Floating-point numbers with a 128-bit significand, for functions whose 64-bit results are to be rounded once from far more bits than they
// keep. A number is a record at an address: value = sign * (high:low) / 2^127 * 2^exp with bit 127 set; zero has high = 0. Results are
// truncated: an operation is off by at most two units of bit 0. Must not know: formats, registers, who asks.

import { mulHigh } from "./muldiv";

export const WIDE_SIZE: usize = 24;
const EXP: usize = 0, SIGN: usize = 4, HIGH: usize = 8, LOW: usize = 16;

export function wideExp(a: usize): i32 { return load<i32>(a, EXP); }
export function wideSign(a: usize): u32 { return load<u32>(a, SIGN); }
export function wideHigh(a: usize): u64 { return load<u64>(a, HIGH); }
export function wideLow(a: usize): u64 { return load<u64>(a, LOW); }

export function wideSet(d: usize, sign: u32, exp: i32, high: u64, low: u64): void {
  store<i32>(d, exp, EXP);
  store<u32>(d, sign, SIGN);
  store<u64>(d, high, HIGH);
  store<u64>(d, low, LOW);
}
export function wideCopy(d: usize, a: usize): void { memory.copy(d, a, WIDE_SIZE); }
export function wideNegate(a: usize): void { store<u32>(a, load<u32>(a, SIGN) ^ 1, SIGN); }

/** d = (high:low) / 2^127 * 2^exp for bits that may have leading zeros. */
export function wideNormalize(d: usize, sign: u32, exp: i32, high: u64, low: u64): void {
  if (high == 0) {
    if (low == 0) return wideSet(d, 0, 0, 0, 0);
    high = low;
    low = 0;
    exp -= 64;
  }
  const shift = clz(high);
  if (shift != 0) {
    high = (high << shift) | (low >> (64 - shift));
    low <<= shift;
  }
  wideSet(d, sign, exp - <i32>shift, high, low);
}

export function wideInteger(d: usize, value: i64): void {
  wideNormalize(d, u32(value < 0), 63, value < 0 ? 0 - <u64>value : <u64>value, 0);
}

/** d = a * b. */
export function wideMultiply(d: usize, a: usize, b: usize): void {
  const ah = wideHigh(a), al = wideLow(a), bh = wideHigh(b), bl = wideLow(b);
  if (ah == 0 || bh == 0) return wideSet(d, 0, 0, 0, 0);
  const cross = mulHigh(ah, bl);
  let middle = ah * bh + cross;
  let high = mulHigh(ah, bh) + u64(middle < cross);
  const other = mulHigh(al, bh);
  middle += other;
  high += u64(middle < other);
  wideNormalize(d, wideSign(a) ^ wideSign(b), wideExp(a) + wideExp(b) + 1, high, middle);
}

/** d = a + b. */
export function wideAdd(d: usize, a: usize, b: usize): void {
  if (wideHigh(b) == 0) return wideCopy(d, a);
  if (wideHigh(a) == 0) return wideCopy(d, b);
  if (isLess(a, b)) {
    const swap = a;
    a = b;
    b = swap;
  }
  const distance = <u32>(wideExp(a) - wideExp(b));
  if (distance > 127) return wideCopy(d, a);
  let high = wideHigh(b), low = wideLow(b);
  if (distance > 63) {
    low = high >> (distance - 64);
    high = 0;
  } else if (distance != 0) {
    low = (low >> distance) | (high << (64 - distance));
    high >>= distance;
  }
  if (wideSign(a) != wideSign(b)) return wideNormalize(d, wideSign(a), wideExp(a), wideHigh(a) - high - u64(wideLow(a) < low), wideLow(a) - low);
  const sumLow = wideLow(a) + low;
  const carry = u64(sumLow < low);
  const sumHigh = wideHigh(a) + high + carry;
  const over = sumHigh < high || (carry != 0 && sumHigh == high);
  if (over) wideSet(d, wideSign(a), wideExp(a) + 1, (sumHigh >> 1) | 0x8000000000000000, (sumLow >> 1) | (sumHigh << 63));
  else wideSet(d, wideSign(a), wideExp(a), sumHigh, sumLow);
}

/** |a| < |b|, neither zero. */
export function isLess(a: usize, b: usize): bool {
  if (wideExp(a) != wideExp(b)) return wideExp(a) < wideExp(b);
  if (wideHigh(a) != wideHigh(b)) return wideHigh(a) < wideHigh(b);
  return wideLow(a) < wideLow(b);
}

/** d = a / b, b not zero: restoring division, a bit a step. */
export function wideDivide(d: usize, a: usize, b: usize): void {
  if (wideHigh(a) == 0) return wideSet(d, 0, 0, 0, 0);
  const bh = wideHigh(b), bl = wideLow(b);
  let rh = wideHigh(a), rl = wideLow(a);
  let qh: u64 = 0, ql: u64 = 0;
  let carry: u64 = 0;
  for (let i = 0; i < 128; i++) {
    const fits = carry != 0 || rh > bh || (rh == bh && rl >= bl);
    if (fits) {
      rh = rh - bh - u64(rl < bl);
      rl -= bl;
    }
    qh = (qh << 1) | (ql >> 63);
    ql = (ql << 1) | u64(fits);
    carry = rh >> 63;
    rh = (rh << 1) | (rl >> 63);
    rl <<= 1;
  }
  wideNormalize(d, wideSign(a) ^ wideSign(b), wideExp(a) - wideExp(b), qh, ql);
}

/** d = sum of c[k * step] * x^k for k < count, with the coefficients c at `table`. d must not be x. */
export function widePolynomial(d: usize, x: usize, table: usize, step: usize, count: i32): void {
  let c = table + <usize>(count - 1) * step * WIDE_SIZE;
  wideCopy(d, c);
  for (let k = 1; k < count; k++) {
    c -= step * WIDE_SIZE;
    wideMultiply(d, d, x);
    wideAdd(d, d, c);
  }
}
