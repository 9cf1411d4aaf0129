// What can be watched and caught on a machine, and what is told of it. The part of api.ts that debuggers build on. Types only.

/** Where a watchpoint looks. */
export type WatchPlace =
  /** Linear addresses, whatever they map to then. */
  | { kind: "linear"; address: bigint; length: number }
  /** Physical addresses, through any mapping; RAM or a device's page. */
  | { kind: "physical"; address: bigint; length: number }
  /** I/O ports, both included. */
  | { kind: "port"; first: number; last: number }
  /** RDMSR and WRMSR that do not fault. */
  | { kind: "msr"; index: number }
  /** A clock register by the ids of ClockDevice and ClockRegister ("lapic", "timer_initial_count"): by MMIO, MSR, port or RDTSC. */
  | { kind: "register"; device: string; register: string };

export interface Watchpoint {
  /** The caller's; told in hits. */
  id: number;
  place: WatchPlace;
  /** "change": a write after which the bytes differ. "access": a read or a write. */
  access: "read" | "write" | "change" | "access";
}

/**
 * A watchpoint that an instruction hit. The machine stands behind that instruction; a repeated string instruction counts as one
 * (65,536 iterations of it). Not seen: instruction fetches, page walks, and what devices and debuggers write.
 */
export interface WatchHit {
  id: number;
  access: "read" | "write";
  /** First byte accessed and how many; the port, or the MSR's number. */
  address: bigint;
  size: number;
  /** RIP of the instruction, or of the interrupted one where the processor itself accessed it in delivering an interrupt. */
  instruction: bigint;
  /** Little-endian bytes of the watched place before a write, and after it or as read. Undefined where there is nothing to tell. */
  old: Uint8Array | undefined;
  value: Uint8Array | undefined;
}

/** What else stops the machine. */
export interface CatchOptions {
  /** Exceptions and interrupts by vector, 0-255. */
  vectors: readonly number[];
  /** Accesses of MSRs and ports that do not exist. */
  unknownMsr: boolean;
  unknownPort: boolean;
}

/** An exception, interrupt or unknown access that was to be caught. */
export interface Catch {
  kind: "exception";
  reason: "fault" | "interrupt" | "unknown-msr" | "unknown-port";
  /** The MSR's or port's number where the reason is one of these. */
  number?: number;
  vector?: number;
  errorCode?: number;
  /** The instruction that faulted, was interrupted, or made the access. */
  instruction: bigint;
  /** True: the machine stands at the handler (interrupts), or behind the access (ports). False: at the instruction, which is not executed. */
  delivered: boolean;
  message: string;
}
