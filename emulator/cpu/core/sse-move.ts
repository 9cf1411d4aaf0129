// SSE and SSE2 data movement: whole registers, halves, single elements, to and from integer registers and memory.
// Must not know: decoding.

import { aligned, checkSse } from "./fpu-common";
import { checkWrite, rd, wr } from "./mmu";
import { dstOf, ea, getReg, immOf, srcOf } from "./record";
import { low64, m128, m128u, m32, m64, setXmm, store128, x128, x32, x64 } from "./vector";

// ---- 128 bits; MOVAPD, MOVDQA, MOVNT* and their unaligned kin move the same bits ----

// @ts-ignore: decorator
@inline export function movaps_xx(r: usize): void { setXmm(r, x128(r)); }
// @ts-ignore: decorator
@inline export function movaps_xm(r: usize): void { setXmm(r, m128(r)); }
// @ts-ignore: decorator
@inline export function movaps_mx(r: usize): void { store128(aligned(ea(r)), x128(r)); }
// @ts-ignore: decorator
@inline export function movups_xm(r: usize): void { setXmm(r, m128u(r)); }
// @ts-ignore: decorator
@inline export function movups_mx(r: usize): void { store128(ea(r), x128(r)); }
export function movups_xx(r: usize): void { setXmm(r, x128(r)); }

// ---- scalars: a load from memory clears the rest, a register move keeps it ----

export function movss_xx(r: usize): void { store<u32>(dstOf(r), x32(r)); }
export function movss_xm(r: usize): void { setXmm(r, low64(m32(r))); }
export function movss_mx(r: usize): void { wr<u32>(ea(r), x32(r)); }
export function movsd_xx(r: usize): void { store<u64>(dstOf(r), x64(r)); }
export function movsd_xm(r: usize): void { setXmm(r, low64(m64(r))); }
export function movsd_mx(r: usize): void { wr<u64>(ea(r), x64(r)); }
/** MOVQ clears the upper half in both forms. */
export function movq_xx(r: usize): void { setXmm(r, low64(x64(r))); }
export function movq_xm(r: usize): void { setXmm(r, low64(m64(r))); }
export function movq_mx(r: usize): void { wr<u64>(ea(r), x64(r)); }

// ---- halves ----

/** MOVLPS xmm, m64; the register form is MOVHLPS. */
export function movlps_xm(r: usize): void { store<u64>(dstOf(r), m64(r)); }
export function movhlps_xx(r: usize): void { store<u64>(dstOf(r), i64x2.extract_lane(x128(r), 1)); }
export function movlps_mx(r: usize): void { wr<u64>(ea(r), x64(r)); }
/** MOVHPS xmm, m64; the register form is MOVLHPS. */
export function movhps_xm(r: usize): void { store<u64>(dstOf(r), m64(r), 8); }
export function movlhps_xx(r: usize): void { store<u64>(dstOf(r), x64(r), 8); }
export function movhps_mx(r: usize): void { wr<u64>(ea(r), i64x2.extract_lane(x128(r), 1)); }

// ---- integer registers; a 32-bit result clears the upper half of the register ----

/** MOVD, MOVQ by operand size. */
export function movd_xr<T>(r: usize): void { checkSse(); setXmm(r, low64(<u64>getReg<T>(srcOf(r)))); }
export function movd_xm<T>(r: usize): void { checkSse(); setXmm(r, low64(<u64>rd<T>(ea(r)))); }
export function movd_rx<T>(r: usize): void { checkSse(); store<u64>(dstOf(r), <u64>getReg<T>(srcOf(r))); }
export function movd_mx<T>(r: usize): void { checkSse(); wr<T>(ea(r), getReg<T>(srcOf(r))); }
/** MOVNTI m32/m64, r. */
export function movnti_mr<T>(r: usize): void { wr<T>(ea(r), getReg<T>(srcOf(r))); }

export function movmskps_rx(r: usize): void { store<u64>(dstOf(r), <u64>i32x4.bitmask(x128(r))); }
export function movmskpd_rx(r: usize): void { store<u64>(dstOf(r), <u64>i64x2.bitmask(x128(r))); }
export function pmovmskb_rx(r: usize): void { store<u64>(dstOf(r), <u64>i8x16.bitmask(x128(r))); }

// @ts-ignore: decorator
@inline function wordAt(register: usize, r: usize): usize { return register + ((<usize>immOf<u8>(r) & 7) << 1); }
export function pinsrw_xri(r: usize): void { checkSse(); store<u16>(wordAt(dstOf(r), r), load<u16>(srcOf(r))); }
export function pinsrw_xmi(r: usize): void { checkSse(); store<u16>(wordAt(dstOf(r), r), rd<u16>(ea(r))); }
export function pextrw_rxi(r: usize): void { checkSse(); store<u64>(dstOf(r), <u64>load<u16>(wordAt(srcOf(r), r))); }

// ---- between XMM and MM ----

/** MASKMOVDQU: the bytes of the first register whose mask has bit 7 set go to [rDI]; ea() is DS:rDI. */
export function maskmovdqu_xx(r: usize): void {
  const bits = <u32>i8x16.bitmask(x128(r));
  if (bits == 0) return;
  const address = ea(r), data = dstOf(r);
  const first = ctz(bits);
  checkWrite(address + first, 32 - clz(bits) - first);
  for (let i: u32 = 0; i < 16; i++) if ((bits >> i) & 1) wr<u8>(address + i, load<u8>(data + i));
}
