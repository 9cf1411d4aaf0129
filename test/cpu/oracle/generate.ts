// Makes cases for a row of the opcode table: encodings (prefixes, ModRM, SIB, displacements) and the states before them. Everything follows
// from the seed. Knows the notation of operands (SDM 2 A.2.1), not what an instruction does, except where a random state would only
// ever fault: addresses, counts, divisors, stacks.
import { isMemoryOnly, usesModRM } from "../../../emulator/cpu/opcodes/table.ts";
import type { Random } from "./random.ts";
import type { Row } from "./rows.ts";
import { baseState, type Case, CODE_AT, type State, WINDOW, WINDOW_AT } from "./state.ts";

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;
const RSP = 4;
const RBP = 5;
const RSI = 6;
const RDI = 7;

const LOCKABLE = /^(add|adc|and|btc|btr|bts|cmpxchg.*|dec|inc|neg|not|or|sbb|sub|xor|xadd|xchg)$/;
const VECTOR_OPERAND = /^[VWPQNX]/;
const PREFIX_BYTES = { NP: 0, "66": 0x66, F3: 0xf3, F2: 0xf2 } as const;
const ESCAPES = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];

/** An instruction and state under construction. */
class Draft {
  readonly state: State = baseState();
  readonly legacy: number[] = [];
  readonly tail: number[] = [];
  rex = 0;
  rexUsed = false;
  /** Where in `tail` a RIP-relative displacement stands, and what it should reach. */
  relative: { at: number; target: bigint } | undefined;
  operandBits = 32;
  /** Linear address of the memory operand, once chosen. */
  memory: bigint | undefined;

  constructor(
    readonly row: Row,
    readonly random: Random,
  ) {}

  code(): Uint8Array {
    const rex = this.rex !== 0 || this.rexUsed ? [0x40 | this.rex] : [];
    const bytes = [...this.legacy, ...rex, ...ESCAPES[this.row.map]!, this.row.opcode, ...this.tail];
    if (this.relative) {
      const at = bytes.length - this.tail.length + this.relative.at;
      const displacement = Number(this.relative.target - (CODE_AT + BigInt(bytes.length)));
      for (let i = 0; i < 4; i++) bytes[at + i] = (displacement >> (8 * i)) & 0xff;
    }
    return Uint8Array.from(bytes);
  }
}

function little(value: bigint | number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
}

/** One case of a row; undefined when the draft came out longer than an instruction may be. */
export function generateCase(row: Row, random: Random): Case | undefined {
  const draft = new Draft(row, random);
  fillRegisters(draft);
  choosePrefixes(draft);
  if (usesModRM(row)) addModRm(draft);
  addOperands(draft);
  arrangeImplicit(draft);
  if (usesFloat(row)) fillFloat(draft);
  const code = draft.code();
  if (code.length > 15) return undefined;
  const operand = draft.memory === undefined ? {} : { operand: Number(draft.memory - WINDOW_AT) };
  return { code, before: draft.state, ...operand };
}

/** Escape opcodes D8-DF, FWAIT, and the images that hold x87 state. */
function isX87(row: Row): boolean {
  return row.map === 0 && ((row.opcode & 0xf8) === 0xd8 || row.opcode === 0x9b);
}

export function usesFloat(row: Row): boolean {
  return (
    row.operands.some((operand) => VECTOR_OPERAND.test(operand)) ||
    /^(f|x87|sse)/.test(row.file) ||
    row.file === "fxsave"
  );
}

function fillRegisters({ state, random, row }: Draft): void {
  state.flags = (random.next() & 0x8d5) | (row.file === "string" && random.chance(3) ? 0x400 : 0);
  if (usesFloat(row)) return;
  for (const register of [RAX, RCX, RDX, RBX]) state.gpr[register] = random.integer();
}

/** Mandatory, size, LOCK and REP prefixes. */
function choosePrefixes(draft: Draft): void {
  const { row, random, legacy } = draft;
  const prefix = PREFIX_BYTES[row.prefix ?? "NP"];
  const forced = row.options.has("f64");
  draft.operandBits = forced || row.options.has("d64") ? 64 : 32;
  const choice = random.below(6);
  const sized = row.size === "v" || row.size === "y";
  if (sized && choice < 2 && row.w === undefined) {
    draft.rex |= 8;
    draft.operandBits = 64;
  } else if (choice === 2 && takes16(row)) {
    legacy.push(0x66);
    draft.operandBits = 16;
  }
  if (row.w === 1) draft.rex |= 8;
  if (prefix !== 0) legacy.push(prefix);
  if (row.file === "string" && random.chance(2)) legacy.push(random.pick([0xf2, 0xf3]));
}

/** Whether an operand-size prefix is worth a case. A 16-bit MOVSXD reads two bytes on Intel's processors and four on AMD's. */
function takes16(row: Row): boolean {
  return row.size === "v" && row.prefix === undefined && !row.options.has("f64") && row.mnemonic !== "movsxd";
}

function addModRm(draft: Draft): void {
  const { row, random } = draft;
  let reg = row.digit ?? chooseRegister(draft, /^[GVPCD]/, 4);
  reg &= 7;
  if (row.rm !== undefined) {
    draft.tail.push(0xc0 | (reg << 3) | row.rm);
    return;
  }
  const memory = row.mod === "m" || isMemoryOnly(row) || (row.mod === undefined && random.chance(2));
  if (memory) addMemory(draft, reg);
  else draft.tail.push(0xc0 | (reg << 3) | (chooseRegister(draft, /^[EWQXNR]/, 1) & 7));
}

/** A register for the operand that matches, with its REX bit and a fresh value. */
function chooseRegister(draft: Draft, kind: RegExp, rexBit: number): number {
  const { row, random, state } = draft;
  const operand = row.operands.find((each) => kind.test(each));
  const mmx = operand !== undefined && /^[PQN]/.test(operand);
  const register = mmx || operand === undefined ? random.below(8) : random.below(16);
  if (register >= 8) draft.rex |= rexBit;
  if (operand && /^[EGR]/.test(operand)) {
    state.gpr[register] = random.integer();
    // Without REX, byte registers 4-7 are AH CH DH BH; with it SPL BPL SIL DIL.
    if (operand.endsWith("b")) draft.rexUsed ||= random.chance(2);
  }
  return register;
}

/** Where a memory operand lies: in the window, sometimes misaligned, across the end of the page, or not canonical. */
function chooseAddress(draft: Draft): bigint {
  const { random, row } = draft;
  const size = row.mnemonic.startsWith("fx") && row.map === 1 && row.digit! < 2 ? 512 : 128;
  const strict = row.operands.some((operand) => /^[VWM]/.test(operand));
  if (random.chance(24)) return WINDOW_AT + BigInt(WINDOW - random.below(16));
  const offset = random.below(WINDOW - size);
  const address = WINDOW_AT + BigInt(offset);
  return strict && !random.chance(10) ? address & ~15n : address;
}

/** ModRM, SIB and displacement for a memory operand; sets the registers that make up the address. */
function addMemory(draft: Draft, reg: number): void {
  const { random, state, tail } = draft;
  const target = chooseAddress(draft);
  draft.memory = target;
  const fresh = random.integer();
  putMemory(state, target, little(random.bits64() | (random.bits64() << 64n), 16));
  if (random.chance(3)) putMemory(state, target, little(fresh, 8));
  const form = random.below(10);
  if (form === 0) {
    draft.relative = { at: 1, target };
    tail.push((reg << 3) | 5, 0, 0, 0, 0);
    return;
  }
  if (form === 1) {
    tail.push((reg << 3) | 4, 0x25, ...little(target, 4));
    return;
  }
  addBaseIndex(draft, reg, target);
}

function addBaseIndex(draft: Draft, reg: number, target: bigint): void {
  const { random, state, tail } = draft;
  const narrow = random.chance(8);
  if (narrow) draft.legacy.unshift(0x67);
  const base = pickAddressRegister(draft, -1);
  const withIndex = random.chance(2);
  const index = withIndex ? pickAddressRegister(draft, base) : RSP;
  const scale = random.below(4);
  const [mod, displacement] = chooseDisplacement(random, base);
  const indexValue = withIndex ? (random.chance(2) ? BigInt(random.below(64)) : random.bits64()) : 0n;
  const mask = narrow ? 32 : 64;
  let value = BigInt.asUintN(mask, target - displacement - (indexValue << BigInt(scale)));
  if (narrow) value |= random.bits64() & ~0xffffffffn;
  else if (random.chance(40)) value ^= 1n << BigInt(48 + random.below(16));
  state.gpr[base] = BigInt.asUintN(64, value);
  if (withIndex) state.gpr[index] = indexValue;
  if (base >= 8) draft.rex |= 1;
  if (withIndex && index >= 8) draft.rex |= 2;
  const sib = withIndex || (base & 7) === RSP || random.chance(8);
  tail.push((mod << 6) | (reg << 3) | (sib ? 4 : base & 7));
  if (sib) tail.push((scale << 6) | ((index & 7) << 3) | (base & 7));
  tail.push(...little(BigInt.asUintN(32, displacement), mod === 0 ? 0 : mod === 1 ? 1 : 4));
}

/** Any register but RSP (never an index) and those with a value of their own. */
function pickAddressRegister({ random, row }: Draft, not: number): number {
  const implicit = /^(sh|sa|rc|ro)/.test(row.mnemonic)
    ? [RCX]
    : /^(cmpxchg|mul|imul|div|idiv)/.test(row.mnemonic)
      ? [RAX, RDX, RBX, RCX]
      : [];
  for (;;) {
    const register = random.below(16);
    if (register !== RSP && register !== not && !implicit.includes(register)) return register;
  }
}

function chooseDisplacement(random: Random, base: number): [mod: number, displacement: bigint] {
  const mod = random.below(3);
  if (mod === 0 && (base & 7) !== RBP) return [0, 0n];
  if (mod === 2) return [2, BigInt(random.next() | 0) >> BigInt(random.below(24))];
  return [1, BigInt((random.next() << 24) >> 24)];
}

function putMemory(state: State, address: bigint, bytes: number[]): void {
  const at = Number(address - WINDOW_AT);
  bytes.forEach((byte, i) => {
    if (at + i >= 0 && at + i < WINDOW) state.window[at + i] = byte;
  });
}

/** Immediates, branch offsets and absolute addresses; registers in the opcode's low bits are part of the opcode. */
function addOperands(draft: Draft): void {
  const { row, random, tail, state } = draft;
  for (const operand of row.operands) {
    if (/^[IJU]/.test(operand)) tail.push(...immediate(draft, operand));
    if (/^O/.test(operand)) {
      draft.memory = WINDOW_AT + BigInt(random.below(WINDOW - 8));
      putMemory(state, draft.memory, little(random.bits64(), 8));
      tail.push(...little(draft.memory, 8));
    }
    if (/^Z/.test(operand)) {
      const high = random.chance(2) ? 8 : 0;
      if (high) draft.rex |= 1;
      state.gpr[(row.opcode & 7) | high] = random.integer();
      if (operand.endsWith("b")) draft.rexUsed ||= random.chance(2);
    }
  }
}

function immediate({ random, operandBits, row }: Draft, operand: string): number[] {
  const size = operand.slice(1);
  if (size.startsWith("b") || size.startsWith("s"))
    return [random.chance(3) ? random.below(66) : random.below(256)];
  if (size === "w") return little(random.chance(2) ? random.below(64) : random.next(), 2);
  if (size === "w2") return [...little(random.below(64), 2), random.chance(4) ? random.below(8) : 0];
  if (size === "v" && row.map === 0 && (row.opcode & 0xf8) === 0xb8) {
    return little(random.integer(), operandBits / 8);
  }
  // Branches ignore the operand-size prefix on Intel and honour it on AMD: none is generated for them.
  return little(random.integer(), operandBits === 16 && !operand.startsWith("J") ? 2 : 4);
}

/** States in which the instruction has something to do. */
function arrangeImplicit(draft: Draft): void {
  const { row, random, state } = draft;
  const name = row.mnemonic;
  if (row.file === "string") arrangeString(draft);
  if (/^(div|idiv)$/.test(name)) arrangeDivision(draft);
  if (/^bt[src]?$/.test(name) && draft.memory !== undefined) narrowBitOffset(draft);
  if (/^(shl|shr|sar|rol|ror|rcl|rcr|sal|shld|shrd)$/.test(name) && random.chance(2)) {
    state.gpr[RCX] = (state.gpr[RCX]! & ~0xffn) | BigInt(random.below(70));
  }
  if (/^(push|pop|call|ret|leave|enter|pushf|popf)/.test(name)) arrangeStack(draft);
  if (name === "xlat" || name === "xlatb") state.gpr[RBX] = WINDOW_AT + BigInt(random.below(WINDOW - 256));
  if (/^maskmov/.test(name)) state.gpr[RDI] = WINDOW_AT + BigInt(random.below(WINDOW - 16));
  if (/^(jmp|call)/.test(name) && row.digit !== undefined) arrangeTarget(draft);
  if (/^cmpxchg/.test(name)) arrangeExchange(draft);
  if (
    LOCKABLE.test(name) &&
    draft.memory !== undefined &&
    /^[EM]/.test(row.operands[0] ?? "") &&
    random.chance(5)
  ) {
    draft.legacy.unshift(0xf0);
  }
}

function arrangeString({ state, random }: Draft): void {
  for (const register of [RSI, RDI])
    state.gpr[register] = WINDOW_AT + BigInt(80 + random.below(WINDOW - 160));
  if (random.chance(16)) state.gpr[RDI] = WINDOW_AT + BigInt(WINDOW - random.below(20));
  state.gpr[RCX] = BigInt(random.below(9));
  putMemory(state, state.gpr[RSI]! - 16n, little(random.bits64() * 0x10001n, 32));
  // Equal stretches, so that repeated comparisons run on.
  if (random.chance(2))
    putMemory(state, state.gpr[RDI]! - 16n, [
      ...state.window.subarray(Number(state.gpr[RSI]! - 16n - WINDOW_AT)).subarray(0, 32),
    ]);
  if (random.chance(2)) state.gpr[RAX] = BigInt.asUintN(64, state.gpr[RAX]! & 0n);
}

function arrangeDivision({ state, random, operandBits, row }: Draft): void {
  if (random.chance(4)) return;
  const bits = row.opcode === 0xf6 ? 8 : operandBits;
  const high = random.chance(2)
    ? 0n
    : random.chance(2)
      ? BigInt(random.below(20))
      : -BigInt(random.below(20));
  if (bits === 8)
    state.gpr[RAX] = (state.gpr[RAX]! & ~0xffffn) | BigInt(random.below(random.pick([64, 0x1000, 0x10000])));
  else
    state.gpr[RDX] = BigInt.asUintN(
      64,
      random.chance(3) && bits < 64 ? high | (random.bits64() << BigInt(bits)) : high,
    );
}

/** Bit tests of memory reach beyond their operand: keep them inside the window. */
function narrowBitOffset(draft: Draft): void {
  const { row, random, state, tail } = draft;
  if (!row.operands[1]?.startsWith("G")) return;
  const register = ((tail[0]! >> 3) & 7) | (draft.rex & 4 ? 8 : 0);
  const room = Number(draft.memory! - WINDOW_AT);
  const bits =
    random.below(2 * 8 * Math.max(1, Math.min(room, WINDOW - room - 16)) + 1) -
    8 * Math.max(1, Math.min(room, WINDOW - room - 16));
  const address = draft.relative === undefined && (tail[0]! & 0xc7) !== 4;
  const usedForAddress = address || (tail[0]! & 7) === 4;
  if (usedForAddress && addressUses(draft, register)) return;
  state.gpr[register] = BigInt.asUintN(64, BigInt(bits));
}

function addressUses({ tail, rex }: Draft, register: number): boolean {
  const rm = tail[0]! & 7;
  if (rm !== 4) return (rm | (rex & 1 ? 8 : 0)) === register;
  const base = (tail[1]! & 7) | (rex & 1 ? 8 : 0);
  const index = ((tail[1]! >> 3) & 7) | (rex & 2 ? 8 : 0);
  return base === register || index === register;
}

function arrangeStack(draft: Draft): void {
  const { row, random, state } = draft;
  const top = WINDOW_AT + BigInt(160 + 8 * random.below((WINDOW - 240) / 8));
  if (row.mnemonic === "leave") state.gpr[RBP] = top;
  else if (row.mnemonic === "enter") state.gpr[RBP] = top + 64n;
  state.gpr[RSP] = random.chance(30) ? WINDOW_AT + BigInt(WINDOW) - BigInt(random.below(6)) : top;
  let value = random.bits64();
  if (row.mnemonic.startsWith("ret")) value = CODE_AT + BigInt(random.below(1024));
  if (row.mnemonic.startsWith("popf")) value = (value & 0xcd5n) | 0x202n;
  putMemory(state, top, little(value, 8));
}

/** Near indirect branches go somewhere canonical. */
function arrangeTarget(draft: Draft): void {
  const { state, tail, random } = draft;
  const target = random.bits64() >> 20n;
  if (draft.memory !== undefined) putMemory(state, draft.memory, little(target, 8));
  else state.gpr[(tail[0]! & 7) | (draft.rex & 1 ? 8 : 0)] = target;
}

/** The accumulator equals the destination half of the time. */
function arrangeExchange({ state, memory, random, row }: Draft): void {
  if (memory === undefined || random.chance(2)) return;
  const at = Number(memory - WINDOW_AT);
  if (at + 16 > WINDOW) return;
  const view = new DataView(state.window.buffer, at);
  state.gpr[RAX] = view.getBigUint64(0, true);
  if (row.mnemonic === "cmpxchg16b") state.gpr[RDX] = view.getBigUint64(8, true);
  if (row.mnemonic === "cmpxchg8b") {
    state.gpr[RAX] = BigInt(view.getUint32(0, true));
    state.gpr[RDX] = BigInt(view.getUint32(4, true));
  }
}

// ---- x87, MMX and SSE state ----

type Elements = "single" | "double" | "integer" | "extended";

/** Kinds of numbers worth feeding to a mnemonic. */
function elementsOf(mnemonic: string): Elements[] {
  const kinds: Elements[] = [];
  if (/(ss|ps)/.test(mnemonic)) kinds.push("single");
  if (/(sd|pd)/.test(mnemonic)) kinds.push("double");
  return kinds.length > 0 ? kinds : ["integer"];
}

function fillFloat(draft: Draft): void {
  const { row, random, state } = draft;
  const view = new DataView(state.fx.buffer);
  const x87 = isX87(row);
  view.setUint32(24, chooseMxcsr(random), true);
  chooseX87Control(random, view, x87);
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
function registersOf({ tail, rex, row }: Draft): number[] {
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
  return random.chance(6) ? BigInt(random.below(80)) : random.bits64() | (random.bits64() << 64n);
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

function chooseX87Control(random: Random, view: DataView, x87: boolean): void {
  if (!x87) return;
  const masks = random.chance(5) ? random.below(64) : 0x3f;
  const control =
    0x40 | masks | (random.pick([0, 2, 3, 3]) << 8) | (random.chance(2) ? 0 : random.below(4) << 10);
  // Exceptions already pending would only give #MF; once in a while they do.
  const pending = random.chance(40) ? 0x3f : masks;
  const raised = random.chance(2) ? random.below(64) & pending : 0;
  const summary = raised & ~masks & 0x3f ? 0x8080 : 0;
  view.setUint16(0, control, true);
  view.setUint16(2, raised | summary | (random.next() & 0x7f00 & ~0x80), true);
}

function fillStack(draft: Draft, view: DataView, x87: boolean): void {
  const { random, row } = draft;
  view.setUint8(
    4,
    x87 ? random.pick([0xff, 0xff, 0xff, 0, random.below(256), random.below(256)]) : random.below(256),
  );
  if (/^f(ld|ild|bld|xtract|sincos|ptan)/.test(row.mnemonic) && random.chance(2)) view.setUint8(4, 0);
  let last = random.extended();
  const named = draft.tail.length > 0 ? draft.tail[0]! & 7 : 0;
  for (let i = 0; i < 8; i++) {
    // Registers that the instruction does not name only have to stay as they are.
    if (x87 && i > 1 && i !== named && !random.chance(4)) continue;
    if (!x87) last = random.chance(4) ? last : vector(random, "integer") & ((1n << 80n) - 1n);
    else last = random.chance(4) ? last ^ random.pick([0n, 1n, 1n << 79n, 1n << 64n]) : random.extended();
    view.setBigUint64(32 + 16 * i, last & 0xffffffffffffffffn, true);
    view.setUint16(40 + 16 * i, Number(last >> 64n), true);
  }
}

function putFloatMemory(draft: Draft, kinds: Elements[], last: bigint, x87: boolean): void {
  const address = draft.memory!;
  if (/^(fxrstor|fldenv|frstor)/.test(draft.row.mnemonic)) putImage(draft, address);
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
  const words = Array.from({ length: row.mnemonic.startsWith("fx") ? 64 : 14 }, () => random.bits64());
  putMemory(
    state,
    address,
    words.flatMap((word) => little(word, 8)),
  );
  if (row.mnemonic.startsWith("fx")) putMemory(state, address + 24n, little(chooseMxcsr(random), 4));
  if (random.chance(2)) putMemory(state, address, little(0x37f, 2));
}

function bcd(random: Random): bigint {
  let digits = 0n;
  for (let i = 0; i < 18; i++) digits = (digits << 4n) | BigInt(random.below(10));
  return digits | (BigInt(random.below(2)) << 79n);
}
