// The loop: block after block until the limit, an exit or something that needs attention. Counts are exact: a block
// that would pass the limit runs as many of its records as fit.

import {
  ATTN, ATTN_DEBUG, ATTN_EXIT, ATTN_HALT, ATTN_INTR, ATTN_NMI, ATTN_SHADOW, ATTN_TRAP, BLOCK, BLOCK_HEADER, B_CODE, B_COUNT, B_LINEAR, B_LINK0, B_LINK0_TAG, B_LINK1, B_LINK1_TAG,
  B_MODE, B_NEXT, COUNT, CUR, DEBUG_PENDING, EFLAGS, END, EXIT, EXIT_HALT, EXIT_LIMIT, HALTED, INTR_LINE, JUMP_CACHE, JUMP_SIZE, LIMIT, LINK_TAG, LOOSE_BLOCK, MODE,
  MODE_64, NMI_BLOCKED, NMI_PENDING, RECORD_SIZE, RECOVER, RESUME, RIP, R_LEN, R_OP, SHADOW, SHADOW_SS,
} from "../layout";
import { findBlock } from "./block";
import { EXCEPTION, HARDWARE, clearDelivered, deliver, delivered, recover } from "./exception";
import { DR6_BS } from "./debug";
import { IF, RF, TF } from "./flags";
import { dispatch } from "./generated/dispatch";
import { followAlignment } from "./limits";
import { DB, NMI } from "./raise";

// @ts-ignore: decorator
@external("host", "acknowledgeInterrupt")
declare function acknowledgeInterrupt(): i32;
/** The block has become hot: the host may set its B_CODE, now or later. */
// @ts-ignore: decorator
@external("host", "translate")
declare function translate(block: u32): void;

/** So many instructions at most between two entries into the hot function: V8 puts optimized code in place only at an entry. */
const SLICE: u64 = 100_000;

/** ATTN follows flags, shadow, pins. Call after every change of them. */
export function updateAttention(): void {
  const flags = load<u32>(EFLAGS);
  let attn = load<u32>(ATTN) & ATTN_EXIT;
  if (load<u32>(SHADOW)) attn |= ATTN_SHADOW;
  if (flags & (TF | RF)) attn |= ATTN_TRAP;
  if (load<u32>(DEBUG_PENDING)) attn |= ATTN_DEBUG;
  if (load<u32>(INTR_LINE) && flags & IF) attn |= ATTN_INTR;
  if (load<u32>(NMI_PENDING) && !load<u32>(NMI_BLOCKED)) attn |= ATTN_NMI;
  if (load<u32>(HALTED)) attn |= ATTN_HALT;
  store<u32>(ATTN, attn);
  followAlignment();
}

// @ts-ignore: decorator
@inline function first(b: usize): usize { return b + BLOCK_HEADER; }

/** RIP of a record of a block. */
function ripOf(b: usize, record: usize): u64 {
  let rip = load<u64>(b, B_LINEAR);
  for (let r = first(b); r < record; r += RECORD_SIZE) rip += load<u8>(r, R_LEN);
  return (load<u32>(b, B_MODE) & 3) == MODE_64 ? rip : rip & 0xffff_ffff;
}

/** Address of the instruction being executed, or of the next one between instructions. */
export function currentRip(): u64 {
  const b = load<u32>(BLOCK);
  return b ? ripOf(b, load<u32>(CUR)) : load<u64>(RIP);
}

/** The current block ends before `record`: everything in front of it has retired. */
export function retireTo(record: usize): void {
  const b = load<u32>(BLOCK);
  store<u64>(RIP, ripOf(b, record));
  store<u64>(COUNT, load<u64>(COUNT) + ((record - first(b)) / RECORD_SIZE));
  store<u32>(BLOCK, 0);
}

/** A REP instruction that is not through stays current (it is always the last of its block). */
export function repeatInstruction(): void {
  store<u64>(RIP, ripOf(load<u32>(BLOCK), load<u32>(CUR)));
}

/** Instructions retired before the current one. */
export function retired(): u64 {
  const b = load<u32>(BLOCK);
  return load<u64>(COUNT) + (b ? (load<u32>(CUR) - first(b)) / RECORD_SIZE : 0);
}

/** Function-table index of the block's translation, 0 when there is none. Counts executions until the block is hot. */
// @ts-ignore: decorator
@inline function translationOf(b: usize): i32 {
  let code = load<i32>(b, B_CODE);
  if (code < 0) {
    store<i32>(b, ++code, B_CODE);
    if (code == 0) {
      translate(b as u32);
      code = load<i32>(b, B_CODE);
    }
  }
  return code;
}

/**
 * Runs the first `n` records of block `b`, then follows links while whole blocks fit below `limit` and nothing wants attention. Where there
 * is a translation it runs instead; it executes whole blocks too, as many as fit, and tells the last (0: unknown). It may refuse the first.
 */
function execute(b: usize, n: u32, limit: u64): void {
  for (;;) {
    const code = translationOf(b);
    const before = load<u64>(COUNT);
    if (code > 0 && before + load<u32>(b, B_COUNT) <= limit) {
      const left: usize = call_indirect<u32>(code, limit);
      const now = load<u64>(COUNT);
      if (now != before) {
        if (load<u32>(ATTN) != 0 || now >= limit) return;
        b = next(left);
        n = load<u32>(b, B_COUNT);
        if (now + n > limit) return;
        continue;
      }
    }
    let r = first(b);
    const last = r + n * RECORD_SIZE;
    store<u32>(BLOCK, b as u32);
    store<u32>(END, last as u32);
    store<u64>(RIP, load<u64>(b, B_NEXT));
    do {
      store<u32>(CUR, r as u32);
      dispatch(load<u16>(r, R_OP), r);
      r += RECORD_SIZE;
    } while (r < load<u32>(END));
    if (r != first(b) + load<u32>(b, B_COUNT) * RECORD_SIZE) {
      retireTo(r);
      return;
    }
    const count = load<u64>(COUNT) + ((r - first(b)) / RECORD_SIZE);
    store<u64>(COUNT, count);
    store<u32>(BLOCK, 0);
    // At the limit nothing is fetched any more: a page fault of the next block belongs to the next run().
    if (load<u32>(ATTN) != 0 || count >= limit) return;
    b = next(b);
    n = load<u32>(b, B_COUNT);
    if (count + n > limit) return;
  }
}

/** The block at RIP, by the links of block `b` (0: of none). */
// @ts-ignore: decorator
@inline function next(b: usize): usize {
  const rip = load<u64>(RIP);
  const tag = load<u32>(LINK_TAG);
  if (load<u32>(b, B_LINK0_TAG) == tag && load<u64>(load<u32>(b, B_LINK0), B_LINEAR) == rip) return load<u32>(b, B_LINK0);
  if (load<u32>(b, B_LINK1_TAG) == tag && load<u64>(load<u32>(b, B_LINK1), B_LINEAR) == rip) return load<u32>(b, B_LINK1);
  return follow(b, rip, tag);
}

// @ts-ignore: decorator
@inline function jumpEntry(rip: u64): usize { return JUMP_CACHE + ((((rip ^ (rip >> 12)) as u32) & (JUMP_SIZE - 1)) << 3); }

/** The block at RIP by the jump cache or a full look-up; remembered there and as a link of `from`. */
function follow(from: usize, rip: u64, tag: u32): usize {
  const j = jumpEntry(rip);
  let b: usize = load<u32>(j);
  if (load<u32>(j, 4) != tag || load<u64>(b, B_LINEAR) != rip) {
    b = findBlock();
    const now = load<u32>(LINK_TAG);
    if (b == LOOSE_BLOCK) return b;
    if (now != tag) from = 0; // all blocks may be gone: `from` is no block any more
    tag = now;
    store<u32>(j, b as u32);
    store<u32>(j, tag, 4);
  }
  if (from == LOOSE_BLOCK || !from) return b;
  if (load<u32>(from, B_LINK0_TAG) != tag) {
    store<u32>(from, b as u32, B_LINK0);
    store<u32>(from, tag, B_LINK0_TAG);
  } else {
    store<u32>(from, b as u32, B_LINK1);
    store<u32>(from, tag, B_LINK1_TAG);
  }
  return b;
}

/** Interrupts and NMI at an instruction boundary. True when run() must leave. */
function attend(): bool {
  const attn = load<u32>(ATTN);
  if (attn & ATTN_DEBUG && !load<u32>(SHADOW_SS)) {
    deliver(DB, EXCEPTION, false, 0);
    updateAttention();
    return false;
  }
  if (attn & ATTN_SHADOW) return false;
  if (attn & ATTN_NMI) {
    store<u32>(NMI_PENDING, 0);
    deliver(NMI, HARDWARE, false, 0);
    updateAttention();
    return false;
  }
  if (attn & ATTN_INTR) {
    const vector = acknowledgeInterrupt();
    if (vector >= 0) deliver(vector as u32, HARDWARE, false, 0);
    else store<u32>(INTR_LINE, 0);
    updateAttention();
    return false;
  }
  if (attn & ATTN_HALT) {
    store<u32>(EXIT, EXIT_HALT);
    return true;
  }
  return false;
}

function requested(): bool {
  if (!(load<u32>(ATTN) & ATTN_EXIT)) return false;
  store<u32>(ATTN, load<u32>(ATTN) & ~ATTN_EXIT);
  return true;
}

/**
 * One instruction, for the shadow of STI and MOV SS, for RF, and for the trap flag (SDM 3B 17.3.1.4: the trap comes after the instruction,
 * but not between MOV SS and the one behind it). RF holds for one instruction that succeeds.
 */
function single(): void {
  const trap = (load<u32>(EFLAGS) & TF) != 0;
  const b = findBlock();
  store<u32>(RESUME, load<u32>(EFLAGS) & RF);
  store<u32>(EFLAGS, load<u32>(EFLAGS) & ~RF);
  store<u32>(SHADOW, 0);
  store<u32>(SHADOW_SS, 0);
  clearDelivered();
  execute(b, 1, 0);
  store<u32>(RESUME, 0);
  if (trap && !delivered && !load<u32>(SHADOW_SS)) store<u32>(DEBUG_PENDING, load<u32>(DEBUG_PENDING) | DR6_BS);
  updateAttention();
}

/** Runs until EXIT says why not. The host calls it again after unwind(). */
export function run(): void {
  if (load<u32>(RECOVER) && !recover()) return;
  for (;;) {
    if (requested()) return;
    const count = load<u64>(COUNT), limit = load<u64>(LIMIT);
    if (count >= limit) {
      store<u32>(EXIT, EXIT_LIMIT);
      return;
    }
    if (load<u32>(ATTN)) {
      if (attend()) return;
      if (load<u32>(ATTN) & (ATTN_SHADOW | ATTN_TRAP)) {
        single();
        continue;
      }
      if (load<u32>(ATTN)) continue;
    }
    const slice = count + SLICE < limit ? count + SLICE : limit;
    const b = follow(0, load<u64>(RIP), load<u32>(LINK_TAG));
    const n = load<u32>(b, B_COUNT);
    const room = slice - count;
    execute(b, room < n ? (room as u32) : n, slice);
  }
}
