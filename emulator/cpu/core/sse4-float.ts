// SSE3 and SSE4.1 floating-point instructions: ADDSUB, HADD, HSUB, ROUND, DP, over sse-arith.ts. Must not know: decoding.

import { SCRATCH } from "../layout";
import { dstOf, immOf } from "./record";
import { ADD, MUL, SUB, arith32, arith64, round32, round64 } from "./sse-arith";
import { finish, operands, start } from "./sse-float";
import { m128, m32, m64, setXmm, x128, x32, x64 } from "./vector";

/** As sse-float.ts lays them out: result and both operands of a vector operation. */
const RESULT: usize = SCRATCH;
const A: usize = SCRATCH + 16;
const B: usize = SCRATCH + 32;

// @ts-ignore: decorator
@inline function deliver(r: usize): void {
  finish();
  setXmm(r, v128.load(RESULT));
}
/** Subtracts in even lanes, adds in odd ones. */
function addsub32(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 4) store<u32>(RESULT + i, arith32(i & 4 ? ADD : SUB, load<u32>(A + i), load<u32>(B + i)));
  deliver(r);
}
function addsub64(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 8) store<u64>(RESULT + i, arith64(i & 8 ? ADD : SUB, load<u64>(A + i), load<u64>(B + i)));
  deliver(r);
}
/** Pairs of the first operand, then of the second. */
function horizontal32(operation: u32, r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 4; i++) store<u32>(RESULT + i * 4, arith32(operation, load<u32>(A + i * 8), load<u32>(A + i * 8, 4)));
  deliver(r);
}
function horizontal64(operation: u32, r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 2; i++) store<u64>(RESULT + i * 8, arith64(operation, load<u64>(A + i * 16), load<u64>(A + i * 16, 8)));
  deliver(r);
}
export function addsubps_xx(r: usize): void { addsub32(r, x128(r)); }
export function addsubpd_xx(r: usize): void { addsub64(r, x128(r)); }
export function haddps_xx(r: usize): void { horizontal32(ADD, r, x128(r)); }
export function haddpd_xx(r: usize): void { horizontal64(ADD, r, x128(r)); }
export function hsubps_xx(r: usize): void { horizontal32(SUB, r, x128(r)); }
export function hsubpd_xx(r: usize): void { horizontal64(SUB, r, x128(r)); }
export function addsubps_xm(r: usize): void { addsub32(r, m128(r)); }
export function addsubpd_xm(r: usize): void { addsub64(r, m128(r)); }
export function haddps_xm(r: usize): void { horizontal32(ADD, r, m128(r)); }
export function haddpd_xm(r: usize): void { horizontal64(ADD, r, m128(r)); }
export function hsubps_xm(r: usize): void { horizontal32(SUB, r, m128(r)); }
export function hsubpd_xm(r: usize): void { horizontal64(SUB, r, m128(r)); }

// ---- rounding to integral values: bits 1:0 of the immediate, or MXCSR with bit 2; bit 3 hides #P ----

function roundSs(r: usize, bits: u32): void {
  start();
  const result = round32(bits, immOf<u8>(r));
  finish();
  store<u32>(dstOf(r), result);
}
function roundSd(r: usize, bits: u64): void {
  start();
  const result = round64(bits, immOf<u8>(r));
  finish();
  store<u64>(dstOf(r), result);
}
function roundPs(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 4) store<u32>(RESULT + i, round32(load<u32>(B + i), immOf<u8>(r)));
  deliver(r);
}
function roundPd(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 8) store<u64>(RESULT + i, round64(load<u64>(B + i), immOf<u8>(r)));
  deliver(r);
}
export function roundss_xxi(r: usize): void { roundSs(r, x32(r)); }
export function roundsd_xxi(r: usize): void { roundSd(r, x64(r)); }
export function roundps_xxi(r: usize): void { roundPs(r, x128(r)); }
export function roundpd_xxi(r: usize): void { roundPd(r, x128(r)); }
export function roundss_xmi(r: usize): void { roundSs(r, m32(r)); }
export function roundsd_xmi(r: usize): void { roundSd(r, m64(r)); }
export function roundps_xmi(r: usize): void { roundPs(r, m128(r)); }
export function roundpd_xmi(r: usize): void { roundPd(r, m128(r)); }

// ---- dot products: bits 7:4 of the immediate choose the products, 3:0 where the sum goes ----

/** Product i, or +0. */
// @ts-ignore: decorator
@inline function product32(i: usize, choice: u32): u32 {
  return (choice >> (4 + i)) & 1 ? arith32(MUL, load<u32>(A + i * 4), load<u32>(B + i * 4)) : 0;
}
function dotPs(r: usize, b: v128): void {
  operands(r, b);
  const choice: u32 = immOf<u8>(r);
  const p0 = product32(0, choice), p1 = product32(1, choice), p2 = product32(2, choice), p3 = product32(3, choice);
  finish(); // an unmasked exception of the products comes before the sum
  const sum = arith32(ADD, arith32(ADD, p0, p1), arith32(ADD, p2, p3));
  for (let i: usize = 0; i < 4; i++) store<u32>(RESULT + i * 4, (choice >> i) & 1 ? sum : 0);
  deliver(r);
}
// @ts-ignore: decorator
@inline function product64(i: usize, choice: u32): u64 {
  return (choice >> (4 + i)) & 1 ? arith64(MUL, load<u64>(A + i * 8), load<u64>(B + i * 8)) : 0;
}
function dotPd(r: usize, b: v128): void {
  operands(r, b);
  const choice: u32 = immOf<u8>(r);
  const p0 = product64(0, choice), p1 = product64(1, choice);
  finish(); // an unmasked exception of the products comes before the sum
  const sum = arith64(ADD, p0, p1);
  for (let i: usize = 0; i < 2; i++) store<u64>(RESULT + i * 8, (choice >> i) & 1 ? sum : 0);
  deliver(r);
}
export function dpps_xxi(r: usize): void { dotPs(r, x128(r)); }
export function dppd_xxi(r: usize): void { dotPd(r, x128(r)); }
export function dpps_xmi(r: usize): void { dotPs(r, m128(r)); }
export function dppd_xmi(r: usize): void { dotPd(r, m128(r)); }
