// x87, MMX and SSE state for generated cases: control words, registers and memory operands with the numbers at which processors differ.
import { type Draft, little, putMemory } from "./draft.ts";
import type { Random } from "./random.ts";
import type { Row } from "./rows.ts";

const VECTOR_OPERAND = /^[VWPQNX]/;

/** Escape opcodes D8-DF, FWAIT, and the images that hold x87 state. */
export function isX87(row: Row): boolean {
  return row.map === 0 && ((row.opcode & 0xf8) === 0xd8 || row.opcode === 0x9b);
}

export function usesFloat(row: Row): boolean {
  return (
    row.operands.some((operand) => VECTOR_OPERAND.test(operand)) ||
    /^(f|x87|sse)/.test(row.file) ||
    /^(fxsave|xsave)$/.test(row.file)
  );
}

/** "letter": bytes of a small alphabet, for string comparisons. */
export type Elements = "single" | "double" | "integer" | "letter";

/** Kinds of numbers worth feeding to a mnemonic. */
export function elementsOf(mnemonic: string): Elements[] {
  if (/^pcmp[ei]str/.test(mnemonic)) return ["letter"];
  const kinds: Elements[] = [];
  if (/(ss|ps)/.test(mnemonic)) kinds.push("single");
  if (/(sd|pd)/.test(mnemonic)) kinds.push("double");
  return kinds.length > 0 ? kinds : ["integer"];
}

export function fillFloat(draft: Draft): void {
  const { row, random, state } = draft;
  const view = new DataView(state.fx.buffer);
  const x87 = isX87(row);
  view.setUint32(24, chooseMxcsr(random), true);
  if (x87 || /^(fxsave|xsave)$/.test(row.file)) chooseX87Control(random, view, row.file);
  const kinds = elementsOf(row.mnemonic);
  const registers = x87 ? [] : registersOf(draft);
  let last = vector(random, random.pick(kinds));
  for (const register of registers) {
    const value = random.chance(4) ? vary(random, last) : vector(random, random.pick(kinds));
    last = value;
    view.setBigUint64(160 + 16 * register, value & 0xffffffffffffffffn, true);
    view.setBigUint64(168 + 16 * register, value >> 64n, true);
  }
  if (x87 || row.operands.some((operand) => /^[PQN]/.test(operand))) fillStack(draft, view, x87);
  if (draft.memory !== undefined) putFloatMemory(draft, kinds, last, x87);
}

/** XMM registers that the instruction names. */
export function registersOf({ tail, rex, row }: Draft): number[] {
  if (tail.length === 0) return [];
  const reg = ((tail[0]! >> 3) & 7) | (rex & 4 ? 8 : 0);
  const rm = (tail[0]! & 7) | (rex & 1 ? 8 : 0);
  const direct = tail[0]! >= 0xc0 && row.rm === undefined;
  return direct ? [reg, rm] : [reg];
}

function vector(random: Random, kind: Elements): bigint {
  if (kind === "double") return random.double() | (random.double() << 64n);
  if (kind === "single")
    return [0, 32, 64, 96].reduce((bits, at) => bits | (random.single() << BigInt(at)), 0n);
  if (kind === "letter") return letters(random);
  return random.chance(6) ? BigInt(random.below(80)) : random.bits64() | (random.bits64() << 64n);
}

/** Sixteen bytes, or eight words, of few different values, zero among them. */
function letters(random: Random): bigint {
  const size = random.chance(2) ? 8 : 16;
  const range = random.pick([2, 4, 12]);
  let bits = 0n;
  for (let at = 0; at < 128; at += size) bits |= BigInt(random.below(range)) << BigInt(at);
  return random.chance(4) ? bits | (0x80n << BigInt(8 * random.below(16))) : bits;
}

/** A near relative of a vector: same, negated, or a unit apart. */
function vary(random: Random, value: bigint): bigint {
  const sign = 0x8000_0000_8000_0000_8000_0000_8000_0000n;
  const one = 0x0000_0001_0000_0001_0000_0001_0000_0001n;
  return random.pick([value, value ^ sign, value ^ one, value ^ (1n << 63n) ^ (1n << 127n)]);
}

function chooseMxcsr(random: Random): number {
  const raised = random.chance(2) ? random.below(64) : 0;
  const masks = random.chance(6) ? random.below(64) << 7 : 0x1f80;
  const rounding = random.chance(2) ? 0 : random.below(4) << 13;
  const flushing = random.chance(4) ? random.pick([0x40, 0x8000, 0x8040]) : 0;
  return raised | masks | rounding | flushing;
}

function chooseX87Control(random: Random, view: DataView, file: string): void {
  const masks = random.chance(5) ? random.below(64) : 0x3f;
  const control =
    0x40 | masks | (random.pick([0, 2, 3, 3]) << 8) | (random.chance(2) ? 0 : random.below(4) << 10);
  // Exceptions already pending would only give #MF; once in a while they do. What saves the state must see them more often.
  const pending = random.chance(/^(fxsave|xsave)$/.test(file) ? 2 : 40) ? 0x3f : masks;
  const raised = random.chance(2) ? random.below(64) & pending : 0;
  const summary = raised & ~masks & 0x3f ? 0x8080 : 0;
  view.setUint16(0, control, true);
  view.setUint16(2, raised | summary | (random.next() & 0x7f00 & ~0x80), true);
  // Without a pending exception the host's kernel loses them when it happens to switch tasks.
  if (summary === 0) return;
  view.setUint16(6, random.below(0x800), true);
  view.setBigUint64(8, random.bits64() >> 17n, true);
  view.setBigUint64(16, random.bits64() >> 17n, true);
}

function fillStack(draft: Draft, view: DataView, x87: boolean): void {
  const { random, row } = draft;
  view.setUint8(
    4,
    x87 ? random.pick([0xff, 0xff, 0xff, 0, random.below(256), random.below(256)]) : random.below(256),
  );
  if (/^f(ld|ild|bld|xtract|sincos|ptan)/.test(row.mnemonic) && random.chance(2)) view.setUint8(4, 0);
  let last = random.extended();
  const modrm = draft.tail[0] ?? 0;
  const named = x87 ? [0, 1, modrm & 7] : [modrm & 7, (modrm >> 3) & 7];
  for (let i = 0; i < 8; i++) {
    // Registers that the instruction does not name only have to stay as they are.
    if (!named.includes(i) && !random.chance(4)) continue;
    if (!x87) last = random.chance(4) ? last : vector(random, "integer") & ((1n << 80n) - 1n);
    else last = random.chance(4) ? last ^ random.pick([0n, 1n, 1n << 79n, 1n << 64n]) : random.extended();
    view.setBigUint64(32 + 16 * i, last & 0xffffffffffffffffn, true);
    view.setUint16(40 + 16 * i, Number(last >> 64n), true);
  }
}

function putFloatMemory(draft: Draft, kinds: Elements[], last: bigint, x87: boolean): void {
  const address = draft.memory!;
  if (/^(fxrstor|fldenv|frstor|xrstor)/.test(draft.row.mnemonic)) putImage(draft, address);
  else putMemory(draft.state, address, floatOperand(draft, kinds, last, x87));
}

function floatOperand({ random, row }: Draft, kinds: Elements[], last: bigint, x87: boolean): number[] {
  if (row.mnemonic === "fldcw") return little(random.next(), 2);
  if (row.mnemonic === "ldmxcsr")
    // Bit 17 is AMD's misaligned mode: reserved elsewhere and here.
    return little((chooseMxcsr(random) | (random.chance(8) ? 1 << random.below(32) : 0)) & ~0x20000, 4);
  if (!x87) return little(random.chance(4) ? vary(random, last) : vector(random, random.pick(kinds)), 16);
  switch (random.below(5)) {
    case 0:
      return little(random.extended(), 10);
    case 1:
      return little(random.single(), 10);
    case 2:
      return little(random.integer(), 10);
    case 3:
      return little(bcd(random), 10);
    default:
      return little(random.double(), 10);
  }
}

/** An FXSAVE image or x87 environment whose reserved bits are sane most of the time. */
function putImage({ random, state, row }: Draft, address: bigint): void {
  const words = Array.from({ length: /^f?xr/.test(row.mnemonic) ? 64 : 14 }, () => random.bits64());
  putMemory(
    state,
    address,
    words.flatMap((word) => little(word, 8)),
  );
  if (/^f?xr/.test(row.mnemonic)) putMemory(state, address + 24n, little(chooseMxcsr(random), 4));
  if (random.chance(2)) putMemory(state, address, little(0x37f, 2));
}

function bcd(random: Random): bigint {
  let digits = 0n;
  for (let i = 0; i < 18; i++) digits = (digits << 4n) | BigInt(random.below(10));
  return digits | (BigInt(random.below(2)) << 79n);
}
