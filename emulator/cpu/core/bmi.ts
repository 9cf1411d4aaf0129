// BMI1 and BMI2 on general registers (VEX-encoded), and ADX: rules of SDM 2. The register of VEX.vvvv is letter v of a handler's name.
// Flags that the manual leaves undefined (AF and PF, SF of BEXTR) are cleared, as processors do.

import { CF, OF_, SF, ZF, cf, getFlags, overflowFlag, putArithmetic, putFlags } from "./flags";
import { rd } from "./mmu";
import { mulHigh } from "./muldiv";
import { RDX, bitsOf, dstOf, ea, getReg, immOf, setReg, srcOf, sx, vvvvOf } from "./record";

// @ts-ignore: decorator
@inline function resultFlags<T>(value: T, carry: bool): void {
  putArithmetic((carry ? CF : 0) | (value == 0 ? ZF : 0) | (sx<T>(value) < 0 ? SF : 0));
}

// ---- BMI1 ----

// @ts-ignore: decorator
@inline function andn<T>(r: usize, v: T): void {
  const result = (~getReg<T>(vvvvOf(r)) & v) as T;
  setReg<T>(dstOf(r), result);
  resultFlags<T>(result, false);
}
export function andn_rvr<T>(r: usize): void { andn<T>(r, getReg<T>(srcOf(r))); }
export function andn_rvm<T>(r: usize): void { andn<T>(r, rd<T>(ea(r))); }

/** Resets the lowest set bit. */
// @ts-ignore: decorator
@inline function blsr<T>(r: usize, v: T): void {
  const result = ((v - 1) & v) as T;
  setReg<T>(vvvvOf(r), result);
  resultFlags<T>(result, v == 0);
}
export function blsr_vr<T>(r: usize): void { blsr<T>(r, getReg<T>(srcOf(r))); }
export function blsr_vm<T>(r: usize): void { blsr<T>(r, rd<T>(ea(r))); }

/** Mask up to the lowest set bit. The result is never 0. */
// @ts-ignore: decorator
@inline function blsmsk<T>(r: usize, v: T): void {
  const result = ((v - 1) ^ v) as T;
  setReg<T>(vvvvOf(r), result);
  resultFlags<T>(result, v == 0);
}
export function blsmsk_vr<T>(r: usize): void { blsmsk<T>(r, getReg<T>(srcOf(r))); }
export function blsmsk_vm<T>(r: usize): void { blsmsk<T>(r, rd<T>(ea(r))); }

/** Isolates the lowest set bit. */
// @ts-ignore: decorator
@inline function blsi<T>(r: usize, v: T): void {
  const result = ((0 - v) & v) as T;
  setReg<T>(vvvvOf(r), result);
  resultFlags<T>(result, v != 0);
}
export function blsi_vr<T>(r: usize): void { blsi<T>(r, getReg<T>(srcOf(r))); }
export function blsi_vm<T>(r: usize): void { blsi<T>(r, rd<T>(ea(r))); }

/** The low `length` bits of a value; all of it when there are not so many. */
function lowBits(value: u64, length: u64): u64 { return length > 63 ? value : value & (((1 as u64) << length) - 1); }

/** Start in bits 7:0 of the control register, length in bits 15:8. */
// @ts-ignore: decorator
@inline function bextr<T>(r: usize, v: T): void {
  const control = getReg<T>(vvvvOf(r)) as u64;
  const start = control & 0xff;
  const result = lowBits(start > 63 ? 0 : (v as u64) >> start, (control >> 8) & 0xff) as T;
  setReg<T>(dstOf(r), result);
  putArithmetic(result == 0 ? ZF : 0);
}
export function bextr_rrv<T>(r: usize): void { bextr<T>(r, getReg<T>(srcOf(r))); }
export function bextr_rmv<T>(r: usize): void { bextr<T>(r, rd<T>(ea(r))); }

// ---- BMI2 ----

// @ts-ignore: decorator
@inline function bzhi<T>(r: usize, v: T): void {
  const index = getReg<u8>(vvvvOf(r)) as u32;
  const result = lowBits(v as u64, index) as T;
  setReg<T>(dstOf(r), result);
  resultFlags<T>(result, index > bitsOf<T>() - 1);
}
export function bzhi_rrv<T>(r: usize): void { bzhi<T>(r, getReg<T>(srcOf(r))); }
export function bzhi_rmv<T>(r: usize): void { bzhi<T>(r, rd<T>(ea(r))); }

/** The source's bits under the mask, pushed together. */
function extract(source: u64, mask: u64): u64 {
  let result: u64 = 0;
  for (let k: u64 = 0; mask != 0; mask &= mask - 1, k++) result |= ((source >> ctz<u64>(mask)) & 1) << k;
  return result;
}
/** The source's low bits, spread to the places of the mask. */
function deposit(source: u64, mask: u64): u64 {
  let result: u64 = 0;
  for (; mask != 0; mask &= mask - 1, source >>= 1) result |= (source & 1) << ctz<u64>(mask);
  return result;
}
export function pext_rvr<T>(r: usize): void { setReg<T>(dstOf(r), extract(getReg<T>(vvvvOf(r)) as u64, getReg<T>(srcOf(r)) as u64) as T); }
export function pext_rvm<T>(r: usize): void { setReg<T>(dstOf(r), extract(getReg<T>(vvvvOf(r)) as u64, rd<T>(ea(r)) as u64) as T); }
export function pdep_rvr<T>(r: usize): void { setReg<T>(dstOf(r), deposit(getReg<T>(vvvvOf(r)) as u64, getReg<T>(srcOf(r)) as u64) as T); }
export function pdep_rvm<T>(r: usize): void { setReg<T>(dstOf(r), deposit(getReg<T>(vvvvOf(r)) as u64, rd<T>(ea(r)) as u64) as T); }

/** rDX times the source; when both destinations are the same register it holds the high half. */
// @ts-ignore: decorator
@inline function mulx<T>(r: usize, v: T): void {
  const a = getReg<T>(RDX) as u64, b = v as u64;
  const high = sizeof<T>() == 8 ? mulHigh(a, b) : (a * b) >> 32;
  setReg<T>(vvvvOf(r), (a * b) as T);
  setReg<T>(dstOf(r), high as T);
}
export function mulx_rvr<T>(r: usize): void { mulx<T>(r, getReg<T>(srcOf(r))); }
export function mulx_rvm<T>(r: usize): void { mulx<T>(r, rd<T>(ea(r))); }

// @ts-ignore: decorator
@inline function count<T>(r: usize): T { return (getReg<T>(vvvvOf(r)) & (bitsOf<T>() - 1)) as T; }
export function shlx_rrv<T>(r: usize): void { setReg<T>(dstOf(r), (getReg<T>(srcOf(r)) << count<T>(r)) as T); }
export function shlx_rmv<T>(r: usize): void { setReg<T>(dstOf(r), (rd<T>(ea(r)) << count<T>(r)) as T); }
export function shrx_rrv<T>(r: usize): void { setReg<T>(dstOf(r), (getReg<T>(srcOf(r)) >> count<T>(r)) as T); }
export function shrx_rmv<T>(r: usize): void { setReg<T>(dstOf(r), (rd<T>(ea(r)) >> count<T>(r)) as T); }
export function sarx_rrv<T>(r: usize): void { setReg<T>(dstOf(r), (sx<T>(getReg<T>(srcOf(r))) >> (count<T>(r) as i64)) as T); }
export function sarx_rmv<T>(r: usize): void { setReg<T>(dstOf(r), (sx<T>(rd<T>(ea(r))) >> (count<T>(r) as i64)) as T); }
export function rorx_rri<T>(r: usize): void { setReg<T>(dstOf(r), rotr<T>(getReg<T>(srcOf(r)), immOf<T>(r))); }
export function rorx_rmi<T>(r: usize): void { setReg<T>(dstOf(r), rotr<T>(rd<T>(ea(r)), immOf<T>(r))); }

// ---- ADX: additions whose carry is CF, or OF, and nothing else ----

/** Adds with `carry`; returns the sum's own. */
// @ts-ignore: decorator
@inline function addTo<T>(r: usize, v: T, carry: bool): bool {
  const d = dstOf(r);
  const a = getReg<T>(d);
  const sum = (a + v + (carry ? 1 : 0)) as T;
  setReg<T>(d, sum);
  return carry ? sum <= a : sum < a;
}
// @ts-ignore: decorator
@inline function adcx<T>(r: usize, v: T): void {
  const flags = getFlags() & ~CF;
  putFlags(flags | (addTo<T>(r, v, cf()) ? CF : 0));
}
// @ts-ignore: decorator
@inline function adox<T>(r: usize, v: T): void {
  const flags = getFlags() & ~OF_;
  putFlags(flags | (addTo<T>(r, v, overflowFlag()) ? OF_ : 0));
}
export function adcx_rr<T>(r: usize): void { adcx<T>(r, getReg<T>(srcOf(r))); }
export function adcx_rm<T>(r: usize): void { adcx<T>(r, rd<T>(ea(r))); }
export function adox_rr<T>(r: usize): void { adox<T>(r, getReg<T>(srcOf(r))); }
export function adox_rm<T>(r: usize): void { adox<T>(r, rd<T>(ea(r))); }
