// How SSE and MMX instructions reach their operands. Each accessor of a source makes the checks that come before the instruction
// (fpu-common.ts) and keeps the alignment rule of 128-bit memory (SDM 2 table 2-21): so a handler needs nothing but its sources and its result.

import { FTW } from "../layout";
import { aligned, checkMmx, checkSse } from "./fpu-common";
import { PAGE_MASK, T_ADDEND, T_READ, T_WRITE, checkWrite, entryOf, rd, wr } from "./mmu";
import { MF, raise } from "./raise";
import { dstOf, ea, srcOf } from "./record";
import { ES, setTop, status } from "./x87-state";

// ---- 128 bits of memory, any alignment ----

// @ts-ignore: decorator
@inline export function load128(a: u64): v128 {
  const e = entryOf(a);
  if (load<u64>(e, T_READ) == ((a + 15) & PAGE_MASK)) return v128.load(load<u32>(e, T_ADDEND) + (a as u32));
  return load128Slow(a);
}
function load128Slow(a: u64): v128 {
  const low = rd<u64>(a);
  return i64x2.replace_lane(i64x2.splat(low), 1, rd<u64>(a + 8));
}
/** Nothing is written when any byte faults. */
// @ts-ignore: decorator
@inline export function store128(a: u64, value: v128): void {
  const e = entryOf(a);
  if (load<u64>(e, T_WRITE) == ((a + 15) & PAGE_MASK)) v128.store(load<u32>(e, T_ADDEND) + (a as u32), value);
  else store128Slow(a, value);
}
function store128Slow(a: u64, value: v128): void {
  checkWrite(a, 16);
  wr<u64>(a, i64x2.extract_lane(value, 0));
  wr<u64>(a + 8, i64x2.extract_lane(value, 1));
}

// ---- sources of SSE instructions: x register, m memory ----

// @ts-ignore: decorator
@inline export function x128(r: usize): v128 { checkSse(); return v128.load(srcOf(r)); }
// @ts-ignore: decorator
@inline export function m128(r: usize): v128 { checkSse(); return load128(aligned(ea(r))); }
// @ts-ignore: decorator
@inline export function m128u(r: usize): v128 { checkSse(); return load128(ea(r)); }
/** The low half, or memory of any alignment. */
// @ts-ignore: decorator
@inline export function x64(r: usize): u64 { checkSse(); return load<u64>(srcOf(r)); }
// @ts-ignore: decorator
@inline export function m64(r: usize): u64 { checkSse(); return rd<u64>(ea(r)); }
// @ts-ignore: decorator
@inline export function x32(r: usize): u32 { checkSse(); return load<u32>(srcOf(r)); }
// @ts-ignore: decorator
@inline export function m32(r: usize): u32 { checkSse(); return rd<u32>(ea(r)); }

// @ts-ignore: decorator
@inline export function xmmDst(r: usize): v128 { return v128.load(dstOf(r)); }
// @ts-ignore: decorator
@inline export function setXmm(r: usize, value: v128): void { v128.store(dstOf(r), value); }
/** A vector whose upper half is zero. */
// @ts-ignore: decorator
@inline export function low64(value: u64): v128 { return i64x2.replace_lane(i64x2.splat(0), 0, value); }

// ---- MMX ----

/** Availability, then a pending x87 exception. */
export function checkMmxInstruction(): void {
  checkMmx();
  if (status() & ES) raise(MF);
}
/** Puts a result into an MM register: the stack becomes MMX's (TOP 0, all valid), the exponent all ones (SDM 1 9.5.1). */
export function setMmx(r: usize, value: u64): void {
  enterMmx();
  store<u64>(dstOf(r), value);
  store<u16>(dstOf(r), 0xffff, 8);
}
export function enterMmx(): void {
  setTop(0);
  store<u8>(FTW, 0xff);
}
