// Far JMP, CALL, RET, IRET, and SYSCALL SYSRET SYSENTER SYSEXIT. Everything is read and checked before anything changes.
// What goes through a gate or to a task is in gate.ts and task.ts.

import {
  CPL, CSTAR, DEBUG_PENDING, EFER, FEATURES, EFLAGS, LSTAR, NMI_BLOCKED, R_DISP, R_IMM, SEG_ATTR, SEG_BASE, SEG_LIMIT, SEG_SELECTOR, SFMASK, STAR, SYSENTER_CS, SYSENTER_EIP,
  SYSENTER_ESP,
} from "../layout";
import { FEATURE_SEP64 } from "../features";
import { DR6_BS } from "./debug";
import { replaceTrap } from "./exception";
import { EFER_SCE, canonical } from "./paging";
import { ACF, ARITHMETIC, DF_, ID, IF, IOPL, NT, RF, TF, VIF, VIP, VM, getFlags, putFlags } from "./flags";
import { A_DB, A_L, A_P, A_S, CS, DS, ES, FS, GS, SSR, TR, code64, commitDescriptor, descriptorAttr, descriptorLimit, dplOf, longMode, markAccessed, protectedMode, readDescriptor, readStackSegment, realSegments, seg, selectorOf, setSegment, setVirtual8086Segment, updateMode, virtual8086 } from "./segment";
import { R11, RCX, RDX, RSP, ea, jump } from "./record";
import { RIP } from "../layout";
import { rd, sysRead16, wr } from "./mmu";
import { GP, NP, UD, raise, raiseError } from "./raise";
import { setStackPointer, stackLinear } from "./stack";
import { farSystem } from "./gate";
import { BY_IRET, taskSwitch } from "./task";

function readStack(index: u32, size: u32): u64 {
  const a = stackLinear(load<u64>(RSP) + index * size, size);
  if (size == 8) return rd<u64>(a);
  return size == 4 ? (rd<u32>(a) as u64) : (rd<u16>(a) as u64);
}

/** The descriptor that a far JMP or CALL names. True: a system descriptor. */
function readFarDescriptor(selector: u32): bool {
  if (!(selector & 0xfffc)) raiseError(GP, 0);
  readDescriptor(selector);
  return !(descriptorAttr & A_S);
}
/** The descriptor read last as code of a far JMP or CALL, at the same privilege. */
function checkFarCode(selector: u32, offset: u64): void {
  const cpl = load<u32>(CPL), attr = descriptorAttr, error = selector & 0xfffc;
  if (!(attr & 8)) raiseError(GP, error);
  if (longMode() && (attr & (A_L | A_DB)) == (A_L | A_DB)) raiseError(GP, error);
  if (attr & 4 ? dplOf(attr) > cpl : (selector & 3) > cpl || dplOf(attr) != cpl) raiseError(GP, error);
  if (!(attr & A_P)) raiseError(NP, error);
  if (longMode() && attr & A_L ? !canonical(offset) : offset > (descriptorLimit as u64)) raiseError(GP, 0);
  markAccessed();
}

function commitCode(selector: u32, cpl: u32): void {
  commitDescriptor(CS, (selector & 0xfffc) | cpl);
  store<u32>(CPL, cpl);
  updateMode();
}
/** Real-address and virtual-8086 mode: the limit of CS stays as it is (SDM 3A 20.1.1). */
function checkRealTarget(offset: u64): void { if (offset > (load<u32>(seg(CS), SEG_LIMIT) as u64)) raiseError(GP, 0); }
function realCode(selector: u32): void {
  const s = seg(CS);
  store<u64>(s, (selector as u64) << 4);
  store<u16>(s, selector as u16, SEG_SELECTOR);
  updateMode();
}

function farJump(selector: u32, offset: u64): void {
  if (realSegments()) {
    checkRealTarget(offset);
    realCode(selector);
  } else {
    if (readFarDescriptor(selector)) {
      farSystem(selector, false);
      return;
    }
    checkFarCode(selector, offset);
    commitCode(selector, load<u32>(CPL));
  }
  jump(offset);
}
function farCall(selector: u32, offset: u64, size: u32): void {
  const next = load<u64>(RIP);
  const sp = load<u64>(RSP);
  const real = realSegments();
  if (real) checkRealTarget(offset);
  else {
    if (readFarDescriptor(selector)) {
      farSystem(selector, true);
      return;
    }
    checkFarCode(selector, offset);
  }
  const first = stackLinear(sp - size, size), second = stackLinear(sp - 2 * size, size);
  const old = selectorOf(CS);
  if (size == 2) {
    wr<u16>(first, old as u16);
    wr<u16>(second, next as u16);
  } else if (size == 4) {
    wr<u32>(first, old);
    wr<u32>(second, next as u32);
  } else {
    wr<u64>(first, old as u64);
    wr<u64>(second, next);
  }
  if (real) realCode(selector);
  else commitCode(selector, load<u32>(CPL));
  setStackPointer(sp - 2 * size);
  jump(offset);
}
/** ptr16:16/32: R_DISP offset, R_IMM selector. */
export function jmpf_p<T>(r: usize): void { farJump(load<u16>(r, R_IMM), load<u64>(r, R_DISP)); }
export function callf_p<T>(r: usize): void { farCall(load<u16>(r, R_IMM), load<u64>(r, R_DISP), sizeof<T>()); }
export function jmpf_m<T>(r: usize): void {
  const a = ea(r);
  const offset = rd<T>(a) as u64;
  farJump(rd<u16>(a + sizeof<T>()), offset);
}
export function callf_m<T>(r: usize): void {
  const a = ea(r);
  const offset = rd<T>(a) as u64;
  farCall(rd<u16>(a + sizeof<T>()), offset, sizeof<T>());
}

// ---- returns ----

/** Reads and checks the code segment that a RETF or IRET goes back to. */
function readReturnCode(selector: u32): void {
  const error = selector & 0xfffc;
  const rpl = selector & 3;
  if (!error) raiseError(GP, 0);
  readDescriptor(selector);
  const attr = descriptorAttr;
  if (rpl < load<u32>(CPL) || (attr & 0x18) != 0x18) raiseError(GP, error);
  if (longMode() && (attr & (A_L | A_DB)) == (A_L | A_DB)) raiseError(GP, error);
  if (attr & 4 ? dplOf(attr) > rpl : dplOf(attr) != rpl) raiseError(GP, error);
  if (!(attr & A_P)) raiseError(NP, error);
  markAccessed();
}

/** After a return outwards data segments that the new level may not use become null (SDM 3A 5.8.6). */
function dropInnerSegments(cpl: u32): void {
  for (let i: u32 = ES; i <= (GS as u32); i++) {
    if (i == CS || i == SSR) continue;
    const attr = load<u32>(seg(i), SEG_ATTR);
    const conforming = (attr & 0x0c) == 0x0c;
    if (attr & A_P && !conforming && dplOf(attr) < cpl) {
      store<u16>(seg(i), 0, SEG_SELECTOR);
      store<u32>(seg(i), 0, SEG_ATTR);
    }
  }
}

/** Leaves for CS:RIP on stack SS:RSP (when the stack changes). All checks, then all changes. */
function returnTo(cs: u32, rip: u64, withStack: bool, ss: u32, rsp: u64): void {
  const cpl = cs & 3;
  const outwards = cpl > load<u32>(CPL);
  readReturnCode(cs);
  const to64 = longMode() && (descriptorAttr & A_L) != 0;
  if (to64 ? !canonical(rip) : rip > descriptorLimit) raiseError(GP, 0);
  if (withStack) {
    const nullStack = !(ss & 0xfffc);
    if (nullStack && !(to64 && cpl != 3 && (ss & 3) == cpl)) raiseError(GP, 0);
    if (!nullStack) {
      readStackSegment(ss, cpl);
      commitDescriptor(SSR, ss);
    } else setSegment(SSR, ss, 0, 0, cpl << 5);
    readReturnCode(cs);
  }
  commitDescriptor(CS, cs);
  store<u32>(CPL, cpl);
  updateMode();
  if (withStack) {
    if (to64) store<u64>(RSP, rsp);
    else setStackPointer(rsp);
  }
  if (outwards) dropInnerSegments(cpl);
  jump(rip);
}

function realReturn(size: u32, words: u32, extra: u64): void {
  const rip = readStack(0, size), cs = readStack(1, size) as u32;
  checkRealTarget(rip);
  realCode(cs & 0xffff);
  setStackPointer(load<u64>(RSP) + size * words + extra);
  jump(rip);
}

function farReturn(size: u32, extra: u64): void {
  if (realSegments()) {
    realReturn(size, 2, extra);
    return;
  }
  const rip = readStack(0, size), cs = (readStack(1, size) as u32) & 0xffff;
  if ((cs & 3) <= load<u32>(CPL)) {
    const sp = load<u64>(RSP) + 2 * size + extra;
    returnTo(cs, rip, false, 0, 0);
    setStackPointer(sp);
    return;
  }
  const at = stackLinear(load<u64>(RSP) + 2 * size + extra, 2 * size);
  const sp = size == 8 ? rd<u64>(at) : size == 4 ? (rd<u32>(at) as u64) : (rd<u16>(at) as u64);
  const ss = rd<u16>(at + size);
  returnTo(cs, rip, true, ss, sp + extra);
}
export function retf<T>(r: usize): void { farReturn(sizeof<T>(), 0); }
export function retf_i<T>(r: usize): void { farReturn(sizeof<T>(), load<u16>(r, R_IMM) as u64); }

/** Flags that IRET may change at this privilege (SDM 2 IRET). */
function returnFlags(value: u32, size: u32, cpl: u32): void {
  const old = getFlags();
  let mask: u32 = ARITHMETIC | TF | DF_ | NT | RF | ACF | ID;
  if (cpl == 0) mask |= IOPL | VIF | VIP;
  if (cpl <= ((old >> 12) & 3)) mask |= IF;
  if (size == 2) mask &= 0xffff;
  putFlags((old & ~mask) | (value & mask));
}

function interruptReturn(size: u32): void {
  const cpl = load<u32>(CPL);
  if (realSegments()) {
    // Virtual-8086 mode needs IOPL 3, and keeps IOPL (SDM 2 IRET).
    if (virtual8086() && (load<u32>(EFLAGS) & IOPL) != IOPL) raiseError(GP, 0);
    const flags = readStack(2, size) as u32;
    realReturn(size, 3, 0);
    returnFlags(flags, size, cpl);
    updateMode();
    store<u32>(NMI_BLOCKED, 0);
    return;
  }
  if (load<u32>(EFLAGS) & NT) {
    if (longMode()) raiseError(GP, 0);
    taskSwitch(sysRead16(load<u64>(seg(TR), SEG_BASE)), BY_IRET, getFlags(), 0, false, 0);
    store<u32>(NMI_BLOCKED, 0);
    return;
  }
  const rip = readStack(0, size), cs = (readStack(1, size) as u32) & 0xffff, flags = readStack(2, size) as u32;
  if (!longMode() && size == 4 && flags & VM && cpl == 0) {
    returnToVirtual8086(cs, rip, flags);
    return;
  }
  const withStack = code64() || (cs & 3) > cpl;
  if (withStack) returnTo(cs, rip, true, (readStack(4, size) as u32) & 0xffff, readStack(3, size));
  else {
    const sp = load<u64>(RSP) + 3 * size;
    returnTo(cs, rip, false, 0, 0);
    setStackPointer(sp);
  }
  returnFlags(flags, size, cpl);
  store<u32>(NMI_BLOCKED, 0);
  updateMode();
}
/** IRET at CPL 0 with VM in the image of EFLAGS: nine values, and no checks (SDM 3A 21.2.3). */
function returnToVirtual8086(cs: u32, rip: u64, flags: u32): void {
  const esp = readStack(3, 4), ss = readStack(4, 4) as u32, es = readStack(5, 4) as u32, ds = readStack(6, 4) as u32;
  const fs = readStack(7, 4) as u32, gs = readStack(8, 4) as u32;
  if (rip > 0xffff) raiseError(GP, 0);
  putFlags(flags & 0x3f_7fd7);
  setVirtual8086Segment(CS, cs);
  setVirtual8086Segment(SSR, ss & 0xffff);
  setVirtual8086Segment(ES, es & 0xffff);
  setVirtual8086Segment(DS, ds & 0xffff);
  setVirtual8086Segment(FS, fs & 0xffff);
  setVirtual8086Segment(GS, gs & 0xffff);
  store<u64>(RSP, esp);
  store<u32>(CPL, 3);
  store<u32>(NMI_BLOCKED, 0);
  updateMode();
  jump(rip);
}
export function iret<T>(r: usize): void { interruptReturn(sizeof<T>()); }

// ---- fast system calls ----

const CODE_64: u32 = 0xa09b, CODE_32: u32 = 0xc09b, DATA: u32 = 0xc093;
function flat(i: u32, selector: u32, attr: u32, cpl: u32): void { setSegment(i, selector, 0, 0xffff_ffff, attr | (cpl << 5)); }

/** After SYSCALL and SYSRET it is the new TF that decides about the single-step trap, and at once (SDM 3B 17.3.1.4). */
function trapAtOnce(): void {
  replaceTrap();
  if (load<u32>(EFLAGS) & TF) store<u32>(DEBUG_PENDING, load<u32>(DEBUG_PENDING) | DR6_BS);
}

export function syscall(r: usize): void {
  if (!(load<u32>(EFER) & EFER_SCE) || !longMode()) raise(UD);
  if (!code64() && load<u32>(FEATURES) & FEATURE_SEP64) raise(UD); // Intel's processors have it in 64-bit mode only
  const flags = getFlags();
  store<u64>(RCX, load<u64>(RIP));
  store<u64>(R11, (flags & ~RF) as u64);
  const target = code64() ? load<u64>(LSTAR) : load<u64>(CSTAR);
  const selector = ((load<u64>(STAR) >> 32) as u32) & 0xfffc;
  putFlags(flags & ~load<u32>(SFMASK) & ~RF);
  trapAtOnce();
  flat(CS, selector, CODE_64, 0);
  flat(SSR, selector + 8, DATA, 0);
  store<u32>(CPL, 0);
  updateMode();
  jump(target);
}
export function sysret<T>(r: usize): void {
  if (!(load<u32>(EFER) & EFER_SCE) || !longMode()) raise(UD);
  const target = load<u64>(RCX);
  if (load<u32>(CPL) || (sizeof<T>() == 8 && !canonical(target))) raiseError(GP, 0);
  const selector = ((load<u64>(STAR) >> 48) as u32) & 0xffff;
  putFlags((load<u32>(R11) & 0x3c7fd7) | 2);
  trapAtOnce();
  if (sizeof<T>() == 8) flat(CS, (selector + 16) | 3, CODE_64, 3);
  else flat(CS, selector | 3, CODE_32, 3);
  flat(SSR, (selector + 8) | 3, DATA, 3);
  store<u32>(CPL, 3);
  updateMode();
  jump(sizeof<T>() == 8 ? target : target & 0xffff_ffff);
}
/** AMD's processors have neither in IA-32e mode (APM 3, SYSENTER). */
function sysenterAllowed(): void {
  if (longMode() && !(load<u32>(FEATURES) & FEATURE_SEP64)) raise(UD);
}
export function sysenter(r: usize): void {
  sysenterAllowed();
  const selector = load<u32>(SYSENTER_CS) & 0xfffc;
  if (!protectedMode() || !selector) raiseError(GP, 0);
  putFlags(getFlags() & ~(VM | IF | RF));
  flat(CS, selector, longMode() ? CODE_64 : CODE_32, 0);
  flat(SSR, selector + 8, DATA, 0);
  store<u32>(CPL, 0);
  updateMode();
  const mask: u64 = longMode() ? ~0 : 0xffff_ffff;
  store<u64>(RSP, load<u64>(SYSENTER_ESP) & mask);
  jump(load<u64>(SYSENTER_EIP) & mask);
}
export function sysexit<T>(r: usize): void {
  sysenterAllowed();
  const selector = load<u32>(SYSENTER_CS) & 0xfffc;
  if (!protectedMode() || !selector || load<u32>(CPL)) raiseError(GP, 0);
  const wide = sizeof<T>() == 8;
  if (wide && (!canonical(load<u64>(RCX)) || !canonical(load<u64>(RDX)))) raiseError(GP, 0);
  const mask: u64 = wide ? ~0 : 0xffff_ffff;
  flat(CS, (selector + (wide ? 32 : 16)) | 3, wide ? CODE_64 : CODE_32, 3);
  flat(SSR, (selector + (wide ? 40 : 24)) | 3, DATA, 3);
  store<u32>(CPL, 3);
  updateMode();
  store<u64>(RSP, load<u64>(RCX) & mask);
  jump(load<u64>(RDX) & mask);
}
