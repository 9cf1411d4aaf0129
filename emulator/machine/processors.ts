// What reaches the processors from outside: their interrupt pins, INIT and SIPI; and which of them is selected, in the core and on the
// board alike. Must not know when they run.

import type { Cpu } from "../cpu/cpu.ts";
import type { Chipset } from "./chipset.ts";
import type { Turns } from "./turns.ts";

/** INIT restarts it at the reset vector, where firmware would be. */
const BOOT_PROCESSOR = 0;

/** INIT and SIPI take effect between instructions. */
type Signal = { kind: "init"; processor: number } | { kind: "startUp"; processor: number; vector: number };

export interface ProcessorsHost {
  /** Made after the processors, whose memory it needs. */
  chipset(): Chipset;
  /** Something must be looked at before the next instruction. */
  changed(): void;
  /** INIT came to the boot processor. */
  restarted(): void;
}

export class Processors {
  readonly #cpu: Cpu;
  readonly #turns: Turns;
  readonly #host: ProcessorsHost;
  #signals: Signal[] = [];

  constructor(cpu: Cpu, turns: Turns, host: ProcessorsHost) {
    this.#cpu = cpu;
    this.#turns = turns;
    this.#host = host;
  }

  /** Registers, accesses and devices are this one's from now on. Not from inside a host callback. */
  select(processor: number): void {
    if (processor === this.#cpu.selected) return;
    this.#cpu.select(processor);
    this.#host.chipset().select(processor);
  }

  setInterrupt(processor: number, asserted: boolean): void {
    if (!this.#turns.setInterrupt(processor, asserted)) return;
    this.#cpu.setInterruptLine(asserted, processor);
    if (asserted) this.#host.changed();
  }

  raiseNmi(processor: number): void {
    this.#turns.nonMaskable(processor);
    this.#cpu.raiseNmi(processor);
    this.#host.changed();
  }

  init(processor: number): void {
    this.#signals.push({ kind: "init", processor });
    this.#host.changed();
  }

  startUp(processor: number, vector: number): void {
    this.#signals.push({ kind: "startUp", processor, vector });
    this.#host.changed();
  }

  /** Between instructions: INIT and SIPI that have come take effect, in their order. */
  settle(): void {
    if (this.#signals.length === 0) return;
    const { selected } = this.#cpu;
    for (const signal of this.#signals.splice(0)) this.#takeEffect(signal);
    this.select(selected);
  }

  /** After a load: the core's pins are as the turns know them, and whose turn it is is selected. */
  restore(): void {
    for (let n = 0; n < this.#cpu.processors; n++) this.#cpu.setInterruptLine(this.#turns.interrupt(n), n);
    this.select(this.#turns.current);
  }

  /** INIT resets a processor to wait for SIPI, and a SIPI starts one that waits (SDM volume 3, "MP Initialization Protocol Algorithm"). */
  #takeEffect(signal: Signal): void {
    const { processor } = signal;
    if (signal.kind === "startUp") {
      if (this.#turns.activity(processor) !== "waiting for SIPI") return;
      this.select(processor);
      this.#cpu.startUp(signal.vector);
      this.#turns.start(processor);
    } else if (processor === BOOT_PROCESSOR) {
      this.#host.restarted();
    } else {
      this.select(processor);
      this.#host.chipset().local.lapic.initialize();
      this.#cpu.init();
      this.#cpu.setInterruptLine(this.#turns.interrupt(processor));
      this.#turns.await(processor);
    }
  }
}
