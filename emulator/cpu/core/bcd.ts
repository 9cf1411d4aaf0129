// Decimal adjustment (DAA DAS AAA AAS; AAM and AAD are in muldiv.ts), SALC and BOUND: outside 64-bit mode only (SDM 2).

import { AF, CF, arithmeticFlags, putArithmetic, setResultFlags } from "./flags";
import { rd } from "./mmu";
import { BR, raise } from "./raise";
import { RAX, dstOf, ea, getReg, sx } from "./record";

/** Result flags of AL; OF is undefined and cleared. */
function adjusted(al: u32, flags: u32): void {
  store<u8>(RAX, al as u8);
  setResultFlags(sx<u8>(al as u8), flags);
}

export function daa(r: usize): void {
  const old = load<u8>(RAX) as u32;
  const flags = arithmeticFlags();
  const low = (old & 15) > 9 || (flags & AF) != 0;
  const high = old > 0x99 || (flags & CF) != 0;
  adjusted(old + (low ? 6 : 0) + (high ? 0x60 : 0), (low ? AF : 0) | (high ? CF : 0));
}
export function das(r: usize): void {
  const old = load<u8>(RAX) as u32;
  const flags = arithmeticFlags();
  const low = (old & 15) > 9 || (flags & AF) != 0;
  const high = old > 0x99 || (flags & CF) != 0;
  const borrow = low && old < 6;
  adjusted(old - (low ? 6 : 0) - (high ? 0x60 : 0), (low ? AF : 0) | (high || borrow ? CF : 0));
}

/** AX and the flags AF and CF, which are equal; AMD's and Intel's processors take ZF, SF and PF from AL. */
function unpacked(ax: u32, carry: bool): void {
  store<u16>(RAX, (ax & 0xff0f) as u16);
  setResultFlags(sx<u8>((ax & 15) as u8), carry ? AF | CF : 0);
}
export function aaa(r: usize): void {
  const ax = load<u16>(RAX) as u32;
  const carry = (ax & 15) > 9 || (arithmeticFlags() & AF) != 0;
  unpacked(carry ? ax + 0x106 : ax, carry);
}
export function aas(r: usize): void {
  const ax = load<u16>(RAX) as u32;
  const carry = (ax & 15) > 9 || (arithmeticFlags() & AF) != 0;
  unpacked(carry ? ax - 0x106 : ax, carry);
}

/** AL = CF ? FF : 0 (in no manual of Intel's; AMD APM lists the opcode as invalid in 64-bit mode). */
export function salc(r: usize): void {
  const flags = arithmeticFlags();
  store<u8>(RAX, flags & CF ? 0xff : 0);
  putArithmetic(flags);
}

/** #BR unless the signed index lies within the two bounds in memory, both included. */
export function bound_rm<T>(r: usize): void {
  const a = ea(r);
  const index = sx<T>(getReg<T>(dstOf(r)));
  const low = sx<T>(rd<T>(a)), high = sx<T>(rd<T>(a + sizeof<T>()));
  if (index < low || index > high) raise(BR);
}
