// SHL SHR SAR ROL ROR RCL RCR SHLD SHRD. Counts are masked to 5 bits, 6 for 64-bit operands (SDM 2 SAL/SAR/SHL/SHR).

import { AF, CF, EXPLICIT, OF_, adjust, arithmeticFlags, cf, putArithmetic, setResultFlags } from "./flags";
import { FLAG_OP, FLAG_RES } from "../layout";
import { RCX, bitsOf, dstOf, ea, getReg, immOf, setReg, srcOf, sx } from "./record";
import { rmw, rmwEnd } from "./mmu";

const ROL = 0, ROR = 1, RCL = 2, RCR = 3, SHL = 4, SHR = 5, SAR = 7;

// @ts-ignore: decorator
@inline function maskOf<T>(): u32 { return sizeof<T>() == 8 ? 63 : 31; }

// @ts-ignore: decorator
@inline function top<T>(v: T): u32 { return ((v >> ((bitsOf<T>() - 1) as T)) as u32) & 1; }

/** SHL SHR SAR with a count that is not 0. */
// @ts-ignore: decorator
@inline function shift<T>(op: i32, a: T, n: u32): T {
  const bits = bitsOf<T>();
  let r: T;
  let c: u32;
  let o: u32;
  if (op == SAR) {
    const s = sx<T>(a);
    const k = n > 63 ? 63 : n;
    r = (s >> (k as i64)) as T;
    c = ((s >> ((k - 1) as i64)) as u32) & 1;
    o = 0;
  } else if (sizeof<T>() == 8) {
    r = op == SHL ? a << (n as T) : a >> (n as T);
    c = (op == SHL ? (a >> ((bits - n) as T)) as u32 : (a >> ((n - 1) as T)) as u32) & 1;
    o = op == SHL ? top<T>(r) ^ c : n == 1 ? top<T>(a) : 0;
  } else {
    const w = a as u64;
    r = (op == SHL ? w << (n as u64) : w >> (n as u64)) as T;
    c = (op == SHL ? ((w << (n as u64)) >> (bits as u64)) as u32 : (w >> ((n - 1) as u64)) as u32) & 1;
    o = op == SHL ? top<T>(r) ^ c : n == 1 ? top<T>(a) : 0;
  }
  setResultFlags(sx<T>(r), c | (o << 11));
  return r;
}

/** Rotates change CF and OF only: ZF, SF and PF stay those of the result before, whatever operation that was. */
export function rotateFlags(c: u32, o: u32): void {
  const op = load<u32>(FLAG_OP);
  if (op == EXPLICIT) putArithmetic((arithmeticFlags() & ~(CF | OF_)) | c | (o << 11));
  else setResultFlags(load<i64>(FLAG_RES), c | (o << 11) | (adjust(op) ? AF : 0));
}

/** ROL ROR RCL RCR with a masked count that is not 0. */
function rotate<T>(op: i32, a: T, count: u32): T {
  const bits = bitsOf<T>();
  let r = a;
  if (op == ROL || op == ROR) {
    const n = count & (bits - 1);
    const k = op == ROL ? n : (bits - n) & (bits - 1);
    if (k) r = ((a << (k as T)) | (a >> ((bits - k) as T))) as T;
    if (op == ROL) {
      const c = (r as u32) & 1;
      rotateFlags(c, top<T>(r) ^ c);
    } else {
      const c = top<T>(r);
      rotateFlags(c, c ^ (((r >> ((bits - 2) as T)) as u32) & 1));
    }
    return r;
  }
  let c: u32 = cf() as u32;
  const n = count % (bits + 1);
  for (let i: u32 = 0; i < n; i++) {
    if (op == RCL) {
      const out = top<T>(r);
      r = ((r << 1) | (c as T)) as T;
      c = out;
    } else {
      const out = (r as u32) & 1;
      r = ((r >> 1) | ((c as T) << ((bits - 1) as T))) as T;
      c = out;
    }
  }
  const o = op == RCL ? top<T>(r) ^ c : top<T>(r) ^ (((r >> ((bits - 2) as T)) as u32) & 1);
  rotateFlags(c, o);
  return r;
}

// @ts-ignore: decorator
@inline function compute<T>(op: i32, a: T, n: u32): T {
  return op >= SHL ? shift<T>(op, a, n) : rotate<T>(op, a, n);
}

/** A count of 0 changes no flag, but a 32-bit register is still written (upper half cleared). */
// @ts-ignore: decorator
@inline function onReg<T>(op: i32, r: usize, count: u32): void {
  const d = dstOf(r);
  const n = count & maskOf<T>();
  const a = getReg<T>(d);
  setReg<T>(d, n ? compute<T>(op, a, n) : a);
}
// @ts-ignore: decorator
@inline function onMem<T>(op: i32, r: usize, count: u32): void {
  const p = rmw<T>(ea(r));
  const n = count & maskOf<T>();
  if (n) store<T>(p, compute<T>(op, load<T>(p), n));
  rmwEnd(p);
}

// @ts-ignore: decorator
@inline export function rol_ri<T>(r: usize): void { onReg<T>(ROL, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function rol_mi<T>(r: usize): void { onMem<T>(ROL, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function rol1_r<T>(r: usize): void { onReg<T>(ROL, r, 1); }
// @ts-ignore: decorator
@inline export function rol1_m<T>(r: usize): void { onMem<T>(ROL, r, 1); }
// @ts-ignore: decorator
@inline export function rolcl_r<T>(r: usize): void { onReg<T>(ROL, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function rolcl_m<T>(r: usize): void { onMem<T>(ROL, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function ror_ri<T>(r: usize): void { onReg<T>(ROR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function ror_mi<T>(r: usize): void { onMem<T>(ROR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function ror1_r<T>(r: usize): void { onReg<T>(ROR, r, 1); }
// @ts-ignore: decorator
@inline export function ror1_m<T>(r: usize): void { onMem<T>(ROR, r, 1); }
// @ts-ignore: decorator
@inline export function rorcl_r<T>(r: usize): void { onReg<T>(ROR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function rorcl_m<T>(r: usize): void { onMem<T>(ROR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function rcl_ri<T>(r: usize): void { onReg<T>(RCL, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function rcl_mi<T>(r: usize): void { onMem<T>(RCL, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function rcl1_r<T>(r: usize): void { onReg<T>(RCL, r, 1); }
// @ts-ignore: decorator
@inline export function rcl1_m<T>(r: usize): void { onMem<T>(RCL, r, 1); }
// @ts-ignore: decorator
@inline export function rclcl_r<T>(r: usize): void { onReg<T>(RCL, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function rclcl_m<T>(r: usize): void { onMem<T>(RCL, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function rcr_ri<T>(r: usize): void { onReg<T>(RCR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function rcr_mi<T>(r: usize): void { onMem<T>(RCR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function rcr1_r<T>(r: usize): void { onReg<T>(RCR, r, 1); }
// @ts-ignore: decorator
@inline export function rcr1_m<T>(r: usize): void { onMem<T>(RCR, r, 1); }
// @ts-ignore: decorator
@inline export function rcrcl_r<T>(r: usize): void { onReg<T>(RCR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function rcrcl_m<T>(r: usize): void { onMem<T>(RCR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function shl_ri<T>(r: usize): void { onReg<T>(SHL, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function shl_mi<T>(r: usize): void { onMem<T>(SHL, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function shl1_r<T>(r: usize): void { onReg<T>(SHL, r, 1); }
// @ts-ignore: decorator
@inline export function shl1_m<T>(r: usize): void { onMem<T>(SHL, r, 1); }
// @ts-ignore: decorator
@inline export function shlcl_r<T>(r: usize): void { onReg<T>(SHL, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function shlcl_m<T>(r: usize): void { onMem<T>(SHL, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function shr_ri<T>(r: usize): void { onReg<T>(SHR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function shr_mi<T>(r: usize): void { onMem<T>(SHR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function shr1_r<T>(r: usize): void { onReg<T>(SHR, r, 1); }
// @ts-ignore: decorator
@inline export function shr1_m<T>(r: usize): void { onMem<T>(SHR, r, 1); }
// @ts-ignore: decorator
@inline export function shrcl_r<T>(r: usize): void { onReg<T>(SHR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function shrcl_m<T>(r: usize): void { onMem<T>(SHR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function sar_ri<T>(r: usize): void { onReg<T>(SAR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function sar_mi<T>(r: usize): void { onMem<T>(SAR, r, immOf<u32>(r)); }
// @ts-ignore: decorator
@inline export function sar1_r<T>(r: usize): void { onReg<T>(SAR, r, 1); }
// @ts-ignore: decorator
@inline export function sar1_m<T>(r: usize): void { onMem<T>(SAR, r, 1); }
// @ts-ignore: decorator
@inline export function sarcl_r<T>(r: usize): void { onReg<T>(SAR, r, load<u8>(RCX)); }
// @ts-ignore: decorator
@inline export function sarcl_m<T>(r: usize): void { onMem<T>(SAR, r, load<u8>(RCX)); }

/** SHLD, SHRD with a masked count that is not 0; 16-bit operands with counts over 16 are undefined (we shift the 48-bit concatenation). */
// @ts-ignore: decorator
@inline function double<T>(left: bool, a: T, b: T, n: u32): T {
  const bits = bitsOf<T>();
  let r: T;
  let c: u32;
  if (sizeof<T>() == 2) {
    const w: u64 = ((a as u64) << 32) | ((b as u64) << 16) | (a as u64);
    if (left) {
      r = ((w << (n as u64)) >> 32) as T;
      c = ((w >> ((48 - n) as u64)) as u32) & 1;
    } else {
      r = (w >> (n as u64)) as T;
      c = ((w >> ((n - 1) as u64)) as u32) & 1;
    }
  } else if (left) {
    r = ((a << (n as T)) | (b >> ((bits - n) as T))) as T;
    c = ((a >> ((bits - n) as T)) as u32) & 1;
  } else {
    r = ((a >> (n as T)) | (b << ((bits - n) as T))) as T;
    c = ((a >> ((n - 1) as T)) as u32) & 1;
  }
  setResultFlags(sx<T>(r), c | ((top<T>(r) ^ top<T>(a)) << 11));
  return r;
}

// @ts-ignore: decorator
@inline function doubleReg<T>(left: bool, r: usize, count: u32): void {
  const d = dstOf(r);
  const n = count & maskOf<T>();
  const a = getReg<T>(d);
  setReg<T>(d, n ? double<T>(left, a, getReg<T>(srcOf(r)), n) : a);
}
// @ts-ignore: decorator
@inline function doubleMem<T>(left: bool, r: usize, count: u32): void {
  const p = rmw<T>(ea(r));
  const n = count & maskOf<T>();
  if (n) store<T>(p, double<T>(left, load<T>(p), getReg<T>(srcOf(r)), n));
  rmwEnd(p);
}
export function shld_rri<T>(r: usize): void { doubleReg<T>(true, r, immOf<u32>(r)); }
export function shld_mri<T>(r: usize): void { doubleMem<T>(true, r, immOf<u32>(r)); }
export function shldcl_rr<T>(r: usize): void { doubleReg<T>(true, r, load<u8>(RCX)); }
export function shldcl_mr<T>(r: usize): void { doubleMem<T>(true, r, load<u8>(RCX)); }
export function shrd_rri<T>(r: usize): void { doubleReg<T>(false, r, immOf<u32>(r)); }
export function shrd_mri<T>(r: usize): void { doubleMem<T>(false, r, immOf<u32>(r)); }
export function shrdcl_rr<T>(r: usize): void { doubleReg<T>(false, r, load<u8>(RCX)); }
export function shrdcl_mr<T>(r: usize): void { doubleMem<T>(false, r, load<u8>(RCX)); }
