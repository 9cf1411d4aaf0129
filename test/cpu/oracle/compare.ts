// Compares what the core made of a case with what a processor made of it, leaving out what the manual leaves undefined.
import { type Row, undefinedFlags } from "./rows.ts";
import { type Case, COMPLETED, describe, type Outcome, type State } from "./state.ts";

/** Differences as text, one a line; empty when both agree. */
export function differences(row: Row, test: Case, expected: Outcome, actual: Outcome): string[] {
  if (resultUndefined(row, test)) return [];
  if (expected.vector !== actual.vector) {
    return [`expected ${outcomeName(expected)}, got ${outcomeName(actual)}`];
  }
  const found: string[] = [];
  if (expected.vector !== COMPLETED && errorCode(expected) !== errorCode(actual))
    found.push(`error code ${hex(expected.error)}, got ${hex(actual.error)}`);
  if (faultAddress(row, expected) !== faultAddress(row, actual))
    found.push(`cr2 ${expected.cr2.toString(16)}, got ${actual.cr2.toString(16)}`);
  // A dot product's products and sums raise their exceptions in an order of each processor's own.
  if (/^dpp[sd]$/.test(row.mnemonic) && expected.vector !== COMPLETED) return found;
  if (row.mnemonic === "popa" && expected.vector !== COMPLETED) return found; // AMD's has popped what came before the fault
  const want = masked(row, test, expected.after, expected.after);
  const have = masked(row, test, actual.after, expected.after);
  if (isApproximation(row)) {
    found.push(...approximationDifferences(want, have));
    have.fx.set(want.fx.subarray(160), 160);
  }
  if (row.options.has("ulp") && isNear(want, have)) {
    have.fx.set(want.fx.subarray(32, 64), 32);
    have.fx[3] = (have.fx[3]! & ~C1) | (want.fx[3]! & C1);
  }
  const wanted = describe(want, have);
  if (wanted !== "") found.push(`expected ${wanted}`, `     got ${describe(have, want)}`);
  return found;
}

/** CR2; which byte of a long image faults first is each processor's own, so that only the page counts there. */
function faultAddress(row: Row, outcome: Outcome): bigint {
  return /^(fxsave|xsave)$/.test(row.file) ? outcome.cr2 >> 12n : outcome.cr2;
}

/** Where the host's kernel lives, what is mapped is its own affair (bit 0 of a page fault's error code). */
function errorCode({ vector, error, cr2 }: Outcome): number {
  return vector === 14 && cr2 >> 63n ? error & ~1 : error;
}

const hex = (value: number): string => value.toString(16);

function outcomeName(outcome: Outcome): string {
  return outcome.vector === COMPLETED ? "completion" : `exception ${outcome.vector}`;
}

/** The count of a shift or rotate, masked as the processor masks it. */
export function shiftCount(row: Row, code: Uint8Array, cl: number): number {
  const wide = code.some((byte, i) => (byte & 0xf8) === 0x48 && i <= 3) && row.size === "v";
  const mask = wide ? 63 : 31;
  if (row.operands.includes("CL")) return cl & mask;
  if (row.operands.includes("1")) return 1;
  return code[code.length - 1]! & mask;
}
const countOf = (row: Row, { code, before }: Case): number =>
  shiftCount(row, code, Number(before.gpr[1]! & 0xffn));

/** SHLD and SHRD of 16 bits by more than 16 (SDM 2). */
function resultUndefined(row: Row, test: Case): boolean {
  return /^sh[lr]d$/.test(row.mnemonic) && test.code.includes(0x66) && countOf(row, test) > 16;
}

/** A copy of `state` in which undefined parts are taken from `reference`. */
function masked(row: Row, test: Case, state: State, reference: State): State {
  const flags = undefinedFlags(row, countOf(row, test));
  const window = state.window.slice();
  for (const [from, to] of hostBytes(row)) {
    const at = test.operand ?? 0;
    const bytes = reference.window.subarray(at + from, at + to);
    if (bytes.length > 0) window.set(bytes, at + from);
  }
  return {
    ...state,
    window,
    fx: state.fx.slice(),
    flags: (state.flags & ~flags) | (reference.flags & flags),
  };
}

/** Bytes of saved state that differ between processors: the mask of MXCSR. */
function hostBytes(row: Row): [from: number, to: number][] {
  return /^f?xsave/.test(row.mnemonic) ? [[28, 32]] : [];
}

/** RCPSS, RSQRTSS and their packed forms are defined by an error bound only (SDM 2). */
function isApproximation(row: Row): boolean {
  return /^(rcp|rsqrt)/.test(row.mnemonic);
}

function approximationDifferences(want: State, have: State): string[] {
  const found: string[] = [];
  const a = new DataView(want.fx.buffer);
  const b = new DataView(have.fx.buffer, have.fx.byteOffset);
  for (let at = 160; at < 416; at += 4) {
    const x = a.getFloat32(at, true);
    const y = b.getFloat32(at, true);
    const close = Math.abs(x - y) <= 2 * 1.5 * 2 ** -12 * Math.abs(x) + 2 ** -126;
    if (!close && !(Number.isNaN(x) && Number.isNaN(y)) && x !== y)
      found.push(`xmm byte ${at - 160}: expected about ${x}, got ${y}`);
  }
  return found;
}

/** C1 in the upper byte of the status word: the direction of a rounding, of an approximation that nobody else has. */
const C1 = 0x02;

/** ST(0) and ST(1) each within a unit in the last place. */
function isNear(want: State, have: State): boolean {
  return [32, 48].every((at) => {
    const distance = extended(want.fx, at) - extended(have.fx, at);
    return distance >= -1n && distance <= 1n;
  });
}

/** The number's place in the order of all: neighbours differ by 1. */
function extended(fx: Uint8Array, at: number): bigint {
  const view = new DataView(fx.buffer, fx.byteOffset);
  const head = view.getUint16(at + 8, true);
  // Without the integer bit an exponent has half as many significands.
  const magnitude = (BigInt(head & 0x7fff) << 63n) + (view.getBigUint64(at, true) & 0x7fffffffffffffffn);
  return head & 0x8000 ? -magnitude : magnitude;
}

/** A report of one differing case; `line` is its line in the case file. */
export function report(row: Row, line: string, found: readonly string[]): string {
  return `${row.key}\n  ${line}\n${found.map((each) => `  ${each}`).join("\n")}`;
}
