// Memory operands: where they lie, and the ModRM, SIB, displacement and registers that lead there (SDM 2 tables 2-1 to 2-3).
import {
  type Draft,
  little,
  type Place,
  putMemory,
  RAX,
  RBP,
  RBX,
  RCX,
  RDI,
  RDX,
  RSI,
  RSP,
} from "./draft.ts";
import type { Random } from "./random.ts";
import type { Row } from "./rows.ts";
import { WINDOW, WINDOW_AT } from "./state.ts";

/** Where a memory operand lies: in the window, sometimes misaligned or across the end of the page. */
function chooseAddress({ random, row, place }: Draft): bigint {
  if (place !== undefined && place !== "noncanonical") return purposely(row, place);
  if (row.file === "xsave" && !random.chance(10)) return WINDOW_AT + BigInt(64 * random.below(2));
  const size = row.mnemonic.startsWith("fx") && row.map === 1 && row.digit! < 2 ? 512 : 128;
  const strict = row.operands.some((operand) => /^[VWM]/.test(operand));
  if (random.chance(24)) return WINDOW_AT + BigInt(WINDOW - random.below(16));
  const address = WINDOW_AT + BigInt(random.below(WINDOW - size));
  return strict && !random.chance(10) ? address & ~15n : address;
}

/** Bytes and what must be aligned begin behind the page, everything else is cut by its end. */
function purposely(row: Row, place: Place): bigint {
  const end = WINDOW_AT + BigInt(WINDOW);
  if (place === "misaligned") return WINDOW_AT + 65n;
  const whole =
    row.size === "b" ||
    row.file === "xsave" ||
    row.operands.some((operand) => /^(.b|[VWMQ].*)$/.test(operand));
  return whole ? end : end - 1n;
}

/** ModRM, SIB and displacement for a memory operand; sets the registers that make up the address. */
export function addMemory(draft: Draft, reg: number): void {
  const { random, row, state, tail } = draft;
  const target = chooseAddress(draft);
  draft.memory = target;
  const fresh = random.integer();
  putMemory(state, target, little(random.bits64() | (random.bits64() << 64n), 16));
  if (random.chance(3)) putMemory(state, target, little(fresh, 8));
  const form = draft.place === "noncanonical" ? 9 : random.below(10);
  if (form === 0 && row.bits === 64) {
    draft.relative = { at: 1, target };
    tail.push((reg << 3) | 5, 0, 0, 0, 0);
  } else if (form === 0) tail.push((reg << 3) | 5, ...little(target, 4));
  else if (form === 1) tail.push((reg << 3) | 4, 0x25, ...little(target, 4));
  else if (form === 2 && row.bits === 32 && draft.place === undefined) addNarrow(draft, reg);
  else addBaseIndex(draft, reg, target);
}

function addBaseIndex(draft: Draft, reg: number, target: bigint): void {
  const { random, row, tail } = draft;
  const narrow = row.bits === 64 && draft.place === undefined && random.chance(8);
  if (narrow) draft.legacy.unshift(0x67);
  const base = pickAddressRegister(draft, -1);
  const withIndex = random.chance(2);
  const index = withIndex ? pickAddressRegister(draft, base) : RSP;
  const scale = random.below(4);
  const [mod, displacement] = chooseDisplacement(random, base);
  const indexValue = withIndex ? (random.chance(2) ? BigInt(random.below(64)) : random.bits64()) : 0n;
  let value = target - displacement - (indexValue << BigInt(scale));
  if (narrow) value = BigInt.asUintN(32, value) | (random.bits64() & ~0xffffffffn);
  // Now and then not canonical.
  else if (draft.place === "noncanonical" || (draft.place === undefined && random.chance(40)))
    value ^= 1n << BigInt(48 + random.below(16));
  draft.set(base, value);
  if (withIndex) draft.set(index, indexValue);
  if (base >= 8) draft.rex |= 1;
  if (withIndex && index >= 8) draft.rex |= 2;
  const sib = withIndex || (base & 7) === RSP || random.chance(8);
  tail.push((mod << 6) | (reg << 3) | (sib ? 4 : base & 7));
  if (sib) tail.push((scale << 6) | ((index & 7) << 3) | (base & 7));
  tail.push(...little(BigInt.asUintN(32, displacement), mod === 0 ? 0 : mod === 1 ? 1 : 4));
}

/** Registers of the eight 16-bit address forms. */
const NARROW_FORMS = [[RBX, RSI], [RBX, RDI], [RBP, RSI], [RBP, RDI], [RSI], [RDI], [RBP], [RBX]]; // biome-ignore format: a table

/** 16-bit addressing in 32-bit mode: reaches the first 64 KiB, where nothing is mapped, so that CR2 shows the sum. */
function addNarrow(draft: Draft, reg: number): void {
  const { random, tail } = draft;
  draft.legacy.unshift(0x67);
  draft.memory = undefined;
  const rm = random.below(8);
  const mod = random.below(3);
  tail.push((mod << 6) | (reg << 3) | rm);
  for (const register of NARROW_FORMS[rm]!) draft.set(register, random.bits64());
  tail.push(...little(random.next(), mod === 2 || (mod === 0 && rm === 6) ? 2 : mod));
}

/** Any register but RSP (never an index) and those with a value of their own. */
function pickAddressRegister({ random, row, registers }: Draft, not: number): number {
  const implicit = /^(sh|sa|rc|ro)/.test(row.mnemonic)
    ? [RCX]
    : /^(cmpxchg|mul|imul|div|idiv|pcmpestr|xsave|xrstor)/.test(row.mnemonic)
      ? [RAX, RDX, RBX, RCX]
      : [];
  for (;;) {
    const register = random.below(registers);
    if (register !== RSP && register !== not && !implicit.includes(register)) return register;
  }
}

function chooseDisplacement(random: Random, base: number): [mod: number, displacement: bigint] {
  const mod = random.below(3);
  if (mod === 0 && (base & 7) !== RBP) return [0, 0n];
  if (mod === 2) return [2, BigInt(random.next() | 0) >> BigInt(random.below(24))];
  return [1, BigInt((random.next() << 24) >> 24)];
}

/** Whether the address that `tail` holds is made from a register. */
export function addressUses({ tail, rex, relative, legacy, row }: Draft, register: number): boolean {
  if (relative !== undefined || (tail[0]! & 0xc7) === 5) return false;
  if (row.bits === 32 && legacy.includes(0x67)) return true;
  const rm = tail[0]! & 7;
  if (rm !== 4) return (rm | (rex & 1 ? 8 : 0)) === register;
  const base = (tail[1]! & 7) | (rex & 1 ? 8 : 0);
  const index = ((tail[1]! >> 3) & 7) | (rex & 2 ? 8 : 0);
  return base === register || index === register;
}
