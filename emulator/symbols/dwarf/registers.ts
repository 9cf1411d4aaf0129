// DWARF register numbers of amd64 (System V psABI, figure 3.36) as names. Data only.

import type { RegisterName } from "../../cpu/registers.ts";

const NAMES: readonly (RegisterName | undefined)[] = [
  "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip",
]; // biome-ignore format: a table

const OTHERS: Readonly<Record<number, RegisterName>> = {
  49: "eflags", 50: "es", 51: "cs", 52: "ss", 53: "ds", 54: "fs", 55: "gs", 58: "fs_base", 59: "gs_base",
}; // biome-ignore format: a table

export const DWARF_RSP = 7;
export const DWARF_RIP = 16;

/** Undefined for vector, x87 and unknown registers: vectorName(). */
export function registerName(dwarfNumber: number): RegisterName | undefined {
  return NAMES[dwarfNumber] ?? OTHERS[dwarfNumber];
}

/** An SSE or x87 register by DWARF number: xmm0-xmm15 are 17-32, st0-st7 are 33-40. */
export function vectorName(dwarfNumber: number): string | undefined {
  if (dwarfNumber >= 17 && dwarfNumber <= 32) return `xmm${dwarfNumber - 17}`;
  return dwarfNumber >= 33 && dwarfNumber <= 40 ? `st${dwarfNumber - 33}` : undefined;
}

export function registerNumber(name: RegisterName): number | undefined {
  const index = NAMES.indexOf(name);
  if (index >= 0) return index;
  for (const [number, other] of Object.entries(OTHERS)) if (other === name) return Number(number);
  return undefined;
}
