// Watched ranges and caught vectors, for debuggers. A page with a watched range keeps its TLB entry, with another tag: so its
// accesses take the slow functions of mmu.ts, which call touch(), and everything else, translations too, is as without it.
// The guest's own data breakpoints (debug.ts) use the same tag. Accesses of the page walk and instruction fetches are not seen; those of an interrupt's delivery are.

import {
  CATCH, CATCHING, CATCH_ONCE, CAUGHT, CAUGHT_COUNT, CAUGHT_RIP, COUNT, DELIVERING, EXIT, EXIT_LIMIT, FAULT_ERROR, FAULT_HAS_ERROR, RAM_BASE, RAM_SIZE, RIP,
  TLB_BYTES, TLB_ENTRY, TLB_OWN, WATCH_COUNT, WATCH_ENTRY, WATCH_HIT, WATCH_OLD, WATCH_OLD_SIZE, WATCH_TABLE, W_ACCESS, W_FIRST, W_HELD, W_HIGH, W_LAST,
  W_LOW, W_RIP, W_SPACE, W_TOUCHED,
} from "../layout";
import { watched } from "./debug";
import { PAGE_MASK, T_READ, T_WRITE, physicalOf } from "./mmu";
import { leaveAfter } from "./raise";
import { currentRip } from "./run";

/** In a TLB tag: translation and rights are good, but the access must be looked at. */
export const WATCHED: u64 = 2;
export const W_READ = 1, W_WRITE = 2;
const PHYSICAL = 1, MSR = 2;
const NO_TAG: u64 = 1;

// @ts-ignore: decorator
@inline function entry(i: u32): usize { return WATCH_TABLE + i * WATCH_ENTRY; }

/** The tag of a page for reads or writes. A read-modify-write goes by the write tag, so any watch is in that. */
export function watchTag(page: u64, physical: u64, access: u32): u64 {
  const n = load<u32>(WATCH_COUNT);
  for (let i: u32 = 0; i < n; i++) {
    const w = entry(i);
    const space = load<u32>(w, W_SPACE);
    if (space == MSR || (access == W_READ && !(load<u32>(w, W_ACCESS) & W_READ))) continue;
    const at = space == PHYSICAL ? physical : page;
    if (at <= load<u64>(w, W_HIGH) && load<u64>(w, W_LOW) <= at + 0xfff) return page | WATCHED;
  }
  return watched(page) ? page | WATCHED : page;
}

function retagEntry(e: usize, tag: u64, access: u32): u64 {
  if (tag == NO_TAG) return tag;
  const page = tag & PAGE_MASK;
  return watchTag(page, physicalOf(e, page), access);
}

/** After a change of the table: the selected processor's TLB keeps its translations, only the tags follow. */
export function retag(): void {
  const tlb: usize = load<u32>(TLB_OWN);
  for (let e = tlb; e < tlb + TLB_BYTES; e += TLB_ENTRY) {
    store<u64>(e, retagEntry(e, load<u64>(e, T_READ), W_READ), T_READ);
    store<u64>(e, retagEntry(e, load<u64>(e, T_WRITE), W_WRITE), T_WRITE);
  }
}

/** An access of [a, a + size), which lies in one page at physical address p, is about to be made. */
export function touch(a: u64, p: u64, size: u32, access: u32): void {
  const n = load<u32>(WATCH_COUNT);
  for (let i: u32 = 0; i < n; i++) {
    const w = entry(i);
    const space = load<u32>(w, W_SPACE);
    if (space == MSR || !(load<u32>(w, W_ACCESS) & access)) continue;
    const from = space == PHYSICAL ? p : a;
    if (from > load<u64>(w, W_HIGH) || from + size - 1 < load<u64>(w, W_LOW)) continue;
    if (access == W_WRITE && !(load<u32>(w, W_TOUCHED) & W_WRITE)) keepOld(i, w, p + load<u64>(w, W_LOW) - from);
    note(w, from, size, access);
  }
}

/** The bytes of the whole range, before the first write to it. */
function keepOld(i: u32, w: usize, physical: u64): void {
  const size = load<u64>(w, W_HIGH) - load<u64>(w, W_LOW) + 1;
  if (physical + size > load<u32>(RAM_SIZE)) return;
  memory.copy(WATCH_OLD + i * WATCH_OLD_SIZE, RAM_BASE + (physical as usize), size as usize);
  store<u32>(w, 1, W_HELD);
}

function note(w: usize, from: u64, size: u32, access: u32): void {
  const touched = load<u32>(w, W_TOUCHED);
  const last = from + size - 1;
  if (!touched) store<u64>(w, currentRip(), W_RIP);
  if (!touched || from < load<u64>(w, W_FIRST)) store<u64>(w, from, W_FIRST);
  if (!touched || last > load<u64>(w, W_LAST)) store<u64>(w, last, W_LAST);
  store<u32>(w, touched | access, W_TOUCHED);
  store<u32>(WATCH_HIT, 1);
  leaveAfter(EXIT_LIMIT);
}

/** RDMSR or WRMSR has been done. */
export function touchMsr(index: u32, access: u32): void {
  const n = load<u32>(WATCH_COUNT);
  for (let i: u32 = 0; i < n; i++) {
    const w = entry(i);
    if (load<u32>(w, W_SPACE) == MSR && load<u64>(w, W_LOW) == index && load<u32>(w, W_ACCESS) & access) note(w, index, 1, access);
  }
}

// ---- caught vectors: CAUGHT holds vector + 1, bit 16 when it has been delivered, bit 17 when there is an error code ----

function wanted(vector: u32): bool { return (load<u8>(CATCH + (vector >> 3)) & (1 << (vector & 7))) != 0; }

/**
 * A fault is about to be delivered; true when run() shall leave instead, with the instruction not executed. The next run()
 * executes it again, it faults again, and that is not caught twice.
 */
export function catchFault(vector: u32): bool {
  if (!load<u32>(CATCH_ONCE) && !wanted(vector)) return false;
  const count = load<u64>(COUNT) + 1, rip = load<u64>(RIP);
  store<u32>(CATCH_ONCE, 0);
  if (load<u64>(CAUGHT_COUNT) == count && load<u64>(CAUGHT_RIP) == rip) return false;
  store<u64>(CAUGHT_COUNT, count);
  store<u64>(CAUGHT_RIP, rip);
  store<u32>(CAUGHT, (vector + 1) | (load<u32>(FAULT_HAS_ERROR) << 17));
  store<i32>(DELIVERING, -1);
  store<u32>(EXIT, EXIT_LIMIT);
  return true;
}

/** An interrupt has been delivered: run() leaves before its handler's first instruction. */
export function catchDelivered(vector: u32, interrupted: u64, hasError: bool, error: u32): void {
  if (!wanted(vector)) return;
  store<u64>(CAUGHT_RIP, interrupted);
  store<u64>(CAUGHT_COUNT, 0);
  store<u32>(CAUGHT, (vector + 1) | 0x10000 | (hasError ? 0x20000 : 0));
  store<u32>(FAULT_ERROR, error);
  leaveAfter(EXIT_LIMIT);
}

/** Whether anything is to be caught at all. */
// @ts-ignore: decorator
@inline export function catching(): bool { return load<u32>(CATCHING) != 0; }
