// The processor state that a conformance case is about, and its two forms: the recorder's binary records and lines of text in which only
// what differs is written. Knows nothing of opcodes or of who executes.

/** The instruction starts here; the rest of its page holds INT3. */
export const CODE_AT = 0x10000800n;
/** Memory operands and the stack: the last WINDOW bytes of a page whose successor is not mapped. The rest of the page is zero. */
export const WINDOW = 640;
export const WINDOW_AT = 0x20001000n - BigInt(WINDOW);
/** OF DF SF ZF AF PF CF. */
export const STATUS_FLAGS = 0xcd5;

/** The integer registers in encoding order. */
export const GPR = [
  "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
  "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
] as const; // biome-ignore format: a table

export interface State {
  /** Mode of the code: 64-bit, or 32-bit in compatibility mode (then only the low halves of eight registers count). */
  bits: 64 | 32;
  /** 16, in encoding order. */
  gpr: bigint[];
  rip: bigint;
  /** Status flags only. */
  flags: number;
  /** FXSAVE image, bytes 0-415 (SDM 1 table 10-2): x87 control, registers, MXCSR, XMM0-15. */
  fx: Uint8Array;
  /** WINDOW bytes at WINDOW_AT. */
  window: Uint8Array;
}

/** One instruction with the state before it. */
export interface Case {
  code: Uint8Array;
  before: State;
  /** Offset of the memory operand in the window, where there is one. */
  operand?: number;
  /** It may go elsewhere than behind itself. */
  branches?: boolean;
}

/** What came of it: completed (vector 1, the trap behind it) or the exception it raised. */
export interface Outcome {
  vector: number;
  error: number;
  cr2: bigint;
  after: State;
}

export const COMPLETED = 1;
export const FX_SIZE = 416;

/** Where things are in the recorder's `struct state`, in bytes. */
export const AT = { gpr: 0, rip: 128, flags: 136, fx: 144, window: 656, end: 656 + WINDOW } as const;
/** Where it begins in `struct request` (behind code, mode and length) and in `struct reply` (behind vector, error code, CR2). */
export const REQUEST_STATE = 32;
export const REPLY_STATE = 16;
export const REQUEST_SIZE = REQUEST_STATE + AT.end;
export const REPLY_SIZE = REPLY_STATE + AT.end;

/** A plain state to vary: distinct small registers, stack in the middle of the window, x87 and MXCSR as after reset by an ABI. */
export function baseState(bits: 64 | 32): State {
  const fx = new Uint8Array(FX_SIZE);
  const view = new DataView(fx.buffer);
  view.setUint16(0, 0x37f, true);
  view.setUint32(24, 0x1f80, true);
  const gpr = GPR.map((_, index) => 0x1111n * BigInt(index + 1));
  gpr[4] = WINDOW_AT + BigInt(WINDOW / 2);
  return { bits, gpr, rip: CODE_AT, flags: 0, fx, window: new Uint8Array(WINDOW) };
}

export function copyState(state: State): State {
  return { ...state, gpr: [...state.gpr], fx: state.fx.slice(), window: state.window.slice() };
}

function writeState(view: DataView, at: number, state: State): void {
  state.gpr.forEach((value, index) => {
    view.setBigUint64(at + AT.gpr + index * 8, value, true);
  });
  view.setBigUint64(at + AT.rip, state.rip, true);
  view.setBigUint64(at + AT.flags, BigInt(state.flags), true);
  const bytes = new Uint8Array(view.buffer, view.byteOffset);
  bytes.set(state.fx, at + AT.fx);
  bytes.set(state.window, at + AT.window);
}

function readState(view: DataView, at: number, bits: 64 | 32): State {
  const bytes = new Uint8Array(view.buffer, view.byteOffset);
  return {
    bits,
    gpr: GPR.map((_, index) => BigInt.asUintN(bits, view.getBigUint64(at + AT.gpr + index * 8, true))),
    rip: view.getBigUint64(at + AT.rip, true),
    flags: Number(view.getBigUint64(at + AT.flags, true)),
    fx: bytes.slice(at + AT.fx, at + AT.fx + FX_SIZE),
    window: bytes.slice(at + AT.window, at + AT.end),
  };
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Writes a `struct request`. */
export function encodeRequest({ code, before, branches }: Case, bytes: Uint8Array, at: number): void {
  bytes.fill(0xcc, at, at + 16);
  bytes.set(code, at);
  const view = viewOf(bytes);
  view.setUint32(at + 16, before.bits, true);
  view.setUint32(at + 20, branches ? 0 : code.length, true);
  writeState(view, at + REQUEST_STATE, before);
}

export function encodeRequests(cases: readonly Case[]): Uint8Array {
  const bytes = new Uint8Array(cases.length * REQUEST_SIZE);
  cases.forEach((test, index) => {
    encodeRequest(test, bytes, index * REQUEST_SIZE);
  });
  return bytes;
}

/** Reads back the state before a case. */
export function decodeBefore(bytes: Uint8Array, at: number): State {
  const view = viewOf(bytes);
  return readState(view, at + REQUEST_STATE, view.getUint32(at + 16, true) === 64 ? 64 : 32);
}

/** Reads a `struct reply`. */
export function decodeReply(bytes: Uint8Array, at: number, bits: 64 | 32): Outcome {
  const view = viewOf(bytes);
  return {
    vector: view.getUint32(at, true),
    error: view.getUint32(at + 4, true),
    cr2: view.getBigUint64(at + 8, true),
    after: readState(view, at + REPLY_STATE, bits),
  };
}

/** Fields of the FXSAVE image by name: where, how many bytes, whether shown as one little-endian number. */
const FX_FIELDS: [name: string, at: number, size: number][] = [
  ["fcw", 0, 2],
  ["fsw", 2, 2],
  ["ftw", 4, 1],
  ["fop", 6, 2],
  ["fip", 8, 8],
  ["fdp", 16, 8],
  ["mxcsr", 24, 4],
  ...Array.from({ length: 8 }, (_, i): [string, number, number] => [`st${i}`, 32 + 16 * i, 10]),
  ...Array.from({ length: 16 }, (_, i): [string, number, number] => [`xmm${i}`, 160 + 16 * i, 16]),
];

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function putLittleEndian(bytes: Uint8Array, at: number, size: number, value: bigint): void {
  for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

/** `name=value` words for all that differs from `base`, hexadecimal; memory as runs `m+offset=bytes`. */
export function describe(state: State, base: State): string {
  const words: string[] = [];
  state.gpr.forEach((value, index) => {
    if (value !== base.gpr[index]) words.push(`${GPR[index]}=${value.toString(16)}`);
  });
  if (state.rip !== base.rip) words.push(`rip=${state.rip.toString(16)}`);
  if (state.flags !== base.flags) words.push(`fl=${state.flags.toString(16)}`);
  for (const [name, at, size] of FX_FIELDS) {
    const value = littleEndian(state.fx.subarray(at, at + size));
    if (value !== littleEndian(base.fx.subarray(at, at + size))) words.push(`${name}=${value.toString(16)}`);
  }
  for (let at = 0; at < WINDOW; at++) {
    if (state.window[at] === base.window[at]) continue;
    let end = at + 1;
    while (end < WINDOW && state.window[end] !== base.window[end]) end++;
    words.push(`m+${at}=${Buffer.from(state.window.subarray(at, end)).toString("hex")}`);
    at = end;
  }
  return words.join(" ");
}

/** The inverse of describe(). Throws on an unknown name. */
export function apply(words: string, base: State): State {
  const state = copyState(base);
  for (const word of words.split(" ").filter((each) => each !== "")) {
    const [name, value] = word.split("=") as [string, string];
    const register = (GPR as readonly string[]).indexOf(name);
    const field = FX_FIELDS.find(([each]) => each === name);
    if (register >= 0) state.gpr[register] = BigInt(`0x${value}`);
    else if (name === "rip") state.rip = BigInt(`0x${value}`);
    else if (name === "fl") state.flags = Number.parseInt(value, 16);
    else if (field) putLittleEndian(state.fx, field[1], field[2], BigInt(`0x${value}`));
    else if (name.startsWith("m+")) state.window.set(Buffer.from(value, "hex"), Number(name.slice(2)));
    else throw new Error(`unknown state word: ${word}`);
  }
  return state;
}

/** A case with its outcome as one line: `code@operand|before|outcome after`, with `32:` before the code of 32-bit mode. */
export function toLine({ code, before, operand }: Case, outcome: Outcome): string {
  const fault =
    outcome.vector === COMPLETED
      ? ""
      : `!${outcome.vector}:${outcome.error.toString(16)}:${outcome.cr2.toString(16)} `;
  const hex = Buffer.from(code).toString("hex") + (operand === undefined ? "" : `@${operand}`);
  return `${before.bits === 32 ? "32:" : ""}${hex}|${describe(before, baseState(before.bits))}|${fault}${describe(outcome.after, before)}`;
}

export function fromLine(line: string): { test: Case; outcome: Outcome } {
  const [instruction, inputs, result] = line.split("|") as [string, string, string];
  const bits = instruction.startsWith("32:") ? 32 : 64;
  const [hex, operand] = instruction.replace("32:", "").split("@") as [string, string?];
  const before = apply(inputs, baseState(bits));
  const fault = /^!(\d+):([0-9a-f]+):([0-9a-f]+) ?/.exec(result);
  const after = apply(fault ? result.slice(fault[0].length) : result, before);
  return {
    test: { code: Buffer.from(hex, "hex"), before, ...(operand ? { operand: Number(operand) } : {}) },
    outcome: {
      vector: fault ? Number(fault[1]) : COMPLETED,
      error: fault ? Number.parseInt(fault[2]!, 16) : 0,
      cr2: fault ? BigInt(`0x${fault[3]}`) : 0n,
      after,
    },
  };
}
