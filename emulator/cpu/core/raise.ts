// How a handler stops in the middle: it never returns. The host function `unwind` throws through the wasm frames;
// run() is entered again and recover() (exception.ts) delivers what is noted here. So handlers need no error checks,
// but they write registers and flags only after their last access that may fault.

import {
  ATTN, ATTN_EXIT, EXIT, EXIT_UNSUPPORTED, FAULT_ERROR, FAULT_HAS_ERROR, FAULT_VECTOR, RECOVER, CR2, CUR, END, RECORD_SIZE,
} from "../layout";

// @ts-ignore: decorator
@external("host", "unwind")
declare function unwind(): void;

export const DE = 0, DB = 1, NMI = 2, BP = 3, OF = 4, BR = 5, UD = 6, NM = 7, DF = 8, TS = 10, NP = 11, SS = 12, GP = 13, PF = 14, MF = 16, AC = 17, XM = 19;

/** Raises a fault without an error code at the current instruction. Does not return. */
export function raise(vector: u32): void {
  store<u32>(FAULT_VECTOR, vector);
  store<u32>(FAULT_HAS_ERROR, 0);
  store<u32>(RECOVER, 1);
  unwind();
  unreachable();
}

/** Raises a fault with an error code (#TS #NP #SS #GP #PF #AC). Does not return. */
export function raiseError(vector: u32, error: u32): void {
  store<u32>(FAULT_VECTOR, vector);
  store<u32>(FAULT_ERROR, error);
  store<u32>(FAULT_HAS_ERROR, 1);
  store<u32>(RECOVER, 1);
  unwind();
  unreachable();
}

export function raisePageFault(address: u64, error: u32): void {
  store<u64>(CR2, address);
  raiseError(PF, error);
}

/** Leaves run() with the current instruction not executed. Does not return. */
export function leave(exit: u32): void {
  store<u32>(EXIT, exit);
  store<u32>(RECOVER, 2);
  unwind();
  unreachable();
}

/** What the core does not implement: the machine stops here, and says so. Does not return. */
export function unsupported(): void {
  leave(EXIT_UNSUPPORTED);
}

/** The block ends after the current instruction, and run() looks around (interrupts, exits). */
export function endBlock(): void {
  store<u32>(END, load<u32>(CUR) + RECORD_SIZE);
}

/** run() returns after the current instruction. */
export function leaveAfter(exit: u32): void {
  store<u32>(EXIT, exit);
  store<u32>(ATTN, load<u32>(ATTN) | ATTN_EXIT);
  endBlock();
}
