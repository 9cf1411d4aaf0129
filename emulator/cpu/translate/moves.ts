// MOV MOVZX MOVSX MOVSXD LEA XCHG CMOVcc SETcc PUSH POP LEAVE and the sign extensions of the accumulator (core/move.ts, core/stack.ts).

import * as L from "../layout.ts";
import type { Emit } from "./arithmetic.ts";
import type { Emitter } from "./emitter.ts";
import { pushCondition } from "./flags.ts";
import { ADDRESS, VALUE } from "./locals.ts";
import {
  extend,
  hasAddress,
  immediateOf,
  openForWrite,
  pushMemory,
  pushOffset,
  pushRegister,
  type Size,
  setAddress,
  setRegister,
  setStackAddress,
  storeHost,
} from "./operands.ts";
import { OP } from "./wasm.ts";

const RSP = L.REGS + 32;
const RBP = L.REGS + 40;
const RAX = L.REGS;
const RDX = L.REGS + 16;

/** Condition codes in encoding order. */
export const CONDITIONS = "o no b nb z nz be nbe s ns p np l nl le nle".split(" ");

const move: Emit = (e, form, size) => {
  const { destination, source } = e.record!;
  if (form.includes("m") && !hasAddress(e)) return false;
  switch (form) {
    case "rr":
      pushRegister(e, source);
      setRegister(e, destination, size);
      return true;
    case "ri":
      e.code.i64Const(immediateOf(e, size));
      setRegister(e, destination, size);
      return true;
    case "rm":
      setAddress(e);
      pushMemory(e, size, false);
      setRegister(e, destination, size);
      return true;
    case "mr":
    case "mi":
      setAddress(e);
      openForWrite(e, size);
      storeHost(e, size, () => {
        if (form === "mr") pushRegister(e, source);
        else e.code.i64Const(immediateOf(e, size));
      });
      return true;
    default:
      return false;
  }
};

/** MOVZX and MOVSX from `from` bits. */
function widen(from: Size, signed: boolean): Emit {
  return (e, form, size) => {
    const { destination, source } = e.record!;
    if (form === "rr") {
      pushRegister(e, source);
      if (signed) extend(e, from);
      else e.code.i64Const((1n << BigInt(from)) - 1n).op(OP.i64And);
    } else if (form === "rm" && hasAddress(e)) {
      setAddress(e);
      pushMemory(e, from, signed);
    } else return false;
    setRegister(e, destination, size);
    return true;
  };
}

const signExtendDoubleword: Emit = (e, form, size) => size !== 16 && widen(32, true)(e, form, size);

const loadAddress: Emit = (e, _form, size) => {
  if (!hasAddress(e) || e.record!.address.segment !== undefined) return false;
  pushOffset(e, e.record!.address);
  setRegister(e, e.record!.destination, size);
  return true;
};

const exchange: Emit = (e, form, size) => {
  const { destination, source } = e.record!;
  if (form !== "rr") return false;
  pushRegister(e, destination);
  e.code.set(VALUE);
  pushRegister(e, source);
  setRegister(e, destination, size);
  e.code.get(VALUE);
  setRegister(e, source, size);
  return true;
};

/** A 32-bit CMOVcc clears the upper half even when the condition is false; a memory operand is always read (SDM 2 CMOVcc). */
function conditionalMove(cc: number): Emit {
  return (e, form, size) => {
    const { destination, source } = e.record!;
    if (form === "rm" && hasAddress(e)) {
      setAddress(e);
      pushMemory(e, size, false);
      e.code.set(VALUE).get(VALUE);
    } else if (form === "rr") pushRegister(e, source);
    else return false;
    pushRegister(e, destination);
    pushCondition(e, cc);
    e.code.op(OP.select);
    setRegister(e, destination, size);
    return true;
  };
}

function setOnCondition(cc: number): Emit {
  return (e, form) => {
    if (form === "r") {
      pushCondition(e, cc);
      e.code.op(OP.extendU);
      setRegister(e, e.record!.destination, 8);
      return true;
    }
    if (form !== "m" || !hasAddress(e)) return false;
    setAddress(e);
    openForWrite(e, 8);
    storeHost(e, 8, () => {
      pushCondition(e, cc);
      e.code.op(OP.extendU);
    });
    return true;
  };
}

/** The widths of the stack that are translated: that of the mode. 66-prefixed ones are the interpreter's. */
export function isStackSize(e: Emitter, size: number): boolean {
  return size === ((e.block!.mode & 3) === L.MODE_64 ? 64 : 32);
}

/** Pushes what `value` pushes. RSP moves after the store, which may give up before anything has happened. */
export function pushStack(e: Emitter, size: Size, value: () => void): void {
  setStackAddress(e, -size / 8);
  openForWrite(e, size);
  storeHost(e, size, value);
  moveStack(e, -size / 8, size);
}
/** Adds to RSP, or ESP. */
export function moveStack(e: Emitter, bytes: number, size: Size): void {
  pushRegister(e, RSP);
  e.code.i64Const(BigInt(bytes)).op(OP.i64Add);
  setRegister(e, RSP, size);
}

const push: Emit = (e, form, size) => {
  if (!isStackSize(e, size)) return false;
  if (form === "m") {
    if (!hasAddress(e)) return false;
    setAddress(e);
    pushMemory(e, size);
    e.code.set(VALUE);
    pushStack(e, size, () => void e.code.get(VALUE));
    return true;
  }
  pushStack(e, size, () => {
    if (form === "r") pushRegister(e, e.record!.destination);
    else e.code.i64Const(immediateOf(e, size));
  });
  return true;
};

const pop: Emit = (e, form, size) => {
  if (form !== "r" || !isStackSize(e, size)) return false;
  setStackAddress(e, 0);
  pushMemory(e, size);
  e.code.set(VALUE);
  moveStack(e, size / 8, size);
  e.code.get(VALUE);
  setRegister(e, e.record!.destination, size);
  return true;
};

/** RBP is the address: in 64-bit code only, where no segment counts. */
const leaveFrame: Emit = (e, _form, size) => {
  if (size !== 64) return false;
  pushRegister(e, RBP);
  e.code.set(ADDRESS);
  pushMemory(e, 64);
  e.code.set(VALUE);
  pushRegister(e, RBP);
  e.code.i64Const(8n).op(OP.i64Add);
  setRegister(e, RSP, 64);
  e.code.get(VALUE);
  setRegister(e, RBP, 64);
  return true;
};

/** CBW CWDE CDQE: half of the accumulator into all of it; CWD CDQ CQO: its sign into rDX. */
const extendAccumulator: Emit = (e, _form, size) => {
  pushRegister(e, RAX);
  extend(e, (size / 2) as Size);
  setRegister(e, RAX, size);
  return true;
};
const signIntoRdx: Emit = (e, _form, size) => {
  pushRegister(e, RAX);
  extend(e, size);
  e.code.i64Const(63n).op(OP.i64ShrS);
  setRegister(e, RDX, size);
  return true;
};

const nothing: Emit = () => true;

export const MOVES: Record<string, Emit> = {
  mov: move,
  movzxb: widen(8, false),
  movzxw: widen(16, false),
  movsxb: widen(8, true),
  movsxw: widen(16, true),
  movsxd: signExtendDoubleword,
  lea: loadAddress,
  xchg: exchange,
  push,
  pop,
  leave: leaveFrame,
  nop: nothing,
  cbw: extendAccumulator,
  cwd: signIntoRdx,
  ...Object.fromEntries(CONDITIONS.map((c, cc) => [`cmov${c}`, conditionalMove(cc)])),
  ...Object.fromEntries(CONDITIONS.map((c, cc) => [`set${c}`, setOnCondition(cc)])),
};
