// The format letters of gdb's `p/x`: x d u o t z c a f s, for scalar values.

import { formatG } from "./format-float.ts";
import { formatCharacter } from "./format-text.ts";
import { hex, unsignedOf } from "./numbers.ts";
import { isSigned, sizeOf } from "./types.ts";
import type { Value } from "./values.ts";

export const FORMAT_LETTERS = ["x", "d", "u", "o", "t", "z", "c", "a", "f", "s"] as const;
export type FormatLetter = (typeof FORMAT_LETTERS)[number];

export const isFormatLetter = (text: string): text is FormatLetter =>
  (FORMAT_LETTERS as readonly string[]).includes(text);

/** A scalar in the format of the letter. Floating values are seen as their bits, as gdb does. */
export function formatInteger(
  value: Value,
  letter: FormatLetter,
  around: { symbolic(address: bigint): string },
): string {
  const size = sizeOf(value.type);
  const raw = unsignedOf(value.bytes());
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
      const symbol = around.symbolic(raw);
      return symbol ? `${hex(raw)} ${symbol}` : hex(raw);
    }
    case "f":
      return formatAsFloat(value, raw, size);
    default:
      return BigInt.asIntN(size * 8, raw).toString();
  }
}

/** /f: a value of a floating type's size is taken for one; other sizes stay integers. */
function formatAsFloat(value: Value, raw: bigint, size: number): string {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 8) {
    view.setBigUint64(0, unsignedOf(value.bytes()), true);
    return formatG(view.getFloat64(0, true), 17);
  }
  if (size === 4) {
    view.setUint32(0, Number(unsignedOf(value.bytes())), true);
    return formatG(view.getFloat32(0, true), 9);
  }
  return BigInt.asIntN(size * 8, raw).toString();
}
