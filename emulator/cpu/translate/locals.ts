// The locals of a translated function, and where the flags may be. Must not know: what is emitted over them.

/** Locals of a translated function. LIMIT is its parameter; the general registers follow in encoding order. */
export const LIMIT = 0;
export const GENERAL = 1;
export const COUNT = 17;
/** Lazy flags: operands, result (core/flags.ts), kind of operation. */
export const FLAG_A = 18;
export const FLAG_B = 19;
export const FLAG_RES = 20;
export const ADDRESS = 21;
export const VALUE = 22;
export const OTHER = 23;
export const HOST_ADDRESS = 24;
export const TLB_ENTRY = 25;
export const FLAG_OP = 26;
/** i64 locals beyond the parameter, then i32 ones. */
export const I64_LOCALS = 23;
export const I32_LOCALS = 3;

/** Where the arithmetic flags are: in the state; in the locals with their kind in FLAG_OP; in the locals with a kind known here. */
export type FlagPlace =
  | { kind: "state" }
  | { kind: "locals" }
  | { kind: "known"; op: number; size: 8 | 16 | 32 | 64 };
