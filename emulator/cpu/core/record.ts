// Fields of a decoded record and the registers they name. A register is an address in the state: AH is RAX's address + 1.

import { GP, raiseError } from "./raise";
import { R_BASE, R_DISP, R_DST, R_IMM, R_INDEX, R_SCALE, R_SRC, REGS, RIP, STATE } from "../layout";

export const RAX = REGS, RCX = REGS + 8, RDX = REGS + 16, RBX = REGS + 24, RSP = REGS + 32, RBP = REGS + 40, RSI = REGS + 48, RDI = REGS + 56;
export const R8 = REGS + 64, R9 = REGS + 72, R10 = REGS + 80, R11 = REGS + 88;

// @ts-ignore: decorator
@inline export function dstOf(r: usize): usize { return load<u16>(r, R_DST); }
// @ts-ignore: decorator
@inline export function srcOf(r: usize): usize { return load<u16>(r, R_SRC); }
// @ts-ignore: decorator
@inline export function immOf<T>(r: usize): T { return load<T>(r, R_IMM); }
/** The register of VEX.vvvv, in rows that have one. */
// @ts-ignore: decorator
@inline export function vvvvOf(r: usize): usize { return load<u16>(r, R_IMM); }
// @ts-ignore: decorator
@inline export function targetOf(r: usize): u64 { return load<u64>(r, R_DISP); }
/** Address of the next instruction: only in records whose form says so (branches, calls). */
// @ts-ignore: decorator
@inline export function nextOf(r: usize): u64 { return load<u64>(r, R_IMM); }

/** Linear address of the memory operand. */
// @ts-ignore: decorator
@inline export function ea(r: usize): u64 {
  return load<u64>(load<u16>(r, R_BASE)) + (load<u64>(load<u16>(r, R_INDEX)) << (load<u8>(r, R_SCALE) as u64)) + load<u64>(r, R_DISP);
}

// @ts-ignore: decorator
@inline export function getReg<T>(address: usize): T { return load<T>(address); }
/** Writes a general register: a 32-bit write clears the upper half (SDM 1 3.4.1.1). */
// @ts-ignore: decorator
@inline export function setReg<T>(address: usize, value: T): void {
  if (sizeof<T>() == 4) store<u64>(address, <u64>(<u32>value));
  else store<T>(address, value);
}

/** Sign extension to 64 bits of a value of T's width. */
// @ts-ignore: decorator
@inline export function sx<T>(value: T): i64 {
  if (sizeof<T>() == 1) return <i64>(<i8>value);
  if (sizeof<T>() == 2) return <i64>(<i16>value);
  if (sizeof<T>() == 4) return <i64>(<i32>value);
  return <i64>value;
}

// @ts-ignore: decorator
@inline export function bitsOf<T>(): u32 { return sizeof<T>() * 8; }

// @ts-ignore: decorator
@inline export function jump(target: u64): void { store<u64>(RIP, target); }
/** An indirect target in 64-bit mode must be canonical; the branch faults, not the fetch behind it (SDM 2 JMP, CALL, RET). */
// @ts-ignore: decorator
@inline export function checkTarget<T>(target: u64): void {
  if (sizeof<T>() == 8 && (((target as i64) << 16) >> 16) as u64 != target) raiseError(GP, 0);
}
