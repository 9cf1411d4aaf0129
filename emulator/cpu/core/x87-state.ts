// The x87 register stack, control, status and tag words, and how an operation's exceptions enter them (SDM 1 chapter 8).
// Must not know: decoding, guest memory.

import { CR0, EXIT_HALT, FCS, FCW, FDP, FDS, FIP, FOP, FPR, FSW, FTW, HALTED, MXCSR, R_IMM, R_LEN, R_SRC, SEG_BASE, XMM } from "../layout";
import { checkFpu } from "./fpu-common";
import { CR0_NE } from "./paging";
import { MF, leave, raise } from "./raise";
import { ea } from "./record";
import { updateAttention } from "./run";
import { CS, FS, code64, seg, selectorOf } from "./segment";
import { A, B, DE, IE, INDEFINITE, Op, PE, QUIET, R, SIGNALING, UNSUPPORTED, ZE, begin, invalid, resultFromA, resultFromB } from "./softfloat";
import { TO_A, TO_B, pack80, unpack80 } from "./softfloat-formats";

/** What a waiting x87 control instruction checks first: availability, then a pending exception (SDM 3A 2.5, SDM 1 8.7). */
export function waiting(): void {
  checkFpu();
  pendingException();
}

const NO_OPERAND: u32 = 7;

/** The same for all other x87 instructions, which leave their opcode and pointers behind (SDM 1 8.1.8). The decoder puts what they are into the record. */
export function enterOperation(r: usize): void {
  waiting();
  const about: u32 = load<u16>(r, R_SRC);
  store<u16>(FOP, <u16>(about & 0x7ff));
  store<u64>(FIP, load<u64>(r, R_IMM) - load<u8>(r, R_LEN));
  store<u16>(FCS, <u16>selectorOf(CS));
  const segment = about >> 11;
  if (segment != NO_OPERAND) pointToData(ea(r), segment);
}
function pointToData(linear: u64, segment: u32): void {
  const base: u64 = code64() && segment < (FS as u32) ? 0 : load<u64>(seg(segment), SEG_BASE);
  store<u64>(FDP, code64() ? linear - base : (linear - base) & 0xffff_ffff);
  store<u16>(FDS, <u16>selectorOf(segment));
}
// @ts-ignore: decorator
@inline export function pendingException(): void {
  if (status() & ES) reportException();
}
function reportException(): void {
  if (load<u32>(CR0) & CR0_NE) raise(MF);
  // Without CR0.NE FERR# tells the PC's logic, which is not there; the processor stops before the instruction until an interrupt (SDM 3A 9.2.2).
  store<u32>(HALTED, 1);
  updateAttention();
  leave(EXIT_HALT);
}

// Status word bits beside the exceptions.
export const SF: u32 = 0x40;
export const ES: u32 = 0x80;
export const C0: u32 = 0x100;
export const C1: u32 = 0x200;
export const C2: u32 = 0x400;
export const C3: u32 = 0x4000;
export const BUSY: u32 = 0x8000;
export const CONDITIONS: u32 = C0 | C1 | C2 | C3;

// @ts-ignore: decorator
@inline export function control(): u32 {
  return load<u16>(FCW);
}

// @ts-ignore: decorator
@inline export function status(): u32 {
  return load<u16>(FSW);
}

// @ts-ignore: decorator
@inline export function setStatus(value: u32): void {
  store<u16>(FSW, <u16>value);
}

// @ts-ignore: decorator
@inline export function top(): u32 {
  return (status() >> 11) & 7;
}

// @ts-ignore: decorator
@inline export function setTop(value: u32): void {
  setStatus((status() & ~0x3800) | ((value & 7) << 11));
}

/** Physical register of ST(i). */
// @ts-ignore: decorator
@inline function physical(i: u32): u32 {
  return (top() + i) & 7;
}

/** Address of ST(i): significand at 0, sign and exponent at 8. */
// @ts-ignore: decorator
@inline export function st(i: u32): usize {
  return FPR + (<usize>physical(i) << 4);
}

// @ts-ignore: decorator
@inline export function isEmpty(i: u32): bool {
  return ((load<u8>(FTW) >> <u8>physical(i)) & 1) == 0;
}

export function setEmpty(i: u32): void {
  store<u8>(FTW, load<u8>(FTW) & ~(<u8>1 << <u8>physical(i)));
}

export function setFull(i: u32): void {
  store<u8>(FTW, load<u8>(FTW) | (<u8>1 << <u8>physical(i)));
}

export function setSt(i: u32, head: u32, sig: u64): void {
  const address = st(i);
  store<u64>(address, sig);
  store<u64>(address, head, 8);
  setFull(i);
}

/** Loads ST(i) as operand A (TO_A) or B (TO_B). */
export function unpackSt(bank: bool, i: u32): void {
  const address = st(i);
  unpack80(bank, load<u16>(address, 8), load<u64>(address));
}

export function pop(): void {
  setEmpty(0);
  setTop(top() + 1);
}

/** Pushes an 80-bit value; the caller has made sure that ST(7) is empty, or wants it overwritten (masked overflow). */
export function push(head: u32, sig: u64): void {
  setTop(top() - 1);
  setSt(0, head, sig);
}

/** FNINIT (SDM 2). Register contents stay. */
export function initialize(): void {
  store<u16>(FCW, 0x37f);
  store<u16>(FSW, 0);
  store<u8>(FTW, 0);
  store<u16>(FOP, 0);
  store<u64>(FIP, 0);
  store<u64>(FDP, 0);
  store<u32>(FCS, 0); // and FDS
}

/** Power-on values of x87 and SSE (SDM 3A table 9-1). */
export function resetFpu(): void {
  initialize();
  store<u16>(FCW, 0x40);
  store<u8>(FTW, 0xff);
  memory.fill(FPR, 0, 128);
  memory.fill(XMM, 0, 256);
  store<u32>(MXCSR, 0x1f80);
}

/** Starts an operation under the control word's rounding. */
// @ts-ignore: decorator
@inline export function start(): void {
  begin((control() >> 10) & 3);
}

/** Precision control: significand bits (SDM 1 table 8-2; the reserved value acts as 64). */
export function precision(): u32 {
  const field = (control() >> 8) & 3;
  return field == 0 ? 24 : field == 2 ? 53 : 64;
}

/** Exceptions that are not masked. */
// @ts-ignore: decorator
@inline export function unmasked(): u32 {
  return ~control() & 63;
}

/** ES and B follow the exceptions and their masks. */
export function updateSummary(): void {
  const value = status();
  setStatus((value & unmasked()) != 0 ? value | ES | BUSY : value & ~(ES | BUSY));
}

/**
 * Enters Op.flags into the status word. C1 says whether rounding went up. Returns false when an unmasked exception that is found
 * before the operation (#I, #Z, #D) leaves destination and stack untouched (SDM 1 8.7).
 */
export function settle(): bool {
  const before = Op.flags & (IE | DE | ZE) & unmasked();
  if (before != 0) Op.flags &= IE | DE | ZE;
  const up = before == 0 && (Op.flags & PE) != 0 && Op.roundedUp;
  setStatus((status() & ~C1) | Op.flags | (up ? C1 : 0));
  updateSummary();
  return before == 0;
}

/** Stack underflow (C1=0) or overflow (C1=1): #IS. Returns true when it is masked and the indefinite result is to be delivered. */
export function stackFault(over: bool): bool {
  setStatus((status() & ~C1) | IE | SF | (over ? C1 : 0));
  updateSummary();
  return (unmasked() & IE) == 0;
}

/** Pushes the default NaN, the masked response to a stack fault. */
export function pushIndefinite(): void {
  push(0xffff, INDEFINITE);
}

/**
 * NaN operands (SDM 1 table 4-7): any signaling NaN raises #I; two NaNs give the quiet one, or the one with the larger significand, the
 * positive one if these are equal. Unsupported encodings give the default NaN. True when R is set.
 */
export function propagateNan(): bool {
  if (A.cls < QUIET && B.cls < QUIET) return false;
  if (A.cls == UNSUPPORTED || B.cls == UNSUPPORTED) {
    invalid();
    return true;
  }
  if (A.cls == SIGNALING || B.cls == SIGNALING) Op.flags |= IE;
  if (A.cls < QUIET) resultFromB();
  else if (B.cls < QUIET) resultFromA();
  else if (A.cls != B.cls) {
    if (A.cls == QUIET) resultFromA();
    else resultFromB();
  } else if (A.sig > B.sig || (A.sig == B.sig && A.sign == 0)) resultFromA();
  else resultFromB();
  return true;
}

/** The same for operations with the one operand A. */
export function propagateOneNan(): bool {
  if (A.cls < QUIET) return false;
  if (A.cls == UNSUPPORTED) {
    invalid();
    return true;
  }
  if (A.cls == SIGNALING) Op.flags |= IE;
  resultFromA();
  return true;
}

/** Rounds R to `bits` of significand and puts it into ST(i), unless an unmasked exception forbids. Returns whether it went through. */
export function deliver(i: u32, bits: u32): bool {
  const head = pack80(bits, unmasked());
  const sig = R.sig;
  if (!settle()) return false;
  setSt(i, head, sig);
  return true;
}
