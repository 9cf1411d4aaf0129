// x87 instructions (D8-DF): one handler an opcode and form over x87-arith.ts and x87-move.ts. Suffixes of stems: s, l, t memory of 32, 64,
// 80 bits; w, d, q integers of 16, 32, 64 bits. The operand q is ST(i), named by its ModRM.rm. Must not know: decoding.

import { CR0, FCW, FPR, FSW, REGS } from "../layout";
import { CF, PF_, ZF, cf, pf, putArithmetic, zf } from "./flags";
import { checkFpu } from "./fpu-common";
import { rd, wr, checkWrite } from "./mmu";
import { CR0_MP, CR0_TS } from "./paging";
import { NM, raise } from "./raise";
import { dstOf, ea } from "./record";
import { TO_B, unpack32, unpack64 } from "./softfloat-formats";
import {
  FADD, FCOM, FCOMP, FDIV, FDIVR, FMUL, FSUB, FSUBR, arithMemory, arithRegisters, compareRegister, compareToFlags, setIntegerB,
} from "./x87-arith";
import * as arith from "./x87-arith";
import * as move from "./x87-move";
import * as transcendental from "./x87-transcendental";
import {
  Out, completeStore, fcmov, fildInteger, fldConstant, fldExtended, fldFloat32, fldFloat64, fldRegister, fstRegister, prepareBcd,
  prepareExtended, prepareFloat32, prepareFloat64, prepareInteger,
} from "./x87-move";
import {
  C0, C1, C2, C3, initialize, pop, setEmpty, setStatus, setTop, start, status, top, enterOperation, pendingException, updateSummary, waiting,
} from "./x87-state";

/** Number i of the operand ST(i). */
// @ts-ignore: decorator
@inline function index(r: usize): u32 { return ((dstOf(r) - FPR) >> 4) as u32; }

// ---- arithmetic with memory ----

function arithSingle(operation: u32, r: usize): void {
  enterOperation(r);
  const bits = rd<u32>(ea(r));
  start();
  unpack32(TO_B, bits, false);
  arithMemory(operation);
}
function arithDouble(operation: u32, r: usize): void {
  enterOperation(r);
  const bits = rd<u64>(ea(r));
  start();
  unpack64(TO_B, bits, false);
  arithMemory(operation);
}
function arithWord(operation: u32, r: usize): void {
  enterOperation(r);
  const value = <i64>(rd<u16>(ea(r)) as i16);
  start();
  setIntegerB(value);
  arithMemory(operation);
}
function arithDword(operation: u32, r: usize): void {
  enterOperation(r);
  const value = <i64>(rd<u32>(ea(r)) as i32);
  start();
  setIntegerB(value);
  arithMemory(operation);
}
export function fadds_m(r: usize): void { arithSingle(FADD, r); }
export function fmuls_m(r: usize): void { arithSingle(FMUL, r); }
export function fcoms_m(r: usize): void { arithSingle(FCOM, r); }
export function fcomps_m(r: usize): void { arithSingle(FCOMP, r); }
export function fsubs_m(r: usize): void { arithSingle(FSUB, r); }
export function fsubrs_m(r: usize): void { arithSingle(FSUBR, r); }
export function fdivs_m(r: usize): void { arithSingle(FDIV, r); }
export function fdivrs_m(r: usize): void { arithSingle(FDIVR, r); }
export function faddl_m(r: usize): void { arithDouble(FADD, r); }
export function fmull_m(r: usize): void { arithDouble(FMUL, r); }
export function fcoml_m(r: usize): void { arithDouble(FCOM, r); }
export function fcompl_m(r: usize): void { arithDouble(FCOMP, r); }
export function fsubl_m(r: usize): void { arithDouble(FSUB, r); }
export function fsubrl_m(r: usize): void { arithDouble(FSUBR, r); }
export function fdivl_m(r: usize): void { arithDouble(FDIV, r); }
export function fdivrl_m(r: usize): void { arithDouble(FDIVR, r); }
export function fiaddw_m(r: usize): void { arithWord(FADD, r); }
export function fimulw_m(r: usize): void { arithWord(FMUL, r); }
export function ficomw_m(r: usize): void { arithWord(FCOM, r); }
export function ficompw_m(r: usize): void { arithWord(FCOMP, r); }
export function fisubw_m(r: usize): void { arithWord(FSUB, r); }
export function fisubrw_m(r: usize): void { arithWord(FSUBR, r); }
export function fidivw_m(r: usize): void { arithWord(FDIV, r); }
export function fidivrw_m(r: usize): void { arithWord(FDIVR, r); }
export function fiaddd_m(r: usize): void { arithDword(FADD, r); }
export function fimuld_m(r: usize): void { arithDword(FMUL, r); }
export function ficomd_m(r: usize): void { arithDword(FCOM, r); }
export function ficompd_m(r: usize): void { arithDword(FCOMP, r); }
export function fisubd_m(r: usize): void { arithDword(FSUB, r); }
export function fisubrd_m(r: usize): void { arithDword(FSUBR, r); }
export function fidivd_m(r: usize): void { arithDword(FDIV, r); }
export function fidivrd_m(r: usize): void { arithDword(FDIVR, r); }

// ---- arithmetic between registers: to ST(0), to ST(i), to ST(i) with a pop ----

export function fadd_q(r: usize): void { enterOperation(r); arithRegisters(FADD, 0, index(r), false); }
export function fmul_q(r: usize): void { enterOperation(r); arithRegisters(FMUL, 0, index(r), false); }
export function fsub_q(r: usize): void { enterOperation(r); arithRegisters(FSUB, 0, index(r), false); }
export function fsubr_q(r: usize): void { enterOperation(r); arithRegisters(FSUBR, 0, index(r), false); }
export function fdiv_q(r: usize): void { enterOperation(r); arithRegisters(FDIV, 0, index(r), false); }
export function fdivr_q(r: usize): void { enterOperation(r); arithRegisters(FDIVR, 0, index(r), false); }
/** FADD ST(i), ST(0). */
export function faddto_q(r: usize): void { enterOperation(r); arithRegisters(FADD, index(r), 0, false); }
export function faddp_q(r: usize): void { enterOperation(r); arithRegisters(FADD, index(r), 0, true); }
/** FMUL ST(i), ST(0). */
export function fmulto_q(r: usize): void { enterOperation(r); arithRegisters(FMUL, index(r), 0, false); }
export function fmulp_q(r: usize): void { enterOperation(r); arithRegisters(FMUL, index(r), 0, true); }
/** FSUB ST(i), ST(0). */
export function fsubto_q(r: usize): void { enterOperation(r); arithRegisters(FSUB, index(r), 0, false); }
export function fsubp_q(r: usize): void { enterOperation(r); arithRegisters(FSUB, index(r), 0, true); }
/** FSUBR ST(i), ST(0). */
export function fsubrto_q(r: usize): void { enterOperation(r); arithRegisters(FSUBR, index(r), 0, false); }
export function fsubrp_q(r: usize): void { enterOperation(r); arithRegisters(FSUBR, index(r), 0, true); }
/** FDIV ST(i), ST(0). */
export function fdivto_q(r: usize): void { enterOperation(r); arithRegisters(FDIV, index(r), 0, false); }
export function fdivp_q(r: usize): void { enterOperation(r); arithRegisters(FDIV, index(r), 0, true); }
/** FDIVR ST(i), ST(0). */
export function fdivrto_q(r: usize): void { enterOperation(r); arithRegisters(FDIVR, index(r), 0, false); }
export function fdivrp_q(r: usize): void { enterOperation(r); arithRegisters(FDIVR, index(r), 0, true); }

// ---- comparison ----

export function fcom_q(r: usize): void { enterOperation(r); compareRegister(index(r), false, 0); }
export function fcomp_q(r: usize): void { enterOperation(r); compareRegister(index(r), false, 1); }
export function fcompp(r: usize): void { enterOperation(r); compareRegister(1, false, 2); }
export function fucom_q(r: usize): void { enterOperation(r); compareRegister(index(r), true, 0); }
export function fucomp_q(r: usize): void { enterOperation(r); compareRegister(index(r), true, 1); }
export function fucompp(r: usize): void { enterOperation(r); compareRegister(1, true, 2); }
function toFlags(r: usize, quiet: bool, thenPop: bool): void {
  enterOperation(r);
  const conditions = compareToFlags(index(r), quiet, thenPop);
  putArithmetic((conditions & C3 ? ZF : 0) | (conditions & C2 ? PF_ : 0) | (conditions & C0 ? CF : 0));
}
export function fcomi_q(r: usize): void { toFlags(r, false, false); }
export function fcomip_q(r: usize): void { toFlags(r, false, true); }
export function fucomi_q(r: usize): void { toFlags(r, true, false); }
export function fucomip_q(r: usize): void { toFlags(r, true, true); }
export function ftst(r: usize): void { enterOperation(r); arith.ftst(); }
export function fxam(r: usize): void { enterOperation(r); arith.fxam(); }

// ---- operations on ST(0) ----

export function fchs(r: usize): void { enterOperation(r); arith.fchs(); }
export function fabs(r: usize): void { enterOperation(r); arith.fabs(); }
export function fsqrt(r: usize): void { enterOperation(r); arith.fsqrt(); }
export function frndint(r: usize): void { enterOperation(r); arith.frndint(); }
export function fscale(r: usize): void { enterOperation(r); arith.fscale(); }
export function fxtract(r: usize): void { enterOperation(r); arith.fxtract(); }
export function fprem(r: usize): void { enterOperation(r); arith.fprem(false); }
export function fprem1(r: usize): void { enterOperation(r); arith.fprem(true); }

// ---- loads ----

export function flds_m(r: usize): void { enterOperation(r); fldFloat32(rd<u32>(ea(r))); }
export function fldl_m(r: usize): void { enterOperation(r); fldFloat64(rd<u64>(ea(r))); }
export function fldt_m(r: usize): void {
  enterOperation(r);
  const sig = rd<u64>(ea(r));
  fldExtended(rd<u16>(ea(r) + 8), sig);
}
export function fildw_m(r: usize): void { enterOperation(r); fildInteger(<i64>(rd<u16>(ea(r)) as i16)); }
export function fildd_m(r: usize): void { enterOperation(r); fildInteger(<i64>(rd<u32>(ea(r)) as i32)); }
export function fildq_m(r: usize): void { enterOperation(r); fildInteger(rd<u64>(ea(r)) as i64); }
export function fbld_m(r: usize): void {
  enterOperation(r);
  const low = rd<u64>(ea(r));
  move.fbld(low, rd<u16>(ea(r) + 8));
}
export function fld_q(r: usize): void { enterOperation(r); fldRegister(index(r)); }
export function fld1(r: usize): void { enterOperation(r); fldConstant(0); }
export function fldl2t(r: usize): void { enterOperation(r); fldConstant(1); }
export function fldl2e(r: usize): void { enterOperation(r); fldConstant(2); }
export function fldpi(r: usize): void { enterOperation(r); fldConstant(3); }
export function fldlg2(r: usize): void { enterOperation(r); fldConstant(4); }
export function fldln2(r: usize): void { enterOperation(r); fldConstant(5); }
export function fldz(r: usize): void { enterOperation(r); fldConstant(6); }

// ---- stores: prepare, write (which may fault), complete ----

function writeReal32(r: usize, thenPop: bool): void {
  enterOperation(r);
  if (prepareFloat32()) wr<u32>(ea(r), Out.low as u32);
  else checkWrite(ea(r), 4);
  completeStore(thenPop);
}
function writeReal64(r: usize, thenPop: bool): void {
  enterOperation(r);
  if (prepareFloat64()) wr<u64>(ea(r), Out.low);
  else checkWrite(ea(r), 8);
  completeStore(thenPop);
}
function write80(a: u64): void {
  checkWrite(a, 10);
  wr<u64>(a, Out.low);
  wr<u16>(a + 8, Out.high as u16);
}
function writeInteger<T>(r: usize, truncate: bool, thenPop: bool): void {
  enterOperation(r);
  if (prepareInteger(sizeof<T>() * 8, truncate)) wr<T>(ea(r), Out.low as T);
  else checkWrite(ea(r), sizeof<T>());
  completeStore(thenPop);
}
export function fsts_m(r: usize): void { writeReal32(r, false); }
export function fstps_m(r: usize): void { writeReal32(r, true); }
export function fstl_m(r: usize): void { writeReal64(r, false); }
export function fstpl_m(r: usize): void { writeReal64(r, true); }
export function fstpt_m(r: usize): void {
  enterOperation(r);
  if (prepareExtended()) write80(ea(r));
  else checkWrite(ea(r), 10);
  completeStore(true);
}
export function fbstp_m(r: usize): void {
  enterOperation(r);
  if (prepareBcd()) write80(ea(r));
  else checkWrite(ea(r), 10);
  completeStore(true);
}
export function fistw_m(r: usize): void { writeInteger<u16>(r, false, false); }
export function fistd_m(r: usize): void { writeInteger<u32>(r, false, false); }
export function fistpw_m(r: usize): void { writeInteger<u16>(r, false, true); }
export function fistpd_m(r: usize): void { writeInteger<u32>(r, false, true); }
export function fistpq_m(r: usize): void { writeInteger<u64>(r, false, true); }
export function fisttpw_m(r: usize): void { writeInteger<u16>(r, true, true); }
export function fisttpd_m(r: usize): void { writeInteger<u32>(r, true, true); }
export function fisttpq_m(r: usize): void { writeInteger<u64>(r, true, true); }
export function fst_q(r: usize): void { enterOperation(r); fstRegister(index(r), false); }
export function fstp_q(r: usize): void { enterOperation(r); fstRegister(index(r), true); }

// ---- the stack ----

export function fxch_q(r: usize): void { enterOperation(r); move.fxch(index(r)); }
export function fstpnce_q(r: usize): void { enterOperation(r); move.fstpUnchecked(index(r)); }
export function ffree_q(r: usize): void {
  enterOperation(r);
  setEmpty(index(r));
  setStatus(status() & ~C1);
}
/** FFREEP: FFREE and a pop; undocumented, in every processor. */
export function ffreep_q(r: usize): void {
  enterOperation(r);
  setEmpty(index(r));
  setStatus(status() & ~C1);
  pop();
}
export function fincstp(r: usize): void { enterOperation(r); setTop(top() + 1); setStatus(status() & ~C1); }
export function fdecstp(r: usize): void { enterOperation(r); setTop(top() - 1); setStatus(status() & ~C1); }
/** FNENI, FNDISI, FNSETPM: of the 8087 and 80287; do nothing, not even wait. */
export function fneni(r: usize): void { checkFpu(); }
export function fnop(r: usize): void { enterOperation(r); }
export function fcmovb_q(r: usize): void { enterOperation(r); fcmov(index(r), cf()); }
export function fcmove_q(r: usize): void { enterOperation(r); fcmov(index(r), zf()); }
export function fcmovbe_q(r: usize): void { enterOperation(r); fcmov(index(r), cf() || zf()); }
export function fcmovu_q(r: usize): void { enterOperation(r); fcmov(index(r), pf()); }
export function fcmovnb_q(r: usize): void { enterOperation(r); fcmov(index(r), !cf()); }
export function fcmovne_q(r: usize): void { enterOperation(r); fcmov(index(r), !zf()); }
export function fcmovnbe_q(r: usize): void { enterOperation(r); fcmov(index(r), !(cf() || zf())); }
export function fcmovnu_q(r: usize): void { enterOperation(r); fcmov(index(r), !pf()); }

// ---- transcendental functions ----

export function fsin(r: usize): void { enterOperation(r); transcendental.fsin(); }
export function fcos(r: usize): void { enterOperation(r); transcendental.fcos(); }
export function fsincos(r: usize): void { enterOperation(r); transcendental.fsincos(); }
export function fptan(r: usize): void { enterOperation(r); transcendental.fptan(); }
export function fpatan(r: usize): void { enterOperation(r); transcendental.fpatan(); }
export function f2xm1(r: usize): void { enterOperation(r); transcendental.f2xm1(); }
export function fyl2x(r: usize): void { enterOperation(r); transcendental.fyl2x(); }
export function fyl2xp1(r: usize): void { enterOperation(r); transcendental.fyl2xp1(); }

// ---- control ----

export function fninit(r: usize): void { checkFpu(); initialize(); }
export function fnclex(r: usize): void { checkFpu(); setStatus(status() & 0x7f00); }
export function fnstcw_m(r: usize): void { checkFpu(); wr<u16>(ea(r), load<u16>(FCW)); }
export function fldcw_m(r: usize): void {
  waiting();
  store<u16>(FCW, (rd<u16>(ea(r)) & 0x1f3f) | 0x40);
  updateSummary();
}
export function fnstsw_m(r: usize): void { checkFpu(); wr<u16>(ea(r), load<u16>(FSW)); }
/** FNSTSW AX. */
export function fnstsw(r: usize): void { checkFpu(); store<u16>(REGS, load<u16>(FSW)); }
/** FWAIT: #NM only when both MP and TS are set (SDM 3A 2.5). */
export function fwait(r: usize): void {
  if ((load<u32>(CR0) & (CR0_MP | CR0_TS)) == (CR0_MP | CR0_TS)) raise(NM);
  pendingException();
}
