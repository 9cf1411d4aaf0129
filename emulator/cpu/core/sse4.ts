// SSE3, SSSE3, SSE4.1 and SSE4.2 instructions on integers and for moving elements (0F 38, 0F 3A), over sse4-lanes.ts and sse42-strings.ts.
// Must not know: decoding. Operands come through vector.ts.

import { RCX, RDX, RAX, dstOf, ea, getReg, immOf, setReg, srcOf } from "./record";
import { XMM } from "../layout";
import { CF, OF_, SF, ZF, putArithmetic } from "./flags";
import { checkSse } from "./fpu-common";
import { rd, wr } from "./mmu";
import * as lane from "./sse4-lanes";
import { compareStrings, crc32, elementCount, implicitLength } from "./sse42-strings";
import { checkMmxInstruction, low64, m128, m128u, m32, m64, setMmx, setXmm, x128, x32, x64, xmmDst } from "./vector";

// @ts-ignore: decorator
@inline function imm(r: usize): u32 { return immOf<u8>(r); }

// ---- xmm, xmm/m128 ----

export function pshufb_xx(r: usize): void { setXmm(r, lane.pshufb(xmmDst(r), x128(r))); }
export function pshufb_xm(r: usize): void { setXmm(r, lane.pshufb(xmmDst(r), m128(r))); }
export function phaddw_xx(r: usize): void { setXmm(r, lane.phaddw(xmmDst(r), x128(r))); }
export function phaddw_xm(r: usize): void { setXmm(r, lane.phaddw(xmmDst(r), m128(r))); }
export function phaddd_xx(r: usize): void { setXmm(r, lane.phaddd(xmmDst(r), x128(r))); }
export function phaddd_xm(r: usize): void { setXmm(r, lane.phaddd(xmmDst(r), m128(r))); }
export function phaddsw_xx(r: usize): void { setXmm(r, lane.phaddsw(xmmDst(r), x128(r))); }
export function phaddsw_xm(r: usize): void { setXmm(r, lane.phaddsw(xmmDst(r), m128(r))); }
export function phsubw_xx(r: usize): void { setXmm(r, lane.phsubw(xmmDst(r), x128(r))); }
export function phsubw_xm(r: usize): void { setXmm(r, lane.phsubw(xmmDst(r), m128(r))); }
export function phsubd_xx(r: usize): void { setXmm(r, lane.phsubd(xmmDst(r), x128(r))); }
export function phsubd_xm(r: usize): void { setXmm(r, lane.phsubd(xmmDst(r), m128(r))); }
export function phsubsw_xx(r: usize): void { setXmm(r, lane.phsubsw(xmmDst(r), x128(r))); }
export function phsubsw_xm(r: usize): void { setXmm(r, lane.phsubsw(xmmDst(r), m128(r))); }
export function pmaddubsw_xx(r: usize): void { setXmm(r, lane.pmaddubsw(xmmDst(r), x128(r))); }
export function pmaddubsw_xm(r: usize): void { setXmm(r, lane.pmaddubsw(xmmDst(r), m128(r))); }
export function psignb_xx(r: usize): void { setXmm(r, lane.psignb(xmmDst(r), x128(r))); }
export function psignb_xm(r: usize): void { setXmm(r, lane.psignb(xmmDst(r), m128(r))); }
export function psignw_xx(r: usize): void { setXmm(r, lane.psignw(xmmDst(r), x128(r))); }
export function psignw_xm(r: usize): void { setXmm(r, lane.psignw(xmmDst(r), m128(r))); }
export function psignd_xx(r: usize): void { setXmm(r, lane.psignd(xmmDst(r), x128(r))); }
export function psignd_xm(r: usize): void { setXmm(r, lane.psignd(xmmDst(r), m128(r))); }
export function pmulhrsw_xx(r: usize): void { setXmm(r, lane.pmulhrsw(xmmDst(r), x128(r))); }
export function pmulhrsw_xm(r: usize): void { setXmm(r, lane.pmulhrsw(xmmDst(r), m128(r))); }
export function pabsb_xx(r: usize): void { setXmm(r, lane.pabsb(xmmDst(r), x128(r))); }
export function pabsb_xm(r: usize): void { setXmm(r, lane.pabsb(xmmDst(r), m128(r))); }
export function pabsw_xx(r: usize): void { setXmm(r, lane.pabsw(xmmDst(r), x128(r))); }
export function pabsw_xm(r: usize): void { setXmm(r, lane.pabsw(xmmDst(r), m128(r))); }
export function pabsd_xx(r: usize): void { setXmm(r, lane.pabsd(xmmDst(r), x128(r))); }
export function pabsd_xm(r: usize): void { setXmm(r, lane.pabsd(xmmDst(r), m128(r))); }
export function pcmpeqq_xx(r: usize): void { setXmm(r, lane.pcmpeqq(xmmDst(r), x128(r))); }
export function pcmpeqq_xm(r: usize): void { setXmm(r, lane.pcmpeqq(xmmDst(r), m128(r))); }
export function pcmpgtq_xx(r: usize): void { setXmm(r, lane.pcmpgtq(xmmDst(r), x128(r))); }
export function pcmpgtq_xm(r: usize): void { setXmm(r, lane.pcmpgtq(xmmDst(r), m128(r))); }
export function packusdw_xx(r: usize): void { setXmm(r, lane.packusdw(xmmDst(r), x128(r))); }
export function packusdw_xm(r: usize): void { setXmm(r, lane.packusdw(xmmDst(r), m128(r))); }
export function pminsb_xx(r: usize): void { setXmm(r, lane.pminsb(xmmDst(r), x128(r))); }
export function pminsb_xm(r: usize): void { setXmm(r, lane.pminsb(xmmDst(r), m128(r))); }
export function pminsd_xx(r: usize): void { setXmm(r, lane.pminsd(xmmDst(r), x128(r))); }
export function pminsd_xm(r: usize): void { setXmm(r, lane.pminsd(xmmDst(r), m128(r))); }
export function pminuw_xx(r: usize): void { setXmm(r, lane.pminuw(xmmDst(r), x128(r))); }
export function pminuw_xm(r: usize): void { setXmm(r, lane.pminuw(xmmDst(r), m128(r))); }
export function pminud_xx(r: usize): void { setXmm(r, lane.pminud(xmmDst(r), x128(r))); }
export function pminud_xm(r: usize): void { setXmm(r, lane.pminud(xmmDst(r), m128(r))); }
export function pmaxsb_xx(r: usize): void { setXmm(r, lane.pmaxsb(xmmDst(r), x128(r))); }
export function pmaxsb_xm(r: usize): void { setXmm(r, lane.pmaxsb(xmmDst(r), m128(r))); }
export function pmaxsd_xx(r: usize): void { setXmm(r, lane.pmaxsd(xmmDst(r), x128(r))); }
export function pmaxsd_xm(r: usize): void { setXmm(r, lane.pmaxsd(xmmDst(r), m128(r))); }
export function pmaxuw_xx(r: usize): void { setXmm(r, lane.pmaxuw(xmmDst(r), x128(r))); }
export function pmaxuw_xm(r: usize): void { setXmm(r, lane.pmaxuw(xmmDst(r), m128(r))); }
export function pmaxud_xx(r: usize): void { setXmm(r, lane.pmaxud(xmmDst(r), x128(r))); }
export function pmaxud_xm(r: usize): void { setXmm(r, lane.pmaxud(xmmDst(r), m128(r))); }
export function pmulld_xx(r: usize): void { setXmm(r, lane.pmulld(xmmDst(r), x128(r))); }
export function pmulld_xm(r: usize): void { setXmm(r, lane.pmulld(xmmDst(r), m128(r))); }
export function pmuldq_xx(r: usize): void { setXmm(r, lane.pmuldq(xmmDst(r), x128(r))); }
export function pmuldq_xm(r: usize): void { setXmm(r, lane.pmuldq(xmmDst(r), m128(r))); }
export function phminposuw_xx(r: usize): void { setXmm(r, lane.phminposuw(xmmDst(r), x128(r))); }
export function phminposuw_xm(r: usize): void { setXmm(r, lane.phminposuw(xmmDst(r), m128(r))); }

// ---- the same on MMX registers (SSSE3 only): both operands in one vector where pairs are added ----

// @ts-ignore: decorator
@inline function q64(r: usize): v128 { checkMmxInstruction(); return low64(load<u64>(srcOf(r))); }
// @ts-ignore: decorator
@inline function mm64(r: usize): v128 { checkMmxInstruction(); return low64(rd<u64>(ea(r))); }
// @ts-ignore: decorator
@inline function mmDst(r: usize): v128 { return low64(load<u64>(dstOf(r))); }
// @ts-ignore: decorator
@inline function low(value: v128): u64 { return i64x2.extract_lane(value, 0); }
// @ts-ignore: decorator
@inline function joined(a: v128, b: v128): v128 { return v128.shuffle<u64>(a, b, 0, 2); }
export function pshufb_qq(r: usize): void { setMmx(r, low(lane.pshufb(mmDst(r), v128.and(q64(r), i8x16.splat(<i8>0x87))))); }
export function pshufb_qm(r: usize): void { setMmx(r, low(lane.pshufb(mmDst(r), v128.and(mm64(r), i8x16.splat(<i8>0x87))))); }
export function phaddw_qq(r: usize): void { setMmx(r, low(lane.phaddw(joined(mmDst(r), q64(r)), low64(0)))); }
export function phaddw_qm(r: usize): void { setMmx(r, low(lane.phaddw(joined(mmDst(r), mm64(r)), low64(0)))); }
export function phaddd_qq(r: usize): void { setMmx(r, low(lane.phaddd(joined(mmDst(r), q64(r)), low64(0)))); }
export function phaddd_qm(r: usize): void { setMmx(r, low(lane.phaddd(joined(mmDst(r), mm64(r)), low64(0)))); }
export function phaddsw_qq(r: usize): void { setMmx(r, low(lane.phaddsw(joined(mmDst(r), q64(r)), low64(0)))); }
export function phaddsw_qm(r: usize): void { setMmx(r, low(lane.phaddsw(joined(mmDst(r), mm64(r)), low64(0)))); }
export function phsubw_qq(r: usize): void { setMmx(r, low(lane.phsubw(joined(mmDst(r), q64(r)), low64(0)))); }
export function phsubw_qm(r: usize): void { setMmx(r, low(lane.phsubw(joined(mmDst(r), mm64(r)), low64(0)))); }
export function phsubd_qq(r: usize): void { setMmx(r, low(lane.phsubd(joined(mmDst(r), q64(r)), low64(0)))); }
export function phsubd_qm(r: usize): void { setMmx(r, low(lane.phsubd(joined(mmDst(r), mm64(r)), low64(0)))); }
export function phsubsw_qq(r: usize): void { setMmx(r, low(lane.phsubsw(joined(mmDst(r), q64(r)), low64(0)))); }
export function phsubsw_qm(r: usize): void { setMmx(r, low(lane.phsubsw(joined(mmDst(r), mm64(r)), low64(0)))); }
export function pmaddubsw_qq(r: usize): void { setMmx(r, low(lane.pmaddubsw(mmDst(r), q64(r)))); }
export function pmaddubsw_qm(r: usize): void { setMmx(r, low(lane.pmaddubsw(mmDst(r), mm64(r)))); }
export function psignb_qq(r: usize): void { setMmx(r, low(lane.psignb(mmDst(r), q64(r)))); }
export function psignb_qm(r: usize): void { setMmx(r, low(lane.psignb(mmDst(r), mm64(r)))); }
export function psignw_qq(r: usize): void { setMmx(r, low(lane.psignw(mmDst(r), q64(r)))); }
export function psignw_qm(r: usize): void { setMmx(r, low(lane.psignw(mmDst(r), mm64(r)))); }
export function psignd_qq(r: usize): void { setMmx(r, low(lane.psignd(mmDst(r), q64(r)))); }
export function psignd_qm(r: usize): void { setMmx(r, low(lane.psignd(mmDst(r), mm64(r)))); }
export function pmulhrsw_qq(r: usize): void { setMmx(r, low(lane.pmulhrsw(mmDst(r), q64(r)))); }
export function pmulhrsw_qm(r: usize): void { setMmx(r, low(lane.pmulhrsw(mmDst(r), mm64(r)))); }
export function pabsb_qq(r: usize): void { setMmx(r, low(lane.pabsb(mmDst(r), q64(r)))); }
export function pabsb_qm(r: usize): void { setMmx(r, low(lane.pabsb(mmDst(r), mm64(r)))); }
export function pabsw_qq(r: usize): void { setMmx(r, low(lane.pabsw(mmDst(r), q64(r)))); }
export function pabsw_qm(r: usize): void { setMmx(r, low(lane.pabsw(mmDst(r), mm64(r)))); }
export function pabsd_qq(r: usize): void { setMmx(r, low(lane.pabsd(mmDst(r), q64(r)))); }
export function pabsd_qm(r: usize): void { setMmx(r, low(lane.pabsd(mmDst(r), mm64(r)))); }
export function palignr_qqi(r: usize): void { setMmx(r, imm(r) > 15 ? low(q64(r)) & 0 : low(lane.palignr(low64(0), joined(q64(r), mmDst(r)), imm(r)))); }
export function palignr_qmi(r: usize): void { setMmx(r, imm(r) > 15 ? low(mm64(r)) & 0 : low(lane.palignr(low64(0), joined(mm64(r), mmDst(r)), imm(r)))); }

// ---- immediates choose ----

export function palignr_xxi(r: usize): void { setXmm(r, lane.palignr(xmmDst(r), x128(r), imm(r))); }
export function mpsadbw_xxi(r: usize): void { setXmm(r, lane.mpsadbw(xmmDst(r), x128(r), imm(r))); }
export function pblendw_xxi(r: usize): void { setXmm(r, v128.bitselect(x128(r), xmmDst(r), lane.wordMask(imm(r)))); }
export function blendps_xxi(r: usize): void { setXmm(r, v128.bitselect(x128(r), xmmDst(r), lane.wordMask(lane.dwordBits(imm(r))))); }
export function blendpd_xxi(r: usize): void { setXmm(r, v128.bitselect(x128(r), xmmDst(r), lane.wordMask(lane.qwordBits(imm(r))))); }
export function pblendvb_xx(r: usize): void { setXmm(r, lane.blendBytes(xmmDst(r), x128(r), v128.load(XMM))); }
export function blendvps_xx(r: usize): void { setXmm(r, lane.blendDwords(xmmDst(r), x128(r), v128.load(XMM))); }
export function blendvpd_xx(r: usize): void { setXmm(r, lane.blendQwords(xmmDst(r), x128(r), v128.load(XMM))); }
export function palignr_xmi(r: usize): void { setXmm(r, lane.palignr(xmmDst(r), m128(r), imm(r))); }
export function mpsadbw_xmi(r: usize): void { setXmm(r, lane.mpsadbw(xmmDst(r), m128(r), imm(r))); }
export function pblendw_xmi(r: usize): void { setXmm(r, v128.bitselect(m128(r), xmmDst(r), lane.wordMask(imm(r)))); }
export function blendps_xmi(r: usize): void { setXmm(r, v128.bitselect(m128(r), xmmDst(r), lane.wordMask(lane.dwordBits(imm(r))))); }
export function blendpd_xmi(r: usize): void { setXmm(r, v128.bitselect(m128(r), xmmDst(r), lane.wordMask(lane.qwordBits(imm(r))))); }
export function pblendvb_xm(r: usize): void { setXmm(r, lane.blendBytes(xmmDst(r), m128(r), v128.load(XMM))); }
export function blendvps_xm(r: usize): void { setXmm(r, lane.blendDwords(xmmDst(r), m128(r), v128.load(XMM))); }
export function blendvpd_xm(r: usize): void { setXmm(r, lane.blendQwords(xmmDst(r), m128(r), v128.load(XMM))); }

// ---- PTEST ----

function test(a: v128, b: v128): void {
  putArithmetic((v128.any_true(v128.and(a, b)) ? 0 : ZF) | (v128.any_true(v128.andnot(b, a)) ? 0 : CF));
}
export function ptest_xx(r: usize): void { const b = x128(r); test(xmmDst(r), b); }
export function ptest_xm(r: usize): void { const b = m128(r); test(xmmDst(r), b); }

// ---- moves that extend or double elements ----

// @ts-ignore: decorator
@inline function m16(r: usize): u64 { checkSse(); return rd<u16>(ea(r)); }
export function pmovsxbw_xx(r: usize): void { setXmm(r, i16x8.extend_low_i8x16_s(x128(r))); }
export function pmovsxbw_xm(r: usize): void { setXmm(r, i16x8.extend_low_i8x16_s(low64(m64(r)))); }
export function pmovsxbd_xx(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(x128(r)))); }
export function pmovsxbd_xm(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(low64(m32(r))))); }
export function pmovsxbq_xx(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(x128(r))))); }
export function pmovsxbq_xm(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(low64(m16(r)))))); }
export function pmovsxwd_xx(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_s(x128(r))); }
export function pmovsxwd_xm(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_s(low64(m64(r)))); }
export function pmovsxwq_xx(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(x128(r)))); }
export function pmovsxwq_xm(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(low64(m32(r))))); }
export function pmovsxdq_xx(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_s(x128(r))); }
export function pmovsxdq_xm(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_s(low64(m64(r)))); }
export function pmovzxbw_xx(r: usize): void { setXmm(r, i16x8.extend_low_i8x16_u(x128(r))); }
export function pmovzxbw_xm(r: usize): void { setXmm(r, i16x8.extend_low_i8x16_u(low64(m64(r)))); }
export function pmovzxbd_xx(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(x128(r)))); }
export function pmovzxbd_xm(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(low64(m32(r))))); }
export function pmovzxbq_xx(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(x128(r))))); }
export function pmovzxbq_xm(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(low64(m16(r)))))); }
export function pmovzxwd_xx(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_u(x128(r))); }
export function pmovzxwd_xm(r: usize): void { setXmm(r, i32x4.extend_low_i16x8_u(low64(m64(r)))); }
export function pmovzxwq_xx(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(x128(r)))); }
export function pmovzxwq_xm(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(low64(m32(r))))); }
export function pmovzxdq_xx(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_u(x128(r))); }
export function pmovzxdq_xm(r: usize): void { setXmm(r, i64x2.extend_low_i32x4_u(low64(m64(r)))); }
export function movddup_xx(r: usize): void { setXmm(r, i64x2.splat(x64(r))); }
export function movddup_xm(r: usize): void { setXmm(r, i64x2.splat(m64(r))); }
export function movsldup_xx(r: usize): void { const b = x128(r); setXmm(r, v128.shuffle<u32>(b, b, 0, 0, 2, 2)); }
export function movshdup_xx(r: usize): void { const b = x128(r); setXmm(r, v128.shuffle<u32>(b, b, 1, 1, 3, 3)); }
export function movsldup_xm(r: usize): void { const b = m128(r); setXmm(r, v128.shuffle<u32>(b, b, 0, 0, 2, 2)); }
export function movshdup_xm(r: usize): void { const b = m128(r); setXmm(r, v128.shuffle<u32>(b, b, 1, 1, 3, 3)); }

// ---- single elements ----

// @ts-ignore: decorator
@inline function byteAt(register: usize, r: usize): usize { return register + (imm(r) & 15); }
// @ts-ignore: decorator
@inline function wordAt(register: usize, r: usize): usize { return register + ((imm(r) & 7) << 1); }
/** Element of T (u32 or u64) that the immediate names. */
// @ts-ignore: decorator
@inline function elementAt<T>(register: usize, r: usize): usize {
  return register + (sizeof<T>() == 8 ? (imm(r) & 1) << 3 : (imm(r) & 3) << 2);
}
export function pextrb_rxi(r: usize): void { checkSse(); store<u64>(dstOf(r), <u64>load<u8>(byteAt(srcOf(r), r))); }
export function pextrb_mxi(r: usize): void { checkSse(); wr<u8>(ea(r), load<u8>(byteAt(srcOf(r), r))); }
/** The register form of 0F 3A 15; 0F C5 is in sse-move.ts. */
export function pextrword_rxi(r: usize): void { checkSse(); store<u64>(dstOf(r), <u64>load<u16>(wordAt(srcOf(r), r))); }
export function pextrword_mxi(r: usize): void { checkSse(); wr<u16>(ea(r), load<u16>(wordAt(srcOf(r), r))); }
export function pextrd_rxi<T>(r: usize): void { checkSse(); setReg<T>(dstOf(r), load<T>(elementAt<T>(srcOf(r), r))); }
export function pextrd_mxi<T>(r: usize): void { checkSse(); wr<T>(ea(r), load<T>(elementAt<T>(srcOf(r), r))); }
export function extractps_rxi(r: usize): void { checkSse(); store<u64>(dstOf(r), <u64>load<u32>(elementAt<u32>(srcOf(r), r))); }
export function extractps_mxi(r: usize): void { checkSse(); wr<u32>(ea(r), load<u32>(elementAt<u32>(srcOf(r), r))); }
export function pinsrb_xri(r: usize): void { checkSse(); store<u8>(byteAt(dstOf(r), r), load<u8>(srcOf(r))); }
export function pinsrb_xmi(r: usize): void { checkSse(); store<u8>(byteAt(dstOf(r), r), rd<u8>(ea(r))); }
export function pinsrd_xri<T>(r: usize): void { checkSse(); store<T>(elementAt<T>(dstOf(r), r), getReg<T>(srcOf(r))); }
export function pinsrd_xmi<T>(r: usize): void { checkSse(); store<T>(elementAt<T>(dstOf(r), r), rd<T>(ea(r))); }
/** INSERTPS: bits 7:6 choose the source element of a register, 5:4 the destination's, 3:0 clear. */
function insertSingle(r: usize, bits: u32): void {
  const d = dstOf(r);
  store<u32>(d + ((imm(r) >> 4) & 3) * 4, bits);
  for (let i: u32 = 0; i < 4; i++) if ((imm(r) >> i) & 1) store<u32>(d + i * 4, 0);
}
export function insertps_xxi(r: usize): void { checkSse(); insertSingle(r, load<u32>(srcOf(r) + (imm(r) >> 6) * 4)); }
export function insertps_xmi(r: usize): void { insertSingle(r, m32(r)); }

// ---- strings ----

/** Length register of PCMPESTRx, saturated: EAX for the first operand, EDX for the second; with REX.W 64 bits. */
function explicitLength<T>(register: usize, control: u32): i32 {
  const value: i64 = sizeof<T>() == 8 ? load<i64>(register) : <i64>load<i32>(register);
  const count = <i64>elementCount(control);
  const length = value < 0 ? (value < -count ? count : -value) : value;
  return <i32>(length > count ? count : length);
}

function setStringFlags(bits: u32, control: u32, lengthA: i32, lengthB: i32): void {
  const count = elementCount(control);
  putArithmetic((bits != 0 ? CF : 0) | (lengthB < count ? ZF : 0) | (lengthA < count ? SF : 0) | (bits & 1 ? OF_ : 0));
}

/** The index of the first or last set bit into ECX; the number of elements when there is none. */
function giveIndex(bits: u32, control: u32): void {
  const none = elementCount(control);
  const index = bits == 0 ? none : control & 0x40 ? 31 - clz(bits) : ctz(bits);
  store<u64>(RCX, <u64>index);
}

/** The bits themselves into XMM0, or a mask of elements. */
function giveMask(bits: u32, control: u32): void {
  if (!(control & 0x40)) return v128.store(XMM, low64(<u64>bits));
  for (let i: u32 = 0; i < 16; i++) store<u8>(XMM + i, (bits >> (control & 1 ? i >> 1 : i)) & 1 ? 0xff : 0);
}

function explicit<T>(r: usize, b: v128): u32 {
  const control = imm(r);
  const lengthA = explicitLength<T>(RAX, control), lengthB = explicitLength<T>(RDX, control);
  const bits = compareStrings(xmmDst(r), b, control, lengthA, lengthB);
  setStringFlags(bits, control, lengthA, lengthB);
  return bits;
}
function implicit(r: usize, b: v128): u32 {
  const control = imm(r);
  const lengthA = implicitLength(xmmDst(r), control), lengthB = implicitLength(b, control);
  const bits = compareStrings(xmmDst(r), b, control, lengthA, lengthB);
  setStringFlags(bits, control, lengthA, lengthB);
  return bits;
}
export function pcmpestri_xxi<T>(r: usize): void { giveIndex(explicit<T>(r, x128(r)), imm(r)); }
export function pcmpestrm_xxi<T>(r: usize): void { giveMask(explicit<T>(r, x128(r)), imm(r)); }
export function pcmpistri_xxi(r: usize): void { giveIndex(implicit(r, x128(r)), imm(r)); }
export function pcmpistrm_xxi(r: usize): void { giveMask(implicit(r, x128(r)), imm(r)); }
export function pcmpestri_xmi<T>(r: usize): void { giveIndex(explicit<T>(r, m128u(r)), imm(r)); }
export function pcmpestrm_xmi<T>(r: usize): void { giveMask(explicit<T>(r, m128u(r)), imm(r)); }
export function pcmpistri_xmi(r: usize): void { giveIndex(implicit(r, m128u(r)), imm(r)); }
export function pcmpistrm_xmi(r: usize): void { giveMask(implicit(r, m128u(r)), imm(r)); }

/** CRC32 r32, r/m: the upper half of a 64-bit destination is cleared. */
export function crc32_rr<T>(r: usize): void {
  store<u64>(dstOf(r), <u64>crc32(load<u32>(dstOf(r)), <u64>getReg<T>(srcOf(r)), sizeof<T>() * 8));
}
export function crc32_rm<T>(r: usize): void {
  const data = <u64>rd<T>(ea(r));
  store<u64>(dstOf(r), <u64>crc32(load<u32>(dstOf(r)), data, sizeof<T>() * 8));
}
