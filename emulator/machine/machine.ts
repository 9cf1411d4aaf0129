// The machine: a CPU, a board of devices and virtual time, put together and run. Implements api.ts.
// Must not know files or host time. Determinism: events fire between instructions, at the first one at or after their deadline,
// however the caller slices a run.

import { planBoot } from "../boot/protocols.ts";
import { type Cpu, createCpu } from "../cpu/cpu.ts";
import type { CpuExit, CpuHost } from "../cpu/host.ts";
import { REGISTER_NAMES, type RegisterName } from "../cpu/registers.ts";
import { readVectorRegister, writeVectorRegister } from "../cpu/vector-registers.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import { inspectI8254 } from "../devices/inspect-i8254.ts";
import { inspectLapic } from "../devices/inspect-lapic.ts";
import { inspectTsc } from "../devices/inspect-tsc.ts";
import { IOAPIC_BASE, IOAPIC_VERSION } from "../devices/ioapic.ts";
import { LAPIC_BASE, LAPIC_VERSION } from "../devices/lapic.ts";
import { formatTime } from "../devices/units.ts";
import type { CatchOptions, IdleStop, Machine, MachineOptions, MachineStop, Watchpoint } from "./api.ts";
import type { Board } from "./board.ts";
import { Bus } from "./bus.ts";
import { Catching } from "./catching.ts";
import { Chipset, IOAPIC_ID } from "./chipset.ts";
import { MAX_TIME_NS, VirtualClock } from "./clock.ts";
import { ConsoleTap } from "./console-tap.ts";
import { CPU_FEATURES_EDX, CPU_SIGNATURE, cpuFeatures, cpuid } from "./cpuid.ts";
import { EventQueue } from "./events.ts";
import { LinearMemory } from "./linear-memory.ts";
import { Notices } from "./notices.ts";
import { type CheckedOptions, checkOptions } from "./options.ts";
import { type BoardState, hashBoard, type MachineSnapshot } from "./snapshot.ts";
import { virtioWords } from "./virtio-slots.ts";
import { Watching } from "./watchpoints.ts";

/**
 * run() comes back when it has done so much work (core/work.ts) besides plain instructions: no guest can hold the caller's
 * thread for long by repeated string instructions, faults or timers in HLT. Ordinary kernels do less than one unit an instruction.
 */
const WORK_BASE = 1 << 22;
const WORK_PER_INSTRUCTION = 4;
const IDLE_EVENT_WORK = 30;
/** HLT gives up after this many events without an interrupt: timers tick, but nobody listens to them. */
const MAX_IDLE_EVENTS = 100_000;

/**
 * Makes a machine with the kernel loaded, before its first instruction. `module` is the compiled core (dist/cpu.wasm).
 * Throws ElfError for a kernel that cannot start, RangeError for an option out of range; both messages are for the user.
 */
export function createMachine(module: WebAssembly.Module, options: MachineOptions): Machine {
  return new PcMachine(module, checkOptions(options));
}

class PcMachine implements Machine {
  readonly #cpu: Cpu;
  readonly #board: Board;
  readonly #bus: Bus;
  readonly #clock: VirtualClock;
  readonly #events: EventQueue;
  readonly #chipset: Chipset;
  readonly #notices: Notices;
  readonly #linear: LinearMemory;
  readonly #watching: Watching;
  readonly #catching: Catching;
  readonly #console = new ConsoleTap();
  /** The CPU is inside run(): a change may have to end the slice. */
  #running = false;
  #halted = false;
  #interrupt = false;
  #nmi = false;
  /** The guest ended the run. */
  #ended: MachineStop | undefined;
  /** Events in HLT since an interrupt ended one. */
  #idleEvents = 0;

  constructor(module: WebAssembly.Module, options: CheckedOptions) {
    this.#board = options.board;
    this.#notices = new Notices(
      () => `instruction ${this.instructions}, rip 0x${this.readRegister("rip").toString(16)}`,
    );
    this.#bus = new Bus((message, port) => {
      this.#notices.add(message);
      if (port !== undefined) this.#catching.unknownPort(port, message);
    });
    this.#watching = this.#makeWatching();
    this.#catching = new Catching(() => this.#cpu);
    this.#cpu = createCpu(
      module,
      this.#watching.over(this.#cpuHost()),
      options.memory,
      cpuFeatures(options.board),
      options.board.entropySeed,
    );
    this.#events = new EventQueue(() => this.#endSlice());
    this.#clock = new VirtualClock(options.psPerInstruction, () => this.#cpu.instructions, this.#events);
    this.#chipset = new Chipset(options.board, options, this.#clock, this.#bus, {
      interrupt: (asserted) => this.#setInterrupt(asserted),
      nonMaskable: () => this.#raiseNmi(),
      reset: (how) => this.#stopWith({ kind: "shutdown", message: `The guest reset the machine: ${how}.` }),
      exit: (status) =>
        this.#stopWith({
          kind: "shutdown",
          message: `The guest ended the run at port 0xf4: exit status ${status}.`,
          exitCode: status,
        }),
      console: (byte) => {
        if (this.#console.print(byte)) this.#endSlice();
      },
      notice: (message) => this.#notices.add(message),
      memory: { bytes: this.#cpu.ram, write: (address, bytes) => this.#cpu.writeRam(address, bytes) },
    });
    this.#linear = new LinearMemory(this.#cpu, this.#bus);
    this.#boot(options);
  }

  get instructions(): number {
    return this.#cpu.instructions;
  }

  get timeNs(): number {
    return this.#clock.now();
  }

  get tsc(): bigint {
    return this.#chipset.tsc.read();
  }

  run(maxInstructions: number): MachineStop;
  run(maxInstructions: number, idleUntilNs: number): MachineStop | IdleStop;
  run(maxInstructions: number, idleUntilNs = Infinity): MachineStop | IdleStop {
    const end = this.#cpu.instructions + maxInstructions;
    this.#cpu.workLeft = WORK_BASE + WORK_PER_INSTRUCTION * maxInstructions;
    for (;;) {
      this.#events.fireDue(this.#clock.now());
      const stop = this.#stopBeforeRunning(idleUntilNs);
      if (stop) return stop;
      if (this.#cpu.instructions >= end || this.#cpu.workLeft <= 0) return { kind: "limit" };
      const exit = this.#slice(end);
      const seen = this.#catching.take() ?? this.#watchStop();
      if (seen) {
        this.#halted = exit.kind === "halt";
        this.#events.fireDue(this.#clock.now());
        return seen;
      }
      if (exit.kind === "halt") this.#halted = true;
      else if (exit.kind !== "limit" && exit.kind !== "pause") {
        this.#events.fireDue(this.#clock.now());
        return exit;
      }
    }
  }

  readRegister(name: string): bigint {
    return this.#cpu.getRegister(registerName(name));
  }

  writeRegister(name: string, value: bigint): void {
    this.#cpu.setRegister(registerName(name), value);
  }

  readVectorRegister(name: string): Uint8Array {
    const bytes = readVectorRegister(new DataView(this.#cpu.memory.buffer), name);
    if (bytes) return bytes;
    throw new RangeError(`There is no register called ${name}.`);
  }

  writeVectorRegister(name: string, bytes: Uint8Array): void {
    if (writeVectorRegister(new DataView(this.#cpu.memory.buffer), name, bytes)) return;
    throw new RangeError(`There is no register called ${name}.`);
  }

  translate(linear: bigint): number | undefined {
    return this.#cpu.translate(linear);
  }

  readMemory(linear: bigint, length: number): Uint8Array | undefined {
    return this.#linear.read(linear, length);
  }

  writeMemory(linear: bigint, bytes: Uint8Array): boolean {
    return this.#linear.write(linear, bytes);
  }

  setBreakpoints(addresses: Iterable<bigint>): void {
    this.#cpu.setBreakpoints(addresses);
  }

  setWatchpoints(list: readonly Watchpoint[]): void {
    this.#watching.set(list);
  }

  setCatch(options: CatchOptions): void {
    this.#catching.set(options);
  }

  takeConsoleOutput(): Uint8Array {
    return this.#console.take();
  }

  stopAtConsole(texts: readonly string[]): void {
    this.#console.waitFor(texts);
  }

  sendConsoleInput(bytes: Uint8Array): void {
    this.#chipset.type(bytes);
  }

  stateHash(): string {
    return this.#cpu.stateHash().toString(16).padStart(16, "0") + hashBoard(this.#saveBoard());
  }

  save(): MachineSnapshot {
    return { cpu: this.#cpu.save(), board: this.#saveBoard() };
  }

  load(snapshot: MachineSnapshot): void {
    this.#cpu.load(snapshot.cpu);
    this.#clock.load(snapshot.board.clock);
    this.#chipset.load(snapshot.board.chipset);
    this.#events.load(snapshot.board.events);
    this.#cpu.setInterruptLine(this.#interrupt);
    this.#halted = snapshot.board.halted;
    this.#console.take();
    this.#console.takeArrived();
    this.#ended = undefined;
    this.#watching.reset();
  }

  clockDevices(): ClockDevice[] {
    const { tsc, lapic, pit, msr } = this.#chipset;
    const now = this.#clock.now();
    const deadline = this.#board.tscDeadline ? lapic.timer.tscDeadline : undefined;
    return [
      inspectTsc(tsc, { invariant: this.#board.tscInvariant, deadline, now }),
      inspectLapic(lapic, now, msr.apicEnabled),
      inspectI8254(pit),
    ];
  }

  takeNotices(): string[] {
    return this.#notices.take();
  }

  #boot(options: CheckedOptions): void {
    const { kernel, cmdline, initrd, modules, memory } = options;
    const request = {
      kernel,
      cmdline,
      initrd,
      modules,
      memory,
      deviceWords: virtioWords(options.board, options.disks.length),
      mpTable: options.board.mpTable
        ? {
            lapicAddress: LAPIC_BASE,
            lapicVersion: LAPIC_VERSION & 0xff,
            cpuSignature: CPU_SIGNATURE,
            cpuFeatures: CPU_FEATURES_EDX,
            ioApicId: IOAPIC_ID,
            ioApicVersion: IOAPIC_VERSION & 0xff,
            ioApicAddress: IOAPIC_BASE,
          }
        : undefined,
    };
    const plan = planBoot(request, options.bootProtocol);
    for (const write of plan.writes) this.#cpu.writeRam(write.address, write.bytes);
    for (const [name, segment] of Object.entries(plan.segments)) {
      this.#cpu.setSegment(name as keyof typeof plan.segments, segment);
    }
    for (const [name, value] of Object.entries(plan.registers)) {
      this.#cpu.setRegister(name as RegisterName, value);
    }
    if (plan.bios) this.#chipset.leaveAsBios();
    if (plan.gdt) this.#cpu.setDescriptorTable("gdtr", plan.gdt.base, plan.gdt.limit);
  }

  /** One run of the CPU, to the next event at most. */
  #slice(end: number): CpuExit {
    const slice = this.#clock.instructionsUntil(this.#events.next);
    this.#running = true;
    try {
      return this.#cpu.run(Math.min(end, this.#cpu.instructions + slice));
    } finally {
      this.#running = false;
    }
  }

  #stopBeforeRunning(idleUntilNs: number): MachineStop | IdleStop | undefined {
    const text = this.#console.takeArrived();
    if (text !== undefined) return { kind: "console", text };
    if (this.#ended) return this.#ended;
    if (this.#clock.now() > MAX_TIME_NS) {
      return { kind: "shutdown", message: `Virtual time is used up after ${formatTime(MAX_TIME_NS)}.` };
    }
    return this.#halted ? this.#idle(idleUntilNs) : undefined;
  }

  /** HLT: time jumps from event to event until one interrupts. */
  #idle(untilNs: number): MachineStop | IdleStop | undefined {
    const interruptible = (this.#cpu.getRegister("eflags") & 0x200n) !== 0n;
    for (; this.#cpu.workLeft > 0; this.#idleEvents++) {
      if (this.#nmi || (interruptible && this.#interrupt)) {
        this.#halted = false;
        this.#nmi = false;
        this.#idleEvents = 0;
        return undefined;
      }
      const why = this.#whyForever(interruptible, this.#idleEvents);
      if (why) return { kind: "halted", message: `The guest waits in HLT, and ${why}.` };
      if (this.#events.next > untilNs) return { kind: "idle", nextNs: this.#events.next };
      this.#clock.skipTo(this.#events.next);
      this.#events.fireDue(this.#clock.now());
      this.#cpu.spend(IDLE_EVENT_WORK);
    }
    return { kind: "limit" };
  }

  #whyForever(interruptible: boolean, events: number): string | undefined {
    if (!interruptible) return "interrupts are disabled (RFLAGS.IF = 0)";
    if (this.#events.next > MAX_TIME_NS) return "no timer is set that could interrupt it";
    if (events < MAX_IDLE_EVENTS) return undefined;
    return `${events} timer events brought no interrupt: ${this.#events.nextName} ticks, but its interrupt is masked`;
  }

  #saveBoard(): BoardState {
    return {
      clock: this.#clock.save(),
      events: this.#events.save(),
      chipset: this.#chipset.save(),
      halted: this.#halted,
    };
  }

  #makeWatching(): Watching {
    return new Watching(() => this.#cpu, {
      linear: (address, length) => this.#linear.read(address, length),
      physical: (address, length) => this.#linear.readPhysical(address, length),
      msr: (index) => this.#chipset.msr.read(index),
      devices: () => this.clockDevices(),
      lapicBase: () => this.#chipset.msr.apicBase,
    });
  }

  #watchStop(): MachineStop | undefined {
    const hits = this.#watching.take();
    return hits.length > 0 ? { kind: "watchpoint", hits } : undefined;
  }

  #endSlice(): void {
    if (this.#running) this.#cpu.requestExit();
  }

  #setInterrupt(asserted: boolean): void {
    if (asserted === this.#interrupt) return;
    this.#interrupt = asserted;
    this.#cpu.setInterruptLine(asserted);
    if (asserted) this.#endSlice();
  }

  #raiseNmi(): void {
    this.#nmi = this.#halted;
    this.#cpu.raiseNmi();
    this.#endSlice();
  }

  #stopWith(stop: MachineStop): void {
    this.#ended ??= stop;
    this.#endSlice();
  }

  #cpuHost(): CpuHost {
    return {
      mmioRead: (address, size) => this.#bus.mmioRead(address, size),
      mmioWrite: (address, size, value) => this.#bus.mmioWrite(address, size, value),
      portIn: (port, size) => this.#bus.portIn(port, size),
      portOut: (port, size, value) => this.#bus.portOut(port, size, value),
      cpuid: (leaf, subleaf) => cpuid(leaf, subleaf, this.#board, this.#cpuidState()),
      readMsr: (index) => this.#readMsr(index),
      writeMsr: (index, value) => this.#writeMsr(index, value),
      timestamp: () => this.#chipset.tsc.read(),
      undefinedOpcode: (opcode) =>
        this.#notices.add(`opcode ${hexBytes(opcode)}, which this processor does not have: #UD`),
      acknowledgeInterrupt: () => this.#chipset.acknowledge(),
      readCr8: () => this.#chipset.lapic.taskPriority >> 4,
      writeCr8: (value) => this.#chipset.lapic.setTaskPriority((value & 15) << 4),
    };
  }

  #cpuidState() {
    const { msr, tsc } = this.#chipset;
    return { apicEnabled: msr.apicEnabled, tscHz: tsc.hz };
  }

  #readMsr(index: number): bigint | undefined {
    const value = this.#chipset.msr.read(index >>> 0);
    if (value !== undefined) return value;
    const message = `read of MSR 0x${(index >>> 0).toString(16)}, which does not exist: #GP`;
    this.#notices.add(message);
    this.#catching.unknownMsr(index >>> 0, message);
    return undefined;
  }

  #writeMsr(index: number, value: bigint): boolean {
    const taken = this.#chipset.msr.write(index >>> 0, value);
    if (!taken) {
      const why = this.#chipset.msr.has(index >>> 0)
        ? `does not take 0x${value.toString(16)}`
        : "does not exist";
      const message = `write to MSR 0x${(index >>> 0).toString(16)}, which ${why}: #GP`;
      this.#notices.add(message);
      this.#catching.unknownMsr(index >>> 0, message);
    }
    return taken;
  }
}

function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function registerName(name: string): RegisterName {
  if ((REGISTER_NAMES as readonly string[]).includes(name)) return name as RegisterName;
  throw new RangeError(`There is no register called ${name}.`);
}
