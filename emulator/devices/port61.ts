// Port 0x61, the PC's "system control port B": the i8254's counter 2 gate and output, the speaker, the refresh toggle.
// Must not know more of the i8254 than its gate and OUT pins.

import type { Timebase } from "./timebase.ts";

/** The refresh request toggles each 15 us: kernels time short delays with it. */
const REFRESH_NS = 15_085;

export interface Counter2Pins {
  setGate(index: 2, gate: boolean): void;
  out(index: 2): boolean;
}

export class Port61 {
  readonly #time: Timebase;
  readonly #pit: Counter2Pins | undefined;
  #control = 0;

  /** Without an i8254 the output of counter 2 reads 0. */
  constructor(time: Timebase, pit: Counter2Pins | undefined) {
    this.#time = time;
    this.#pit = pit;
  }

  portRead(): number {
    const refresh = Math.floor(this.#time.now() / REFRESH_NS) & 1;
    return this.#control | (refresh << 4) | (this.#pit?.out(2) ? 0x20 : 0);
  }

  portWrite(value: number): void {
    this.#control = value & 0x0f;
    this.#pit?.setGate(2, (value & 1) !== 0);
  }

  save(): number {
    return this.#control;
  }

  load(state: number): void {
    this.#control = state;
  }
}
