// The debugger's view of a machine: registers, memory, run control, and optional capabilities as optional objects.
// The embedded machine is one target, the gdb remote client (QEMU, Firecracker) is to be another. Must not know DAP.
//
// Reading is synchronous (unwinding and expressions read a lot and stay simple that way; a remote target blocks on its
// worker), running is not. Addresses and register values are bigint, unsigned.

import type { RegisterName } from "../cpu/registers.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import type { Catch, CatchOptions, WatchHit, Watchpoint } from "../machine/watch-api.ts";

export type { Catch, CatchOptions, WatchHit, WatchPlace, Watchpoint } from "../machine/watch-api.ts";

/** `held`: threads that stand meanwhile (gdb's scheduler locking); the selected one never does. */
export type Resume =
  | { kind: "continue"; held?: ReadonlySet<number> }
  /** Exactly one instruction of the selected thread; interrupts and timers stay on, other threads go on. */
  | { kind: "step"; held?: ReadonlySet<number> };

export type Stop =
  | { kind: "breakpoint"; address: bigint }
  | { kind: "step" }
  /** Watched accesses have been made; rip is behind the instruction. Never empty. */
  | { kind: "watchpoint"; hits: WatchHit[] }
  /** A caught exception, interrupt or unknown access. */
  | Catch
  /** interrupt() was called. */
  | { kind: "interrupted" }
  /** An instruction or console limit that the caller had set was reached. */
  | { kind: "limit"; message: string }
  /** The guest waits for an interrupt that can never come (HLT with no event left, or with IF=0). */
  | { kind: "halted"; message: string }
  /** Triple fault, power off or reset asked for by the guest. */
  /** `exitCode`: what the guest asked isa-debug-exit to end the process with. */
  | { kind: "shutdown"; message: string; exitCode?: number }
  /** The machine is there no more: its process has ended, or the connection to it. Nothing can be read. */
  | { kind: "gone"; message: string }
  /** The machine met something it does not implement; it stopped before it. */
  | { kind: "unsupported"; message: string };

/** A register that the machine has, but that a remote stub does not tell. */
export class UnavailableRegister extends Error {
  constructor(register: string, target: string) {
    super(`${target} does not tell register ${register}.`);
  }
}

/** A processor as a thread. */
export interface Thread {
  /** From 1. */
  id: number;
  /** "CPU 0", as kernels and APICs number it. */
  name: string;
  /** "running", "halted", "waiting for SIPI"; undefined where the target does not tell. */
  activity: string | undefined;
}

/** Processors that stop and go together. A stop selects the thread that it is about. */
export interface Threads {
  list(): Thread[];
  readonly selected: number;
  /** Registers, linear memory and clocks are this one's, and a step is its step, while the others go on. Throws RangeError. */
  select(id: number): void;
}

export interface Target {
  readonly name: string;
  /** Present where there can be several processors. */
  readonly threads?: Threads;
  /** Throws UnavailableRegister. */
  readRegister(name: RegisterName): bigint;
  writeRegister(name: RegisterName, value: bigint): void;
  /** Reads linear memory under the current page tables; throws MemoryError, never a short read. */
  readMemory(address: bigint, length: number): Uint8Array;
  writeMemory(address: bigint, bytes: Uint8Array): void;
  /** Replaces the set of breakpoint addresses. A resume from an address in the set executes that instruction first. */
  setBreakpoints(addresses: Iterable<bigint>): void;
  /**
   * Present where the target watches data. Replaces the set; a hit ends a resume with "watchpoint", after the access. Throws
   * RangeError, and nothing changes, for what cannot be watched.
   */
  readonly watchpoints?: { set(watchpoints: readonly Watchpoint[]): void };
  /** Present where the target stops at exceptions, interrupts and unknown accesses; nothing is caught at first. */
  readonly catching?: { set(options: CatchOptions): void };
  resume(how: Resume): Promise<Stop>;
  /** Ends a resume soon (within 100 ms) with "interrupted". No effect when stopped. */
  interrupt(): void;
  /** Present where x87 and SSE registers can be had, by gdb's names (st0, xmm0, mxcsr, fctrl); least significant byte first. */
  readonly vectors?: { read(name: string): Uint8Array; write(name: string, bytes: Uint8Array): void };
  /** Present where the target can tell what its clock hardware says, without side effects. */
  readonly clocks?: ClockInspection;
  /** Present where the target counts. */
  readonly counters?: { instructions(): number; timeNs(): number; tsc(): bigint; stateHash(): string };
  /** Present where the target has a serial console. */
  readonly console?: { onOutput(listener: (text: string) => void): void; input(text: string): void };
  /** Present where the target notices things worth telling: unknown MSRs and ports. Each once. */
  takeNotices?(): string[];
  /** Present where the target takes commands of its own (QEMU's monitor); gives their text. */
  monitor?(line: string): string;
  /** Present where the target can start over; equal to a new start. */
  restart?(): void;
  dispose(): void;
}

/** Clock hardware as data for views: groups of registers with decoded fields. Reads have no side effects. */
export interface ClockInspection {
  read(): ClockDevice[];
  /** What is looked at when somebody asks for it: I/O APIC, CPUID, MSRs. */
  readOthers?(): ClockDevice[];
}
