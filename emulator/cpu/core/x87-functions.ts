// Sine, cosine, tangent, arc tangent, 2^x - 1 and logarithms of unpacked numbers to about 115 bits, by series over wide.ts. They leave R with
// its sticky bit set: results are never exact but for operands that the caller has dealt with. Must not know: the register stack, special operands.

import { A, B, FINITE, NEAREST, Op, PE, R, UE } from "./softfloat";
import {
  WIDE_SIZE, isLess, wideAdd, wideCopy, wideDivide, wideExp, wideHigh, wideInteger, wideLow, wideMultiply, wideNegate, wideNormalize, widePolynomial,
  wideSet, wideSign,
} from "./wide";

const T = memory.data(24, 8), U = memory.data(24, 8), V = memory.data(24, 8), SQUARE = memory.data(24, 8);
const SINE = memory.data(24, 8), COSINE = memory.data(24, 8);
const ONE = memory.data(24, 8), PI = memory.data(24, 8), HALF_PI = memory.data(24, 8), LN2 = memory.data(24, 8), TWO_LOG2E = memory.data(24, 8);

/** 1/n! for n = 0 to 28, 1/(2n+1) for n = 0 to 21, arc tangents of 0/8 to 8/8. */
const INVERSE_FACTORIALS = memory.data(29 * 24, 8);
const INVERSE_ODDS = memory.data(22 * 24, 8);
const ARC_TANGENTS = memory.data(9 * 24, 8);

let ready: bool = false;

function arcTangentOfEighths(k: usize, exp: i32, high: u64, low: u64): void { wideSet(ARC_TANGENTS + k * WIDE_SIZE, 0, exp, high, low); }

function prepare(): void {
  if (ready) return;
  ready = true;
  wideInteger(ONE, 1);
  wideSet(PI, 0, 1, 0xc90fdaa22168c234, 0xc4c6628b80dc1cd1);
  wideSet(HALF_PI, 0, 0, 0xc90fdaa22168c234, 0xc4c6628b80dc1cd1);
  wideSet(LN2, 0, -1, 0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af);
  wideSet(TWO_LOG2E, 0, 1, 0xb8aa3b295c17f0bb, 0xbe87fed0691d3e89);
  arcTangentOfEighths(1, -4, 0xfeadd4d5617b6e32, 0xc897989f3e888ef8);
  arcTangentOfEighths(2, -3, 0xfadbafc96406eb15, 0x6dc79ef5f7a217e6);
  arcTangentOfEighths(3, -2, 0xb7b0ca0f26f78473, 0x8aa32122dcfe4483);
  arcTangentOfEighths(4, -2, 0xed63382b0dda7b45, 0x6fe445ecbc3a8d03);
  arcTangentOfEighths(5, -1, 0x8f005d5ef7f59f9b, 0x5c835e1665c43748);
  arcTangentOfEighths(6, -1, 0xa4bc7d1934f70924, 0x19a87f2a457dac9f);
  arcTangentOfEighths(7, -1, 0xb8053e2bc2319e73, 0xcb2da55210a4443d);
  arcTangentOfEighths(8, -1, 0xc90fdaa22168c234, 0xc4c6628b80dc1cd1);
  wideCopy(INVERSE_FACTORIALS, ONE);
  for (let n = 1; n < 29; n++) {
    wideInteger(T, n);
    wideDivide(INVERSE_FACTORIALS + <usize>n * WIDE_SIZE, INVERSE_FACTORIALS + <usize>(n - 1) * WIDE_SIZE, T);
  }
  for (let n = 0; n < 22; n++) {
    wideInteger(T, 2 * n + 1);
    wideDivide(INVERSE_ODDS + <usize>n * WIDE_SIZE, ONE, T);
  }
}

/** d = the alternating series of step 1 or 2 in T^2, which is below 1 however small T is: a directed rounding sees that. */
function alternating(d: usize, table: usize, step: usize, count: i32): void {
  wideMultiply(SQUARE, T, T);
  wideNegate(SQUARE);
  widePolynomial(d, SQUARE, table, step, count);
  if (wideExp(d) == 0) wideSet(d, 0, -1, ~0, ~0);
}

function resultFrom(a: usize): void {
  R.cls = FINITE;
  R.sign = wideSign(a);
  R.exp = wideExp(a);
  R.sig = wideHigh(a);
  R.low = wideLow(a) | 1;
}

// ---- FSIN, FCOS, FPTAN ----

/**
 * Pi to 66 bits, times 2^64: what x87 trigonometric functions reduce their operand by (SDM 1 8.3.8), so that near multiples of pi they are
 * off in a way that programs have come to know.
 */
const PI66_HIGH: u64 = 3, PI66_LOW: u64 = 0x243f6a8885a308d3;

let quadrant: u32 = 0;

/** T = |A| minus a multiple of pi/2, in [-pi/4, pi/4]; `quadrant` = that multiple modulo 4. A is finite and below 2^63. */
function reduce(): void {
  quadrant = 0;
  if (A.exp < -1) return wideSet(T, 0, A.exp, A.sig, 0);
  // In units of 2^-65, of which pi/2 is a whole number: sig * 2^(exp + 2) by long division.
  let high: u64 = 0, low: u64 = 0;
  for (let i = 0; i < 66 + A.exp; i++) {
    high = (high << 1) | (low >> 63);
    low = (low << 1) | (i < 64 ? (A.sig >> (63 - <u64>i)) & 1 : 0);
    quadrant <<= 1;
    if (high > PI66_HIGH || (high == PI66_HIGH && low >= PI66_LOW)) {
      high = high - PI66_HIGH - u64(low < PI66_LOW);
      low -= PI66_LOW;
      quadrant |= 1;
    }
  }
  let sign: u32 = 0;
  // Past pi/4, which is 0x1.92...: count from the next multiple.
  if (high > 1 || (high == 1 && low > 0x921fb54442d18469)) {
    high = PI66_HIGH - high - u64(PI66_LOW < low);
    low = PI66_LOW - low;
    sign = 1;
    quadrant++;
  }
  wideNormalize(T, sign, 62, high, low);
}

/** SINE and COSINE of |A|. */
function sineAndCosine(): void {
  prepare();
  reduce();
  alternating(U, INVERSE_FACTORIALS + WIDE_SIZE, 2, 14);
  wideMultiply(U, U, T);
  alternating(V, INVERSE_FACTORIALS, 2, 15);
  wideCopy(SINE, quadrant & 1 ? V : U);
  wideCopy(COSINE, quadrant & 1 ? U : V);
  if (quadrant & 2) wideNegate(SINE);
  if ((quadrant + 1) & 2) wideNegate(COSINE);
}

/** R = sin A, and what cosineToo() gives then. */
export function sine(): void {
  sineAndCosine();
  if (A.sign) wideNegate(SINE);
  resultFrom(SINE);
}
export function cosine(): void {
  sineAndCosine();
  resultFrom(COSINE);
}
/** After sine(): R = cos of the same operand. */
export function cosineToo(): void { resultFrom(COSINE); }
export function tangent(): void {
  sineAndCosine();
  // A small operand's tangent is above it by less than the quotient shows.
  if (A.exp < -60) wideSet(T, 0, A.exp, A.sig, 0);
  else wideDivide(T, SINE, COSINE);
  if (A.sign) wideNegate(T);
  resultFrom(T);
}

// ---- FPATAN ----

/** U = arc tangent of T in [0, 1]: from the next eighth below or above. */
function arcTangent(): void {
  const exp = wideExp(T);
  const eighths: u64 = exp < -4 ? 0 : ((wideHigh(T) >> (<u64>(59 - exp))) + 1) >> 1;
  if (eighths != 0) {
    // (T - k/8) / (1 + T k/8)
    wideInteger(V, <i64>eighths);
    store<i32>(V, wideExp(V) - 3);
    wideMultiply(U, T, V);
    wideAdd(U, U, ONE);
    wideNegate(V);
    wideAdd(T, T, V);
    wideDivide(T, T, U);
  }
  alternating(U, INVERSE_ODDS, 1, 15);
  wideMultiply(U, U, T);
  if (eighths != 0) wideAdd(U, U, ARC_TANGENTS + <usize>eighths * WIDE_SIZE);
}

/** R = angle of the point (A, B), both finite and not zero, in (-pi, pi). */
export function angle(): void {
  prepare();
  wideSet(SINE, 0, B.exp, B.sig, 0);
  wideSet(COSINE, 0, A.exp, A.sig, 0);
  const steep = isLess(COSINE, SINE);
  if (steep) wideDivide(T, COSINE, SINE);
  else wideDivide(T, SINE, COSINE);
  arcTangent();
  if (steep) {
    wideNegate(U);
    wideAdd(U, U, HALF_PI);
  }
  if (A.sign) {
    wideNegate(U);
    wideAdd(U, U, PI);
  }
  resultFrom(U);
  R.sign = B.sign;
}
/** R = n * pi/4 with the given sign. */
export function piQuarters(n: i64, sign: u32): void {
  prepare();
  wideInteger(T, n);
  wideMultiply(T, T, PI);
  resultFrom(T);
  R.exp -= 2;
  R.sign = sign;
}

// ---- F2XM1, FYL2X, FYL2XP1 ----

/** R = 2^A - 1 for |A| <= 1. */
export function powerLess1(): void {
  prepare();
  wideSet(T, A.sign, A.exp, A.sig, 0);
  wideMultiply(T, T, LN2);
  widePolynomial(U, T, INVERSE_FACTORIALS + WIDE_SIZE, 1, 28);
  wideMultiply(U, U, T);
  resultFrom(U);
}

/** U = 2 log2(e) artanh(T) for |T| < 0.172: the logarithm to base 2 of (1 + T) / (1 - T). */
function logarithmOfRatio(): void {
  wideMultiply(SQUARE, T, T);
  widePolynomial(U, SQUARE, INVERSE_ODDS, 1, 22);
  wideMultiply(U, U, T);
  wideMultiply(U, U, TWO_LOG2E);
}

/** U = log2 of T, which is positive. */
function logarithm(): void {
  let exp = wideExp(T);
  // The significand in [sqrt(1/2), sqrt 2).
  if (wideHigh(T) > 0xb504f333f9de6484) exp++;
  wideSet(T, 0, wideExp(T) - exp, wideHigh(T), wideLow(T));
  wideAdd(V, T, ONE);
  wideNegate(ONE);
  wideAdd(T, T, ONE);
  wideNegate(ONE);
  wideDivide(T, T, V);
  logarithmOfRatio();
  wideInteger(V, exp);
  wideAdd(U, U, V);
}

/** U = R = B * U. */
function timesB(): void {
  wideSet(V, B.sign, B.exp, B.sig, 0);
  wideMultiply(U, U, V);
  resultFrom(U);
}

/** R = B * log2 A, both finite and not zero, A positive and not 1. For a power of 2 it is exact, and counts as inexact all the same. */
export function timesLogarithm(): void {
  prepare();
  wideSet(T, 0, A.exp, A.sig, 0);
  logarithm();
  timesB();
  if (A.sig != 0x8000000000000000 || Op.rounding == NEAREST) return;
  R.low = wideLow(U);
  Op.flags |= R.exp < -16382 ? PE | UE : PE;
}

/** R = B * log2(A + 1), both finite and not zero, A above -1. */
export function timesLogarithmOf1Plus(): void {
  prepare();
  wideSet(T, A.sign, A.exp, A.sig, 0);
  if (A.exp < -2) {
    // A / (2 + A): 1 + A would lose the low bits of a small A.
    wideInteger(V, 2);
    wideAdd(V, V, T);
    wideDivide(T, T, V);
    logarithmOfRatio();
  } else {
    wideAdd(T, T, ONE);
    logarithm();
  }
  timesB();
}
