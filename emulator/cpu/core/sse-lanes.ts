// What each packed-integer operation does to two 128-bit values: SSE2's table and, on the low 64 bits, MMX's. Values in, value out.
// Must not know: registers, memory, decoding. Most are one wasm SIMD instruction; the names are the manual's (SDM 2).

/** Unpacking: the low or high halves of both, interleaved, a first. */
export function punpcklbw(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
export function punpcklwd(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
export function punpckldq(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}
export function punpcklqdq(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 2);
}
export function punpckhbw(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
export function punpckhwd(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
export function punpckhdq(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}
export function punpckhqdq(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 1, 3);
}

/** Packing with saturation. */
export function packsswb(a: v128, b: v128): v128 {
  return i8x16.narrow_i16x8_s(a, b);
}
export function packuswb(a: v128, b: v128): v128 {
  return i8x16.narrow_i16x8_u(a, b);
}
export function packssdw(a: v128, b: v128): v128 {
  return i16x8.narrow_i32x4_s(a, b);
}

export function pcmpgtb(a: v128, b: v128): v128 {
  return i8x16.gt_s(a, b);
}
export function pcmpgtw(a: v128, b: v128): v128 {
  return i16x8.gt_s(a, b);
}
export function pcmpgtd(a: v128, b: v128): v128 {
  return i32x4.gt_s(a, b);
}
export function pcmpeqb(a: v128, b: v128): v128 {
  return i8x16.eq(a, b);
}
export function pcmpeqw(a: v128, b: v128): v128 {
  return i16x8.eq(a, b);
}
export function pcmpeqd(a: v128, b: v128): v128 {
  return i32x4.eq(a, b);
}

export function pand(a: v128, b: v128): v128 {
  return v128.and(a, b);
}
/** NOT a AND b: the destination is the complemented one. */
export function pandn(a: v128, b: v128): v128 {
  return v128.andnot(b, a);
}
export function por(a: v128, b: v128): v128 {
  return v128.or(a, b);
}
export function pxor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

export function paddb(a: v128, b: v128): v128 {
  return i8x16.add(a, b);
}
export function paddw(a: v128, b: v128): v128 {
  return i16x8.add(a, b);
}
export function paddd(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}
export function paddq(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}
export function psubb(a: v128, b: v128): v128 {
  return i8x16.sub(a, b);
}
export function psubw(a: v128, b: v128): v128 {
  return i16x8.sub(a, b);
}
export function psubd(a: v128, b: v128): v128 {
  return i32x4.sub(a, b);
}
export function psubq(a: v128, b: v128): v128 {
  return i64x2.sub(a, b);
}
export function paddsb(a: v128, b: v128): v128 {
  return i8x16.add_sat_s(a, b);
}
export function paddsw(a: v128, b: v128): v128 {
  return i16x8.add_sat_s(a, b);
}
export function paddusb(a: v128, b: v128): v128 {
  return i8x16.add_sat_u(a, b);
}
export function paddusw(a: v128, b: v128): v128 {
  return i16x8.add_sat_u(a, b);
}
export function psubsb(a: v128, b: v128): v128 {
  return i8x16.sub_sat_s(a, b);
}
export function psubsw(a: v128, b: v128): v128 {
  return i16x8.sub_sat_s(a, b);
}
export function psubusb(a: v128, b: v128): v128 {
  return i8x16.sub_sat_u(a, b);
}
export function psubusw(a: v128, b: v128): v128 {
  return i16x8.sub_sat_u(a, b);
}
export function pminub(a: v128, b: v128): v128 {
  return i8x16.min_u(a, b);
}
export function pmaxub(a: v128, b: v128): v128 {
  return i8x16.max_u(a, b);
}
export function pminsw(a: v128, b: v128): v128 {
  return i16x8.min_s(a, b);
}
export function pmaxsw(a: v128, b: v128): v128 {
  return i16x8.max_s(a, b);
}
export function pavgb(a: v128, b: v128): v128 {
  return i8x16.avgr_u(a, b);
}
export function pavgw(a: v128, b: v128): v128 {
  return i16x8.avgr_u(a, b);
}

export function pmullw(a: v128, b: v128): v128 {
  return i16x8.mul(a, b);
}
/** The high words of eight products: the odd 16-bit lanes of two vectors of 32-bit products. */
export function pmulhw(a: v128, b: v128): v128 {
  const low = i32x4.extmul_low_i16x8_s(a, b), high = i32x4.extmul_high_i16x8_s(a, b);
  return v128.shuffle<u16>(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}
export function pmulhuw(a: v128, b: v128): v128 {
  const low = i32x4.extmul_low_i16x8_u(a, b), high = i32x4.extmul_high_i16x8_u(a, b);
  return v128.shuffle<u16>(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}
/** 64-bit products of the even 32-bit lanes. */
export function pmuludq(a: v128, b: v128): v128 {
  return i64x2.extmul_low_i32x4_u(v128.shuffle<u32>(a, a, 0, 2, 0, 2), v128.shuffle<u32>(b, b, 0, 2, 0, 2));
}
export function pmaddwd(a: v128, b: v128): v128 {
  return i32x4.dot_i16x8_s(a, b);
}
/** Sum of absolute differences of each eight bytes, in the low word of each half. */
export function psadbw(a: v128, b: v128): v128 {
  const differences = i8x16.sub(i8x16.max_u(a, b), i8x16.min_u(a, b));
  const sums4 = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(differences));
  return v128.and(i64x2.add(sums4, i64x2.shr_u(sums4, 32)), i64x2.splat(0xffffffff));
}

/** Shift counts are the low 64 bits of b; wasm takes counts modulo the lane, x86 does not. */
// @ts-ignore: decorator
@inline function count(b: v128): u64 {
  return <u64>i64x2.extract_lane(b, 0);
}
export function psrlw(a: v128, b: v128): v128 {
  return count(b) > 15 ? i64x2.splat(0) : i16x8.shr_u(a, <i32>count(b));
}
export function psrld(a: v128, b: v128): v128 {
  return count(b) > 31 ? i64x2.splat(0) : i32x4.shr_u(a, <i32>count(b));
}
export function psrlq(a: v128, b: v128): v128 {
  return count(b) > 63 ? i64x2.splat(0) : i64x2.shr_u(a, <i32>count(b));
}
export function psraw(a: v128, b: v128): v128 {
  return i16x8.shr_s(a, count(b) > 15 ? 15 : <i32>count(b));
}
export function psrad(a: v128, b: v128): v128 {
  return i32x4.shr_s(a, count(b) > 31 ? 31 : <i32>count(b));
}
export function psllw(a: v128, b: v128): v128 {
  return count(b) > 15 ? i64x2.splat(0) : i16x8.shl(a, <i32>count(b));
}
export function pslld(a: v128, b: v128): v128 {
  return count(b) > 31 ? i64x2.splat(0) : i32x4.shl(a, <i32>count(b));
}
export function psllq(a: v128, b: v128): v128 {
  return count(b) > 63 ? i64x2.splat(0) : i64x2.shl(a, <i32>count(b));
}

/** Byte shifts of the whole register: swizzle gives zero for an index past 15. */
export function psrldq(a: v128, bytes: u32): v128 {
  const shift = bytes > 15 ? 16 : bytes;
  return i8x16.swizzle(a, i8x16.add(i8x16.splat(<i8>shift), v128(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}
export function pslldq(a: v128, bytes: u32): v128 {
  const shift = bytes > 15 ? 16 : bytes;
  return i8x16.swizzle(a, i8x16.sub(v128(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>shift)));
}

/** Byte indices of four 16-bit lanes chosen by an 8-bit order, in a 64-bit half that starts at byte `base`. */
// @ts-ignore: decorator
@inline function wordOrder(order: u32, base: u64): u64 {
  let indices: u64 = 0;
  for (let lane: u32 = 0; lane < 4; lane++) {
    const first = base + (((order >> (2 * lane)) & 3) << 1);
    indices |= (first | ((first + 1) << 8)) << (16 * lane);
  }
  return indices;
}
export function pshufd(b: v128, order: u32): v128 {
  const first: u32 = 0x03020100;
  const lane0 = first + (order & 3) * 0x04040404;
  const lane1 = first + ((order >> 2) & 3) * 0x04040404;
  const lane2 = first + ((order >> 4) & 3) * 0x04040404;
  const lane3 = first + ((order >> 6) & 3) * 0x04040404;
  return i8x16.swizzle(b, pair(lane0 | (<u64>lane1 << 32), lane2 | (<u64>lane3 << 32)));
}
export function pshuflw(b: v128, order: u32): v128 {
  return i8x16.swizzle(b, pair(wordOrder(order, 0), 0x0f0e0d0c0b0a0908));
}
export function pshufhw(b: v128, order: u32): v128 {
  return i8x16.swizzle(b, pair(0x0706050403020100, wordOrder(order, 8)));
}

/** SHUFPS: two lanes of a, then two of b. SHUFPD likewise with 64-bit lanes. */
export function shufps(a: v128, b: v128, order: u32): v128 {
  return v128.shuffle<u64>(pshufd(a, order), pshufd(b, order), 0, 3);
}
export function shufpd(a: v128, b: v128, order: u32): v128 {
  const low = order & 1 ? i64x2.extract_lane(a, 1) : i64x2.extract_lane(a, 0);
  const high = order & 2 ? i64x2.extract_lane(b, 1) : i64x2.extract_lane(b, 0);
  return pair(low, high);
}

/** A vector of two 64-bit halves. */
// @ts-ignore: decorator
@inline export function pair(low: u64, high: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(low), 1, high);
}
