// Records that are no instruction of the table: address computation that one addition cannot do, breakpoints, undefined opcodes.

import {
  BLOCK, B_HOOKED, B_LINEAR, COUNT, EA, EXIT_BREAKPOINT, HOST, MODE, MODE_64, REGS, REPORTED, R_DISP, R_EXT, R_IMM, R_LEN, R_SCALE, SEGS, SEG_BASE,
  SEG_SIZE, OP_TABLE,
} from "../layout";
import { codeLinear, isBreakpoint } from "./block";
import { raiseCodeBreakpoint } from "./debug";
import { beginOperand, endOperand, isPlain } from "./limits";
import { UD, leave, raise } from "./raise";

// @ts-ignore: decorator
@external("host", "undefinedOpcode")
declare function hostUndefinedOpcode(bytes: u32): void;

const NO_REG = 31;

/** Calls an operation by number. */
function perform(op: u32, r: usize): void { call_indirect<void>(load<u32>(OP_TABLE + (op << 2)), r); }

/** Segment of the address computed last when an access there may fail (limits.ts), else 0. */
let doubtful: usize = 0;

/** Effective address in the record's address size, plus the segment's base (SDM 1 3.3.7, 3.7.5). */
function linearOf(r: usize): u64 {
  const ext = load<u32>(r, R_EXT);
  const base = (ext >> 16) & 31, index = (ext >> 26) & 31, seg = (ext >> 13) & 7, size = (ext >> 24) & 3;
  let offset = load<u64>(r, R_DISP);
  if (base != NO_REG) offset += load<u64>(REGS + base * 8);
  if (index != NO_REG) offset += load<u64>(REGS + index * 8) << (load<u8>(r, R_SCALE) as u64);
  if (size == 1) offset &= 0xffff_ffff;
  else if (size == 0) offset &= 0xffff;
  if (seg == 7) return offset;
  const linear = offset + load<u64>(SEGS + seg * SEG_SIZE, SEG_BASE);
  if ((load<u32>(MODE) & 3) == MODE_64) return linear;
  if (!isPlain(SEGS + seg * SEG_SIZE, offset)) doubtful = SEGS + seg * SEG_SIZE;
  return linear & 0xffff_ffff;
}

/** The record behind adds R_DISP to its base, which is the EA slot. */
export function legacy_ea(r: usize): void {
  doubtful = 0;
  store<u64>(EA, linearOf(r) - load<u64>(r, R_DISP));
  if (!doubtful) {
    perform(load<u32>(r, R_EXT) & 0x1fff, r);
    return;
  }
  beginOperand(doubtful);
  perform(load<u32>(r, R_EXT) & 0x1fff, r);
  endOperand();
}

/** First record of a block at a breakpoint: reports a debugger's once per arrival, raises the guest's own, then is the instruction itself. */
export function breakpoint_hook(r: usize): void {
  const rip = load<u64>(load<u32>(BLOCK), B_LINEAR);
  const now = load<u64>(COUNT) + 1;
  if (load<u64>(REPORTED) != now && isBreakpoint(rip)) {
    store<u64>(REPORTED, now);
    leave(EXIT_BREAKPOINT);
  }
  raiseCodeBreakpoint(codeLinear(rip));
  perform(load<u32>(load<u32>(BLOCK), B_HOOKED), r);
}

/** An opcode that the table does not have: #UD (SDM 3A 6.15, interrupt 6), and the host hears of it. */
export function undefined_opcode(r: usize): void {
  const length: u32 = load<u8>(r, R_LEN);
  store<u64>(HOST, load<u64>(r, R_IMM));
  hostUndefinedOpcode(length < 8 ? length : 8);
  raise(UD);
}
