// Exceptions, interrupts and unknown accesses that a debugger wants to stop at. Must not know breakpoints.

import type { Caught, Cpu } from "../cpu/cpu.ts";
import type { Catch, CatchOptions } from "./watch-api.ts";

/** SDM 3A table 6-1; AMD APM 2, 8.2. */
const NAMES: Readonly<Record<number, string>> = {
  0: "#DE divide error", 1: "#DB debug", 2: "NMI", 3: "#BP breakpoint", 4: "#OF overflow", 5: "#BR bound range", 6: "#UD invalid opcode",
  7: "#NM device not available", 8: "#DF double fault", 10: "#TS invalid TSS", 11: "#NP segment not present", 12: "#SS stack fault",
  13: "#GP general protection", 14: "#PF page fault", 16: "#MF x87 error", 17: "#AC alignment check", 18: "#MC machine check", 19: "#XM SIMD error",
}; // biome-ignore format: a table

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

export class Catching {
  readonly #cpu: () => Cpu;
  #options: CatchOptions = { vectors: [], unknownMsr: false, unknownPort: false };
  #unknown: Catch | undefined;
  /** Instruction count at which an unknown MSR was reported: the instruction runs again, and is not reported twice. */
  #reportedAt = -1;

  constructor(cpu: () => Cpu) {
    this.#cpu = cpu;
  }

  set(options: CatchOptions): void {
    this.#options = options;
    this.#cpu().setCatch(options.vectors);
  }

  /** From within RDMSR or WRMSR, which will fault. */
  unknownMsr(index: number, message: string): void {
    const cpu = this.#cpu();
    if (!this.#options.unknownMsr || this.#reportedAt === cpu.instructions) return;
    this.#reportedAt = cpu.instructions;
    const instruction = cpu.getRegister("rip");
    this.#unknown = {
      kind: "exception",
      reason: "unknown-msr",
      number: index,
      instruction,
      delivered: false,
      message,
    };
    cpu.catchNextFault();
  }

  unknownPort(port: number, message: () => string): void {
    if (!this.#options.unknownPort) return;
    const cpu = this.#cpu();
    const instruction = cpu.getRegister("rip");
    this.#unknown ??= {
      kind: "exception",
      reason: "unknown-port",
      number: port,
      instruction,
      delivered: true,
      message: message(),
    };
    cpu.requestExit();
  }

  /** What was caught in the last slice. */
  take(): Catch | undefined {
    const unknown = this.#unknown;
    this.#unknown = undefined;
    const caught = this.#cpu().takeCaught();
    return unknown ?? (caught && this.#describe(caught));
  }

  #describe({ vector, delivered, errorCode, instruction }: Caught): Catch {
    const name = NAMES[vector];
    const what = name && vector < 32 ? name : `Interrupt vector ${hex(vector)}`;
    const code = errorCode === undefined ? "" : `, error code ${hex(errorCode)}`;
    const address = vector === 14 ? `, address ${hex(this.#cpu().getRegister("cr2"))}` : "";
    return {
      kind: "exception",
      reason: delivered ? "interrupt" : "fault",
      vector,
      ...(errorCode === undefined ? {} : { errorCode }),
      instruction,
      delivered,
      message: `${what} at ${hex(instruction)}${code}${address}`,
    };
  }
}
