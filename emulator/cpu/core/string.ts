// MOVS STOS LODS CMPS SCAS INS OUTS and their REP forms. A repeated instruction updates rCX, rSI, rDI as it goes, so a
// fault in the middle restarts where it happened; after CHUNK iterations it retires once and starts again, so that
// no guest can keep the machine from looking at its clock.

import { EFLAGS, MODE, MODE_64, R_DST, R_EXT, R_SCALE, SEGS, ZERO } from "../layout";
import { DF_, F_SUB, setFlags } from "./flags";
import { RAX, RCX, RDI, RDX, RSI, getReg, setReg, sx } from "./record";
import { checkSegment } from "./limits";
import { checkWrite, hostForRead, hostForWrite, rd, wr } from "./mmu";
import { checkPort, readPort, writePort } from "./io";
import { repeatInstruction } from "./run";
import { DEVICE_ACCESS, reserve, settle } from "./work";

const CHUNK: u64 = 0x10000;
/** The same for INS and OUTS, where each element is a call of a device. */
const PORT_CHUNK: u32 = 0x1000;
/** log2 of the bytes that a unit of work (work.ts) moves in bulk. */
const BULK = 6;

// Record fields of string operations: R_SCALE repeat (0 none, 1 F3, 2 F2), R_DST address of the source segment's base
// (ZERO when flat), R_EXT bits 24-25 address size.

function addressMask(r: usize): u64 {
  const size = (load<u32>(r, R_EXT) >> 24) & 3;
  return size == 2 ? ~0 : size == 1 ? 0xffff_ffff : 0xffff;
}
// @ts-ignore: decorator
@inline function source(r: usize): usize { return load<u16>(r, R_DST); }
// @ts-ignore: decorator
@inline function destination(): usize { return (load<u32>(MODE) & 3) == MODE_64 ? ZERO : SEGS; }

/** Linear address of an element at an offset in the segment whose base stands at `segment` (ZERO: flat), checked outside 64-bit mode. */
function linear(segment: usize, offset: u64, size: u32, write: bool): u64 {
  const a = load<u64>(segment) + offset;
  if ((load<u32>(MODE) & 3) == MODE_64) return a;
  checkSegment(segment, offset, size, write);
  return a & 0xffff_ffff;
}
/** Writes an index or count register in the address size: 32-bit clears the upper half, 16-bit keeps it. */
function put(register: usize, value: u64, mask: u64): void {
  if (mask == 0xffff) store<u16>(register, value as u16);
  else store<u64>(register, value & mask);
}
// @ts-ignore: decorator
@inline function delta<T>(): i64 { return load<u32>(EFLAGS) & DF_ ? -(sizeof<T>() as i64) : (sizeof<T>() as i64); }

/** Ends a REP instruction that is not through: it stays current. */
function unfinished(): void { repeatInstruction(); }

// ---- MOVS ----

function movsOnce<T>(r: usize, mask: u64): void {
  const si = load<u64>(RSI) & mask, di = load<u64>(RDI) & mask;
  wr<T>(linear(destination(), di, sizeof<T>(), true), rd<T>(linear(source(r), si, sizeof<T>(), false)));
  const d = delta<T>() as u64;
  put(RSI, si + d, mask);
  put(RDI, di + d, mask);
}

/** Bytes from a linear address to the end of its page. */
// @ts-ignore: decorator
@inline function toPageEnd(a: u64): u64 { return 0x1000 - (a & 0xfff); }
// @ts-ignore: decorator
@inline function min(a: u64, b: u64): u64 { return a < b ? a : b; }

/** Moves as many elements as lie in one page of both sides of plain RAM; 0 when one at a time is needed. Upwards only. */
function movsRun<T>(r: usize, n: u64, mask: u64): u64 {
  if (mask != ~0 || load<u32>(EFLAGS) & DF_) return 0;
  const si = load<u64>(RSI), di = load<u64>(RDI);
  const s = load<u64>(source(r)) + si;
  const k = min(n, min(toPageEnd(s), toPageEnd(di)) / sizeof<T>());
  if (k < 2) return 0;
  const from = hostForRead(s);
  const to = hostForWrite(di);
  if (!from || !to) return 0;
  const bytes = (k as usize) * sizeof<T>();
  if (to - from < bytes) for (let i: usize = 0; i < bytes; i += sizeof<T>()) store<T>(to + i, load<T>(from + i));
  else memory.copy(to, from, bytes);
  store<u64>(RSI, si + bytes);
  store<u64>(RDI, di + bytes);
  return k;
}

export function movs<T>(r: usize): void {
  const mask = addressMask(r);
  if (!load<u8>(r, R_SCALE)) {
    movsOnce<T>(r, mask);
    return;
  }
  let n = load<u64>(RCX) & mask;
  let steps: u32 = 0;
  const reserved = reserve(min(n, CHUNK) as u32);
  for (let budget: i64 = CHUNK; n; ) {
    let k = movsRun<T>(r, min(n, budget as u64), mask);
    if (!k) {
      movsOnce<T>(r, mask);
      k = 1;
    }
    steps += 1 + ((k * sizeof<T>()) >> BULK) as u32;
    n -= k;
    budget -= k;
    put(RCX, n, mask);
    if (budget <= 0 && n) {
      unfinished();
      break;
    }
  }
  settle(reserved, steps);
}

// ---- STOS ----

function stosRun<T>(n: u64, mask: u64): u64 {
  if (mask != ~0 || load<u32>(EFLAGS) & DF_) return 0;
  const di = load<u64>(RDI);
  const k = min(n, toPageEnd(di) / sizeof<T>());
  if (k < 2) return 0;
  const to = hostForWrite(di);
  if (!to) return 0;
  const v = getReg<T>(RAX);
  const bytes = (k as usize) * sizeof<T>();
  if (v == 0 || sizeof<T>() == 1) memory.fill(to, v as u8, bytes);
  else for (let i: usize = 0; i < bytes; i += sizeof<T>()) store<T>(to + i, v);
  store<u64>(RDI, di + bytes);
  return k;
}

export function stos<T>(r: usize): void {
  const mask = addressMask(r);
  const repeat = load<u8>(r, R_SCALE) != 0;
  let n: u64 = repeat ? load<u64>(RCX) & mask : 1;
  let steps: u32 = 0;
  const reserved = reserve(min(n, CHUNK) as u32);
  for (let budget: i64 = CHUNK; n; ) {
    let k = stosRun<T>(min(n, budget as u64), mask);
    if (!k) {
      const di = load<u64>(RDI) & mask;
      wr<T>(linear(destination(), di, sizeof<T>(), true), getReg<T>(RAX));
      put(RDI, di + (delta<T>() as u64), mask);
      k = 1;
    }
    steps += 1 + ((k * sizeof<T>()) >> BULK) as u32;
    n -= k;
    budget -= k;
    if (repeat) put(RCX, n, mask);
    if (budget <= 0 && n) {
      unfinished();
      break;
    }
  }
  settle(reserved, steps);
}

// ---- LODS ----

export function lods<T>(r: usize): void {
  const mask = addressMask(r);
  const repeat = load<u8>(r, R_SCALE) != 0;
  let n: u64 = repeat ? load<u64>(RCX) & mask : 1;
  const reserved = reserve(min(n, CHUNK) as u32);
  let steps: u32 = 0;
  for (; n; steps++) {
    if (steps == (CHUNK as u32)) {
      unfinished();
      break;
    }
    const si = load<u64>(RSI) & mask;
    setReg<T>(RAX, rd<T>(linear(source(r), si, sizeof<T>(), false)));
    put(RSI, si + (delta<T>() as u64), mask);
    n--;
    if (repeat) put(RCX, n, mask);
  }
  settle(reserved, steps);
}

// ---- CMPS, SCAS: F3 repeats while equal, F2 while not equal ----

export function cmps<T>(r: usize): void {
  const mask = addressMask(r);
  const repeat = load<u8>(r, R_SCALE);
  let n: u64 = repeat ? load<u64>(RCX) & mask : 1;
  const reserved = reserve(min(n, CHUNK) as u32);
  let steps: u32 = 0;
  for (; n; steps++) {
    if (steps == (CHUNK as u32)) {
      unfinished();
      break;
    }
    const si = load<u64>(RSI) & mask, di = load<u64>(RDI) & mask;
    const a = rd<T>(linear(source(r), si, sizeof<T>(), false));
    const b = rd<T>(linear(destination(), di, sizeof<T>(), false));
    const d = delta<T>() as u64;
    put(RSI, si + d, mask);
    put(RDI, di + d, mask);
    setFlags(F_SUB, sx<T>(a), sx<T>(b), sx<T>((a - b) as T));
    n--;
    if (repeat) put(RCX, n, mask);
    if (repeat && (repeat == 1) != (a == b)) break;
  }
  settle(reserved, steps);
}

export function scas<T>(r: usize): void {
  const mask = addressMask(r);
  const repeat = load<u8>(r, R_SCALE);
  let n: u64 = repeat ? load<u64>(RCX) & mask : 1;
  const reserved = reserve(min(n, CHUNK) as u32);
  let steps: u32 = 0;
  for (; n; steps++) {
    if (steps == (CHUNK as u32)) {
      unfinished();
      break;
    }
    const di = load<u64>(RDI) & mask;
    const a = getReg<T>(RAX);
    const b = rd<T>(linear(destination(), di, sizeof<T>(), false));
    put(RDI, di + (delta<T>() as u64), mask);
    setFlags(F_SUB, sx<T>(a), sx<T>(b), sx<T>((a - b) as T));
    n--;
    if (repeat) put(RCX, n, mask);
    if (repeat && (repeat == 1) != (a == b)) break;
  }
  settle(reserved, steps);
}

// ---- INS, OUTS: the memory side is checked before the port is touched ----

export function ins<T>(r: usize): void {
  const mask = addressMask(r);
  const port = load<u16>(RDX);
  const repeat = load<u8>(r, R_SCALE) != 0;
  checkPort(port, sizeof<T>());
  let n: u64 = repeat ? load<u64>(RCX) & mask : 1;
  const reserved = reserve((min(n, PORT_CHUNK as u64) as u32) * DEVICE_ACCESS);
  let steps: u32 = 0;
  for (; n; steps++) {
    if (steps == PORT_CHUNK) {
      unfinished();
      break;
    }
    const di = load<u64>(RDI) & mask;
    const a = linear(destination(), di, sizeof<T>(), true);
    checkWrite(a, sizeof<T>());
    wr<T>(a, readPort(port, sizeof<T>()) as T);
    put(RDI, di + (delta<T>() as u64), mask);
    n--;
    if (repeat) put(RCX, n, mask);
  }
  settle(reserved, steps * DEVICE_ACCESS);
}

export function outs<T>(r: usize): void {
  const mask = addressMask(r);
  const port = load<u16>(RDX);
  const repeat = load<u8>(r, R_SCALE) != 0;
  checkPort(port, sizeof<T>());
  let n: u64 = repeat ? load<u64>(RCX) & mask : 1;
  const reserved = reserve((min(n, PORT_CHUNK as u64) as u32) * DEVICE_ACCESS);
  let steps: u32 = 0;
  for (; n; steps++) {
    if (steps == PORT_CHUNK) {
      unfinished();
      break;
    }
    const si = load<u64>(RSI) & mask;
    writePort(port, sizeof<T>(), rd<T>(linear(source(r), si, sizeof<T>(), false)) as u32);
    put(RSI, si + (delta<T>() as u64), mask);
    n--;
    if (repeat) put(RCX, n, mask);
  }
  settle(reserved, steps * DEVICE_ACCESS);
}
