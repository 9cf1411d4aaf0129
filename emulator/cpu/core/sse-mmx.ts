// MMX instructions (0F 60-FE without a prefix): the lane operations of sse-lanes.ts on 64 bits, in registers that alias the x87 stack.
// Must not know: decoding.

import { FTW } from "../layout";
import { checkSse } from "./fpu-common";
import * as lane from "./sse-lanes";
import { checkWrite, rd, wr } from "./mmu";
import { dstOf, ea, getReg, immOf, srcOf } from "./record";
import { checkMmxInstruction, enterMmx, low64, setMmx } from "./vector";

// Sources: q register, m memory.
// @ts-ignore: decorator
@inline function q64(r: usize): v128 { checkMmxInstruction(); return low64(load<u64>(srcOf(r))); }
// @ts-ignore: decorator
@inline function m64(r: usize): v128 { checkMmxInstruction(); return low64(rd<u64>(ea(r))); }
/** PUNPCKL* use, and touch, only four bytes of memory. */
// @ts-ignore: decorator
@inline function m32(r: usize): v128 { checkMmxInstruction(); return low64(rd<u32>(ea(r))); }
// @ts-ignore: decorator
@inline function dst(r: usize): v128 { return low64(load<u64>(dstOf(r))); }
// @ts-ignore: decorator
@inline function low(value: v128): u64 { return i64x2.extract_lane(value, 0); }
// @ts-ignore: decorator
@inline function high(value: v128): u64 { return i64x2.extract_lane(value, 1); }

// ---- mm, mm/m64 ----

export function punpcklbw_qq(r: usize): void { setMmx(r, low(lane.punpcklbw(dst(r), q64(r)))); }
export function punpcklbw_qm(r: usize): void { setMmx(r, low(lane.punpcklbw(dst(r), m32(r)))); }
export function punpcklwd_qq(r: usize): void { setMmx(r, low(lane.punpcklwd(dst(r), q64(r)))); }
export function punpcklwd_qm(r: usize): void { setMmx(r, low(lane.punpcklwd(dst(r), m32(r)))); }
export function punpckldq_qq(r: usize): void { setMmx(r, low(lane.punpckldq(dst(r), q64(r)))); }
export function punpckldq_qm(r: usize): void { setMmx(r, low(lane.punpckldq(dst(r), m32(r)))); }
export function packsswb_qq(r: usize): void { setMmx(r, low(lane.packsswb(lane.punpcklqdq(dst(r), q64(r)), low64(0)))); }
export function packsswb_qm(r: usize): void { setMmx(r, low(lane.packsswb(lane.punpcklqdq(dst(r), m64(r)), low64(0)))); }
export function pcmpgtb_qq(r: usize): void { setMmx(r, low(lane.pcmpgtb(dst(r), q64(r)))); }
export function pcmpgtb_qm(r: usize): void { setMmx(r, low(lane.pcmpgtb(dst(r), m64(r)))); }
export function pcmpgtw_qq(r: usize): void { setMmx(r, low(lane.pcmpgtw(dst(r), q64(r)))); }
export function pcmpgtw_qm(r: usize): void { setMmx(r, low(lane.pcmpgtw(dst(r), m64(r)))); }
export function pcmpgtd_qq(r: usize): void { setMmx(r, low(lane.pcmpgtd(dst(r), q64(r)))); }
export function pcmpgtd_qm(r: usize): void { setMmx(r, low(lane.pcmpgtd(dst(r), m64(r)))); }
export function packuswb_qq(r: usize): void { setMmx(r, low(lane.packuswb(lane.punpcklqdq(dst(r), q64(r)), low64(0)))); }
export function packuswb_qm(r: usize): void { setMmx(r, low(lane.packuswb(lane.punpcklqdq(dst(r), m64(r)), low64(0)))); }
export function punpckhbw_qq(r: usize): void { setMmx(r, high(lane.punpcklbw(dst(r), q64(r)))); }
export function punpckhbw_qm(r: usize): void { setMmx(r, high(lane.punpcklbw(dst(r), m64(r)))); }
export function punpckhwd_qq(r: usize): void { setMmx(r, high(lane.punpcklwd(dst(r), q64(r)))); }
export function punpckhwd_qm(r: usize): void { setMmx(r, high(lane.punpcklwd(dst(r), m64(r)))); }
export function punpckhdq_qq(r: usize): void { setMmx(r, high(lane.punpckldq(dst(r), q64(r)))); }
export function punpckhdq_qm(r: usize): void { setMmx(r, high(lane.punpckldq(dst(r), m64(r)))); }
export function packssdw_qq(r: usize): void { setMmx(r, low(lane.packssdw(lane.punpcklqdq(dst(r), q64(r)), low64(0)))); }
export function packssdw_qm(r: usize): void { setMmx(r, low(lane.packssdw(lane.punpcklqdq(dst(r), m64(r)), low64(0)))); }
export function pcmpeqb_qq(r: usize): void { setMmx(r, low(lane.pcmpeqb(dst(r), q64(r)))); }
export function pcmpeqb_qm(r: usize): void { setMmx(r, low(lane.pcmpeqb(dst(r), m64(r)))); }
export function pcmpeqw_qq(r: usize): void { setMmx(r, low(lane.pcmpeqw(dst(r), q64(r)))); }
export function pcmpeqw_qm(r: usize): void { setMmx(r, low(lane.pcmpeqw(dst(r), m64(r)))); }
export function pcmpeqd_qq(r: usize): void { setMmx(r, low(lane.pcmpeqd(dst(r), q64(r)))); }
export function pcmpeqd_qm(r: usize): void { setMmx(r, low(lane.pcmpeqd(dst(r), m64(r)))); }
export function psrlw_qq(r: usize): void { setMmx(r, low(lane.psrlw(dst(r), q64(r)))); }
export function psrlw_qm(r: usize): void { setMmx(r, low(lane.psrlw(dst(r), m64(r)))); }
export function psrld_qq(r: usize): void { setMmx(r, low(lane.psrld(dst(r), q64(r)))); }
export function psrld_qm(r: usize): void { setMmx(r, low(lane.psrld(dst(r), m64(r)))); }
export function psrlq_qq(r: usize): void { setMmx(r, low(lane.psrlq(dst(r), q64(r)))); }
export function psrlq_qm(r: usize): void { setMmx(r, low(lane.psrlq(dst(r), m64(r)))); }
export function psraw_qq(r: usize): void { setMmx(r, low(lane.psraw(dst(r), q64(r)))); }
export function psraw_qm(r: usize): void { setMmx(r, low(lane.psraw(dst(r), m64(r)))); }
export function psrad_qq(r: usize): void { setMmx(r, low(lane.psrad(dst(r), q64(r)))); }
export function psrad_qm(r: usize): void { setMmx(r, low(lane.psrad(dst(r), m64(r)))); }
export function psllw_qq(r: usize): void { setMmx(r, low(lane.psllw(dst(r), q64(r)))); }
export function psllw_qm(r: usize): void { setMmx(r, low(lane.psllw(dst(r), m64(r)))); }
export function pslld_qq(r: usize): void { setMmx(r, low(lane.pslld(dst(r), q64(r)))); }
export function pslld_qm(r: usize): void { setMmx(r, low(lane.pslld(dst(r), m64(r)))); }
export function psllq_qq(r: usize): void { setMmx(r, low(lane.psllq(dst(r), q64(r)))); }
export function psllq_qm(r: usize): void { setMmx(r, low(lane.psllq(dst(r), m64(r)))); }
export function paddq_qq(r: usize): void { setMmx(r, low(lane.paddq(dst(r), q64(r)))); }
export function paddq_qm(r: usize): void { setMmx(r, low(lane.paddq(dst(r), m64(r)))); }
export function pmullw_qq(r: usize): void { setMmx(r, low(lane.pmullw(dst(r), q64(r)))); }
export function pmullw_qm(r: usize): void { setMmx(r, low(lane.pmullw(dst(r), m64(r)))); }
export function psubusb_qq(r: usize): void { setMmx(r, low(lane.psubusb(dst(r), q64(r)))); }
export function psubusb_qm(r: usize): void { setMmx(r, low(lane.psubusb(dst(r), m64(r)))); }
export function psubusw_qq(r: usize): void { setMmx(r, low(lane.psubusw(dst(r), q64(r)))); }
export function psubusw_qm(r: usize): void { setMmx(r, low(lane.psubusw(dst(r), m64(r)))); }
export function pminub_qq(r: usize): void { setMmx(r, low(lane.pminub(dst(r), q64(r)))); }
export function pminub_qm(r: usize): void { setMmx(r, low(lane.pminub(dst(r), m64(r)))); }
export function pand_qq(r: usize): void { setMmx(r, low(lane.pand(dst(r), q64(r)))); }
export function pand_qm(r: usize): void { setMmx(r, low(lane.pand(dst(r), m64(r)))); }
export function paddusb_qq(r: usize): void { setMmx(r, low(lane.paddusb(dst(r), q64(r)))); }
export function paddusb_qm(r: usize): void { setMmx(r, low(lane.paddusb(dst(r), m64(r)))); }
export function paddusw_qq(r: usize): void { setMmx(r, low(lane.paddusw(dst(r), q64(r)))); }
export function paddusw_qm(r: usize): void { setMmx(r, low(lane.paddusw(dst(r), m64(r)))); }
export function pmaxub_qq(r: usize): void { setMmx(r, low(lane.pmaxub(dst(r), q64(r)))); }
export function pmaxub_qm(r: usize): void { setMmx(r, low(lane.pmaxub(dst(r), m64(r)))); }
export function pandn_qq(r: usize): void { setMmx(r, low(lane.pandn(dst(r), q64(r)))); }
export function pandn_qm(r: usize): void { setMmx(r, low(lane.pandn(dst(r), m64(r)))); }
export function pavgb_qq(r: usize): void { setMmx(r, low(lane.pavgb(dst(r), q64(r)))); }
export function pavgb_qm(r: usize): void { setMmx(r, low(lane.pavgb(dst(r), m64(r)))); }
export function pavgw_qq(r: usize): void { setMmx(r, low(lane.pavgw(dst(r), q64(r)))); }
export function pavgw_qm(r: usize): void { setMmx(r, low(lane.pavgw(dst(r), m64(r)))); }
export function pmulhuw_qq(r: usize): void { setMmx(r, low(lane.pmulhuw(dst(r), q64(r)))); }
export function pmulhuw_qm(r: usize): void { setMmx(r, low(lane.pmulhuw(dst(r), m64(r)))); }
export function pmulhw_qq(r: usize): void { setMmx(r, low(lane.pmulhw(dst(r), q64(r)))); }
export function pmulhw_qm(r: usize): void { setMmx(r, low(lane.pmulhw(dst(r), m64(r)))); }
export function psubsb_qq(r: usize): void { setMmx(r, low(lane.psubsb(dst(r), q64(r)))); }
export function psubsb_qm(r: usize): void { setMmx(r, low(lane.psubsb(dst(r), m64(r)))); }
export function psubsw_qq(r: usize): void { setMmx(r, low(lane.psubsw(dst(r), q64(r)))); }
export function psubsw_qm(r: usize): void { setMmx(r, low(lane.psubsw(dst(r), m64(r)))); }
export function pminsw_qq(r: usize): void { setMmx(r, low(lane.pminsw(dst(r), q64(r)))); }
export function pminsw_qm(r: usize): void { setMmx(r, low(lane.pminsw(dst(r), m64(r)))); }
export function por_qq(r: usize): void { setMmx(r, low(lane.por(dst(r), q64(r)))); }
export function por_qm(r: usize): void { setMmx(r, low(lane.por(dst(r), m64(r)))); }
export function paddsb_qq(r: usize): void { setMmx(r, low(lane.paddsb(dst(r), q64(r)))); }
export function paddsb_qm(r: usize): void { setMmx(r, low(lane.paddsb(dst(r), m64(r)))); }
export function paddsw_qq(r: usize): void { setMmx(r, low(lane.paddsw(dst(r), q64(r)))); }
export function paddsw_qm(r: usize): void { setMmx(r, low(lane.paddsw(dst(r), m64(r)))); }
export function pmaxsw_qq(r: usize): void { setMmx(r, low(lane.pmaxsw(dst(r), q64(r)))); }
export function pmaxsw_qm(r: usize): void { setMmx(r, low(lane.pmaxsw(dst(r), m64(r)))); }
export function pxor_qq(r: usize): void { setMmx(r, low(lane.pxor(dst(r), q64(r)))); }
export function pxor_qm(r: usize): void { setMmx(r, low(lane.pxor(dst(r), m64(r)))); }
export function pmuludq_qq(r: usize): void { setMmx(r, low(lane.pmuludq(dst(r), q64(r)))); }
export function pmuludq_qm(r: usize): void { setMmx(r, low(lane.pmuludq(dst(r), m64(r)))); }
export function pmaddwd_qq(r: usize): void { setMmx(r, low(lane.pmaddwd(dst(r), q64(r)))); }
export function pmaddwd_qm(r: usize): void { setMmx(r, low(lane.pmaddwd(dst(r), m64(r)))); }
export function psadbw_qq(r: usize): void { setMmx(r, low(lane.psadbw(dst(r), q64(r)))); }
export function psadbw_qm(r: usize): void { setMmx(r, low(lane.psadbw(dst(r), m64(r)))); }
export function psubb_qq(r: usize): void { setMmx(r, low(lane.psubb(dst(r), q64(r)))); }
export function psubb_qm(r: usize): void { setMmx(r, low(lane.psubb(dst(r), m64(r)))); }
export function psubw_qq(r: usize): void { setMmx(r, low(lane.psubw(dst(r), q64(r)))); }
export function psubw_qm(r: usize): void { setMmx(r, low(lane.psubw(dst(r), m64(r)))); }
export function psubd_qq(r: usize): void { setMmx(r, low(lane.psubd(dst(r), q64(r)))); }
export function psubd_qm(r: usize): void { setMmx(r, low(lane.psubd(dst(r), m64(r)))); }
export function psubq_qq(r: usize): void { setMmx(r, low(lane.psubq(dst(r), q64(r)))); }
export function psubq_qm(r: usize): void { setMmx(r, low(lane.psubq(dst(r), m64(r)))); }
export function paddb_qq(r: usize): void { setMmx(r, low(lane.paddb(dst(r), q64(r)))); }
export function paddb_qm(r: usize): void { setMmx(r, low(lane.paddb(dst(r), m64(r)))); }
export function paddw_qq(r: usize): void { setMmx(r, low(lane.paddw(dst(r), q64(r)))); }
export function paddw_qm(r: usize): void { setMmx(r, low(lane.paddw(dst(r), m64(r)))); }
export function paddd_qq(r: usize): void { setMmx(r, low(lane.paddd(dst(r), q64(r)))); }
export function paddd_qm(r: usize): void { setMmx(r, low(lane.paddd(dst(r), m64(r)))); }

// ---- immediates ----

// @ts-ignore: decorator
@inline function count(r: usize): v128 { checkMmxInstruction(); return low64(immOf<u8>(r)); }
export function psrlw_qi(r: usize): void { setMmx(r, low(lane.psrlw(dst(r), count(r)))); }
export function psraw_qi(r: usize): void { setMmx(r, low(lane.psraw(dst(r), count(r)))); }
export function psllw_qi(r: usize): void { setMmx(r, low(lane.psllw(dst(r), count(r)))); }
export function psrld_qi(r: usize): void { setMmx(r, low(lane.psrld(dst(r), count(r)))); }
export function psrad_qi(r: usize): void { setMmx(r, low(lane.psrad(dst(r), count(r)))); }
export function pslld_qi(r: usize): void { setMmx(r, low(lane.pslld(dst(r), count(r)))); }
export function psrlq_qi(r: usize): void { setMmx(r, low(lane.psrlq(dst(r), count(r)))); }
export function psllq_qi(r: usize): void { setMmx(r, low(lane.psllq(dst(r), count(r)))); }
export function pshufw_qqi(r: usize): void { setMmx(r, low(lane.pshuflw(q64(r), immOf<u8>(r)))); }
export function pshufw_qmi(r: usize): void { setMmx(r, low(lane.pshuflw(m64(r), immOf<u8>(r)))); }

// ---- moves ----

/** MOVD, MOVQ mm, r/m32, r/m64. */
export function movd_qr<T>(r: usize): void { checkMmxInstruction(); setMmx(r, <u64>getReg<T>(srcOf(r))); }
export function movd_qm<T>(r: usize): void { checkMmxInstruction(); setMmx(r, <u64>rd<T>(ea(r))); }
export function movd_rq<T>(r: usize): void {
  checkMmxInstruction();
  enterMmx();
  store<u64>(dstOf(r), <u64>getReg<T>(srcOf(r)));
}
export function movd_mq<T>(r: usize): void {
  checkMmxInstruction();
  wr<T>(ea(r), getReg<T>(srcOf(r)));
  enterMmx();
}
export function movq_qq(r: usize): void { setMmx(r, low(q64(r))); }
export function movq_qm(r: usize): void { setMmx(r, low(m64(r))); }
/** MOVQ, MOVNTQ m64, mm. */
export function movq_mq(r: usize): void {
  checkMmxInstruction();
  wr<u64>(ea(r), load<u64>(srcOf(r)));
  enterMmx();
}
export function pmovmskb_rq(r: usize): void {
  checkMmxInstruction();
  enterMmx();
  store<u64>(dstOf(r), <u64>(i8x16.bitmask(low64(load<u64>(srcOf(r)))) & 0xff));
}
export function pinsrw_qri(r: usize): void { insertWord(r, load<u16>(srcOf(r))); }
export function pinsrw_qmi(r: usize): void {
  checkMmxInstruction();
  insertWord(r, rd<u16>(ea(r)));
}
function insertWord(r: usize, word: u16): void {
  checkMmxInstruction();
  const shift: u64 = (immOf<u8>(r) & 3) << 4;
  setMmx(r, (load<u64>(dstOf(r)) & ~(<u64>0xffff << shift)) | (<u64>word << shift));
}
export function pextrw_rqi(r: usize): void {
  checkMmxInstruction();
  enterMmx();
  store<u64>(dstOf(r), <u64>load<u16>(srcOf(r) + ((immOf<u8>(r) & 3) << 1)));
}

/** MASKMOVQ: the bytes of the first register whose mask has bit 7 set go to [rDI]; ea() is DS:rDI. */
export function maskmovq_qq(r: usize): void {
  checkMmxInstruction();
  const address = ea(r);
  const bits = <u32>i8x16.bitmask(low64(load<u64>(srcOf(r)))) & 0xff;
  if (bits != 0) {
    const first = ctz(bits);
    checkWrite(address + first, 32 - clz(bits) - first);
  }
  for (let i: u32 = 0; i < 8; i++) if ((bits >> i) & 1) wr<u8>(address + i, load<u8>(dstOf(r) + i));
  enterMmx();
}

export function emms(r: usize): void {
  checkMmxInstruction();
  store<u8>(FTW, 0);
}

// ---- between MM and XMM ----

export function movq2dq_xq(r: usize): void {
  checkSse();
  checkMmxInstruction();
  enterMmx();
  v128.store(dstOf(r), low64(load<u64>(srcOf(r))));
}
export function movdq2q_qx(r: usize): void {
  checkSse();
  checkMmxInstruction();
  setMmx(r, load<u64>(srcOf(r)));
}
