// The kernel's bytes as linked, by address, and what amd64 function prologues look like in them. Must not know DWARF.

import { type ElfFile, SHF, SHT } from "../elf/elf.ts";
import { type Address, fromAddress } from "./dwarf/cursor.ts";
import { readOrFail } from "./dwarf/sections.ts";

/** Up to `length` bytes of a loaded section at the address; fewer at its end, none outside. Throws DwarfError where the file cannot be read. */
export function codeAt(elf: ElfFile, address: Address, length: number): Uint8Array {
  const at = fromAddress(address);
  for (const section of elf.sections) {
    if (!(section.flags & SHF.ALLOC) || section.type === SHT.NOBITS) continue;
    if (at < section.address || at >= section.address + BigInt(section.fileSize)) continue;
    const start = section.offset + Number(at - section.address);
    const size = Math.min(length, section.offset + section.fileSize - start);
    return readOrFail(() => elf.source.read(start, size));
  }
  return new Uint8Array();
}

export interface Prologue {
  /** Bytes from the function's start to the end of what was recognized. */
  readonly length: number;
  /** None; `push %rbp` only; `push %rbp; mov %rsp,%rbp`. */
  readonly frame: "none" | "pushed" | "set";
}

const ENDBR64 = [0xf3, 0x0f, 0x1e, 0xfa];
/** mov %rsp,%rbp in its two encodings. */
const MOVES = [
  [0x48, 0x89, 0xe5],
  [0x48, 0x8b, 0xec],
];

/**
 * Recognizes `[endbr64] push %rbp [mov %rsp,%rbp]` at the start of a function, as far as `limit` bytes in: the rule by which gdb finds
 * the end of an amd64 prologue where debug info says nothing.
 */
export function analyzePrologue(code: Uint8Array, limit = Number.POSITIVE_INFINITY): Prologue {
  const start = startsWith(code, 0, ENDBR64) ? 4 : 0;
  if (limit <= start) return { length: Math.min(start, limit), frame: "none" };
  // push %rbp, possibly with an empty REX prefix.
  const push = code[start] === 0x55 ? 1 : code[start] === 0x40 && code[start + 1] === 0x55 ? 2 : 0;
  if (push === 0) return { length: start, frame: "none" };
  const pushed = start + push;
  const moved = limit > pushed && MOVES.some((move) => startsWith(code, pushed, move));
  return moved ? { length: pushed + 3, frame: "set" } : { length: pushed, frame: "pushed" };
}

function startsWith(code: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => code[at + i] === byte);
}
