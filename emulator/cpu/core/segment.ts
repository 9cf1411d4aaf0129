// Segment registers and descriptors (SDM 3A 3.4, 5.2-5.6): loads with their checks, LLDT LTR LAR LSL VERR VERW, SGDT..LIDT,
// and the code mode that follows from CS.

import {
  CPL, CR0, EFER, EFLAGS, GDTR_BASE, GDTR_LIMIT, IDTR_BASE, IDTR_LIMIT, LINK_TAG, MODE, MODE_16, MODE_32, MODE_64, MODE_USER, SEGS, SEG_ATTR, SEG_BASE,
  SEG_LIMIT, SEG_SELECTOR, SEG_SIZE, SHADOW, SHADOW_SS, CR4,
} from "../layout";
import { CR0_PE, CR4_UMIP, EFER_LMA, canonical } from "./paging";
import { VM, ZF, arithmeticFlags, putArithmetic } from "./flags";
import { checkWrite, rd, selectTlb, sysRead64, sysRead32, sysWrite8, wr } from "./mmu";
import { GP, NP, SS, TS, UD, raise, raiseError } from "./raise";
import { dstOf, ea, getReg, setReg, srcOf } from "./record";
import { updateAttention } from "./run";
import { popped, top, push } from "./stack";

export const ES = 0, CS = 1, SSR = 2, DS = 3, FS = 4, GS = 5, LDTR = 6, TR = 7;
export const A_TYPE = 15, A_S = 16, A_P = 128, A_L = 0x2000, A_DB = 0x4000, A_G = 0x8000;

// @ts-ignore: decorator
@inline export function seg(i: u32): usize { return SEGS + i * SEG_SIZE; }
export function selectorOf(i: u32): u32 { return load<u16>(seg(i), SEG_SELECTOR); }
export function protectedMode(): bool { return (load<u32>(CR0) & CR0_PE) != 0; }
/** Virtual-8086 mode: protected, CPL 3, segments as in real-address mode (SDM 3A 21.2). */
export function virtual8086(): bool { return (load<u32>(EFLAGS) & VM) != 0; }
/** A selector is the base divided by 16, no descriptor. */
export function realSegments(): bool { return !protectedMode() || virtual8086(); }
export function longMode(): bool { return (load<u32>(EFER) & EFER_LMA) != 0; }
export function code64(): bool { return (load<u32>(MODE) & 3) == MODE_64; }

// ---- descriptors ----

/** Hidden part of the descriptor read last; nothing is committed until setSegment. */
export let descriptorBase: u64 = 0;
export let descriptorLimit: u32 = 0;
export let descriptorAttr: u32 = 0;
/** All eight bytes: gates are laid out otherwise. */
export let descriptorRaw: u64 = 0;
let descriptorAt: u64 = 0;
export function descriptorAddress(): u64 { return descriptorAt; }

export function unpackDescriptor(raw: u64): void {
  descriptorRaw = raw;
  const low = raw as u32, high = (raw >> 32) as u32;
  descriptorBase = ((low >> 16) | ((high & 0xff) << 16) | (high & 0xff00_0000)) as u64;
  let limit = (low & 0xffff) | (high & 0xf_0000);
  if (high & 0x80_0000) limit = (limit << 12) | 0xfff;
  descriptorLimit = limit;
  descriptorAttr = (high >> 8) & 0xf0ff;
}

/** Reads the descriptor of a selector that is not null; false when it lies outside its table. */
export function findDescriptor(selector: u32): bool {
  const offset = selector & 0xfff8;
  let base: u64, limit: u32;
  if (selector & 4) {
    if (!(load<u32>(seg(LDTR), SEG_ATTR) & A_P)) return false;
    base = load<u64>(seg(LDTR), SEG_BASE);
    limit = load<u32>(seg(LDTR), SEG_LIMIT);
  } else {
    base = load<u64>(GDTR_BASE);
    limit = load<u32>(GDTR_LIMIT);
  }
  if (offset + 7 > limit) return false;
  descriptorAt = base + offset;
  unpackDescriptor(sysRead64(descriptorAt));
  return true;
}
function highBaseOfSystem(selector: u32): void {
  // System descriptors have 16 bytes in IA-32e mode (SDM 3A 3.5, figure 8-4).
  if (!longMode()) return;
  descriptorBase |= (sysRead32(descriptorAt + 8) as u64) << 32;
  if (!canonical(descriptorBase)) raiseError(GP, selector & 0xfffc);
}
export function readDescriptor(selector: u32): void {
  if (!findDescriptor(selector)) raiseError(GP, selector & 0xfffc);
}
export function markAccessed(): void {
  if (!(descriptorAttr & 1)) {
    sysWrite8(descriptorAt + 5, (descriptorAttr | 1) as u8);
    descriptorAttr |= 1;
  }
}
export function dplOf(attr: u32): u32 { return (attr >> 5) & 3; }

export function setSegment(i: u32, selector: u32, base: u64, limit: u32, attr: u32): void {
  const s = seg(i);
  store<u64>(s, base, SEG_BASE);
  store<u32>(s, limit, SEG_LIMIT);
  store<u32>(s, attr, SEG_ATTR);
  store<u16>(s, selector as u16, SEG_SELECTOR);
}
/** Base from the selector, 64 KiB, data that user mode may write (SDM 3A 21.2.2). */
export function setVirtual8086Segment(i: u32, selector: u32): void {
  setSegment(i, selector, (selector as u64) << 4, 0xffff, 0xf3);
}
export function commitDescriptor(i: u32, selector: u32): void {
  setSegment(i, selector, descriptorBase, descriptorLimit, descriptorAttr);
}

/** MODE, TLB and link tag follow CS, EFER.LMA and CPL. Call after every change of them. */
export function updateMode(): void {
  const attr = load<u32>(seg(CS), SEG_ATTR);
  let mode: u32 = MODE_16;
  if (!protectedMode()) mode = MODE_16;
  else if (longMode() && attr & A_L) mode = MODE_64;
  else if (attr & A_DB) mode = MODE_32;
  const user = load<u32>(CPL) == 3;
  if (user) mode |= MODE_USER;
  store<u32>(MODE, mode);
  store<u32>(LINK_TAG, (load<u32>(LINK_TAG) & ~7) | mode);
  selectTlb(user);
  updateAttention();
}

// ---- loading data segments ----

function loadNull(i: u32, selector: u32): void {
  if (i == SSR && !(code64() && load<u32>(CPL) != 3 && (selector & 3) == load<u32>(CPL))) raiseError(GP, 0);
  setSegment(i, selector, 0, 0, i == SSR ? dpl(load<u32>(CPL)) : 0);
}
function dpl(level: u32): u32 { return level << 5; }

/** `vector`: #GP for a selector of an instruction or its stack, #TS for one of a TSS; `ext`: the EXT bit of the error code. */
function checkStackSegment(selector: u32, cpl: u32, vector: u32, ext: u32): void {
  const attr = descriptorAttr;
  if ((selector & 3) != cpl || dplOf(attr) != cpl || (attr & 0x1a) != 0x12) raiseError(vector, (selector & 0xfffc) | ext);
  if (!(attr & A_P)) raiseError(SS, (selector & 0xfffc) | ext);
}
/** Reads and checks a stack segment for a privilege level; commit with commitDescriptor(SSR, selector). */
export function readStackSegment(selector: u32, cpl: u32): void {
  readDescriptor(selector);
  checkStackSegment(selector, cpl, GP, 0);
  markAccessed();
}
/** The same for a selector that a TSS names. */
export function readTaskStackSegment(selector: u32, cpl: u32, ext: u32): void {
  if (!(selector & 0xfffc) || !findDescriptor(selector)) raiseError(TS, (selector & 0xfffc) | ext);
  checkStackSegment(selector, cpl, TS, ext);
  markAccessed();
}

function checkDataSegment(selector: u32): void {
  const attr = descriptorAttr;
  const error = selector & 0xfffc;
  const code = (attr & 8) != 0;
  if (!(attr & A_S) || (code && !(attr & 2))) raiseError(GP, error);
  const conforming = code && (attr & 4) != 0;
  if (!conforming && ((selector & 3) > dplOf(attr) || load<u32>(CPL) > dplOf(attr))) raiseError(GP, error);
  if (!(attr & A_P)) raiseError(NP, error);
}

/** MOV Sreg and its like; not for CS. */
export function loadSegment(i: u32, selector: u32): void {
  if (realSegments()) {
    const s = seg(i);
    store<u64>(s, (selector as u64) << 4, SEG_BASE);
    store<u16>(s, selector as u16, SEG_SELECTOR);
    return;
  }
  if (!(selector & 0xfffc)) {
    loadNull(i, selector);
    return;
  }
  readDescriptor(selector);
  if (i == SSR) checkStackSegment(selector, load<u32>(CPL), GP, 0);
  else checkDataSegment(selector);
  markAccessed();
  commitDescriptor(i, selector);
}

function loadAndShadow(i: u32, selector: u32): void {
  loadSegment(i, selector);
  if (i == SSR) shadowOfStackSegment();
}
/** No interrupt and no debug trap before the instruction behind has retired (SDM 3A 6.8.3). */
function shadowOfStackSegment(): void {
  store<u32>(SHADOW, 1);
  store<u32>(SHADOW_SS, 1);
  updateAttention();
}

/** MOV Sreg, r/m16: R_DST is the number of the segment register. */
export function movsr_r(r: usize): void {
  if (dstOf(r) == CS || dstOf(r) > (GS as usize)) raise(UD);
  loadAndShadow(dstOf(r) as u32, getReg<u16>(srcOf(r)));
}
export function movsr_m(r: usize): void {
  if (dstOf(r) == CS || dstOf(r) > (GS as usize)) raise(UD);
  loadAndShadow(dstOf(r) as u32, rd<u16>(ea(r)));
}
/** MOV r/m, Sreg: a register takes the operand size, memory always 16 bits. */
export function movrs_r<T>(r: usize): void {
  if (srcOf(r) > (GS as usize)) raise(UD);
  setReg<T>(dstOf(r), selectorOf(srcOf(r) as u32) as T);
}
export function movrs_m<T>(r: usize): void {
  if (srcOf(r) > (GS as usize)) raise(UD);
  wr<u16>(ea(r), selectorOf(srcOf(r) as u32) as u16);
}

// @ts-ignore: decorator
@inline function pushSegment<T>(i: u32): void { push<T>(selectorOf(i) as T); }
// @ts-ignore: decorator
@inline function popSegment<T>(i: u32): void {
  const v = top<T>() as u32;
  loadSegment(i, v & 0xffff);
  popped<T>(0);
  if (i == SSR) shadowOfStackSegment();
}
export function pushes<T>(r: usize): void { pushSegment<T>(ES); }
export function pushcs<T>(r: usize): void { pushSegment<T>(CS); }
export function pushss<T>(r: usize): void { pushSegment<T>(SSR); }
export function pushds<T>(r: usize): void { pushSegment<T>(DS); }
export function pushfs<T>(r: usize): void { pushSegment<T>(FS); }
export function pushgs<T>(r: usize): void { pushSegment<T>(GS); }
export function popes<T>(r: usize): void { popSegment<T>(ES); }
export function popss<T>(r: usize): void { popSegment<T>(SSR); }
export function popds<T>(r: usize): void { popSegment<T>(DS); }
export function popfs<T>(r: usize): void { popSegment<T>(FS); }
export function popgs<T>(r: usize): void { popSegment<T>(GS); }

/** LES LDS LSS LFS LGS: offset, then selector. */
// @ts-ignore: decorator
@inline function loadPointer<T>(i: u32, r: usize): void {
  const a = ea(r);
  const offset = rd<T>(a);
  loadSegment(i, rd<u16>(a + sizeof<T>()));
  setReg<T>(dstOf(r), offset);
}
export function les_rm<T>(r: usize): void { loadPointer<T>(ES, r); }
export function lds_rm<T>(r: usize): void { loadPointer<T>(DS, r); }
export function lss_rm<T>(r: usize): void { loadPointer<T>(SSR, r); }
export function lfs_rm<T>(r: usize): void { loadPointer<T>(FS, r); }
export function lgs_rm<T>(r: usize): void { loadPointer<T>(GS, r); }

// ---- LDTR, TR ----

function needPrivilege(): void { if (load<u32>(CPL)) raiseError(GP, 0); }
function needProtected(): void { if (realSegments()) raise(UD); }
function umip(): void { if (load<u32>(CPL) && load<u32>(CR4) & CR4_UMIP) raiseError(GP, 0); }

/** Before the selector is read. */
function needTableLoad(): void {
  needProtected();
  needPrivilege();
}
function lldt(selector: u32): void {
  if (!(selector & 0xfffc)) {
    setSegment(LDTR, selector, 0, 0, 0);
    return;
  }
  if (selector & 4) raiseError(GP, selector & 0xfffc);
  readDescriptor(selector);
  highBaseOfSystem(selector);
  if ((descriptorAttr & 0x1f) != 2) raiseError(GP, selector & 0xfffc);
  if (!(descriptorAttr & A_P)) raiseError(NP, selector & 0xfffc);
  commitDescriptor(LDTR, selector);
}
function ltr(selector: u32): void {
  if (!(selector & 0xfffc)) raiseError(GP, 0);
  if (selector & 4) raiseError(GP, selector & 0xfffc);
  readDescriptor(selector);
  highBaseOfSystem(selector);
  const type = descriptorAttr & 0x1f;
  if (type != 9 && (longMode() || type != 1)) raiseError(GP, selector & 0xfffc);
  if (!(descriptorAttr & A_P)) raiseError(NP, selector & 0xfffc);
  sysWrite8(descriptorAt + 5, (descriptorAttr | 2) as u8);
  descriptorAttr |= 2;
  commitDescriptor(TR, selector);
}
export function lldt_r(r: usize): void { needTableLoad(); lldt(getReg<u16>(dstOf(r))); }
export function lldt_m(r: usize): void { needTableLoad(); lldt(rd<u16>(ea(r))); }
export function ltr_r(r: usize): void { needTableLoad(); ltr(getReg<u16>(dstOf(r))); }
export function ltr_m(r: usize): void { needTableLoad(); ltr(rd<u16>(ea(r))); }
export function sldt_r<T>(r: usize): void { needProtected(); umip(); setReg<T>(dstOf(r), selectorOf(LDTR) as T); }
export function sldt_m<T>(r: usize): void { needProtected(); umip(); wr<u16>(ea(r), selectorOf(LDTR) as u16); }
export function str_r<T>(r: usize): void { needProtected(); umip(); setReg<T>(dstOf(r), selectorOf(TR) as T); }
export function str_m<T>(r: usize): void { needProtected(); umip(); wr<u16>(ea(r), selectorOf(TR) as u16); }

// ---- GDTR, IDTR: in 64-bit mode 2 + 8 bytes, else 2 + 4 ----

function storeTable(a: u64, base: usize): void {
  umip();
  const wide = code64();
  checkWrite(a, wide ? 10 : 6);
  wr<u16>(a, load<u16>(base + 8));
  if (wide) wr<u64>(a + 2, load<u64>(base));
  else wr<u32>(a + 2, load<u32>(base));
}
function loadTable(a: u64, base: usize, small: bool): void {
  needPrivilege();
  const limit = rd<u16>(a);
  let value: u64 = code64() ? rd<u64>(a + 2) : (rd<u32>(a + 2) as u64);
  if (small && !code64()) value &= 0xff_ffff;
  if (code64() && !canonical(value)) raiseError(GP, 0);
  store<u64>(base, value);
  store<u32>(base + 8, limit);
}
export function sgdt_m(r: usize): void { storeTable(ea(r), GDTR_BASE); }
export function sidt_m(r: usize): void { storeTable(ea(r), IDTR_BASE); }
export function lgdt_m<T>(r: usize): void { loadTable(ea(r), GDTR_BASE, sizeof<T>() == 2); }
export function lidt_m<T>(r: usize): void { loadTable(ea(r), IDTR_BASE, sizeof<T>() == 2); }

// ---- LAR LSL VERR VERW: only ZF tells the outcome ----

function zero(on: bool): void { putArithmetic((arithmeticFlags() & ~ZF) | (on ? ZF : 0)); }

function visible(selector: u32): bool {
  const conforming = (descriptorAttr & 0x1c) == 0x1c;
  return conforming || ((selector & 3) <= dplOf(descriptorAttr) && load<u32>(CPL) <= dplOf(descriptorAttr));
}
/** System types that LAR (bit 0) and LSL (bit 1) accept: SDM 2 tables 3-53 and 3-65. */
function systemType(type: u32, forLimit: bool): bool {
  if (type == 2 || type == 9 || type == 11) return true;
  if (longMode()) return type == 12 && !forLimit;
  if (type == 1 || type == 3) return true;
  return !forLimit && (type == 4 || type == 5 || type == 12);
}
function inspect(selector: u32, forLimit: bool): bool {
  needProtected();
  if (!(selector & 0xfffc) || !findDescriptor(selector)) return false;
  if (!(descriptorAttr & A_S) && !systemType(descriptorAttr & 15, forLimit)) return false;
  return visible(selector);
}
/** Bits 19:16 of the descriptor's limit where LAR shows them: undefined in the SDM, there in processors (AMD APM 3). */
function limitField(): u32 { return descriptorAttr & 0x8000 ? (descriptorLimit >> 12) & 0xf_0000 : descriptorLimit & 0xf_0000; }

// @ts-ignore: decorator
@inline function lar<T>(r: usize, selector: u32): void {
  const ok = inspect(selector, false);
  if (ok) setReg<T>(dstOf(r), (((descriptorAttr << 8) & 0xf0_ff00) | limitField()) as T);
  zero(ok);
}
// @ts-ignore: decorator
@inline function lsl<T>(r: usize, selector: u32): void {
  const ok = inspect(selector, true);
  if (ok) setReg<T>(dstOf(r), descriptorLimit as T);
  zero(ok);
}
export function lar_rr<T>(r: usize): void { lar<T>(r, getReg<u16>(srcOf(r))); }
export function lar_rm<T>(r: usize): void { lar<T>(r, rd<u16>(ea(r))); }
export function lsl_rr<T>(r: usize): void { lsl<T>(r, getReg<u16>(srcOf(r))); }
export function lsl_rm<T>(r: usize): void { lsl<T>(r, rd<u16>(ea(r))); }

function verify(selector: u32, write: bool): void {
  needProtected();
  let ok = (selector & 0xfffc) != 0 && findDescriptor(selector) && (descriptorAttr & A_S) != 0 && visible(selector);
  const code = (descriptorAttr & 8) != 0, flag = (descriptorAttr & 2) != 0;
  if (write ? code || !flag : code && !flag) ok = false;
  zero(ok);
}
export function verr_r(r: usize): void { verify(getReg<u16>(dstOf(r)), false); }
export function verr_m(r: usize): void { verify(rd<u16>(ea(r)), false); }
export function verw_r(r: usize): void { verify(getReg<u16>(dstOf(r)), true); }
export function verw_m(r: usize): void { verify(rd<u16>(ea(r)), true); }

/** ARPL: raises the RPL of the destination to that of the source. */
function adjusted(d: u32, s: u32): u32 { return (d & 3) < (s & 3) ? (d & ~3) | (s & 3) : d; }
export function arpl_rr(r: usize): void {
  needProtected();
  const d = getReg<u16>(dstOf(r)), v = adjusted(d, getReg<u16>(srcOf(r)));
  zero(v != d);
  store<u16>(dstOf(r), v as u16);
}
export function arpl_mr(r: usize): void {
  needProtected();
  const a = ea(r);
  const d = rd<u16>(a), v = adjusted(d, getReg<u16>(srcOf(r)));
  wr<u16>(a, v as u16);
  zero(v != d);
}
