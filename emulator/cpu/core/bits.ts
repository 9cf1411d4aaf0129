// BT BTS BTR BTC, BSF BSR, POPCNT TZCNT LZCNT, BSWAP, MOVBE.

import { EA, MODE, MODE_64, R_BASE, R_EXT, SEGS, SEG_BASE, SEG_SIZE } from "../layout";
import { CF, ZF, arithmeticFlags, putArithmetic, putCarry } from "./flags";
import { bitsOf, dstOf, ea, getReg, immOf, setReg, srcOf, sx } from "./record";
import { rd, rmw, rmwEnd, wr } from "./mmu";

const BT = 0, BTS = 1, BTR = 2, BTC = 3;

// @ts-ignore: decorator
@inline function change<T>(op: i32, v: T, bit: T): T {
  if (op == BTS) return (v | bit) as T;
  if (op == BTR) return (v & ~bit) as T;
  return (v ^ bit) as T;
}

/** CF is the bit; ZF is unchanged, the others are undefined (we keep them). */
// @ts-ignore: decorator
@inline function onReg<T>(op: i32, r: usize, n: u64): void {
  const d = dstOf(r);
  const v = getReg<T>(d);
  const bit = ((1 as T) << ((n & (bitsOf<T>() - 1)) as T)) as T;
  if (op != BT) setReg<T>(d, change<T>(op, v, bit));
  putCarry((v & bit) != 0);
}
// @ts-ignore: decorator
@inline function onMem<T>(op: i32, a: u64, n: u64): void {
  const bit = ((1 as T) << ((n & (bitsOf<T>() - 1)) as T)) as T;
  if (op == BT) {
    putCarry((rd<T>(a) & bit) != 0);
    return;
  }
  const p = rmw<T>(a);
  const v = load<T>(p);
  store<T>(p, change<T>(op, v, bit));
  rmwEnd(p);
  putCarry((v & bit) != 0);
}
/** The memory operand's address moved by `distance` bytes; the effective address wraps at the address size, as in linearOf() of hooks.ts. */
function farAddress(r: usize, distance: u64): u64 {
  const a = ea(r) + distance;
  const ext = load<u32>(r, R_EXT);
  const size = (ext >> 24) & 3;
  if (load<u16>(r, R_BASE) != EA || size == 2) return a;
  const seg = (ext >> 13) & 7;
  const base: u64 = seg == 7 ? 0 : load<u64>(SEGS + seg * SEG_SIZE, SEG_BASE);
  const linear = base + ((a - base) & (size == 1 ? 0xffff_ffff : 0xffff));
  return (load<u32>(MODE) & 3) == MODE_64 ? linear : linear & 0xffff_ffff;
}
/** A bit offset in a register reaches beyond the operand: it is signed (SDM 2 BT). */
// @ts-ignore: decorator
@inline function farBit<T>(op: i32, r: usize): void {
  const n = sx<T>(getReg<T>(srcOf(r)));
  const unit = n >> (sizeof<T>() == 8 ? 6 : sizeof<T>() == 4 ? 5 : 4);
  onMem<T>(op, farAddress(r, (unit * sizeof<T>()) as u64), n as u64);
}
export function bt_rr<T>(r: usize): void { onReg<T>(BT, r, getReg<T>(srcOf(r)) as u64); }
export function bt_ri<T>(r: usize): void { onReg<T>(BT, r, immOf<u64>(r)); }
export function bt_mr<T>(r: usize): void { farBit<T>(BT, r); }
export function bt_mi<T>(r: usize): void { onMem<T>(BT, ea(r), immOf<u64>(r)); }
export function bts_rr<T>(r: usize): void { onReg<T>(BTS, r, getReg<T>(srcOf(r)) as u64); }
export function bts_ri<T>(r: usize): void { onReg<T>(BTS, r, immOf<u64>(r)); }
export function bts_mr<T>(r: usize): void { farBit<T>(BTS, r); }
export function bts_mi<T>(r: usize): void { onMem<T>(BTS, ea(r), immOf<u64>(r)); }
export function btr_rr<T>(r: usize): void { onReg<T>(BTR, r, getReg<T>(srcOf(r)) as u64); }
export function btr_ri<T>(r: usize): void { onReg<T>(BTR, r, immOf<u64>(r)); }
export function btr_mr<T>(r: usize): void { farBit<T>(BTR, r); }
export function btr_mi<T>(r: usize): void { onMem<T>(BTR, ea(r), immOf<u64>(r)); }
export function btc_rr<T>(r: usize): void { onReg<T>(BTC, r, getReg<T>(srcOf(r)) as u64); }
export function btc_ri<T>(r: usize): void { onReg<T>(BTC, r, immOf<u64>(r)); }
export function btc_mr<T>(r: usize): void { farBit<T>(BTC, r); }
export function btc_mi<T>(r: usize): void { onMem<T>(BTC, ea(r), immOf<u64>(r)); }

/** A zero source sets ZF and leaves all of the destination alone (as processors do, its upper half too; the SDM says undefined). */
// @ts-ignore: decorator
@inline function scan<T>(forward: bool, r: usize, v: T): void {
  const d = dstOf(r);
  const others = arithmeticFlags() & ~ZF;
  if (v == 0) {
    putArithmetic(others | ZF);
    return;
  }
  const n = forward ? ctz<u64>(v as u64) : 63 - clz<u64>(v as u64);
  setReg<T>(d, n as T);
  putArithmetic(others);
}
export function bsf_rr<T>(r: usize): void { scan<T>(true, r, getReg<T>(srcOf(r))); }
export function bsf_rm<T>(r: usize): void { scan<T>(true, r, rd<T>(ea(r))); }
export function bsr_rr<T>(r: usize): void { scan<T>(false, r, getReg<T>(srcOf(r))); }
export function bsr_rm<T>(r: usize): void { scan<T>(false, r, rd<T>(ea(r))); }

function countFlags(carry: bool, zero: bool): void { putArithmetic((carry ? CF : 0) | (zero ? ZF : 0)); }
// @ts-ignore: decorator
@inline function popcount<T>(r: usize, v: T): void {
  setReg<T>(dstOf(r), popcnt<u64>(v as u64) as T);
  countFlags(false, v == 0);
}
// @ts-ignore: decorator
@inline function trailing<T>(r: usize, v: T): void {
  const n = v == 0 ? (bitsOf<T>() as u64) : ctz<u64>(v as u64);
  setReg<T>(dstOf(r), n as T);
  countFlags(v == 0, n == 0);
}
// @ts-ignore: decorator
@inline function leading<T>(r: usize, v: T): void {
  const n = clz<u64>(v as u64) - (64 - bitsOf<T>());
  setReg<T>(dstOf(r), n as T);
  countFlags(v == 0, n == 0);
}
export function popcnt_rr<T>(r: usize): void { popcount<T>(r, getReg<T>(srcOf(r))); }
export function popcnt_rm<T>(r: usize): void { popcount<T>(r, rd<T>(ea(r))); }
export function tzcnt_rr<T>(r: usize): void { trailing<T>(r, getReg<T>(srcOf(r))); }
export function tzcnt_rm<T>(r: usize): void { trailing<T>(r, rd<T>(ea(r))); }
export function lzcnt_rr<T>(r: usize): void { leading<T>(r, getReg<T>(srcOf(r))); }
export function lzcnt_rm<T>(r: usize): void { leading<T>(r, rd<T>(ea(r))); }

// @ts-ignore: decorator
@inline function swapped<T>(v: T): T {
  if (sizeof<T>() == 8) return bswap<u64>(v as u64) as T;
  if (sizeof<T>() == 4) return bswap<u32>(v as u32) as T;
  return bswap<u16>(v as u16) as T;
}
/** BSWAP of a 16-bit register is undefined; processors clear it. */
export function bswap_r<T>(r: usize): void {
  const d = dstOf(r);
  if (sizeof<T>() == 2) store<u16>(d, 0);
  else setReg<T>(d, swapped<T>(getReg<T>(d)));
}
export function movbe_rm<T>(r: usize): void { setReg<T>(dstOf(r), swapped<T>(rd<T>(ea(r)))); }
export function movbe_mr<T>(r: usize): void { wr<T>(ea(r), swapped<T>(getReg<T>(srcOf(r)))); }
