// Machine code as AT&T text, by iced-x86: a large wasm package that is loaded when someone first looks.

import type { MemoryReader } from "../symbols/memory.ts";
import { hex } from "./numbers.ts";

export interface Instruction {
  address: bigint;
  bytes: Uint8Array;
  /** "mov    %rsp,%rbp", gdb's AT&T syntax; branch targets carry their symbol. */
  text: string;
}

const MAX_INSTRUCTION = 15;

/** Disassembles `count` instructions from an address on; ends early at unreadable memory. */
export async function disassemble(
  address: bigint,
  count: number,
  memory: MemoryReader,
  symbolic: (address: bigint) => string,
): Promise<Instruction[]> {
  const iced = await import("iced-x86");
  const code = readCode(address, count * MAX_INSTRUCTION, memory);
  const decoder = new iced.Decoder(64, code, iced.DecoderOptions.None);
  const formatter = new iced.Formatter(iced.FormatterSyntax.Gas);
  formatter.firstOperandCharIndex = 7;
  formatter.spaceAfterOperandSeparator = false;
  formatter.uppercaseHex = false;
  formatter.ripRelativeAddresses = true;
  formatter.smallHexNumbersInDecimal = false;
  formatter.gasShowMnemonicSizeSuffix = false;
  formatter.branchLeadingZeros = false;
  const instruction = new iced.Instruction();
  const result: Instruction[] = [];
  try {
    decoder.ip = address;
    while (result.length < count && decoder.canDecode) {
      const offset = decoder.position;
      decoder.decodeOut(instruction);
      // objdump and gdb show a displacement where the instruction has one, be it 0.
      formatter.showZeroDisplacements = instruction.memoryDisplSize > 0;
      const bytes = code.slice(offset, offset + instruction.length);
      const target = branchTarget(instruction, iced);
      const data = instruction.isIpRelMemoryOperand ? `        # ${hex(target!)}` : "";
      const note = target === undefined ? "" : `${data} ${symbolic(target)}`;
      result.push({
        address: address + BigInt(offset),
        bytes,
        text: instruction.isInvalid
          ? "(bad)"
          : `${asObjdump(formatter.format(instruction), bytes)}${note}`.trimEnd(),
      });
    }
  } finally {
    instruction.free();
    formatter.free();
    decoder.free();
  }
  return result;
}

function branchTarget(
  instruction: import("iced-x86").Instruction,
  iced: typeof import("iced-x86"),
): bigint | undefined {
  const { FlowControl } = iced;
  const direct = [FlowControl.Call, FlowControl.UnconditionalBranch, FlowControl.ConditionalBranch];
  if (direct.includes(instruction.flowControl)) return BigInt.asUintN(64, instruction.nearBranchTarget);
  return instruction.isIpRelMemoryOperand ? BigInt.asUintN(64, instruction.ipRelMemoryAddress) : undefined;
}

const STRING_OPERATION = /^(rep\w* +)?(stos|scas|lods|movs[bwlq]|cmps[bwlq])\b/;

/** Opcodes D0 and D1 shift by 1 without saying so in an operand (SDM volume 2B, SAL/SAR/SHL/SHR). */
function shiftsByOne(bytes: Uint8Array): boolean {
  const opcode = bytes.find((byte) => byte !== 0x66 && (byte & 0xf0) !== 0x40);
  return opcode === 0xd0 || opcode === 0xd1;
}

/** What objdump writes otherwise than iced: the scale 1, segments of string operations, no size letter where there is one size only. */
function asObjdump(text: string, bytes: Uint8Array): string {
  const scaled = (shiftsByOne(bytes) ? text.replace(/\$0x1,/, "") : text)
    .replace(/\((%\w+)?,(%\w+)\)/, "($1,$2,1)")
    .replace(
      /^(call|jmp|push|pop|ret|leave)q( *)/,
      (_, name: string, space: string) => name + (space && `${space} `),
    );
  const complete = withUnusedSegment(withAllOperands(scaled), bytes);
  if (!STRING_OPERATION.test(complete)) return complete;
  return complete.replace("(%rdi)", "%es:(%rdi)").replace("(%rsi)", "%ds:(%rsi)");
}

/** Ports in parentheses, and the second of imul's two equal registers (SDM volume 2A, IN, IMUL; volume 2B, OUT). */
const withAllOperands = (text: string): string =>
  text
    .replace(/^(in +)%dx,/, "$1(%dx),")
    .replace(/^(out +%\w+),%dx$/, "$1,(%dx)")
    .replace(/^(imul\w* +\$-?\w+),(%\w+)$/, "$1,$2,$2");

const UNUSED_SEGMENTS = new Map([
  [0x2e, "cs"],
  [0x36, "ss"],
  [0x3e, "ds"],
  [0x26, "es"],
]);
const isPrefix = (byte: number): boolean =>
  UNUSED_SEGMENTS.has(byte) || [0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3].includes(byte);

/** A segment prefix that 64-bit mode ignores (SDM volume 1, 3.4.2.1) pads instructions; jumps take it for a hint. */
function withUnusedSegment(text: string, bytes: Uint8Array): string {
  const end = bytes.findIndex((byte) => !isPrefix(byte));
  const segments = [...bytes.subarray(0, Math.max(0, end))].flatMap(
    (byte) => UNUSED_SEGMENTS.get(byte) ?? [],
  );
  if (segments.length === 0 || !text.startsWith("nop", text.lastIndexOf(" nop") + 1)) return text;
  return text.replace(/\bnop(\w*) +/, `${segments.join(" ")} nop$1 `);
}

/** Reads up to `length` bytes, page by page, and keeps what could be read. */
function readCode(address: bigint, length: number, memory: MemoryReader): Uint8Array {
  const code = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const at = BigInt.asUintN(64, address + BigInt(done));
    const size = Math.min(4096 - Number(at & 0xfffn), length - done);
    try {
      code.set(memory(at, size), done);
    } catch (error) {
      if (done === 0) throw error;
      break;
    }
    done += size;
  }
  return code.subarray(0, done);
}

/**
 * An address some `count` instructions before another from which decoding meets it exactly: instructions have no
 * fixed length, so candidates are tried from far to near, starting at `floor` (a function's first byte) when it is known.
 */
export async function addressBefore(
  address: bigint,
  count: number,
  memory: MemoryReader,
  floor: bigint | undefined,
): Promise<Instruction[]> {
  const start = floor ?? address - BigInt(count * MAX_INSTRUCTION);
  for (let from = start; from < address; from++) {
    const distance = Number(address - from);
    let list: Instruction[];
    try {
      list = await disassemble(from, distance, memory, () => "");
    } catch {
      continue;
    }
    const index = list.findIndex((each) => each.address === address);
    if (index >= 0) return list.slice(Math.max(0, index - count), index);
  }
  return [];
}

/** `48 89 e5`. */
export const hexBytes = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** `0xffffffff80365f20 <tc_init+4>`. */
export const labelled = (address: bigint, symbolic: (address: bigint) => string): string => {
  const name = symbolic(address);
  return name ? `${hex(address)} ${name}` : hex(address);
};

/** gdb's `Dump of assembler code` of [low, high). */
export async function disassembleRange(
  low: bigint,
  high: bigint,
  memory: MemoryReader,
  symbolic: (address: bigint) => string,
  pc: bigint,
  label: (address: bigint) => string,
): Promise<string> {
  const lines = [`Dump of assembler code from ${hex(low)} to ${hex(high)}:`];
  for (let at = low; at < high; ) {
    const list = await disassemble(at, 256, memory, symbolic);
    if (list.length === 0) break;
    for (const { address, bytes, text } of list) {
      if (address >= high) break;
      lines.push(`${address === pc ? "=>" : "  "} ${label(address)}:\t${text}`);
      at = address + BigInt(bytes.length);
    }
  }
  return [...lines, "End of assembler dump."].join("\n");
}
