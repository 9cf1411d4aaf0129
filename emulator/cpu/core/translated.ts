// What translated code (emulator/cpu/translate) asks of the interpreter: single records by their handlers, with the machine as execute() would
// have it there, and flags that it could not work out beforehand. Must not know: how code is translated.

import { BLOCK, BLOCK_HEADER, B_COUNT, B_NEXT, COUNT, CUR, END, OP_TABLE, RECORD_SIZE, RIP, R_OP } from "../layout";
import { cf, condition } from "./flags";
import { retireTo } from "./run";

export { mulHighSigned } from "./muldiv";
export { rotateFlags } from "./shift";
export { segmentsAreFlat } from "./limits";

/**
 * Executes record `r` of block `b`, which started when `count` instructions had retired. False when translated code must return: the block is
 * through, or something wants attention (raise.ts, endBlock); RIP and COUNT are then behind the record. A fault does not return.
 */
export function interpret(r: usize, b: usize, count: u64): bool {
  const n = load<u32>(b, B_COUNT);
  const last = b + BLOCK_HEADER + n * RECORD_SIZE;
  store<u64>(COUNT, count);
  store<u32>(BLOCK, b as u32);
  store<u32>(END, last as u32);
  store<u64>(RIP, load<u64>(b, B_NEXT));
  store<u32>(CUR, r as u32);
  call_indirect<void>(load<u32>(OP_TABLE + ((load<u16>(r, R_OP) as u32) << 2)), r);
  if (r + RECORD_SIZE == last) {
    store<u64>(COUNT, count + n);
    store<u32>(BLOCK, 0);
    return false;
  }
  if (load<u32>(END) != (last as u32)) {
    retireTo(r + RECORD_SIZE);
    return false;
  }
  store<u32>(BLOCK, 0);
  return true;
}

/** The same, and translated code returns in any case. */
export function interpretAndLeave(r: usize, b: usize, count: u64): void {
  if (!interpret(r, b, count)) return;
  store<u32>(BLOCK, b as u32);
  retireTo(r + RECORD_SIZE);
}

/** Condition `cc` (low four bits of Jcc) of the flags in the state. */
export function conditionOf(cc: i32): bool { return condition(cc); }

/** CF of the flags in the state. */
export function carryFlag(): bool { return cf(); }
