// What a data access outside flat segments and without alignment checks never meets: segment limits and types (SDM 3A 5.3, 5.5, 6.15 #AC).
// Both cost nothing while they cannot fail: where they can, the TLB that never has a tag is selected, so that each access
// comes to the slow paths of mmu.ts, and these ask here.

import { CPL, CR0, EFLAGS, SEGS, SEG_ATTR, SEG_BASE, SEG_LIMIT, SEG_SIZE, TLB, TLB_NONE } from "../layout";
import { ACF } from "./flags";
import { selectTlb } from "./mmu";
import { CR0_AM, CR0_PE } from "./paging";
import { AC, GP, SS, raiseError } from "./raise";
import { A_DB, A_P } from "./segment";

const STACK_SEGMENT: usize = SEGS + 2 * SEG_SIZE;
/** Type bits of the attributes: code, expand-down or conforming, writable or readable. */
const CODE = 8, DOWN = 4, WRITABLE = 2;
/** No instruction without a check of its own reaches further from its operand's address than FXSAVE. */
const REACH = 512;

/** Offsets [offset, offset + size) lie in a segment; those of an expand-down one begin behind its limit (SDM 3A 5.3). */
export function withinLimit(limit: u32, attr: u32, offset: u64, size: u32): bool {
  if (!(attr & A_P)) return false;
  const last = (offset & 0xffff_ffff) + (size - 1);
  if ((attr & (CODE | DOWN)) == DOWN) return (offset as u32) > limit && last <= (attr & A_DB ? 0xffff_ffff : 0xffff);
  return last <= (limit as u64);
}

/** Data that may be written, or in real-address mode anything: no access of that type faults. */
function plainType(attr: u32): bool {
  return (attr & (A_P | CODE | DOWN | WRITABLE)) == (A_P | WRITABLE) || !(load<u32>(CR0) & CR0_PE);
}

/** No access of an instruction at this offset can fail, whatever its size and kind. */
export function isPlain(segment: usize, offset: u64): bool {
  const limit = load<u32>(segment, SEG_LIMIT);
  return plainType(load<u32>(segment, SEG_ATTR)) && (limit == 0xffff_ffff || (offset & 0xffff_ffff) + (REACH - 1) <= (limit as u64));
}

/** Plain from 0 to 4 GiB, a stack with a 32-bit pointer: linear addresses are offsets. For translated code, which checks nothing but the TLB. */
function isFlat(segment: usize): bool {
  const attr = load<u32>(segment, SEG_ATTR);
  if (load<u64>(segment, SEG_BASE) != 0 || load<u32>(segment, SEG_LIMIT) != 0xffff_ffff || !plainType(attr)) return false;
  return segment != STACK_SEGMENT || (attr & A_DB) != 0;
}
/** All segments of `mask` (bit n: segment register n) are flat. */
export function segmentsAreFlat(mask: u32): bool {
  for (let i: u32 = 0; i < 6; i++) if ((mask >> i) & 1 && !isFlat(SEGS + i * SEG_SIZE)) return false;
  return true;
}

/** One access by segment and offset, outside 64-bit mode. */
export function checkSegment(segment: usize, offset: u64, size: u32, write: bool): void {
  if (isPlain(segment, offset)) return;
  const attr = load<u32>(segment, SEG_ATTR);
  const real = !(load<u32>(CR0) & CR0_PE);
  const good = write ? (attr & (CODE | WRITABLE)) == WRITABLE : (attr & (CODE | WRITABLE)) != CODE;
  if ((!good && !real) || !withinLimit(load<u32>(segment, SEG_LIMIT), real ? attr | A_P : attr, offset, size)) {
    raiseError(segment == STACK_SEGMENT ? SS : GP, 0);
  }
}

// ---- the operand of an instruction whose segment is not plain ----

/** Segment of the operand while its instruction runs, else 0. */
let operandSegment: usize = 0;
let suspended: usize = 0;

/** Until endOperand() every access by the current privilege is one to this segment. */
export function beginOperand(segment: usize): void {
  operandSegment = segment;
  store<u32>(TLB, TLB_NONE);
}
export function endOperand(): void {
  operandSegment = 0;
  suspended = 0;
  if (load<u32>(TLB) == TLB_NONE) selectTlb(load<u32>(CPL) == 3);
}
/** What follows are pushes and pops, which check by themselves; then the operand again. */
export function suspendOperand(): void {
  if (!operandSegment) return;
  suspended = operandSegment;
  operandSegment = 0;
}
export function resumeOperand(): void {
  if (suspended) operandSegment = suspended;
}

// ---- alignment ----

/** CR0.AM, EFLAGS.AC and CPL 3 together. Follows them: nothing architectural is kept here. */
let alignment: bool = false;
export function alignmentChecked(): bool { return alignment; }

/** Call after every change of the three. */
export function followAlignment(): void {
  const on = load<u32>(CPL) == 3 && (load<u32>(EFLAGS) & ACF) != 0 && (load<u32>(CR0) & CR0_AM) != 0;
  if (on == alignment) return;
  alignment = on;
  selectTlb(load<u32>(CPL) == 3);
}

/** 2, 4 and 8 bytes; 16 only need 8 (SDM 2 MOVUPS); areas of FXSAVE and its like have a check of their own. */
function misaligned(a: u32, size: u32): bool {
  if (size == 16) return (a & 7) != 0;
  return (size & (size - 1)) == 0 && size <= 8 && (a & (size - 1)) != 0;
}

/** From the slow paths, while the TLB without tags is selected. */
export function checkAccess(a: u64, size: u32, write: bool): void {
  if (operandSegment) checkSegment(operandSegment, (a - load<u64>(operandSegment, SEG_BASE)) & 0xffff_ffff, size, write);
  if (alignment && misaligned(a as u32, size)) raiseError(AC, 0);
}
