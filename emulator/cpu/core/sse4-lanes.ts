// What the packed-integer operations of SSSE3, SSE4.1 and SSE4.2 do to two 128-bit values; see sse-lanes.ts for SSE2's.
// Values in, value out. Must not know: registers, memory, decoding.


// ---- SSSE3 ----

/** Bit 7 of an index gives zero, otherwise its low four bits count. */
export function pshufb(a: v128, b: v128): v128 {
  return i8x16.swizzle(a, v128.and(b, i8x16.splat(<i8>0x8f)));
}
/** The even and the odd lanes of a and b, in order. */
// @ts-ignore: decorator
@inline function even16(a: v128, b: v128): v128 { return v128.shuffle<u16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
// @ts-ignore: decorator
@inline function odd16(a: v128, b: v128): v128 { return v128.shuffle<u16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
// @ts-ignore: decorator
@inline function even32(a: v128, b: v128): v128 { return v128.shuffle<u32>(a, b, 0, 2, 4, 6); }
// @ts-ignore: decorator
@inline function odd32(a: v128, b: v128): v128 { return v128.shuffle<u32>(a, b, 1, 3, 5, 7); }
export function phaddw(a: v128, b: v128): v128 { return i16x8.add(even16(a, b), odd16(a, b)); }
export function phaddd(a: v128, b: v128): v128 { return i32x4.add(even32(a, b), odd32(a, b)); }
export function phaddsw(a: v128, b: v128): v128 { return i16x8.add_sat_s(even16(a, b), odd16(a, b)); }
export function phsubw(a: v128, b: v128): v128 { return i16x8.sub(even16(a, b), odd16(a, b)); }
export function phsubd(a: v128, b: v128): v128 { return i32x4.sub(even32(a, b), odd32(a, b)); }
export function phsubsw(a: v128, b: v128): v128 { return i16x8.sub_sat_s(even16(a, b), odd16(a, b)); }
/** Unsigned bytes of a times signed bytes of b; pairs added with saturation. */
export function pmaddubsw(a: v128, b: v128): v128 {
  const low = i16x8.mul(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_s(b));
  const high = i16x8.mul(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_s(b));
  return i16x8.add_sat_s(even16(low, high), odd16(low, high));
}
/** a negated where b is negative, zero where b is zero. */
export function psignb(a: v128, b: v128): v128 {
  const signed = v128.bitselect(i8x16.neg(a), a, i8x16.shr_s(b, 7));
  return v128.andnot(signed, i8x16.eq(b, i64x2.splat(0)));
}
export function psignw(a: v128, b: v128): v128 {
  const signed = v128.bitselect(i16x8.neg(a), a, i16x8.shr_s(b, 15));
  return v128.andnot(signed, i16x8.eq(b, i64x2.splat(0)));
}
export function psignd(a: v128, b: v128): v128 {
  const signed = v128.bitselect(i32x4.neg(a), a, i32x4.shr_s(b, 31));
  return v128.andnot(signed, i32x4.eq(b, i64x2.splat(0)));
}
// @ts-ignore: decorator
@inline function round15(products: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shr_s(products, 14), i32x4.splat(1)), 1);
}
/** Products scaled by 2^15, rounded; not saturated: -1 * -1 wraps. */
export function pmulhrsw(a: v128, b: v128): v128 {
  return even16(round15(i32x4.extmul_low_i16x8_s(a, b)), round15(i32x4.extmul_high_i16x8_s(a, b)));
}
export function pabsb(a: v128, b: v128): v128 { return i8x16.abs(b); }
export function pabsw(a: v128, b: v128): v128 { return i16x8.abs(b); }
export function pabsd(a: v128, b: v128): v128 { return i32x4.abs(b); }

// ---- SSE4.1 and SSE4.2 ----

export function pcmpeqq(a: v128, b: v128): v128 { return i64x2.eq(a, b); }
export function pcmpgtq(a: v128, b: v128): v128 { return i64x2.gt_s(a, b); }
export function packusdw(a: v128, b: v128): v128 { return i16x8.narrow_i32x4_u(a, b); }
export function pminsb(a: v128, b: v128): v128 { return i8x16.min_s(a, b); }
export function pminsd(a: v128, b: v128): v128 { return i32x4.min_s(a, b); }
export function pminuw(a: v128, b: v128): v128 { return i16x8.min_u(a, b); }
export function pminud(a: v128, b: v128): v128 { return i32x4.min_u(a, b); }
export function pmaxsb(a: v128, b: v128): v128 { return i8x16.max_s(a, b); }
export function pmaxsd(a: v128, b: v128): v128 { return i32x4.max_s(a, b); }
export function pmaxuw(a: v128, b: v128): v128 { return i16x8.max_u(a, b); }
export function pmaxud(a: v128, b: v128): v128 { return i32x4.max_u(a, b); }
export function pmulld(a: v128, b: v128): v128 { return i32x4.mul(a, b); }
export function pmuldq(a: v128, b: v128): v128 {
  return i64x2.extmul_low_i32x4_s(v128.shuffle<u32>(a, a, 0, 2, 0, 2), v128.shuffle<u32>(b, b, 0, 2, 0, 2));
}
/** The smallest of eight words and, above it, its place. */
export function phminposuw(a: v128, b: v128): v128 {
  let least: u32 = 0xffff0000;
  v128.store(lanes, b);
  for (let i: u32 = 0; i < 8; i++) {
    const word: u32 = load<u16>(lanes + (i << 1));
    if (word < least >> 16 || i == 0) least = (word << 16) | i;
  }
  return i64x2.replace_lane(i64x2.splat(0), 0, <u64>((least >> 16) | ((least & 7) << 16)));
}
const lanes = memory.data(16, 16);

// Selection by the top bits of a mask, XMM0 in the instructions.
export function blendBytes(a: v128, b: v128, mask: v128): v128 { return v128.bitselect(b, a, i8x16.shr_s(mask, 7)); }
export function blendDwords(a: v128, b: v128, mask: v128): v128 { return v128.bitselect(b, a, i32x4.shr_s(mask, 31)); }
export function blendQwords(a: v128, b: v128, mask: v128): v128 { return v128.bitselect(b, a, i64x2.shr_s(mask, 63)); }

/** A mask of lanes from an immediate's bits: each bit stands for two bytes. */
export function wordMask(bits: u32): v128 {
  const places = v128(1, 0, 2, 0, 4, 0, 8, 0, 16, 0, 32, 0, 64, 0, <i8>128, 0);
  const chosen = v128.and(i16x8.splat(<i16>bits), places);
  return v128.not(i16x8.eq(chosen, i64x2.splat(0)));
}
/** Immediate bits of doublewords or quadwords as bits of words. */
// @ts-ignore: decorator
@inline export function dwordBits(bits: u32): u32 {
  return ((bits & 1) | ((bits & 2) << 1) | ((bits & 4) << 2) | ((bits & 8) << 3)) * 3;
}
// @ts-ignore: decorator
@inline export function qwordBits(bits: u32): u32 { return ((bits & 1) | ((bits & 2) << 3)) * 15; }

/** PALIGNR: the 32 bytes a:b (a above) shifted right by `bytes`. */
export function palignr(a: v128, b: v128, bytes: u32): v128 {
  const identity = v128(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  if (bytes > 31) return i64x2.splat(0);
  const shift = i8x16.splat(<i8>bytes);
  // From b: index + bytes; from a: index + bytes - 16; swizzle gives zero outside 0..15.
  const low = i8x16.swizzle(b, i8x16.add(identity, shift));
  return v128.or(low, i8x16.swizzle(a, i8x16.sub(i8x16.add(identity, shift), i8x16.splat(16))));
}

/** MPSADBW: eight sums of four absolute differences. */
export function mpsadbw(a: v128, b: v128, control: u32): v128 {
  v128.store(sadA, a);
  v128.store(sadB, b);
  const from = sadA + (control & 4 ? 4 : 0), block = sadB + ((control & 3) << 2);
  for (let i: usize = 0; i < 8; i++) {
    let sum: i32 = 0;
    for (let j: usize = 0; j < 4; j++) sum += abs<i32>(<i32>load<u8>(from + i + j) - <i32>load<u8>(block + j));
    store<u16>(sadR + (i << 1), <u16>sum);
  }
  return v128.load(sadR);
}
const sadA = memory.data(16, 16);
const sadB = memory.data(16, 16);
const sadR = memory.data(16, 16);
