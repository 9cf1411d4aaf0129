// The queue of timers on virtual time. A board has a handful of them, so a scan is the quickest queue; what matters is order:
// earlier deadlines first, equal deadlines in the order in which the timers were made. Must not know devices or the CPU.

import type { Timer } from "../devices/timebase.ts";

interface QueuedTimer extends Timer {
  readonly name: string;
  deadline: number;
  fire(deadline: number): void;
}

/** Deadlines by timer name. */
export type EventQueueState = Record<string, number>;

export class EventQueue {
  readonly #timers: QueuedTimer[] = [];
  readonly #earlier: (deadline: number) => void;
  #next = Infinity;

  /** `earlier` hears of each deadline that comes before all others. */
  constructor(earlier: (deadline: number) => void) {
    this.#earlier = earlier;
  }

  /** The earliest deadline in ns; Infinity when nothing is scheduled. */
  get next(): number {
    return this.#next;
  }

  /** Name of the timer that fires next. */
  get nextName(): string | undefined {
    return this.#timers.find((timer) => timer.deadline === this.#next && this.#next !== Infinity)?.name;
  }

  timer(name: string, fire: (deadline: number) => void): Timer {
    if (this.#timers.some((timer) => timer.name === name)) throw new Error(`two timers are called ${name}`);
    const timer: QueuedTimer = {
      name,
      deadline: Infinity,
      fire,
      schedule: (deadline) => {
        if (Number.isNaN(deadline)) throw new Error(`timer ${name}: the deadline is not a number`);
        timer.deadline = deadline;
        if (deadline < this.#next) this.#earlier(deadline);
        this.#findNext();
      },
      cancel: () => {
        timer.deadline = Infinity;
        this.#findNext();
      },
    };
    this.#timers.push(timer);
    return timer;
  }

  /** Fires everything that is due at `now`. A timer that schedules itself again at or before `now` fires again. */
  fireDue(now: number): void {
    while (this.#next <= now) {
      const due = this.#next;
      const timer = this.#timers.find((t) => t.deadline === due)!;
      timer.deadline = Infinity;
      this.#findNext();
      timer.fire(due);
    }
  }

  save(): EventQueueState {
    return Object.fromEntries(this.#timers.map((timer) => [timer.name, timer.deadline]));
  }

  load(state: EventQueueState): void {
    for (const timer of this.#timers) timer.deadline = state[timer.name] ?? Infinity;
    this.#findNext();
  }

  #findNext(): void {
    let next = Infinity;
    for (const timer of this.#timers) if (timer.deadline < next) next = timer.deadline;
    this.#next = next;
  }
}
