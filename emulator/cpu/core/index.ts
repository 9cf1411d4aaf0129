// What the core exports. State is shared through memory (layout.ts), so these are few.

import {
  ATTN, ATTN_EXIT, BLOCK, DELIVERING, EXIT, EXIT_LIMIT, INTR_LINE, NMI_PENDING, OP_TABLE, OP_TABLE_END, PAGE_DIRTY, PAGE_FLAGS, PAGE_HASH, PAGE_USED, RAM_BASE, RAM_SIZE,
  PROCESSORS, REPORTED, COUNT, CPU_SLOT, CPU_SLOTS, SELECTED, STATE, STATE_END, STATIC_END, TLBS, TLB_BYTES, TLB_OWN,
} from "../layout";
import { OPERATIONS } from "./generated/operations";
import { OPERATION_COUNT } from "./generated/tables";
import { dropAllBlocks, invalidateCode } from "./block";
import { EXCEPTION, deliver } from "./exception";
import { getFlags, putFlags } from "./flags";
import { pageFlags } from "./mmu";
import { dropWriteTags, emptyTlb, flushTlb, probe } from "./paging";
import { selectProcessor, staleTags, stateOf, storeSelected } from "./processors";
import { endBlock, leaveAfter } from "./raise";
import { retired, run, updateAttention } from "./run";
import { updateMode } from "./segment";
import { retag } from "./watch";

export { carryFlag, conditionOf, interpret, interpretAndLeave, mulHighSigned, rotateFlags, segmentsAreFlat } from "./translated";
export { followDebugRegisters } from "./debug";
export { selectProcessor, storeSelected, run, flushTlb, getFlags, putFlags, updateMode, updateAttention };

/** Once, after instantiation: tables that hold function indexes, the TLBs of `processors`; the first one is selected. */
export function init(ramBytes: u32, processors: u32): void {
  if (__heap_base > (STATIC_END as usize) || OP_TABLE + OPERATION_COUNT * 4 > OP_TABLE_END) unreachable();
  for (let i = 0; i < OPERATION_COUNT; i++) {
    store<u32>(OP_TABLE + (i << 2), load<u32>(changetype<usize>(unchecked(OPERATIONS[i]))));
  }
  store<u32>(RAM_SIZE, ramBytes);
  store<i32>(DELIVERING, -1);
  store<u8>(PROCESSORS, processors as u8);
  store<u8>(SELECTED, 0);
  for (let n = processors; n-- > 0; ) {
    store<u32>(TLB_OWN, TLBS + n * TLB_BYTES);
    flushTlb();
  }
  emptyTlb();
  dropAllBlocks();
}

/** After a change of the watched ranges. */
export function retagAll(): void {
  retag();
  staleTags();
}

/** Forgets all decoded code (breakpoints changed). From a host callback run() leaves, so that no record of it goes on. */
export function dropCode(): void {
  dropAllBlocks();
  if (load<u32>(BLOCK)) requestExit();
}

/** Retired instructions as a Number. */
export function instructions(): f64 { return retired() as f64; }

/** From a host callback: leave after the current instruction. */
export function requestExit(): void {
  if (load<u32>(BLOCK)) leaveAfter(EXIT_LIMIT);
  else {
    store<u32>(EXIT, EXIT_LIMIT);
    store<u32>(ATTN, load<u32>(ATTN) | ATTN_EXIT);
  }
}

function setPin(n: u32, pin: usize, level: u32): void {
  store<u32>(stateOf(n, pin), level);
  if (n != load<u8>(SELECTED)) return;
  updateAttention();
  if (load<u32>(BLOCK)) endBlock();
}
/** The INTR pin of processor `n`, and an edge of its NMI pin. */
export function setInterruptLine(n: u32, level: u32): void { setPin(n, INTR_LINE, level); }
export function raiseNmi(n: u32): void { setPin(n, NMI_PENDING, 1); }

/** Delivers an exception before the next instruction; error < 0: none. */
export function inject(vector: u32, error: f64): void {
  deliver(vector, EXCEPTION, error >= 0, error >= 0 ? (error as u32) : 0);
}

/** Physical address of a linear one (low and high half), -1 when not mapped. */
export function translate(low: u32, high: u32): f64 {
  const p = probe((low as u64) | ((high as u64) << 32));
  return p == ~0 ? -1 : (p as f64);
}

/** The host writes [p, p + size) of RAM itself: decoded code there goes, the pages count as written. */
export function touchRam(p: u32, size: u32): void {
  const end = p + size;
  while (p < end) {
    const pageEnd = (p & ~0xfff) + 0x1000;
    const n = (pageEnd < end ? pageEnd : end) - p;
    invalidateCode(p as u64, n);
    const f = pageFlags(p as u64);
    store<u8>(f, load<u8>(f) | (PAGE_DIRTY | PAGE_USED));
    p += n;
  }
}

/** The instruction at RIP counts as reported. */
export function passBreakpoint(): void { store<u64>(REPORTED, load<u64>(COUNT) + 1); }

// ---- hash: FNV-like over 64-bit words with a final mix; pages by number, so that the sum needs no order ----

// @ts-ignore: decorator
@inline function mix(h: u64): u64 {
  h ^= h >> 32;
  h *= 0x9e37_79b9_7f4a_7c15;
  h ^= h >> 29;
  h *= 0xbf58_476d_1ce4_e5b9;
  return h ^ (h >> 32);
}
function hashWords(from: usize, bytes: u32, seed: u64): u64 {
  let a = seed, b: u64 = 0x1234_5678_9abc_def1, zero: u64 = 0;
  for (let p = from, end = from + bytes; p < end; p += 16) {
    const x = load<u64>(p), y = load<u64>(p, 8);
    zero |= x | y;
    a = (rotl<u64>(a, 27) ^ x) * 0x9fb2_1c65_1e98_df25;
    b = (rotl<u64>(b, 31) ^ y) * 0xc2b2_ae3d_27d4_eb4f;
  }
  return zero == 0 ? 0 : mix(a ^ mix(b)) | 1;
}

let ramHash: u64 = 0;

/** Hash of RAM: pages written since the last call are hashed again; a page of zeros adds nothing, so untouched pages cost nothing. */
function hashRam(): u64 {
  const pages = load<u32>(RAM_SIZE) >> 12;
  for (let i: u32 = 0; i < pages; i++) {
    const f = PAGE_FLAGS + i;
    if (!(load<u8>(f) & PAGE_DIRTY)) continue;
    store<u8>(f, load<u8>(f) & ~PAGE_DIRTY);
    const slot = PAGE_HASH + (i << 3);
    const h = hashWords(RAM_BASE + (i << 12), 4096, (i as u64) * 0x9e37_79b9_7f4a_7c15 + 1);
    ramHash += h - load<u64>(slot);
    store<u64>(slot, h);
  }
  dropWriteTags();
  return ramHash;
}

/** Hash of all processors' states, the count and RAM into `to` (8 bytes). Flags become explicit: equal flags, equal bytes. */
export function stateHash(to: usize): void {
  storeSelected();
  let h = hashRam() ^ mix(load<u64>(COUNT));
  const count = load<u8>(PROCESSORS);
  for (let n: u32 = 0; n < count; n++) h = mix(h ^ hashWords(CPU_SLOTS + n * CPU_SLOT, STATE_END - STATE, 0x5851_f42d_4c95_7f2d));
  store<u64>(to, h);
}
