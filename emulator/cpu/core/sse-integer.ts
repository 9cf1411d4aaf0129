// Packed-integer SSE2 instructions (66 0F 60-FE): one handler an opcode and form over the lane operations of sse-lanes.ts.
// Must not know: decoding. Operands come through vector.ts.

import * as lane from "./sse-lanes";
import { checkSse } from "./fpu-common";
import { immOf } from "./record";
import { m128, setXmm, x128, xmmDst } from "./vector";

// ---- xmm, xmm/m128 ----

// @ts-ignore: decorator
@inline export function punpcklbw_xx(r: usize): void { setXmm(r, lane.punpcklbw(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpcklbw_xm(r: usize): void { setXmm(r, lane.punpcklbw(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpcklwd_xx(r: usize): void { setXmm(r, lane.punpcklwd(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpcklwd_xm(r: usize): void { setXmm(r, lane.punpcklwd(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpckldq_xx(r: usize): void { setXmm(r, lane.punpckldq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpckldq_xm(r: usize): void { setXmm(r, lane.punpckldq(xmmDst(r), m128(r))); }
export function packsswb_xx(r: usize): void { setXmm(r, lane.packsswb(xmmDst(r), x128(r))); }
export function packsswb_xm(r: usize): void { setXmm(r, lane.packsswb(xmmDst(r), m128(r))); }
export function pcmpgtb_xx(r: usize): void { setXmm(r, lane.pcmpgtb(xmmDst(r), x128(r))); }
export function pcmpgtb_xm(r: usize): void { setXmm(r, lane.pcmpgtb(xmmDst(r), m128(r))); }
export function pcmpgtw_xx(r: usize): void { setXmm(r, lane.pcmpgtw(xmmDst(r), x128(r))); }
export function pcmpgtw_xm(r: usize): void { setXmm(r, lane.pcmpgtw(xmmDst(r), m128(r))); }
export function pcmpgtd_xx(r: usize): void { setXmm(r, lane.pcmpgtd(xmmDst(r), x128(r))); }
export function pcmpgtd_xm(r: usize): void { setXmm(r, lane.pcmpgtd(xmmDst(r), m128(r))); }
export function packuswb_xx(r: usize): void { setXmm(r, lane.packuswb(xmmDst(r), x128(r))); }
export function packuswb_xm(r: usize): void { setXmm(r, lane.packuswb(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpckhbw_xx(r: usize): void { setXmm(r, lane.punpckhbw(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpckhbw_xm(r: usize): void { setXmm(r, lane.punpckhbw(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpckhwd_xx(r: usize): void { setXmm(r, lane.punpckhwd(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpckhwd_xm(r: usize): void { setXmm(r, lane.punpckhwd(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpckhdq_xx(r: usize): void { setXmm(r, lane.punpckhdq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpckhdq_xm(r: usize): void { setXmm(r, lane.punpckhdq(xmmDst(r), m128(r))); }
export function packssdw_xx(r: usize): void { setXmm(r, lane.packssdw(xmmDst(r), x128(r))); }
export function packssdw_xm(r: usize): void { setXmm(r, lane.packssdw(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpcklqdq_xx(r: usize): void { setXmm(r, lane.punpcklqdq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpcklqdq_xm(r: usize): void { setXmm(r, lane.punpcklqdq(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function punpckhqdq_xx(r: usize): void { setXmm(r, lane.punpckhqdq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function punpckhqdq_xm(r: usize): void { setXmm(r, lane.punpckhqdq(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function pcmpeqb_xx(r: usize): void { setXmm(r, lane.pcmpeqb(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function pcmpeqb_xm(r: usize): void { setXmm(r, lane.pcmpeqb(xmmDst(r), m128(r))); }
export function pcmpeqw_xx(r: usize): void { setXmm(r, lane.pcmpeqw(xmmDst(r), x128(r))); }
export function pcmpeqw_xm(r: usize): void { setXmm(r, lane.pcmpeqw(xmmDst(r), m128(r))); }
export function pcmpeqd_xx(r: usize): void { setXmm(r, lane.pcmpeqd(xmmDst(r), x128(r))); }
export function pcmpeqd_xm(r: usize): void { setXmm(r, lane.pcmpeqd(xmmDst(r), m128(r))); }
export function psrlw_xx(r: usize): void { setXmm(r, lane.psrlw(xmmDst(r), x128(r))); }
export function psrlw_xm(r: usize): void { setXmm(r, lane.psrlw(xmmDst(r), m128(r))); }
export function psrld_xx(r: usize): void { setXmm(r, lane.psrld(xmmDst(r), x128(r))); }
export function psrld_xm(r: usize): void { setXmm(r, lane.psrld(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function psrlq_xx(r: usize): void { setXmm(r, lane.psrlq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function psrlq_xm(r: usize): void { setXmm(r, lane.psrlq(xmmDst(r), m128(r))); }
export function psraw_xx(r: usize): void { setXmm(r, lane.psraw(xmmDst(r), x128(r))); }
export function psraw_xm(r: usize): void { setXmm(r, lane.psraw(xmmDst(r), m128(r))); }
export function psrad_xx(r: usize): void { setXmm(r, lane.psrad(xmmDst(r), x128(r))); }
export function psrad_xm(r: usize): void { setXmm(r, lane.psrad(xmmDst(r), m128(r))); }
export function psllw_xx(r: usize): void { setXmm(r, lane.psllw(xmmDst(r), x128(r))); }
export function psllw_xm(r: usize): void { setXmm(r, lane.psllw(xmmDst(r), m128(r))); }
export function pslld_xx(r: usize): void { setXmm(r, lane.pslld(xmmDst(r), x128(r))); }
export function pslld_xm(r: usize): void { setXmm(r, lane.pslld(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function psllq_xx(r: usize): void { setXmm(r, lane.psllq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function psllq_xm(r: usize): void { setXmm(r, lane.psllq(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function paddq_xx(r: usize): void { setXmm(r, lane.paddq(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function paddq_xm(r: usize): void { setXmm(r, lane.paddq(xmmDst(r), m128(r))); }
export function pmullw_xx(r: usize): void { setXmm(r, lane.pmullw(xmmDst(r), x128(r))); }
export function pmullw_xm(r: usize): void { setXmm(r, lane.pmullw(xmmDst(r), m128(r))); }
export function psubusb_xx(r: usize): void { setXmm(r, lane.psubusb(xmmDst(r), x128(r))); }
export function psubusb_xm(r: usize): void { setXmm(r, lane.psubusb(xmmDst(r), m128(r))); }
export function psubusw_xx(r: usize): void { setXmm(r, lane.psubusw(xmmDst(r), x128(r))); }
export function psubusw_xm(r: usize): void { setXmm(r, lane.psubusw(xmmDst(r), m128(r))); }
export function pminub_xx(r: usize): void { setXmm(r, lane.pminub(xmmDst(r), x128(r))); }
export function pminub_xm(r: usize): void { setXmm(r, lane.pminub(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function pand_xx(r: usize): void { setXmm(r, lane.pand(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function pand_xm(r: usize): void { setXmm(r, lane.pand(xmmDst(r), m128(r))); }
export function paddusb_xx(r: usize): void { setXmm(r, lane.paddusb(xmmDst(r), x128(r))); }
export function paddusb_xm(r: usize): void { setXmm(r, lane.paddusb(xmmDst(r), m128(r))); }
export function paddusw_xx(r: usize): void { setXmm(r, lane.paddusw(xmmDst(r), x128(r))); }
export function paddusw_xm(r: usize): void { setXmm(r, lane.paddusw(xmmDst(r), m128(r))); }
export function pmaxub_xx(r: usize): void { setXmm(r, lane.pmaxub(xmmDst(r), x128(r))); }
export function pmaxub_xm(r: usize): void { setXmm(r, lane.pmaxub(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function pandn_xx(r: usize): void { setXmm(r, lane.pandn(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function pandn_xm(r: usize): void { setXmm(r, lane.pandn(xmmDst(r), m128(r))); }
export function pavgb_xx(r: usize): void { setXmm(r, lane.pavgb(xmmDst(r), x128(r))); }
export function pavgb_xm(r: usize): void { setXmm(r, lane.pavgb(xmmDst(r), m128(r))); }
export function pavgw_xx(r: usize): void { setXmm(r, lane.pavgw(xmmDst(r), x128(r))); }
export function pavgw_xm(r: usize): void { setXmm(r, lane.pavgw(xmmDst(r), m128(r))); }
export function pmulhuw_xx(r: usize): void { setXmm(r, lane.pmulhuw(xmmDst(r), x128(r))); }
export function pmulhuw_xm(r: usize): void { setXmm(r, lane.pmulhuw(xmmDst(r), m128(r))); }
export function pmulhw_xx(r: usize): void { setXmm(r, lane.pmulhw(xmmDst(r), x128(r))); }
export function pmulhw_xm(r: usize): void { setXmm(r, lane.pmulhw(xmmDst(r), m128(r))); }
export function psubsb_xx(r: usize): void { setXmm(r, lane.psubsb(xmmDst(r), x128(r))); }
export function psubsb_xm(r: usize): void { setXmm(r, lane.psubsb(xmmDst(r), m128(r))); }
export function psubsw_xx(r: usize): void { setXmm(r, lane.psubsw(xmmDst(r), x128(r))); }
export function psubsw_xm(r: usize): void { setXmm(r, lane.psubsw(xmmDst(r), m128(r))); }
export function pminsw_xx(r: usize): void { setXmm(r, lane.pminsw(xmmDst(r), x128(r))); }
export function pminsw_xm(r: usize): void { setXmm(r, lane.pminsw(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function por_xx(r: usize): void { setXmm(r, lane.por(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function por_xm(r: usize): void { setXmm(r, lane.por(xmmDst(r), m128(r))); }
export function paddsb_xx(r: usize): void { setXmm(r, lane.paddsb(xmmDst(r), x128(r))); }
export function paddsb_xm(r: usize): void { setXmm(r, lane.paddsb(xmmDst(r), m128(r))); }
export function paddsw_xx(r: usize): void { setXmm(r, lane.paddsw(xmmDst(r), x128(r))); }
export function paddsw_xm(r: usize): void { setXmm(r, lane.paddsw(xmmDst(r), m128(r))); }
export function pmaxsw_xx(r: usize): void { setXmm(r, lane.pmaxsw(xmmDst(r), x128(r))); }
export function pmaxsw_xm(r: usize): void { setXmm(r, lane.pmaxsw(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function pxor_xx(r: usize): void { setXmm(r, lane.pxor(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function pxor_xm(r: usize): void { setXmm(r, lane.pxor(xmmDst(r), m128(r))); }
export function pmuludq_xx(r: usize): void { setXmm(r, lane.pmuludq(xmmDst(r), x128(r))); }
export function pmuludq_xm(r: usize): void { setXmm(r, lane.pmuludq(xmmDst(r), m128(r))); }
export function pmaddwd_xx(r: usize): void { setXmm(r, lane.pmaddwd(xmmDst(r), x128(r))); }
export function pmaddwd_xm(r: usize): void { setXmm(r, lane.pmaddwd(xmmDst(r), m128(r))); }
export function psadbw_xx(r: usize): void { setXmm(r, lane.psadbw(xmmDst(r), x128(r))); }
export function psadbw_xm(r: usize): void { setXmm(r, lane.psadbw(xmmDst(r), m128(r))); }
export function psubb_xx(r: usize): void { setXmm(r, lane.psubb(xmmDst(r), x128(r))); }
export function psubb_xm(r: usize): void { setXmm(r, lane.psubb(xmmDst(r), m128(r))); }
export function psubw_xx(r: usize): void { setXmm(r, lane.psubw(xmmDst(r), x128(r))); }
export function psubw_xm(r: usize): void { setXmm(r, lane.psubw(xmmDst(r), m128(r))); }
export function psubd_xx(r: usize): void { setXmm(r, lane.psubd(xmmDst(r), x128(r))); }
export function psubd_xm(r: usize): void { setXmm(r, lane.psubd(xmmDst(r), m128(r))); }
export function psubq_xx(r: usize): void { setXmm(r, lane.psubq(xmmDst(r), x128(r))); }
export function psubq_xm(r: usize): void { setXmm(r, lane.psubq(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function paddb_xx(r: usize): void { setXmm(r, lane.paddb(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function paddb_xm(r: usize): void { setXmm(r, lane.paddb(xmmDst(r), m128(r))); }
export function paddw_xx(r: usize): void { setXmm(r, lane.paddw(xmmDst(r), x128(r))); }
export function paddw_xm(r: usize): void { setXmm(r, lane.paddw(xmmDst(r), m128(r))); }
// @ts-ignore: decorator
@inline export function paddd_xx(r: usize): void { setXmm(r, lane.paddd(xmmDst(r), x128(r))); }
// @ts-ignore: decorator
@inline export function paddd_xm(r: usize): void { setXmm(r, lane.paddd(xmmDst(r), m128(r))); }

// ---- xmm, xmm/m128, imm8 ----

// @ts-ignore: decorator
@inline export function pshufd_xxi(r: usize): void { setXmm(r, lane.pshufd(x128(r), immOf<u8>(r))); }
// @ts-ignore: decorator
@inline export function pshufd_xmi(r: usize): void { setXmm(r, lane.pshufd(m128(r), immOf<u8>(r))); }
export function pshuflw_xxi(r: usize): void { setXmm(r, lane.pshuflw(x128(r), immOf<u8>(r))); }
export function pshuflw_xmi(r: usize): void { setXmm(r, lane.pshuflw(m128(r), immOf<u8>(r))); }
export function pshufhw_xxi(r: usize): void { setXmm(r, lane.pshufhw(x128(r), immOf<u8>(r))); }
export function pshufhw_xmi(r: usize): void { setXmm(r, lane.pshufhw(m128(r), immOf<u8>(r))); }
// @ts-ignore: decorator
@inline export function shufps_xxi(r: usize): void { setXmm(r, lane.shufps(xmmDst(r), x128(r), immOf<u8>(r))); }
// @ts-ignore: decorator
@inline export function shufps_xmi(r: usize): void { setXmm(r, lane.shufps(xmmDst(r), m128(r), immOf<u8>(r))); }
export function shufpd_xxi(r: usize): void { setXmm(r, lane.shufpd(xmmDst(r), x128(r), immOf<u8>(r))); }
export function shufpd_xmi(r: usize): void { setXmm(r, lane.shufpd(xmmDst(r), m128(r), immOf<u8>(r))); }

// ---- shifts of a register by imm8 (groups 12-14) ----

// @ts-ignore: decorator
@inline function count(r: usize): v128 { checkSse(); return i64x2.splat(immOf<u8>(r)); }
export function psrlw_xi(r: usize): void { setXmm(r, lane.psrlw(xmmDst(r), count(r))); }
export function psraw_xi(r: usize): void { setXmm(r, lane.psraw(xmmDst(r), count(r))); }
export function psllw_xi(r: usize): void { setXmm(r, lane.psllw(xmmDst(r), count(r))); }
export function psrld_xi(r: usize): void { setXmm(r, lane.psrld(xmmDst(r), count(r))); }
export function psrad_xi(r: usize): void { setXmm(r, lane.psrad(xmmDst(r), count(r))); }
export function pslld_xi(r: usize): void { setXmm(r, lane.pslld(xmmDst(r), count(r))); }
// @ts-ignore: decorator
@inline export function psrlq_xi(r: usize): void { setXmm(r, lane.psrlq(xmmDst(r), count(r))); }
// @ts-ignore: decorator
@inline export function psllq_xi(r: usize): void { setXmm(r, lane.psllq(xmmDst(r), count(r))); }
export function psrldq_xi(r: usize): void { checkSse(); setXmm(r, lane.psrldq(xmmDst(r), immOf<u8>(r))); }
export function pslldq_xi(r: usize): void { checkSse(); setXmm(r, lane.pslldq(xmmDst(r), immOf<u8>(r))); }
