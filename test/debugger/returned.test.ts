// Where a function's value comes back, by type (System V ABI for amd64, 3.2.3), and what `finish` makes of it.

import { describe, expect, it } from "vitest";
import { formatValue } from "../../emulator/debugger/format.ts";
import { returnValue } from "../../emulator/debugger/returned.ts";
import type { Target } from "../../emulator/debugger/target.ts";
import { arrayOf, BUILTIN, pointerTo, VOID } from "../../emulator/debugger/types.ts";
import type { Type } from "../../emulator/symbols/api.ts";

const struct = (size: number, ...fields: [name: string, type: Type, offset: number][]): Type => ({
  kind: "struct",
  name: "s",
  size,
  declaration: false,
  members: () => fields.map(([name, type, offset]) => ({ name, type, offset })),
});

const double = (value: number, size = 16): Uint8Array => {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
};
/** 1.5 as an x87 extended number (SDM 1, 4.2.2). */
const EXTENDED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0x3f);
const VECTORS: Record<string, Uint8Array> = { xmm0: double(2.5), xmm1: double(-4), st0: EXTENDED };
const REGISTERS: Record<string, bigint> = { rax: 0xffff_ffff_0000_0141n, rdx: 7n };
const target = {
  readRegister: (name: string) => REGISTERS[name]!,
  vectors: { read: (name: string) => VECTORS[name]! },
} as unknown as Target;
const memory = (address: bigint, length: number) => new Uint8Array(length).fill(Number(address & 0xffn));

const { bool, char, int, long, int128, longDouble, unsignedChar } = BUILTIN;
const typedef: Type = { kind: "typedef", name: "handle_t", target: () => pointerTo(VOID) };

describe("the value of a function that has returned", () => {
  it.each<[string, Type, string]>([
    ["int in eax", int, "321"],
    ["char in al", char, "65 'A'"],
    ["_Bool in al", bool, "65"],
    ["a pointer, under its own name", typedef, "(void *) 0xffffffff00000141"],
    ["__int128 in rdx:rax", int128, ((7n << 64n) | 0xffff_ffff_0000_0141n).toString()],
    ["double in xmm0", BUILTIN.double, "2.5"],
    ["long double in st0", longDouble, "1.5"],
    ["a struct of two longs", struct(16, ["a", long, 0], ["b", long, 8]), "{a = -4294966975, b = 7}"],
    [
      "a struct of double and long",
      struct(16, ["d", BUILTIN.double, 0], ["n", long, 8]),
      "{d = 2.5, n = -4294966975}",
    ],
    [
      "a struct of two doubles",
      struct(16, ["x", BUILTIN.double, 0], ["y", BUILTIN.double, 8]),
      "{x = 2.5, y = -4}",
    ],
    ["a struct of three bytes", struct(3, ["b", arrayOf(unsignedChar, 3), 0]), '{b = "A\\001"}'],
    [
      "a struct too large for registers, in memory at rax",
      struct(24, ["a", arrayOf(unsignedChar, 24), 0]),
      "{a = 'A' <repeats 24 times>}",
    ],
    [
      "a packed struct, in memory",
      struct(9, ["c", char, 0], ["n", long, 1]),
      "{c = 65 'A', n = 4702111234474983745}",
    ],
  ])("%s", (_what, type, expected) => {
    const value = returnValue(type, target, memory)!;
    expect(formatValue(value, { memory, symbolic: () => "" })).toBe(expected);
  });

  it("void has none, nor has what is in a register that the target does not tell", () => {
    expect(returnValue(VOID, target, memory)).toBeUndefined();
    const { vectors: _, ...without } = target;
    expect(returnValue(BUILTIN.double, without as Target, memory)).toBeUndefined();
  });
});
