// SSE and SSE2 floating-point instructions: arithmetic, comparison, conversion of scalars and vectors over sse-arith.ts, and the
// rule that an unmasked exception leaves the destination alone (SDM 1 11.5). Must not know: decoding.

import { CR4, MXCSR, SCRATCH } from "../layout";
import { CF, PF_, ZF, putArithmetic } from "./flags";
import { rd } from "./mmu";
import { UD, XM, raise } from "./raise";
import { checkSse } from "./fpu-common";
import { dstOf, ea, getReg, immOf, setReg, srcOf, sx } from "./record";
import { DE, EQUAL, IE, LESS, ZE } from "./softfloat";
import {
  ADD, DIV, MAX, MIN, MUL, SQRT, SUB, Sse, UNORDERED, arith32, arith64, doubleToFloat, doubleToInteger, floatToDouble, floatToInteger,
  integerToDouble, integerToFloat, predicateHolds, predicateSignals, relate32, relate64,
} from "./sse-arith";
import { checkMmxInstruction, enterMmx, m128, m32, m64, setMmx, setXmm, x128, x32, x64 } from "./vector";

const CR4_OSXMMEXCPT: u32 = 0x400;
/** The result under way: vectors are put together here, and reach the register only when no exception is unmasked. */
const RESULT: usize = SCRATCH;
const A: usize = SCRATCH + 16;
const B: usize = SCRATCH + 32;

// @ts-ignore: decorator
@inline export function start(): void {
  Sse.mxcsr = load<u32>(MXCSR);
  Sse.raised = 0;
}

/** Enters the exceptions into MXCSR; does not return when one is unmasked. */
// @ts-ignore: decorator
@inline export function finish(): void {
  if (Sse.raised != 0) note();
}
function note(): void {
  const unmasked = ~(Sse.mxcsr >> 7) & 63;
  let raised = Sse.raised;
  // What is found before the operation hides what its result would raise (SDM 1 11.5.3).
  if (raised & unmasked & (IE | DE | ZE)) raised &= IE | DE | ZE;
  store<u32>(MXCSR, Sse.mxcsr | raised);
  if ((raised & unmasked) == 0) return;
  raise(load<u32>(CR4) & CR4_OSXMMEXCPT ? XM : UD);
}

// ---- arithmetic ----

// @ts-ignore: decorator
@inline function ss(operation: u32, r: usize, b: u32): void {
  start();
  const result = arith32(operation, operation == SQRT ? b : load<u32>(dstOf(r)), b);
  finish();
  store<u32>(dstOf(r), result);
}
// @ts-ignore: decorator
@inline function sd(operation: u32, r: usize, b: u64): void {
  start();
  const result = arith64(operation, operation == SQRT ? b : load<u64>(dstOf(r)), b);
  finish();
  store<u64>(dstOf(r), result);
}
/** Puts both operands of a vector operation into A and B. */
// @ts-ignore: decorator
@inline export function operands(r: usize, b: v128): void {
  v128.store(B, b);
  v128.store(A, v128.load(dstOf(r)));
  start();
}
function ps(operation: u32, r: usize, b: v128): void {
  operands(r, b);
  if (operation == SQRT) v128.store(A, v128.load(B));
  for (let i: usize = 0; i < 16; i += 4) store<u32>(RESULT + i, arith32(operation, load<u32>(A + i), load<u32>(B + i)));
  finish();
  setXmm(r, v128.load(RESULT));
}
function pd(operation: u32, r: usize, b: v128): void {
  operands(r, b);
  if (operation == SQRT) v128.store(A, v128.load(B));
  for (let i: usize = 0; i < 16; i += 8) store<u64>(RESULT + i, arith64(operation, load<u64>(A + i), load<u64>(B + i)));
  finish();
  setXmm(r, v128.load(RESULT));
}

export function addps_xx(r: usize): void { ps(ADD, r, x128(r)); }
export function addps_xm(r: usize): void { ps(ADD, r, m128(r)); }
export function mulps_xx(r: usize): void { ps(MUL, r, x128(r)); }
export function mulps_xm(r: usize): void { ps(MUL, r, m128(r)); }
export function subps_xx(r: usize): void { ps(SUB, r, x128(r)); }
export function subps_xm(r: usize): void { ps(SUB, r, m128(r)); }
export function minps_xx(r: usize): void { ps(MIN, r, x128(r)); }
export function minps_xm(r: usize): void { ps(MIN, r, m128(r)); }
export function divps_xx(r: usize): void { ps(DIV, r, x128(r)); }
export function divps_xm(r: usize): void { ps(DIV, r, m128(r)); }
export function maxps_xx(r: usize): void { ps(MAX, r, x128(r)); }
export function maxps_xm(r: usize): void { ps(MAX, r, m128(r)); }
export function sqrtps_xx(r: usize): void { ps(SQRT, r, x128(r)); }
export function sqrtps_xm(r: usize): void { ps(SQRT, r, m128(r)); }
export function addpd_xx(r: usize): void { pd(ADD, r, x128(r)); }
export function addpd_xm(r: usize): void { pd(ADD, r, m128(r)); }
export function mulpd_xx(r: usize): void { pd(MUL, r, x128(r)); }
export function mulpd_xm(r: usize): void { pd(MUL, r, m128(r)); }
export function subpd_xx(r: usize): void { pd(SUB, r, x128(r)); }
export function subpd_xm(r: usize): void { pd(SUB, r, m128(r)); }
export function minpd_xx(r: usize): void { pd(MIN, r, x128(r)); }
export function minpd_xm(r: usize): void { pd(MIN, r, m128(r)); }
export function divpd_xx(r: usize): void { pd(DIV, r, x128(r)); }
export function divpd_xm(r: usize): void { pd(DIV, r, m128(r)); }
export function maxpd_xx(r: usize): void { pd(MAX, r, x128(r)); }
export function maxpd_xm(r: usize): void { pd(MAX, r, m128(r)); }
export function sqrtpd_xx(r: usize): void { pd(SQRT, r, x128(r)); }
export function sqrtpd_xm(r: usize): void { pd(SQRT, r, m128(r)); }
export function addss_xx(r: usize): void { ss(ADD, r, x32(r)); }
export function addss_xm(r: usize): void { ss(ADD, r, m32(r)); }
export function mulss_xx(r: usize): void { ss(MUL, r, x32(r)); }
export function mulss_xm(r: usize): void { ss(MUL, r, m32(r)); }
export function subss_xx(r: usize): void { ss(SUB, r, x32(r)); }
export function subss_xm(r: usize): void { ss(SUB, r, m32(r)); }
export function minss_xx(r: usize): void { ss(MIN, r, x32(r)); }
export function minss_xm(r: usize): void { ss(MIN, r, m32(r)); }
export function divss_xx(r: usize): void { ss(DIV, r, x32(r)); }
export function divss_xm(r: usize): void { ss(DIV, r, m32(r)); }
export function maxss_xx(r: usize): void { ss(MAX, r, x32(r)); }
export function maxss_xm(r: usize): void { ss(MAX, r, m32(r)); }
export function sqrtss_xx(r: usize): void { ss(SQRT, r, x32(r)); }
export function sqrtss_xm(r: usize): void { ss(SQRT, r, m32(r)); }
export function addsd_xx(r: usize): void { sd(ADD, r, x64(r)); }
export function addsd_xm(r: usize): void { sd(ADD, r, m64(r)); }
export function mulsd_xx(r: usize): void { sd(MUL, r, x64(r)); }
export function mulsd_xm(r: usize): void { sd(MUL, r, m64(r)); }
export function subsd_xx(r: usize): void { sd(SUB, r, x64(r)); }
export function subsd_xm(r: usize): void { sd(SUB, r, m64(r)); }
export function minsd_xx(r: usize): void { sd(MIN, r, x64(r)); }
export function minsd_xm(r: usize): void { sd(MIN, r, m64(r)); }
export function divsd_xx(r: usize): void { sd(DIV, r, x64(r)); }
export function divsd_xm(r: usize): void { sd(DIV, r, m64(r)); }
export function maxsd_xx(r: usize): void { sd(MAX, r, x64(r)); }
export function maxsd_xm(r: usize): void { sd(MAX, r, m64(r)); }
export function sqrtsd_xx(r: usize): void { sd(SQRT, r, x64(r)); }
export function sqrtsd_xm(r: usize): void { sd(SQRT, r, m64(r)); }

// ---- approximations: within 1.5 * 2^-12 as the manual asks, without flags; the digits beyond are each processor's own ----

// @ts-ignore: decorator
@inline function reciprocal(bits: u32): u32 { return reinterpret<u32>(<f32>1 / approximable(bits)); }
// @ts-ignore: decorator
@inline function reciprocalRoot(bits: u32): u32 {
  const value = approximable(bits);
  if (value < 0) return 0xffc00000;
  return reinterpret<u32>(<f32>1 / sqrt<f32>(value));
}
/** Denormals count as zeros of their sign. */
// @ts-ignore: decorator
@inline function approximable(bits: u32): f32 { return reinterpret<f32>(bits & 0x7f800000 ? bits : bits & 0x80000000); }
// @ts-ignore: decorator
@inline function isNan32(bits: u32): bool { return (bits & 0x7fffffff) > 0x7f800000; }
function approximate(bits: u32, root: bool): u32 {
  if (isNan32(bits)) return bits | 0x00400000;
  const result = root ? reciprocalRoot(bits) : reciprocal(bits);
  return result & 0x7f800000 ? result : result & 0x80000000;
}
function approximatePs(r: usize, b: v128, root: bool): void {
  v128.store(B, b);
  for (let i: usize = 0; i < 16; i += 4) store<u32>(dstOf(r) + i, approximate(load<u32>(B + i), root));
}
export function rcpss_xx(r: usize): void { store<u32>(dstOf(r), approximate(x32(r), false)); }
export function rcpss_xm(r: usize): void { store<u32>(dstOf(r), approximate(m32(r), false)); }
export function rsqrtss_xx(r: usize): void { store<u32>(dstOf(r), approximate(x32(r), true)); }
export function rsqrtss_xm(r: usize): void { store<u32>(dstOf(r), approximate(m32(r), true)); }
export function rcpps_xx(r: usize): void { approximatePs(r, x128(r), false); }
export function rcpps_xm(r: usize): void { approximatePs(r, m128(r), false); }
export function rsqrtps_xx(r: usize): void { approximatePs(r, x128(r), true); }
export function rsqrtps_xm(r: usize): void { approximatePs(r, m128(r), true); }

// ---- comparison ----

// @ts-ignore: decorator
@inline function compared32(predicate: u32, a: u32, b: u32): u32 {
  return predicateHolds(predicate, relate32(a, b, predicateSignals(predicate))) ? 0xffffffff : 0;
}
// @ts-ignore: decorator
@inline function compared64(predicate: u32, a: u64, b: u64): u64 {
  return predicateHolds(predicate, relate64(a, b, predicateSignals(predicate))) ? 0xffffffffffffffff : 0;
}
// @ts-ignore: decorator
@inline function predicateOf(r: usize): u32 { return immOf<u8>(r) & 7; }
function cmpss(r: usize, b: u32): void {
  start();
  const result = compared32(predicateOf(r), load<u32>(dstOf(r)), b);
  finish();
  store<u32>(dstOf(r), result);
}
function cmpsd(r: usize, b: u64): void {
  start();
  const result = compared64(predicateOf(r), load<u64>(dstOf(r)), b);
  finish();
  store<u64>(dstOf(r), result);
}
function cmpps(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 4) store<u32>(RESULT + i, compared32(predicateOf(r), load<u32>(A + i), load<u32>(B + i)));
  finish();
  setXmm(r, v128.load(RESULT));
}
function cmppd(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 8) store<u64>(RESULT + i, compared64(predicateOf(r), load<u64>(A + i), load<u64>(B + i)));
  finish();
  setXmm(r, v128.load(RESULT));
}
export function cmpss_xxi(r: usize): void { cmpss(r, x32(r)); }
export function cmpss_xmi(r: usize): void { cmpss(r, m32(r)); }
export function cmpsd_xxi(r: usize): void { cmpsd(r, x64(r)); }
export function cmpsd_xmi(r: usize): void { cmpsd(r, m64(r)); }
export function cmpps_xxi(r: usize): void { cmpps(r, x128(r)); }
export function cmpps_xmi(r: usize): void { cmpps(r, m128(r)); }
export function cmppd_xxi(r: usize): void { cmppd(r, x128(r)); }
export function cmppd_xmi(r: usize): void { cmppd(r, m128(r)); }

/** ZF, PF, CF from a relation; OF, SF, AF are cleared. */
function setRelationFlags(relation: i32): void {
  if (relation == UNORDERED) putArithmetic(ZF | PF_ | CF);
  else putArithmetic(relation == LESS ? CF : relation == EQUAL ? ZF : 0);
}
function scalarFlags32(r: usize, b: u32, signaling: bool): void {
  start();
  const relation = relate32(load<u32>(dstOf(r)), b, signaling);
  finish();
  setRelationFlags(relation);
}
function scalarFlags64(r: usize, b: u64, signaling: bool): void {
  start();
  const relation = relate64(load<u64>(dstOf(r)), b, signaling);
  finish();
  setRelationFlags(relation);
}
export function ucomiss_xx(r: usize): void { scalarFlags32(r, x32(r), false); }
export function ucomiss_xm(r: usize): void { scalarFlags32(r, m32(r), false); }
export function comiss_xx(r: usize): void { scalarFlags32(r, x32(r), true); }
export function comiss_xm(r: usize): void { scalarFlags32(r, m32(r), true); }
export function ucomisd_xx(r: usize): void { scalarFlags64(r, x64(r), false); }
export function ucomisd_xm(r: usize): void { scalarFlags64(r, m64(r), false); }
export function comisd_xx(r: usize): void { scalarFlags64(r, x64(r), true); }
export function comisd_xm(r: usize): void { scalarFlags64(r, m64(r), true); }

// ---- conversion of scalars ----

/** CVTSI2SS and CVTSI2SD from 32 or 64 bits. */
function integerToSs(r: usize, value: i64): void {
  start();
  const result = integerToFloat(value);
  finish();
  store<u32>(dstOf(r), result);
}
function integerToSd(r: usize, value: i64): void {
  start();
  const result = integerToDouble(value);
  finish();
  store<u64>(dstOf(r), result);
}
// @ts-ignore: decorator
@inline function registerSource<T>(r: usize): i64 { checkSse(); return sx<T>(getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline function memorySource<T>(r: usize): i64 { checkSse(); return sx<T>(rd<T>(ea(r))); }
export function cvtsi2ss_xr<T>(r: usize): void { integerToSs(r, registerSource<T>(r)); }
export function cvtsi2ss_xm<T>(r: usize): void { integerToSs(r, memorySource<T>(r)); }
export function cvtsi2sd_xr<T>(r: usize): void { integerToSd(r, registerSource<T>(r)); }
export function cvtsi2sd_xm<T>(r: usize): void { integerToSd(r, memorySource<T>(r)); }

function ss2sd(r: usize, bits: u32): void {
  start();
  const result = floatToDouble(bits);
  finish();
  store<u64>(dstOf(r), result);
}
function sd2ss(r: usize, bits: u64): void {
  start();
  const result = doubleToFloat(bits);
  finish();
  store<u32>(dstOf(r), result);
}
export function cvtss2sd_xx(r: usize): void { ss2sd(r, x32(r)); }
export function cvtss2sd_xm(r: usize): void { ss2sd(r, m32(r)); }
export function cvtsd2ss_xx(r: usize): void { sd2ss(r, x64(r)); }
export function cvtsd2ss_xm(r: usize): void { sd2ss(r, m64(r)); }

/** To a register of T's size: u32 or u64. */
// @ts-ignore: decorator
@inline function singleToRegister<T>(r: usize, bits: u32, truncate: bool): void {
  start();
  const result = floatToInteger(bits, sizeof<T>() * 8, truncate);
  finish();
  setReg<T>(dstOf(r), <T>result);
}
// @ts-ignore: decorator
@inline function doubleToRegister<T>(r: usize, bits: u64, truncate: bool): void {
  start();
  const result = doubleToInteger(bits, sizeof<T>() * 8, truncate);
  finish();
  setReg<T>(dstOf(r), <T>result);
}
export function cvtss2si_rx<T>(r: usize): void { singleToRegister<T>(r, x32(r), false); }
export function cvtss2si_rm<T>(r: usize): void { singleToRegister<T>(r, m32(r), false); }
export function cvttss2si_rx<T>(r: usize): void { singleToRegister<T>(r, x32(r), true); }
export function cvttss2si_rm<T>(r: usize): void { singleToRegister<T>(r, m32(r), true); }
export function cvtsd2si_rx<T>(r: usize): void { doubleToRegister<T>(r, x64(r), false); }
export function cvtsd2si_rm<T>(r: usize): void { doubleToRegister<T>(r, m64(r), false); }
export function cvttsd2si_rx<T>(r: usize): void { doubleToRegister<T>(r, x64(r), true); }
export function cvttsd2si_rm<T>(r: usize): void { doubleToRegister<T>(r, m64(r), true); }

// ---- conversion of vectors ----

function dq2ps(r: usize, b: v128): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 4) store<u32>(RESULT + i, integerToFloat(load<i32>(B + i)));
  finish();
  setXmm(r, v128.load(RESULT));
}
function singlesToIntegers(r: usize, b: v128, truncate: bool): void {
  operands(r, b);
  for (let i: usize = 0; i < 16; i += 4) store<u32>(RESULT + i, <u32>floatToInteger(load<u32>(B + i), 32, truncate));
  finish();
  setXmm(r, v128.load(RESULT));
}
function doublesToIntegers(r: usize, b: v128, truncate: bool): void {
  operands(r, b);
  store<u64>(RESULT, 0, 8);
  for (let i: usize = 0; i < 2; i++) store<u32>(RESULT + 4 * i, <u32>doubleToInteger(load<u64>(B + 8 * i), 32, truncate));
  finish();
  setXmm(r, v128.load(RESULT));
}
// @ts-ignore: decorator
@inline function setDoubles(address: usize, integers: u64): void {
  store<f64>(address, <f64>(integers as i32));
  store<f64>(address, <f64>((integers >> 32) as i32), 8);
}
function ps2pd(r: usize, singles: u64): void {
  start();
  store<u64>(RESULT, floatToDouble(<u32>singles));
  store<u64>(RESULT, floatToDouble(<u32>(singles >> 32)), 8);
  finish();
  setXmm(r, v128.load(RESULT));
}
function pd2ps(r: usize, b: v128): void {
  operands(r, b);
  store<u32>(RESULT, doubleToFloat(load<u64>(B)));
  store<u32>(RESULT, doubleToFloat(load<u64>(B, 8)), 4);
  store<u64>(RESULT, 0, 8);
  finish();
  setXmm(r, v128.load(RESULT));
}
export function cvtdq2ps_xx(r: usize): void { dq2ps(r, x128(r)); }
export function cvtdq2ps_xm(r: usize): void { dq2ps(r, m128(r)); }
export function cvtps2dq_xx(r: usize): void { singlesToIntegers(r, x128(r), false); }
export function cvtps2dq_xm(r: usize): void { singlesToIntegers(r, m128(r), false); }
export function cvttps2dq_xx(r: usize): void { singlesToIntegers(r, x128(r), true); }
export function cvttps2dq_xm(r: usize): void { singlesToIntegers(r, m128(r), true); }
export function cvtpd2dq_xx(r: usize): void { doublesToIntegers(r, x128(r), false); }
export function cvtpd2dq_xm(r: usize): void { doublesToIntegers(r, m128(r), false); }
export function cvttpd2dq_xx(r: usize): void { doublesToIntegers(r, x128(r), true); }
export function cvttpd2dq_xm(r: usize): void { doublesToIntegers(r, m128(r), true); }
export function cvtdq2pd_xx(r: usize): void { setDoubles(dstOf(r), x64(r)); }
export function cvtdq2pd_xm(r: usize): void { setDoubles(dstOf(r), m64(r)); }
export function cvtps2pd_xx(r: usize): void { ps2pd(r, x64(r)); }
export function cvtps2pd_xm(r: usize): void { ps2pd(r, m64(r)); }
export function cvtpd2ps_xx(r: usize): void { pd2ps(r, x128(r)); }
export function cvtpd2ps_xm(r: usize): void { pd2ps(r, m128(r)); }

// ---- conversion from and to MMX registers ----

/** Conversions with an MM register switch to MMX; from memory CVTPI2PS and CVTPI2PD leave the x87 alone. */
function fromMmx(r: usize): u64 {
  checkSse();
  checkMmxInstruction();
  enterMmx();
  return load<u64>(srcOf(r));
}
function pi2ps(r: usize, integers: u64): void {
  start();
  const low = integerToFloat(integers as i32), high = integerToFloat((integers >> 32) as i32);
  finish();
  store<u64>(dstOf(r), <u64>low | (<u64>high << 32));
}
export function cvtpi2ps_xq(r: usize): void { pi2ps(r, fromMmx(r)); }
export function cvtpi2ps_xm(r: usize): void { pi2ps(r, m64(r)); }
export function cvtpi2pd_xq(r: usize): void { setDoubles(dstOf(r), fromMmx(r)); }
export function cvtpi2pd_xm(r: usize): void { setDoubles(dstOf(r), m64(r)); }

function singlesToMmx(r: usize, singles: u64, truncate: bool): void {
  checkMmxInstruction();
  start();
  const low = <u32>floatToInteger(<u32>singles, 32, truncate), high = <u32>floatToInteger(<u32>(singles >> 32), 32, truncate);
  enterMmx(); // comes even before #XM
  finish();
  setMmx(r, <u64>low | (<u64>high << 32));
}
function doublesToMmx(r: usize, b: v128, truncate: bool): void {
  checkMmxInstruction();
  start();
  const low = <u32>doubleToInteger(i64x2.extract_lane(b, 0), 32, truncate), high = <u32>doubleToInteger(i64x2.extract_lane(b, 1), 32, truncate);
  enterMmx(); // comes even before #XM
  finish();
  setMmx(r, <u64>low | (<u64>high << 32));
}
export function cvtps2pi_qx(r: usize): void { singlesToMmx(r, x64(r), false); }
export function cvtps2pi_qm(r: usize): void { singlesToMmx(r, m64(r), false); }
export function cvttps2pi_qx(r: usize): void { singlesToMmx(r, x64(r), true); }
export function cvttps2pi_qm(r: usize): void { singlesToMmx(r, m64(r), true); }
export function cvtpd2pi_qx(r: usize): void { doublesToMmx(r, x128(r), false); }
export function cvtpd2pi_qm(r: usize): void { doublesToMmx(r, m128(r), false); }
export function cvttpd2pi_qx(r: usize): void { doublesToMmx(r, x128(r), true); }
export function cvttpd2pi_qm(r: usize): void { doublesToMmx(r, m128(r), true); }
