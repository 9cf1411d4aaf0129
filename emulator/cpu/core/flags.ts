// The six arithmetic flags, kept lazily: result and operands, sign-extended to 64 bits, so that every rule below holds
// for all operand sizes (sign extension keeps both the signed and the unsigned order).

import { EFLAGS, FLAG_A, FLAG_B, FLAG_OP, FLAG_RES } from "../layout";

export const CF = 1, PF_ = 4, AF = 16, ZF = 64, SF = 128, TF = 0x100, IF = 0x200, DF_ = 0x400, OF_ = 0x800;
export const IOPL = 0x3000, NT = 0x4000, RF = 0x10000, VM = 0x20000, ACF = 0x40000, VIF = 0x80000, VIP = 0x100000, ID = 0x200000;
export const ARITHMETIC = 0x8d5;

/** Kinds of FLAG_OP. EXPLICIT: EFLAGS holds all, and FLAG_RES is 0 when ZF is set, 1 otherwise. */
export const EXPLICIT = 0;
export const F_ADD = 1; // RES = A + B
export const F_SUB = 2; // RES = A - B
export const F_LOGIC = 3; // CF = OF = AF = 0
export const F_INC = 4; // RES = A + 1, B = CF before
export const F_DEC = 5; // RES = A - 1, B = CF before
export const F_ADC = 6; // RES = A + B + 1
export const F_SBB = 7; // RES = A - B - 1
export const F_RESULT = 8; // ZF SF PF of RES; B holds CF, AF and OF in their places

// @ts-ignore: decorator
@inline export function setFlags(op: i32, a: i64, b: i64, res: i64): void {
  store<i64>(FLAG_RES, res);
  store<i64>(FLAG_A, a);
  store<i64>(FLAG_B, b);
  store<u32>(FLAG_OP, op);
}
// @ts-ignore: decorator
@inline export function setLogicFlags(res: i64): void {
  store<i64>(FLAG_RES, res);
  store<u32>(FLAG_OP, F_LOGIC);
}
/** ZF, SF, PF from the result, CF/AF/OF as given in their bit positions. */
// @ts-ignore: decorator
@inline export function setResultFlags(res: i64, others: u32): void {
  store<i64>(FLAG_RES, res);
  store<u64>(FLAG_B, others as u64);
  store<u32>(FLAG_OP, F_RESULT);
}

function carry(op: u32): bool {
  const a = load<u64>(FLAG_A);
  const res = load<u64>(FLAG_RES);
  switch (op) {
    case F_ADD: return res < a;
    case F_SUB: return a < load<u64>(FLAG_B);
    case F_LOGIC: return false;
    case F_INC:
    case F_DEC: return (load<u32>(FLAG_B) & 1) != 0;
    case F_ADC: return res <= a;
    case F_SBB: return a <= load<u64>(FLAG_B);
    case F_RESULT: return (load<u32>(FLAG_B) & CF) != 0;
    default: return (load<u32>(EFLAGS) & CF) != 0;
  }
}

function overflow(op: u32): bool {
  const a = load<i64>(FLAG_A);
  const b = load<i64>(FLAG_B);
  const res = load<i64>(FLAG_RES);
  switch (op) {
    case F_ADD:
    case F_ADC: return ((a ^ res) & (b ^ res)) < 0;
    case F_SUB:
    case F_SBB: return ((a ^ b) & (a ^ res)) < 0;
    case F_LOGIC: return false;
    case F_INC: return (~a & res) < 0;
    case F_DEC: return (a & ~res) < 0;
    case F_RESULT: return (load<u32>(FLAG_B) & OF_) != 0;
    default: return (load<u32>(EFLAGS) & OF_) != 0;
  }
}

/** AF by the lazy operation `op`. */
export function adjust(op: u32): bool {
  const x = load<u32>(FLAG_A) ^ load<u32>(FLAG_RES);
  switch (op) {
    case F_ADD: case F_ADC: case F_SUB: case F_SBB: return ((x ^ load<u32>(FLAG_B)) & AF) != 0;
    case F_INC: case F_DEC: return ((x ^ 1) & AF) != 0;
    case F_LOGIC: return false;
    case F_RESULT: return (load<u32>(FLAG_B) & AF) != 0;
    default: return (load<u32>(EFLAGS) & AF) != 0;
  }
}

// @ts-ignore: decorator
@inline export function zf(): bool { return load<u64>(FLAG_RES) == 0; }
// @ts-ignore: decorator
@inline export function cf(): bool {
  const op = load<u32>(FLAG_OP);
  return op == F_SUB ? load<u64>(FLAG_A) < load<u64>(FLAG_B) : carry(op);
}
export function overflowFlag(): bool { return overflow(load<u32>(FLAG_OP)); }
// @ts-ignore: decorator
@inline export function sf(): bool {
  return load<u32>(FLAG_OP) == EXPLICIT ? (load<u32>(EFLAGS) & SF) != 0 : load<i64>(FLAG_RES) < 0;
}
export function pf(): bool {
  if (load<u32>(FLAG_OP) == EXPLICIT) return (load<u32>(EFLAGS) & PF_) != 0;
  return (popcnt<u32>(load<u32>(FLAG_RES) & 0xff) & 1) == 0;
}
function lessSlow(): bool { return sf() != overflowFlag(); }
// @ts-ignore: decorator
@inline function less(): bool {
  return load<u32>(FLAG_OP) == F_SUB ? load<i64>(FLAG_A) < load<i64>(FLAG_B) : lessSlow();
}
// @ts-ignore: decorator
@inline function lessOrEqual(): bool {
  return load<u32>(FLAG_OP) == F_SUB ? load<i64>(FLAG_A) <= load<i64>(FLAG_B) : zf() || lessSlow();
}
// @ts-ignore: decorator
@inline function belowOrEqual(): bool {
  return load<u32>(FLAG_OP) == F_SUB ? load<u64>(FLAG_A) <= load<u64>(FLAG_B) : zf() || carry(load<u32>(FLAG_OP));
}

/** Condition `cc` as encoded in the low four bits of Jcc, SETcc and CMOVcc (SDM 1 B.1). */
// @ts-ignore: decorator
@inline export function condition(cc: i32): bool {
  let c: bool;
  const base = cc >> 1;
  if (base == 0) c = overflowFlag();
  else if (base == 1) c = cf();
  else if (base == 2) c = zf();
  else if (base == 3) c = belowOrEqual();
  else if (base == 4) c = sf();
  else if (base == 5) c = pf();
  else if (base == 6) c = less();
  else c = lessOrEqual();
  return cc & 1 ? !c : c;
}

/** The six arithmetic flags in their bit positions. */
export function arithmeticFlags(): u32 {
  const op = load<u32>(FLAG_OP);
  if (op == EXPLICIT) return load<u32>(EFLAGS) & ARITHMETIC;
  return (
    (carry(op) ? CF : 0) | (pf() ? PF_ : 0) | (adjust(op) ? AF : 0) | (zf() ? ZF : 0) | (sf() ? SF : 0) | (overflow(op) ? OF_ : 0)
  );
}

export function getFlags(): u32 {
  return (load<u32>(EFLAGS) & ~ARITHMETIC) | arithmeticFlags() | 2;
}

/** Sets all of RFLAGS (no checks) and makes the arithmetic flags explicit. */
export function putFlags(value: u32): void {
  store<u32>(EFLAGS, value | 2);
  store<u64>(FLAG_RES, value & ZF ? 0 : 1);
  store<u64>(FLAG_A, 0);
  store<u64>(FLAG_B, 0);
  store<u32>(FLAG_OP, EXPLICIT);
}

/** Replaces arithmetic flags only. */
export function putArithmetic(value: u32): void {
  putFlags((load<u32>(EFLAGS) & ~ARITHMETIC) | (value & ARITHMETIC));
}

/** Replaces CF only. */
export function putCarry(value: bool): void {
  putFlags((getFlags() & ~CF) | (value ? CF : 0));
}
