// gdb on the same machine as this session (launch setting `gdb`): its stub drives the machine through this session's engine,
// so that conditions and log points of either side hold, and both hear of each stop. While a gdb is connected it has the say.

import type { Report } from "../debugger/stop-judge.ts";
import type { Resume, Stop, Target, Threads, Watchpoint } from "../debugger/target.ts";
import { type ServerEvents, serveGdb } from "../gdb/server.ts";
import { parseAddress, placeName } from "../place.ts";
import { announceRun, finish } from "./run-control.ts";
import type { AdapterState, Launched } from "./state.ts";

/** A step of gdb's by line is a flurry of runs: the client hears of a stop when gdb has left it so long. */
const SETTLE_MS = 50;

/** Serves gdb; gives what the session must know of it. `gone`: gdb has switched the machine off. Throws UserError. */
export async function serveBeside(
  state: AdapterState,
  launched: Launched,
  where: string,
  gone: () => void,
): Promise<Pick<Launched, "heldBy" | "close">> {
  let connected = false;
  const events: ServerEvents = {
    async connected() {
      connected = true;
      while (state.phase === "new" || state.phase === "launched") await delay(SETTLE_MS);
      if (state.phase === "running") launched.debugger.interrupt();
      await state.run;
      state.output("gdb is connected, and has the say.\n");
    },
    left(how) {
      connected = false;
      if (how === "killed") gone();
      else state.output(how === "detached" ? "gdb has detached: the guest runs on.\n" : "gdb has gone.\n");
    },
    ended() {},
  };
  const server = await serveGdb(new Seat(state, launched).target, parseAddress(where), events);
  const name = placeName(server.address);
  state.output(`For gdb: target remote ${name}\n`);
  return { heldBy: () => (connected ? `gdb (at ${name})` : undefined), close: () => server.close() };
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** gdb's choice of a thread is the session's. */
function selecting(threads: Threads, select: (id: number) => void): Threads {
  return {
    list: () => threads.list(),
    get selected() {
      return threads.selected;
    },
    select,
  };
}

/** The machine as gdb's stub has it: the session's, but for what is planted and how it runs. */
class Seat {
  readonly target: Target;
  #breakpoints: ReadonlySet<bigint> = new Set();
  #watchpoints: readonly Watchpoint[] = [];
  #settling: NodeJS.Timeout | undefined;

  constructor(
    readonly state: AdapterState,
    readonly launched: Launched,
  ) {
    const { target, debugger: engine } = launched;
    const own: Partial<Target> = {
      setBreakpoints: (addresses) => {
        this.#breakpoints = new Set(addresses);
        this.#plant();
      },
      ...(target.watchpoints ? { watchpoints: { set: (list) => this.#watch(list) } } : {}),
      ...(target.threads ? { threads: selecting(target.threads, (id) => state.selectThread(id)) } : {}),
      resume: (how) => this.#resume(how),
      interrupt: () => engine.interrupt(),
      writeRegister: (name, value) => this.#written(() => target.writeRegister(name, value)),
      writeMemory: (address, bytes) => this.#written(() => target.writeMemory(address, bytes)),
      dispose: () => {},
    };
    // A restart would leave the session's engine behind.
    const hidden = new Set<PropertyKey>(["restart", "catching"]);
    this.target = new Proxy(target, {
      get(whole, key) {
        if (hidden.has(key)) return undefined;
        if (Object.hasOwn(own, key)) return own[key as keyof Target];
        const value: unknown = Reflect.get(whole, key, whole);
        return typeof value === "function" ? value.bind(whole) : value;
      },
    });
  }

  #watch(list: readonly Watchpoint[]): void {
    const before = this.#watchpoints;
    this.#watchpoints = list.map((each) => ({ ...each, id: -1 - each.id }));
    try {
      this.#plant();
    } catch (error) {
      this.#watchpoints = before;
      throw error;
    }
  }

  #plant(): void {
    this.launched.debugger.setForeign({ breakpoints: this.#breakpoints, watchpoints: this.#watchpoints });
  }

  #written(write: () => void): void {
    write();
    this.launched.debugger.invalidate();
    this.state.forget();
    this.state.send("invalidated", { areas: ["all"] });
  }

  /** Runs for gdb; the client sees a run that begins with the first of a flurry and ends with the last. */
  async #resume(how: Resume): Promise<Stop> {
    const { state, launched } = this;
    clearTimeout(this.#settling);
    if (state.phase !== "running") {
      announceRun(state);
      state.send("continued", { threadId: state.thread, allThreadsContinued: true });
    }
    const engine = launched.debugger;
    engine.held = how.held ?? new Set();
    const run = how.kind === "step" ? engine.step("into", "instruction") : engine.continue();
    state.run = run.then(
      (report) => this.#settle(report),
      () => {},
    );
    try {
      return this.#stopOf((await run).stop);
    } finally {
      engine.held = new Set();
    }
  }

  #settle(report: Report): void {
    if (this.state.phase !== "running") return;
    this.#settling = setTimeout(() => finish(this.state, report), SETTLE_MS);
  }

  /** Of several watchpoints, gdb hears of its own, by its own numbers. */
  #stopOf(stop: Stop): Stop {
    if (stop.kind !== "watchpoint") return stop;
    const hits = stop.hits.filter(({ id }) => id < 0).map((hit) => ({ ...hit, id: -1 - hit.id }));
    return hits.length > 0 ? { ...stop, hits } : { kind: "step" };
  }
}
