// ADD OR ADC SBB AND SUB XOR CMP TEST INC DEC NEG NOT, shifts, rotates and IMUL (core/alu.ts, core/shift.ts, core/muldiv.ts), as expressions over
// locals. Each function returns false, with nothing emitted, for a form that it leaves to the interpreter.

import type { Emitter } from "./emitter.ts";
import { F } from "./flag-state.ts";
import { pushCarry, setKnown, setRotated } from "./flags.ts";
import { FLAG_A, FLAG_B, FLAG_OP, FLAG_RES, OTHER, VALUE } from "./locals.ts";
import {
  extend,
  hasAddress,
  immediateOf,
  openForWrite,
  pushHostValue,
  pushMemory,
  pushRegister,
  type Size,
  setAddress,
  setRegister,
  storeHost,
  zeroExtend,
} from "./operands.ts";
import { I64, OP } from "./wasm.ts";

export type Emit = (e: Emitter, form: string, size: Size) => boolean;

/** Where the first operand comes from, and where the result goes. `prepare` is all that may leave the region. */
interface Place {
  prepare(): void;
  push(): void;
  store(push: () => void): void;
}

function registerPlace(e: Emitter, slot: number, size: Size): Place {
  return {
    prepare() {},
    push() {
      pushRegister(e, slot);
      extend(e, size);
    },
    store(push) {
      push();
      setRegister(e, slot, size);
    },
  };
}

function memoryPlace(e: Emitter, size: Size): Place {
  return {
    prepare() {
      setAddress(e);
      openForWrite(e, size);
    },
    push: () => pushHostValue(e, size),
    store: (push) => storeHost(e, size, push),
  };
}

/** A memory operand that is only read: VALUE holds it. */
function readPlace(e: Emitter, size: Size): Place {
  return {
    prepare() {
      setAddress(e);
      pushMemory(e, size);
      e.code.set(VALUE);
    },
    push: () => void e.code.get(VALUE),
    store() {},
  };
}

/** The places of both operands of a two-operand form. */
function placesOf(e: Emitter, form: string, size: Size, writes: boolean): [Place, Place] | undefined {
  const record = e.record!;
  if (form.includes("m") && !hasAddress(e)) return undefined;
  const immediate = (): Place => ({
    prepare() {},
    push: () => void e.code.i64Const(immediateOf(e, size)),
    store() {},
  });
  const first = () => (writes ? memoryPlace(e, size) : readPlace(e, size));
  switch (form) {
    case "rr":
      return [registerPlace(e, record.destination, size), registerPlace(e, record.source, size)];
    case "ri":
      return [registerPlace(e, record.destination, size), immediate()];
    case "rm":
      return [registerPlace(e, record.destination, size), readPlace(e, size)];
    case "mr":
      return [first(), registerPlace(e, record.source, size)];
    case "mi":
      return [first(), immediate()];
    default:
      return undefined;
  }
}

function onePlace(e: Emitter, form: string, size: Size): Place | undefined {
  if (form.startsWith("r")) return registerPlace(e, e.record!.destination, size);
  return form.startsWith("m") && hasAddress(e) ? memoryPlace(e, size) : undefined;
}

const result = (e: Emitter) => () => void e.code.get(FLAG_RES);

/** ADD, SUB and CMP: operands and result are the flags. */
function sum(opcode: number, flags: number, writes: boolean): Emit {
  return (e, form, size) => {
    const places = placesOf(e, form, size, writes);
    if (!places) return false;
    const [a, b] = places;
    a.prepare();
    b.prepare();
    a.push();
    e.code.set(FLAG_A);
    b.push();
    e.code.set(FLAG_B).get(FLAG_A).get(FLAG_B).op(opcode);
    extend(e, size);
    e.code.set(FLAG_RES);
    setKnown(e, flags, size);
    if (writes) a.store(result(e));
    return true;
  };
}

function logic(opcode: number, writes: boolean): Emit {
  return (e, form, size) => {
    const places = placesOf(e, form, size, writes);
    if (!places) return false;
    const [a, b] = places;
    a.prepare();
    b.prepare();
    a.push();
    b.push();
    e.code.op(opcode).set(FLAG_RES);
    setKnown(e, F.LOGIC, size);
    if (writes) a.store(result(e));
    return true;
  };
}

/** ADC and SBB: the kind of the flags depends on the carry that goes in (F.ADD or F.ADC, F.SUB or F.SBB: 5 apart). */
function withCarry(opcode: number, flags: number): Emit {
  return (e, form, size) => {
    const places = placesOf(e, form, size, true);
    if (!places) return false;
    const [a, b] = places;
    a.prepare();
    b.prepare();
    pushCarry(e);
    e.code.set(OTHER);
    a.push();
    e.code.set(FLAG_A);
    b.push();
    e.code.set(FLAG_B).get(FLAG_A).get(FLAG_B).op(opcode).get(OTHER).op(opcode);
    extend(e, size);
    e.code.set(FLAG_RES);
    e.code.get(OTHER).i64Const(5n).op(OP.i64Mul).i64Const(BigInt(flags)).op(OP.i64Add, OP.wrap).set(FLAG_OP);
    e.flow.flags = { kind: "locals" };
    a.store(result(e));
    return true;
  };
}

/** INC and DEC keep CF: FLAG_B holds it. */
function step(opcode: number, flags: number): Emit {
  return (e, form, size) => {
    const place = onePlace(e, form, size);
    if (!place) return false;
    place.prepare();
    pushCarry(e);
    e.code.set(OTHER);
    place.push();
    e.code.set(FLAG_A).get(OTHER).set(FLAG_B).get(FLAG_A).i64Const(1n).op(opcode);
    extend(e, size);
    e.code.set(FLAG_RES);
    setKnown(e, flags, size);
    place.store(result(e));
    return true;
  };
}

const negate: Emit = (e, form, size) => {
  const place = onePlace(e, form, size);
  if (!place) return false;
  place.prepare();
  place.push();
  e.code.set(FLAG_B).i64Const(0n).set(FLAG_A).get(FLAG_A).get(FLAG_B).op(OP.i64Sub);
  extend(e, size);
  e.code.set(FLAG_RES);
  setKnown(e, F.SUB, size);
  place.store(result(e));
  return true;
};

const invert: Emit = (e, form, size) => {
  const place = onePlace(e, form, size);
  if (!place) return false;
  place.prepare();
  place.push();
  e.code.i64Const(-1n).op(OP.i64Xor).set(VALUE);
  place.store(() => void e.code.get(VALUE));
  return true;
};

/** The constant count of a shift, masked; undefined when it is in CL. */
function countOf(e: Emitter, form: string, once: boolean, size: Size): number | undefined {
  if (once) return 1;
  if (!form.endsWith("i")) return undefined;
  return Number(e.record!.immediate & (size === 64 ? 63n : 31n));
}

/** Bit 0 of VALUE >> shift, moved left by `to`. */
function pushBit(e: Emitter, local: number, shift: number, to = 0): void {
  e.code.get(local);
  if (shift > 0) e.code.i64Const(BigInt(shift)).op(OP.i64ShrU);
  e.code.i64Const(1n).op(OP.i64And);
  if (to > 0) e.code.i64Const(BigInt(to)).op(OP.i64Shl);
}

type ShiftKind = "shl" | "shr" | "sar";

/** Pushes CF of a shift by n of VALUE (its bits above `size` are its sign for SAR, else 0) as bit 0. */
function pushShiftCarry(e: Emitter, kind: ShiftKind, n: number, size: Size): void {
  const at = kind === "shl" ? size - n : n - 1;
  if (at < 0) e.code.i64Const(0n);
  else pushBit(e, VALUE, Math.min(at, 63));
}

/** SHL SHR SAR by a constant that is not 0: CF is the last bit out, OF as the manual has it for 1 (SDM 2 SAL/SAR/SHL/SHR). */
function shift(kind: ShiftKind, once: boolean): Emit {
  return (e, form, size) => {
    const n = countOf(e, form, once, size);
    const place = n === undefined || n === 0 ? undefined : onePlace(e, form, size);
    if (n === undefined || !place) return false;
    place.prepare();
    place.push();
    if (kind !== "sar") zeroExtend(e, size);
    const opcode = { shl: OP.i64Shl, shr: OP.i64ShrU, sar: OP.i64ShrS }[kind];
    e.code.tee(VALUE).i64Const(BigInt(n)).op(opcode);
    extend(e, size);
    e.code.set(FLAG_RES);
    pushShiftCarry(e, kind, n, size);
    if (kind === "shl") {
      e.code.tee(OTHER).get(OTHER);
      pushBit(e, FLAG_RES, size - 1);
      e.code.op(OP.i64Xor).i64Const(11n).op(OP.i64Shl, OP.i64Or);
    } else if (kind === "shr" && n === 1) {
      pushBit(e, VALUE, size - 1, 11);
      e.code.op(OP.i64Or);
    }
    e.code.set(FLAG_B);
    setKnown(e, F.RESULT, size);
    place.store(result(e));
    return true;
  };
}

/** ROL and ROR of 32 and 64 bits by a constant that is not 0. */
function rotate(left: boolean, once: boolean): Emit {
  return (e, form, size) => {
    const n = countOf(e, form, once, size);
    if (!n || size < 32 || !form.startsWith("r")) return false;
    const { destination } = e.record!;
    pushRegister(e, destination);
    if (size === 64) e.code.i64Const(BigInt(n)).op(left ? OP.i64Rotl : OP.i64Rotr);
    else
      e.code
        .op(OP.wrap)
        .i32Const(n)
        .op(left ? 0x77 : 0x78, OP.extendU);
    e.code.tee(VALUE);
    setRegister(e, destination, size);
    setRotated(e, () => {
      pushBit(e, VALUE, left ? 0 : size - 1);
      pushBit(e, VALUE, size - 1, 11);
      pushBit(e, VALUE, left ? 0 : size - 2, 11);
      e.code.op(OP.i64Xor, OP.i64Or);
    });
    return true;
  };
}

/** Two- and three-operand IMUL: CF and OF tell that the product does not fit. */
const multiply: Emit = (e, form, size) => {
  const record = e.record!;
  const memory = form.includes("m");
  if (!["rr", "rm", "rri", "rmi"].includes(form) || size === 8 || (memory && !hasAddress(e))) return false;
  const second = memory ? readPlace(e, size) : registerPlace(e, record.source, size);
  second.prepare();
  second.push();
  e.code.set(VALUE);
  if (form.endsWith("i")) e.code.i64Const(immediateOf(e, size));
  else registerPlace(e, record.destination, size).push();
  e.code.tee(OTHER).get(VALUE).op(OP.i64Mul).set(FLAG_RES);
  if (size === 64) {
    e.code.get(OTHER).get(VALUE);
    e.callCore("mulHighSigned");
    e.code.get(FLAG_RES).i64Const(63n).op(OP.i64ShrS, OP.i64Ne);
  } else {
    e.code.get(FLAG_RES).get(FLAG_RES);
    extend(e, size);
    e.code.op(OP.i64Ne).get(FLAG_RES);
    extend(e, size);
    e.code.set(FLAG_RES);
  }
  e.code.ifTyped(I64).i64Const(0x801n).op(OP.else).i64Const(0n).op(OP.end).set(FLAG_B);
  setKnown(e, F.RESULT, size);
  e.code.get(FLAG_RES);
  setRegister(e, record.destination, size);
  return true;
};

export const ARITHMETIC: Record<string, Emit> = {
  add: sum(OP.i64Add, F.ADD, true),
  sub: sum(OP.i64Sub, F.SUB, true),
  cmp: sum(OP.i64Sub, F.SUB, false),
  and: logic(OP.i64And, true),
  or: logic(OP.i64Or, true),
  xor: logic(OP.i64Xor, true),
  test: logic(OP.i64And, false),
  adc: withCarry(OP.i64Add, F.ADD),
  sbb: withCarry(OP.i64Sub, F.SUB),
  inc: step(OP.i64Add, F.INC),
  dec: step(OP.i64Sub, F.DEC),
  neg: negate,
  not: invert,
  shl: shift("shl", false),
  shr: shift("shr", false),
  sar: shift("sar", false),
  shl1: shift("shl", true),
  shr1: shift("shr", true),
  sar1: shift("sar", true),
  rol: rotate(true, false),
  ror: rotate(false, false),
  rol1: rotate(true, true),
  ror1: rotate(false, true),
  imul: multiply,
};
