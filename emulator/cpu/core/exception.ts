// Delivery through the IDT (SDM 3A chapter 6): gates, stacks (TSS, IST), error codes, double and triple fault.

import {
  BLOCK, CPL, CUR, DELIVERING, EXIT, EXIT_SHUTDOWN, FAULT_CHAIN, FAULT_ERROR, FAULT_HAS_ERROR, FAULT_RIP, FAULT_VECTOR, IDTR_BASE,
  IDTR_LIMIT, NMI_BLOCKED, RECOVER, RESUME, RIP, SEG_BASE, SEG_LIMIT, HALTED,
} from "../layout";
import { IF, NT, RF, TF, VM, getFlags, overflowFlag, putFlags } from "./flags";
import { A_DB, A_L, A_P, CS, SSR, TR, commitDescriptor, descriptorAttr, descriptorBase, dplOf, longMode, markAccessed, protectedMode, readDescriptor, readStackSegment, seg, selectorOf, setSegment, updateMode } from "./segment";
import { sysRead16, sysRead32, sysRead64, selectTlb, wr } from "./mmu";
import { BP, DB, DE, DF, GP, NMI, NP, OF, PF, SS, TS, raiseError, unsupported } from "./raise";
import { RSP, immOf } from "./record";
import { stackMask } from "./stack";
import { enterDebugException } from "./debug";
import { setImplicit } from "./paging";
import { retireTo } from "./run";
import { catchDelivered, catchFault, catching } from "./watch";
import { spendDelivery } from "./work";

/** EXT bit of error codes raised while an event is delivered: set unless it is INT n, INT3 or INTO. */
let external: u32 = 0;

export const SOFTWARE = 1, HARDWARE = 2, EXCEPTION = 3;

/** A trap flag set before an event was delivered does not trap after it. */
export let delivered: bool = false;
export function clearDelivered(): void { delivered = false; }
/** The instruction sees to its single-step trap itself. */
export function replaceTrap(): void { delivered = true; }

function gateError(vector: u32): u32 { return (vector << 3) | 2 | external; }

/** Delivers vector with RIP as the return address. kind: SOFTWARE checks the gate's DPL. */
export function deliver(vector: u32, kind: u32, hasError: bool, error: u32): void {
  if (vector == DB && kind == EXCEPTION) enterDebugException();
  const interrupted = load<u64>(RIP);
  spendDelivery();
  store<u32>(DELIVERING, vector);
  external = kind == SOFTWARE ? 0 : 1;
  if (!protectedMode()) deliverReal(vector);
  else if (longMode()) deliver64(vector, kind, hasError, error);
  else deliver32(vector, kind, hasError, error);
  store<u32>(DELIVERING, -1);
  store<u32>(HALTED, 0);
  delivered = true;
  if (vector == NMI) store<u32>(NMI_BLOCKED, 1);
  if (catching() && (kind != EXCEPTION || vector == DF || vector == DB)) catchDelivered(vector, interrupted, hasError, error);
}

function checkGate(vector: u32, attr: u32, kind: u32): void {
  if (kind == SOFTWARE && dplOf(attr) < load<u32>(CPL)) raiseError(GP, gateError(vector));
  if (!(attr & A_P)) raiseError(NP, gateError(vector));
}

/** Code segment of a handler: its privilege level is at or inside the current one. Returns the new CPL. */
function readHandlerCode(selector: u32): u32 {
  const cpl = load<u32>(CPL);
  const code = (selector & 0xfffc) | external;
  if (!(selector & 0xfffc)) raiseError(GP, external);
  readDescriptor(selector & 0xfffc);
  const attr = descriptorAttr;
  if ((attr & 0x18) != 0x18 || dplOf(attr) > cpl) raiseError(GP, code);
  if (longMode() && (attr & (A_L | A_DB)) != A_L) raiseError(GP, code);
  if (!(attr & A_P)) raiseError(NP, code);
  return attr & 4 ? cpl : dplOf(attr);
}

/** RFLAGS as pushed: fault-class exceptions push RF = 1 (SDM 3A 6.8.3). */
function pushedFlags(vector: u32, kind: u32): u32 {
  const fault = kind == EXCEPTION && vector != DB && vector != BP && vector != OF && vector != DF && vector != NMI;
  return getFlags() | (fault ? RF : 0);
}
function enterHandler(interruptGate: bool): void {
  putFlags(getFlags() & ~(TF | NT | RF | VM | (interruptGate ? IF : 0)));
}

function tssStack64(index: u32): u64 {
  const at = 4 + index * 8;
  if ((at + 7) as u32 > load<u32>(seg(TR), SEG_LIMIT)) raiseError(TS, (selectorOf(TR) & 0xfffc) | external);
  return sysRead64(load<u64>(seg(TR), SEG_BASE) + at);
}

function deliver64(vector: u32, kind: u32, hasError: bool, error: u32): void {
  if (vector * 16 + 15 > load<u32>(IDTR_LIMIT)) raiseError(GP, gateError(vector));
  const gate = load<u64>(IDTR_BASE) + vector * 16;
  const low = sysRead64(gate), high = sysRead64(gate + 8);
  const attr = ((low >> 40) as u32) & 0xff;
  const type = attr & 0x1f;
  if (type != 14 && type != 15) raiseError(GP, gateError(vector));
  checkGate(vector, attr, kind);
  const selector = ((low >> 16) as u32) & 0xffff;
  const offset = (low & 0xffff) | ((low >> 32) & 0xffff_0000) | (high << 32);
  const cpl = load<u32>(CPL);
  const newCpl = readHandlerCode(selector);
  const ist = ((low >> 32) as u32) & 7;
  let sp = ist ? tssStack64(ist + 3) : newCpl < cpl ? tssStack64(newCpl) : load<u64>(RSP);
  sp &= ~15;
  const flags = pushedFlags(vector, kind);
  const oldMode = selectedUser();
  selectTlb(newCpl == 3);
  wr<u64>(sp - 8, selectorOf(SSR) as u64);
  wr<u64>(sp - 16, load<u64>(RSP));
  wr<u64>(sp - 24, flags as u64);
  wr<u64>(sp - 32, selectorOf(CS) as u64);
  wr<u64>(sp - 40, load<u64>(RIP));
  sp -= 40;
  if (hasError) {
    sp -= 8;
    wr<u64>(sp, error as u64);
  }
  selectTlb(oldMode);
  readDescriptor(selector & 0xfffc);
  markAccessed();
  if (newCpl < cpl) setSegment(SSR, newCpl, 0, 0, newCpl << 5);
  commitDescriptor(CS, (selector & 0xfffc) | newCpl);
  store<u32>(CPL, newCpl);
  store<u64>(RSP, sp);
  store<u64>(RIP, offset);
  enterHandler(type == 14);
  updateMode();
}
function selectedUser(): bool { return load<u32>(CPL) == 3; }

function push32(a: u64, value: u32, wide: bool): void {
  if (wide) wr<u32>(a, value);
  else wr<u16>(a, value as u16);
}

function deliver32(vector: u32, kind: u32, hasError: bool, error: u32): void {
  if (vector * 8 + 7 > load<u32>(IDTR_LIMIT)) raiseError(GP, gateError(vector));
  const raw = sysRead64(load<u64>(IDTR_BASE) + vector * 8);
  const attr = ((raw >> 40) as u32) & 0xff;
  const type = attr & 0x1f;
  if (type == 5) unsupported();
  if (type != 14 && type != 15 && type != 6 && type != 7) raiseError(GP, gateError(vector));
  checkGate(vector, attr, kind);
  const wide = (type & 8) != 0;
  const size: u64 = wide ? 4 : 2;
  const selector = ((raw >> 16) as u32) & 0xffff;
  const offset = wide ? (raw & 0xffff) | ((raw >> 32) & 0xffff_0000) : raw & 0xffff;
  const cpl = load<u32>(CPL);
  const newCpl = readHandlerCode(selector);
  const inwards = newCpl < cpl;
  let sp = load<u64>(RSP);
  let base: u64 = load<u64>(seg(SSR), SEG_BASE);
  let mask = stackMask();
  let newSs: u32 = 0;
  if (inwards) {
    const at = newCpl * 8 + 4;
    if ((at + 5) as u32 > load<u32>(seg(TR), SEG_LIMIT)) raiseError(TS, (selectorOf(TR) & 0xfffc) | external);
    const tss = load<u64>(seg(TR), SEG_BASE);
    sp = sysRead32(tss + at) as u64;
    newSs = sysRead16(tss + at + 4);
    if (!(newSs & 0xfffc)) raiseError(TS, external);
    readStackSegment(newSs, newCpl);
    base = descriptorBase;
    mask = descriptorAttr & A_DB ? 0xffff_ffff : 0xffff;
  }
  const flags = pushedFlags(vector, kind);
  selectTlb(newCpl == 3);
  let p = sp;
  if (inwards) {
    p -= size; push32((base + (p & mask)) & 0xffff_ffff, selectorOf(SSR), wide);
    p -= size; push32((base + (p & mask)) & 0xffff_ffff, load<u32>(RSP), wide);
  }
  p -= size; push32((base + (p & mask)) & 0xffff_ffff, flags, wide);
  p -= size; push32((base + (p & mask)) & 0xffff_ffff, selectorOf(CS), wide);
  p -= size; push32((base + (p & mask)) & 0xffff_ffff, load<u32>(RIP), wide);
  if (hasError) { p -= size; push32((base + (p & mask)) & 0xffff_ffff, error, wide); }
  selectTlb(selectedUser());
  if (inwards) {
    readStackSegment(newSs, newCpl);
    commitDescriptor(SSR, newSs);
  }
  readDescriptor(selector & 0xfffc);
  markAccessed();
  commitDescriptor(CS, (selector & 0xfffc) | newCpl);
  store<u32>(CPL, newCpl);
  if (mask == 0xffff) store<u16>(RSP, p as u16);
  else store<u64>(RSP, p & mask);
  store<u64>(RIP, offset);
  enterHandler((type & 1) == 0);
  updateMode();
}
/** Real-address mode: 4-byte vectors at IDTR.base (SDM 3A 20.1.4). */
function deliverReal(vector: u32): void {
  const at = load<u64>(IDTR_BASE) + vector * 4;
  const offset = sysRead16(at), selector = sysRead16(at + 2);
  const sp = load<u64>(RSP);
  const ss = load<u64>(seg(SSR), SEG_BASE);
  wr<u16>(ss + ((sp - 2) & 0xffff), getFlags() as u16);
  wr<u16>(ss + ((sp - 4) & 0xffff), selectorOf(CS) as u16);
  wr<u16>(ss + ((sp - 6) & 0xffff), load<u16>(RIP));
  store<u16>(RSP, (sp - 6) as u16);
  store<u64>(seg(CS), (selector as u64) << 4, SEG_BASE);
  store<u16>(seg(CS), selector as u16, 16);
  store<u64>(RIP, offset as u64);
  putFlags(getFlags() & ~(IF | TF));
  updateMode();
}

// ---- faults while a fault is delivered (SDM 3A 6.15, table 6-5) ----

function contributory(vector: u32): bool {
  return vector == DE || vector == TS || vector == NP || vector == SS || vector == GP;
}

function shutdown(first: u32, second: u32): void {
  store<u32>(FAULT_CHAIN, first | (second << 8));
  store<u32>(EXIT, EXIT_SHUTDOWN);
}

/** After unwind(): puts RIP and COUNT at the interrupted instruction and delivers the noted fault. False: run() leaves. */
export function recover(): bool {
  const how = load<u32>(RECOVER);
  store<u32>(RECOVER, 0);
  store<u32>(RESUME, 0);
  setImplicit(false);
  selectTlb(load<u32>(CPL) == 3);
  if (load<u32>(BLOCK)) retireTo(load<u32>(CUR));
  if (how == 2) {
    store<u32>(DELIVERING, -1);
    return false;
  }
  const vector = load<u32>(FAULT_VECTOR);
  const first = load<i32>(DELIVERING);
  if (first < 0) {
    if (catching() && catchFault(vector)) return false;
    store<u64>(FAULT_RIP, load<u64>(RIP));
    deliver(vector, EXCEPTION, load<u32>(FAULT_HAS_ERROR) != 0, load<u32>(FAULT_ERROR));
    return true;
  }
  if (first == DF) {
    shutdown(first as u32, vector);
    store<u32>(DELIVERING, -1);
    return false;
  }
  if ((contributory(first as u32) && contributory(vector)) || (first == PF && (contributory(vector) || vector == PF))) {
    store<u32>(FAULT_CHAIN, (first as u32) | (vector << 8));
    deliver(DF, EXCEPTION, true, 0);
    return true;
  }
  deliver(vector, EXCEPTION, load<u32>(FAULT_HAS_ERROR) != 0, load<u32>(FAULT_ERROR));
  return true;
}

// ---- software interrupts: RIP is already behind them ----

export function int_i(r: usize): void { deliver(immOf<u8>(r), SOFTWARE, false, 0); }
export function int3(r: usize): void { deliver(BP, SOFTWARE, false, 0); }
export function int1(r: usize): void { deliver(DB, EXCEPTION, false, 0); }
export function into(r: usize): void { if (overflowFlag()) deliver(OF, SOFTWARE, false, 0); }
