// XADD CMPXCHG CMPXCHG8B CMPXCHG16B. One processor: LOCK needs nothing.

import { F_SUB, ZF, arithmeticFlags, putArithmetic, setFlags, F_ADD } from "./flags";
import { RAX, RBX, RCX, RDX, dstOf, ea, getReg, setReg, srcOf, sx } from "./record";
import { rmw, rmw16, rmwEnd } from "./mmu";
import { GP, raiseError } from "./raise";

export function xadd_rr<T>(r: usize): void {
  const d = dstOf(r), s = srcOf(r);
  const a = getReg<T>(d), b = getReg<T>(s);
  const v = (a + b) as T;
  setFlags(F_ADD, sx<T>(a), sx<T>(b), sx<T>(v));
  setReg<T>(s, a);
  setReg<T>(d, v);
}
export function xadd_mr<T>(r: usize): void {
  const s = srcOf(r);
  const p = rmw<T>(ea(r));
  const a = load<T>(p), b = getReg<T>(s);
  const v = (a + b) as T;
  store<T>(p, v);
  setReg<T>(s, a);
  setFlags(F_ADD, sx<T>(a), sx<T>(b), sx<T>(v));
  rmwEnd(p);
}

/** A register that does not match is not written at all: not even its upper half is cleared. */
export function cmpxchg_rr<T>(r: usize): void {
  const d = dstOf(r);
  const acc = getReg<T>(RAX), old = getReg<T>(d);
  setFlags(F_SUB, sx<T>(acc), sx<T>(old), sx<T>((acc - old) as T));
  if (acc == old) setReg<T>(d, getReg<T>(srcOf(r)));
  else setReg<T>(RAX, old);
}
/** The destination is written in both cases (SDM 2 CMPXCHG), so it must be writable. */
export function cmpxchg_mr<T>(r: usize): void {
  const p = rmw<T>(ea(r));
  const acc = getReg<T>(RAX), old = load<T>(p);
  setFlags(F_SUB, sx<T>(acc), sx<T>(old), sx<T>((acc - old) as T));
  if (acc == old) store<T>(p, getReg<T>(srcOf(r)));
  else setReg<T>(RAX, old);
  rmwEnd(p);
}

export function cmpxchg8b_m(r: usize): void {
  const p = rmw<u64>(ea(r));
  const old = load<u64>(p);
  const expected = (load<u32>(RAX) as u64) | ((load<u32>(RDX) as u64) << 32);
  const flags = arithmeticFlags() & ~ZF;
  if (old == expected) {
    store<u64>(p, (load<u32>(RBX) as u64) | ((load<u32>(RCX) as u64) << 32));
    putArithmetic(flags | ZF);
  } else {
    store<u64>(RAX, old & 0xffff_ffff);
    store<u64>(RDX, old >> 32);
    putArithmetic(flags);
  }
  rmwEnd(p);
}
export function cmpxchg16b_m(r: usize): void {
  const a = ea(r);
  if (a & 15) raiseError(GP, 0);
  const p = rmw16(a);
  const low = load<u64>(p), high = load<u64>(p, 8);
  const flags = arithmeticFlags() & ~ZF;
  if (low == load<u64>(RAX) && high == load<u64>(RDX)) {
    store<u64>(p, load<u64>(RBX));
    store<u64>(p, load<u64>(RCX), 8);
    putArithmetic(flags | ZF);
  } else {
    store<u64>(RAX, low);
    store<u64>(RDX, high);
    putArithmetic(flags);
  }
  rmwEnd(p);
}
