// MUL IMUL DIV IDIV and the BCD adjustments AAM AAD. Quotients that do not fit raise #DE.

import { CF, OF_, setLogicFlags, setResultFlags } from "./flags";
import { DE, raise } from "./raise";
import { RAX, RDX, bitsOf, dstOf, ea, getReg, immOf, setReg, srcOf, sx } from "./record";
import { rd } from "./mmu";

/** High half of the unsigned 128-bit product. */
export function mulHigh(a: u64, b: u64): u64 {
  const al = a & 0xffffffff, ah = a >> 32, bl = b & 0xffffffff, bh = b >> 32;
  const ll = al * bl;
  const mid = ah * bl + (ll >> 32);
  const mid2 = al * bh + (mid & 0xffffffff);
  return ah * bh + (mid >> 32) + (mid2 >> 32);
}
export function mulHighSigned(a: i64, b: i64): i64 {
  let h = mulHigh(a as u64, b as u64) as i64;
  if (a < 0) h -= b;
  if (b < 0) h -= a;
  return h;
}

/** Stores a double-width product: AX for bytes, else rDX:rAX. */
// @ts-ignore: decorator
@inline function putProduct<T>(low: u64, high: u64): void {
  if (sizeof<T>() == 1) store<u16>(RAX, low as u16);
  else {
    setReg<T>(RAX, low as T);
    setReg<T>(RDX, high as T);
  }
}

/** CF and OF tell whether the upper half is significant; SF of the low half as real processors have it (undefined by the SDM). */
function mul<T>(b: T): void {
  const a = getReg<T>(RAX);
  let low: u64, high: u64;
  if (sizeof<T>() == 8) {
    low = (a as u64) * (b as u64);
    high = mulHigh(a as u64, b as u64);
  } else {
    low = (a as u64) * (b as u64);
    high = low >> (bitsOf<T>() as u64);
  }
  putProduct<T>(low, high);
  setResultFlags(sx<T>(low as T), high != 0 ? CF | OF_ : 0);
}

function imul1<T>(b: T): void {
  const a = getReg<T>(RAX);
  const low = sx<T>(a) * sx<T>(b);
  let high: i64;
  let fits: bool;
  if (sizeof<T>() == 8) {
    high = mulHighSigned(a as i64, b as i64);
    fits = high == low >> 63;
  } else {
    high = low >> (bitsOf<T>() as i64);
    fits = low == sx<T>(low as T);
  }
  putProduct<T>(low as u64, high as u64);
  setResultFlags(sx<T>(low as T), fits ? 0 : CF | OF_);
}

// @ts-ignore: decorator
@inline function imul2<T>(a: T, b: T): T {
  const low = sx<T>(a) * sx<T>(b);
  let fits: bool;
  if (sizeof<T>() == 8) fits = mulHighSigned(a as i64, b as i64) == low >> 63;
  else fits = low == sx<T>(low as T);
  setResultFlags(sx<T>(low as T), fits ? 0 : CF | OF_);
  return low as T;
}

export function mul_r<T>(r: usize): void { mul<T>(getReg<T>(dstOf(r))); }
export function mul_m<T>(r: usize): void { mul<T>(rd<T>(ea(r))); }
export function imul1_r<T>(r: usize): void { imul1<T>(getReg<T>(dstOf(r))); }
export function imul1_m<T>(r: usize): void { imul1<T>(rd<T>(ea(r))); }
// @ts-ignore: decorator
@inline export function imul_rr<T>(r: usize): void { const d = dstOf(r); setReg<T>(d, imul2<T>(getReg<T>(d), getReg<T>(srcOf(r)))); }
// @ts-ignore: decorator
@inline export function imul_rm<T>(r: usize): void { const d = dstOf(r); setReg<T>(d, imul2<T>(getReg<T>(d), rd<T>(ea(r)))); }
// @ts-ignore: decorator
@inline export function imul_rri<T>(r: usize): void { setReg<T>(dstOf(r), imul2<T>(getReg<T>(srcOf(r)), immOf<T>(r))); }
// @ts-ignore: decorator
@inline export function imul_rmi<T>(r: usize): void { setReg<T>(dstOf(r), imul2<T>(rd<T>(ea(r)), immOf<T>(r))); }

let quotient: u64 = 0;
let remainder: u64 = 0;

/** high:low / d into quotient and remainder; high < d (Knuth's algorithm D with 32-bit digits, as in Hacker's Delight divlu). */
function divide128(high: u64, low: u64, d: u64): void {
  if (high == 0) {
    quotient = low / d;
    remainder = low % d;
    return;
  }
  const s = clz(d);
  const v = d << s;
  const vh = v >> 32, vl = v & 0xffffffff;
  const u32s = s == 0 ? high : (high << s) | (low >> (64 - s));
  const u10 = low << s;
  const un1 = u10 >> 32, un0 = u10 & 0xffffffff;
  let q1 = u32s / vh;
  let rhat = u32s - q1 * vh;
  while (q1 >> 32 != 0 || q1 * vl > ((rhat << 32) | un1)) {
    q1--;
    rhat += vh;
    if (rhat >> 32 != 0) break;
  }
  const u21 = ((u32s << 32) | un1) - q1 * v;
  let q0 = u21 / vh;
  rhat = u21 - q0 * vh;
  while (q0 >> 32 != 0 || q0 * vl > ((rhat << 32) | un0)) {
    q0--;
    rhat += vh;
    if (rhat >> 32 != 0) break;
  }
  quotient = (q1 << 32) + q0;
  remainder = ((u21 << 32) | un0) - q0 * v;
  remainder >>= s;
}

function div<T>(d: T): void {
  if (d == 0) raise(DE);
  if (sizeof<T>() == 1) {
    const n: u32 = load<u16>(RAX);
    const q = n / (d as u32);
    if (q > 0xff) raise(DE);
    store<u8>(RAX, q as u8);
    store<u8>(RAX + 1, (n % (d as u32)) as u8);
  } else if (sizeof<T>() == 8) {
    const high = load<u64>(RDX);
    if (high >= (d as u64)) raise(DE);
    divide128(high, load<u64>(RAX), d as u64);
    store<u64>(RAX, quotient);
    store<u64>(RDX, remainder);
  } else {
    const n = ((getReg<T>(RDX) as u64) << (bitsOf<T>() as u64)) | (getReg<T>(RAX) as u64);
    const q = n / (d as u64);
    if (q > ((~0 as T) as u64)) raise(DE);
    setReg<T>(RAX, q as T);
    setReg<T>(RDX, (n % (d as u64)) as T);
  }
}

function idiv64(d: i64): void {
  let high = load<u64>(RDX), low = load<u64>(RAX);
  const negative = (high as i64) < 0;
  if (negative) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  const m = (d < 0 ? -d : d) as u64;
  if (high >= m) raise(DE);
  divide128(high, low, m);
  const flip = negative != d < 0;
  if (flip ? quotient > 0x8000_0000_0000_0000 : quotient > 0x7fff_ffff_ffff_ffff) raise(DE);
  store<u64>(RAX, flip ? ~quotient + 1 : quotient);
  store<u64>(RDX, negative ? ~remainder + 1 : remainder);
}

function idiv<T>(d: T): void {
  if (d == 0) raise(DE);
  if (sizeof<T>() == 8) {
    idiv64(d as i64);
    return;
  }
  const n: i64 = sizeof<T>() == 1
    ? <i64>(load<i16>(RAX))
    : sizeof<T>() == 2
      ? <i64>(<i32>(((load<u16>(RDX) as u32) << 16) | load<u16>(RAX)))
      : <i64>(((load<u32>(RDX) as u64) << 32) | (load<u32>(RAX) as u64));
  const dd = sx<T>(d);
  if (dd == -1 && n == i64.MIN_VALUE) raise(DE);
  const q = n / dd;
  if (q != sx<T>(q as T)) raise(DE);
  const m = n % dd;
  if (sizeof<T>() == 1) {
    store<u8>(RAX, q as u8);
    store<u8>(RAX + 1, m as u8);
  } else {
    setReg<T>(RAX, q as T);
    setReg<T>(RDX, m as T);
  }
}
export function div_r<T>(r: usize): void { div<T>(getReg<T>(dstOf(r))); }
export function div_m<T>(r: usize): void { div<T>(rd<T>(ea(r))); }
export function idiv_r<T>(r: usize): void { idiv<T>(getReg<T>(dstOf(r))); }
export function idiv_m<T>(r: usize): void { idiv<T>(rd<T>(ea(r))); }

export function aam_i(r: usize): void {
  const base = immOf<u8>(r);
  if (base == 0) raise(DE);
  const al = load<u8>(RAX);
  store<u8>(RAX + 1, al / base);
  store<u8>(RAX, al % base);
  setLogicFlags(sx<u8>(load<u8>(RAX)));
}
export function aad_i(r: usize): void {
  const al = (load<u8>(RAX) as u32) + (load<u8>(RAX + 1) as u32) * (immOf<u8>(r) as u32);
  store<u16>(RAX, (al & 0xff) as u16);
  setLogicFlags(sx<u8>(al as u8));
}
