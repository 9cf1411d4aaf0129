// What a CPU asks of the board around it, and how a run of it can end. The contract between cpu/ and machine/.
// Must not know: any device, any file of the host. Physical addresses are Numbers (guest-physical space is < 2^52).

/** Everything outside the CPU and RAM. All calls are synchronous and deterministic. */
export interface CpuHost {
  /** Reads `size` (1, 2 or 4) bytes outside RAM; an address no device claims reads all ones. 8-byte accesses come as two of 4. */
  mmioRead(address: number, size: number): number;
  mmioWrite(address: number, size: number, value: number): void;
  /** IN: a port no device claims reads all ones. Values are unsigned 32-bit. */
  portIn(port: number, size: number): number;
  portOut(port: number, size: number, value: number): void;
  /** CPUID leaf (EAX) and subleaf (ECX): EAX, EBX, ECX, EDX, each unsigned 32-bit. */
  cpuid(leaf: number, subleaf: number): readonly [number, number, number, number];
  /** RDMSR of a register that the core does not hold itself (APIC base, MTRRs, TSC, ...); undefined raises #GP(0). */
  readMsr(index: number): bigint | undefined;
  /** WRMSR likewise; false raises #GP(0). */
  writeMsr(index: number, value: bigint): boolean;
  /** RDTSC: the time-stamp counter at the current instruction, in ticks. */
  timestamp(): bigint;
  /** INTA cycle: the vector (0-255) to deliver now, or -1 when the request was withdrawn. Called only while the line is asserted, IF=1 and no shadow holds. */
  acknowledgeInterrupt(): number;
  /** The current instruction is none that this processor has, and is about to raise #UD. `opcode`: prefixes and opcode, at most 8 bytes, valid during the call. */
  undefinedOpcode(opcode: Uint8Array): void;
  /** CR8 = task-priority class (APIC TPR bits 7:4), SDM 3A "Task Priority in IA-32e Mode". */
  readCr8(): number;
  writeCr8(value: number): void;
}

/** Why Cpu.run() came back. A closed union; nothing else ends a run. */
export type CpuExit =
  /** The instruction count that was asked for is reached, or requestExit() was called (then fewer have retired). */
  | { kind: "limit" }
  /** PAUSE retired, and there are several processors: the turn may pass. */
  | { kind: "pause" }
  /** HLT retired. `interruptible` is RFLAGS.IF at that moment. */
  | { kind: "halt"; interruptible: boolean }
  /** The instruction at `address` (linear RIP) has a breakpoint and has not been executed. */
  | { kind: "breakpoint"; address: bigint }
  /** Triple fault (shutdown). `message` names the vectors and the address. */
  | { kind: "shutdown"; message: string }
  /** A mode or feature of the processor that the core does not implement. Nothing of the instruction was executed. */
  | { kind: "unsupported"; address: bigint; opcode: Uint8Array; message: string };
