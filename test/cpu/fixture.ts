// A processor with flat identity-mapped 64-bit code and nothing around it, for tests that give bytes and read text.

import { readFileSync } from "node:fs";
import path from "node:path";
import { type Cpu, createCpu } from "../../emulator/cpu/cpu.ts";
import type { CpuExit, CpuHost } from "../../emulator/cpu/host.ts";
import { REGISTER_NAMES, type RegisterName } from "../../emulator/cpu/registers.ts";

let compiled: WebAssembly.Module | undefined;
/** The built core. */
export function core(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(path.join(import.meta.dirname, "../../dist/cpu.wasm")));
  return compiled;
}

/** Writes down what the CPU asks for; reads give what the test put in. */
export class RecordingHost implements CpuHost {
  readonly log: string[] = [];
  readonly ports = new Map<number, number>();
  vectors: number[] = [];
  cpu: Cpu | undefined;
  onPortOut: ((port: number, value: number) => void) | undefined;

  mmioRead(address: number, size: number): number {
    this.log.push(`read ${size} at ${address.toString(16)}`);
    return 0xa5a5a5a5;
  }
  mmioWrite(address: number, size: number, value: number): void {
    this.log.push(`write ${size} at ${address.toString(16)}: ${value.toString(16)}`);
  }
  portIn(port: number, size: number): number {
    this.log.push(`in ${size} ${port.toString(16)}`);
    return this.ports.get(port) ?? 0xffffffff;
  }
  portOut(port: number, size: number, value: number): void {
    this.log.push(`out ${size} ${port.toString(16)}: ${value.toString(16)}`);
    this.onPortOut?.(port, value);
  }
  cpuid(leaf: number, subleaf: number): readonly [number, number, number, number] {
    return [leaf, subleaf, 0xffffffff, 1];
  }
  readMsr(index: number): bigint | undefined {
    return index === 0x1b ? 0xfee00900n : undefined;
  }
  writeMsr(index: number): boolean {
    return index === 0x1b;
  }
  timestamp(): bigint {
    return BigInt(this.cpu?.instructions ?? 0);
  }
  undefinedOpcode(opcode: Uint8Array): void {
    this.log.push(`undefined opcode ${Buffer.from(opcode).toString("hex")}`);
  }
  acknowledgeInterrupt(): number {
    const vector = this.vectors.shift() ?? -1;
    if (this.vectors.length === 0) this.cpu?.setInterruptLine(false);
    return vector;
  }
  readCr8(): number {
    return 3;
  }
  writeCr8(value: number): void {
    this.log.push(`cr8 ${value}`);
  }
}

export const CODE = 0x100000;
export const DATA = 0x200000;
export const STACK = 0x300000;
/** The handler of vector v is HLT at HANDLERS + 16 v. */
export const HANDLERS = 0x400000;
export const PAGE_TABLES = 0x1000;
export const GDT = 0x6000;
export const IDT = 0x7000;
export const TSS = 0x8000;
/** Stacks of the TSS: RSP0 and IST1. */
export const RSP0 = 0x3c0000;
export const IST1 = 0x3e0000;
const RAM = 16 * 1024 * 1024;

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ""), "hex"));
}

export function write64(cpu: Cpu, address: number, ...values: bigint[]): void {
  const buffer = new Uint8Array(values.length * 8);
  const view = new DataView(buffer.buffer);
  values.forEach((v, i) => {
    view.setBigUint64(i * 8, BigInt.asUintN(64, v), true);
  });
  cpu.writeRam(address, buffer);
}
export function read64(cpu: Cpu, address: number): bigint {
  return new DataView(cpu.ram.buffer, cpu.ram.byteOffset + address, 8).getBigUint64(0, true);
}

/** GDT: 8 kernel code, 10 kernel data, 18 user code 32, 20 user data, 28 user code 64, 30 TSS (16 bytes), 40 not present, 48 kernel code 32. */
function writeTables(cpu: Cpu): void {
  write64(cpu, PAGE_TABLES, BigInt(PAGE_TABLES + 0x1000) | 7n);
  write64(
    cpu,
    PAGE_TABLES + 0x1000,
    BigInt(PAGE_TABLES + 0x2000) | 7n,
    0x40000087n,
    0x80000087n,
    0xc0000087n,
  );
  write64(cpu, PAGE_TABLES + 0x2000, ...Array.from({ length: 8 }, (_, i) => (BigInt(i) << 21n) | 0x87n));
  write64(
    cpu,
    GDT,
    0n,
    0x00af9b000000ffffn,
    0x00cf93000000ffffn,
    0x00cffb000000ffffn,
    0x00cff3000000ffffn,
    0x00affb000000ffffn,
    0x0000890000000067n | (BigInt(TSS) << 16n),
    0n,
    0x00cf13000000ffffn,
    0x00cf9b000000ffffn,
  );
  write64(cpu, TSS + 4, BigInt(RSP0));
  write64(cpu, TSS + 36, BigInt(IST1));
  cpu.writeRam(TSS + 102, bytes("68 00")); // I/O map base behind the limit: no bit map
  for (let v = 0; v < 256; v++) setGate(cpu, v, HANDLERS + 16 * v);
  cpu.writeRam(HANDLERS, new Uint8Array(4096).fill(0xf4));
}

/** An interrupt gate; `type` 14 interrupt, 15 trap. */
export function setGate(cpu: Cpu, vector: number, handler: number, ist = 0, dpl = 0, type = 14): void {
  const at = BigInt(handler);
  const attributes = BigInt(0x80 | (dpl << 5) | type);
  const low =
    (at & 0xffffn) | (8n << 16n) | (BigInt(ist) << 32n) | (attributes << 40n) | ((at & 0xffff0000n) << 32n);
  write64(cpu, IDT + vector * 16, low, at >> 32n);
}

export interface Setup {
  cpu: Cpu;
  host: RecordingHost;
}

/** 64-bit mode, CPL 0 (or 3), identity paging of 4 GiB, all pages writable by users, IF = 0. RIP at CODE. `features`: default all. All `processors` alike. */
export function longMode(code: string | Uint8Array, user = false, features?: number, processors = 1): Setup {
  const host = new RecordingHost();
  const cpu = createCpu(core(), host, RAM, features, 0, processors);
  host.cpu = cpu;
  writeTables(cpu);
  cpu.writeRam(CODE, typeof code === "string" ? bytes(code) : code);
  for (let n = processors - 1; n >= 0; n--) {
    cpu.select(n);
    enterLongMode(cpu, user);
  }
  return { cpu, host };
}

function enterLongMode(cpu: Cpu, user: boolean): void {
  cpu.setRegister("cr4", 0x6a0n);
  cpu.setRegister("efer", 0xd01n);
  cpu.setRegister("cr3", BigInt(PAGE_TABLES));
  cpu.setRegister("cr0", 0x80010033n);
  cpu.setDescriptorTable("gdtr", BigInt(GDT), 0x4f);
  cpu.setDescriptorTable("idtr", BigInt(IDT), 0xfff);
  const dpl = user ? 0x60 : 0;
  for (const name of ["ds", "es", "fs", "gs", "ss"] as const) {
    cpu.setSegment(name, {
      selector: user ? 0x23 : 0x10,
      base: 0n,
      limit: 0xffffffff,
      attributes: 0xc093 | dpl,
    });
  }
  cpu.setSegment("cs", {
    selector: user ? 0x2b : 8,
    base: 0n,
    limit: 0xffffffff,
    attributes: 0xa09b | dpl,
  });
  cpu.setSegment("tr", { selector: 0x30, base: BigInt(TSS), limit: 0x67, attributes: 0x8b });
  cpu.setRegister("rip", BigInt(CODE));
  cpu.setRegister("rsp", BigInt(STACK));
  cpu.setRegister("rdx", 0n);
}

/** 32-bit protected mode, flat, paging off: the state of a PVH entry. */
export function protectedMode(code: string): Setup {
  const host = new RecordingHost();
  const cpu = createCpu(core(), host, RAM);
  host.cpu = cpu;
  writeTables(cpu);
  cpu.writeRam(CODE, bytes(code));
  cpu.setRegister("cr0", 0x11n);
  cpu.setDescriptorTable("gdtr", BigInt(GDT), 0x4f);
  cpu.setDescriptorTable("idtr", 0n, 0);
  for (const name of ["ds", "es", "fs", "gs", "ss"] as const) {
    cpu.setSegment(name, { selector: 0x10, base: 0n, limit: 0xffffffff, attributes: 0xc093 });
  }
  cpu.setSegment("cs", { selector: 0x48, base: 0n, limit: 0xffffffff, attributes: 0xc09b });
  cpu.setRegister("rip", BigInt(CODE));
  cpu.setRegister("rsp", BigInt(STACK));
  cpu.setRegister("rdx", 0n);
  return { cpu, host };
}

const FLAG_LETTERS: [number, string][] = [
  [0, "C"],
  [2, "P"],
  [4, "A"],
  [6, "Z"],
  [7, "S"],
  [8, "T"],
  [9, "I"],
  [10, "D"],
  [11, "O"],
];
export function flagsText(cpu: Cpu): string {
  const value = cpu.getRegister("eflags");
  return FLAG_LETTERS.map(([bit, letter]) => ((value >> BigInt(bit)) & 1n ? letter : "")).join("") || "-";
}

const HAS_ERROR = new Set([8, 10, 11, 12, 13, 14, 17]);

/** What stopped it: the exit, or the exception whose handler it halted in, with error code and interrupted address. */
export function exitText(cpu: Cpu, exit: CpuExit): string {
  const rip = Number(cpu.getRegister("rip"));
  if (exit.kind === "halt" && rip >= HANDLERS && rip <= HANDLERS + 4096) {
    const vector = (rip - 1 - HANDLERS) >> 4;
    const sp = Number(cpu.getRegister("rsp"));
    const error = HAS_ERROR.has(vector) ? ` error ${read64(cpu, sp).toString(16)}` : "";
    const from = read64(cpu, sp + (error ? 8 : 0)) - BigInt(CODE);
    const cr2 = vector === 14 ? ` cr2 ${cpu.getRegister("cr2").toString(16)}` : "";
    return `#${vector}${error}${cr2} at +${from.toString(16)}`;
  }
  if ("message" in exit) return `${exit.kind}: ${exit.message}`;
  return exit.kind;
}

/** Registers that are not what they were, flags, exit and what the board saw: one line each. */
export function outcome({ cpu, host }: Setup, exit: CpuExit, before: Map<RegisterName, bigint>): string {
  const changed = [...before]
    .filter(([name, value]) => name !== "eflags" && name !== "rip" && cpu.getRegister(name) !== value)
    .map(([name]) => `${name}=${cpu.getRegister(name).toString(16)}`);
  return [[...changed, `flags=${flagsText(cpu)}`].join(" "), exitText(cpu, exit), ...host.log].join("\n");
}

export function registers(cpu: Cpu): Map<RegisterName, bigint> {
  return new Map(REGISTER_NAMES.map((name) => [name, cpu.getRegister(name)]));
}

/** Runs code (HLT follows it) and tells the outcome. */
export function runText(code: string, make: (code: string) => Setup = longMode): string {
  const setup = make(`${code} f4`);
  const before = registers(setup.cpu);
  return outcome(setup, setup.cpu.run(100_000), before);
}
