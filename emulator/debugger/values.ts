// Values: a type, where it lives, and its bytes, read when first asked for. Members, elements and pointees are
// made from them. Must not know how values are written as text or how an expression is parsed.

import type { RegisterName } from "../cpu/registers.ts";
import type { Member, Type } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { unsignedOf } from "./numbers.ts";
import { type ArrayType, isScalar, isSigned, peelArray, pointerTo, resolve, sizeOf } from "./types.ts";

/** An error of the user's expression, in gdb's words. */
export class EvaluationError extends Error {}

/** Where a value lives: what `&` and assignment need. */
export type Place =
  | { kind: "memory"; address: bigint }
  /** `offset` bytes into a register of the frame that the value was made in. */
  | { kind: "register"; register: RegisterName; offset: number }
  /** Computed: no place. */
  | { kind: "none" };

export interface Hole {
  offset: number;
  size: number;
}

export interface Value {
  readonly type: Type;
  readonly place: Place;
  /** Set for a bit-field: its bits within the bytes at `place`. */
  readonly bits?: { offset: number; size: number };
  /** Set for a value that does not exist: "<optimized out>", or why it cannot be had. */
  readonly missing?: string;
  /** Bytes of a value in pieces that were optimized out: parts of it are missing. */
  readonly holes?: readonly Hole[];
  /** The value's bytes, as long as its type. Throws MemoryError, or EvaluationError for a missing value. */
  bytes(): Uint8Array;
}

/** Keeps the first result (not the first error) of a read. */
function once(read: () => Uint8Array): () => Uint8Array {
  let known: Uint8Array | undefined;
  return () => {
    known ??= read();
    return known;
  };
}

export const temporary = (type: Type, bytes: Uint8Array, holes: readonly Hole[] = []): Value => ({
  type,
  place: { kind: "none" },
  bytes: () => bytes,
  ...(holes.length > 0 ? { holes } : {}),
});

/** The holes within a part, counted from its start. */
function holesWithin(whole: Value, offset: number, size: number): Hole[] {
  return (whole.holes ?? [])
    .filter((hole) => hole.offset < offset + size && hole.offset + hole.size > offset)
    .map((hole) => ({ offset: hole.offset - offset, size: hole.size }));
}

export const inMemory = (type: Type, address: bigint, memory: MemoryReader): Value => ({
  type,
  place: { kind: "memory", address: BigInt.asUintN(64, address) },
  bytes: once(() => memory(BigInt.asUintN(64, address), sizeOf(type))),
});

export const missing = (type: Type, text: string): Value => ({
  type,
  place: { kind: "none" },
  missing: text,
  bytes: () => {
    throw new EvaluationError(
      text === "<optimized out>" ? "value has been optimized out" : text.replace(/^<|>$/g, ""),
    );
  },
});

/** A part of a value: `size` bytes at `offset`, with its own type. */
function part(whole: Value, type: Type, offset: number): Value {
  if (whole.missing) return missing(type, whole.missing);
  const holes = holesWithin(whole, offset, sizeOf(type));
  const covered = holes.some((hole) => hole.offset <= 0 && hole.offset + hole.size >= sizeOf(type));
  if (covered || (holes.length > 0 && isScalar(type))) return missing(type, "<optimized out>");
  const { place } = whole;
  const moved: Place =
    place.kind === "memory"
      ? { kind: "memory", address: BigInt.asUintN(64, place.address + BigInt(offset)) }
      : place.kind === "register"
        ? { ...place, offset: place.offset + offset }
        : place;
  return {
    type,
    place: moved,
    bytes: once(() => whole.bytes().subarray(offset, offset + sizeOf(type))),
    ...(holes.length > 0 ? { holes } : {}),
  };
}

/** A member of a struct or union. In memory it is read alone, so that a huge struct costs nothing. */
export function memberOf(whole: Value, member: Member, memory: MemoryReader): Value {
  if (member.bits) return bitField(whole, member, member.bits);
  if (whole.place.kind === "memory" && !whole.missing)
    return inMemory(member.type, whole.place.address + BigInt(member.offset), memory);
  return part(whole, member.type, member.offset);
}

function bitField(whole: Value, member: Member, bits: { offset: number; size: number }): Value {
  const first = bits.offset >> 3;
  const shift = bits.offset & 7;
  const span = (shift + bits.size + 7) >> 3;
  const container = part(whole, arrayType(span), first);
  const read = () => {
    const raw = (unsignedOf(container.bytes()) >> BigInt(shift)) & ((1n << BigInt(bits.size)) - 1n);
    const value = isSigned(member.type) ? BigInt.asIntN(bits.size, raw) : raw;
    const bytes = new Uint8Array(sizeOf(member.type));
    for (let index = 0; index < bytes.length; index++)
      bytes[index] = Number((value >> BigInt(index * 8)) & 0xffn);
    return bytes;
  };
  const common = { type: member.type, place: container.place, bits: { offset: shift, size: bits.size } };
  return whole.missing
    ? { ...common, missing: whole.missing, bytes: whole.bytes }
    : { ...common, bytes: once(read) };
}

const BYTE: Type = { kind: "base", name: "unsigned char", size: 1, encoding: "unsigned-char" };
const arrayType = (count: number): ArrayType => ({
  kind: "array",
  element: BYTE,
  counts: [count],
  size: count,
});

/** Element `index` of an array; not checked against its bounds, as in C. */
export function elementOf(array: Value, index: number, memory: MemoryReader): Value {
  const type = resolve(array.type);
  if (type.kind !== "array") throw new EvaluationError("not an array");
  const { element } = peelArray(type);
  const offset = index * sizeOf(element);
  if (array.place.kind === "memory" && !array.missing)
    return inMemory(element, array.place.address + BigInt(offset), memory);
  if (offset < 0 || offset + sizeOf(element) > type.size) throw new EvaluationError(`no such vector element`);
  return part(array, element, offset);
}

/** The same bytes seen as another type of the same size or less; keeps the place. */
export const reinterpret = (value: Value, type: Type): Value => ({ ...value, type });

/** What a pointer value points at. Dereferencing `void *` is the caller's business. */
export function pointee(pointer: Value, memory: MemoryReader): Value {
  const type = resolve(pointer.type);
  if (type.kind !== "pointer") throw new EvaluationError("Attempt to take contents of a non-pointer value.");
  return inMemory(type.target(), unsignedOf(pointer.bytes()), memory);
}

/** `&value`: a pointer to where it lives. */
export function addressOf(value: Value): { type: Type; address: bigint } {
  if (value.bits) throw new EvaluationError("Attempt to take address of value not located in memory.");
  if (value.place.kind !== "memory")
    throw new EvaluationError("Attempt to take address of value not located in memory.");
  return { type: pointerTo(value.type), address: value.place.address };
}

/** An integer, enum, boolean or pointer value as a number: signed where its type is. */
export function integerOf(value: Value): bigint {
  const raw = unsignedOf(value.bytes());
  return isSigned(value.type) ? BigInt.asIntN(sizeOf(value.type) * 8, raw) : raw;
}
