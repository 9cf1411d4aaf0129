// The embedded machine as a Target. It runs in slices with the event loop between them, so that pause, console and
// views work; slicing changes nothing in the guest. Must not know DAP or symbols.

import type { RegisterName } from "../cpu/registers.ts";
import type { IdleStop, Machine, MachineStop } from "../machine/api.ts";
import { MemoryError } from "../symbols/memory.ts";
import type { CatchOptions, Resume, Stop, Target, Threads, Watchpoint } from "./target.ts";

/** Some 10 to 20 ms of host time. */
const SLICE_INSTRUCTIONS = 1_000_000;

/** Limits on a run, for scripts: the run ends with {kind:"limit"}. */
export interface RunLimits {
  /** Retired instructions since reset. */
  maxInstructions?: number;
  /** Ends the run behind the instruction with which the console has printed this text. */
  untilConsole?: string;
}

/** What is typed for the user, in this order: `text` when the console has printed `after`, at that very instruction. */
export interface ScriptedInput {
  after: string;
  text: string;
}

/** Longest single wait while the guest idles, in ms: pauses and console input are seen after it at the latest. */
const IDLE_WAIT_MS = 20;

const NOBODY: ReadonlySet<number> = new Set();

const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Keeps an idle guest at the pace of the host's clock: while it waits in HLT, virtual time may not run ahead. Busy code
 * is never slowed down, and what the guest sees is the same with and without pacing.
 */
class IdlePace {
  #hostMs = 0;
  #guestNs = -1;

  /** Virtual time up to which an idle guest may skip now. Starts anew when the two clocks have drifted apart. */
  boundNs(guestNs: number, hostMs: number): number {
    const allowed = this.#guestNs + (hostMs - this.#hostMs) * 1e6;
    if (this.#guestNs >= 0 && guestNs <= allowed && allowed - guestNs < 1e8) return allowed;
    this.#hostMs = hostMs;
    this.#guestNs = guestNs;
    return guestNs;
  }
}

/** A Target over a machine; `make` builds a fresh one for restart(). */
export class MachineTarget implements Target {
  readonly name = "embedded machine";
  #limits: RunLimits = {};
  #script: readonly ScriptedInput[] = [];
  /** How much of the script has been typed. */
  #typed = 0;
  /** For people who watch: an idle guest keeps the pace of the host's clock instead of racing through virtual days. */
  pacedByHost = false;
  #pace = new IdlePace();
  #machine: Machine;
  #make: () => Machine;
  #breakpoints: bigint[] = [];
  #watchpoints: readonly Watchpoint[] = [];
  #catch: CatchOptions | undefined;
  #interrupted = false;
  #disposed = false;
  readonly #listeners: ((text: string) => void)[] = [];
  readonly #decoder = new TextDecoder("latin1");

  constructor(make: () => Machine) {
    this.#make = make;
    this.#machine = make();
  }

  get limits(): RunLimits {
    return this.#limits;
  }

  set limits(limits: RunLimits) {
    this.#limits = limits;
    this.#awaitConsole();
  }

  /** Types by a script; begins anew with each restart. */
  setScript(script: readonly ScriptedInput[]): void {
    this.#script = script;
    this.#typed = 0;
    this.#awaitConsole();
  }

  #awaitConsole(): void {
    const texts = [this.#limits.untilConsole, this.#script[this.#typed]?.after];
    this.#machine.stopAtConsole(texts.filter((text) => text !== undefined));
  }

  readonly clocks = {
    read: () => this.#machine.clockDevices(),
    readOthers: () => this.#machine.otherDevices(),
  };

  readonly threads: Threads = machineThreads(() => this.#machine);

  readonly vectors = {
    read: (name: string) => this.#machine.readVectorRegister(name),
    write: (name: string, bytes: Uint8Array) => this.#machine.writeVectorRegister(name, bytes),
  };

  readonly watchpoints = {
    set: (list: readonly Watchpoint[]) => {
      this.#machine.setWatchpoints(list);
      this.#watchpoints = list;
    },
  };

  readonly catching = {
    set: (options: CatchOptions) => {
      this.#catch = options;
      this.#machine.setCatch(options);
    },
  };

  readonly counters = {
    instructions: () => this.#machine.instructions,
    timeNs: () => this.#machine.timeNs,
    tsc: () => this.#machine.tsc,
    stateHash: () => this.#machine.stateHash(),
  };

  readonly console = {
    onOutput: (listener: (text: string) => void) => {
      this.#listeners.push(listener);
    },
    input: (text: string) => this.#machine.sendConsoleInput(new TextEncoder().encode(text)),
  };

  readRegister(name: RegisterName): bigint {
    return this.#machine.readRegister(name);
  }

  writeRegister(name: RegisterName, value: bigint): void {
    this.#machine.writeRegister(name, value);
  }

  readMemory(address: bigint, length: number): Uint8Array {
    if (length === 0) return new Uint8Array(0);
    const bytes = this.#machine.readMemory(address, length);
    if (bytes) return bytes;
    throw new MemoryError(this.#firstUnmapped(address, length));
  }

  writeMemory(address: bigint, bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#machine.writeMemory(address, bytes)) return;
    throw new MemoryError(this.#firstUnmapped(address, bytes.length));
  }

  /** The first address of a range that no page maps; pages are 4 KiB at least. */
  #firstUnmapped(address: bigint, length: number): bigint {
    const end = address + BigInt(length);
    for (let at = address; at < end; at = (at | 0xfffn) + 1n)
      if (this.#machine.translate(BigInt.asUintN(64, at)) === undefined) return BigInt.asUintN(64, at);
    return address;
  }

  setBreakpoints(addresses: Iterable<bigint>): void {
    this.#breakpoints = [...addresses];
    this.#machine.setBreakpoints(this.#breakpoints);
  }

  takeNotices(): string[] {
    return this.#machine.takeNotices();
  }

  async resume({ kind, held = NOBODY }: Resume): Promise<Stop> {
    this.#interrupted = false;
    const machine = this.#machine;
    machine.hold(new Set([...held].map((thread) => thread - 1)));
    try {
      return await (kind === "step" ? this.#step() : this.#continue());
    } finally {
      machine.hold(NOBODY);
    }
  }

  async #continue(): Promise<Stop> {
    const { instructions: start, selected } = this.#machine;
    for (;;) {
      const budget = this.#budget();
      if (budget <= 0) return this.#limitReached();
      const machine = this.#machine;
      const stop = this.#slice(budget);
      this.#drainConsole();
      if (stop.kind === "console" && this.#goesOnAfter(stop.text)) continue;
      if (stop.kind === "idle") await this.#idle(stop.nextNs);
      // A breakpoint on the instruction that we resume from has had its stop: execute it.
      const arrived =
        stop.kind === "breakpoint" &&
        machine.instructions === start &&
        machine.selected === selected &&
        this.#machine === machine;
      if (stop.kind !== "limit" && stop.kind !== "idle" && !(arrived && this.#passOnce(start)))
        return toStop(stop);
      if (stop.kind === "limit") await yieldToEventLoop();
      if (this.#interrupted || this.#disposed || this.#machine !== machine) return { kind: "interrupted" };
    }
  }

  /** Types what the script has for a text that was printed; false where the text ends the run. */
  #goesOnAfter(printed: string): boolean {
    const next = this.#script[this.#typed];
    if (next?.after === printed) {
      this.#typed++;
      this.#awaitConsole();
      this.console.input(`${next.text}\r`);
    }
    return printed !== this.#limits.untilConsole;
  }

  #slice(budget: number): MachineStop | IdleStop {
    if (!this.pacedByHost) return this.#machine.run(budget);
    return this.#machine.run(budget, this.#pace.boundNs(this.#machine.timeNs, performance.now()));
  }

  /** Waits until the host's clock has come to the guest's next event, or a little: the caller asks again. */
  #idle(nextNs: number): Promise<void> {
    const bound = this.#pace.boundNs(this.#machine.timeNs, performance.now());
    const ms = Math.min(Math.max(1, Math.ceil((nextNs - bound) / 1e6)), IDLE_WAIT_MS);
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  #passedAt = -1;

  /** True the first time it is asked for an instruction count. */
  #passOnce(instructions: number): boolean {
    if (this.#passedAt === instructions) return false;
    this.#passedAt = instructions;
    return true;
  }

  async #step(): Promise<Stop> {
    const machine = this.#machine;
    const { selected: processor, instructions: start } = machine;
    for (let passed = false; ; ) {
      const budget = this.#budget();
      if (budget <= 0) return this.#limitReached();
      const stop = machine.step(processor, budget);
      this.#drainConsole();
      const own = machine.selected === processor;
      if (stop.kind === "stepped") return { kind: "step" };
      if (stop.kind === "console" && this.#goesOnAfter(stop.text)) {
        if (own) return { kind: "step" };
      } else if (stop.kind === "breakpoint" && own && machine.instructions === start && !passed) {
        // A breakpoint on the instruction itself is reported once, and has had its stop.
        passed = true;
      } else if (stop.kind === "limit") await yieldToEventLoop();
      else return toStop(stop);
      if (this.#interrupted || this.#disposed || this.#machine !== machine) return { kind: "interrupted" };
    }
  }

  #budget(): number {
    const { maxInstructions } = this.#limits;
    if (maxInstructions === undefined) return SLICE_INSTRUCTIONS;
    return Math.min(SLICE_INSTRUCTIONS, maxInstructions - this.#machine.instructions);
  }

  #limitReached(): Stop {
    return { kind: "limit", message: `${this.#machine.instructions} instructions have retired` };
  }

  /** Hands new console text on. */
  #drainConsole(): void {
    const bytes = this.#machine.takeConsoleOutput();
    if (bytes.length === 0) return;
    const text = this.#decoder.decode(bytes, { stream: true });
    for (const listener of this.#listeners) listener(text);
  }

  interrupt(): void {
    this.#interrupted = true;
  }

  /** `make` builds another machine than before: its kernel was built again. */
  restart(make: () => Machine = this.#make): void {
    this.#machine = make();
    this.#make = make;
    this.#machine.setBreakpoints(this.#breakpoints);
    this.#machine.setWatchpoints(this.#watchpoints);
    if (this.#catch) this.#machine.setCatch(this.#catch);
    this.setScript(this.#script);
    this.#passedAt = -1;
  }

  dispose(): void {
    this.#disposed = true;
  }
}

function machineThreads(machine: () => Machine): Threads {
  return {
    list: () =>
      Array.from({ length: machine().processors }, (_, n) => ({
        id: n + 1,
        name: `CPU ${n}`,
        activity: machine().activity(n),
      })),
    get selected() {
      return machine().selected + 1;
    },
    select: (id) => machine().select(id - 1),
  };
}

function toStop(stop: MachineStop): Stop {
  switch (stop.kind) {
    case "breakpoint":
      return { kind: "breakpoint", address: stop.address };
    case "limit":
      return { kind: "limit", message: "instruction limit" };
    case "console":
      return { kind: "limit", message: `the console printed "${stop.text}"` };
    case "watchpoint":
    case "exception":
    case "shutdown":
      return stop;
    default:
      return { kind: stop.kind, message: stop.message };
  }
}
