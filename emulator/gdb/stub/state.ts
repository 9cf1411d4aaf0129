// One gdb's view of the machine while it is connected: what it announced, what it planted, how it leaves. Packet handlers
// are functions over this. Must not know sockets.

import type { Resume, Stop, Target } from "../../debugger/target.ts";

/** How gdb ends its session: the guest runs on alone, or the machine is switched off. */
export type Ending = "detached" | "killed";

/** A range that gdb watches, as its packets name it. */
export interface Watch {
  address: bigint;
  length: number;
  access: "read" | "write" | "access";
}

export class StubState {
  /** Features that gdb announced in qSupported, without their "+". */
  announced = new Set<string>();
  acknowledges = true;
  ending: Ending | undefined;
  /** Why the guest stands still. */
  lastStop: Stop = { kind: "step" };
  readonly software = new Set<bigint>();
  readonly hardware = new Set<bigint>();
  readonly watches: Watch[] = [];
  #running = false;
  #interruptWanted = false;

  constructor(
    readonly target: Target,
    /** Sends a packet that answers nothing: text for gdb's console. */
    readonly send: (packet: string) => void,
  ) {}

  get running(): boolean {
    return this.#running;
  }

  get interruptWanted(): boolean {
    return this.#interruptWanted;
  }

  /** Stops the guest; when it does not run yet, it stops as soon as it does. */
  interrupt(): void {
    this.#interruptWanted = true;
    this.target.interrupt();
  }

  /** A run has ended: the interrupt was for it. */
  forgetInterrupt(): void {
    this.#interruptWanted = false;
  }

  async resume(how: Resume): Promise<Stop> {
    this.#running = true;
    try {
      const run = this.target.resume(how);
      if (this.#interruptWanted) this.target.interrupt();
      this.lastStop = await run;
      return this.lastStop;
    } finally {
      this.#running = false;
    }
  }

  /** Plants what gdb has set, and nothing else. */
  plant(): void {
    this.target.setBreakpoints(new Set([...this.software, ...this.hardware]));
    const places = this.watches.map(({ access, ...range }, id) => ({
      id,
      access,
      place: { kind: "linear" as const, ...range },
    }));
    this.target.watchpoints?.set(places);
  }

  /** Removes everything that gdb planted. */
  clear(): void {
    this.software.clear();
    this.hardware.clear();
    this.watches.length = 0;
    this.plant();
  }
}
