// 32-bit protected mode with everything that IA-32e mode has dropped: call gates, tasks, conforming and 16-bit code, segments that are
// not flat, an LDT. Bytes in, text out; tables as SDM 3A figures 3-8, 5-8, 6-2, 8-2 draw them.

import { createCpu } from "../../emulator/cpu/cpu.ts";
import type { CpuExit } from "../../emulator/cpu/host.ts";
import {
  bytes,
  CODE,
  core,
  GDT,
  HANDLERS,
  IDT,
  RecordingHost,
  RSP0,
  type Setup,
  STACK,
  TSS,
  write64,
} from "./fixture.ts";

/** The task that selector 0x30 names begins at TASK_CODE, on TASK_STACK. */
export const OTHER_TSS = 0x9000;
export const TASK_CODE = 0x180000;
export const TASK_STACK = 0x2f0000;
/** Call gates lead here. */
export const GATE_CODE = 0x190000;
/** Base of the segments that are not flat. */
export const WINDOW = 0x220000;
const LDT = 0xa000;

/** Descriptors by selector; `flat` data and code, a window of 4 KiB at WINDOW, gates and tasks. */
const SEGMENTS: readonly (readonly [selector: number, descriptor: bigint])[] = [
  [0x08, 0x00cf9b000000ffffn], // kernel code
  [0x10, 0x00cf93000000ffffn], // kernel data
  [0x18, 0x00cffb000000ffffn], // user code
  [0x20, 0x00cff3000000ffffn], // user data
  [0x28, system(0x8b, TSS, 0x67)], // this task: busy
  [0x30, system(0x89, OTHER_TSS, 0x67)], // the other one
  [0x38, gate(0xec, 8, GATE_CODE, 2)], // call gate for users, two parameters
  [0x40, gate(0x8c, 8, GATE_CODE, 0)], // call gate for the kernel
  [0x48, gate(0xe5, 0x30, 0, 0)], // task gate for users
  [0x50, 0x00cf9f000000ffffn], // conforming kernel code
  [0x58, 0x00009b000000ffffn], // 16-bit code
  [0x60, window(0xf3)], // data
  [0x68, window(0xf7)], // expand-down data
  [0x70, window(0xf1)], // read-only data
  [0x78, window(0x99)], // execute-only code
  [0x80, system(0x82, LDT, 0x0f)],
  [0x88, 0x00cf13000000ffffn], // data, not present
  [0x90, system(0x89, OTHER_TSS, 0x66)], // a task whose TSS is too short
  [0x98, gate(0x6c, 8, GATE_CODE, 0)], // call gate, not present
  [0xa0, gate(0xec, 0x10, GATE_CODE, 0)], // call gate to data
  [0xa8, gate(0xe4, 8, GATE_CODE, 0)], // call gate of the 80286
  [0xb0, 0x00cfdb000000ffffn], // code of level 2
  [0xb8, 0x00cfd3000000ffffn], // data of level 2
];
const GDT_LIMIT = 0xbf;

function window(access: number): bigint {
  return descriptor(WINDOW, 0xfff, access, 4);
}
function descriptor(base: number, limit: number, access: number, flags: number): bigint {
  const low = (BigInt(base & 0xffff) << 16n) | BigInt(limit & 0xffff);
  const high =
    (base & 0xff000000) | (flags << 20) | (limit & 0xf0000) | (access << 8) | ((base >>> 16) & 0xff);
  return low | (BigInt(high >>> 0) << 32n);
}
function system(access: number, base: number, limit: number): bigint {
  return descriptor(base, limit, access, 0);
}
function gate(access: number, selector: number, offset: number, parameters: number): bigint {
  const low = (BigInt(selector) << 16n) | BigInt(offset & 0xffff);
  return low | (BigInt(((offset & 0xffff0000) | (access << 8) | parameters) >>> 0) << 32n);
}

/** Vectors 0 to 0x7f: interrupt gates of level 0; from 0x80 on of level 3: 0x81 trap, 0x82 16-bit, 0x83 task gate. */
function idt(vector: number): bigint {
  const handler = HANDLERS + 16 * vector;
  if (vector === 0x81) return gate(0xef, 8, handler, 0);
  if (vector === 0x82) return gate(0xe6, 8, handler & 0xffff, 0);
  if (vector === 0x83) return gate(0xe5, 0x30, 0, 0);
  return gate(vector < 0x80 ? 0x8e : 0xee, 8, handler, 0);
}

export function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** The state of a task: EIP, EFLAGS, ESP, then ES CS SS DS FS GS. */
export interface Task {
  eip: number;
  eflags?: number;
  esp?: number;
  segments?: readonly number[];
  ldt?: number;
  trap?: boolean;
}
export function writeTask(setup: Setup, at: number, task: Task): void {
  const {
    eip,
    eflags = 2,
    esp = TASK_STACK,
    segments = [0x10, 8, 0x10, 0x10, 0, 0],
    ldt = 0,
    trap = false,
  } = task;
  setup.cpu.writeRam(
    at + 0x20,
    words(eip, eflags, 0xa, 0xc, 0xd, 0xb, esp, 5, 6, 7, ...segments, ldt, trap ? 1 : 0),
  );
}

/** Code at CODE, at level 0 or 3; IF = 0, paging off. HLT follows it, and stands at every other place where code may arrive. */
export function legacyMode(code: string, level: 0 | 3 = 0): Setup {
  const host = new RecordingHost();
  const cpu = createCpu(core(), host, 16 << 20);
  host.cpu = cpu;
  const setup = { cpu, host };
  for (const [selector, value] of SEGMENTS) write64(cpu, GDT + selector, value);
  for (let vector = 0; vector < 256; vector++) write64(cpu, IDT + vector * 8, idt(vector));
  write64(cpu, LDT, 0n, descriptor(WINDOW, 0xfff, 0xf3, 4));
  cpu.writeRam(TSS + 4, words(RSP0, 0x10, 0, 0, RSP0 - 0x1000, 0xba));
  cpu.writeRam(TSS + 102, bytes("68 00")); // no I/O permission bit map
  writeTask(setup, OTHER_TSS, { eip: TASK_CODE });
  for (const at of [0, HANDLERS, GATE_CODE, TASK_CODE]) cpu.writeRam(at, new Uint8Array(0x1000).fill(0xf4));
  cpu.writeRam(CODE, bytes(`${code} f4`));
  cpu.setRegister("cr0", 0x11n);
  cpu.setDescriptorTable("gdtr", BigInt(GDT), GDT_LIMIT);
  cpu.setDescriptorTable("idtr", BigInt(IDT), 0x7ff);
  const user = level === 3 ? 0x60 : 0;
  for (const name of ["ds", "es", "fs", "gs", "ss"] as const)
    cpu.setSegment(name, {
      selector: user ? 0x23 : 0x10,
      base: 0n,
      limit: 0xffffffff,
      attributes: 0xc093 | user,
    });
  cpu.setSegment("cs", { selector: user ? 0x1b : 8, base: 0n, limit: 0xffffffff, attributes: 0xc09b | user });
  cpu.setSegment("tr", { selector: 0x28, base: BigInt(TSS), limit: 0x67, attributes: 0x8b });
  cpu.setRegister("rip", BigInt(CODE));
  cpu.setRegister("rsp", BigInt(STACK));
  cpu.setRegister("rdx", 0n);
  return setup;
}

const PLACES: readonly (readonly [name: string, at: number])[] = [
  ["code", CODE],
  ["gate", GATE_CODE],
  ["task", TASK_CODE],
  ["stack", STACK],
  ["rsp0", RSP0],
  ["task stack", TASK_STACK],
];
/** Addresses near a known place by its name: "code+5", "stack-8". */
export function place(value: number): string {
  for (const [name, at] of PLACES) {
    const offset = value - at;
    if (Math.abs(offset) < 0x1000)
      return offset === 0 ? name : `${name}${offset < 0 ? "-" : "+"}${Math.abs(offset).toString(16)}`;
  }
  return value.toString(16);
}

export function word(setup: Setup, at: number): number {
  return new DataView(setup.cpu.ram.buffer, setup.cpu.ram.byteOffset + at, 4).getUint32(0, true);
}

const HAS_ERROR = new Set([8, 10, 11, 12, 13, 14, 17]);

/** Where it halted: "#13(38) at code+5" in a handler, else "cs:eip" of the HLT; then the stack pointer and `shown` words on it. */
export function legacyText(setup: Setup, exit: CpuExit, shown = 0): string {
  const { cpu } = setup;
  if (exit.kind !== "halt") return "message" in exit ? `${exit.kind}: ${exit.message}` : exit.kind;
  const register = (name: "rip" | "rsp" | "cs" | "ss") => Number(cpu.getRegister(name));
  const eip = register("rip") - 1;
  const sp = register("rsp") + Number(cpu.getSegment("ss").base);
  const stack = Array.from({ length: shown }, (_, i) => place(word(setup, sp + 4 * i)));
  const tail =
    shown === 0 ? "" : ` | ${register("ss").toString(16)}:${place(register("rsp"))} | ${stack.join(" ")}`;
  const vector = (eip - HANDLERS) >> 4;
  if (vector < 0 || vector > 255) return `${register("cs").toString(16)}:${place(eip)}${tail}`;
  const error = HAS_ERROR.has(vector) ? `(${word(setup, sp).toString(16)})` : "";
  if (shown > 0) return `#${vector}${tail}`;
  return `#${vector}${error} at ${place(word(setup, sp + (error ? 4 : 0)))}`;
}

/** Runs code and tells where it ended. */
export function legacyRun(code: string, level: 0 | 3 = 0, shown = 0): string {
  const setup = legacyMode(code, level);
  return legacyText(setup, setup.cpu.run(1000), shown);
}
