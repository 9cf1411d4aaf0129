// Virtual time for device tests: no instructions, only jumps; events fire on the way, each at its own deadline.

import { VirtualClock } from "../../emulator/machine/clock.ts";
import { EventQueue } from "../../emulator/machine/events.ts";

export class VirtualTime {
  readonly events = new EventQueue(() => {});
  readonly clock = new VirtualClock(1000, () => 0, this.events);

  /** Goes to `ns`, firing what is due on the way. */
  to(ns: number): void {
    while (this.events.next <= ns) {
      this.clock.skipTo(this.events.next);
      this.events.fireDue(this.clock.now());
    }
    this.clock.skipTo(ns);
  }

  /** The same time for a second copy of a device, whose timers have names of their own. */
  clockOfCopy(): VirtualClock {
    const clock = new VirtualClock(1000, () => 0, new EventQueue(() => {}));
    clock.load(this.clock.save());
    return clock;
  }

  by(ns: number): void {
    this.to(this.clock.now() + ns);
  }
}

/** A line that writes down its changes: "+" and "-" with the time in ns. */
export function recorder(time: VirtualTime): { line: (level: boolean) => void; log: string[] } {
  const log: string[] = [];
  let last = false;
  return {
    log,
    line: (level) => {
      if (level !== last) log.push(`${level ? "+" : "-"}${time.clock.now()}`);
      last = level;
    },
  };
}

/** A pseudo-random sequence (mulberry32) whose seed a failing test prints. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
