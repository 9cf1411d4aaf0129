// Decoded blocks: found by physical address, linear address and mode; dropped when their bytes are written.

import {
  ARENA, ARENA_END, ARENA_EPOCH, ARENA_NEXT, BLOCK, BLOCK_HASH, BLOCK_HASH_SIZE, BLOCK_HEADER, BLOCK_MAX, BREAKPOINTS, BREAKPOINT_TABLE, B_BYTES, B_CODE, B_COUNT, B_HASH_NEXT,
  B_HOOKED, B_LINEAR, B_MODE, B_NEXT, B_PAGE_NEXT, B_PHYSICAL, FETCH_BUFFER, HOT_AFTER, JUMP_CACHE, JUMP_SIZE, LOOSE_BLOCK, MODE, MODE_64, PAGE_BLOCKS, PAGE_CODE, RAM_BASE, RAM_SIZE,
  RECORD_SIZE, RIP, R_LEN, R_OP, SEGS, SEG_BASE, SEG_LIMIT, SEG_SIZE,
} from "../layout";
import { anyCodeBreakpoint } from "./debug";
import { decode, endsBlock, overrun } from "./decode";
import { OP_BREAKPOINT_HOOK } from "./generated/tables";
import { PAGE_MASK, T_ADDEND, T_EXECUTE, entryOf, pageFlags } from "./mmu";
import { EXECUTE, bumpGeneration, protectCodePage, translateAccess } from "./paging";
import { staleLinks } from "./processors";
import { GP, endBlock, raiseError, unsupported } from "./raise";

const CODE = SEGS + SEG_SIZE;

// @ts-ignore: decorator
@inline function bucketOf(physical: u32): usize { return BLOCK_HASH + (((physical ^ (physical >> 14)) & (BLOCK_HASH_SIZE - 1)) << 2); }

/** Linear address of an instruction pointer. */
export function codeLinear(rip: u64): u64 {
  if ((load<u32>(MODE) & 3) == MODE_64) return rip;
  if (rip > load<u32>(CODE, SEG_LIMIT)) raiseError(GP, 0);
  return (load<u64>(CODE, SEG_BASE) + rip) & 0xffff_ffff;
}

/** Physical address of code; raises #PF or #GP as a fetch does. */
function fetchPhysical(linear: u64): u32 {
  const e = entryOf(linear);
  if (load<u64>(e, T_EXECUTE) == (linear & PAGE_MASK)) return load<u32>(e, T_ADDEND) + (linear as u32) - RAM_BASE;
  const p = translateAccess(linear, EXECUTE);
  if (p >= load<u32>(RAM_SIZE)) unsupported(); // code outside RAM
  return p as u32;
}

/** The block at the current RIP, decoded now if need be. Faults of the fetch are raised with no block current. */
export function findBlock(): usize {
  store<u32>(BLOCK, 0);
  const rip = load<u64>(RIP);
  const linear = codeLinear(rip);
  const physical = fetchPhysical(linear);
  const mode = load<u32>(MODE);
  for (let b = load<u32>(bucketOf(physical)); b; b = load<u32>(b, B_HASH_NEXT)) {
    if (load<u32>(b, B_PHYSICAL) == physical && load<u64>(b, B_LINEAR) == rip && load<u32>(b, B_MODE) == mode) return b;
  }
  return decodeBlock(rip, linear, physical, mode);
}

export function isBreakpoint(rip: u64): bool {
  const n = load<u32>(BREAKPOINTS);
  let low: u32 = 0, high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    const v = load<u64>(BREAKPOINT_TABLE + (middle << 3));
    if (v == rip) return true;
    if (v < rip) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** A breakpoint of the debugger or of some processor's debug registers: blocks belong to all. */
function isHooked(rip: u64, linear: u64): bool { return isBreakpoint(rip) || anyCodeBreakpoint(linear); }

function header(b: usize, rip: u64, physical: u32, mode: u32): void {
  memory.fill(b, 0, BLOCK_HEADER);
  store<u64>(b, rip, B_LINEAR);
  store<u32>(b, physical, B_PHYSICAL);
  store<u32>(b, mode, B_MODE);
}
function finishBlock(b: usize, rip: u64, count: u32, bytes: u32): void {
  store<u32>(b, count, B_COUNT);
  store<u32>(b, bytes, B_BYTES);
  const next = rip + bytes;
  store<u64>(b, (load<u32>(b, B_MODE) & 3) == MODE_64 ? next : next & 0xffff_ffff, B_NEXT);
  if (isHooked(rip, codeLinear(rip))) {
    const r = b + BLOCK_HEADER;
    store<u32>(b, load<u16>(r, R_OP), B_HOOKED);
    store<u16>(r, OP_BREAKPOINT_HOOK, R_OP);
  } else if (b != LOOSE_BLOCK) store<i32>(b, load<i32>(HOT_AFTER), B_CODE);
}

/** Forgets every block. The block being executed stays readable until the next decode. */
export function dropAllBlocks(): void {
  memory.fill(BLOCK_HASH, 0, BLOCK_HASH_SIZE * 4);
  const pages = load<u32>(RAM_SIZE) >> 12;
  for (let i: u32 = 0; i < pages; i++) {
    const f = pageFlags((i as u64) << 12);
    if (load<u8>(f) & PAGE_CODE) {
      store<u8>(f, load<u8>(f) & ~PAGE_CODE);
      store<u32>(PAGE_BLOCKS + (i << 2), 0);
    }
  }
  store<u32>(ARENA_NEXT, ARENA);
  store<u32>(ARENA_EPOCH, load<u32>(ARENA_EPOCH) + 1);
  staleLinks();
  bumpGeneration();
}

/** All generations have been used: everything that bears one goes, and they begin anew. */
export function startGenerations(): void {
  memory.fill(JUMP_CACHE, 0, JUMP_SIZE * 8);
  dropAllBlocks();
}

function decodeBlock(rip: u64, linear: u64, physical: u32, mode: u32): usize {
  if (load<u32>(ARENA_NEXT) + BLOCK_HEADER + (BLOCK_MAX + 1) * RECORD_SIZE > (ARENA_END as u32)) dropAllBlocks();
  const b: usize = load<u32>(ARENA_NEXT);
  header(b, rip, physical, mode);
  const pageLeft: u32 = 0x1000 - ((linear as u32) & 0xfff);
  let bytes: u32 = 0, count: u32 = 0;
  while (count < (BLOCK_MAX as u32)) {
    const left = pageLeft - bytes;
    const at = rip + bytes;
    if (count && isHooked(at, linear + bytes)) break;
    const r = b + BLOCK_HEADER + count * RECORD_SIZE;
    const length = decode(r, RAM_BASE + physical + bytes, left < 15 ? left : 15, at, mode);
    if (overrun) {
      if (left >= 15 && count == 0) raiseError(GP, 0); // longer than 15 bytes
      break;
    }
    store<u8>(r, length as u8, R_LEN);
    bytes += length;
    count++;
    if (endsBlock || bytes == pageLeft) break;
  }
  if (count == 0) return looseBlock(rip, linear, physical, mode, pageLeft);
  finishBlock(b, rip, count, bytes);
  enter(b, physical);
  store<u32>(ARENA_NEXT, (b + BLOCK_HEADER + count * RECORD_SIZE) as u32);
  return b;
}

function enter(b: usize, physical: u32): void {
  const bucket = bucketOf(physical);
  store<u32>(b, load<u32>(bucket), B_HASH_NEXT);
  store<u32>(bucket, b as u32);
  const list = PAGE_BLOCKS + ((physical >> 12) << 2);
  store<u32>(b, load<u32>(list), B_PAGE_NEXT);
  store<u32>(list, b as u32);
  const f = pageFlags(physical as u64);
  if (!(load<u8>(f) & PAGE_CODE)) {
    store<u8>(f, load<u8>(f) | PAGE_CODE);
    protectCodePage((physical & ~0xfff) as u64);
  }
}

/** An instruction in two pages: decoded from a copy each time it runs, kept nowhere, so nothing must invalidate it. */
function looseBlock(rip: u64, linear: u64, physical: u32, mode: u32, pageLeft: u32): usize {
  memory.copy(FETCH_BUFFER, RAM_BASE + physical, pageLeft);
  const second = fetchPhysical(codeLinear(rip + pageLeft));
  memory.copy(FETCH_BUFFER + pageLeft, RAM_BASE + second, 16);
  const b: usize = LOOSE_BLOCK;
  header(b, rip, physical, mode);
  const r = b + BLOCK_HEADER;
  const length = decode(r, FETCH_BUFFER, 15, rip, mode);
  if (overrun) raiseError(GP, 0);
  store<u8>(r, length as u8, R_LEN);
  finishBlock(b, rip, 1, length);
  return b;
}

/** A write to [p, p + size) of a page with code: blocks with a byte in it are forgotten, the current one after its current instruction. */
export function invalidateCode(p: u64, size: u32): void {
  const first = p as u32, last = first + size - 1;
  const list = PAGE_BLOCKS + ((first >> 12) << 2);
  let link: usize = list;
  let hit = false;
  for (let b = load<u32>(list); b; b = load<u32>(b, B_PAGE_NEXT)) {
    const start = load<u32>(b, B_PHYSICAL);
    if (start <= last && first < start + load<u32>(b, B_BYTES)) {
      store<u32>(link, load<u32>(b, B_PAGE_NEXT));
      unhash(b, start);
      hit = true;
    } else link = b + B_PAGE_NEXT;
  }
  if (!hit) return;
  dropTranslations(load<u32>(list));
  staleLinks();
  bumpGeneration();
  if (load<u32>(BLOCK)) endBlock();
  if (!load<u32>(list)) {
    const f = pageFlags(p);
    store<u8>(f, load<u8>(f) & ~PAGE_CODE);
  }
}

/** A translation may hold any block of its page: those that are left start again. */
function dropTranslations(list: u32): void {
  for (let b = list; b; b = load<u32>(b, B_PAGE_NEXT)) if (load<i32>(b, B_CODE) > 0) store<i32>(b, load<i32>(HOT_AFTER), B_CODE);
}

function unhash(b: usize, physical: u32): void {
  let link = bucketOf(physical);
  while (load<u32>(link) != b) link = load<u32>(link) + B_HASH_NEXT;
  store<u32>(link, load<u32>(b, B_HASH_NEXT));
}
