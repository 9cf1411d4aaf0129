// A debugger run from a terminal: to each stop, told to a reporter, until the ends that the arguments ask for. Shared by
// `boot` and `attach`; must not know which machine it is.

import path from "node:path";
import { CATCH_FILTERS } from "../debugger/catches.ts";
import type { Debugger } from "../debugger/debugger.ts";
import { parseLocation } from "../debugger/locations.ts";
import { hex } from "../debugger/numbers.ts";
import type { Report } from "../debugger/stop-judge.ts";
import type { Stop, Target } from "../debugger/target.ts";
import { watchTitle } from "../debugger/watches.ts";
import { UserError } from "../errors.ts";
import { guestSourceMap, SourcePaths } from "../source-paths.ts";
import type { SymbolFile } from "../symbols/api.ts";
import type { ExitReport, Moment, Reporter } from "./report.ts";

/** What is run. */
export interface Driven {
  target: Target;
  debugger: Debugger;
}

/** Where the run is to stop and to end, as the arguments say. */
export interface Ends {
  breaks: string[];
  stops: number | undefined;
  untilConsole?: string | undefined;
}

/** Which file the debug information is of, where it is not the kernel's; and what the symbols lack. */
export function symbolLines({ info: { debugFile, warnings } }: SymbolFile): string[] {
  const file = debugFile === undefined ? [] : [`Debug information: ${debugFile}`];
  return [...file, ...warnings.map((warning) => `! ${warning}`)];
}

/** Plants the breakpoints; gives the lines that say where. One that matches nothing is a UserError. */
export function plantBreakpoints(session: Driven, breaks: readonly string[]): string[] {
  return breaks.flatMap((text) => {
    const breakpoint = session.debugger.addBreakpoint(parseLocation(text));
    if (breakpoint.sites.length === 0)
      throw new UserError(`--break ${text}: ${breakpoint.message ?? "no such place"}`);
    return breakpoint.sites.map(({ address, file, line }) => {
      const place = file ? `: file ${shownPath(file)}, line ${line}.` : ` (no line information).`;
      return `Breakpoint ${breakpoint.id} at ${hex(address)}${place}`;
    });
  });
}

/** Plants watchpoints on what the words name before the first instruction. */
export function plantWatches(session: Driven, watches: readonly string[]): string[] {
  return watches.map((text) => {
    try {
      const made = session.debugger.addWatch(text, "change", undefined);
      return made.where.kind === "watch" ? watchTitle(made.id, made.where) : "";
    } catch (error) {
      throw new UserError(`--watch ${text}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

/** `page-fault`, `interrupt=0x60,0xc0-0xcf`. */
export function plantCatches(session: Driven, catches: readonly string[]): void {
  const chosen = catches.map((text) => {
    const [, id = "", condition] = /^([\w-]+)(?:=(.*))?$/s.exec(text) ?? [];
    const known = CATCH_FILTERS.filter((each) => each.id !== "panic").map((each) => each.id);
    if (!known.includes(id)) throw new UserError(`--catch ${text}: not one of ${known.join(", ")}`);
    return { id, condition };
  });
  session.debugger.setCatches(chosen);
}

/** Ctrl-C stops the guest, so that the summary still comes; a second one ends the process. */
export async function withInterrupts(session: Debugger, body: () => Promise<number>): Promise<number> {
  const onInterrupt = () => session.interrupt();
  process.once("SIGINT", onInterrupt);
  try {
    return await body();
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

/** Runs to the end; gives the exit status. */
export async function runToEnd(options: Ends, session: Driven, reporter: Reporter): Promise<number> {
  const momentOf = moments(session);
  let stops = 0;
  for (;;) {
    const report = await session.debugger.continue();
    for (const notice of session.target.takeNotices?.() ?? []) reporter.notice(notice);
    for (const message of report.messages) reporter.notice(message);
    if (showsStop(report.stop)) {
      stops++;
      reporter.stopped(stops, { ...describeStop(report, session), moment: momentOf() });
    }
    if (isWanted(report.stop) && stops !== options.stops) continue;
    const outcome = outcomeOf(report.stop, stops, options);
    reporter.exited({ ...outcome.report, moment: momentOf(), stops });
    return outcome.status;
  }
}

/** Stops that the user asked for: the run goes on after them. */
const isWanted = ({ kind }: Stop): boolean =>
  kind === "breakpoint" || kind === "watchpoint" || kind === "exception";

/** A limit, Ctrl-C or the machine's end ends the run without a stop to show; everything else is worth a look at the stack. */
const showsStop = ({ kind }: Stop): boolean => kind !== "limit" && kind !== "interrupted" && kind !== "gone";

/** What the counters say now. The last stop and the summary are often the same moment: one hash serves both. */
export function moments({ target: { counters } }: Driven): () => Moment | undefined {
  if (!counters) return () => undefined;
  let hashed = { instructions: -1, hash: "" };
  const stateHash = () => {
    const instructions = counters.instructions();
    if (hashed.instructions !== instructions) hashed = { instructions, hash: counters.stateHash() };
    return hashed.hash;
  };
  return () => ({
    instructions: counters.instructions(),
    timeNs: counters.timeNs(),
    tsc: counters.tsc(),
    stateHash,
  });
}

function describeStop(report: Report, session: Driven) {
  const { stop, hit } = report;
  const frames = session.debugger.frames().map((frame) => ({ ...frame, file: shownPath(frame.file) }));
  const numbers = hit.map(({ id }) => id).join(", ");
  const message =
    stop.kind === "breakpoint"
      ? `Breakpoint ${numbers}, ${frames[0]?.function ?? hex(stop.address)}`
      : stop.kind === "watchpoint"
        ? `Watchpoint ${numbers}, ${frames[0]?.function ?? hex(stop.hits[0]!.instruction)}`
        : "message" in stop
          ? stop.message
          : stop.kind;
  return {
    reason: stop.kind,
    message,
    processor: processorOf(session),
    devices: session.target.clocks?.read() ?? [],
    frames,
  };
}

function processorOf({ target: { threads } }: Driven): string | undefined {
  const list = threads?.list() ?? [];
  return list.length > 1 ? list.find(({ id }) => id === threads?.selected)?.name : undefined;
}

/** How the run ended, in words, and whether that is what was asked for. */
function outcomeOf(
  stop: Stop,
  stops: number,
  options: Ends,
): { status: number; report: Pick<ExitReport, "reason" | "message"> } {
  const wanted = options.stops;
  const missed = wanted !== undefined && stops < wanted;
  if (isWanted(stop)) return success("stops", `${stops} ${stops === 1 ? "stop" : "stops"}, done`);
  if (stop.kind === "limit" && stop.message.startsWith("the console"))
    return success("console", `The console printed "${options.untilConsole}"`);
  if (stop.kind === "interrupted")
    return { status: 130, report: { reason: "interrupted", message: "Interrupted" } };
  const why = "message" in stop ? stop.message : stop.kind;
  const complaints = [
    ...(missed
      ? [`only ${stops} of ${wanted} stops at ${options.breaks.join(", ") || "any breakpoint"}`]
      : []),
    ...(options.untilConsole === undefined ? [] : [`the console never printed "${options.untilConsole}"`]),
  ];
  const message = [why, ...complaints].join("; ");
  // As QEMU ends: what the guest wrote to isa-debug-exit, times two, plus one.
  if (stop.kind === "shutdown" && stop.exitCode !== undefined && complaints.length === 0)
    return { status: stop.exitCode, report: { reason: stop.kind, message } };
  const failed = complaints.length > 0 || FAILURES.has(stop.kind);
  return { status: failed ? 1 : 0, report: { reason: stop.kind, message } };
}

const FAILURES: ReadonlySet<Stop["kind"]> = new Set(["unsupported", "shutdown", "gone"]);

const success = (reason: string, message: string) => ({ status: 0, report: { reason, message } });

const guestPaths = new SourcePaths({ sourceMap: guestSourceMap(), folders: [] });

/** Paths as the compiler recorded them; the bundled guest's sources are where Clockpath is. */
function shownPath<T extends string | undefined>(recorded: T): T | string {
  if (!recorded?.startsWith("/clockpath/guest/")) return recorded;
  const local = guestPaths.local(recorded) ?? recorded;
  const relative = path.relative(process.cwd(), local);
  return relative.startsWith("..") ? local : relative;
}
