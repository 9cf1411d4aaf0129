// Lazy flags from locals into the state (core/flags.ts). Must not know: which instruction made them.

import * as L from "../layout.ts";
import { FLAG_A, FLAG_B, FLAG_OP, FLAG_RES, type FlagPlace } from "./locals.ts";
import { type Code, MEM, OP } from "./wasm.ts";

export type Size = 8 | 16 | 32 | 64;

/** Kinds of FLAG_OP (core/flags.ts). */
export const F = { ADD: 1, SUB: 2, LOGIC: 3, INC: 4, DEC: 5, ADC: 6, SBB: 7, RESULT: 8 } as const;

/** Sign extension of the value on the stack from `size` bits; 64 is as it is. */
export function extendCode(code: Code, size: Size): void {
  if (size === 8) code.op(OP.i64Extend8S);
  else if (size === 16) code.op(OP.i64Extend16S);
  else if (size === 32) code.op(OP.i64Extend32S);
}

/** Pushes the first operand, from the result and the second: so FLAG_A need not be kept for this alone. */
function pushFirstOperand(code: Code, op: number, size: Size): void {
  code.get(FLAG_RES);
  if (op === F.ADD) code.get(FLAG_B).op(OP.i64Sub);
  else if (op === F.SUB) code.get(FLAG_B).op(OP.i64Add);
  else if (op === F.INC) code.i64Const(1n).op(OP.i64Sub);
  else code.i64Const(1n).op(OP.i64Add);
  extendCode(code, size);
}

/** Stores what the state's lazy flags need of the locals. */
export function storeFlags(code: Code, flags: FlagPlace): void {
  if (flags.kind === "state") return;
  const logic = flags.kind === "known" && flags.op === F.LOGIC;
  const result = flags.kind === "known" && flags.op === F.RESULT;
  code.i32Const(0).get(FLAG_RES).memory(MEM.i64Store, L.FLAG_RES);
  if (!logic) code.i32Const(0).get(FLAG_B).memory(MEM.i64Store, L.FLAG_B);
  if (!logic && !result) {
    code.i32Const(0);
    if (flags.kind === "known") pushFirstOperand(code, flags.op, flags.size);
    else code.get(FLAG_A);
    code.memory(MEM.i64Store, L.FLAG_A);
  }
  code.i32Const(0);
  if (flags.kind === "known") code.i32Const(flags.op);
  else code.get(FLAG_OP);
  code.memory(MEM.i32Store, L.FLAG_OP);
}
