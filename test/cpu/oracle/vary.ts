// The same instruction with other operands: changes flags, registers and memory of a `struct request` where any value would do. A hundred
// encodings with a hundred operands each cost a fraction of ten thousand drafts.
import type { Draft } from "./draft.ts";
import { type Elements, elementsOf, isX87, registersOf, usesFloat } from "./float.ts";
import type { Random } from "./random.ts";
import { AT, REQUEST_STATE, WINDOW, WINDOW_AT } from "./state.ts";
import { putBcd, putDouble, putExtended, putInteger, putRandom, putSingle } from "./values.ts";

const XMM = REQUEST_STATE + AT.fx + 160;
const ST = REQUEST_STATE + AT.fx + 32;

/** What may change, as offsets in a `struct request`. */
export interface Variation {
  registers: readonly number[];
  /** The memory operand, as far as it lies in the window. */
  memory: { at: number; bytes: number } | undefined;
  xmm: readonly number[];
  st: readonly number[];
  kinds: readonly Elements[];
  x87: boolean;
  narrow: boolean;
}

/** Rows whose states are made to fit each other, and those about single numbers: each case is a draft of its own. */
const DRAFTED = /^(string|stack|control|fxsave|xsave|system|segment|exception)$/;
const FIXED_MEMORY = /^(fldcw|ldmxcsr|fldenv|frstor|fxrstor|fldenvw|frstorw|pcmp[ei]str.|ret|jmp|call)/;

/** Undefined when another value might make a state in which the instruction has nothing to do. */
export function variationOf(draft: Draft): Variation | undefined {
  const { row } = draft;
  if (DRAFTED.test(row.file) || FIXED_MEMORY.test(row.mnemonic)) return undefined;
  const x87 = isX87(row);
  const mmx = row.operands.some((operand) => /^[PQN]/.test(operand));
  const named = draft.tail.length > 0 ? [0, 1, draft.tail[0]! & 7, (draft.tail[0]! >> 3) & 7] : [0, 1];
  return {
    registers: [...draft.free].map((register) => REQUEST_STATE + AT.gpr + 8 * register),
    memory: draft.freeMemory ? memoryOf(draft) : undefined,
    xmm: usesFloat(row) && !x87 && !mmx ? registersOf(draft).map((register) => XMM + 16 * register) : [],
    st: x87 || mmx ? [...new Set(named)].map((i) => ST + 16 * i) : [],
    kinds: elementsOf(row.mnemonic),
    x87,
    narrow: row.bits === 32,
  };
}

function memoryOf({ memory }: Draft): Variation["memory"] {
  if (memory === undefined) return undefined;
  const offset = Number(memory - WINDOW_AT);
  if (!(offset >= 0 && offset < WINDOW)) return undefined;
  return { at: REQUEST_STATE + AT.window + offset, bytes: Math.min(16, WINDOW - offset) };
}

/** Gives the request at `at` other operands; the direction flag stays. */
export function vary(view: DataView, at: number, plan: Variation, random: Random): void {
  const flags = at + REQUEST_STATE + AT.flags;
  view.setUint32(flags, (random.next() & 0x8d5) | (view.getUint32(flags, true) & 0x400), true);
  for (const register of plan.registers) {
    putInteger(view, at + register, random);
    if (plan.narrow) view.setUint32(at + register + 4, 0, true);
  }
  for (const register of plan.xmm) putVector(view, at + register, plan, random);
  for (const register of plan.st) {
    if (plan.x87) putExtended(view, at + register, random);
    else putRandom(view, at + register, random);
  }
  // Neighbours, at times the same.
  const [first, second] = plan.x87 ? plan.st : plan.xmm;
  if (second !== undefined && random.chance(4)) {
    for (let i = 0; i < (plan.x87 ? 10 : 16); i++)
      view.setUint8(at + second + i, view.getUint8(at + first! + i));
    if (random.chance(2)) view.setUint8(at + second, view.getUint8(at + second) ^ 1);
  }
  if (plan.memory) putMemory(view, at + plan.memory.at, plan.memory.bytes, plan, random);
}

const scratch = new DataView(new ArrayBuffer(16));

function putMemory(view: DataView, at: number, bytes: number, plan: Variation, random: Random): void {
  putOperand(scratch, plan, random);
  for (let i = 0; i < bytes; i++) view.setUint8(at + i, scratch.getUint8(i));
}

const X87_OPERANDS = [putExtended, putSingle, putInteger, putBcd, putDouble];

function putOperand(to: DataView, plan: Variation, random: Random): void {
  if (plan.x87) random.pick(X87_OPERANDS)(to, 0, random);
  else putVector(to, 0, plan, random);
}

/** Sixteen bytes: of one of the kinds that the instruction takes. */
function putVector(view: DataView, at: number, { kinds, xmm }: Variation, random: Random): void {
  const kind = random.pick(kinds);
  for (let i = 0; i < 16; i += 8) {
    if (kind === "double") putDouble(view, at + i, random);
    else if (kind === "single") {
      putSingle(view, at + i, random);
      putSingle(view, at + i + 4, random);
    } else if (xmm.length > 0) putRandom(view, at + i, random);
    else putInteger(view, at + i, random);
  }
  if (kind === "integer" && xmm.length > 0 && random.chance(6)) {
    view.setBigUint64(at, 0n, true);
    view.setBigUint64(at + 8, 0n, true);
    view.setUint8(at, random.below(80));
  }
}
