// A kernel image for hostile runs: a little honest code that switches the mode and loads tables, then whatever the caller wants
// to be executed. Every exception leads back into that code, so that a run goes on after the first fault.

import { pvhElf } from "../../boot/pvh-elf.ts";
import type { Random } from "../../cpu/oracle/random.ts";

export const BASE = 0x100000;
export const CODE = BASE + 0x10000;
export const CODE_SIZE = 0x8000;
const GDT = BASE + 0x800;
const IDT = BASE + 0x1000;
const PML4 = BASE + 0x2000;
const PDPT = BASE + 0x3000;
const PD = BASE + 0x4000;
const TSS = BASE + 0x8000;
const STACK = BASE + 0xc000;
const RECOVERY = BASE + 0x400;
const SEED = BASE + 0x6f0;

export type Mode = "bare" | "protected" | "long";

/**
 * Where exceptions and interrupts go: `recovery` to honest code that gives the registers new values and jumps to a random place, `wild`
 * to random places at once (and many a run ends in a loop of faults).
 */
export type Handlers = "recovery" | "wild";

/** `bare`: 32-bit without tables, as the boot protocol leaves it. `spoil` is how many random words are thrown over the tables. */
export function hostileImage(
  mode: Mode,
  code: Uint8Array,
  random: Random,
  spoil: number,
  handlers: Handlers = "wild",
): Uint8Array {
  const image = new Uint8Array(CODE - BASE + CODE_SIZE);
  const view = new DataView(image.buffer);
  descriptors(view);
  if (mode === "long") pageTables(view);
  interrupts(view, mode, random, handlers);
  stacks(view);
  image.set(recovery(), RECOVERY - BASE);
  view.setUint32(SEED - BASE, random.next(), true);
  for (let i = 0; i < spoil; i++) {
    const at = random.below((TSS + 0x68 - GDT) >> 3) * 8 + (GDT - BASE);
    view.setBigUint64(
      at,
      random.chance(2) ? random.bits64() : address(random) | BigInt(random.below(256)),
      true,
    );
  }
  image.set(entry(mode), 0);
  image.set(code.subarray(0, CODE_SIZE), CODE - BASE);
  return pvhElf({ code: [...image], address: BASE });
}

/** Where tables and rings may be put: RAM, its end, device pages, the end of physical and of linear memory. */
export function address(random: Random): bigint {
  const near = BigInt(random.below(64)) - 32n;
  switch (random.below(8)) {
    case 0:
      return random.bits64();
    case 1:
      return (
        random.pick([0n, 0xfee00000n, 0xfec00000n, 0xfeb00000n, 0xff000000n]) + BigInt(random.below(0x1000))
      );
    case 2:
      return BigInt.asUintN(
        64,
        random.pick([1n << 24n, 1n << 32n, 1n << 40n, 1n << 47n, 1n << 52n, 0n]) + near,
      );
    case 3:
      return BigInt(random.next());
    default:
      return BigInt(random.below(1 << 24));
  }
}

function descriptors(view: DataView): void {
  // 32-bit code ends with RAM (16 MiB): a jump outside is a fault, not the end of the run.
  const gdt = [0n, 0xc09b0000000fffn, 0xcf93000000ffffn, 0xaf9b000000ffffn, 0xc0fb0000000fffn, 0n, 0n, 0x9b000000ffffn, 0x93000000ffffn, 0xaffb000000ffffn, 0xcff3000000ffffn]; // biome-ignore format: a table
  gdt[5] = 0x0000890000000067n | (BigInt(TSS & 0xffffff) << 16n);
  gdt.forEach((entry, i) => {
    view.setBigUint64(GDT - BASE + 8 * i, entry, true);
  });
  const pointer = (at: number, limit: number, base: number) => {
    view.setUint16(at, limit, true);
    view.setBigUint64(at + 2, BigInt(base), true);
  };
  pointer(0x700, gdt.length * 8 - 1, GDT);
  pointer(0x710, 0xfff, IDT);
}

const RAM_PAGES = 8;
const NO_EXECUTE = 1n << 63n;

/** The first 4 GiB one to one, 2 MiB pages, user and supervisor; outside RAM nothing is executed. */
function pageTables(view: DataView): void {
  view.setBigUint64(PML4 - BASE, BigInt(PDPT) | 7n, true);
  for (let i = 0; i < 4; i++) view.setBigUint64(PDPT - BASE + 8 * i, BigInt(PD + 0x1000 * i) | 7n, true);
  for (let i = 0; i < 2048; i++) {
    const rights = i < RAM_PAGES ? 0x87n : 0x87n | NO_EXECUTE;
    view.setBigUint64(PD - BASE + 8 * i, (BigInt(i) << 21n) | rights, true);
  }
}

function interrupts(view: DataView, mode: Mode, random: Random, handlers: Handlers): void {
  const size = mode === "long" ? 16 : 8;
  const selector = mode === "long" ? 0x18 : 0x08;
  for (let vector = 0; vector < 256; vector++) {
    const at = IDT - BASE + size * vector;
    const handler = handlers === "recovery" ? RECOVERY : CODE + random.below(CODE_SIZE);
    const stack = mode === "long" ? random.pick([0, 0, 1, 2]) : 0;
    const type = random.pick([0x8e, 0x8f, 0xee]);
    view.setUint32(at, (selector << 16) | (handler & 0xffff), true);
    view.setUint32(at + 4, ((handler & 0xffff0000) | (type << 8) | stack) >>> 0, true);
  }
}

/** Task state: stacks of every privilege and of the interrupt stack table (SDM 3A 7.2.1, 7.7). */
function stacks(view: DataView): void {
  for (let at = 4; at < 0x64; at += 8) view.setBigUint64(TSS - BASE + at, BigInt(STACK), true);
}

/** The same bytes in 32-bit and 64-bit code: data segments, a new stack, registers from a generator in memory, a jump into the code. */
function recovery(): number[] {
  return [
    ...[0xba, ...dword(0x10), 0x8e, 0xda, 0x8e, 0xc2, 0x8e, 0xd2], // mov edx, 0x10; mov ds, edx; mov es, edx; mov ss, edx
    ...[0xbc, ...dword(STACK), 0xb8, ...dword(SEED)], // mov esp, STACK; mov eax, SEED
    ...[0x69, 0x08, ...dword(1664525), 0x81, 0xc1, ...dword(1013904223), 0x89, 0x08], // imul ecx, [rax], a; add ecx, c; mov [rax], ecx
    ...[0x89, 0xce, 0x69, 0xf9, ...dword(0x10dcd), 0x69, 0xe9, ...dword(0x3c6ef35f)], // mov esi, ecx; imul edi, ecx, n; imul ebp, ecx, m
    ...[0x81, 0xe6, ...dword(0xffffff), 0x81, 0xe7, ...dword(0xffffff)], // esi and edi point into RAM
    ...[0x89, 0xca, 0xc1, 0xea, 0x08, 0x81, 0xe2, ...dword(CODE_SIZE - 1), 0x81, 0xc2, ...dword(CODE)], // edx = CODE + (ecx >> 8) % CODE_SIZE
    ...[0xff, 0xe2], // jmp rdx
  ];
}

function entry(mode: Mode): number[] {
  const jump = [0xb8, ...dword(CODE), 0xff, 0xe0]; // mov eax, CODE; jmp (r/e)ax
  if (mode === "bare") return [0xbc, ...dword(STACK), ...jump];
  const tables = [0x0f, 0x01, 0x15, ...dword(BASE + 0x700), 0x0f, 0x01, 0x1d, ...dword(BASE + 0x710)]; // lgdt; lidt
  const data = [0xb8, ...dword(0x10), 0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xd0, 0x8e, 0xe0, 0x8e, 0xe8]; // mov ds, es, ss, fs, gs
  const control = (number: number, value: number) => [
    0xb8,
    ...dword(value),
    0x0f,
    0x22,
    0xc0 | (number << 3),
  ];
  const task = [0xb8, ...dword(0x28), 0x0f, 0x00, 0xd8]; // ltr
  if (mode === "protected") {
    const head = [...tables, ...data, ...control(4, 0x600)];
    const far = BASE + head.length + 7;
    return [...head, 0xea, ...dword(far), 0x08, 0x00, 0xbc, ...dword(STACK), ...task, ...jump];
  }
  const efer = [0xb9, ...dword(0xc0000080), 0xb8, ...dword(0x901), 0x31, 0xd2, 0x0f, 0x30]; // LME, SCE, NXE
  const head = [
    ...tables,
    ...data,
    ...control(4, 0x6a0),
    ...control(3, PML4),
    ...efer,
    ...control(0, 0x80010033),
  ];
  const far = BASE + head.length + 7;
  return [
    ...head,
    0xea,
    ...dword(far),
    0x18,
    0x00,
    0xbc,
    ...dword(STACK),
    ...task,
    0x0f,
    0x01,
    0x1c,
    0x25,
    ...dword(BASE + 0x710),
    ...jump,
  ];
}

export function dword(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
}
