// The state of x87 and SSE in memory: FXSAVE and FXRSTOR (SDM 1 table 10-2), MXCSR, and the x87 environment of FNSTENV, FLDENV, FNSAVE and
// FRSTOR (SDM 1 8.1.10). Stores check all their bytes first; loads read all before they change a register. Must not know: decoding.

import { FCS, FCW, FDP, FDS, FIP, FOP, FPR, FSW, FTW, MODE, MODE_64, MXCSR, XMM } from "../layout";
import { aligned, checkFpu, checkSse } from "./fpu-common";
import { checkWrite, rd, wr } from "./mmu";
import { READ, checkCanonical } from "./paging";
import { GP, raiseError } from "./raise";
import { ea } from "./record";
import { MXCSR_VALID } from "./sse-arith";
import { ES, initialize, isEmpty, setStatus, st, top, updateSummary, waiting } from "./x87-state";

/** In 64-bit mode the image has all sixteen XMM registers, otherwise eight. */
function xmmBytes(): u64 { return (load<u32>(MODE) & 3) == MODE_64 ? 256 : 128; }

function fxsave(a: u64, wide: bool): void {
  checkFpu();
  checkCanonical(a, READ); // before the alignment, unlike in SSE instructions: #SS may come of it
  aligned(a);
  checkWrite(a, 512);
  saveX87(a, wide);
  saveMxcsr(a);
  saveSse(a);
}

// The parts of the legacy region, which XSAVE and XRSTOR choose one by one. The caller has checked that all of it can be accessed.

export function saveX87(a: u64, wide: bool): void {
  wr<u16>(a, load<u16>(FCW));
  wr<u16>(a + 2, load<u16>(FSW));
  wr<u16>(a + 4, load<u8>(FTW));
  const live = (load<u16>(FSW) & ES) != 0;
  wr<u16>(a + 6, live ? load<u16>(FOP) : 0);
  saveInstructionPointers(a, wide, live);
  for (let i: u32 = 0; i < 8; i++) {
    wr<u64>(a + 32 + 16 * i, load<u64>(st(i)));
    wr<u64>(a + 40 + 16 * i, load<u16>(st(i), 8));
  }
}
export function saveMxcsr(a: u64): void {
  wr<u32>(a + 24, load<u32>(MXCSR));
  wr<u32>(a + 28, MXCSR_VALID);
}
export function saveSse(a: u64): void {
  const bytes = xmmBytes();
  for (let i: u64 = 0; i < bytes; i += 8) wr<u64>(a + 160 + i, load<u64>(XMM + (i as usize)));
}

/** `live`: an exception is pending. Only then does AMD's FXSAVE give pointers and opcode, otherwise zeros (AMD APM 2 11.4.4); it always restores them. */
function saveInstructionPointers(a: u64, wide: bool, live: bool): void {
  if (!live) {
    wr<u64>(a + 8, 0);
    wr<u64>(a + 16, 0);
    return;
  }
  if (wide) {
    wr<u64>(a + 8, load<u64>(FIP));
    wr<u64>(a + 16, load<u64>(FDP));
    return;
  }
  wr<u32>(a + 8, load<u32>(FIP));
  wr<u32>(a + 12, load<u16>(FCS));
  wr<u32>(a + 16, load<u32>(FDP));
  wr<u32>(a + 20, load<u16>(FDS));
}

export function fxsave_m(r: usize): void { fxsave(ea(r), false); }
export function fxsave64_m(r: usize): void { fxsave(ea(r), true); }


function fxrstor(a: u64, wide: bool): void {
  checkFpu();
  checkCanonical(a, READ);
  aligned(a);
  // Touch both pages before anything changes; the image is at most 512 bytes, so no third one.
  rd<u64>(a + 408);
  rd<u64>(a + 504);
  restoreMxcsr(a);
  restoreX87(a, wide);
  restoreSse(a);
}

/** Checks before it changes anything: first of the parts. */
export function restoreMxcsr(a: u64): void {
  const mxcsr = rd<u32>(a + 24);
  if (mxcsr & ~MXCSR_VALID) raiseError(GP, 0);
  store<u32>(MXCSR, mxcsr);
}
export function restoreX87(a: u64, wide: bool): void {
  const fcw = rd<u16>(a);
  const fsw = rd<u16>(a + 2);
  store<u16>(FCW, (fcw & 0x1f3f) | 0x40);
  setStatus(fsw);
  store<u8>(FTW, rd<u8>(a + 4));
  store<u16>(FOP, rd<u16>(a + 6) & 0x7ff);
  loadInstructionPointers(a, wide);
  for (let i: u32 = 0; i < 8; i++) {
    store<u64>(st(i), rd<u64>(a + 32 + 16 * i));
    store<u64>(st(i), rd<u16>(a + 40 + 16 * i), 8);
  }
  updateSummary();
}
export function restoreSse(a: u64): void {
  const bytes = xmmBytes();
  for (let i: u64 = 0; i < bytes; i += 8) store<u64>(XMM + (i as usize), rd<u64>(a + 160 + i));
}
/** The initial state of a component (SDM 1 13.6). */
export function initX87(): void {
  initialize();
  memory.fill(FPR, 0, 128);
}
export function initSse(): void { memory.fill(XMM, 0, xmmBytes() as usize); }

/** The processor keeps 57 bits, the width of a linear address. */
function pointer(a: u64): u64 { return (<i64>(rd<u64>(a) << 7) >> 7) as u64; }

function loadInstructionPointers(a: u64, wide: bool): void {
  store<u64>(FIP, wide ? pointer(a + 8) : <u64>rd<u32>(a + 8));
  store<u64>(FDP, wide ? pointer(a + 16) : <u64>rd<u32>(a + 16));
  store<u16>(FCS, wide ? 0 : rd<u16>(a + 12));
  store<u16>(FDS, wide ? 0 : rd<u16>(a + 20));
}

export function fxrstor_m(r: usize): void { fxrstor(ea(r), false); }
export function fxrstor64_m(r: usize): void { fxrstor(ea(r), true); }

export function ldmxcsr_m(r: usize): void {
  checkSse();
  const value = rd<u32>(ea(r));
  if (value & ~MXCSR_VALID) raiseError(GP, 0);
  store<u32>(MXCSR, value);
}
export function stmxcsr_m(r: usize): void {
  checkSse();
  wr<u32>(ea(r), load<u32>(MXCSR));
}

// ---- the x87 environment ----

/** The full tag word: two bits a physical register: 0 valid, 1 zero, 2 special, 3 empty. */
function fullTags(): u32 {
  let tags: u32 = 0;
  for (let i: u32 = 0; i < 8; i++) tags |= tagOf(i) << (2 * ((top() + i) & 7));
  return tags;
}
function tagOf(i: u32): u32 {
  if (isEmpty(i)) return 3;
  const sig = load<u64>(st(i));
  const exponent = load<u16>(st(i), 8) & 0x7fff;
  if (exponent == 0) return sig == 0 ? 1 : 2;
  return exponent == 0x7fff || <i64>sig >= 0 ? 2 : 0;
}
function setFullTags(tags: u32): void {
  let abridged: u32 = 0;
  for (let i: u32 = 0; i < 8; i++) if (((tags >> (2 * i)) & 3) != 3) abridged |= 1 << i;
  store<u8>(FTW, <u8>abridged);
}

/** 28 bytes in the 32-bit protected-mode format, 14 in the 16-bit one. */
function storeEnvironment(a: u64, narrow: bool): void {
  if (narrow) {
    wr<u16>(a, load<u16>(FCW));
    wr<u16>(a + 2, load<u16>(FSW));
    wr<u16>(a + 4, <u16>fullTags());
    wr<u16>(a + 6, load<u16>(FIP));
    wr<u16>(a + 8, load<u16>(FCS));
    wr<u16>(a + 10, load<u16>(FDP));
    wr<u16>(a + 12, load<u16>(FDS));
    return;
  }
  wr<u32>(a, 0xffff0000 | load<u16>(FCW));
  wr<u32>(a + 4, 0xffff0000 | load<u16>(FSW));
  wr<u32>(a + 8, 0xffff0000 | fullTags());
  wr<u32>(a + 12, load<u32>(FIP));
  wr<u32>(a + 16, <u32>load<u16>(FCS) | ((<u32>load<u16>(FOP) & 0x7ff) << 16));
  wr<u32>(a + 20, load<u32>(FDP));
  wr<u32>(a + 24, 0xffff0000 | load<u16>(FDS));
}

function loadEnvironment(a: u64, narrow: bool): void {
  const step: u64 = narrow ? 2 : 4;
  const last = rd<u16>(a + 6 * step);
  store<u16>(FCW, (rd<u16>(a) & 0x1f3f) | 0x40);
  setStatus(rd<u16>(a + step));
  setFullTags(rd<u16>(a + 2 * step));
  store<u64>(FIP, narrow ? <u64>rd<u16>(a + 6) : <u64>rd<u32>(a + 12));
  store<u16>(FCS, rd<u16>(a + 4 * step));
  store<u16>(FOP, narrow ? 0 : rd<u16>(a + 18) & 0x7ff); // the 16-bit format has none
  store<u64>(FDP, narrow ? <u64>rd<u16>(a + 10) : <u64>rd<u32>(a + 20));
  store<u16>(FDS, last);
  updateSummary();
}

function saveAll(a: u64, narrow: bool): void {
  const size: u64 = narrow ? 14 : 28;
  checkFpu();
  checkWrite(a, <u32>size + 80);
  storeEnvironment(a, narrow);
  for (let i: u32 = 0; i < 8; i++) {
    wr<u64>(a + size + 10 * i, load<u64>(st(i)));
    wr<u16>(a + size + 10 * i + 8, load<u16>(st(i), 8));
  }
  initialize();
}

function restoreAll(a: u64, narrow: bool): void {
  const size: u64 = narrow ? 14 : 28;
  waiting();
  rd<u16>(a + size + 78);
  loadEnvironment(a, narrow);
  for (let i: u32 = 0; i < 8; i++) {
    store<u64>(st(i), rd<u64>(a + size + 10 * i));
    store<u64>(st(i), rd<u16>(a + size + 10 * i + 8), 8);
  }
}

// Suffix w: the 16-bit format, chosen by the operand-size prefix.
export function fnstenv_m(r: usize): void { environment(ea(r), false); }
export function fnstenvw_m(r: usize): void { environment(ea(r), true); }
export function fldenv_m(r: usize): void { waiting(); loadEnvironment(ea(r), false); }
export function fldenvw_m(r: usize): void { waiting(); loadEnvironment(ea(r), true); }
export function fnsave_m(r: usize): void { saveAll(ea(r), false); }
export function fnsavew_m(r: usize): void { saveAll(ea(r), true); }
export function frstor_m(r: usize): void { restoreAll(ea(r), false); }
export function frstorw_m(r: usize): void { restoreAll(ea(r), true); }

/** FNSTENV masks all exceptions once the environment is out. */
function environment(a: u64, narrow: bool): void {
  checkFpu();
  checkWrite(a, narrow ? 14 : 28);
  storeEnvironment(a, narrow);
  store<u16>(FCW, load<u16>(FCW) | 0x3f);
  updateSummary();
}
