// amd64's registers by the names gdb gives them, parts included (`$eax`, `$ah`, `$pc`), with gdb's types.

import { REGISTER_NAMES, type RegisterName } from "../cpu/registers.ts";
import type { Type } from "../symbols/api.ts";
import { BUILTIN, CODE_POINTER, pointerTo, REGISTER_BYTE, registerFlags, VOID } from "./types.ts";

/** A named part of a register: `size` bytes at `offset`, of a type. */
export interface RegisterPart {
  register: RegisterName;
  offset: number;
  type: Type;
}

const INT64: Type = { ...BUILTIN.long, name: "int64_t" };
const INT16: Type = { ...BUILTIN.short, name: "int16_t" };
const DATA_POINTER = pointerTo(VOID);

// Bits in the order in which gdb lists them (SDM 1, 3.4.3; SDM 3A, 2.5; SDM 4, IA32_EFER).
const EFLAGS = registerFlags("i386_eflags", 4, [
  ["CF", 0], ["", 1], ["PF", 2], ["AF", 4], ["ZF", 6], ["SF", 7], ["TF", 8], ["IF", 9], ["DF", 10], ["OF", 11],
  ["NT", 14], ["RF", 16], ["VM", 17], ["AC", 18], ["VIF", 19], ["VIP", 20], ["ID", 21],
]); // biome-ignore format: a table
const CR0 = registerFlags("i386_cr0", 8, [
  ["PG", 31], ["CD", 30], ["NW", 29], ["AM", 18], ["WP", 16], ["NE", 5], ["ET", 4], ["TS", 3], ["EM", 2], ["MP", 1], ["PE", 0],
]); // biome-ignore format: a table
const CR4 = registerFlags("i386_cr4", 8, [
  ["PKE", 22], ["SMAP", 21], ["SMEP", 20], ["OSXSAVE", 18], ["PCIDE", 17], ["FSGSBASE", 16], ["VMXE", 13], ["LA57", 12], ["UMIP", 11],
  ["OSXMMEXCPT", 10], ["OSFXSR", 9], ["PCE", 8], ["PGE", 7], ["MCE", 6], ["PAE", 5], ["PSE", 4], ["DE", 3], ["TSD", 2], ["PVI", 1], ["VME", 0],
]); // biome-ignore format: a table
const EFER = registerFlags("i386_efer", 8, [
  ["SCE", 0], ["LME", 8], ["LMA", 10], ["NXE", 11], ["SVME", 12], ["LMSLE", 13], ["FFXSR", 14], ["TCE", 15],
]); // biome-ignore format: a table

/** The type in which gdb shows a whole register. */
export function registerType(register: RegisterName): Type {
  switch (register) {
    case "rip":
      return CODE_POINTER;
    case "rsp":
    case "rbp":
      return DATA_POINTER;
    case "eflags":
      return EFLAGS;
    case "cr0":
      return CR0;
    case "cr4":
      return CR4;
    case "efer":
      return EFER;
    case "cs":
    case "ss":
    case "ds":
    case "es":
    case "fs":
    case "gs":
      return BUILTIN.int;
    default:
      return INT64;
  }
}

const ALIASES: Record<string, RegisterName> = { pc: "rip", sp: "rsp", fp: "rbp", rflags: "eflags" };

const PARTS = new Map<string, RegisterPart>();
for (const register of REGISTER_NAMES)
  PARTS.set(register, { register, offset: 0, type: registerType(register) });
for (const [alias, register] of Object.entries(ALIASES)) PARTS.set(alias, PARTS.get(register)!);
for (const letter of ["a", "b", "c", "d"]) {
  const register = `r${letter}x` as RegisterName;
  PARTS.set(`e${letter}x`, { register, offset: 0, type: BUILTIN.int });
  PARTS.set(`${letter}x`, { register, offset: 0, type: INT16 });
  PARTS.set(`${letter}l`, { register, offset: 0, type: REGISTER_BYTE });
  PARTS.set(`${letter}h`, { register, offset: 1, type: REGISTER_BYTE });
}
for (const name of ["si", "di", "bp", "sp"]) {
  const register = `r${name}` as RegisterName;
  PARTS.set(`e${name}`, { register, offset: 0, type: BUILTIN.int });
  if (name !== "sp") PARTS.set(name, { register, offset: 0, type: INT16 });
  PARTS.set(`${name}l`, { register, offset: 0, type: REGISTER_BYTE });
}
for (let number = 8; number < 16; number++) {
  const register = `r${number}` as RegisterName;
  PARTS.set(`r${number}d`, { register, offset: 0, type: BUILTIN.int });
  PARTS.set(`r${number}w`, { register, offset: 0, type: INT16 });
  PARTS.set(`r${number}l`, { register, offset: 0, type: REGISTER_BYTE });
}

/** A register or a part of one by gdb's name, without the dollar sign. */
export const registerNamed = (name: string): RegisterPart | undefined => PARTS.get(name);

/** The registers of gdb's `info registers`, in its order, and the control registers after them. */
export const GENERAL_REGISTERS: readonly RegisterName[] = [
  "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
  "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip", "eflags",
]; // biome-ignore format: a table
export const SYSTEM_REGISTERS: readonly RegisterName[] = REGISTER_NAMES.filter(
  (name) => !GENERAL_REGISTERS.includes(name),
);
