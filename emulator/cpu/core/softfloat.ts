// Exact binary floating point on unpacked numbers: the arithmetic under x87 and under the SSE cases that wasm's own f32/f64 cannot express
// (exception flags, directed rounding, denormals, NaN payloads). One arithmetic serves all formats: results are exact to 128 bits plus a
// sticky bit and are rounded once. Must not know: registers, instructions, which unit asks.

// Classes of an unpacked number.
export const ZERO: u32 = 0;
export const FINITE: u32 = 1;
export const INFINITE: u32 = 2;
export const QUIET: u32 = 3;
export const SIGNALING: u32 = 4;
/** An 80-bit encoding that the 80387 and later reject: unnormal, pseudo-infinity, pseudo-NaN (SDM 1 table 8-3). */
export const UNSUPPORTED: u32 = 5;

// Exception flags, as MXCSR and the x87 status word number them (SDM 1 figures 8-4 and 10-3).
export const IE: u32 = 1;
export const DE: u32 = 2;
export const ZE: u32 = 4;
export const OE: u32 = 8;
export const UE: u32 = 16;
export const PE: u32 = 32;

// Rounding control, as MXCSR.RC and the x87 control word number it.
export const NEAREST: u32 = 0;
export const DOWN: u32 = 1;
export const UP: u32 = 2;
export const CHOP: u32 = 3;

/** The significand of the default NaN ("real indefinite"), its integer bit explicit; its sign is set. */
export const INDEFINITE: u64 = 0xc000000000000000;

/** Operand A. A finite value is sig / 2^63 * 2^exp with bit 63 of sig set; NaNs keep their fraction left-justified under that bit. */
export class A {
  static cls: u32 = 0;
  static sign: u32 = 0;
  static exp: i32 = 0;
  static sig: u64 = 0;
  static denormal: bool = false;
}

/** Operand B. */
export class B {
  static cls: u32 = 0;
  static sign: u32 = 0;
  static exp: i32 = 0;
  static sig: u64 = 0;
  static denormal: bool = false;
}

/** The result, with 64 bits more in `low`, whose lowest bit is sticky. */
export class R {
  static cls: u32 = 0;
  static sign: u32 = 0;
  static exp: i32 = 0;
  static sig: u64 = 0;
  static low: u64 = 0;
}

/** The operation under way: its exceptions, its rounding control, whether its rounding went away from zero (x87's C1). */
export class Op {
  static flags: u32 = 0;
  static rounding: u32 = NEAREST;
  static roundedUp: bool = false;
}

/** Starts an operation: no flags, the given rounding control. */
export function begin(rounding: u32): void {
  Op.flags = 0;
  Op.roundedUp = false;
  Op.rounding = rounding;
}

export function setA(cls: u32, sign: u32, exp: i32, sig: u64, denormal: bool): void {
  A.cls = cls;
  A.sign = sign;
  A.exp = exp;
  A.sig = sig;
  A.denormal = denormal;
}

export function setB(cls: u32, sign: u32, exp: i32, sig: u64, denormal: bool): void {
  B.cls = cls;
  B.sign = sign;
  B.exp = exp;
  B.sig = sig;
  B.denormal = denormal;
}

export function setResult(cls: u32, sign: u32, exp: i32, sig: u64): void {
  R.cls = cls;
  R.sign = sign;
  R.exp = exp;
  R.sig = sig;
  R.low = 0;
}

/** Copies A (as it stands) to the result. */
export function resultFromA(): void {
  setResult(A.cls, A.sign, A.exp, A.sig);
}

export function resultFromB(): void {
  setResult(B.cls, B.sign, B.exp, B.sig);
}

export function swapOperands(): void {
  const cls = A.cls, sign = A.sign, exp = A.exp, sig = A.sig, denormal = A.denormal;
  setA(B.cls, B.sign, B.exp, B.sig, B.denormal);
  setB(cls, sign, exp, sig, denormal);
}

/** An invalid operation without a NaN operand: the default NaN. */
export function invalid(): void {
  Op.flags |= IE;
  setResult(QUIET, 1, 0, INDEFINITE);
}

/** #D is below #I and #Z in priority: it is raised only by operations that go through (SDM 1 4.9.2). */
// @ts-ignore: decorator
@inline function noteDenormals(): void {
  if (A.denormal || B.denormal) Op.flags |= DE;
}

/** R = A + B, no NaN among them. */
export function add(): void {
  if (A.cls == INFINITE || B.cls == INFINITE) return addInfinite();
  noteDenormals();
  if (A.cls == ZERO || B.cls == ZERO) return addZero();
  if (A.exp < B.exp || (A.exp == B.exp && A.sig < B.sig)) swapOperands();
  const distance = <u32>(A.exp - B.exp);
  // B, shifted into 128 bits below A's scale, with a sticky lowest bit.
  let high: u64, low: u64;
  if (distance == 0) {
    high = B.sig;
    low = 0;
  } else if (distance < 64) {
    high = B.sig >> distance;
    low = B.sig << (64 - distance);
  } else if (distance == 64) {
    high = 0;
    low = B.sig;
  } else if (distance < 128) {
    high = 0;
    low = (B.sig >> (distance - 64)) | u64(B.sig << (128 - distance) != 0);
  } else {
    high = 0;
    low = 1;
  }
  if (A.sign == B.sign) addMagnitudes(high, low);
  else subtractMagnitudes(high, low);
}

function addInfinite(): void {
  if (A.cls == INFINITE && B.cls == INFINITE && A.sign != B.sign) return invalid();
  noteDenormals();
  if (A.cls == INFINITE) resultFromA();
  else resultFromB();
}

function addZero(): void {
  if (A.cls != ZERO) return resultFromA();
  if (B.cls != ZERO) return resultFromB();
  setResult(ZERO, A.sign == B.sign ? A.sign : u32(Op.rounding == DOWN), 0, 0);
}

function addMagnitudes(high: u64, low: u64): void {
  const sum = A.sig + high;
  R.cls = FINITE;
  R.sign = A.sign;
  R.exp = A.exp;
  R.sig = sum;
  R.low = low;
  if (sum < high) {
    R.low = (sum << 63) | (low >> 1) | (low & 1);
    R.sig = (sum >> 1) | 0x8000000000000000;
    R.exp++;
  }
}

function subtractMagnitudes(high: u64, low: u64): void {
  const resultLow = 0 - low;
  const resultHigh = A.sig - high - u64(low != 0);
  if ((resultHigh | resultLow) == 0) return setResult(ZERO, u32(Op.rounding == DOWN), 0, 0);
  R.cls = FINITE;
  R.sign = A.sign;
  normalize(A.exp, resultHigh, resultLow);
}

/** Sets R's exponent and significand from 128 bits that may have leading zeros (not all zero). */
function normalize(exp: i32, high: u64, low: u64): void {
  if (high == 0) {
    high = low;
    low = 0;
    exp -= 64;
  }
  const shift = <i32>clz(high);
  if (shift != 0) {
    high = (high << shift) | (low >> (64 - shift));
    low <<= shift;
  }
  R.exp = exp - shift;
  R.sig = high;
  R.low = low;
}

/** R = A * B, no NaN among them. */
export function multiply(): void {
  const sign = A.sign ^ B.sign;
  if (A.cls == INFINITE || B.cls == INFINITE) {
    if (A.cls == ZERO || B.cls == ZERO) return invalid();
    noteDenormals();
    return setResult(INFINITE, sign, 0, 0);
  }
  noteDenormals();
  if (A.cls == ZERO || B.cls == ZERO) return setResult(ZERO, sign, 0, 0);
  R.cls = FINITE;
  R.sign = sign;
  multiplyWide(A.sig, B.sig);
  normalize(A.exp + B.exp + 1, wideHigh, wideLow);
}

let wideHigh: u64 = 0;
let wideLow: u64 = 0;

/** wideHigh:wideLow = x * y. */
function multiplyWide(x: u64, y: u64): void {
  const x0 = x & 0xffffffff, x1 = x >> 32;
  const y0 = y & 0xffffffff, y1 = y >> 32;
  const low = x0 * y0;
  const middle = x1 * y0 + (low >> 32);
  const middle2 = x0 * y1 + (middle & 0xffffffff);
  wideHigh = x1 * y1 + (middle >> 32) + (middle2 >> 32);
  wideLow = (middle2 << 32) | (low & 0xffffffff);
}

/** R = A / B, no NaN among them. */
export function divide(): void {
  const sign = A.sign ^ B.sign;
  if (A.cls == INFINITE) {
    if (B.cls == INFINITE) return invalid();
    noteDenormals();
    return setResult(INFINITE, sign, 0, 0);
  }
  if (B.cls == ZERO) {
    if (A.cls == ZERO) return invalid();
    Op.flags |= ZE;
    return setResult(INFINITE, sign, 0, 0);
  }
  noteDenormals();
  if (B.cls == INFINITE || A.cls == ZERO) return setResult(ZERO, sign, 0, 0);
  let remainder = A.sig;
  let exp = A.exp - B.exp;
  let carry: u64 = 0;
  if (remainder < B.sig) {
    carry = remainder >> 63;
    remainder <<= 1;
    exp--;
  }
  // Restoring division: 64 quotient bits and one guard bit, then sticky. The first quotient bit is always 1.
  let quotient: u64 = 0;
  for (let i = 0; i < 64; i++) {
    quotient <<= 1;
    if (carry != 0 || remainder >= B.sig) {
      remainder -= B.sig;
      quotient |= 1;
    }
    carry = remainder >> 63;
    remainder <<= 1;
  }
  const guard = u64(carry != 0 || remainder >= B.sig);
  if (guard != 0) remainder -= B.sig;
  R.cls = FINITE;
  R.sign = sign;
  R.exp = exp;
  R.sig = quotient;
  R.low = (guard << 63) | u64(remainder != 0);
}

/** R = square root of A, which is no NaN. */
export function squareRoot(): void {
  if (A.cls == ZERO) return resultFromA();
  if (A.sign != 0) return invalid();
  if (A.denormal) Op.flags |= DE;
  if (A.cls == INFINITE) return resultFromA();
  // sqrt(sig * 2^exp): make exp even; then the root of a value in [1, 4) by digits, two radicand bits for each root bit.
  const odd = <u32>(A.exp & 1);
  let radicandHigh: u64 = odd != 0 ? A.sig : A.sig >> 1;
  let radicandLow: u64 = odd != 0 ? 0 : A.sig << 63;
  let root: u64 = 0;
  let remainder: u64 = 0;
  let overflow: u64 = 0; // bits 64 and up of the remainder
  for (let i = 0; i < 64; i++) {
    overflow = (overflow << 2) | (remainder >> 62);
    remainder = (remainder << 2) | (radicandHigh >> 62);
    radicandHigh = (radicandHigh << 2) | (radicandLow >> 62);
    radicandLow <<= 2;
    // Trial subtrahend 4*root + 1, in 66 bits.
    const trialHigh = root >> 62;
    const trial = (root << 2) | 1;
    root <<= 1;
    if (overflow > trialHigh || (overflow == trialHigh && remainder >= trial)) {
      overflow -= trialHigh + u64(remainder < trial);
      remainder -= trial;
      root |= 1;
    }
  }
  R.cls = FINITE;
  R.sign = 0;
  R.exp = (A.exp - <i32>odd) >> 1;
  R.sig = root;
  // The next root bit (half a unit) is set when 4*remainder > 4*root + 1, that is when remainder > root.
  const guard = u64(overflow != 0 || remainder > root);
  R.low = (guard << 63) | u64((overflow | remainder) != 0);
}

// Outcomes of compare().
export const LESS: i32 = -1;
export const EQUAL: i32 = 0;
export const GREATER: i32 = 1;

/** Orders A and B, no NaN among them; raises #D for denormals. */
export function compare(): i32 {
  noteDenormals();
  if (A.cls == ZERO && B.cls == ZERO) return EQUAL;
  const a = A.cls == ZERO ? 0 : A.sign != 0 ? -1 : 1;
  const b = B.cls == ZERO ? 0 : B.sign != 0 ? -1 : 1;
  if (a != b) return a < b ? LESS : GREATER;
  const magnitude = compareMagnitudes();
  return a < 0 ? -magnitude : magnitude;
}

/** Orders |A| and |B|, both finite or infinite, not zero. */
export function compareMagnitudes(): i32 {
  if (A.cls == INFINITE || B.cls == INFINITE) return i32(A.cls == INFINITE) - i32(B.cls == INFINITE);
  if (A.exp != B.exp) return A.exp < B.exp ? LESS : GREATER;
  if (A.sig != B.sig) return A.sig < B.sig ? LESS : GREATER;
  return EQUAL;
}

/** True when a discarded fraction (its top bit worth a half, any other bits sticky) makes the kept magnitude go up by one. */
export function roundsUp(sign: u32, odd: bool, fraction: u64): bool {
  if (fraction == 0) return false;
  if (Op.rounding == NEAREST) return fraction > 0x8000000000000000 || (fraction == 0x8000000000000000 && odd);
  return Op.rounding == (sign != 0 ? DOWN : UP);
}

/** R = 64-bit integer magnitude with a sign; exact. */
export function fromInteger(magnitude: u64, sign: u32): void {
  if (magnitude == 0) return setResult(ZERO, 0, 0, 0);
  const shift = clz(magnitude);
  setResult(FINITE, sign, 63 - <i32>shift, magnitude << shift);
}
