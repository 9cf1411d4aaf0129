// The format letters of gdb's `p/x`: x d u o t z c a f s, for scalar values.

import type { Surroundings } from "./format.ts";
import { floatOf, formatFloat } from "./format-float.ts";
import { formatCharacter } from "./format-text.ts";
import { hex, unsignedOf } from "./numbers.ts";
import { isFloat, isSigned, sizeOf } from "./types.ts";
import type { Value } from "./values.ts";

export const FORMAT_LETTERS = ["x", "d", "u", "o", "t", "z", "c", "a", "f", "s"] as const;
export type FormatLetter = (typeof FORMAT_LETTERS)[number];

export const isFormatLetter = (text: string): text is FormatLetter =>
  (FORMAT_LETTERS as readonly string[]).includes(text);

/** A scalar in the format of the letter. Floating values are seen as their bits, as gdb does. */
export function formatInteger(
  value: Value,
  letter: FormatLetter,
  around: Pick<Surroundings, "symbolic" | "linkage">,
): string {
  const size = sizeOf(value.type);
  // As an address or a character gdb sees a floating value's integer part.
  const asInteger = (letter === "a" || letter === "c") && isFloat(value.type);
  const raw = asInteger ? integerPart(value) : unsignedOf(value.bytes());
  switch (letter) {
    case "x":
      return hex(raw);
    case "z":
      return `0x${raw.toString(16).padStart(size * 2, "0")}`;
    case "o":
      return raw === 0n ? "0" : `0${raw.toString(8)}`;
    case "t":
      return raw.toString(2);
    case "u":
      return raw.toString();
    case "c": {
      const byte = isSigned(value.type) ? BigInt.asIntN(8, raw) : BigInt.asUintN(8, raw);
      return `${byte} ${formatCharacter(Number(BigInt.asUintN(8, raw)))}`;
    }
    case "a": {
      const address = isSigned(value.type) ? BigInt.asUintN(64, BigInt.asIntN(size * 8, raw)) : raw;
      const symbol = (around.linkage ?? around.symbolic)(address);
      return symbol ? `${hex(address)} ${symbol}` : hex(address);
    }
    case "f":
      return formatAsFloat(value, raw, size);
    default:
      return BigInt.asIntN(size * 8, raw).toString();
  }
}

/** /f: a value of a floating type's size is taken for one; other sizes stay integers. */
function formatAsFloat(value: Value, raw: bigint, size: number): string {
  const isSize = size === 4 || size === 8 || size === 16;
  const text = isSize ? formatFloat(value.bytes()) : undefined;
  if (text !== undefined) return text;
  return isSigned(value.type) ? BigInt.asIntN(size * 8, raw).toString() : raw.toString();
}

function integerPart(value: Value): bigint {
  const number = floatOf(value.bytes());
  return Number.isFinite(number) ? BigInt.asUintN(64, BigInt(Math.trunc(number))) : 1n << 63n;
}
