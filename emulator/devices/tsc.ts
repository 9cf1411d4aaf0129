// The time-stamp counter: a constant-rate counter on virtual time, with IA32_TIME_STAMP_COUNTER and IA32_TSC_ADJUST.
// SDM volume 3, "Time-Stamp Counter". Must not know instructions or MSR numbers.

import type { Timebase } from "./timebase.ts";

const MASK = (1n << 64n) - 1n;
const PS_PER_SECOND = 1_000_000_000_000n;

export interface TscState {
  /** Hexadecimal, 64 bits: what is added to hz * time. */
  offset: string;
  adjust: string;
}

export class Tsc {
  readonly hz: number;
  readonly #time: Timebase;
  readonly #hzBig: bigint;
  /** Ticks per ns where that is a whole number, so that the usual frequencies need no division. */
  readonly #perNs: number;
  #offset = 0n;
  #adjust = 0n;

  /** `hz`: a whole number of Hz, at most 10^11. `offset`: what the counter shows at reset, in ticks. */
  constructor(time: Timebase, hz: number, offset = 0) {
    this.#time = time;
    this.#offset = BigInt.asUintN(64, BigInt(offset));
    this.hz = hz;
    this.#hzBig = BigInt(hz);
    this.#perNs = hz % 1_000_000_000 === 0 ? hz / 1_000_000_000 : 0;
  }

  read(): bigint {
    return (this.#ticks() + this.#offset) & MASK;
  }

  /** WRMSR to the counter moves IA32_TSC_ADJUST by the same amount. */
  write(value: bigint): void {
    this.#move(value - this.read());
  }

  get adjust(): bigint {
    return this.#adjust;
  }

  /** WRMSR to IA32_TSC_ADJUST moves the counter by the difference. */
  setAdjust(value: bigint): void {
    this.#move(value - this.#adjust);
  }

  /** The first ns of virtual time at which the counter is at or past `value`; 0 when that was before reset. */
  timeOf(value: bigint): number {
    const ticks = BigInt.asIntN(64, value - this.#offset);
    if (ticks <= 0n) return 0;
    return Number((ticks * 1_000_000_000n + this.#hzBig - 1n) / this.#hzBig);
  }

  save(): TscState {
    return { offset: this.#offset.toString(16), adjust: this.#adjust.toString(16) };
  }

  load(state: TscState): void {
    this.#offset = BigInt(`0x${state.offset}`);
    this.#adjust = BigInt(`0x${state.adjust}`);
  }

  #ticks(): bigint {
    const ns = this.#time.now();
    const ps = this.#time.nowPicoseconds();
    if (ps === 0 && this.#perNs !== 0) return BigInt(ns) * BigInt(this.#perNs);
    return ((BigInt(ns) * 1000n + BigInt(ps)) * this.#hzBig) / PS_PER_SECOND;
  }

  #move(by: bigint): void {
    this.#offset = (this.#offset + by) & MASK;
    this.#adjust = (this.#adjust + by) & MASK;
  }
}
