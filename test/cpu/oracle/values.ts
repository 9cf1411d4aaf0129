// Random operands written straight into records, in the same taste as Random's BigInts (random.ts) but without them: for millions of cases.
import type { Random } from "./random.ts";

const POWERS = [0, 7, 8, 15, 16, 31, 32, 63];

/** 64 bits, little-endian. */
function put64(view: DataView, at: number, high: number, low: number): void {
  view.setUint32(at, low >>> 0, true);
  view.setUint32(at + 4, high >>> 0, true);
}

export function putRandom(view: DataView, at: number, random: Random): void {
  put64(view, at, random.next(), random.next());
}

/** Random bits, a boundary of some size, a small number, or a sign-extended one. */
export function putInteger(view: DataView, at: number, random: Random): void {
  const kind = random.next() & 3;
  const low = random.next();
  if (kind === 0) putBoundary(view, at, random);
  else if (kind === 1) put64(view, at, 0, low % 130);
  else if (kind === 2) put64(view, at, (low | 0) >> 31, low);
  else put64(view, at, random.next(), low);
}

/** 2^n, one less, one more. */
function putBoundary(view: DataView, at: number, random: Random): void {
  const power = random.pick(POWERS);
  const offset = random.below(3) - 1;
  const high = power > 31 ? 2 ** (power - 32) : 0;
  const low = (power > 31 ? 0 : 2 ** power) + offset;
  put64(view, at, low < 0 ? high - 1 : high, low);
}

/** A fraction in 64 bits, left-justified: zero, ones, one bit, few bits, random. */
function putFraction(view: DataView, at: number, random: Random): void {
  const kind = random.below(6);
  const bit = random.next() & 63;
  if (kind === 0) put64(view, at, 0, 0);
  else if (kind === 1) put64(view, at, ~0, ~0);
  else if (kind === 2) put64(view, at, bit > 31 ? 1 << (bit & 31) : 0, bit > 31 ? 0 : 1 << bit);
  else put64(view, at, random.next(), kind === 3 ? 0 : random.next());
}

/** An exponent of a format: the ends, the middle, or any. */
function exponent(random: Random, special: number, spread: number): number {
  const bias = special >>> 1;
  switch (random.below(11)) {
    case 0:
    case 1:
      return 0;
    case 2:
      return 1 + random.below(2);
    case 3:
      return special;
    case 4:
      return special - 1;
    case 5:
      return bias;
    case 6:
      return bias + random.below(spread);
    case 7:
      return bias - random.below(spread);
    default:
      return random.next() & special;
  }
}

export function putDouble(view: DataView, at: number, random: Random): void {
  putFraction(view, at, random);
  const high = view.getUint32(at + 4, true);
  const head = ((random.next() & 1) << 11) | exponent(random, 0x7ff, 60);
  view.setUint32(at + 4, ((head << 20) | (high >>> 12)) >>> 0, true);
}

export function putSingle(view: DataView, at: number, random: Random): void {
  const ends = [0, 0x7fffff, 1 << random.below(23), random.next() & 0x7ff000];
  const kind = random.below(6);
  const fraction = kind < 4 ? ends[kind]! : random.next() & 0x7fffff;
  const head = ((random.next() & 1) << 8) | exponent(random, 0xff, 30);
  view.setUint32(at, ((head << 23) | fraction) >>> 0, true);
}

/** Ten bytes; at times one of the encodings that the 80387 rejects. */
export function putExtended(view: DataView, at: number, random: Random): void {
  putFraction(view, at, random);
  const field = exponent(random, 0x7fff, 70);
  view.setUint16(at + 8, ((random.next() & 1) << 15) | field, true);
  const integerBit = (field !== 0) !== random.chance(24);
  const high = view.getUint32(at + 4, true) & 0x7fffffff;
  view.setUint32(at + 4, (integerBit ? high | 0x80000000 : high) >>> 0, true);
}

/** Eighteen digits and a sign, ten bytes. */
export function putBcd(view: DataView, at: number, random: Random): void {
  for (let i = 0; i < 9; i++) view.setUint8(at + i, (random.below(10) << 4) | random.below(10));
  view.setUint8(at + 9, random.below(2) << 7);
}
