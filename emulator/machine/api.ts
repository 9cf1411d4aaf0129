// The machine as its users (debugger target, command line, tests) see it. The contract between machine/ and debugger/.
// Must not know: files, host time, DAP. Everything is synchronous: whoever runs the machine slices its time.

import type { BootProtocol } from "../boot/protocols.ts";
import type { BootModule } from "../boot/request.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import type { Board } from "./board.ts";
import type { MachineSnapshot } from "./snapshot.ts";
import type { Activity } from "./turns.ts";
import type { Catch, CatchOptions, WatchHit, Watchpoint } from "./watch-api.ts";

export type { Activity } from "./turns.ts";
export type { Catch, CatchOptions, WatchHit, WatchPlace, Watchpoint } from "./watch-api.ts";

export interface MachineOptions {
  /** The kernel's file, whole: ELF, or a Linux bzImage. */
  kernel: Uint8Array;
  /** How the kernel is started; default: what its file shows. */
  bootProtocol?: BootProtocol | undefined;
  /** Initial RAM disk. */
  initrd?: Uint8Array | undefined;
  /** What the boot protocol hands over as modules, in order. */
  modules?: readonly BootModule[] | undefined;
  /** Kernel command line, without the kernel's name; default "". */
  cmdline?: string;
  /** Disks, as virtio block devices. */
  disks?: readonly DiskOptions[] | undefined;
  /** Guest RAM in bytes, a multiple of 64 KiB from 4 MiB to 3 GiB; default 256 MiB. */
  memory?: number;
  /** Guest picoseconds per retired instruction, 1 to 10^9; default 100,000 (100 ns). */
  psPerInstruction?: number;
  /** TSC frequency in whole Hz; default 1,000,000,000. */
  tscHz?: number;
  /** Executions after which code is translated to WebAssembly, 0: never. It changes nothing but speed. */
  translateAfter?: number;
  /** What differs from the default board. */
  board?: Partial<Board>;
}

export interface DiskOptions {
  /** Raw image. It is never changed: what the guest writes stays in the machine. */
  image: Uint8Array;
  /** The guest may not write; default false. */
  readOnly?: boolean;
}

/** Why Machine.run() came back. */
export type MachineStop =
  | { kind: "limit" }
  | { kind: "breakpoint"; address: bigint }
  /** The last instruction hit these; never empty. */
  | { kind: "watchpoint"; hits: WatchHit[] }
  | Catch
  /** The console has printed a text of stopAtConsole(). */
  | { kind: "console"; text: string }
  | { kind: "halted"; message: string }
  /** `exitCode`: the guest wrote to isa-debug-exit. */
  | { kind: "shutdown"; message: string; exitCode?: number }
  | { kind: "unsupported"; message: string; address: bigint };

/** Only for run() with a bound: the guest waits in HLT, and its next event, at `nextNs`, is later than the bound. */
export interface IdleStop {
  kind: "idle";
  nextNs: number;
}

/** Only for step(): the processor's instruction has retired. */
export interface SteppedStop {
  kind: "stepped";
}

export interface Machine {
  /** How many processors; they are numbered from 0, as their local APICs are. */
  readonly processors: number;
  /**
   * The processor whose registers, translations and clock devices are to be seen: after a run the one that the stop is about,
   * or whose turn it is. What runs next does not depend on it.
   */
  readonly selected: number;
  select(processor: number): void;
  activity(processor: number): Activity;
  /** Keeps these from running until it is called again; time and interrupts go on. Snapshots and hashes do not tell it. */
  hold(processors: ReadonlySet<number>): void;
  /** Retired instructions since reset, of all processors. */
  readonly instructions: number;
  /** Virtual time in ns since reset: retired instructions plus time skipped in HLT. */
  readonly timeNs: number;
  readonly tsc: bigint;
  /**
   * Runs at most `maxInstructions` more; slicing a run differently changes nothing in the guest. {kind:"limit"} comes early when they
   * cost the host far more than instructions do (long repeated strings, faults without end). HLT skips to the next event,
   * but not beyond virtual time `idleUntilNs` where it is given: that is how a caller paces an idle guest.
   */
  run(maxInstructions: number): MachineStop;
  run(maxInstructions: number, idleUntilNs: number): MachineStop | IdleStop;
  /** Runs, with turns as ever, until one more instruction of `processor` has retired. */
  step(processor: number, maxInstructions: number): MachineStop | SteppedStop;
  readRegister(name: string): bigint;
  writeRegister(name: string, value: bigint): void;
  /** x87 and SSE registers by gdb's names (st0, xmm0, mxcsr, fctrl, ...), least significant byte first. */
  readVectorRegister(name: string): Uint8Array;
  writeVectorRegister(name: string, bytes: Uint8Array): void;
  /** Linear to physical under the current page tables, without setting A/D bits; undefined when not mapped. */
  translate(linear: bigint): number | undefined;
  /** Reads linear memory without side effects (device pages through peek); undefined at the first unmapped byte. */
  readMemory(linear: bigint, length: number): Uint8Array | undefined;
  writeMemory(linear: bigint, bytes: Uint8Array): boolean;
  setBreakpoints(addresses: Iterable<bigint>): void;
  /** Replaces the watchpoints; counts, states and hashes do not depend on them. Throws RangeError for what cannot be watched, and nothing changes. */
  setWatchpoints(list: readonly Watchpoint[]): void;
  /** Replaces what is caught; nothing at first. */
  setCatch(options: CatchOptions): void;
  /** Console bytes the guest wrote since the last call, in order. */
  takeConsoleOutput(): Uint8Array;
  /** Each of these texts ends a run behind the instruction that prints its last byte. [] for none. */
  stopAtConsole(texts: readonly string[]): void;
  sendConsoleInput(bytes: Uint8Array): void;
  /** Hash over CPU, RAM, devices and clock; equal states give equal hashes. 64 hexadecimal digits or fewer. */
  stateHash(): string;
  /** Everything that a run depends on; load() continues from it exactly. */
  save(): MachineSnapshot;
  /** The snapshot must come from a machine with the same options. Console output not yet taken is dropped. */
  load(snapshot: MachineSnapshot): void;
  /** Clock hardware, decoded, without side effects. */
  clockDevices(): ClockDevice[];
  /** What else there is to look at, likewise: I/O APIC, CPUID and MSRs of the selected processor. */
  otherDevices(): ClockDevice[];
  /** Things worth a user's notice, each once: unknown MSRs and ports with the address that touched them. */
  takeNotices(): string[];
}
