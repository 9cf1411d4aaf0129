// The local APIC's timer: one-shot, periodic and TSC-deadline. The count is derived from virtual time; an event exists only
// for an expiry that can interrupt. SDM volume 3, "APIC Timer". Must not know registers' addresses or interrupt priorities.

import { type Timebase, type Timer, ticksAt, timeOfTick } from "./timebase.ts";

/** LVT timer bits 18:17; 3 is reserved. */
export type TimerMode = "one-shot" | "periodic" | "tsc-deadline";

export interface LapicTimerState {
  mode: TimerMode;
  masked: boolean;
  /** Divide Configuration Register's value as a number: 1, 2, 4 ... 128. */
  divide: number;
  initial: number;
  /** A write to the initial count started it, and no change of mode found it expired. */
  running: boolean;
  /** The count was `anchorCount` at bus clock `anchorTick`. */
  anchorTick: number;
  anchorCount: number;
  /** IA32_TSC_DEADLINE; 0 = not armed. Hexadecimal, because it has 64 bits. */
  tscDeadline: string;
}

export interface LapicTimerHost {
  /** Called when the timer expires and is not masked. */
  expired(): void;
  /** Virtual time (ns) at which the TSC reaches a value; the past gives a time not after now. */
  timeOfTsc(tsc: bigint): number;
}

const RESET: Readonly<LapicTimerState> = {
  mode: "one-shot",
  masked: true,
  divide: 2,
  initial: 0,
  running: false,
  anchorTick: 0,
  anchorCount: 0,
  tscDeadline: "0",
};

export class LapicTimer {
  #state: LapicTimerState = { ...RESET };
  readonly #time: Timebase;
  readonly #hz: number;
  readonly #host: LapicTimerHost;
  readonly #timer: Timer;

  /** `name` of its event; `hz` is the frequency before the divider, 1 to 10^9. */
  constructor(name: string, time: Timebase, hz: number, host: LapicTimerHost) {
    this.#time = time;
    this.#hz = hz;
    this.#host = host;
    this.#timer = time.timer(name, () => this.#expire());
  }

  get state(): Readonly<LapicTimerState> {
    return this.#state;
  }

  get hz(): number {
    return this.#hz;
  }

  reset(): void {
    this.#state = { ...RESET };
    this.#timer.cancel();
  }

  /** Mode and mask come from the LVT entry. Changing to or from TSC-deadline disarms the timer. */
  configure(mode: TimerMode, masked: boolean): void {
    const state = this.#state;
    if ((mode === "tsc-deadline") !== (state.mode === "tsc-deadline")) {
      state.tscDeadline = "0";
      state.initial = 0;
      state.running = false;
    } else if (mode !== state.mode) {
      this.#anchor(this.current());
      state.running = state.running && state.anchorCount > 0; // an expired one-shot does not become periodic
    }
    state.mode = mode;
    state.masked = masked;
    this.#reschedule();
  }

  setDivide(divide: number): void {
    this.#anchor(this.current());
    this.#state.divide = divide;
    this.#reschedule();
  }

  /** Writing the initial count starts the count-down; 0 stops it. Ignored in TSC-deadline mode. */
  setInitial(initial: number): void {
    if (this.#state.mode === "tsc-deadline") return;
    this.#state.initial = initial;
    this.#state.running = initial > 0;
    this.#anchor(initial);
    this.#reschedule();
  }

  setTscDeadline(tsc: bigint): void {
    if (this.#state.mode !== "tsc-deadline") return; // "writes are ignored in the other modes"
    this.#state.tscDeadline = tsc.toString(16);
    this.#reschedule();
  }

  get tscDeadline(): bigint {
    return BigInt(`0x${this.#state.tscDeadline}`);
  }

  /** Current Count Register. */
  current(): number {
    const { mode, initial, running, anchorCount, anchorTick, divide } = this.#state;
    if (!running) return 0;
    const elapsed = Math.floor((this.#tick() - anchorTick) / divide);
    if (elapsed < anchorCount) return anchorCount - elapsed;
    return mode === "one-shot" ? 0 : initial - ((elapsed - anchorCount) % initial);
  }

  /** Virtual time (ns) of the next expiry, masked or not; Infinity when none comes. */
  nextExpiry(): number {
    const { mode, initial, running, anchorCount, anchorTick, divide } = this.#state;
    if (mode === "tsc-deadline") {
      return this.#state.tscDeadline === "0" ? Infinity : this.#host.timeOfTsc(this.tscDeadline);
    }
    if (!running) return Infinity;
    const elapsed = Math.floor((this.#tick() - anchorTick) / divide);
    let expiry = anchorCount;
    if (elapsed >= anchorCount) {
      if (mode === "one-shot") return Infinity;
      expiry += (Math.floor((elapsed - anchorCount) / initial) + 1) * initial;
    }
    return timeOfTick(anchorTick + expiry * divide, this.#hz);
  }

  save(): LapicTimerState {
    return { ...this.#state };
  }

  /** The schedule itself is part of the event queue's state. */
  load(state: LapicTimerState): void {
    this.#state = { ...state };
  }

  #tick(): number {
    return ticksAt(this.#time.now(), this.#hz);
  }

  #anchor(count: number): void {
    this.#state.anchorTick = this.#tick();
    this.#state.anchorCount = count;
  }

  #reschedule(): void {
    const expiry = this.#state.masked ? Infinity : this.nextExpiry();
    if (expiry === Infinity) this.#timer.cancel();
    else this.#timer.schedule(expiry);
  }

  /** A period shorter than an instruction gives one interrupt an instruction: IRR holds one request anyway. */
  #expire(): void {
    if (this.#state.mode === "tsc-deadline") this.#state.tscDeadline = "0";
    this.#host.expired();
    this.#reschedule();
  }
}
