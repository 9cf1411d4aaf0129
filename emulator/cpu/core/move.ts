// MOV MOVZX MOVSX MOVSXD LEA XCHG CMOVcc SETcc, CBW..CQO, XLAT, LAHF SAHF.

import { condition, getFlags, putArithmetic, arithmeticFlags, OF_ } from "./flags";
import { RAX, RDX, dstOf, ea, getReg, immOf, setReg, srcOf, sx } from "./record";
import { rd, rmw, rmwEnd, wr } from "./mmu";

// @ts-ignore: decorator
@inline export function mov_rr<T>(r: usize): void { setReg<T>(dstOf(r), getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline export function mov_rm<T>(r: usize): void { setReg<T>(dstOf(r), rd<T>(ea(r))); }
// @ts-ignore: decorator
@inline export function mov_mr<T>(r: usize): void { wr<T>(ea(r), getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline export function mov_ri<T>(r: usize): void { setReg<T>(dstOf(r), immOf<T>(r)); }
// @ts-ignore: decorator
@inline export function mov_mi<T>(r: usize): void { wr<T>(ea(r), immOf<T>(r)); }

// @ts-ignore: decorator
@inline export function movzxb_rr<T>(r: usize): void { setReg<T>(dstOf(r), getReg<u8>(srcOf(r)) as T); }
// @ts-ignore: decorator
@inline export function movzxb_rm<T>(r: usize): void { setReg<T>(dstOf(r), rd<u8>(ea(r)) as T); }
// @ts-ignore: decorator
@inline export function movzxw_rr<T>(r: usize): void { setReg<T>(dstOf(r), getReg<u16>(srcOf(r)) as T); }
// @ts-ignore: decorator
@inline export function movzxw_rm<T>(r: usize): void { setReg<T>(dstOf(r), rd<u16>(ea(r)) as T); }
// @ts-ignore: decorator
@inline export function movsxb_rr<T>(r: usize): void { setReg<T>(dstOf(r), sx<u8>(getReg<u8>(srcOf(r))) as T); }
// @ts-ignore: decorator
@inline export function movsxb_rm<T>(r: usize): void { setReg<T>(dstOf(r), sx<u8>(rd<u8>(ea(r))) as T); }
// @ts-ignore: decorator
@inline export function movsxw_rr<T>(r: usize): void { setReg<T>(dstOf(r), sx<u16>(getReg<u16>(srcOf(r))) as T); }
// @ts-ignore: decorator
@inline export function movsxw_rm<T>(r: usize): void { setReg<T>(dstOf(r), sx<u16>(rd<u16>(ea(r))) as T); }
/** MOVSXD: with a 16-bit operand size it moves 16 bits. */
// @ts-ignore: decorator
@inline export function movsxd_rr<T>(r: usize): void {
  if (sizeof<T>() == 2) setReg<T>(dstOf(r), getReg<T>(srcOf(r)));
  else setReg<T>(dstOf(r), sx<u32>(getReg<u32>(srcOf(r))) as T);
}
// @ts-ignore: decorator
@inline export function movsxd_rm<T>(r: usize): void {
  if (sizeof<T>() == 2) setReg<T>(dstOf(r), rd<T>(ea(r)));
  else setReg<T>(dstOf(r), sx<u32>(rd<u32>(ea(r))) as T);
}

// @ts-ignore: decorator
@inline export function lea_rm<T>(r: usize): void { setReg<T>(dstOf(r), ea(r) as T); }

// @ts-ignore: decorator
@inline export function xchg_rr<T>(r: usize): void {
  const d = dstOf(r), s = srcOf(r);
  const v = getReg<T>(d);
  setReg<T>(d, getReg<T>(s));
  setReg<T>(s, v);
}
/** Opcode 90: NOP, not an exchange that would clear bits 63:32 (SDM 2 NOP); with REX.B it exchanges R8. */
export function xchgnop_rr<T>(r: usize): void { if (dstOf(r) != srcOf(r)) xchg_rr<T>(r); }
// @ts-ignore: decorator
@inline export function xchg_mr<T>(r: usize): void {
  const s = srcOf(r);
  const p = rmw<T>(ea(r));
  const v = load<T>(p);
  store<T>(p, getReg<T>(s));
  setReg<T>(s, v);
  rmwEnd(p);
}

/** A 32-bit CMOVcc clears the upper half even when the condition is false; the memory operand is always read. */
// @ts-ignore: decorator
@inline function cmovRR<T>(cc: i32, r: usize): void {
  const d = dstOf(r);
  setReg<T>(d, condition(cc) ? getReg<T>(srcOf(r)) : getReg<T>(d));
}
// @ts-ignore: decorator
@inline function cmovRM<T>(cc: i32, r: usize): void {
  const d = dstOf(r);
  const v = rd<T>(ea(r));
  setReg<T>(d, condition(cc) ? v : getReg<T>(d));
}
// @ts-ignore: decorator
@inline export function cmovo_rr<T>(r: usize): void { cmovRR<T>(0, r); }
// @ts-ignore: decorator
@inline export function cmovo_rm<T>(r: usize): void { cmovRM<T>(0, r); }
// @ts-ignore: decorator
@inline export function seto_r<T>(r: usize): void { store<u8>(dstOf(r), condition(0) as u8); }
// @ts-ignore: decorator
@inline export function seto_m<T>(r: usize): void { wr<u8>(ea(r), condition(0) as u8); }
// @ts-ignore: decorator
@inline export function cmovno_rr<T>(r: usize): void { cmovRR<T>(1, r); }
// @ts-ignore: decorator
@inline export function cmovno_rm<T>(r: usize): void { cmovRM<T>(1, r); }
// @ts-ignore: decorator
@inline export function setno_r<T>(r: usize): void { store<u8>(dstOf(r), condition(1) as u8); }
// @ts-ignore: decorator
@inline export function setno_m<T>(r: usize): void { wr<u8>(ea(r), condition(1) as u8); }
// @ts-ignore: decorator
@inline export function cmovb_rr<T>(r: usize): void { cmovRR<T>(2, r); }
// @ts-ignore: decorator
@inline export function cmovb_rm<T>(r: usize): void { cmovRM<T>(2, r); }
// @ts-ignore: decorator
@inline export function setb_r<T>(r: usize): void { store<u8>(dstOf(r), condition(2) as u8); }
// @ts-ignore: decorator
@inline export function setb_m<T>(r: usize): void { wr<u8>(ea(r), condition(2) as u8); }
// @ts-ignore: decorator
@inline export function cmovnb_rr<T>(r: usize): void { cmovRR<T>(3, r); }
// @ts-ignore: decorator
@inline export function cmovnb_rm<T>(r: usize): void { cmovRM<T>(3, r); }
// @ts-ignore: decorator
@inline export function setnb_r<T>(r: usize): void { store<u8>(dstOf(r), condition(3) as u8); }
// @ts-ignore: decorator
@inline export function setnb_m<T>(r: usize): void { wr<u8>(ea(r), condition(3) as u8); }
// @ts-ignore: decorator
@inline export function cmovz_rr<T>(r: usize): void { cmovRR<T>(4, r); }
// @ts-ignore: decorator
@inline export function cmovz_rm<T>(r: usize): void { cmovRM<T>(4, r); }
// @ts-ignore: decorator
@inline export function setz_r<T>(r: usize): void { store<u8>(dstOf(r), condition(4) as u8); }
// @ts-ignore: decorator
@inline export function setz_m<T>(r: usize): void { wr<u8>(ea(r), condition(4) as u8); }
// @ts-ignore: decorator
@inline export function cmovnz_rr<T>(r: usize): void { cmovRR<T>(5, r); }
// @ts-ignore: decorator
@inline export function cmovnz_rm<T>(r: usize): void { cmovRM<T>(5, r); }
// @ts-ignore: decorator
@inline export function setnz_r<T>(r: usize): void { store<u8>(dstOf(r), condition(5) as u8); }
// @ts-ignore: decorator
@inline export function setnz_m<T>(r: usize): void { wr<u8>(ea(r), condition(5) as u8); }
// @ts-ignore: decorator
@inline export function cmovbe_rr<T>(r: usize): void { cmovRR<T>(6, r); }
// @ts-ignore: decorator
@inline export function cmovbe_rm<T>(r: usize): void { cmovRM<T>(6, r); }
// @ts-ignore: decorator
@inline export function setbe_r<T>(r: usize): void { store<u8>(dstOf(r), condition(6) as u8); }
// @ts-ignore: decorator
@inline export function setbe_m<T>(r: usize): void { wr<u8>(ea(r), condition(6) as u8); }
// @ts-ignore: decorator
@inline export function cmovnbe_rr<T>(r: usize): void { cmovRR<T>(7, r); }
// @ts-ignore: decorator
@inline export function cmovnbe_rm<T>(r: usize): void { cmovRM<T>(7, r); }
// @ts-ignore: decorator
@inline export function setnbe_r<T>(r: usize): void { store<u8>(dstOf(r), condition(7) as u8); }
// @ts-ignore: decorator
@inline export function setnbe_m<T>(r: usize): void { wr<u8>(ea(r), condition(7) as u8); }
// @ts-ignore: decorator
@inline export function cmovs_rr<T>(r: usize): void { cmovRR<T>(8, r); }
// @ts-ignore: decorator
@inline export function cmovs_rm<T>(r: usize): void { cmovRM<T>(8, r); }
// @ts-ignore: decorator
@inline export function sets_r<T>(r: usize): void { store<u8>(dstOf(r), condition(8) as u8); }
// @ts-ignore: decorator
@inline export function sets_m<T>(r: usize): void { wr<u8>(ea(r), condition(8) as u8); }
// @ts-ignore: decorator
@inline export function cmovns_rr<T>(r: usize): void { cmovRR<T>(9, r); }
// @ts-ignore: decorator
@inline export function cmovns_rm<T>(r: usize): void { cmovRM<T>(9, r); }
// @ts-ignore: decorator
@inline export function setns_r<T>(r: usize): void { store<u8>(dstOf(r), condition(9) as u8); }
// @ts-ignore: decorator
@inline export function setns_m<T>(r: usize): void { wr<u8>(ea(r), condition(9) as u8); }
// @ts-ignore: decorator
@inline export function cmovp_rr<T>(r: usize): void { cmovRR<T>(10, r); }
// @ts-ignore: decorator
@inline export function cmovp_rm<T>(r: usize): void { cmovRM<T>(10, r); }
// @ts-ignore: decorator
@inline export function setp_r<T>(r: usize): void { store<u8>(dstOf(r), condition(10) as u8); }
// @ts-ignore: decorator
@inline export function setp_m<T>(r: usize): void { wr<u8>(ea(r), condition(10) as u8); }
// @ts-ignore: decorator
@inline export function cmovnp_rr<T>(r: usize): void { cmovRR<T>(11, r); }
// @ts-ignore: decorator
@inline export function cmovnp_rm<T>(r: usize): void { cmovRM<T>(11, r); }
// @ts-ignore: decorator
@inline export function setnp_r<T>(r: usize): void { store<u8>(dstOf(r), condition(11) as u8); }
// @ts-ignore: decorator
@inline export function setnp_m<T>(r: usize): void { wr<u8>(ea(r), condition(11) as u8); }
// @ts-ignore: decorator
@inline export function cmovl_rr<T>(r: usize): void { cmovRR<T>(12, r); }
// @ts-ignore: decorator
@inline export function cmovl_rm<T>(r: usize): void { cmovRM<T>(12, r); }
// @ts-ignore: decorator
@inline export function setl_r<T>(r: usize): void { store<u8>(dstOf(r), condition(12) as u8); }
// @ts-ignore: decorator
@inline export function setl_m<T>(r: usize): void { wr<u8>(ea(r), condition(12) as u8); }
// @ts-ignore: decorator
@inline export function cmovnl_rr<T>(r: usize): void { cmovRR<T>(13, r); }
// @ts-ignore: decorator
@inline export function cmovnl_rm<T>(r: usize): void { cmovRM<T>(13, r); }
// @ts-ignore: decorator
@inline export function setnl_r<T>(r: usize): void { store<u8>(dstOf(r), condition(13) as u8); }
// @ts-ignore: decorator
@inline export function setnl_m<T>(r: usize): void { wr<u8>(ea(r), condition(13) as u8); }
// @ts-ignore: decorator
@inline export function cmovle_rr<T>(r: usize): void { cmovRR<T>(14, r); }
// @ts-ignore: decorator
@inline export function cmovle_rm<T>(r: usize): void { cmovRM<T>(14, r); }
// @ts-ignore: decorator
@inline export function setle_r<T>(r: usize): void { store<u8>(dstOf(r), condition(14) as u8); }
// @ts-ignore: decorator
@inline export function setle_m<T>(r: usize): void { wr<u8>(ea(r), condition(14) as u8); }
// @ts-ignore: decorator
@inline export function cmovnle_rr<T>(r: usize): void { cmovRR<T>(15, r); }
// @ts-ignore: decorator
@inline export function cmovnle_rm<T>(r: usize): void { cmovRM<T>(15, r); }
// @ts-ignore: decorator
@inline export function setnle_r<T>(r: usize): void { store<u8>(dstOf(r), condition(15) as u8); }
// @ts-ignore: decorator
@inline export function setnle_m<T>(r: usize): void { wr<u8>(ea(r), condition(15) as u8); }

/** CBW CWDE CDQE: sign-extends the lower half of rAX. */
// @ts-ignore: decorator
@inline export function cbw<T>(r: usize): void {
  if (sizeof<T>() == 2) setReg<T>(RAX, sx<u8>(load<u8>(RAX)) as T);
  else if (sizeof<T>() == 4) setReg<T>(RAX, sx<u16>(load<u16>(RAX)) as T);
  else setReg<T>(RAX, sx<u32>(load<u32>(RAX)) as T);
}
/** CWD CDQ CQO: rDX becomes the sign of rAX. */
// @ts-ignore: decorator
@inline export function cwd<T>(r: usize): void { setReg<T>(RDX, (sx<T>(getReg<T>(RAX)) >> 63) as T); }

/** XLAT: base + AL; the record's base is rBX and its memory operand is completed here. */
export function xlat(r: usize): void { store<u8>(RAX, rd<u8>(ea(r) + (load<u8>(RAX) as u64))); }

export function lahf(r: usize): void { store<u8>(RAX + 1, getFlags() as u8); }
export function sahf(r: usize): void { putArithmetic((load<u8>(RAX + 1) as u32) | (arithmeticFlags() & OF_)); }
