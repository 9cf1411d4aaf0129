// Page walks (SDM 3A 4.2-4.8): none, 32-bit, PAE, 4-level. Fills the TLB, sets accessed and dirty bits, raises page faults.

import {
  CR0, CR3, CR4, CUR, EFER, LINK_TAG, MODE, PAGE_CODE, PAGE_DIRTY, PAGE_FLAGS, PAGE_USED, RAM_BASE, RAM_SIZE, R_BASE, TLB, TLBS, TLB_BYTES,
  TLB_ENTRY, TLB_HALF, TLB_LARGE, TLB_NONE, TLB_OWN, TLB_SIZE, EFLAGS, FEATURES, GENERATION, PROCESSORS,
} from "../layout";
import { FEATURE_PAGE1GB } from "../features";
import { PAGE_MASK, T_ADDEND, T_EXECUTE, T_FLAGS, T_READ, T_WRITE, asUser, entryOf, pageFlags, readPhysical } from "./mmu";
import { invalidateCode, startGenerations } from "./block";
import { GP, SS, raiseError, raisePageFault } from "./raise";
import { RBP, RSP } from "./record";
import { W_READ, W_WRITE, watchTag } from "./watch";

export const READ = 0, WRITE = 1, EXECUTE = 2;
const TF_GLOBAL = 1, TF_LARGE = 2;
const P: u64 = 1, RW: u64 = 2, US: u64 = 4, A: u64 = 0x20, D: u64 = 0x40, PS: u64 = 0x80, G: u64 = 0x100, NX: u64 = 1 << 63;
const NO_TAG: u64 = 1;

export const CR0_PE = 1, CR0_MP = 2, CR0_EM = 4, CR0_TS = 8, CR0_NE = 32, CR0_WP = 0x10000, CR0_AM = 0x40000, CR0_PG: u32 = 0x80000000;
export const CR4_TSD = 4, CR4_DE = 8, CR4_PSE = 0x10, CR4_PAE = 0x20, CR4_PGE = 0x80, CR4_PCE = 0x100, CR4_OSFXSR = 0x200;
export const CR4_UMIP = 0x800, CR4_FSGSBASE = 0x10000, CR4_PCIDE = 0x20000, CR4_OSXSAVE = 0x40000, CR4_SMEP = 0x100000, CR4_SMAP = 0x200000;
export const EFER_SCE = 1, EFER_LME = 0x100, EFER_LMA = 0x400, EFER_NXE = 0x800;

// What the walk found: page-granular physical address, effective rights, entry that maps the page.
let walkPhysical: u64 = 0;
let walkRights: u64 = 0; // RW | US of all levels, NX of any
let walkLeaf: u64 = 0; // physical address of the leaf entry, ~0 without paging
let walkLeafSize: u32 = 0;
let walkFlags: u32 = 0;
/** 0 mapped, 1 not present, 9 reserved bit: the low bits of a page-fault error code that the walk decides. */
let walkStatus: u32 = 0;

/** Bits 51:40: physical addresses have 40 bits (CPUID leaf 0x80000008). */
const ABOVE_PHYSICAL: u64 = 0x000f_ff00_0000_0000;
function entryReserved(e: u64): bool {
  return (e & ABOVE_PHYSICAL) != 0 || ((e & NX) != 0 && (load<u32>(EFER) & EFER_NXE) == 0);
}

/** Sets one bit (accessed, dirty) of a page-table entry in RAM. */
function setEntryBits(p: u64, bits: u64, size: u32): void {
  if (p + size > load<u32>(RAM_SIZE)) return;
  const h = RAM_BASE + (p as usize);
  if ((load<u8>(h) & (bits as u8)) == (bits as u8)) return;
  const f = pageFlags(p);
  if (load<u8>(f) & PAGE_CODE) invalidateCode(p, 1);
  store<u8>(f, load<u8>(f) | (PAGE_DIRTY | PAGE_USED));
  store<u8>(h, load<u8>(h) | (bits as u8));
}

/** Accessed and dirty in the entry that maps the page, where they are missing. */
function setLeafBits(bits: u64): void {
  if ((readPhysical(walkLeaf, walkLeafSize) & bits) != bits) setEntryBits(walkLeaf, bits, walkLeafSize);
}

function finish(base: u64, a: u64, pageBits: u32, leaf: u64, size: u32, e: u64, rights: u64): void {
  const inPage = a & (((1 as u64) << (pageBits as u64)) - 1);
  walkPhysical = ((base >> (pageBits as u64)) << (pageBits as u64)) | (inPage & PAGE_MASK);
  walkRights = rights;
  walkLeaf = leaf;
  walkLeafSize = size;
  walkFlags = (pageBits > 12 ? TF_LARGE : 0) | ((e & G) != 0 && (load<u32>(CR4) & CR4_PGE) != 0 ? TF_GLOBAL : 0);
  walkStatus = 0;
}

/**
 * PAE and 4-level tables share their lower levels; `top` is the shift of the first level. Accessed bits above the leaf are set on the
 * way; the leaf's, only when the access is allowed (translateAccess).
 */
function walk64(a: u64, table: u64, top: u32, setAccessed: bool, startRights: u64): void {
  let rights = startRights;
  let shift = top;
  for (;;) {
    const at = table + (((a >> (shift as u64)) & 0x1ff) << 3);
    const e = readPhysical(at, 8);
    if (!(e & P)) { walkStatus = 1; return; }
    if (entryReserved(e)) { walkStatus = 9; return; }
    rights = (rights & (e | ~(RW | US))) | (e & NX);
    const large = shift > 12 && (e & PS) != 0;
    if (large && (shift > 30 || (shift == 30 && !(load<u32>(FEATURES) & FEATURE_PAGE1GB)))) { walkStatus = 9; return; }
    if (large && (e & ((((1 as u64) << (shift as u64)) - 1) & 0xffff_ffff_ffff_e000)) != 0) { walkStatus = 9; return; }
    if (large || shift == 12) {
      finish(e & 0x000f_ffff_ffff_f000, a, shift, at, 8, e, rights);
      return;
    }
    if (setAccessed && !(e & A)) setEntryBits(at, A, 8);
    table = e & 0x000f_ffff_ffff_f000;
    shift -= 9;
  }
}

function walkPae(a: u64, setAccessed: bool): void {
  const e = readPhysical((load<u64>(CR3) & 0xffff_ffe0) + (((a >> 30) & 3) << 3), 8);
  if (!(e & P)) { walkStatus = 1; return; }
  walk64(a, e & 0x000f_ffff_ffff_f000, 21, setAccessed, RW | US);
}

function walk32(a: u64, setAccessed: bool): void {
  const at = (load<u64>(CR3) & 0xffff_f000) + (((a >> 22) & 0x3ff) << 2);
  const e = readPhysical(at, 4);
  if (!(e & P)) { walkStatus = 1; return; }
  if ((e & PS) != 0 && (load<u32>(CR4) & CR4_PSE) != 0) {
    finish((e & 0xffc0_0000) | ((e & 0x1f_e000) << 19), a, 22, at, 4, e, e & (RW | US));
    return;
  }
  const at2 = (e & 0xffff_f000) + (((a >> 12) & 0x3ff) << 2);
  const e2 = readPhysical(at2, 4);
  if (!(e2 & P)) { walkStatus = 1; return; }
  if (setAccessed && !(e & A)) setEntryBits(at, A, 4);
  finish(e2 & 0xffff_f000, a, 12, at2, 4, e2, e & e2 & (RW | US));
}

function walk(a: u64, setAccessed: bool): void {
  if (!(load<u32>(CR0) & CR0_PG)) {
    walkPhysical = a & 0xffff_f000;
    walkRights = RW | US;
    walkLeaf = ~0;
    walkFlags = TF_GLOBAL;
    walkStatus = 0;
  } else if (load<u32>(EFER) & EFER_LMA) walk64(a, load<u64>(CR3) & 0x000f_ffff_ffff_f000, 39, setAccessed, RW | US);
  else if (load<u32>(CR4) & CR4_PAE) walkPae(a, setAccessed);
  else walk32(a, setAccessed);
}

/** In 4-level paging bits 63:47 of a linear address are equal (SDM 1 3.3.7.1). */
// @ts-ignore: decorator
@inline export function canonical(a: u64): bool { return (((a as i64) << 16) >> 16) as u64 == a; }

export function checkCanonical(a: u64, access: u32): void {
  if (canonical(a) || !(load<u32>(EFER) & EFER_LMA)) return;
  const base = load<u16>(load<u32>(CUR), R_BASE);
  const stack = access != EXECUTE && (base == RSP || base == RBP);
  raiseError(stack ? SS : GP, 0);
}

/** An access of the processor itself (descriptor tables, TSS): SMAP holds whatever EFLAGS.AC says (SDM 3A 4.6.1). */
let implicit: bool = false;
export function setImplicit(on: bool): void { implicit = on; }

/** Physical address for an access by the current privilege; fills the TLB, sets A and D, raises #PF (or #GP, #SS when not canonical). */
export function translateAccess(a: u64, access: u32): u64 {
  checkCanonical(a, access);
  const user = asUser();
  if (access != EXECUTE && fillFromLarge(a, access, user)) return walkPhysical | (a & 0xfff);
  walk(a, true);
  const nxe = (load<u32>(EFER) & EFER_NXE) != 0;
  const bits: u32 = (access == WRITE ? 2 : 0) | (user ? 4 : 0) | (access == EXECUTE && (nxe || (load<u32>(CR4) & CR4_SMEP) != 0) ? 16 : 0);
  if (walkStatus == 1) raisePageFault(a, bits);
  if (walkStatus == 9) raisePageFault(a, bits | 9);
  const userPage = (walkRights & US) != 0;
  const wp = (load<u32>(CR0) & CR0_WP) != 0;
  const writable = (walkRights & RW) != 0 || (!user && !wp);
  const cr4 = load<u32>(CR4);
  const smap = !user && userPage && (cr4 & CR4_SMAP) != 0 && walkLeaf != ~0;
  const data = (user ? userPage : true) && !(smap && (implicit || !(load<u32>(EFLAGS) & 0x40000)));
  const exec = (user ? userPage : !(userPage && (cr4 & CR4_SMEP) != 0 && walkLeaf != ~0)) && !(walkRights & NX);
  if (access == EXECUTE ? !exec : !data || (access == WRITE && !writable)) raisePageFault(a, bits | 1);
  if (walkLeaf != ~0) setLeafBits(access == WRITE ? A | D : A);
  fill(a, data && !smap, writable && !smap, exec);
  if (access != EXECUTE && !smap && walkFlags & TF_LARGE) keepLarge(a, access, user, writable, exec);
  return walkPhysical | (a & 0xfff);
}

// ---- large pages behind the TLB: what an access by the current processor found of the 2 MiB around it, so that a miss needs no walk.
// Architecturally a part of the TLB: it is forgotten wherever TLB entries are. A refusal is never taken from here, only from a walk.

const LARGE_SLOTS = 64;
/** Per slot: tag, physical base of the 2 MiB, address of the leaf entry (u64), rights, flags of the walk (u32). */
const LARGE = memory.data(LARGE_SLOTS * 32, 16);
const L_BASE = 8, L_LEAF = 16, L_RIGHTS = 24, L_FLAGS = 28;
const LARGE_MASK: u64 = ~0x1f_ffff;
const MAY_WRITE = 1, MAY_EXECUTE = 2, IS_DIRTY = 4;

function largeSlot(a: u64): usize { return LARGE + ((((a >> 21) as u32) & (LARGE_SLOTS - 1)) << 5); }
function largeTag(a: u64, user: bool): u64 { return (a & LARGE_MASK) | (user ? 3 : 1); }

function keepLarge(a: u64, access: u32, user: bool, writable: bool, exec: bool): void {
  const s = largeSlot(a);
  store<u64>(s, largeTag(a, user));
  store<u64>(s, walkPhysical & LARGE_MASK, L_BASE);
  store<u64>(s, walkLeaf, L_LEAF);
  store<u32>(s, (writable ? MAY_WRITE : 0) | (exec ? MAY_EXECUTE : 0) | (access == WRITE ? IS_DIRTY : 0), L_RIGHTS);
  store<u32>(s, walkFlags, L_FLAGS);
}

/** The same as walk and fill where the 2 MiB are known; a write, where they are known to be dirty. */
function fillFromLarge(a: u64, access: u32, user: bool): bool {
  const s = largeSlot(a);
  if (load<u64>(s) != largeTag(a, user)) return false;
  const rights = load<u32>(s, L_RIGHTS);
  if (access == WRITE && !(rights & IS_DIRTY)) return false;
  walkPhysical = load<u64>(s, L_BASE) | (a & ~LARGE_MASK & PAGE_MASK);
  walkLeaf = load<u64>(s, L_LEAF);
  walkFlags = load<u32>(s, L_FLAGS);
  fill(a, true, (rights & MAY_WRITE) != 0, (rights & MAY_EXECUTE) != 0);
  return true;
}

export function forgetLarge(): void { memory.fill(LARGE, 0, LARGE_SLOTS * 32); }

/** Enters what the walk found. Only RAM gets tags; pages with decoded code get no write tag; a clean page gets none either. */
function fill(a: u64, read: bool, write: bool, exec: bool): void {
  if (load<u32>(TLB) == TLB_NONE) return;
  if (walkPhysical + 0x1000 > load<u32>(RAM_SIZE)) return;
  const e = entryOf(a);
  const page = a & PAGE_MASK;
  const f = pageFlags(walkPhysical);
  const dirty = walkLeaf == ~0 || (walkLeaf < load<u32>(RAM_SIZE) && (load<u8>(RAM_BASE + (walkLeaf as usize)) & (D as u8)) != 0);
  const writeTag = write && dirty && !(load<u8>(f) & PAGE_CODE);
  if (writeTag) store<u8>(f, load<u8>(f) | (PAGE_DIRTY | PAGE_USED));
  store<u64>(e, read ? watchTag(page, walkPhysical, W_READ) : NO_TAG, T_READ);
  store<u64>(e, writeTag ? watchTag(page, walkPhysical, W_WRITE) : NO_TAG, T_WRITE);
  store<u64>(e, exec ? page : NO_TAG, T_EXECUTE);
  store<u32>(e, RAM_BASE + (walkPhysical as u32) - (page as u32), T_ADDEND);
  store<u32>(e, walkFlags, T_FLAGS);
  if (walkFlags & TF_LARGE) store<u32>(TLB_LARGE, load<u32>(TLB_LARGE) | (1 << (((a >> 21) as u32) & 31)));
}

/** Looks an address up without any effect: physical address, or ~0 when not mapped. For the debugger. */
export function probe(a: u64): u64 {
  if (!canonical(a) && (load<u32>(EFER) & EFER_LMA) != 0) return ~0;
  walk(a, false);
  return walkStatus ? ~0 : walkPhysical | (a & 0xfff);
}

// ---- TLB maintenance ----

function clearEntry(e: usize): void {
  store<u64>(e, NO_TAG, T_READ);
  store<u64>(e, NO_TAG, T_WRITE);
  store<u64>(e, NO_TAG, T_EXECUTE);
}

/** Links between blocks and the jump cache are good only while no mapping and no code changed. */
export function bumpGeneration(): void {
  const generation = load<u32>(GENERATION) + 8;
  store<u32>(GENERATION, generation);
  if (generation) store<u32>(LINK_TAG, generation | load<u32>(MODE));
  else startGenerations();
}

/** The TLB of the selected processor, and the end of all. */
function ownTlb(): usize { return load<u32>(TLB_OWN); }
function ownTlbEnd(): usize { return load<u32>(TLB_OWN) + TLB_BYTES; }
function tlbsEnd(): usize { return TLBS + load<u8>(PROCESSORS) * TLB_BYTES; }

/** Once: the TLB that never gets a tag. */
export function emptyTlb(): void {
  for (let e: usize = TLB_NONE; e < ((TLB_NONE + TLB_HALF) as usize); e += TLB_ENTRY) clearEntry(e);
}

export function flushTlb(): void {
  for (let e = ownTlb(), end = ownTlbEnd(); e < end; e += TLB_ENTRY) clearEntry(e);
  store<u32>(TLB_LARGE, 0);
  forgetLarge();
  bumpGeneration();
}

export function flushTlbNonGlobal(): void {
  for (let e = ownTlb(), end = ownTlbEnd(); e < end; e += TLB_ENTRY) if (!(load<u32>(e, T_FLAGS) & TF_GLOBAL)) clearEntry(e);
  forgetLarge();
  bumpGeneration();
}

function dropEntry(base: usize, a: u64): void {
  const e = base + ((((a >> 12) as u32) & (TLB_SIZE - 1)) << 5);
  clearEntry(e);
}

/** INVLPG: the page of `a`, whatever its size, global or not. */
export function invalidatePage(a: u64): void {
  if (load<u32>(TLB_LARGE) & (1 << (((a >> 21) as u32) & 31))) {
    for (let e = ownTlb(), end = ownTlbEnd(); e < end; e += TLB_ENTRY) if (load<u32>(e, T_FLAGS) & TF_LARGE) clearEntry(e);
  }
  dropEntry(ownTlb(), a);
  dropEntry(ownTlb() + TLB_HALF, a);
  forgetLarge();
  bumpGeneration();
}

/** No mapping of this physical page, on any processor, may be written without invalidateCode seeing it. */
export function protectCodePage(p: u64): void {
  const want = RAM_BASE + (p as u32);
  for (let e: usize = TLBS, end = tlbsEnd(); e < end; e += TLB_ENTRY) {
    const tag = load<u64>(e, T_WRITE);
    if (tag != NO_TAG && load<u32>(e, T_ADDEND) + ((tag & PAGE_MASK) as u32) == want) store<u64>(e, NO_TAG, T_WRITE);
  }
}

/** All write tags of all processors go: the next write to each page marks it dirty again. */
export function dropWriteTags(): void {
  for (let e: usize = TLBS, end = tlbsEnd(); e < end; e += TLB_ENTRY) store<u64>(e, NO_TAG, T_WRITE);
}
