// DWARF expressions, operation by operation (DWARF 5 sections 2.5 and 2.6): bytes in, location out.

import { describe, expect, it } from "vitest";
import { DwarfError, Section } from "../../emulator/symbols/dwarf/cursor.ts";
import {
  type ExpressionContext,
  evaluate,
  evaluateNumber,
  OptimizedOut,
} from "../../emulator/symbols/dwarf/expression.ts";
import type { ExpressionBytes } from "../../emulator/symbols/dwarf/loclists.ts";

/** Registers hold 0x1000 + their number; memory holds the low byte of each address. */
const CONTEXT: ExpressionContext = {
  register: (number) => (number < 17 ? 0x1000n + BigInt(number) : undefined),
  memory: (address, length) => Uint8Array.from({ length }, (_, i) => Number((address + BigInt(i)) & 0xffn)),
  frameBase: () => 0x2000n,
  cfa: () => 0x3000n,
  objectAddress: 0x4000n,
};

function expression(...bytes: number[]): ExpressionBytes {
  const section = new Section("test", Uint8Array.from(bytes));
  return { section, pos: 0, end: bytes.length };
}

function run(...bytes: number[]): string {
  const result = evaluate(expression(...bytes), CONTEXT);
  const text = JSON.stringify(result, (_, value) =>
    typeof value === "bigint" ? `0x${value.toString(16)}` : value instanceof Uint8Array ? [...value] : value,
  );
  return text.replaceAll('"', "");
}

/** The value on top of the stack, as an unsigned number. */
function top(...bytes: number[]): bigint {
  return evaluateNumber(expression(...bytes), CONTEXT);
}

const MINUS_ONE = 0xffff_ffff_ffff_ffffn;

describe("literals (2.5.1.1)", () => {
  it.each<[string, number[], bigint]>([
    ["DW_OP_lit0", [0x30], 0n],
    ["DW_OP_lit31", [0x4f], 31n],
    ["DW_OP_addr", [0x03, 0x80, 0xa9, 0x80, 0x80, 0xff, 0xff, 0xff, 0xff], 0xffffffff8080a980n],
    ["DW_OP_const1u", [0x08, 0xff], 0xffn],
    ["DW_OP_const1s", [0x09, 0xff], MINUS_ONE],
    ["DW_OP_const2u", [0x0a, 0xff, 0xff], 0xffffn],
    ["DW_OP_const2s", [0x0b, 0xff, 0xff], MINUS_ONE],
    ["DW_OP_const4u", [0x0c, 0xff, 0xff, 0xff, 0xff], 0xffffffffn],
    ["DW_OP_const4s", [0x0d, 0xff, 0xff, 0xff, 0xff], MINUS_ONE],
    ["DW_OP_const8u", [0x0e, 1, 2, 3, 4, 5, 6, 7, 8], 0x0807060504030201n],
    ["DW_OP_constu, 10 bytes", [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], MINUS_ONE],
    ["DW_OP_consts", [0x11, 0x7f], MINUS_ONE],
  ])("%s", (_name, bytes, value) => expect(top(...bytes)).toBe(value));
});

describe("registers (2.5.1.2)", () => {
  it.each<[string, number[], bigint]>([
    ["DW_OP_breg7 -8", [0x77, 0x78], 0x1007n - 8n],
    ["DW_OP_bregx 16, 1", [0x92, 16, 1], 0x1011n],
    ["DW_OP_fbreg -16", [0x91, 0x70], 0x1ff0n],
    ["DW_OP_call_frame_cfa", [0x9c], 0x3000n],
    ["DW_OP_push_object_address", [0x97], 0x4000n],
  ])("%s", (_name, bytes, value) => expect(top(...bytes)).toBe(value));

  it("a register that the frame does not know makes the value optimized out", () => {
    expect(() => top(0x92, 17, 0)).toThrow(OptimizedOut);
  });
});

describe("the stack (2.5.1.3)", () => {
  it.each<[string, number[], bigint]>([
    ["DW_OP_dup", [0x31, 0x12, 0x22], 2n],
    ["DW_OP_drop", [0x31, 0x32, 0x13], 1n],
    ["DW_OP_over", [0x31, 0x32, 0x14], 1n],
    ["DW_OP_pick 2", [0x31, 0x32, 0x33, 0x15, 2], 1n],
    ["DW_OP_swap", [0x31, 0x32, 0x16], 1n],
    ["DW_OP_rot: the top becomes the third", [0x31, 0x32, 0x33, 0x17], 2n],
    ["DW_OP_deref", [0x08, 0x10, 0x06], 0x1716151413121110n],
    ["DW_OP_deref_size 2", [0x08, 0x10, 0x94, 2], 0x1110n],
  ])("%s", (_name, bytes, value) => expect(top(...bytes)).toBe(value));
});

describe("arithmetic (2.5.1.4)", () => {
  it.each<[string, number[], bigint]>([
    ["DW_OP_abs", [0x09, 0xfb, 0x19], 5n],
    ["DW_OP_and", [0x3c, 0x36, 0x1a], 4n],
    ["DW_OP_div is signed", [0x09, 0xf8, 0x32, 0x1b], BigInt.asUintN(64, -4n)],
    ["DW_OP_minus", [0x31, 0x32, 0x1c], MINUS_ONE],
    ["DW_OP_mod is unsigned", [0x09, 0xff, 0x3a, 0x1d], 5n],
    ["DW_OP_mul", [0x33, 0x34, 0x1e], 12n],
    ["DW_OP_neg", [0x31, 0x1f], MINUS_ONE],
    ["DW_OP_not", [0x30, 0x20], MINUS_ONE],
    ["DW_OP_or", [0x31, 0x32, 0x21], 3n],
    ["DW_OP_plus wraps", [0x09, 0xff, 0x31, 0x22], 0n],
    ["DW_OP_plus_uconst", [0x31, 0x23, 0x80, 0x01], 0x81n],
    ["DW_OP_shl", [0x31, 0x34, 0x24], 16n],
    ["DW_OP_shl by 64", [0x31, 0x08, 64, 0x24], 0n],
    ["DW_OP_shr is logical", [0x09, 0xff, 0x08, 60, 0x25], 15n],
    ["DW_OP_shra is arithmetic", [0x09, 0xf0, 0x34, 0x26], MINUS_ONE],
    ["DW_OP_xor", [0x33, 0x31, 0x27], 2n],
  ])("%s", (_name, bytes, value) => expect(top(...bytes)).toBe(value));
});

describe("control flow (2.5.1.5)", () => {
  it.each<[string, number[], bigint]>([
    ["DW_OP_lt is signed", [0x09, 0xff, 0x30, 0x2d], 1n],
    ["DW_OP_ge", [0x31, 0x31, 0x2a], 1n],
    ["DW_OP_ne", [0x31, 0x31, 0x2e], 0n],
    ["DW_OP_bra taken", [0x35, 0x31, 0x28, 1, 0, 0x13, 0x96], 5n],
    ["DW_OP_bra not taken", [0x35, 0x36, 0x30, 0x28, 1, 0, 0x13], 5n],
    ["DW_OP_skip", [0x35, 0x2f, 1, 0, 0x13, 0x96], 5n],
  ])("%s", (_name, bytes, value) => expect(top(...bytes)).toBe(value));

  it("an endless loop ends with an error", () => {
    expect(() => run(0x2f, 0xfd, 0xff)).toThrow(DwarfError);
  });

  it("a jump out of the expression is an error", () => {
    expect(() => run(0x2f, 0x00, 0x80)).toThrow(/outside of itself/);
  });
});

describe("locations (2.6.1)", () => {
  it.each([
    ["an address is a place in memory", [0x08, 0x10], "{kind:memory,address:0x10}"],
    ["DW_OP_reg5", [0x55], "{kind:register,number:5}"],
    ["DW_OP_regx 16", [0x90, 16], "{kind:register,number:16}"],
    ["DW_OP_stack_value", [0x75, 1, 0x9f], "{kind:stack-value,value:0x1006}"],
    ["DW_OP_implicit_value", [0x9e, 2, 7, 8], "{kind:bytes,bytes:[7,8]}"],
    ["nothing at all", [], "{kind:none}"],
    [
      "DW_OP_piece: register, memory, optimized out",
      [0x50, 0x93, 8, 0x91, 0, 0x93, 4, 0x93, 4],
      "{kind:pieces,pieces:[{location:{kind:register,number:0},bits:64,bitOffset:0},{location:{kind:memory,address:0x2000},bits:32,bitOffset:0},{location:{kind:none},bits:32,bitOffset:0}]}",
    ],
    [
      "DW_OP_bit_piece",
      [0x50, 0x9d, 5, 3],
      "{kind:pieces,pieces:[{location:{kind:register,number:0},bits:5,bitOffset:3}]}",
    ],
  ])("%s", (_name, bytes, result) => expect(run(...bytes)).toBe(result));
});

describe("entry values (2.5.1.7)", () => {
  const value = expression(0xa3, 1, 0x55, 0x31, 0x22, 0x9f);

  it("come from the call site", () => {
    const context = {
      ...CONTEXT,
      entryValue: (e: ExpressionBytes) => (e.section.bytes[e.pos] === 0x55 ? 41n : undefined),
    };
    expect(evaluate(value, context)).toEqual({ kind: "stack-value", value: 42n });
  });

  it("are optimized out where no call site tells them", () => {
    expect(() => evaluate(value, CONTEXT)).toThrow(OptimizedOut);
  });
});

describe("damage", () => {
  it.each([
    ["an unknown operation", [0x05], /0x5 is not supported/],
    ["operands cut off", [0x0e, 1, 2], /8 bytes needed, 2 left/],
    ["an empty stack", [0x22], /more from the stack/],
    ["a pick below the stack", [0x31, 0x15, 1], /below its stack/],
    ["a division by zero", [0x31, 0x30, 0x1b], /division by zero/],
    ["a value of 9 bytes", [0x31, 0x94, 9], /9 bytes/],
  ])("%s", (_name, bytes, message) => expect(() => run(...bytes)).toThrow(message));
});
