// The x86-64 processor as the board sees it: a WebAssembly instance, its state and RAM, and the imports it calls.
// Must not know: any device, virtual time, files. What the CPU asks of the board is CpuHost (host.ts).

import type { CpuExit, CpuHost } from "./host.ts";
import type { RegisterName } from "./registers.ts";

/** Segment registers with a hidden part, in the order of the state layout. */
export type SegmentName = "es" | "cs" | "ss" | "ds" | "fs" | "gs" | "ldtr" | "tr";

/** A segment register: selector and hidden part (SDM 3A 3.4.3). */
export interface Segment {
  selector: number;
  base: bigint;
  /** In bytes, granularity already applied: the last valid offset. */
  limit: number;
  /** Bits 8-15 and 20-23 of a descriptor's second dword, shifted right by 8: type, S, DPL, P, AVL, L, D/B, G at bits 0-7 and 12-15. */
  attributes: number;
}

/** Everything a checkpoint needs. Opaque; only load() of the same build understands it. */
export interface CpuSnapshot {
  readonly state: Uint8Array;
  /** The non-zero pages of RAM by page number, ascending. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
}

export interface Cpu {
  readonly memory: WebAssembly.Memory;
  /** Guest RAM, physical address 0 first. READ ONLY by convention: write through writeRam, which keeps decoded code and the hash honest. */
  readonly ram: Uint8Array;
  /** Writes physical RAM (loaders, DMA, debugger); decoded code there is dropped. Throws RangeError outside RAM. */
  writeRam(address: number, bytes: Uint8Array): void;

  /** Instructions retired since reset; inside a host callback: those before the current one. */
  readonly instructions: number;
  /** Runs until exactly `untilInstruction` instructions have retired since reset, or another exit. */
  run(untilInstruction: number): CpuExit;
  /** From inside a host callback: run() returns {kind:"limit"} right after the current instruction. */
  requestExit(): void;
  /** INTR pin, a level. While asserted and RFLAGS.IF=1 and no STI/MOV SS shadow, host.acknowledgeInterrupt() gives the vector. */
  setInterruptLine(asserted: boolean): void;
  /** Edge: an NMI is pending and is delivered at the next instruction boundary (blocked until IRET while one is in service). */
  raiseNmi(): void;
  /** Delivers an exception or interrupt through the IDT now, before the next instruction (not from inside a host callback). */
  inject(vector: number, errorCode?: number): void;

  getRegister(name: RegisterName): bigint;
  /** Sets architectural state; for segment names only the selector is set (see setSegment). Flushes what depends on it. */
  setRegister(name: RegisterName, value: bigint): void;
  getSegment(name: SegmentName): Segment;
  setSegment(name: SegmentName, segment: Segment): void;
  getDescriptorTable(name: "gdtr" | "idtr"): { base: bigint; limit: number };
  setDescriptorTable(name: "gdtr" | "idtr", base: bigint, limit: number): void;
  /** XMM register as 16 bytes, a live view (read only by convention). */
  xmm(index: number): Uint8Array;
  setXmm(index: number, bytes: Uint8Array): void;

  /** Execution ends before these linear addresses with {kind:"breakpoint"}; once per arrival, and no instruction count changes. */
  setBreakpoints(addresses: Iterable<bigint>): void;
  /** The instruction at the current RIP counts as already reported: the next run() executes it even if it has a breakpoint. */
  passBreakpoint(): void;

  /** Linear to physical under the current paging, no A/D side effects, no permission checks; undefined when not mapped. */
  translate(linear: bigint): number | undefined;
  flushTlb(): void;

  /** Power-on values (SDM 3A 9.1.1), RAM untouched, count 0. Boot protocols then set what they need. */
  reset(): void;
  save(): CpuSnapshot;
  load(snapshot: CpuSnapshot): void;
  /** 64-bit hash over architectural state, instruction count and RAM. Equal states give equal hashes. Costs only pages written since the last call. */
  stateHash(): bigint;
}

/** Makes a CPU with `ramBytes` (a multiple of 64 KiB) of zeroed RAM from the compiled core (dist/cpu.wasm). */
export function createCpu(_module: WebAssembly.Module, _host: CpuHost, _ramBytes: number): Cpu {
  throw new Error("the core is not built yet");
}
export type { CpuExit, CpuHost, RegisterName };
