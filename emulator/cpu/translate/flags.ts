// The lazy flags of core/flags.ts where their last operation is known at translation: conditions become one or two comparisons, and flags
// that nobody reads cost nothing. Must not know: which instruction asks.

import * as L from "../layout.ts";
import type { Emitter } from "./emitter.ts";
import { F, type Size } from "./flag-state.ts";
import { FLAG_A, FLAG_B, FLAG_OP, FLAG_RES } from "./locals.ts";
import { I32, MEM, OP } from "./wasm.ts";

const CF = 1n;
const AF = 16n;
const OF = 0x800n;

/** Pairs of conditions: the even code of Jcc, SETcc, CMOVcc. */
const OVERFLOW = 0;
const CARRY = 2;
const ZERO = 4;
const BELOW_OR_EQUAL = 6;
const SIGN = 8;
const PARITY = 10;
const LESS = 12;

/** Pushes condition `cc` (low four bits of Jcc, SDM 1 B.1) as an i32 that is 0 or 1. */
export function pushCondition(e: Emitter, cc: number): void {
  pushEven(e, cc & ~1);
  if (cc & 1) e.code.op(OP.i32Eqz);
}

/** CF as an i64 that is 0 or 1. */
export function pushCarry(e: Emitter): void {
  pushEven(e, CARRY);
  e.code.op(OP.extendU);
}

function pushEven(e: Emitter, cc: number): void {
  const { flags } = e.flow;
  if (flags.kind === "known") pushKnown(e, cc, flags.op);
  else if (flags.kind === "locals") pushCarried(e, cc);
  else pushFromState(e, cc);
}

/** FLAG_RES is 0 exactly when ZF is set, whatever the kind. */
function pushFromState(e: Emitter, cc: number): void {
  if (cc === ZERO) e.code.load(MEM.i64Load, L.FLAG_RES).op(OP.i64Eqz);
  else if (cc === CARRY) {
    e.code.load(MEM.i32Load, L.FLAG_OP).i32Const(F.SUB).op(OP.i32Ne).ifTyped(I32);
    e.callCore("carryFlag");
    e.code.op(OP.else).load(MEM.i64Load, L.FLAG_A).load(MEM.i64Load, L.FLAG_B).op(OP.i64LtU, OP.end);
  } else {
    e.code.i32Const(cc);
    e.callCore("conditionOf");
  }
}

function pushCarried(e: Emitter, cc: number): void {
  const { code } = e;
  if (cc === ZERO) {
    code.get(FLAG_RES).op(OP.i64Eqz);
    return;
  }
  if (cc !== CARRY) {
    e.spillFlags();
    code.i32Const(cc);
    e.callCore("conditionOf");
    return;
  }
  code.get(FLAG_OP).i32Const(F.SUB).op(OP.i32Ne).ifTyped(I32);
  e.spillFlags();
  e.callCore("carryFlag");
  code.op(OP.else).get(FLAG_A).get(FLAG_B).op(OP.i64LtU, OP.end);
}

function pushKnown(e: Emitter, cc: number, op: number): void {
  const { code } = e;
  const compares: Record<number, number> = {
    [CARRY]: OP.i64LtU,
    [BELOW_OR_EQUAL]: OP.i64LeU,
    [LESS]: OP.i64LtS,
    [LESS + 2]: OP.i64LeS,
  };
  const compare = compares[cc];
  if (op === F.SUB && compare !== undefined) {
    code.get(FLAG_A).get(FLAG_B).op(compare);
    return;
  }
  switch (cc) {
    case OVERFLOW:
      pushOverflow(e, op);
      return;
    case CARRY:
      pushKnownCarry(e, op);
      return;
    case ZERO:
      code.get(FLAG_RES).op(OP.i64Eqz);
      return;
    case SIGN:
      code.get(FLAG_RES).i64Const(0n).op(OP.i64LtS);
      return;
    case PARITY:
      code
        .get(FLAG_RES)
        .op(OP.wrap)
        .i32Const(0xff)
        .op(OP.i32And, OP.i32Popcnt)
        .i32Const(1)
        .op(OP.i32And, OP.i32Eqz);
      return;
    case LESS:
      pushLess(e, op);
      return;
    default:
      code.get(FLAG_RES).op(OP.i64Eqz);
      if (cc === BELOW_OR_EQUAL) pushKnownCarry(e, op);
      else pushLess(e, op);
      code.op(0x72); // i32.or
  }
}

/** SF not equal to OF. */
function pushLess(e: Emitter, op: number): void {
  e.code.get(FLAG_RES).i64Const(0n).op(OP.i64LtS);
  pushOverflow(e, op);
  e.code.op(OP.i32Xor);
}

function pushKnownCarry(e: Emitter, op: number): void {
  const { code } = e;
  if (op === F.ADD) code.get(FLAG_RES).get(FLAG_A).op(OP.i64LtU);
  else if (op === F.SUB) code.get(FLAG_A).get(FLAG_B).op(OP.i64LtU);
  else if (op === F.LOGIC) code.i32Const(0);
  else code.get(FLAG_B).op(OP.wrap).i32Const(1).op(OP.i32And); // INC, DEC, RESULT
}

function pushOverflow(e: Emitter, op: number): void {
  const { code } = e;
  if (op === F.LOGIC) {
    code.i32Const(0);
    return;
  }
  if (op === F.RESULT) {
    code.get(FLAG_B).i64Const(OF).op(OP.i64And).i64Const(0n).op(OP.i64Ne);
    return;
  }
  const not = (local: number) => code.get(local).i64Const(-1n).op(OP.i64Xor);
  if (op === F.INC) not(FLAG_A).get(FLAG_RES);
  else if (op === F.DEC) {
    not(FLAG_RES).get(FLAG_A);
  } else {
    const other = op === F.ADD ? FLAG_RES : FLAG_B;
    code
      .get(FLAG_A)
      .get(op === F.ADD ? FLAG_RES : FLAG_B)
      .op(OP.i64Xor);
    if (op === F.ADD) code.get(FLAG_B).get(other).op(OP.i64Xor);
    else code.get(FLAG_A).get(FLAG_RES).op(OP.i64Xor);
  }
  code.op(OP.i64And).i64Const(0n).op(OP.i64LtS);
}

/** AF in its place, an i64. Only for kinds known here. */
function pushAdjust(e: Emitter, op: number): void {
  const { code } = e;
  if (op === F.LOGIC) code.i64Const(0n);
  else if (op === F.RESULT) code.get(FLAG_B).i64Const(AF).op(OP.i64And);
  else {
    code.get(FLAG_A).get(FLAG_RES).op(OP.i64Xor);
    if (op === F.INC || op === F.DEC) code.i64Const(1n);
    else code.get(FLAG_B);
    code.op(OP.i64Xor).i64Const(AF).op(OP.i64And);
  }
}

/** ROL and ROR change CF and OF only. `pushBits` pushes CF and OF in their places, an i64. */
export function setRotated(e: Emitter, pushBits: () => void): void {
  const { flags } = e.flow;
  if (flags.kind === "known") {
    pushBits();
    pushAdjust(e, flags.op);
    e.code.op(OP.i64Or).set(FLAG_B);
    e.flow.flags = { kind: "known", op: F.RESULT, size: flags.size };
    return;
  }
  e.spillFlags();
  const bit = (shift: bigint) => {
    pushBits();
    e.code.i64Const(shift).op(OP.i64ShrU, OP.wrap).i32Const(1).op(OP.i32And);
  };
  bit(0n);
  bit(11n);
  e.callCore("rotateFlags");
  e.flow.flags = { kind: "state" };
}

/** The flags are those of operation `op`, whose operands and result stand in the locals. */
export function setKnown(e: Emitter, op: number, size: Size): void {
  e.flow.flags = { kind: "known", op, size };
}

/** All four flag locals hold what the state would: at the head of a loop. */
export function carryInLocals(e: Emitter): void {
  const { flags } = e.flow;
  const { code } = e;
  if (flags.kind === "known") code.i32Const(flags.op).set(FLAG_OP);
  else if (flags.kind === "state") {
    code.load(MEM.i64Load, L.FLAG_RES).set(FLAG_RES);
    code.load(MEM.i64Load, L.FLAG_A).set(FLAG_A);
    code.load(MEM.i64Load, L.FLAG_B).set(FLAG_B);
    code.load(MEM.i32Load, L.FLAG_OP).set(FLAG_OP);
  }
  e.flow.flags = { kind: "locals" };
}

export { CF, OF };
