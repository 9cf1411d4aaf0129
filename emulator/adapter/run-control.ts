// Requests that run the guest: continue, next, stepIn, stepOut, pause; and the events with which a run ends.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { runScript } from "../debugger/breakpoint-scripts.ts";
import type { Outcome } from "../debugger/commands.ts";
import type { Debugger } from "../debugger/debugger.ts";
import { displaysText } from "../debugger/displays.ts";
import type { StepKind } from "../debugger/stepping.ts";
import type { Report } from "../debugger/stop-judge.ts";
import { sendClocks, watchClocks } from "./clocks.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState, Handlers, Launched } from "./state.ts";

export const runControl: Handlers = {
  continue(state, args: DebugProtocol.ContinueArguments) {
    const { debugger: engine } = standing(state);
    if (args.threadId) state.selectThread(args.threadId);
    start(state, () => engine.continue());
    return { allThreadsContinued: true };
  },
  next: (state, args: DebugProtocol.NextArguments) => step(state, "over", args),
  stepIn(state, args: DebugProtocol.StepInArguments) {
    if (args.targetId === undefined) return step(state, "into", args);
    const { debugger: engine } = standing(state);
    const name = state.calls[args.targetId - 1];
    if (name === undefined) throw new RequestError("This call is of an earlier stop.");
    start(state, () => engine.runTo({ kind: "function", name }));
    return undefined;
  },
  stepOut: (state, args: DebugProtocol.StepOutArguments) => step(state, "out", args),
  pause(state) {
    const { debugger: engine } = state.session;
    if (state.phase !== "running") throw new RequestError("The guest is not running.");
    engine.interrupt();
    return undefined;
  },
  exceptionInfo(state) {
    const stop = state.stopped && state.lastReport?.stop;
    if (!stop || !("message" in stop)) throw new RequestError("The guest did not stop by an error.");
    return { exceptionId: stop.kind, description: stop.message, breakMode: "always" };
  },
};

/** The session at a stop, before a request that resumes it. */
export function standing(state: AdapterState): Launched {
  const session = state.stopped;
  if (state.phase !== "stopped") throw new RequestError("The kernel has not been started yet.");
  refuseWhenHeld(session);
  return session;
}

/** gdb's protocol has no word for a machine that somebody else lets run: while it is connected, it alone does. */
export function refuseWhenHeld({ heldBy }: Launched): void {
  const holder = heldBy?.();
  if (holder)
    throw new RequestError(`${holder} has the say: let the guest run from there, or detach there.`, true);
}

/** A step of one thread; the others go on meanwhile. */
function step(
  state: AdapterState,
  kind: StepKind,
  { threadId, granularity }: DebugProtocol.NextArguments,
): undefined {
  const { debugger: engine } = standing(state);
  if (threadId) state.selectThread(threadId);
  start(state, () => engine.step(kind, granularity === "instruction" ? "instruction" : "line"));
  return undefined;
}

/** The guest runs from now on, as far as the client is concerned. */
export function announceRun(state: AdapterState): void {
  state.phase = "running";
  state.forget();
  watchClocks(state);
}

/** Starts a run after the response is out; its end is told by a `stopped` event. */
export function start(state: AdapterState, run: () => Promise<Report>): void {
  announceRun(state);
  state.run = new Promise<void>((resolve) => setImmediate(resolve)).then(run).then(
    (report) => finish(state, report),
    (error: unknown) => fail(state, error),
  );
}

/** Tells the end of a run; a breakpoint's commands may let the guest run on instead. */
export async function finish(state: AdapterState, report: Report): Promise<void> {
  clearInterval(state.clockTimer);
  tellNotices(state);
  // Restart and disconnect interrupt a run whose end is no news.
  if (state.phase !== "running") return;
  if (report.stop.kind === "gone") {
    state.phase = "ended";
    state.output(`${report.stop.message}\n`, "important");
    state.send("terminated");
    return;
  }
  state.phase = "stopped";
  state.lastReport = report;
  if (report.stop.kind === "limit") state.launched?.liftLimits?.();
  for (const message of report.messages) state.output(`${message}\n`);
  state.focus = state.thread;
  const script = await runScript(report, state.session.debugger, state.console);
  if (script && script.text !== "") state.output(`${script.text}\n`);
  if (state.phase !== "stopped") return;
  if (script?.resume) {
    const { resume } = script;
    return start(state, () => runOf(state.session.debugger, resume));
  }
  tellDisplays(state);
  state.send("stopped", stoppedBody(report, state.thread));
  sendClocks(state);
}

/** The run that a console line asks for. */
export function runOf(
  engine: Debugger,
  outcome: Extract<Outcome, { kind: "run" | "runTo" }>,
): Promise<Report> {
  if (outcome.kind === "runTo") return engine.runTo(outcome.where, outcome.within, outcome.level);
  const { how, granularity, level } = outcome;
  return how === "continue" ? engine.continue() : engine.step(how, granularity, level);
}

/** A step that could not be made: the guest stands where it stood. */
function fail(state: AdapterState, error: unknown): void {
  clearInterval(state.clockTimer);
  if (state.phase !== "running") return;
  state.phase = "stopped";
  state.output(`${error instanceof Error ? error.message : String(error)}\n`, "important");
  state.send("stopped", { reason: "step", threadId: state.thread, allThreadsStopped: true });
}

/** The guest stands somewhere else, without having run. */
export function announceJump(state: AdapterState): void {
  state.forget();
  state.send("stopped", { reason: "goto", threadId: state.thread, allThreadsStopped: true });
}

/** stopOnEntry: nothing has run yet. */
export function announceEntry(state: AdapterState): void {
  state.phase = "stopped";
  state.lastReport = undefined;
  state.send("stopped", { reason: "entry", threadId: state.thread, allThreadsStopped: true });
}

function stoppedBody({ stop, hit }: Report, threadId: number): DebugProtocol.StoppedEvent["body"] {
  const common = { threadId, allThreadsStopped: true };
  switch (stop.kind) {
    case "breakpoint": {
      const kind = hit[0]?.where.kind;
      const reason = kind === "function" ? "function breakpoint" : kind === "address" ? "instruction breakpoint" : "breakpoint"; // biome-ignore format: one choice
      return { ...common, reason, hitBreakpointIds: hit.map(({ id }) => id) };
    }
    case "watchpoint": {
      const names = hit.map(({ where }) => (where.kind === "watch" ? where.expression : "")).join(", ");
      return {
        ...common,
        reason: "data breakpoint",
        description: `Data breakpoint: ${names}`,
        hitBreakpointIds: hit.map(({ id }) => id),
      };
    }
    case "step":
      return { ...common, reason: "step" };
    case "interrupted":
      return { ...common, reason: "pause" };
    case "limit":
      return { ...common, reason: "pause", description: stop.message };
    default:
      return { ...common, reason: "exception", description: DESCRIPTIONS[stop.kind], text: stop.message };
  }
}

const DESCRIPTIONS = {
  halted: "Halted for ever",
  shutdown: "Shut down",
  unsupported: "Not supported by the machine",
  gone: "Ended",
  exception: "Caught",
} as const;

/** What the console's `display` has asked for. */
function tellDisplays(state: AdapterState): void {
  const engine = state.session.debugger;
  if (state.console.displays.list.length === 0) return;
  state.output(`${displaysText(state.console.displays, engine, engine.frames()[0])}\n`);
}

/** Unknown MSRs and ports, each once, with the address that touched them. */
function tellNotices(state: AdapterState): void {
  for (const notice of state.launched?.target.takeNotices?.() ?? []) state.output(`${notice}\n`);
}
