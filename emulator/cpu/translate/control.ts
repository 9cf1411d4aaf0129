// How a block ends: near jumps, calls, returns (core/control.ts). The region says where the known successors are.
// Must not know: how regions are formed.

import * as L from "../layout.ts";
import type { DecodedRecord } from "./blocks.ts";
import type { Emitter } from "./emitter.ts";
import { pushCondition } from "./flags.ts";
import { VALUE } from "./locals.ts";
import { CONDITIONS, isStackSize, moveStack, pushStack } from "./moves.ts";
import { hasAddress, pushMemory, pushRegister, type Size, setAddress, setStackAddress } from "./operands.ts";
import { OP } from "./wasm.ts";

/** Goes on at an instruction pointer known now; the code after it is not reached. */
export type Continue = (target: bigint) => void;

const JUMPS = new Map(CONDITIONS.map((c, cc) => [`j${c}`, cc]));

/** Instruction pointers that may follow a block's last record, as far as they are known: for forming regions. */
export function successors(record: DecodedRecord, next: bigint): bigint[] {
  const { stem, form } = record.operation;
  if (JUMPS.has(stem)) return [record.target, next];
  if ((stem === "jmp" || stem === "call") && form === "") return [record.target];
  return ["jmp", "call", "ret"].includes(stem) || stem === "" ? [] : [next];
}

/** VALUE holds an indirect target. In 64-bit mode it must be canonical; otherwise the handler faults (SDM 2 JMP). */
function checkTarget(e: Emitter, size: number): void {
  if (size !== 64) return;
  e.code.get(VALUE).i64Const(16n).op(OP.i64Shl).i64Const(16n).op(OP.i64ShrS).get(VALUE).op(OP.i64Ne);
  e.giveUpIf();
}

function leaveToValue(e: Emitter): void {
  const { block } = e;
  e.leave(() => void e.code.get(VALUE), block!.records.length, block!.at);
}

function conditionalJump(e: Emitter, cc: number, go: Continue): void {
  pushCondition(e, cc);
  const before = { ...e.flow };
  const { next } = e.block!;
  e.code.if();
  e.depth++;
  go(e.record!.target);
  e.code.op(OP.else);
  e.flow = before;
  go(next);
  e.depth--;
  e.code.op(OP.end, 0x00); // unreachable
}

/** VALUE becomes the operand of an indirect jump or call. False: the interpreter's. */
function setIndirectTarget(e: Emitter, form: string, size: Size): boolean {
  if (form === "r") pushRegister(e, e.record!.destination);
  else if (form === "m" && hasAddress(e)) {
    setAddress(e);
    pushMemory(e, size, false);
  } else return false;
  if (size === 32) e.code.i64Const(0xffff_ffffn).op(OP.i64And);
  e.code.set(VALUE);
  checkTarget(e, size);
  return true;
}

const pushReturn = (e: Emitter, size: Size) =>
  pushStack(e, size, () => void e.code.i64Const(BigInt.asIntN(64, e.record!.immediate)));

/** Emits the last record of a block when it is a branch that is translated; all its ways then end in `go` or leave. */
export function emitBranch(e: Emitter, go: Continue): boolean {
  const { stem, form, size } = e.record!.operation;
  const cc = JUMPS.get(stem);
  if (cc !== undefined) {
    conditionalJump(e, cc, go);
    return true;
  }
  if (!isStackSize(e, size)) return false;
  const width = size as Size;
  if (stem === "jmp") {
    if (form === "") go(e.record!.target);
    else if (setIndirectTarget(e, form, width)) leaveToValue(e);
    else return false;
    return true;
  }
  if (stem === "call") {
    if (form !== "" && !setIndirectTarget(e, form, width)) return false;
    pushReturn(e, width);
    if (form === "") go(e.record!.target);
    else leaveToValue(e);
    return true;
  }
  if (stem !== "ret" || form !== "") return false;
  setStackAddress(e, 0);
  pushMemory(e, width, false);
  e.code.set(VALUE);
  checkTarget(e, width);
  moveStack(e, width / 8, width);
  leaveToValue(e);
  return true;
}

/** Whether a mode is translated at all: 16-bit code is not. */
export function isTranslated(mode: number): boolean {
  return (mode & 3) === L.MODE_64 || (mode & 3) === L.MODE_32;
}
