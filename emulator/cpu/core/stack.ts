// PUSH POP ENTER LEAVE PUSHA POPA PUSHF POPF. T is the operand size; u64 only exists in 64-bit mode, where the stack
// pointer is RSP; otherwise SS.B chooses ESP or SP (SDM 1 6.2.3).

import { CPL, EFLAGS, MODE, MODE_64, SEGS, SEG_ATTR, SEG_BASE, SEG_SIZE, ATTN, ATTN_TRAP } from "../layout";
import { ACF, ARITHMETIC, DF_, ID, IF, IOPL, NT, RF, TF, VIF, VIP, VM, getFlags, putFlags } from "./flags";
import { RAX, RBP, RSP, RBX, RCX, RDX, RDI, RSI, dstOf, ea, getReg, immOf, setReg, srcOf } from "./record";
import { checkSegment, resumeOperand, suspendOperand } from "./limits";
import { rd, wr, checkRead } from "./mmu";
import { GP, endBlock, raiseError } from "./raise";
import { updateAttention } from "./run";

const SSEG = SEGS + 2 * SEG_SIZE;

/** Mask of the stack pointer: all ones in 64-bit mode. */
export function stackMask(): u64 {
  if ((load<u32>(MODE) & 3) == MODE_64) return ~0;
  return load<u32>(SSEG, SEG_ATTR) & 0x4000 ? 0xffff_ffff : 0xffff;
}
/** Linear address of `size` bytes at a stack offset. */
export function stackLinear(offset: u64, size: u32): u64 {
  if ((load<u32>(MODE) & 3) == MODE_64) return offset;
  const inSegment = offset & stackMask();
  suspendOperand();
  checkSegment(SSEG, inSegment, size, true);
  return (load<u64>(SSEG, SEG_BASE) + inSegment) & 0xffff_ffff;
}
export function setStackPointer(value: u64): void {
  const mask = stackMask();
  if (mask == ~0) store<u64>(RSP, value);
  else if (mask == 0xffff_ffff) store<u64>(RSP, value & mask);
  else store<u16>(RSP, value as u16);
}

function pushLegacy(value: u64, size: u32): void {
  const sp = load<u64>(RSP) - size;
  const a = stackLinear(sp, size);
  if (size == 2) wr<u16>(a, value as u16);
  else if (size == 4) wr<u32>(a, value as u32);
  else wr<u64>(a, value);
  setStackPointer(sp);
}
function topLegacy(size: u32): u64 {
  const a = stackLinear(load<u64>(RSP), size);
  if (size == 2) return rd<u16>(a);
  if (size == 4) return rd<u32>(a);
  return rd<u64>(a);
}

// @ts-ignore: decorator
@inline export function push<T>(value: T): void {
  if (sizeof<T>() == 8) {
    const sp = load<u64>(RSP) - 8;
    wr<u64>(sp, value as u64);
    store<u64>(RSP, sp);
  } else pushLegacy(value as u64, sizeof<T>());
}
/** Value on top of the stack; RSP moves in popped(), after everything that may fault. */
// @ts-ignore: decorator
@inline export function top<T>(): T {
  if (sizeof<T>() == 8) return rd<u64>(load<u64>(RSP)) as T;
  return topLegacy(sizeof<T>()) as T;
}
// @ts-ignore: decorator
@inline export function popped<T>(extra: u64): void {
  if (sizeof<T>() == 8) store<u64>(RSP, load<u64>(RSP) + 8 + extra);
  else setStackPointer(load<u64>(RSP) + sizeof<T>() + extra);
}

// @ts-ignore: decorator
@inline export function push_r<T>(r: usize): void { push<T>(getReg<T>(dstOf(r))); }
export function push_m<T>(r: usize): void { push<T>(rd<T>(ea(r))); }
// @ts-ignore: decorator
@inline export function push_i<T>(r: usize): void { push<T>(immOf<T>(r)); }
// @ts-ignore: decorator
@inline export function pop_r<T>(r: usize): void {
  const v = top<T>();
  popped<T>(0);
  setReg<T>(dstOf(r), v);
}
/** POP m: an address that uses RSP sees it after the pop (SDM 2 POP); on a fault RSP must be as before. */
export function pop_m<T>(r: usize): void {
  const v = top<T>();
  const old = load<u64>(RSP);
  popped<T>(0);
  const a = ea(r);
  store<u64>(RSP, old);
  resumeOperand();
  wr<T>(a, v);
  popped<T>(0);
}

export function leave<T>(r: usize): void {
  if (sizeof<T>() == 8) {
    const bp = load<u64>(RBP);
    const v = rd<u64>(bp);
    store<u64>(RSP, bp + 8);
    store<u64>(RBP, v);
    return;
  }
  const bp = load<u64>(RBP);
  const a = stackLinear(bp, sizeof<T>());
  const v = sizeof<T>() == 2 ? (rd<u16>(a) as T) : (rd<u32>(a) as T);
  setStackPointer(bp + sizeof<T>());
  setReg<T>(RBP, v);
}

/** ENTER: imm holds size (low 16) and nesting level (bits 16-20). */
export function enter_i<T>(r: usize): void {
  const size = (immOf<u32>(r) & 0xffff) as u64;
  const level = (immOf<u32>(r) >> 16) & 31;
  const mask = stackMask();
  let sp = load<u64>(RSP) - sizeof<T>();
  wr<T>(stackLinear(sp & mask, sizeof<T>()), getReg<T>(RBP));
  const frame = sp;
  let bp = load<u64>(RBP);
  for (let i: u32 = 1; i < level; i++) {
    bp -= sizeof<T>();
    const v = rd<T>(stackLinear(bp & mask, sizeof<T>()));
    sp -= sizeof<T>();
    wr<T>(stackLinear(sp & mask, sizeof<T>()), v);
  }
  if (level > 0) {
    sp -= sizeof<T>();
    wr<T>(stackLinear(sp & mask, sizeof<T>()), frame as T);
  }
  sp -= size;
  checkRead(stackLinear(sp & mask, 1), 1);
  setReg<T>(RBP, frame as T);
  setStackPointer(sp);
}

export function pusha<T>(r: usize): void {
  const sp = load<u64>(RSP);
  const mask = stackMask();
  for (let i: u32 = 0; i < 8; i++) {
    wr<T>(stackLinear((sp - (i + 1) * sizeof<T>()) & mask, sizeof<T>()), getReg<T>(RAX + i * 8));
  }
  setStackPointer(sp - 8 * sizeof<T>());
}
export function popa<T>(r: usize): void {
  const sp = load<u64>(RSP);
  const mask = stackMask();
  checkRead(stackLinear(sp & mask, 8 * sizeof<T>()), 8 * sizeof<T>());
  for (let i: u32 = 0; i < 8; i++) {
    if (i != 3) setReg<T>(RAX + (7 - i) * 8, rd<T>(stackLinear((sp + i * sizeof<T>()) & mask, sizeof<T>())));
  }
  setStackPointer(sp + 8 * sizeof<T>());
}

/** PUSHF, POPF, INT n and IRET need IOPL 3 in virtual-8086 mode (SDM 3A 21.2.7). */
function needIopl(): void {
  const flags = load<u32>(EFLAGS);
  if (flags & VM && (flags & IOPL) != IOPL) raiseError(GP, 0);
}
export function pushf<T>(r: usize): void {
  needIopl();
  push<T>((getFlags() & ~(VM | RF)) as T);
}

/** POPF: IOPL only at CPL 0, IF only with CPL <= IOPL; VM stays (SDM 2 POPF). */
export function popf<T>(r: usize): void {
  needIopl();
  const v = top<T>() as u32;
  const old = getFlags();
  let mask: u32 = ARITHMETIC | TF | DF_ | NT | ACF | ID;
  const cpl = load<u32>(CPL);
  if (cpl == 0) mask |= IOPL;
  if (cpl <= ((old >> 12) & 3)) mask |= IF;
  if (sizeof<T>() == 2) mask &= 0xffff;
  popped<T>(0);
  putFlags(((old & ~mask) | (v & mask)) & ~RF);
  updateAttention();
}
