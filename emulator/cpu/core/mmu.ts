// Guest memory as instructions see it: linear addresses through a software TLB. The only place where memory is
// translated for data. Hits are a few instructions; everything else (misses, devices, page crossings, pages that hold
// decoded code, pages with a watched range) takes the slow functions. Nothing here returns after a fault (raise.ts).

import {
  CPL, PAGE_CODE, PAGE_DIRTY, PAGE_FLAGS, PAGE_USED, RAM_BASE, RAM_SIZE, RMW_ADDRESS, RMW_DATA, RMW_SIZE, TLB, TLB_HALF, TLB_NONE, TLB_OWN, TLB_SIZE, WATCH_COUNT,
} from "../layout";
import { anyDataBreakpoint, checkDataBreakpoints } from "./debug";
import { alignmentChecked, checkAccess } from "./limits";
import { EXECUTE, READ, WRITE, setImplicit, translateAccess } from "./paging";
import { invalidateCode } from "./block";
import { DEVICE_ACCESS, reserve } from "./work";
import { WATCHED, W_READ, W_WRITE, touch, watchTag } from "./watch";

// @ts-ignore: decorator
@external("host", "mmioRead")
declare function mmioRead(address: f64, size: u32): u32;
// @ts-ignore: decorator
@external("host", "mmioWrite")
declare function mmioWrite(address: f64, size: u32, value: u32): void;

export const T_READ = 0, T_WRITE = 8, T_EXECUTE = 16, T_ADDEND = 24, T_FLAGS = 28;
export const PAGE_MASK: u64 = ~0xfff;

// @ts-ignore: decorator
@inline export function entryOf(a: u64): usize { return load<u32>(TLB) + ((((a >> 12) as u32) & (TLB_SIZE - 1)) << 5); }

// ---- 1 to 8 bytes ----

/** Reads a T (u8..u64) at a linear address. */
// @ts-ignore: decorator
@inline export function rd<T>(a: u64): T {
  const e = entryOf(a);
  if (load<u64>(e, T_READ) == ((a + (sizeof<T>() - 1)) & PAGE_MASK)) return load<T>(load<u32>(e, T_ADDEND) + (a as u32));
  return readSlow(a, sizeof<T>()) as T;
}

/** Writes a T at a linear address. */
// @ts-ignore: decorator
@inline export function wr<T>(a: u64, value: T): void {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == ((a + (sizeof<T>() - 1)) & PAGE_MASK)) store<T>(load<u32>(e, T_ADDEND) + (a as u32), value);
  else writeSlow(a, value as u64, sizeof<T>());
}

/** For read-modify-write: a host address to load T from and store T to; finish with rmwEnd. Write permission is checked here. */
// @ts-ignore: decorator
@inline export function rmw<T>(a: u64): usize {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == ((a + (sizeof<T>() - 1)) & PAGE_MASK)) return load<u32>(e, T_ADDEND) + (a as u32);
  return rmwSlow(a, sizeof<T>());
}
/** The same for 16 bytes. */
export function rmw16(a: u64): usize {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == ((a + 15) & PAGE_MASK)) return load<u32>(e, T_ADDEND) + (a as u32);
  return rmwSlow(a, 16);
}
// @ts-ignore: decorator
@inline export function rmwEnd(p: usize): void {
  if (p == RMW_DATA) rmwFlush();
}

function crosses(a: u64, size: u32): bool { return ((a as u32) & 0xfff) + size > 0x1000; }

/** Physical address of `a` by a TLB entry. In 32 bits: the addend carries beyond them. */
export function physicalOf(e: usize, a: u64): u64 {
  const host: u32 = load<u32>(e, T_ADDEND) + (a as u32);
  return (host - RAM_BASE) as u64;
}
/** Physical address for a read: by the TLB where only a watch keeps the access off the fast path. */
function readable(a: u64): u64 {
  const e = entryOf(a);
  if (load<u64>(e, T_READ) == ((a & PAGE_MASK) | WATCHED)) return physicalOf(e, a);
  return translateAccess(a, READ);
}
function writable(a: u64): u64 {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == ((a & PAGE_MASK) | WATCHED)) return physicalOf(e, a);
  return translateAccess(a, WRITE);
}
/** Segments and alignment, where either may fail (limits.ts). */
// @ts-ignore: decorator
@inline function checked(a: u64, size: u32, write: bool): void {
  if (load<u32>(TLB) == TLB_NONE) checkAccess(a, size, write);
}
// @ts-ignore: decorator
@inline function watching(): bool { return load<u32>(WATCH_COUNT) != 0; }

function readSlow(a: u64, size: u32): u64 {
  checked(a, size, false);
  const value = readTranslated(a, size);
  if (anyDataBreakpoint) checkDataBreakpoints(a, size, false);
  return value;
}
function readTranslated(a: u64, size: u32): u64 {
  if (!crosses(a, size)) {
    const p = readable(a);
    if (watching()) touch(a, p, size, W_READ);
    return readPhysical(p, size);
  }
  const second = (a + size - 1) & PAGE_MASK;
  const p0 = readable(a);
  const p1 = readable(second);
  const n = (second - a) as u32;
  if (watching()) {
    touch(a, p0, n, W_READ);
    touch(second, p1, size - n, W_READ);
  }
  let value: u64 = 0;
  for (let i: u32 = 0; i < size; i++) {
    value |= readPhysical(i < n ? p0 + i : p1 + i - n, 1) << ((i * 8) as u64);
  }
  return value;
}

function writeSlow(a: u64, value: u64, size: u32): void {
  checked(a, size, true);
  writeTranslated(a, value, size);
  if (anyDataBreakpoint) checkDataBreakpoints(a, size, true);
}
function writeTranslated(a: u64, value: u64, size: u32): void {
  if (!crosses(a, size)) {
    const p = writable(a);
    if (watching()) touch(a, p, size, W_WRITE);
    writePhysical(p, value, size);
    return;
  }
  const second = (a + size - 1) & PAGE_MASK;
  const p0 = writable(a);
  const p1 = writable(second);
  const n = (second - a) as u32;
  if (watching()) {
    touch(a, p0, n, W_WRITE);
    touch(second, p1, size - n, W_WRITE);
  }
  for (let i: u32 = 0; i < size; i++) {
    writePhysical(i < n ? p0 + i : p1 + i - n, (value >> ((i * 8) as u64)) & 0xff, 1);
  }
}

function rmwSlow(a: u64, size: u32): usize {
  checked(a, size, true);
  // Both pages must be writable before anything is read from a device.
  const p0 = writable(a);
  const crossing = crosses(a, size);
  if (crossing) writable((a + size - 1) & PAGE_MASK);
  if (watching() && !crossing && size < 16) touch(a, p0, size, W_READ);
  store<u64>(RMW_ADDRESS, a);
  store<u32>(RMW_SIZE, size);
  if (size == 16) {
    store<u64>(RMW_DATA, rd<u64>(a));
    store<u64>(RMW_DATA + 8, rd<u64>(a + 8));
  } else store<u64>(RMW_DATA, crossing ? readSlow(a, size) : readPhysical(p0, size));
  return RMW_DATA;
}

function rmwFlush(): void {
  const a = load<u64>(RMW_ADDRESS);
  const size = load<u32>(RMW_SIZE);
  if (size == 16) {
    const high = load<u64>(RMW_DATA + 8);
    wr<u64>(a, load<u64>(RMW_DATA));
    wr<u64>(a + 8, high);
  } else writeSlow(a, load<u64>(RMW_DATA), size);
}

// ---- 16 bytes: no alignment check here; see alignedOrFault in sse ----

/** Copies 16 bytes from a linear address to `to` (an address in the state). */
// @ts-ignore: decorator
@inline export function rd128(a: u64, to: usize): void {
  const e = entryOf(a);
  if (load<u64>(e, T_READ) == ((a + 15) & PAGE_MASK)) {
    const p: usize = load<u32>(e, T_ADDEND) + (a as u32);
    const low = load<u64>(p);
    store<u64>(to, low, 0);
    store<u64>(to, load<u64>(p, 8), 8);
  } else rd128Slow(a, to);
}
function rd128Slow(a: u64, to: usize): void {
  const low = rd<u64>(a);
  const high = rd<u64>(a + 8);
  store<u64>(to, low);
  store<u64>(to + 8, high);
}
/** Copies 16 bytes from `from` to a linear address; nothing is written when any byte faults. */
// @ts-ignore: decorator
@inline export function wr128(a: u64, from: usize): void {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == ((a + 15) & PAGE_MASK)) {
    const p: usize = load<u32>(e, T_ADDEND) + (a as u32);
    store<u64>(p, load<u64>(from));
    store<u64>(p, load<u64>(from, 8), 8);
  } else wr128Slow(a, from);
}
function wr128Slow(a: u64, from: usize): void {
  checked(a, 16, true);
  writable(a);
  if (crosses(a, 16)) writable((a + 15) & PAGE_MASK);
  wr<u64>(a, load<u64>(from));
  wr<u64>(a + 8, load<u64>(from + 8));
}

/** Faults now if writing [a, a + size) would (size at most a page). */
export function checkWrite(a: u64, size: u32): void {
  checked(a, size, true);
  translateAccess(a, WRITE);
  if (crosses(a, size)) translateAccess((a + size - 1) & PAGE_MASK, WRITE);
}
export function checkRead(a: u64, size: u32): void {
  checked(a, size, false);
  translateAccess(a, READ);
  if (crosses(a, size)) translateAccess((a + size - 1) & PAGE_MASK, READ);
}

/** Host address of plain RAM at `a` for reading up to the end of its page, or 0 when it is not plain RAM, or watched. May fault. */
export function hostForRead(a: u64): usize {
  const e = entryOf(a);
  if (load<u64>(e, T_READ) == (a & PAGE_MASK)) return load<u32>(e, T_ADDEND) + (a as u32);
  if (load<u64>(e, T_READ) == ((a & PAGE_MASK) | WATCHED)) return 0;
  translateAccess(a, READ);
  return load<u64>(e, T_READ) == (a & PAGE_MASK) ? load<u32>(e, T_ADDEND) + (a as u32) : 0;
}
/** The same for writing; 0 also for pages that hold decoded code or are watched. */
export function hostForWrite(a: u64): usize {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == (a & PAGE_MASK)) return load<u32>(e, T_ADDEND) + (a as u32);
  if (load<u64>(e, T_WRITE) == ((a & PAGE_MASK) | WATCHED)) return 0;
  translateAccess(a, WRITE);
  if (load<u64>(e, T_WRITE) == (a & PAGE_MASK)) return load<u32>(e, T_ADDEND) + (a as u32);
  return 0;
}

// ---- physical ----

// @ts-ignore: decorator
@inline export function pageFlags(physical: u64): usize { return PAGE_FLAGS + ((physical >> 12) as usize); }

export function readPhysical(p: u64, size: u32): u64 {
  if (p + size <= load<u32>(RAM_SIZE)) {
    const h = RAM_BASE + (p as usize);
    if (size == 8) return load<u64>(h);
    if (size == 4) return load<u32>(h);
    if (size == 2) return load<u16>(h);
    return load<u8>(h);
  }
  reserve(DEVICE_ACCESS);
  if (size == 8) return (mmioRead(p as f64, 4) as u64) | ((mmioRead((p + 4) as f64, 4) as u64) << 32);
  return mmioRead(p as f64, size) as u64;
}

export function writePhysical(p: u64, value: u64, size: u32): void {
  if (p + size <= load<u32>(RAM_SIZE)) {
    const h = RAM_BASE + (p as usize);
    const f = pageFlags(p);
    if (load<u8>(f) & PAGE_CODE) invalidateCode(p, size);
    store<u8>(f, load<u8>(f) | (PAGE_DIRTY | PAGE_USED));
    if (size == 8) store<u64>(h, value);
    else if (size == 4) store<u32>(h, value as u32);
    else if (size == 2) store<u16>(h, value as u16);
    else store<u8>(h, value as u8);
    return;
  }
  reserve(DEVICE_ACCESS);
  if (size == 8) {
    mmioWrite(p as f64, 4, value as u32);
    mmioWrite((p + 4) as f64, 4, (value >> 32) as u32);
  } else mmioWrite(p as f64, size, value as u32);
}

// ---- supervisor accesses of the CPU itself (descriptor tables, TSS), whatever the CPL ----

let savedTlb: u32 = 0;
function supervisor(): void {
  savedTlb = load<u32>(TLB);
  store<u32>(TLB, load<u32>(TLB_OWN));
  setImplicit(true);
}
function asBefore(): void {
  store<u32>(TLB, savedTlb);
  setImplicit(false);
}
export function sysRead64(a: u64): u64 {
  supervisor();
  const v = rd<u64>(a);
  asBefore();
  return v;
}
export function sysRead32(a: u64): u32 {
  supervisor();
  const v = rd<u32>(a);
  asBefore();
  return v;
}
export function sysRead16(a: u64): u32 {
  supervisor();
  const v = rd<u16>(a);
  asBefore();
  return v;
}
export function sysWrite8(a: u64, value: u8): void {
  supervisor();
  wr<u8>(a, value);
  asBefore();
}
export function sysWrite16(a: u64, value: u32): void {
  supervisor();
  wr<u16>(a, value as u16);
  asBefore();
}
export function sysWrite32(a: u64, value: u32): void {
  supervisor();
  wr<u32>(a, value);
  asBefore();
}
/** Faults now if an access to [a, a + size) would (size at most a page). */
export function sysCheck(a: u64, size: u32, write: bool): void {
  supervisor();
  if (write) checkWrite(a, size);
  else checkRead(a, size);
  asBefore();
}
/** Selects the TLB of a privilege: one without tags for user accesses that must be aligned. */
export function selectTlb(user: bool): void {
  store<u32>(TLB, user && alignmentChecked() ? TLB_NONE : load<u32>(TLB_OWN) + (user ? TLB_HALF : 0));
}
/** Accesses go by user rights. */
export function asUser(): bool {
  const tlb = load<u32>(TLB);
  return tlb == TLB_NONE ? load<u32>(CPL) == 3 : tlb != load<u32>(TLB_OWN);
}
export { EXECUTE, READ, WRITE };
