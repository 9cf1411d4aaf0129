// Conversions between C values: making them from numbers, casts, promotions, the usual arithmetic conversions.

import type { Type } from "../../symbols/api.ts";
import { floatOf as floatOfBytes } from "../format-float.ts";
import { bytesOf, unsignedOf } from "../numbers.ts";
import {
  BUILTIN,
  isFloat,
  isIntegral,
  isScalar,
  isSigned,
  pointerTo,
  resolve,
  sizeOf,
  typeName,
} from "../types.ts";
import { addressOf, EvaluationError, integerOf, temporary, type Value } from "../values.ts";

/** A value of an integer, enum, boolean or pointer type. */
export const makeInteger = (type: Type, value: bigint): Value =>
  temporary(type, bytesOf(value, sizeOf(type)));

export function makeFloat(type: Type, value: number): Value {
  const size = sizeOf(type);
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, value, true);
  else if (size === 8) view.setFloat64(0, value, true);
  else writeExtended(view, value);
  return temporary(type, new Uint8Array(view.buffer));
}

/** A double as an x87 extended value (SDM 1, 4.2.2): exact, as every double has one. */
function writeExtended(view: DataView, value: number): void {
  const double = new DataView(new ArrayBuffer(8));
  double.setFloat64(0, value);
  const bits = double.getBigUint64(0);
  const sign = Number(bits >> 63n) << 15;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  let mantissa = (bits & 0xfffffffffffffn) << 11n;
  let power = exponent === 0x7ff ? 0x7fff : exponent - 1023 + 16383;
  if (exponent !== 0) mantissa |= 1n << 63n;
  else power = mantissa === 0n ? 0 : 1 - 1023 + 16383;
  // A subnormal double is normal as an extended value.
  while (exponent === 0 && mantissa !== 0n && (mantissa & (1n << 63n)) === 0n) {
    mantissa <<= 1n;
    power--;
  }
  view.setBigUint64(0, mantissa, true);
  view.setUint16(8, sign | power, true);
}

/** The number in a value of a floating type. */
const floatOf = (value: Value): number => floatOfBytes(value.bytes());

export const numberOf = (value: Value): number =>
  isFloat(value.type) ? floatOf(value) : Number(integerOf(value));

/** Arrays become pointers to their first element, functions pointers to themselves (C11 6.3.2.1). */
export function decay(value: Value): Value {
  const type = resolve(value.type);
  if (type.kind === "array" && !type.vector) {
    const { address } = addressOf(value);
    const [, ...rest] = type.counts;
    const element: Type =
      rest.length === 0
        ? type.element
        : { kind: "array", element: type.element, counts: rest, size: type.size / (type.counts[0] || 1) };
    return makeInteger(pointerTo(element), address);
  }
  if (type.kind === "function" && value.place.kind === "memory")
    return makeInteger(pointerTo(value.type), value.place.address);
  return value;
}

/** The operand as an integer or pointer; throws for aggregates and floats. */
export function scalarOf(value: Value, complaint: string): bigint {
  const decayed = decay(value);
  if (!isScalar(decayed.type)) throw new EvaluationError(complaint);
  if (isFloat(decayed.type)) return BigInt(Math.trunc(floatOf(decayed)));
  return integerOf(decayed);
}

/** C's truth of a scalar. */
export function isTrue(value: Value): boolean {
  const decayed = decay(value);
  if (isFloat(decayed.type)) return floatOf(decayed) !== 0;
  if (!isScalar(decayed.type)) throw new EvaluationError("Attempt to take truth value of a non-scalar.");
  return unsignedOf(decayed.bytes()) !== 0n;
}

/** A cast, explicit or of an assignment. */
export function cast(value: Value, type: Type): Value {
  const to = resolve(type);
  if (to.kind === "void") return temporary(type, new Uint8Array(1));
  const from = resolve(value.type);
  // A value that is not there stays so under another name.
  if (value.missing && to.kind === "pointer" && from.kind === "pointer" && !isStructure(to.target()))
    return { ...value, type };
  if (isScalar(to)) return castScalar(decay(value), type);
  if (to.kind === from.kind && sizeOf(to) === sizeOf(from)) return { ...value, type };
  if (value.place.kind === "memory" && (to.kind === "array" || to.kind === "struct" || to.kind === "union"))
    throw new EvaluationError(
      `Invalid cast. Use *(${typeName(pointerTo(type))}) &… to see memory as another type.`,
    );
  throw new EvaluationError("Invalid cast.");
}

const isStructure = (type: Type): boolean => ["struct", "union"].includes(resolve(type).kind);

function castScalar(value: Value, type: Type): Value {
  if (!isScalar(value.type)) throw new EvaluationError("Invalid cast.");
  const to = resolve(type);
  const kinds = [to.kind, resolve(value.type).kind];
  if (kinds.includes("pointer") && (isFloat(to) || isFloat(value.type)))
    throw new EvaluationError("Invalid cast.");
  if (isFloat(to)) return makeFloat(type, numberOf(value));
  if (to.kind === "base" && to.encoding === "boolean") return makeInteger(type, isTrue(value) ? 1n : 0n);
  if (isFloat(value.type)) {
    const number = floatOf(value);
    return makeInteger(type, Number.isFinite(number) ? BigInt(Math.trunc(number)) : 0n);
  }
  return makeInteger(type, integerOf(value));
}

/** Signed and unsigned types by size. */
const INTEGERS: Record<number, [Type, Type]> = {
  4: [BUILTIN.int, BUILTIN.unsignedInt],
  8: [BUILTIN.long, BUILTIN.unsignedLong],
  16: [BUILTIN.int128, BUILTIN.unsignedInt128],
};

/** Integer promotion (C11 6.3.1.1): what is narrower than int becomes int. */
export function promote(value: Value): Value {
  const type = resolve(value.type);
  if (!isIntegral(type)) return value;
  const size = sizeOf(type);
  if (size < 4) return makeInteger(BUILTIN.int, integerOf(value));
  const [signed, unsigned] = INTEGERS[size] ?? [type, type];
  return makeInteger(isSigned(type) ? signed : unsigned, integerOf(value));
}

/** The common type of two arithmetic operands (C11 6.3.1.8). */
export function commonType(left: Value, right: Value): Type {
  if (isFloat(left.type) || isFloat(right.type)) return commonFloat(left.type, right.type);
  const first = promote(left).type;
  const second = promote(right).type;
  const size = Math.max(sizeOf(first), sizeOf(second));
  const unsigned = [first, second].some((type) => sizeOf(type) === size && !isSigned(type));
  if (size <= 4) return unsigned ? BUILTIN.unsignedInt : BUILTIN.int;
  if (size <= 8) return unsigned ? BUILTIN.unsignedLong : BUILTIN.long;
  return unsigned ? BUILTIN.unsignedInt128 : BUILTIN.int128;
}

function commonFloat(left: Type, right: Type): Type {
  if (!isFloat(left)) return right;
  if (!isFloat(right)) return left;
  return sizeOf(left) >= sizeOf(right) ? left : right;
}
