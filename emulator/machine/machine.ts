// The machine: processors, a board of devices and virtual time, put together and run. Implements api.ts.
// Must not know files or host time. Determinism: events fire between instructions, at the first one at or after their deadline,
// and turns pass at instruction counts, however the caller slices a run.

import { type Cpu, createCpu } from "../cpu/cpu.ts";
import type { CpuExit } from "../cpu/host.ts";
import { REGISTER_NAMES, type RegisterName } from "../cpu/registers.ts";
import { readVectorRegister, writeVectorRegister } from "../cpu/vector-registers.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import { inspectI8254 } from "../devices/inspect-i8254.ts";
import { inspectIoApic } from "../devices/inspect-ioapic.ts";
import { inspectLapic } from "../devices/inspect-lapic.ts";
import { inspectPvClock } from "../devices/inspect-pvclock.ts";
import { inspectTsc } from "../devices/inspect-tsc.ts";
import { formatTime } from "../devices/units.ts";
import type {
  CatchOptions,
  IdleStop,
  Machine,
  MachineOptions,
  MachineStop,
  SteppedStop,
  Watchpoint,
} from "./api.ts";
import type { Board } from "./board.ts";
import { Bus, unansweredKey, unansweredText } from "./bus.ts";
import { Catching } from "./catching.ts";
import { Chipset } from "./chipset.ts";
import { MAX_TIME_NS, VirtualClock } from "./clock.ts";
import { ConsoleTap } from "./console-tap.ts";
import { cpuHost } from "./cpu-host.ts";
import { cpuFeatures, cpuid } from "./cpuid.ts";
import { EventQueue } from "./events.ts";
import { inspectCpuid, inspectMsrs } from "./inspect-processor.ts";
import { LinearMemory } from "./linear-memory.ts";
import { loadKernel } from "./load-kernel.ts";
import { Notices } from "./notices.ts";
import { type CheckedOptions, checkOptions } from "./options.ts";
import { Processors } from "./processors.ts";
import { type BoardState, hashBoard, type MachineSnapshot } from "./snapshot.ts";
import { type Activity, Turns } from "./turns.ts";
import { CORE_MSRS, Watching } from "./watchpoints.ts";

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
  readonly #turns: Turns;
  readonly #processors: Processors;
  /** A processor is inside run(): a change may have to end the slice. */
  #running = false;
  /** The guest ended the run. */
  #ended: MachineStop | undefined;
  /** Events in HLT since an interrupt ended one. */
  #idleEvents = 0;

  constructor(module: WebAssembly.Module, options: CheckedOptions) {
    this.#board = options.board;
    const { cpus, quantum } = options.board;
    this.#notices = new Notices(() => this.#where());
    const { openPorts } = options.board;
    this.#bus = new Bus((access) => {
      this.#notices.add(() => unansweredText(access, openPorts), unansweredKey(access));
      if (access.space === "port")
        this.#catching.unknownPort(access.address, () => unansweredText(access, openPorts));
    }, openPorts);
    this.#watching = this.#makeWatching();
    this.#catching = new Catching(() => this.#cpu);
    this.#cpu = createCpu(
      module,
      this.#watching.over(
        cpuHost({
          board: options.board,
          bus: this.#bus,
          notices: this.#notices,
          catching: this.#catching,
          chipset: () => this.#chipset,
          selected: () => this.selected,
        }),
      ),
      options.memory,
      cpuFeatures(options.board),
      options.board.entropySeed,
      cpus,
    );
    this.#turns = new Turns(cpus, quantum, (processor) => this.#cpu.interruptible(processor));
    this.#processors = new Processors(this.#cpu, this.#turns, {
      chipset: () => this.#chipset,
      changed: () => this.#endSlice(),
      restarted: () =>
        this.#stopWith({
          kind: "shutdown",
          message: "The guest reset the machine: INIT to the boot processor.",
        }),
    });
    this.#cpu.translateAfter = options.translateAfter;
    this.#events = new EventQueue(() => this.#endSlice());
    this.#clock = new VirtualClock(options.psPerInstruction, () => this.#cpu.instructions, this.#events);
    this.#chipset = new Chipset(options.board, options, this.#clock, this.#bus, {
      interrupt: (processor, asserted) => this.#processors.setInterrupt(processor, asserted),
      nonMaskable: (processor) => this.#processors.raiseNmi(processor),
      init: (processor) => this.#processors.init(processor),
      startUp: (processor, vector) => this.#processors.startUp(processor, vector),
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
    loadKernel(options, this.#cpu, this.#chipset);
  }

  get instructions(): number {
    return this.#cpu.instructions;
  }

  get timeNs(): number {
    return this.#clock.now();
  }

  get tsc(): bigint {
    return this.#chipset.local.tsc.read();
  }

  get processors(): number {
    return this.#board.cpus;
  }

  get selected(): number {
    return this.#cpu.selected;
  }

  select(processor: number): void {
    this.#processors.select(processor);
  }

  activity(processor: number): Activity {
    return this.#turns.activity(processor);
  }

  hold(processors: ReadonlySet<number>): void {
    this.#turns.hold(processors);
  }

  run(maxInstructions: number): MachineStop;
  run(maxInstructions: number, idleUntilNs: number): MachineStop | IdleStop;
  run(maxInstructions: number, idleUntilNs = Infinity): MachineStop | IdleStop {
    return this.#run(maxInstructions, idleUntilNs, undefined) as MachineStop | IdleStop;
  }

  step(processor: number, maxInstructions: number): MachineStop | SteppedStop {
    return this.#run(maxInstructions, Infinity, processor) as MachineStop | SteppedStop;
  }

  /** `stepping`: the processor whose next instruction ends the run. */
  #run(
    maxInstructions: number,
    idleUntilNs: number,
    stepping: number | undefined,
  ): MachineStop | IdleStop | SteppedStop {
    const end = this.#cpu.instructions + maxInstructions;
    this.#cpu.workLeft = WORK_BASE + WORK_PER_INSTRUCTION * maxInstructions;
    for (let stepped = false; ; ) {
      const processor = this.#settle();
      const stop =
        this.#stopBeforeRunning() ?? (processor === undefined ? this.#idle(idleUntilNs) : undefined);
      if (stop) return stop;
      if (stepped) return { kind: "stepped" };
      this.select(this.#turns.current);
      const before = this.#cpu.instructions;
      if (before >= end || this.#cpu.workLeft <= 0) return { kind: "limit" };
      const single = stepping === this.selected;
      const exit = this.#slice(single ? before + 1 : end);
      const seen = this.#catching.take() ?? this.#watchStop();
      if (exit.kind === "halt") this.#turns.halt();
      else if (exit.kind === "pause") this.#turns.pass(this.#cpu.instructions);
      const why = seen ?? this.#asStop(exit);
      if (why) {
        this.#settle();
        return why;
      }
      stepped = single && this.#cpu.instructions > before;
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
    this.#turns.load(snapshot.board.turns);
    this.#processors.restore();
    this.#console.take();
    this.#console.takeArrived();
    this.#ended = undefined;
    this.#watching.reset();
  }

  clockDevices(): ClockDevice[] {
    const { tsc, lapic, msr, pvclock } = this.#chipset.local;
    const now = this.#clock.now();
    const deadline = this.#board.tscDeadline ? lapic.timer.tscDeadline : undefined;
    const own = [
      inspectTsc(tsc, { invariant: this.#board.tscInvariant, deadline, now }),
      inspectLapic(lapic, now, msr.apicEnabled),
      ...(pvclock ? [inspectPvClock(pvclock, now)] : []),
    ];
    const named = (device: ClockDevice) => ({ ...device, label: `${device.label} of CPU ${this.selected}` });
    return [...(this.processors === 1 ? own : own.map(named)), inspectI8254(this.#chipset.pit)];
  }

  otherDevices(): ClockDevice[] {
    const { msr, tsc } = this.#chipset.local;
    const state = { apicId: this.#cpu.selected, apicEnabled: msr.apicEnabled, tscHz: tsc.hz };
    const registers = new Map(msr.known().map((index) => [index, msr.read(index)]));
    for (const [index, register] of CORE_MSRS)
      if (register) registers.set(index, this.#cpu.getRegister(register));
    return [
      inspectIoApic(this.#chipset.ioapic),
      inspectCpuid((leaf) => cpuid(leaf, 0, this.#board, state)),
      inspectMsrs(registers),
    ];
  }

  takeNotices(): string[] {
    return this.#notices.take();
  }

  /** What is due takes effect: events, INIT and SIPI, turns. Returns whose turn it is; undefined: nobody can run. */
  #settle(): number | undefined {
    this.#events.fireDue(this.#clock.now());
    this.#processors.settle();
    return this.#turns.next(this.#cpu.instructions);
  }

  /** A part of the selected processor's turn, to the next event at most. */
  #slice(end: number): CpuExit {
    const slice = this.#clock.instructionsUntil(this.#events.next);
    this.#running = true;
    try {
      return this.#cpu.run(Math.min(end, this.#cpu.instructions + slice, this.#turns.end));
    } finally {
      this.#running = false;
    }
  }

  #asStop(exit: CpuExit): MachineStop | undefined {
    switch (exit.kind) {
      case "limit":
      case "halt":
      case "pause":
        return undefined;
      case "breakpoint":
        return exit;
      default:
        return this.processors === 1 ? exit : { ...exit, message: `CPU ${this.selected}: ${exit.message}` };
    }
  }

  #stopBeforeRunning(): MachineStop | undefined {
    const text = this.#console.takeArrived();
    if (text !== undefined) return { kind: "console", text };
    if (this.#ended) return this.#ended;
    if (this.#clock.now() > MAX_TIME_NS) {
      return { kind: "shutdown", message: `Virtual time is used up after ${formatTime(MAX_TIME_NS)}.` };
    }
    return undefined;
  }

  /** All processors wait: time jumps from event to event until one is interrupted. */
  #idle(untilNs: number): MachineStop | IdleStop | undefined {
    for (; this.#cpu.workLeft > 0; this.#idleEvents++) {
      if (this.#turns.next(this.#cpu.instructions) !== undefined) {
        this.#idleEvents = 0;
        return undefined;
      }
      const why = this.#whyForever(this.#idleEvents);
      if (why) return { kind: "halted", message: `The guest waits in HLT, and ${why}.` };
      if (this.#events.next > untilNs) return { kind: "idle", nextNs: this.#events.next };
      this.#clock.skipTo(this.#events.next);
      this.#events.fireDue(this.#clock.now());
      this.#cpu.spend(IDLE_EVENT_WORK);
    }
    return { kind: "limit" };
  }

  #whyForever(events: number): string | undefined {
    if (!this.#turns.listens) {
      const which = this.#turns.held.size > 0 ? " that is not held" : "";
      const where = this.processors === 1 ? "" : ` on every processor${which}`;
      return `interrupts are disabled (RFLAGS.IF = 0)${where}`;
    }
    if (this.#events.next > MAX_TIME_NS) return "no timer is set that could interrupt it";
    if (events < MAX_IDLE_EVENTS) return undefined;
    return `${events} timer events brought no interrupt: ${this.#events.nextName} ticks, but its interrupt is masked`;
  }

  #saveBoard(): BoardState {
    return {
      clock: this.#clock.save(),
      events: this.#events.save(),
      chipset: this.#chipset.save(),
      turns: this.#turns.save(),
    };
  }

  #makeWatching(): Watching {
    return new Watching(() => this.#cpu, {
      linear: (address, length) => this.#linear.read(address, length),
      physical: (address, length) => this.#linear.readPhysical(address, length),
      msr: (index) => this.#chipset.local.msr.read(index),
      devices: () => this.clockDevices(),
      lapicBase: () => this.#chipset.local.msr.apicBase,
    });
  }

  #watchStop(): MachineStop | undefined {
    const hits = this.#watching.take();
    return hits.length > 0 ? { kind: "watchpoint", hits } : undefined;
  }

  #endSlice(): void {
    if (this.#running) this.#cpu.requestExit();
  }

  #stopWith(stop: MachineStop): void {
    this.#ended ??= stop;
    this.#endSlice();
  }

  /** For notices: the current instruction. */
  #where(): string {
    const cpu = this.processors === 1 ? "" : `CPU ${this.selected}, `;
    return `${cpu}instruction ${this.instructions}, rip 0x${this.readRegister("rip").toString(16)}`;
  }
}

function registerName(name: string): RegisterName {
  if ((REGISTER_NAMES as readonly string[]).includes(name)) return name as RegisterName;
  throw new RangeError(`There is no register called ${name}.`);
}
