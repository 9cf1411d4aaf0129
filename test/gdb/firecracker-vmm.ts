// Firecracker's side of its gdb stub (src/vmm/src/gdb/target.rs of 2026), over our machine in place of KVM: vCPUs that pause one by one,
// four debug registers each, INT3 written into memory, addresses translated as the paused vCPU's mode has it.

import { loadCpuModule } from "../../emulator/assets.ts";
import type { Machine, MachineStop } from "../../emulator/machine/api.ts";
import { createMachine } from "../../emulator/machine/machine.ts";

const INT3 = 0xcc;
const PAGE = 0x1000n;
const DEBUG_REGISTERS = 4;
/** Instructions. */
const SLICE = 50_000;

/** Why a vCPU came to a halt, as KVM_EXIT_DEBUG tells it. */
export interface DebugExit {
  vcpu: number;
  reason: "step" | "swbreak" | "hwbreak";
}

/** GdbTargetError, told to gdb as E79. */
export class Refused extends Error {}

export class Vmm {
  readonly machine: Machine;
  readonly #memory: number;
  readonly paused: boolean[];
  /** KVM_GUESTDBG_SINGLESTEP. */
  readonly singleStep: boolean[];
  /** DR0-DR3 of each: written when the vCPU is paused, and when it is resumed. */
  readonly #debugRegisters: ReadonlySet<bigint>[];
  readonly #hardware = new Set<bigint>();
  /** By linear address: the byte under the INT3. */
  readonly #software = new Map<bigint, number>();
  pausedVcpu: number | undefined = 0;
  readonly #exits: DebugExit[] = [];
  #onExit: () => void = () => {};
  #running: Promise<void> | undefined;
  ended: string | undefined;
  /** The process ends with the guest. */
  onEnd: (why: string) => void = () => {};

  constructor(kernel: Uint8Array, cmdline: string, cpus: number, memory = 256 << 20) {
    this.#memory = memory;
    const board = { cpus };
    const options = { kernel, cmdline, memory, psPerInstruction: 100_000, board };
    this.machine = createMachine(loadCpuModule(), options);
    this.paused = Array.from({ length: cpus }, (_, n) => n === 0);
    this.singleStep = this.paused.map(() => false);
    this.#debugRegisters = this.paused.map(() => new Set<bigint>());
  }

  get vcpus(): number {
    return this.paused.length;
  }

  /** Registers can be had of a paused vCPU; KVM makes whoever asks for another's wait until it pauses. */
  async whenPaused(vcpu: number): Promise<void> {
    while (!this.paused[vcpu]) await new Promise((resolve) => setTimeout(resolve, 5));
    this.machine.select(vcpu);
  }

  /** KVM_TRANSLATE, then guest memory: RAM only. */
  #physical(vcpu: number, address: bigint): number {
    this.machine.select(vcpu);
    const physical = this.machine.translate(address);
    if (physical === undefined || physical >= this.#memory) throw new Refused();
    return physical;
  }

  /** All of it, or nothing. */
  check(vcpu: number, address: bigint, length: number): void {
    for (let at = address; at < address + BigInt(length); at = (at / PAGE + 1n) * PAGE)
      this.#physical(vcpu, at);
  }

  read(vcpu: number, address: bigint, length: number): Uint8Array {
    this.check(vcpu, address, length);
    return this.machine.readMemory(address, length)!;
  }

  write(vcpu: number, address: bigint, bytes: Uint8Array): void {
    this.check(vcpu, address, bytes.length);
    this.machine.writeMemory(address, bytes);
  }

  #pausedOne(): number {
    if (this.pausedVcpu === undefined) throw new Refused();
    return this.pausedVcpu;
  }

  addSoftware(address: bigint): boolean {
    const vcpu = this.#pausedOne();
    const [byte] = this.read(vcpu, address, 1);
    if (this.#software.has(address)) return true;
    this.#software.set(address, byte!);
    this.write(vcpu, address, Uint8Array.of(INT3));
    this.#plant();
    return true;
  }

  removeSoftware(address: bigint): boolean {
    const vcpu = this.#pausedOne();
    this.check(vcpu, address, 1);
    const byte = this.#software.get(address);
    if (byte === undefined) return false;
    this.#software.delete(address);
    this.write(vcpu, address, Uint8Array.of(byte));
    this.#plant();
    return true;
  }

  addHardware(address: bigint): boolean {
    if (!this.#hardware.has(address) && this.#hardware.size >= DEBUG_REGISTERS) return false;
    this.#hardware.add(address);
    this.#updateDebug(this.#pausedOne());
    return true;
  }

  removeHardware(address: bigint): boolean {
    if (!this.#hardware.delete(address)) return false;
    this.#updateDebug(this.#pausedOne());
    return true;
  }

  #updateDebug(vcpu: number): void {
    if (this.paused[vcpu]) this.#debugRegisters[vcpu] = new Set(this.#hardware);
    this.#plant();
  }

  #plant(): void {
    this.machine.setBreakpoints([...this.#hardware, ...this.#software.keys()]);
  }

  /** Resumes the paused ones; under scheduler locking those of `only`. */
  resume(only: ReadonlySet<number> | undefined): void {
    for (let vcpu = 0; vcpu < this.vcpus; vcpu++) this.#updateDebug(vcpu);
    // One whose exit nobody has looked at yet counts as running, and stays where it is.
    const unseen = this.#exits.map(({ vcpu }) => vcpu);
    for (let vcpu = 0; vcpu < this.vcpus; vcpu++)
      if (!unseen.includes(vcpu) && (!only || only.has(vcpu))) this.paused[vcpu] = false;
    this.pausedVcpu = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** VcpuEvent::Pause: between two slices. */
  pause(vcpu: number): void {
    this.paused[vcpu] = true;
    this.pausedVcpu = vcpu;
  }

  /** The next debug exit. */
  async nextExit(): Promise<DebugExit> {
    while (this.#exits.length === 0)
      await new Promise<void>((resolve) => {
        this.#onExit = resolve;
      });
    return this.#exits.shift()!;
  }

  /** Nobody waits for it now. */
  keep(exit: DebugExit): void {
    this.#exits.unshift(exit);
  }

  /** Runs what is not paused, in slices between which packets are answered, until all are paused or the machine ends. */
  async #run(): Promise<void> {
    while (this.ended === undefined && this.paused.includes(false)) {
      this.machine.hold(new Set(this.paused.flatMap((paused, vcpu) => (paused ? [vcpu] : []))));
      const stepper = this.singleStep.findIndex((step, vcpu) => step && !this.paused[vcpu]);
      const stop = stepper >= 0 ? this.machine.step(stepper, SLICE) : this.machine.run(SLICE);
      this.#exited(stop.kind === "stepped" ? { vcpu: stepper, reason: "step" } : stop);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #exited(stop: MachineStop | DebugExit): void {
    const vcpu = this.machine.selected;
    if ("vcpu" in stop) this.#tell(stop);
    else if (stop.kind === "breakpoint") {
      if (this.#software.has(stop.address)) this.#tell({ vcpu, reason: "swbreak" });
      else if (this.#debugRegisters[vcpu]!.has(stop.address)) this.#tell({ vcpu, reason: "hwbreak" });
      else this.#pass(vcpu, stop.address);
    } else if (stop.kind !== "limit" && stop.kind !== "console")
      this.#end("message" in stop ? stop.message : stop.kind);
  }

  #end(why: string): void {
    this.ended = why;
    this.onEnd(why);
  }

  /** Another vCPU's debug register: this one never stops there. */
  #pass(vcpu: number, address: bigint): void {
    this.machine.setBreakpoints(
      [...this.#hardware, ...this.#software.keys()].filter((each) => each !== address),
    );
    this.machine.step(vcpu, SLICE);
    this.#plant();
  }

  #tell(exit: DebugExit): void {
    this.paused[exit.vcpu] = true;
    this.#exits.push(exit);
    this.#onExit();
  }

  shutdown(): void {
    this.ended ??= "shut down";
  }
}
