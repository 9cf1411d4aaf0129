// Control and debug registers, MSRs, CPUID, RDTSC, TLB and cache instructions, HLT, CLI STI, FS/GS base, flag bits.

import {
  CPL, CR0, CR2, CR3, CR4, CSTAR, DR, EFER, EFLAGS, EXIT_HALT, EXIT_PAUSE, HALTED, HOST, KERNEL_GS_BASE, LSTAR, PROCESSORS, SEG_BASE, SFMASK, SHADOW, STAR, SYSENTER_CS,
  FEATURES, SYSENTER_EIP, SYSENTER_ESP, TSC_AUX, WATCH_COUNT, XCR0,
} from "../layout";
import { FEATURE_FSGSBASE, FEATURE_PCID, FEATURE_RDTSCP, FEATURE_SMAP, FEATURE_SMEP, FEATURE_UMIP, FEATURE_XSAVE } from "../features";
import { checkGeneralDetect, writeDebugRegister } from "./debug";
import {
  CR0_PE, CR0_PG, CR0_WP, CR4_FSGSBASE, CR4_OSXSAVE, CR4_PAE, CR4_PCIDE, CR4_SMAP, CR4_SMEP, CR4_TSD, CR4_UMIP, EFER_LMA, EFER_LME, EFER_NXE, EFER_SCE, canonical, flushTlb,
  flushTlbNonGlobal, invalidatePage,
} from "./paging";
import { ACF, CF, DF_, IF, getFlags, putCarry, putFlags } from "./flags";
import { GP, UD, leaveAfter, raise, raiseError } from "./raise";
import { RAX, RBX, RCX, RDX, dstOf, ea, getReg, setReg, srcOf } from "./record";
import { FS, GS, code64, longMode, seg, updateMode } from "./segment";
import { rd, wr, checkRead } from "./mmu";
import { updateAttention } from "./run";
import { W_READ, W_WRITE, touchMsr } from "./watch";

// @ts-ignore: decorator
@external("host", "cpuid")
declare function hostCpuid(leaf: u32, subleaf: u32): void;
// @ts-ignore: decorator
@external("host", "readMsr")
declare function hostReadMsr(index: u32): u32;
// @ts-ignore: decorator
@external("host", "writeMsr")
declare function hostWriteMsr(index: u32): u32;
// @ts-ignore: decorator
@external("host", "timestamp")
declare function hostTimestamp(): void;
// @ts-ignore: decorator
@external("host", "readCr8")
declare function hostReadCr8(): u32;
// @ts-ignore: decorator
@external("host", "writeCr8")
declare function hostWriteCr8(value: u32): void;

export function needSupervisor(): void { if (load<u32>(CPL)) raiseError(GP, 0); }

export function ud(r: usize): void { raise(UD); }
export function nop(r: usize): void {}
/** A processor that spins lets the others have their turns: run() tells the machine. Alone it is NOP. */
export function pause(r: usize): void {
  if (load<u8>(PROCESSORS) > 1) leaveAfter(EXIT_PAUSE);
}

// ---- control registers ----

const CR0_FIXED: u32 = 0x10; // ET is hard-wired to 1
const CR0_KNOWN: u32 = 0xe005_003f;
/** TSD DE PSE PAE MCE PGE PCE OSFXSR OSXMMEXCPT; VME and PVI are not there; the rest depends on what is offered. */
const CR4_ALWAYS: u32 = 0x7fc;
function knownCr4(): u32 {
  const f = load<u32>(FEATURES);
  return (
    CR4_ALWAYS | (f & FEATURE_UMIP ? CR4_UMIP : 0) | (f & FEATURE_FSGSBASE ? CR4_FSGSBASE : 0) | (f & FEATURE_PCID ? CR4_PCIDE : 0) |
    (f & FEATURE_XSAVE ? CR4_OSXSAVE : 0) | (f & FEATURE_SMEP ? CR4_SMEP : 0) | (f & FEATURE_SMAP ? CR4_SMAP : 0)
  );
}

function writeCr0(value: u64): void {
  const old = load<u32>(CR0);
  const next = ((value as u32) & CR0_KNOWN) | CR0_FIXED;
  if (value >> 32 != 0) raiseError(GP, 0);
  if (next & CR0_PG && !(next & CR0_PE)) raiseError(GP, 0);
  if ((next & 0x6000_0000) == 0x2000_0000) raiseError(GP, 0); // NW without CD
  const efer = load<u32>(EFER);
  if (next & CR0_PG && !(old & CR0_PG) && efer & EFER_LME) {
    if (!(load<u32>(CR4) & CR4_PAE) || load<u32>(seg(1), 12) & 0x2000) raiseError(GP, 0);
    store<u32>(EFER, efer | EFER_LMA);
  }
  if (!(next & CR0_PG) && old & CR0_PG) {
    if (code64() || load<u32>(CR4) & CR4_PCIDE) raiseError(GP, 0);
    store<u32>(EFER, efer & ~EFER_LMA);
  }
  store<u32>(CR0, next);
  if ((old ^ next) & (CR0_PG | CR0_WP | CR0_PE)) flushTlb();
  if ((old ^ next) & (CR0_PG | CR0_PE)) updateMode();
}

function writeCr4(value: u64): void {
  if (value & ~(knownCr4() as u64)) raiseError(GP, 0);
  const old = load<u32>(CR4), next = value as u32;
  if (longMode() && !(next & CR4_PAE)) raiseError(GP, 0);
  // PCIDE goes on in IA-32e mode only, and with PCID 0 in CR3 (SDM 3A 4.10.1).
  if (next & ~old & CR4_PCIDE && (!longMode() || load<u64>(CR3) & 0xfff)) raiseError(GP, 0);
  store<u32>(CR4, next);
  if ((old ^ next) & (0xb0 | CR4_PCIDE | CR4_SMEP | CR4_SMAP)) flushTlb();
}

function writeCr3(value: u64): void {
  // With PCIDE bit 63 asks to keep the new PCID's translations: allowed to be ignored (SDM 3A 4.10.4.1). Physical addresses have 40 bits.
  if (load<u32>(CR4) & CR4_PCIDE) value &= ~((1 as u64) << 63);
  if (longMode() && value >> 40 != 0) raiseError(GP, 0);
  store<u64>(CR3, longMode() ? value : value & 0xffff_ffff);
  flushTlbNonGlobal();
}

/** A register that is not there is #UD before the privilege counts. */
function needControlRegister(n: u32): void {
  if (n > 8 || !((1 << n) & 0x11d)) raise(UD);
  needSupervisor();
}

/** MOV CRn, r: R_DST is the number. */
export function movcr_write(r: usize): void {
  needControlRegister(dstOf(r) as u32);
  const value = code64() ? getReg<u64>(srcOf(r)) : (getReg<u32>(srcOf(r)) as u64);
  switch (dstOf(r) as u32) {
    case 0: writeCr0(value); break;
    case 2: store<u64>(CR2, value); break;
    case 3: writeCr3(value); break;
    case 4: writeCr4(value); break;
    case 8:
      if (value >> 4 != 0) raiseError(GP, 0);
      hostWriteCr8(value as u32);
      break;
  }
}
export function movcr_read(r: usize): void {
  needControlRegister(srcOf(r) as u32);
  let value: u64 = 0;
  switch (srcOf(r) as u32) {
    case 0: value = load<u32>(CR0) as u64; break;
    case 2: value = load<u64>(CR2); break;
    case 3: value = load<u64>(CR3); break;
    case 4: value = load<u32>(CR4) as u64; break;
    case 8: value = hostReadCr8() as u64; break;
  }
  if (code64()) setReg<u64>(dstOf(r), value);
  else setReg<u32>(dstOf(r), value as u32);
}

function debugIndex(n: u32): u32 {
  if (n == 4 || n == 5) {
    if (load<u32>(CR4) & 8) raise(UD);
    return n + 2;
  }
  if (n > 7) raise(UD);
  return n;
}
export function movdr_write(r: usize): void {
  const n = debugIndex(dstOf(r) as u32);
  needSupervisor();
  checkGeneralDetect();
  const value = code64() ? getReg<u64>(srcOf(r)) : (getReg<u32>(srcOf(r)) as u64);
  if (n >= 6 && value >> 32 != 0) raiseError(GP, 0);
  writeDebugRegister(n, value);
}
export function movdr_read(r: usize): void {
  const n = debugIndex(srcOf(r) as u32);
  needSupervisor();
  checkGeneralDetect();
  const value = load<u64>(DR + n * 8);
  if (code64()) setReg<u64>(dstOf(r), value);
  else setReg<u32>(dstOf(r), value as u32);
}

export function clts(r: usize): void {
  needSupervisor();
  store<u32>(CR0, load<u32>(CR0) & ~8);
}
/** LMSW changes PE (only to 1), MP, EM, TS. */
function lmsw(value: u32): void {
  needSupervisor();
  const old = load<u32>(CR0);
  writeCr0(((old & ~0xe) | (value & 0xf) | (old & 1)) as u64);
}
export function lmsw_r(r: usize): void { lmsw(getReg<u16>(dstOf(r))); }
export function lmsw_m(r: usize): void {
  needSupervisor();
  lmsw(rd<u16>(ea(r)));
}
function smswAllowed(): void { if (load<u32>(CPL) && load<u32>(CR4) & CR4_UMIP) raiseError(GP, 0); }
export function smsw_r<T>(r: usize): void { smswAllowed(); setReg<T>(dstOf(r), load<u32>(CR0) as T); }
export function smsw_m<T>(r: usize): void { smswAllowed(); wr<u16>(ea(r), load<u32>(CR0) as u16); }

// ---- model-specific registers ----

/** XCR0: x87 always, SSE (SDM 3A 2.6). XGETBV and XSETBV ignore RCX bits 63:32. */
function needOsxsave(): void { if (!(load<u32>(CR4) & CR4_OSXSAVE)) raise(UD); }
export function xgetbv(r: usize): void {
  needOsxsave();
  if (load<u32>(RCX)) raiseError(GP, 0);
  store<u64>(RAX, load<u32>(XCR0) as u64);
  store<u64>(RDX, load<u32>(XCR0 + 4) as u64);
}
export function xsetbv(r: usize): void {
  needOsxsave();
  needSupervisor();
  const value = (load<u32>(RAX) as u64) | ((load<u32>(RDX) as u64) << 32);
  if (load<u32>(RCX) || value & ~3 || !(value & 1)) raiseError(GP, 0);
  store<u64>(XCR0, value);
}

function efer(value: u64): void {
  if (value & ~((EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE) as u64)) raiseError(GP, 0);
  const old = load<u32>(EFER);
  if (load<u32>(CR0) & CR0_PG && ((old ^ (value as u32)) & EFER_LME) != 0) raiseError(GP, 0);
  store<u32>(EFER, (value as u32 & ~EFER_LMA) | (old & EFER_LMA));
  if ((old ^ (value as u32)) & EFER_NXE) flushTlb();
}
function canonicalOrFault(value: u64): u64 {
  if (!canonical(value)) raiseError(GP, 0);
  return value;
}

export function wrmsr(r: usize): void {
  needSupervisor();
  const index = load<u32>(RCX);
  writeMsr(index, (load<u32>(RAX) as u64) | ((load<u32>(RDX) as u64) << 32));
  if (load<u32>(WATCH_COUNT)) touchMsr(index, W_WRITE);
}
function writeMsr(index: u32, value: u64): void {
  switch (index) {
    case 0x174: store<u64>(SYSENTER_CS, value); return;
    case 0x175: store<u64>(SYSENTER_ESP, canonicalOrFault(value)); return;
    case 0x176: store<u64>(SYSENTER_EIP, canonicalOrFault(value)); return;
    case 0xc000_0080: efer(value); return;
    case 0xc000_0081: store<u64>(STAR, value); return;
    case 0xc000_0082: store<u64>(LSTAR, canonicalOrFault(value)); return;
    case 0xc000_0083: store<u64>(CSTAR, canonicalOrFault(value)); return;
    case 0xc000_0084: store<u64>(SFMASK, value & 0xffff_ffff); return;
    case 0xc000_0100: store<u64>(seg(FS), canonicalOrFault(value), SEG_BASE); return;
    case 0xc000_0101: store<u64>(seg(GS), canonicalOrFault(value), SEG_BASE); return;
    case 0xc000_0102: store<u64>(KERNEL_GS_BASE, canonicalOrFault(value)); return;
    case 0xc000_0103:
      if (value >> 32 != 0 || !(load<u32>(FEATURES) & FEATURE_RDTSCP)) raiseError(GP, 0);
      store<u64>(TSC_AUX, value);
      return;
    default:
      store<u64>(HOST, value);
      if (!hostWriteMsr(index)) raiseError(GP, 0);
  }
}
function msr(index: u32): u64 {
  switch (index) {
    case 0x174: return load<u64>(SYSENTER_CS);
    case 0x175: return load<u64>(SYSENTER_ESP);
    case 0x176: return load<u64>(SYSENTER_EIP);
    case 0xc000_0080: return load<u32>(EFER) as u64;
    case 0xc000_0081: return load<u64>(STAR);
    case 0xc000_0082: return load<u64>(LSTAR);
    case 0xc000_0083: return load<u64>(CSTAR);
    case 0xc000_0084: return load<u64>(SFMASK);
    case 0xc000_0100: return load<u64>(seg(FS), SEG_BASE);
    case 0xc000_0101: return load<u64>(seg(GS), SEG_BASE);
    case 0xc000_0102: return load<u64>(KERNEL_GS_BASE);
    case 0xc000_0103:
      if (!(load<u32>(FEATURES) & FEATURE_RDTSCP)) raiseError(GP, 0);
      return load<u64>(TSC_AUX);
    default:
      if (!hostReadMsr(index)) raiseError(GP, 0);
      return load<u64>(HOST);
  }
}
export function rdmsr(r: usize): void {
  needSupervisor();
  const index = load<u32>(RCX);
  const value = msr(index);
  store<u64>(RAX, value & 0xffff_ffff);
  store<u64>(RDX, value >> 32);
  if (load<u32>(WATCH_COUNT)) touchMsr(index, W_READ);
}

// ---- identification and time ----

export function cpuid(r: usize): void {
  const leaf = load<u32>(RAX);
  hostCpuid(leaf, load<u32>(RCX));
  // OSXSAVE repeats CR4.OSXSAVE (SDM 2, CPUID leaf 1 ECX bit 27).
  if (leaf == 1 && load<u32>(CR4) & CR4_OSXSAVE) store<u32>(HOST + 8, load<u32>(HOST + 8) | (1 << 27));
  store<u64>(RAX, load<u32>(HOST) as u64);
  store<u64>(RBX, load<u32>(HOST + 4) as u64);
  store<u64>(RCX, load<u32>(HOST + 8) as u64);
  store<u64>(RDX, load<u32>(HOST + 12) as u64);
}
export function rdtsc(r: usize): void {
  if (load<u32>(CR4) & CR4_TSD && load<u32>(CPL)) raiseError(GP, 0);
  hostTimestamp();
  store<u64>(RAX, load<u32>(HOST) as u64);
  store<u64>(RDX, load<u32>(HOST + 4) as u64);
}
export function rdtscp(r: usize): void {
  rdtsc(r);
  store<u64>(RCX, load<u32>(TSC_AUX) as u64);
}
export function rdpmc(r: usize): void { raiseError(GP, 0); }

// ---- the hypervisor ----

const KVM_ENOSYS = 1000, KVM_EPERM = 1;
/** VMCALL and VMMCALL under KVM: it has no hypercall that it offers, and none at all for user code (KVM's hypercalls.rst). */
export function hypercall(r: usize): void {
  const error: i64 = load<u32>(CPL) ? -KVM_EPERM : -KVM_ENOSYS;
  if (code64()) store<i64>(RAX, error);
  else store<u64>(RAX, (error as u32) as u64);
}

// ---- TLB, caches ----

export function invlpg_m(r: usize): void {
  needSupervisor();
  const a = ea(r);
  if (!longMode() || canonical(a)) invalidatePage(a);
}
export function invpcid_rm(r: usize): void {
  needSupervisor();
  const a = ea(r);
  const type = getReg<u64>(dstOf(r));
  const pcid = rd<u64>(a), address = rd<u64>(a + 8);
  if (type > 3 || pcid >> 12 != 0) raiseError(GP, 0);
  if (type == 0 && !canonical(address)) raiseError(GP, 0);
  if (type < 2 && pcid != 0 && !(load<u32>(CR4) & CR4_PCIDE)) raiseError(GP, 0);
  if (type == 0) invalidatePage(address);
  else flushTlb();
}
export function wbinvd(r: usize): void { needSupervisor(); }
export function clflush_m(r: usize): void { checkRead(ea(r), 1); }

// ---- halt, interrupt flag, other flags ----

export function hlt(r: usize): void {
  needSupervisor();
  store<u32>(HALTED, 1);
  leaveAfter(EXIT_HALT);
}
function iopl(): bool { return load<u32>(CPL) <= ((load<u32>(EFLAGS) >> 12) & 3); }
export function cli(r: usize): void {
  if (!iopl()) raiseError(GP, 0);
  store<u32>(EFLAGS, load<u32>(EFLAGS) & ~IF);
  updateAttention();
}
export function sti(r: usize): void {
  if (!iopl()) raiseError(GP, 0);
  if (!(load<u32>(EFLAGS) & IF)) {
    store<u32>(EFLAGS, load<u32>(EFLAGS) | IF);
    store<u32>(SHADOW, 1);
  }
  updateAttention();
}
export function clc(r: usize): void { putCarry(false); }
export function stc(r: usize): void { putCarry(true); }
export function cmc(r: usize): void { putFlags(getFlags() ^ CF); }
export function cld(r: usize): void { store<u32>(EFLAGS, load<u32>(EFLAGS) & ~DF_); }
export function std(r: usize): void { store<u32>(EFLAGS, load<u32>(EFLAGS) | DF_); }
function smapAllowed(): void { if (load<u32>(CPL)) raise(UD); }
export function clac(r: usize): void { smapAllowed(); store<u32>(EFLAGS, load<u32>(EFLAGS) & ~ACF); }
export function stac(r: usize): void { smapAllowed(); store<u32>(EFLAGS, load<u32>(EFLAGS) | ACF); }

// ---- FS and GS ----

export function swapgs(r: usize): void {
  if (!code64()) raise(UD);
  needSupervisor();
  const at = seg(GS);
  const base = load<u64>(at, SEG_BASE);
  store<u64>(at, load<u64>(KERNEL_GS_BASE), SEG_BASE);
  store<u64>(KERNEL_GS_BASE, base);
}
function fsgs(): void { if (!code64() || !(load<u32>(CR4) & CR4_FSGSBASE)) raise(UD); }
export function rdfsbase_r<T>(r: usize): void { fsgs(); setReg<T>(dstOf(r), load<u64>(seg(FS), SEG_BASE) as T); }
export function rdgsbase_r<T>(r: usize): void { fsgs(); setReg<T>(dstOf(r), load<u64>(seg(GS), SEG_BASE) as T); }
export function wrfsbase_r<T>(r: usize): void { fsgs(); store<u64>(seg(FS), canonicalOrFault(getReg<T>(dstOf(r)) as u64), SEG_BASE); }
export function wrgsbase_r<T>(r: usize): void { fsgs(); store<u64>(seg(GS), canonicalOrFault(getReg<T>(dstOf(r)) as u64), SEG_BASE); }
