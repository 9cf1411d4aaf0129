// Which processor runs: they take turns of a fixed number of instructions, in the order of their numbers. A turn ends early when the
// processor halts, waits for SIPI, or spins (PAUSE). All is decided by instruction counts, so that equal runs have equal turns,
// however the caller slices them. Must not know what processors do in their turns.

export type Activity = "running" | "halted" | "waiting for SIPI";

interface Processor {
  activity: Activity;
  /** INTR is asserted. */
  interrupt: boolean;
  /** An NMI has come since it halted. */
  nonMaskable: boolean;
}

export interface TurnsState {
  current: number;
  end: number;
  processors: Processor[];
}

export class Turns {
  readonly #quantum: number;
  readonly #enabled: (processor: number) => boolean;
  #state: TurnsState;
  /** What a debugger keeps from running; no part of the state. */
  #held: ReadonlySet<number> = new Set();

  /** The first of `count` processors runs, the others wait for SIPI. `enabled`: RFLAGS.IF of one. */
  constructor(count: number, quantum: number, enabled: (processor: number) => boolean) {
    this.#quantum = count === 1 ? Infinity : quantum;
    this.#enabled = enabled;
    const processors = Array.from({ length: count }, (_, n): Processor => {
      return { activity: n === 0 ? "running" : "waiting for SIPI", interrupt: false, nonMaskable: false };
    });
    this.#state = { current: 0, end: this.#quantum, processors };
  }

  get current(): number {
    return this.#state.current;
  }

  /** These get no turns from now on; interrupts wait for them. */
  hold(processors: ReadonlySet<number>): void {
    this.#held = processors;
  }

  get held(): ReadonlySet<number> {
    return this.#held;
  }

  activity(processor: number): Activity {
    return this.#of(processor).activity;
  }

  /** False when it was so already. */
  setInterrupt(processor: number, asserted: boolean): boolean {
    const of = this.#of(processor);
    const changed = of.interrupt !== asserted;
    of.interrupt = asserted;
    return changed;
  }

  interrupt(processor: number): boolean {
    return this.#of(processor).interrupt;
  }

  nonMaskable(processor: number): void {
    const of = this.#of(processor);
    of.nonMaskable = of.activity === "halted";
  }

  /** HLT of the current processor has retired. */
  halt(): void {
    this.#of(this.current).activity = "halted";
  }

  /** INIT has taken effect. */
  await(processor: number): void {
    Object.assign(this.#of(processor), { activity: "waiting for SIPI", nonMaskable: false });
  }

  start(processor: number): void {
    this.#of(processor).activity = "running";
  }

  /** The current processor lets the others go first. */
  pass(instructions: number): void {
    if (this.#state.end !== Infinity) this.#state.end = instructions;
  }

  /**
   * Gives the turn to whom it belongs at this instruction count, and says to whom; undefined: nobody can run. A halted processor goes on
   * when its turn comes and an interrupt waits for it.
   */
  next(instructions: number): number | undefined {
    const state = this.#state;
    const runs = this.#of(state.current).activity === "running" && !this.#held.has(state.current);
    // Ends of turns that have gone by unseen: nobody else could run then, or the run would have been cut there.
    if (runs && instructions > state.end)
      state.end += this.#quantum * Math.ceil((instructions - state.end) / this.#quantum);
    if (runs && instructions < state.end) return state.current;
    const count = state.processors.length;
    for (let i = 1; i <= count; i++) {
      const candidate = (state.current + i) % count;
      if (!this.#canRun(candidate)) continue;
      const of = this.#of(candidate);
      state.end = instructions + this.#quantum;
      of.activity = "running";
      of.nonMaskable = false;
      state.current = candidate;
      return candidate;
    }
    return undefined;
  }

  /** Instruction count at which somebody else's turn begins; Infinity while nobody else can run. */
  get end(): number {
    const { current, end, processors } = this.#state;
    for (let n = 0; n < processors.length; n++) if (n !== current && this.#canRun(n)) return end;
    return Infinity;
  }

  /** A halted processor that takes interrupts, and may. */
  get listens(): boolean {
    return this.#state.processors.some(
      ({ activity }, n) => activity === "halted" && !this.#held.has(n) && this.#enabled(n),
    );
  }

  save(): TurnsState {
    const { current, end, processors } = this.#state;
    return { current, end, processors: processors.map((processor) => ({ ...processor })) };
  }

  load(state: TurnsState): void {
    this.#state = { ...state, processors: state.processors.map((processor) => ({ ...processor })) };
  }

  #canRun(processor: number): boolean {
    if (this.#held.has(processor)) return false;
    const { activity, interrupt, nonMaskable } = this.#of(processor);
    if (activity !== "halted") return activity === "running";
    return nonMaskable || (interrupt && this.#enabled(processor));
  }

  #of(processor: number): Processor {
    return this.#state.processors[processor]!;
  }
}
