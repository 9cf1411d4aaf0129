// gdb's `x/NFU address`: memory as numbers, characters, strings, addresses or instructions.

import type { Type } from "../symbols/api.ts";
import { disassemble, labelled } from "./disassembly.ts";
import { makeInteger } from "./expressions/convert.ts";
import { formatPointedString, readCString, type Surroundings } from "./format.ts";
import { formatInteger, isFormatLetter } from "./format-integer.ts";
import { bytesOf, unsignedOf } from "./numbers.ts";
import { BUILTIN } from "./types.ts";
import { EvaluationError, integerOf, temporary } from "./values.ts";

export interface ExamineFormat {
  count: number;
  letter: string;
  size: 1 | 2 | 4 | 8;
}

const SIZES = { b: 1, h: 2, w: 4, g: 8 } as const;
const MAX_COUNT = 100_000;

/** Reads `4xg`, `s`, `10i` over the format that the last `x` left; throws EvaluationError. */
export function parseExamineFormat(text: string, last: ExamineFormat): ExamineFormat {
  const match = /^(-?\d*)([a-z]*)$/.exec(text);
  if (!match) throw new EvaluationError(`Invalid format "${text}".`);
  const format = { ...last, count: match[1] ? Number(match[1]) : 1 };
  let sized = false;
  for (const letter of match[2]!) {
    if (letter in SIZES) {
      format.size = SIZES[letter as keyof typeof SIZES];
      sized = true;
    } else if (letter === "s" || letter === "i" || isFormatLetter(letter)) format.letter = letter;
    else throw new EvaluationError(`Undefined output format "${letter}".`);
  }
  if (!sized && match[2]) {
    if (format.letter === "a") format.size = 8;
    if (format.letter === "c") format.size = 1;
    if (format.letter === "f" && format.size < 4) format.size = 8;
  }
  if (format.count < 0 || format.count > MAX_COUNT)
    throw new EvaluationError(`Invalid number "${match[1]}".`);
  return format;
}

/** What `$_` is after `x`: the address of the last unit that was shown, and its type. */
export function lastExamined(
  first: bigint,
  next: bigint,
  { letter, size }: ExamineFormat,
): { address: bigint; type: Type } {
  if (letter === "i" || letter === "s") return { address: first, type: BUILTIN.char };
  return {
    address: next > first ? next - BigInt(size) : first,
    type: letter === "x" ? UNSIGNED[size] : TYPES[size],
  };
}

export interface ExamineSurroundings extends Pick<Surroundings, "memory" | "symbolic" | "linkage"> {
  /** Marked with => among instructions. */
  pc: bigint;
}

/** By the linker's names, as gdb labels memory. */
const names = (around: ExamineSurroundings) => around.linkage ?? around.symbolic;

/** The text, and the address behind what was shown: where the next `x` goes on. */
export async function examine(
  address: bigint,
  format: ExamineFormat,
  around: ExamineSurroundings,
): Promise<{ text: string; next: bigint }> {
  if (format.letter === "i") return examineInstructions(address, format.count, around);
  if (format.letter === "s") return examineStrings(address, format.count, around);
  return examineNumbers(address, format, around);
}

async function examineInstructions(address: bigint, count: number, around: ExamineSurroundings) {
  const list = await disassemble(address, count, around.memory, names(around));
  const lines = list.map(({ address: at, text }) => {
    const mark = at === around.pc ? "=> " : "   ";
    return `${mark}${labelled(at, names(around))}:\t${text}`;
  });
  const last = list.at(-1);
  return { text: lines.join("\n"), next: last ? last.address + BigInt(last.bytes.length) : address };
}

function examineStrings(address: bigint, count: number, around: ExamineSurroundings) {
  const lines: string[] = [];
  let at = address;
  for (let index = 0; index < count; index++) {
    const { bytes, error } = readCString(at, around.memory, 200);
    lines.push(`${labelled(at, names(around))}:\t${formatPointedString(at, around.memory)}`);
    if (!error) at += BigInt(bytes.length + 1);
  }
  return { text: lines.join("\n"), next: at };
}

function examineNumbers(
  address: bigint,
  { count, letter, size }: ExamineFormat,
  around: ExamineSurroundings,
) {
  const perLine = size === 8 ? 2 : size === 4 ? 4 : 8;
  const bytes = around.memory(address, count * size);
  const lines: string[] = [];
  for (let first = 0; first < count; first += perLine) {
    const cells: string[] = [];
    for (let index = first; index < Math.min(count, first + perLine); index++)
      cells.push(cell(bytes.subarray(index * size, (index + 1) * size), letter, around));
    lines.push(`${labelled(address + BigInt(first * size), names(around))}:\t${cells.join("\t")}`);
  }
  return { text: lines.join("\n"), next: address + BigInt(count * size) };
}

const UNSIGNED = { 1: BUILTIN.unsignedChar, 2: BUILTIN.unsignedShort, 4: BUILTIN.unsignedInt, 8: BUILTIN.unsignedLong } as const; // biome-ignore format: a table
const TYPES = { 1: BUILTIN.signedChar, 2: BUILTIN.short, 4: BUILTIN.int, 8: BUILTIN.long } as const;

function cell(bytes: Uint8Array, letter: string, around: ExamineSurroundings): string {
  const size = bytes.length as 1 | 2 | 4 | 8;
  const value = temporary(TYPES[size], bytes);
  if (letter === "x") return formatInteger(value, "z", around);
  if (letter === "t")
    return unsignedOf(bytes)
      .toString(2)
      .padStart(size * 8, "0");
  // Shorter units are signed addresses.
  if (letter === "a") return formatInteger(makeInteger(BUILTIN.unsignedLong, integerOf(value)), "a", around);
  if (letter === "f" && size === 4) return formatInteger(temporary(BUILTIN.float, bytesOf(unsignedOf(bytes), 4)), "f", around); // biome-ignore format: one thought
  return formatInteger(value, isFormatLetter(letter) ? letter : "x", around);
}
