// Values as text, exactly as gdb 13 prints C values with its default settings.
// Must not know expressions, frames or DAP. Reads memory only to follow `char *` and unread values.

import type { Type } from "../symbols/api.ts";
import { MemoryError, type MemoryReader } from "../symbols/memory.ts";
import { formatFloat } from "./format-float.ts";
import { type FormatLetter, formatInteger } from "./format-integer.ts";
import {
  formatCharacter,
  formatCharacterArray,
  formatString,
  PRINT_ELEMENTS,
  PRINT_REPEATS,
} from "./format-text.ts";
import { bytesEqual, hex, unsignedOf } from "./numbers.ts";
import {
  type ArrayType,
  BUILTIN,
  type EnumType,
  flagsOf,
  isAggregate,
  isTextual,
  peelArray,
  resolve,
  type StructType,
  sizeOf,
  typeName,
} from "./types.ts";
import { EvaluationError, elementOf, integerOf, memberOf, temporary, type Value } from "./values.ts";

/** What printing needs of the world. */
export interface Surroundings {
  memory: MemoryReader;
  /** "<i8254_timecounter>", "<main+4>", or "" where no symbol covers the address. */
  symbolic(address: bigint): string;
  /** The same by the linker's name, which a static of a function has a number behind ("count.0"): where gdb prints addresses, not pointers. */
  linkage?(address: bigint): string;
}

/** gdb's `print max-depth`. */
const MAX_DEPTH = 20;

/** A value as the `print` command shows it: pointers carry their type in front. */
export function formatValue(value: Value, around: Surroundings, letter?: FormatLetter): string {
  const type = resolve(value.type);
  if (value.missing) return value.missing;
  const natural = letter === undefined || letter === "s";
  if (natural && type.kind === "pointer" && !isCharPointer(value.type))
    return `(${typeName(value.type)}) ${formatInner(value, around)}`;
  if (natural && type.kind === "function" && value.place.kind === "memory") {
    // As gdb, which reads it: there may be no code at a wild pointer.
    around.memory(value.place.address, 1);
    return `{${typeName(type)}} ${formatAddress(value.place.address, around)}`;
  }
  return formatInner(value, around, letter);
}

/** gdb hides `(char *)`, and only that, in front of a string; a typedef's name stays. */
function isCharPointer(type: Type): boolean {
  let pointer = type;
  while (pointer.kind === "qualified") pointer = pointer.target();
  if (pointer.kind !== "pointer") return false;
  let target = pointer.target();
  while (target.kind === "qualified") target = target.target();
  return target.kind === "base" && target.name === "char";
}

/** `0xffffffff8080a980 <i8254_timecounter>`. */
export function formatAddress(address: bigint, around: Surroundings): string {
  const symbol = around.symbolic(address);
  return symbol ? `${hex(address)} ${symbol}` : hex(address);
}

/** A value within a struct, an array or a frame's arguments: pointers without their type. */
export function formatInner(value: Value, around: Surroundings, letter?: FormatLetter, depth = 0): string {
  if (value.missing) return value.missing;
  try {
    return formatByKind(value, around, letter, depth);
  } catch (error) {
    if (error instanceof MemoryError && depth > 0) return `<error: ${error.message}>`;
    throw error;
  }
}

function formatByKind(
  value: Value,
  around: Surroundings,
  letter: FormatLetter | undefined,
  depth: number,
): string {
  const type = resolve(value.type);
  switch (type.kind) {
    case "struct":
    case "union":
      return formatStruct(value, type, around, letter, depth);
    case "array":
      return formatArray(value, type, around, letter, depth);
    case "void":
      return "void";
    case "function":
      return formatFunction(value, around, letter);
    default:
      if (letter !== undefined && letter !== "s") return formatInteger(value, letter, around);
  }
  if (type.kind === "pointer") return formatPointer(type.target(), unsignedOf(value.bytes()), around);
  if (type.kind === "enum") return formatEnum(integerOf(value), type);
  if (type.encoding === "float") return formatFloat(value.bytes()) ?? "<unsupported floating format>";
  if (type.encoding === "boolean") {
    const number = integerOf(value);
    return number === 0n ? "false" : number === 1n ? "true" : number.toString();
  }
  const number = integerOf(value);
  return isTextual(type) ? `${number} ${formatCharacter(Number(number))}` : number.toString();
}

/** A function in a format is its first byte, as gdb sees it: functions have the size 1. */
function formatFunction({ place }: Value, around: Surroundings, letter: FormatLetter | undefined): string {
  if (place.kind !== "memory") return "<function>";
  if (letter === undefined || letter === "s") return formatAddress(place.address, around);
  if (letter === "a" || letter === "c") throw new EvaluationError("Value can't be converted to integer.");
  return formatInteger(temporary(BUILTIN.signedChar, around.memory(place.address, 1)), letter, around);
}

function formatPointer(target: Type, address: bigint, around: Surroundings): string {
  const text = formatAddress(address, around);
  return isTextual(target) && address !== 0n
    ? `${text} ${formatPointedString(address, around.memory)}`
    : text;
}

/** The text at a `char *`, up to 200 characters; what cannot be read is said. */
export function formatPointedString(address: bigint, memory: MemoryReader, limit = PRINT_ELEMENTS): string {
  const { bytes, terminated, error } = readCString(address, memory, limit);
  if (error && bytes.length === 0) return `<error: ${error.message}>`;
  const text = formatString(bytes, !terminated && !error);
  return error ? `${text}<error: ${error.message}>` : text;
}

/** Reads up to a NUL, `limit` bytes, or the first unmapped byte. */
export function readCString(
  address: bigint,
  memory: MemoryReader,
  limit: number,
): { bytes: Uint8Array; terminated: boolean; error?: MemoryError } {
  const chunks: number[] = [];
  while (chunks.length <= limit) {
    const at = BigInt.asUintN(64, address + BigInt(chunks.length));
    // Never across a page: the next one may not be mapped, and this one may hold the end.
    const room = Math.min(4096 - Number(at & 0xfffn), limit + 1 - chunks.length);
    let piece: Uint8Array;
    try {
      piece = memory(at, room);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
      if (error.address <= at)
        return { bytes: Uint8Array.from(chunks.slice(0, limit)), terminated: false, error };
      piece = memory(at, Number(error.address - at));
    }
    const end = piece.indexOf(0);
    for (const byte of end < 0 ? piece : piece.subarray(0, end)) chunks.push(byte);
    if (end >= 0)
      return { bytes: Uint8Array.from(chunks.slice(0, limit)), terminated: chunks.length <= limit };
  }
  return { bytes: Uint8Array.from(chunks.slice(0, limit)), terminated: false };
}

/** An enumerator, flags joined by `|`, or the number (gdb's generic_val_print_enum). */
export function formatEnum(value: bigint, type: EnumType): string {
  const bits = flagsOf(type);
  if (bits) return formatFlags(value, bits);
  const values = type.values();
  const exact = values.find((each) => each.value === value);
  if (exact) return exact.name;
  if (!isFlagEnum(type)) return value.toString();
  let rest = BigInt.asUintN(type.size * 8, value);
  const names: string[] = [];
  for (const each of values) {
    if ((rest & each.value) === 0n) continue;
    names.push(each.name);
    rest &= ~each.value;
  }
  if (rest !== 0n) return `(${[...names, `unknown: ${hex(rest)}`].join(" | ")})`;
  return names.length > 0 ? `(${names.join(" | ")})` : "0";
}

/** `[ ZF PF ]`: the set bits of a register of flags. Reserved bits have no name. */
function formatFlags(value: bigint, bits: readonly (readonly [string, number])[]): string {
  const set = bits.filter(([name, bit]) => name !== "" && (value >> BigInt(bit)) & 1n).map(([name]) => name);
  return `[ ${set.map((name) => `${name} `).join("")}]`;
}

/** gdb takes an enum for flags when no value is negative or has more than one bit. */
const isFlagEnum = (type: EnumType): boolean =>
  type.values().every(({ value }) => value >= 0n && (value & (value - 1n)) === 0n);

function formatStruct(
  value: Value,
  type: StructType,
  around: Surroundings,
  letter: FormatLetter | undefined,
  depth: number,
): string {
  if (type.declaration) return "<incomplete type>";
  if (depth >= MAX_DEPTH) return "{...}";
  const members = type.members();
  if (members.length === 0) return "{<No data fields>}";
  // The whole is read once; reading each member by itself would be a page walk each.
  const bytes = value.place.kind === "memory" ? value.bytes() : undefined;
  const whole: Value = bytes ? { ...value, bytes: () => bytes } : value;
  const memory: MemoryReader = bytes ? sliceReader(whole, bytes, around.memory) : around.memory;
  const text = members.map((member) => {
    const inner = formatInner(memberOf(whole, member, memory), around, letter, depth + 1);
    return member.name === "" ? inner : `${member.name} = ${inner}`;
  });
  return `{${text.join(", ")}}`;
}

/** Reads within a struct that has been read already come from its bytes. */
function sliceReader(whole: Value, bytes: Uint8Array, memory: MemoryReader): MemoryReader {
  const start = whole.place.kind === "memory" ? whole.place.address : 0n;
  return (address, length) => {
    const offset = Number(address - start);
    return offset >= 0 && offset + length <= bytes.length
      ? bytes.subarray(offset, offset + length)
      : memory(address, length);
  };
}

function formatArray(
  value: Value,
  type: ArrayType,
  around: Surroundings,
  letter: FormatLetter | undefined,
  depth: number,
): string {
  const { element, count } = peelArray(type);
  const size = sizeOf(element);
  if (count === undefined || count === 0 || size === 0)
    return value.place.kind === "memory" ? formatPointer(element, value.place.address, around) : "{}";
  if (isTextual(element) && (letter === undefined || letter === "s"))
    return formatCharacterArray(value.bytes());
  if (depth >= MAX_DEPTH) return "{...}";
  const bytes = value.bytes();
  const memory = value.place.kind === "memory" ? sliceReader(value, bytes, around.memory) : around.memory;
  const pieces: string[] = [];
  let printed = 0;
  let index = 0;
  while (index < count && printed < PRINT_ELEMENTS) {
    const repeats = repeatsFrom(bytes, index, count, size);
    const text = formatInner(elementOf(value, index, memory), around, letter, depth + 1);
    if (repeats > PRINT_REPEATS) {
      pieces.push(`${text} <repeats ${repeats} times>`);
      printed += PRINT_REPEATS;
      index += repeats;
    } else {
      pieces.push(text);
      printed++;
      index++;
    }
  }
  return `{${pieces.join(", ")}${index < count ? "..." : ""}}`;
}

/** How many elements from `index` on have equal bytes. */
function repeatsFrom(bytes: Uint8Array, index: number, count: number, size: number): number {
  const first = bytes.subarray(index * size, (index + 1) * size);
  let end = index + 1;
  while (end < count && bytesEqual(first, bytes.subarray(end * size, (end + 1) * size))) end++;
  return end - index;
}

/** An argument in a backtrace: gdb's `print frame-arguments scalars` shows aggregates as `...`. */
export function formatArgument(value: Value, around: Surroundings): string {
  if (isAggregate(value.type)) return "...";
  return formatErrors(
    () => formatInner(value, around),
    (message) => `<error reading variable: ${message}>`,
  );
}

/** Text, or the error in place of the text. */
export function formatErrors(write: () => string, say = (message: string) => `<error: ${message}>`): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof Error) return say(error.message);
    throw error;
  }
}
