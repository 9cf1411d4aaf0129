// Delivery through the IDT (SDM 3A chapter 6): gates, stacks (TSS, IST), error codes, double and triple fault.

import {
  BLOCK, CPL, CUR, DELIVERING, EFLAGS, EXIT, EXIT_SHUTDOWN, FAULT_CHAIN, FAULT_ERROR, FAULT_HAS_ERROR, FAULT_RIP, FAULT_VECTOR, IDTR_BASE,
  IDTR_LIMIT, NMI_BLOCKED, RECOVER, RESUME, RIP, SEG_BASE, HALTED,
} from "../layout";
import { IF, IOPL, NT, RF, TF, VM, getFlags, overflowFlag, putFlags } from "./flags";
import {
  A_DB, A_L, A_P, CS, DS, ES, FS, GS, SSR, commitDescriptor, descriptorAttr, descriptorLimit, dplOf, longMode, markAccessed, protectedMode, readDescriptor, seg, selectorOf,
  setSegment, updateMode, virtual8086,
} from "./segment";
import { sysRead16, sysRead64, selectTlb, wr } from "./mmu";
import { BP, DB, DE, DF, GP, NMI, NP, OF, PF, SS, TS, raiseError } from "./raise";
import { RSP, immOf } from "./record";
import { enterDebugException } from "./debug";
import { commitStack } from "./gate";
import { endOperand } from "./limits";
import { canonical, setImplicit } from "./paging";
import { BY_GATE, taskSwitch } from "./task";
import { frameIsNarrow, framePointer, openFrame64, openFrameHere, openInnerFrame, pushFrame, tssStack64 } from "./tss";
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
  // A fault while an interrupt or INT n is delivered is the first one, whatever the vector (SDM 3A table 6-4: benign).
  store<u32>(DELIVERING, kind == EXCEPTION ? vector : BP);
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
function readHandlerCode(selector: u32, offset: u64): u32 {
  const cpl = load<u32>(CPL);
  const code = (selector & 0xfffc) | external;
  if (!(selector & 0xfffc)) raiseError(GP, external);
  readDescriptor(selector & 0xfffc);
  const attr = descriptorAttr;
  if ((attr & 0x18) != 0x18 || dplOf(attr) > cpl) raiseError(GP, code);
  if (longMode() && (attr & (A_L | A_DB)) != A_L) raiseError(GP, code);
  if (!(attr & A_P)) raiseError(NP, code);
  if (longMode() ? !canonical(offset) : offset > (descriptorLimit as u64)) raiseError(GP, external);
  const newCpl = attr & 4 ? cpl : dplOf(attr);
  if (virtual8086() && newCpl != 0) raiseError(GP, code);
  markAccessed();
  return newCpl;
}

/** RFLAGS as pushed: fault-class exceptions push RF = 1 (SDM 3A 6.8.3). */
function pushedFlags(vector: u32, kind: u32): u32 {
  const fault = kind == EXCEPTION && vector != DB && vector != BP && vector != OF && vector != DF && vector != NMI;
  return getFlags() | (fault ? RF : 0);
}
function enterHandler(interruptGate: bool): void {
  putFlags(getFlags() & ~(TF | NT | RF | VM | (interruptGate ? IF : 0)));
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
  const newCpl = readHandlerCode(selector, offset);
  const ist = ((low >> 32) as u32) & 7;
  const sp = ist ? tssStack64(ist + 3, external) : newCpl < cpl ? tssStack64(newCpl, external) : load<u64>(RSP);
  openFrame64(sp & ~15, external);
  pushFrame(selectorOf(SSR) as u64, newCpl);
  pushFrame(load<u64>(RSP), newCpl);
  pushReturn(vector, kind, newCpl, hasError, error);
  if (newCpl < cpl) setSegment(SSR, newCpl, 0, 0, newCpl << 5);
  store<u64>(RSP, framePointer);
  enterCode(selector, newCpl, offset, type == 14);
}

function pushReturn(vector: u32, kind: u32, cpl: u32, hasError: bool, error: u32): void {
  pushFrame(pushedFlags(vector, kind) as u64, cpl);
  pushFrame(selectorOf(CS) as u64, cpl);
  pushFrame(load<u64>(RIP), cpl);
  if (hasError) pushFrame(error as u64, cpl);
  selectTlb(load<u32>(CPL) == 3);
}

/** The frame stands: CS and RIP of the handler, flags for it. */
function enterCode(selector: u32, cpl: u32, offset: u64, interruptGate: bool): void {
  readDescriptor(selector & 0xfffc);
  commitDescriptor(CS, (selector & 0xfffc) | cpl);
  store<u32>(CPL, cpl);
  store<u64>(RIP, offset);
  enterHandler(interruptGate);
  updateMode();
}

function deliver32(vector: u32, kind: u32, hasError: bool, error: u32): void {
  if (vector * 8 + 7 > load<u32>(IDTR_LIMIT)) raiseError(GP, gateError(vector));
  const raw = sysRead64(load<u64>(IDTR_BASE) + vector * 8);
  const attr = ((raw >> 40) as u32) & 0xff;
  const type = attr & 0x1f;
  if (type != 5 && type != 14 && type != 15 && type != 6 && type != 7) raiseError(GP, gateError(vector));
  checkGate(vector, attr, kind);
  const selector = ((raw >> 16) as u32) & 0xffff;
  if (type == 5) {
    taskSwitch(selector, BY_GATE, pushedFlags(vector, kind), external, hasError, error);
    return;
  }
  const wide = (type & 8) != 0;
  const offset = wide ? (raw & 0xffff) | ((raw >> 32) & 0xffff_0000) : raw & 0xffff;
  const newCpl = readHandlerCode(selector, offset);
  const inwards = newCpl < load<u32>(CPL);
  const size: u32 = wide ? 4 : 2;
  if (inwards) openInnerFrame(newCpl, size, external);
  else openFrameHere(load<u64>(RSP), size, external);
  const v86 = virtual8086();
  if (v86) pushDataSegments();
  if (inwards) {
    pushFrame(selectorOf(SSR) as u64, newCpl);
    pushFrame(load<u64>(RSP), newCpl);
  }
  pushReturn(vector, kind, newCpl, hasError, error);
  if (inwards) commitStack(newCpl);
  else if (frameIsNarrow()) store<u16>(RSP, framePointer as u16);
  else store<u64>(RSP, framePointer & 0xffff_ffff);
  if (v86) for (let i: u32 = ES; i <= (GS as u32); i++) if (i != CS && i != SSR) setSegment(i, 0, 0, 0, 0);
  enterCode(selector, newCpl, offset, (type & 1) == 0);
}
/** An interrupt leaves virtual-8086 mode with its data segments on the stack (SDM 3A 21.3.1.1). */
function pushDataSegments(): void {
  pushFrame(selectorOf(GS) as u64, 0);
  pushFrame(selectorOf(FS) as u64, 0);
  pushFrame(selectorOf(DS) as u64, 0);
  pushFrame(selectorOf(ES) as u64, 0);
}
/** Real-address mode: 4-byte vectors at IDTR.base (SDM 3A 20.1.4). */
function deliverReal(vector: u32): void {
  if (vector * 4 + 3 > load<u32>(IDTR_LIMIT)) raiseError(GP, gateError(vector));
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
  endOperand();
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

/** Virtual-8086 mode needs IOPL 3 for INT n, not for INT3 and INTO (SDM 3A 21.3.3). */
export function int_i(r: usize): void {
  if (virtual8086() && (load<u32>(EFLAGS) & IOPL) != IOPL) raiseError(GP, 0);
  deliver(immOf<u8>(r), SOFTWARE, false, 0);
}
export function int3(r: usize): void { deliver(BP, SOFTWARE, false, 0); }
export function int1(r: usize): void { deliver(DB, EXCEPTION, false, 0); }
export function into(r: usize): void { if (overflowFlag()) deliver(OF, SOFTWARE, false, 0); }
