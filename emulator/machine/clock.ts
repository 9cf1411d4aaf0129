// Virtual time: retired instructions times a fixed price, plus what HLT skipped. Whole ns and a rest in ps, exact.
// Range: 2^53 ns (104 days). Must not know the CPU (it is a function that counts) or any device.

import type { Timebase, Timer } from "../devices/timebase.ts";
import type { EventQueue } from "./events.ts";

/** The last ns that the machine runs to: beyond it Numbers would lose ns. */
export const MAX_TIME_NS = 9_000_000_000_000_000;

/** A run is cut into slices of at most this many instructions, so that ps stay exact between two rebases. */
const LONGEST_SLICE = 1_000_000;

export interface ClockState {
  ns: number;
  ps: number;
}

export class VirtualClock implements Timebase {
  readonly #psPerInstruction: number;
  readonly #retired: () => number;
  readonly #events: EventQueue;
  /** Time at instruction #baseInstruction. */
  #baseInstruction = 0;
  #baseNs = 0;
  #basePs = 0;

  /** `psPerInstruction`: a whole number from 1 to 10^9. `retired` counts instructions up to the current one. */
  constructor(psPerInstruction: number, retired: () => number, events: EventQueue) {
    this.#psPerInstruction = psPerInstruction;
    this.#retired = retired;
    this.#events = events;
  }

  now(): number {
    const ps = (this.#retired() - this.#baseInstruction) * this.#psPerInstruction + this.#basePs;
    return this.#baseNs + Math.floor(ps / 1000);
  }

  nowPicoseconds(): number {
    return ((this.#retired() - this.#baseInstruction) * this.#psPerInstruction + this.#basePs) % 1000;
  }

  timer(name: string, fire: (deadline: number) => void): Timer {
    return this.#events.timer(name, fire);
  }

  /** How many instructions to run until virtual time is at or past `deadline`: at least 1, at most LONGEST_SLICE. */
  instructionsUntil(deadline: number): number {
    this.#rebase();
    const ns = deadline - this.#baseNs;
    if (ns * 1000 > LONGEST_SLICE * this.#psPerInstruction) return LONGEST_SLICE;
    return Math.max(1, Math.ceil((ns * 1000 - this.#basePs) / this.#psPerInstruction));
  }

  /** HLT: the next instruction is at `ns`, if that is later than now. */
  skipTo(ns: number): void {
    this.#rebase();
    if (ns <= this.#baseNs) return;
    this.#baseNs = ns;
    this.#basePs = 0;
  }

  save(): ClockState {
    return { ns: this.now(), ps: this.nowPicoseconds() };
  }

  /** To be called after the CPU's own state is loaded: time counts on from its instruction count. */
  load(state: ClockState): void {
    this.#baseInstruction = this.#retired();
    this.#baseNs = state.ns;
    this.#basePs = state.ps;
  }

  /** Moves the base to now. Exact, so it may happen at any instruction without a trace. */
  #rebase(): void {
    this.load(this.save());
  }
}
