// Far JMP and CALL to a system descriptor: call gates (SDM 3A 5.8.3-5.8.5, 5.8.3.1 for IA-32e mode), task gates and TSS selectors.
// Everything is read and checked before anything changes.

import { CPL, RIP } from "../layout";
import { getFlags } from "./flags";
import { rd, selectTlb, sysRead32 } from "./mmu";
import { canonical } from "./paging";
import { GP, NP, raiseError } from "./raise";
import { RSP, jump } from "./record";
import {
  A_DB, A_L, A_P, CS, SSR, commitDescriptor, descriptorAddress, descriptorAttr, descriptorLimit, descriptorRaw, dplOf, longMode, markAccessed, readDescriptor, selectorOf,
  setSegment, updateMode,
} from "./segment";
import { setStackPointer, stackLinear } from "./stack";
import { BY_CALL, BY_JUMP, taskSwitch } from "./task";
import { frameIsNarrow, framePointer, innerSelector, openFrame64, openFrameHere, openInnerFrame, pushFrame, tssStack64 } from "./tss";

/** What the call gate read last leads to; size of what a call pushes; parameters to copy. */
let gateSelector: u32 = 0;
let gateOffset: u64 = 0;
let gateSize: u32 = 0;
let gateParameters: u32 = 0;

/** The descriptor read last is a system descriptor that `selector` of a far JMP or CALL names. */
export function farSystem(selector: u32, call: bool): void {
  const attr = descriptorAttr, error = selector & 0xfffc, type = attr & 15;
  const isGate = type == 12 || (!longMode() && (type == 4 || type == 5));
  if (!isGate && (longMode() || (type != 1 && type != 9))) raiseError(GP, error);
  if (dplOf(attr) < load<u32>(CPL) || dplOf(attr) < (selector & 3)) raiseError(GP, error);
  if (isGate && !(attr & A_P)) raiseError(NP, error);
  if (type == 5) taskSwitch((descriptorRaw >> 16) as u32 & 0xffff, call ? BY_CALL : BY_JUMP, getFlags(), 0, false, 0);
  else if (!isGate) taskSwitch(selector, call ? BY_CALL : BY_JUMP, getFlags(), 0, false, 0);
  else throughCallGate(selector, call);
}

function readCallGate(selector: u32): void {
  const raw = descriptorRaw;
  const wide = (descriptorAttr & 8) != 0;
  gateSelector = ((raw >> 16) as u32) & 0xffff;
  gateOffset = wide ? (raw & 0xffff) | ((raw >> 32) & 0xffff_0000) : raw & 0xffff;
  gateParameters = ((raw >> 32) as u32) & 31;
  gateSize = longMode() ? 8 : wide ? 4 : 2;
  if (!longMode()) return;
  // The upper half of a 16-byte gate has type 0 (figure 5-9).
  if (sysRead32(descriptorAddress() + 12) & 0x1f00) raiseError(GP, selector & 0xfffc);
  gateOffset |= (sysRead32(descriptorAddress() + 8) as u64) << 32;
}

/** Code segment behind a gate; the privilege level that it is entered with. */
function readGateCode(call: bool): u32 {
  const cpl = load<u32>(CPL), error = gateSelector & 0xfffc;
  if (!error) raiseError(GP, 0);
  readDescriptor(gateSelector);
  const attr = descriptorAttr, dpl = dplOf(attr);
  if ((attr & 0x18) != 0x18 || dpl > cpl) raiseError(GP, error);
  if (longMode() && (attr & (A_L | A_DB)) != A_L) raiseError(GP, error);
  const conforming = (attr & 4) != 0;
  if (!call && !conforming && dpl != cpl) raiseError(GP, error);
  if (!(attr & A_P)) raiseError(NP, error);
  if (longMode() ? !canonical(gateOffset) : gateOffset > (descriptorLimit as u64)) raiseError(GP, 0);
  markAccessed();
  return conforming ? cpl : dpl;
}

function enterCode(cpl: u32): void {
  readDescriptor(gateSelector);
  commitDescriptor(CS, (gateSelector & 0xfffc) | cpl);
  store<u32>(CPL, cpl);
  updateMode();
  jump(gateOffset);
}

function throughCallGate(selector: u32, call: bool): void {
  readCallGate(selector);
  const cpl = load<u32>(CPL);
  const newCpl = readGateCode(call);
  if (call && newCpl < cpl) callInwards(newCpl);
  else if (call) callHere(cpl);
  enterCode(newCpl);
}

function callHere(cpl: u32): void {
  if (longMode()) openFrame64(load<u64>(RSP), 0);
  else openFrameHere(load<u64>(RSP), gateSize, 0);
  pushFrame(selectorOf(CS) as u64, cpl);
  pushFrame(load<u64>(RIP), cpl);
  setStackPointer(framePointer);
}

function parameter(index: u32): u64 {
  const a = stackLinear(load<u64>(RSP) + index * gateSize, gateSize);
  return gateSize == 4 ? (rd<u32>(a) as u64) : (rd<u16>(a) as u64);
}
function callInwards(cpl: u32): void {
  const old = load<u32>(CPL);
  if (longMode()) openFrame64(tssStack64(cpl, 0), 0);
  else openInnerFrame(cpl, gateSize, 0);
  pushFrame(selectorOf(SSR) as u64, cpl);
  pushFrame(load<u64>(RSP), cpl);
  for (let i = longMode() ? 0 : gateParameters; i > 0; i--) {
    selectTlb(old == 3);
    pushFrame(parameter(i - 1), cpl);
  }
  pushFrame(selectorOf(CS) as u64, cpl);
  pushFrame(load<u64>(RIP), cpl);
  commitStack(cpl);
}

/** The frame's stack becomes the current one. Call before CS changes: the descriptor read last is lost. */
export function commitStack(cpl: u32): void {
  if (longMode()) setSegment(SSR, cpl, 0, 0, cpl << 5);
  else {
    readDescriptor(innerSelector);
    commitDescriptor(SSR, innerSelector);
  }
  if (frameIsNarrow()) store<u16>(RSP, framePointer as u16);
  else store<u64>(RSP, longMode() ? framePointer : framePointer & 0xffff_ffff);
}
