// Hardware task switches (SDM 3A 8.3): the outgoing task's state goes to its TSS, the incoming task's comes from its own.
// 32-bit and 16-bit TSS; IA-32e mode has none (callers raise #GP there). Faults after the registers are loaded belong to the new task.

import {
  ATTN, ATTN_DEBUG, BLOCK, COUNT, CPL, CR0, CR3, CUR, DEBUG_PENDING, DR, RECORD_SIZE, REGS, RIP, SCRATCH, SEG_ATTR, SEG_BASE,
} from "../layout";
import { DR6_BT, writeDebugRegister } from "./debug";
import { NT, VM, getFlags, putFlags } from "./flags";
import { sysCheck, sysRead16, sysRead32, sysWrite16, sysWrite32, sysWrite8 } from "./mmu";
import { CR0_PG, CR0_TS, flushTlbNonGlobal } from "./paging";
import { GP, NP, SS, TS, raiseError } from "./raise";
import { jump } from "./record";
import { retireTo } from "./run";
import {
  A_P, A_S, CS, DS, ES, FS, GS, LDTR, SSR, TR, commitDescriptor, descriptorAddress, descriptorAttr, descriptorBase, descriptorLimit, dplOf, findDescriptor, markAccessed, seg,
  selectorOf, setSegment, setVirtual8086Segment, updateMode,
} from "./segment";
import { push } from "./stack";

/** How a switch came about. CALL and gates nest: the new task gets NT and a link to the old one. */
export const BY_JUMP = 0, BY_CALL = 1, BY_IRET = 2, BY_GATE = 3;

/** Busy bit of a TSS descriptor's type. */
const BUSY = 2;
const SIZE_32: u32 = 0x68, SIZE_16: u32 = 0x2c;

// The incoming task's state between reading and loading: SCRATCH holds CR3, EIP, EFLAGS, 8 registers, then ES CS SS DS FS GS LDT, 4 bytes each.
const IMAGE = SCRATCH;
const I_CR3 = 0, I_EIP = 4, I_FLAGS = 8, I_REGS = 12, I_SEGS = 44, I_LDT = 68;

let newBase: u64 = 0;
let newAt: u64 = 0;
let newWide: bool = false;

/** Reads and checks the incoming task's descriptor; it is the descriptor read last. */
function readTask(selector: u32, by: u32, ext: u32): void {
  const error = (selector & 0xfffc) | ext;
  const wrong = by == BY_IRET ? TS : GP;
  if (selector & 4 || !(selector & 0xfffc) || !findDescriptor(selector)) raiseError(wrong, error);
  const type = descriptorAttr & 0x1f;
  if ((type & ~8) != (by == BY_IRET ? 1 | BUSY : 1)) raiseError(wrong, error);
  if (!(descriptorAttr & A_P)) raiseError(NP, error);
  newWide = (type & 8) != 0;
  newBase = descriptorBase;
  newAt = descriptorAddress();
  const size = newWide ? SIZE_32 : SIZE_16;
  if (size - 1 > descriptorLimit) raiseError(TS, error);
}

function imageRead(at: u32, wide32: u32, narrow16: u32): void {
  store<u32>(IMAGE + at, newWide ? sysRead32(newBase + wide32) : sysRead16(newBase + narrow16));
}
function readImage(): void {
  store<u32>(IMAGE + I_CR3, newWide ? sysRead32(newBase + 0x1c) : load<u32>(CR3));
  imageRead(I_EIP, 0x20, 0x0e);
  imageRead(I_FLAGS, 0x24, 0x10);
  for (let i: u32 = 0; i < 8; i++) imageRead(I_REGS + 4 * i, 0x28 + 4 * i, 0x12 + 2 * i);
  for (let i: u32 = ES; i <= (GS as u32); i++) {
    // A 16-bit TSS has neither FS nor GS: they become null.
    const absent = !newWide && i > (DS as u32);
    store<u32>(IMAGE + I_SEGS + 4 * i, absent ? 0 : sysRead16(newBase + (newWide ? 0x48 + 4 * i : 0x22 + 2 * i)));
  }
  store<u32>(IMAGE + I_LDT, sysRead16(newBase + (newWide ? 0x60 : 0x2a)));
}

function saveTask(base: u64, wide: bool, flags: u32): void {
  const eip = load<u32>(RIP);
  if (wide) {
    sysWrite32(base + 0x20, eip);
    sysWrite32(base + 0x24, flags);
    for (let i: u32 = 0; i < 8; i++) sysWrite32(base + 0x28 + 4 * i, load<u32>(REGS + 8 * i));
    for (let i: u32 = ES; i <= (GS as u32); i++) sysWrite16(base + 0x48 + 4 * i, selectorOf(i));
    return;
  }
  sysWrite16(base + 0x0e, eip);
  sysWrite16(base + 0x10, flags);
  for (let i: u32 = 0; i < 8; i++) sysWrite16(base + 0x12 + 2 * i, load<u32>(REGS + 8 * i));
  for (let i: u32 = ES; i <= (DS as u32); i++) sysWrite16(base + 0x22 + 2 * i, selectorOf(i));
}

/** Sets or clears the busy bit of the descriptor at a linear address. */
function markBusy(at: u64, busy: bool): void {
  const type = sysRead16(at + 4) >> 8;
  sysWrite8(at + 5, (busy ? type | BUSY : type & ~BUSY) as u8);
}

function leaveOldTask(by: u32, flags: u32): void {
  const old = selectorOf(TR);
  if (by == BY_JUMP || by == BY_IRET) if (findDescriptor(old)) markBusy(descriptorAddress(), false);
  saveTask(load<u64>(seg(TR), SEG_BASE), (load<u32>(seg(TR), SEG_ATTR) & 8) != 0, by == BY_IRET ? flags & ~NT : flags);
  if (by == BY_CALL || by == BY_GATE) sysWrite16(newBase, old);
}

function loadRegisters(by: u32): void {
  for (let i: u32 = 0; i < 8; i++) store<u64>(REGS + 8 * i, load<u32>(IMAGE + I_REGS + 4 * i) as u64);
  putFlags((load<u32>(IMAGE + I_FLAGS) & 0x3f_7fd7) | (by == BY_CALL || by == BY_GATE ? NT : 0));
  store<u32>(CR0, load<u32>(CR0) | CR0_TS);
  const cr3 = load<u32>(IMAGE + I_CR3);
  if (load<u32>(CR0) & CR0_PG && cr3 != load<u32>(CR3)) {
    store<u64>(CR3, cr3 as u64);
    flushTlbNonGlobal();
  }
  // Local breakpoints are the old task's (SDM 3B 17.2.4).
  const dr7 = load<u64>(DR + 56);
  if (dr7 & 0x155) writeDebugRegister(7, dr7 & ~0x155);
}

// ---- segments of the new task: #TS where an instruction gets #GP ----

function selectorImage(i: u32): u32 { return load<u32>(IMAGE + I_SEGS + 4 * i); }
function needDescriptor(selector: u32, ext: u32): void {
  if (!findDescriptor(selector)) raiseError(TS, (selector & 0xfffc) | ext);
}
function loadLdt(ext: u32): void {
  const selector = load<u32>(IMAGE + I_LDT);
  setSegment(LDTR, selector, 0, 0, 0);
  if (!(selector & 0xfffc)) return;
  if (selector & 4) raiseError(TS, (selector & 0xfffc) | ext);
  needDescriptor(selector, ext);
  if ((descriptorAttr & 0x1f) != 2 || !(descriptorAttr & A_P)) raiseError(TS, (selector & 0xfffc) | ext);
  commitDescriptor(LDTR, selector);
}
function loadCode(ext: u32): void {
  const selector = selectorImage(CS), error = (selector & 0xfffc) | ext;
  if (!(selector & 0xfffc)) raiseError(TS, ext);
  needDescriptor(selector, ext);
  const attr = descriptorAttr, rpl = selector & 3;
  if ((attr & 0x18) != 0x18 || (attr & 4 ? dplOf(attr) > rpl : dplOf(attr) != rpl)) raiseError(TS, error);
  if (!(attr & A_P)) raiseError(NP, error);
  markAccessed();
  commitDescriptor(CS, selector);
}
function loadStack(cpl: u32, ext: u32): void {
  const selector = selectorImage(SSR), error = (selector & 0xfffc) | ext;
  if (!(selector & 0xfffc)) raiseError(TS, ext);
  needDescriptor(selector, ext);
  const attr = descriptorAttr;
  if ((selector & 3) != cpl || dplOf(attr) != cpl || (attr & 0x1a) != 0x12) raiseError(TS, error);
  if (!(attr & A_P)) raiseError(SS, error);
  markAccessed();
  commitDescriptor(SSR, selector);
}
function loadData(i: u32, cpl: u32, ext: u32): void {
  const selector = selectorImage(i), error = (selector & 0xfffc) | ext;
  if (!(selector & 0xfffc)) return;
  needDescriptor(selector, ext);
  const attr = descriptorAttr, code = (attr & 8) != 0;
  if (!(attr & A_S) || (code && !(attr & 2))) raiseError(TS, error);
  if ((attr & 0x0c) != 0x0c && ((selector & 3) > dplOf(attr) || cpl > dplOf(attr))) raiseError(TS, error);
  if (!(attr & A_P)) raiseError(NP, error);
  markAccessed();
  commitDescriptor(i, selector);
}
function loadSegments(ext: u32): void {
  const v86 = (load<u32>(IMAGE + I_FLAGS) & VM) != 0;
  const cpl: u32 = v86 ? 3 : selectorImage(CS) & 3;
  store<u32>(CPL, cpl);
  for (let i: u32 = ES; i <= (GS as u32); i++) {
    if (v86) setVirtual8086Segment(i, selectorImage(i));
    else setSegment(i, selectorImage(i), 0, 0, i == SSR ? cpl << 5 : 0);
  }
  updateMode();
  loadLdt(ext);
  if (v86) return;
  loadCode(ext);
  loadStack(cpl, ext);
  updateMode();
  loadData(DS, cpl, ext);
  loadData(ES, cpl, ext);
  loadData(FS, cpl, ext);
  loadData(GS, cpl, ext);
}

function pushError(error: u32): void {
  if (newWide) push<u32>(error);
  else push<u16>(error as u16);
}

/** Debug trap of the T flag, after the first look at the new task (SDM 3B 17.3.1.5). */
function trapIfAsked(): void {
  if (!newWide || !(sysRead16(newBase + 0x64) & 1)) return;
  store<u32>(DEBUG_PENDING, load<u32>(DEBUG_PENDING) | DR6_BT);
  store<u32>(ATTN, load<u32>(ATTN) | ATTN_DEBUG);
}

/**
 * Switches to the task of a TSS selector. `flags` is the image of EFLAGS for the old task, `ext` the EXT bit of error codes;
 * an error code of the event that came through a task gate goes onto the new stack. RIP is the old task's return address.
 */
export function taskSwitch(selector: u32, by: u32, flags: u32, ext: u32, hasError: bool, error: u32): void {
  readTask(selector, by, ext);
  const limit = descriptorLimit, attr = descriptorAttr | BUSY;
  const oldWide = (load<u32>(seg(TR), SEG_ATTR) & 8) != 0;
  sysCheck(newBase, newWide ? SIZE_32 : SIZE_16, by == BY_CALL || by == BY_GATE);
  sysCheck(load<u64>(seg(TR), SEG_BASE), oldWide ? SIZE_32 : SIZE_16, true);
  leaveOldTask(by, flags);
  readImage();
  if (by != BY_IRET) markBusy(newAt, true);
  setSegment(TR, selector, newBase, limit, attr);
  loadRegisters(by);
  const block = load<u32>(BLOCK), count = load<u64>(COUNT);
  if (block) retireTo(load<u32>(CUR) + RECORD_SIZE);
  jump(load<u32>(IMAGE + I_EIP) as u64);
  loadSegments(ext);
  if (hasError) pushError(error);
  trapIfAsked();
  store<u64>(COUNT, count);
  store<u32>(BLOCK, block);
  updateMode();
}
