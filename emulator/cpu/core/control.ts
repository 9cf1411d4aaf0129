// Near JMP, CALL, RET, Jcc, LOOP, JCXZ. Far transfers are in far.ts. A block presets RIP to the address behind it,
// so a branch that is not taken writes nothing.

import { R_EXT } from "../layout";
import { condition } from "./flags";
import { RCX, checkTarget, dstOf, ea, getReg, immOf, jump, nextOf, targetOf } from "./record";
import { rd } from "./mmu";
import { popped, push, top } from "./stack";

/** T is the width of the instruction pointer that results. */
// @ts-ignore: decorator
@inline export function jmp<T>(r: usize): void { jump(targetOf(r)); }
// @ts-ignore: decorator
@inline export function jmp_r<T>(r: usize): void {
  const target = getReg<T>(dstOf(r)) as u64;
  checkTarget<T>(target);
  jump(target);
}
// @ts-ignore: decorator
@inline export function jmp_m<T>(r: usize): void {
  const target = rd<T>(ea(r)) as u64;
  checkTarget<T>(target);
  jump(target);
}
// @ts-ignore: decorator
@inline export function call<T>(r: usize): void {
  push<T>(nextOf(r) as T);
  jump(targetOf(r));
}
// @ts-ignore: decorator
@inline export function call_r<T>(r: usize): void {
  const target = getReg<T>(dstOf(r)) as u64;
  checkTarget<T>(target);
  push<T>(nextOf(r) as T);
  jump(target);
}
// @ts-ignore: decorator
@inline export function call_m<T>(r: usize): void {
  const target = rd<T>(ea(r)) as u64;
  checkTarget<T>(target);
  push<T>(nextOf(r) as T);
  jump(target);
}
// @ts-ignore: decorator
@inline export function ret<T>(r: usize): void {
  const target = top<T>() as u64;
  checkTarget<T>(target);
  popped<T>(0);
  jump(target);
}
export function ret_i<T>(r: usize): void {
  const target = top<T>() as u64;
  checkTarget<T>(target);
  popped<T>(immOf<u16>(r) as u64);
  jump(target);
}

// @ts-ignore: decorator
@inline function jcc(cc: i32, r: usize): void { if (condition(cc)) jump(targetOf(r)); }
// @ts-ignore: decorator
@inline export function jo(r: usize): void { jcc(0, r); }
// @ts-ignore: decorator
@inline export function jno(r: usize): void { jcc(1, r); }
// @ts-ignore: decorator
@inline export function jb(r: usize): void { jcc(2, r); }
// @ts-ignore: decorator
@inline export function jnb(r: usize): void { jcc(3, r); }
// @ts-ignore: decorator
@inline export function jz(r: usize): void { jcc(4, r); }
// @ts-ignore: decorator
@inline export function jnz(r: usize): void { jcc(5, r); }
// @ts-ignore: decorator
@inline export function jbe(r: usize): void { jcc(6, r); }
// @ts-ignore: decorator
@inline export function jnbe(r: usize): void { jcc(7, r); }
// @ts-ignore: decorator
@inline export function js(r: usize): void { jcc(8, r); }
// @ts-ignore: decorator
@inline export function jns(r: usize): void { jcc(9, r); }
// @ts-ignore: decorator
@inline export function jp(r: usize): void { jcc(10, r); }
// @ts-ignore: decorator
@inline export function jnp(r: usize): void { jcc(11, r); }
// @ts-ignore: decorator
@inline export function jl(r: usize): void { jcc(12, r); }
// @ts-ignore: decorator
@inline export function jnl(r: usize): void { jcc(13, r); }
// @ts-ignore: decorator
@inline export function jle(r: usize): void { jcc(14, r); }
// @ts-ignore: decorator
@inline export function jnle(r: usize): void { jcc(15, r); }

/** Address size of the record: 0 16-bit, 1 32-bit, 2 64-bit. */
// @ts-ignore: decorator
@inline function addressSize(r: usize): u32 { return (load<u32>(r, R_EXT) >> 24) & 3; }

/** Counts rCX down in the address size; true while it is not 0. */
function countDown(r: usize): bool {
  const size = addressSize(r);
  if (size == 2) {
    const n = load<u64>(RCX) - 1;
    store<u64>(RCX, n);
    return n != 0;
  }
  if (size == 1) {
    const n = load<u32>(RCX) - 1;
    store<u64>(RCX, n as u64);
    return n != 0;
  }
  const n = load<u16>(RCX) - 1;
  store<u16>(RCX, n);
  return n != 0;
}
export function loop(r: usize): void { if (countDown(r)) jump(targetOf(r)); }
export function loope(r: usize): void { if (countDown(r) && condition(4)) jump(targetOf(r)); }
export function loopne(r: usize): void { if (countDown(r) && condition(5)) jump(targetOf(r)); }
export function jcxz(r: usize): void {
  const size = addressSize(r);
  const n: u64 = size == 2 ? load<u64>(RCX) : size == 1 ? (load<u32>(RCX) as u64) : (load<u16>(RCX) as u64);
  if (n == 0) jump(targetOf(r));
}
