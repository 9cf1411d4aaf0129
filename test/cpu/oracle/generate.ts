// Makes cases for a row of the opcode table: encodings and the states before them. Everything follows from the seed. Knows the notation of
// operands (SDM 2 A.2.1), not what an instruction does, except where a random state would only ever fault: counts, divisors, stacks.
import { isMemoryOnly, usesModRM } from "../../../emulator/cpu/opcodes/table.ts";
import { addMemory, addressUses } from "./address.ts";
import { Draft, little, type Place, putMemory, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP } from "./draft.ts";
import { fillFloat, usesFloat } from "./float.ts";
import type { Random } from "./random.ts";
import type { Row } from "./rows.ts";
import { type Case, CODE_AT, WINDOW, WINDOW_AT } from "./state.ts";
import { arrangeSelector, arrangeSystem, segmentNumber } from "./system.ts";

const LOCKABLE = /^(add|adc|and|btc|btr|bts|cmpxchg.*|dec|inc|neg|not|or|sbb|sub|xor|xadd|xchg)$/;
const PREFIX_BYTES = { NP: 0, "66": 0x66, F3: 0xf3, F2: 0xf2 } as const;

/** One case of a row; undefined when it came out longer than an instruction may be. */
export function generateCase(row: Row, random: Random, place?: Place): Case | undefined {
  return caseOf(generateDraft(row, random, place));
}

/** Whether the row can have a memory operand whose place is chosen here. */
export function hasMemoryForm(row: Row): boolean {
  if (row.operands.some((operand) => operand.startsWith("O"))) return true;
  return (
    usesModRM(row) &&
    row.mod !== "3" &&
    row.rm === undefined &&
    row.operands.some((operand) => /^[EMWQ]/.test(operand))
  );
}

export function generateDraft(row: Row, random: Random, place?: Place): Draft {
  const draft = new Draft(row, random, place);
  fillRegisters(draft);
  choosePrefixes(draft);
  if (usesModRM(row)) addModRm(draft);
  addOperands(draft);
  arrangeImplicit(draft);
  if (usesFloat(row)) fillFloat(draft);
  return draft;
}

export function caseOf(draft: Draft): Case | undefined {
  const code = draft.code();
  if (code.length > 15) return undefined;
  const operand = draft.memory === undefined ? {} : { operand: Number(draft.memory - WINDOW_AT) };
  return {
    code,
    before: draft.state,
    ...operand,
    ...(draft.row.file === "control" ? { branches: true } : {}),
  };
}

function fillRegisters(draft: Draft): void {
  const { state, random, row } = draft;
  state.flags = (random.next() & 0x8d5) | (row.file === "string" && random.chance(3) ? 0x400 : 0);
  if (usesFloat(row)) return;
  for (const register of [RAX, RCX, RDX, RBX]) draft.fill(register);
}

/** Mandatory, size and REP prefixes. */
function choosePrefixes(draft: Draft): void {
  const { row, random, legacy } = draft;
  const prefix = PREFIX_BYTES[row.prefix ?? "NP"];
  const wide = row.options.has("f64") || row.options.has("d64");
  draft.operandBits = row.bits === 64 && wide ? 64 : 32;
  const choice = random.below(6);
  const sized = row.size === "v" || row.size === "y";
  if (row.bits === 64 && sized && choice < 2 && row.w === undefined) {
    draft.rex |= 8;
    draft.operandBits = 64;
  } else if (choice === 2 && takes16(row)) {
    legacy.push(0x66);
    draft.operandBits = 16;
  }
  if (row.w === 1) draft.rex |= 8;
  if (draft.isVex) chooseVex(draft);
  else if (prefix !== 0) legacy.push(prefix);
  if (row.file === "string" && random.chance(2)) legacy.push(random.pick([0xf2, 0xf3]));
}

/** VEX.vvvv names a register or is 1111b; outside 64-bit mode W is ignored; L = 1 is undefined, as is a register where none belongs. */
function chooseVex(draft: Draft): void {
  const { row, random } = draft;
  if (row.bits === 32 && random.chance(4)) draft.rex |= 8;
  if (draft.place === undefined && random.chance(50)) draft.vexL = 1;
  if (row.operands.some((operand) => operand.startsWith("B"))) {
    draft.vvvv = random.below(draft.registers);
    draft.fill(draft.vvvv);
  } else if (draft.place === undefined && random.chance(50)) draft.vvvv = 1;
}

/**
 * Whether an operand-size prefix is worth a case. Branches ignore it on Intel's processors and honour it on AMD's; a 16-bit MOVSXD reads two
 * bytes on the former and four on the latter.
 */
function takes16(row: Row): boolean {
  return row.size === "v" && row.prefix === undefined && !row.options.has("f64") && row.mnemonic !== "movsxd";
}

function addModRm(draft: Draft): void {
  const { row, random } = draft;
  const reg =
    (row.digit ??
      (row.mnemonic === "mov" && row.file === "segment"
        ? segmentNumber(draft)
        : chooseRegister(draft, /^[GVPCD]/, 4))) & 7;
  if (row.rm !== undefined) {
    draft.tail.push(0xc0 | (reg << 3) | row.rm);
    return;
  }
  const memory =
    row.mod === "m" ||
    isMemoryOnly(row) ||
    (row.mod === undefined && (draft.place !== undefined || random.chance(2)));
  if (memory) addMemory(draft, reg);
  else draft.tail.push(0xc0 | (reg << 3) | (chooseRegister(draft, /^[EWQXNR]/, 1) & 7));
}

/** A register for the operand that matches, with its REX bit and a fresh value. */
function chooseRegister(draft: Draft, kind: RegExp, rexBit: number): number {
  const { row, random } = draft;
  const operand = row.operands.find((each) => kind.test(each));
  const mmx = operand !== undefined && /^[PQN]/.test(operand);
  const register = random.below(mmx || operand === undefined ? 8 : draft.registers);
  if (register >= 8) draft.rex |= rexBit;
  if (operand && /^[EGR]/.test(operand)) {
    draft.fill(register);
    if (operand.endsWith("b")) considerRex(draft);
  }
  return register;
}

/** Without REX, byte registers 4-7 are AH CH DH BH; with it SPL BPL SIL DIL. */
function considerRex(draft: Draft): void {
  if (draft.row.bits === 64) draft.rexUsed ||= draft.random.chance(2);
}

/** Immediates, branch offsets, absolute addresses, and registers in the opcode's low bits. */
function addOperands(draft: Draft): void {
  const { row, random, tail } = draft;
  for (const operand of row.operands) {
    if (/^[IJU]/.test(operand)) tail.push(...immediate(draft, operand));
    if (/^Ap/.test(operand)) tail.push(...little(random.next(), 4), ...little(random.next(), 2));
    if (/^O/.test(operand)) {
      draft.memory = absoluteAddress(draft);
      putMemory(draft.state, draft.memory, little(random.bits64(), 8));
      tail.push(...little(draft.memory, row.bits / 8));
    }
    if (/^Z/.test(operand)) {
      const high = row.bits === 64 && random.chance(2) ? 8 : 0;
      if (high) draft.rex |= 1;
      draft.fill((row.opcode & 7) | high);
      if (operand.endsWith("b")) considerRex(draft);
    }
  }
}

function absoluteAddress({ random, place, row }: Draft): bigint {
  if (place === "end") return WINDOW_AT + BigInt(WINDOW);
  const address = WINDOW_AT + BigInt(random.below(WINDOW - 8));
  return place === "noncanonical" && row.bits === 64 ? address | (1n << 50n) : address;
}

function immediate({ random, operandBits, row }: Draft, operand: string): number[] {
  const size = operand.slice(1);
  if (row.mnemonic === "int") return [interruptVector(random)];
  if (size === "b") return [random.chance(3) ? random.below(66) : random.below(256)];
  if (size === "w") return little(random.chance(2) ? random.below(64) : random.next(), 2);
  if (size === "w2") return [...little(random.below(64), 2), random.chance(4) ? random.below(8) : 0];
  if (size === "v" && row.map === 0 && (row.opcode & 0xf8) === 0xb8) {
    return little(random.integer(), operandBits / 8);
  }
  return little(random.integer(), operandBits === 16 ? 2 : 4);
}

/** Not those that the host's kernel lets user code raise: #BP, #OF, and its system call. */
function interruptVector(random: Random): number {
  const vector = random.below(256);
  return vector === 3 || vector === 4 || vector === 0x80 ? 13 : vector;
}

/** States in which the instruction has something to do. */
function arrangeImplicit(draft: Draft): void {
  const { row, random, state } = draft;
  const name = row.mnemonic;
  if (row.file === "string") arrangeString(draft);
  if (/^(div|idiv)$/.test(name)) arrangeDivision(draft);
  if (/^bt[src]?$/.test(name) && draft.memory !== undefined) narrowBitOffset(draft);
  if (/^(shl|shr|sar|rol|ror|rcl|rcr|shld|shrd)$/.test(name) && random.chance(2)) {
    draft.set(RCX, (state.gpr[RCX]! & ~0xffn) | BigInt(random.below(70)));
  }
  if (/^(push|pop|call|ret|leave|enter)/.test(name)) arrangeStack(draft);
  if (/^pcmpestr/.test(name)) arrangeLengths(draft);
  if (name === "xlat") draft.set(RBX, WINDOW_AT + BigInt(random.below(WINDOW - 256)));
  if (/^maskmov/.test(name)) draft.set(RDI, WINDOW_AT + BigInt(random.below(WINDOW - 16)));
  if (/^(jmp|call)/.test(name) && row.digit !== undefined) arrangeTarget(draft);
  if (/^cmpxchg/.test(name)) arrangeExchange(draft);
  if (row.file === "segment") arrangeSelector(draft);
  if (/^(system|xsave)$/.test(row.file)) arrangeSystem(draft);
  const lockable = LOCKABLE.test(name) && draft.memory !== undefined && /^[EM]/.test(row.operands[0] ?? "");
  if (lockable && random.chance(5)) draft.legacy.unshift(0xf0);
}

/** Overlapping or separate ranges, short counts, at times the end of the page; with a 67 prefix garbage in the upper halves. */
function arrangeString(draft: Draft): void {
  const { state, random, row } = draft;
  const inside = () => WINDOW_AT + BigInt(80 + random.below(WINDOW - 160));
  const from = inside();
  const to = random.chance(16) ? WINDOW_AT + BigInt(WINDOW - random.below(20)) : inside();
  putMemory(state, from - 16n, little(random.bits64() * 0x10001n, 32));
  // Equal stretches, so that repeated comparisons run on.
  const same = state.window.slice(Number(from - 16n - WINDOW_AT)).subarray(0, 32);
  if (random.chance(2)) putMemory(state, to - 16n, [...same]);
  if (random.chance(2)) draft.set(RAX, 0n);
  const narrow = row.bits === 64 && random.chance(6);
  if (narrow) draft.legacy.unshift(0x67);
  const garbage = narrow ? random.bits64() & ~0xffffffffn : 0n;
  draft.set(RSI, from | garbage);
  draft.set(RDI, to | garbage);
  draft.set(RCX, BigInt(random.below(9)) | garbage);
}

/** Lengths of explicit strings: up to all elements, negative, or far too long. */
function arrangeLengths(draft: Draft): void {
  const { random } = draft;
  for (const register of [RAX, RDX]) {
    const length = BigInt(random.below(20));
    draft.set(register, random.pick([length, length, -length, random.integer()]));
  }
}

/** Most random dividends overflow: half of these fit. */
function arrangeDivision(draft: Draft): void {
  const { state, random, operandBits, row } = draft;
  if (random.chance(4)) return;
  if (row.opcode === 0xf6) {
    const dividend = BigInt(random.below(random.pick([64, 0x1000, 0x10000])));
    draft.set(RAX, (state.gpr[RAX]! & ~0xffffn) | dividend);
    return;
  }
  const small = BigInt(random.below(20));
  const high = random.pick([0n, 0n, small, -small]);
  const garbage = random.chance(3) && operandBits < 64 ? random.bits64() << BigInt(operandBits) : 0n;
  draft.set(RDX, high | garbage);
}

/** Bit tests of memory reach beyond their operand: keep them inside the window. */
function narrowBitOffset(draft: Draft): void {
  const { row, random, tail } = draft;
  if (!row.operands[1]?.startsWith("G")) return;
  const register = ((tail[0]! >> 3) & 7) | (draft.rex & 4 ? 8 : 0);
  if (addressUses(draft, register)) return;
  const room = Number(draft.memory! - WINDOW_AT);
  const reach = 8 * Math.max(1, Math.min(room, WINDOW - room - 16));
  draft.set(register, BigInt(random.below(2 * reach + 1) - reach));
}

function arrangeStack(draft: Draft): void {
  const { row, random, state } = draft;
  const top = WINDOW_AT + BigInt(160 + 8 * random.below((WINDOW - 240) / 8));
  if (row.mnemonic === "leave") draft.set(RBP, top);
  else if (row.mnemonic === "enter") draft.set(RBP, top + 64n);
  draft.set(RSP, random.chance(30) ? WINDOW_AT + BigInt(WINDOW) - BigInt(random.below(6)) : top);
  let value = random.bits64();
  if (row.mnemonic === "ret") value = CODE_AT + BigInt(random.below(1024));
  if (row.mnemonic === "popf") value = (value & 0xcd5n) | 0x202n;
  putMemory(state, top, little(value, 8));
}

/** Near indirect branches go somewhere canonical. */
function arrangeTarget(draft: Draft): void {
  const { state, tail, random } = draft;
  const target = random.bits64() >> 20n;
  if (draft.memory !== undefined) putMemory(state, draft.memory, little(target, 8));
  else if (tail[0]! >= 0xc0) draft.set((tail[0]! & 7) | (draft.rex & 1 ? 8 : 0), target);
}

/** The accumulator equals the destination half of the time. */
function arrangeExchange(draft: Draft): void {
  const { state, memory, random, row } = draft;
  if (memory === undefined || random.chance(2)) return;
  const at = Number(memory - WINDOW_AT);
  if (at + 16 > WINDOW) return;
  draft.freeMemory = false;
  const view = new DataView(state.window.buffer, at);
  if (row.mnemonic === "cmpxchg8b") {
    draft.set(RAX, BigInt(view.getUint32(0, true)));
    draft.set(RDX, BigInt(view.getUint32(4, true)));
    return;
  }
  draft.set(RAX, view.getBigUint64(0, true));
  if (row.mnemonic === "cmpxchg16b") draft.set(RDX, view.getBigUint64(8, true));
}
