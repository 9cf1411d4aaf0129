// `clockpath boot`: the debugger from a terminal. Boots a kernel, reports each stop, ends as the arguments say.

import path from "node:path";
import type { BreakpointOptions } from "./debugger/breakpoints.ts";
import type { Debugger, Report } from "./debugger/debugger.ts";
import { parseLocation } from "./debugger/locations.ts";
import { hex } from "./debugger/numbers.ts";
import type { Stop } from "./debugger/target.ts";
import { UserError } from "./errors.ts";
import { parseAddress } from "./gdb/server.ts";
import { openSession, type Session } from "./launch.ts";
import { guestSourceMap, SourcePaths } from "./source-paths.ts";
import { gdbSession } from "./terminal/gdb-session.ts";
import { jsonReporter } from "./terminal/json-reporter.ts";
import { BOOT_HELP, type BootOptions, parseBootOptions } from "./terminal/options.ts";
import type { ExitReport, Reporter } from "./terminal/report.ts";
import { COLOURED, PLAIN, textReporter } from "./terminal/text-reporter.ts";

/** Runs the command; gives the exit status. Throws UserError for what the user can mend. */
export async function boot(args: string[], out: NodeJS.WriteStream): Promise<number> {
  const options = parseBootOptions(args);
  if (options.help) {
    out.write(BOOT_HELP);
    return 0;
  }
  const session = openSession(options);
  session.target.limits = limitsOf(options);
  const write = (text: string) => void out.write(text);
  const style = out.isTTY && process.env.NO_COLOR === undefined ? COLOURED : PLAIN;
  const reporter = options.json
    ? jsonReporter(session.debugger, write)
    : textReporter(session.debugger, write, style);
  setBreakpoints(options, session, reporter);
  session.target.console.onOutput((text) => reporter.console(text));
  session.debugger.onLog((text) => reporter.notice(text.trimEnd()));
  if (options.gdb !== undefined) return serve(options, session, reporter);
  return withInterrupts(session.debugger, () => run(options, session, reporter));
}

/** `--gdb`: gdb has the say, until it kills the machine, Ctrl-C comes, or the guest ends by itself. */
async function serve(options: BootOptions, session: Session, reporter: Reporter): Promise<number> {
  refuseOwnEnds(options);
  session.target.limits = options.maxInstructions ? { maxInstructions: options.maxInstructions } : {};
  session.target.pacedByHost = true;
  const message = await gdbSession(session.target, parseAddress(options.gdb!), (text) =>
    reporter.notice(text),
  );
  for (const notice of session.target.takeNotices()) reporter.notice(notice);
  reporter.exited({ reason: "gdb", message, ...moments(session)(), stops: 0 });
  return 0;
}

function refuseOwnEnds({ breaks, stops, untilConsole }: BootOptions): void {
  if (breaks.length > 0 || stops !== undefined || untilConsole !== undefined)
    throw new UserError("--gdb leaves breakpoints and ends to gdb: drop --break, --stops, --until-console.");
}

/** A kernel at its prompt ticks for ever: without any end asked for, a run ends here. */
const DEFAULT_MAX_INSTRUCTIONS = 5_000_000_000;

const limitsOf = ({ maxInstructions, untilConsole }: BootOptions) => ({
  maxInstructions: maxInstructions ?? DEFAULT_MAX_INSTRUCTIONS,
  ...(untilConsole === undefined ? {} : { untilConsole }),
});

/** Plants the breakpoints and says what boots; one that matches nothing is an error. */
function setBreakpoints(options: BootOptions, session: Session, reporter: Reporter): void {
  const lines = [startLine(session)];
  for (const warning of session.symbols.info.warnings) lines.push(`! ${warning}`);
  const settings: BreakpointOptions = {};
  for (const text of options.breaks) {
    const breakpoint = session.debugger.addBreakpoint(parseLocation(text), settings);
    if (breakpoint.sites.length === 0)
      throw new UserError(`--break ${text}: ${breakpoint.message ?? "no such place"}`);
    for (const { address, file, line } of breakpoint.sites) {
      const place = file ? `: file ${shownPath(file)}, line ${line}.` : ` (no line information).`;
      lines.push(`Breakpoint ${breakpoint.id} at ${hex(address)}${place}`);
    }
  }
  reporter.start(lines);
}

function startLine({ kernelPath, bundled, memory, psPerInstruction }: Session): string {
  const name = bundled ? "the bundled guest" : kernelPath;
  return `Booting ${name}: ${memory / 1024 ** 2} MiB, ${psPerInstruction / 1000} ns of guest time per instruction.`;
}

/** Ctrl-C stops the guest, so that the summary still comes; a second one ends the process. */
async function withInterrupts(session: Debugger, body: () => Promise<number>): Promise<number> {
  const onInterrupt = () => session.interrupt();
  process.once("SIGINT", onInterrupt);
  try {
    return await body();
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

async function run(options: BootOptions, session: Session, reporter: Reporter): Promise<number> {
  const momentOf = moments(session);
  let stops = 0;
  for (;;) {
    const report = await session.debugger.continue();
    for (const notice of session.target.takeNotices()) reporter.notice(notice);
    for (const message of report.messages) reporter.notice(message);
    if (showsStop(report.stop)) {
      stops++;
      reporter.stopped(stops, { ...describeStop(report, session), ...momentOf() });
    }
    if (report.stop.kind === "breakpoint" && stops !== options.stops) continue;
    const outcome = outcomeOf(report.stop, stops, options);
    reporter.exited({ ...outcome.report, ...momentOf(), stops });
    return outcome.status;
  }
}

const guestPaths = new SourcePaths({ sourceMap: guestSourceMap(), folders: [] });

/** Paths as the compiler recorded them; the bundled guest's sources are where Clockpath is. */
function shownPath<T extends string | undefined>(recorded: T): T | string {
  if (!recorded?.startsWith("/clockpath/guest/")) return recorded;
  const local = guestPaths.local(recorded) ?? recorded;
  const relative = path.relative(process.cwd(), local);
  return relative.startsWith("..") ? local : relative;
}

/** A limit or Ctrl-C ends the run without a stop to show; everything else is worth a look at the stack. */
const showsStop = (stop: Stop): boolean => stop.kind !== "limit" && stop.kind !== "interrupted";

/** What the counters say now. The last stop and the summary are often the same moment: one hash serves both. */
function moments({ target: { counters } }: Session) {
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

function describeStop(report: Report, session: Session) {
  const { stop, hit } = report;
  const frames = session.debugger.frames().map((frame) => ({ ...frame, file: shownPath(frame.file) }));
  const numbers = hit.map(({ id }) => id).join(", ");
  const message =
    stop.kind === "breakpoint"
      ? `Breakpoint ${numbers}, ${frames[0]?.function ?? hex(stop.address)}`
      : "message" in stop
        ? stop.message
        : stop.kind;
  return {
    reason: stop.kind,
    message,
    devices: session.target.clocks.read(),
    frames,
  };
}

/** How the run ended, in words, and whether that is what was asked for. */
function outcomeOf(
  stop: Stop,
  stops: number,
  options: BootOptions,
): { status: number; report: Pick<ExitReport, "reason" | "message"> } {
  const wanted = options.stops;
  const missed = wanted !== undefined && stops < wanted;
  if (stop.kind === "breakpoint") return success("stops", `${stops} ${stops === 1 ? "stop" : "stops"}, done`);
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
  const failed = complaints.length > 0 || stop.kind === "unsupported" || stop.kind === "shutdown";
  const message = [why, ...complaints].join("; ");
  return { status: failed ? 1 : 0, report: { reason: stop.kind, message } };
}

const success = (reason: string, message: string) => ({ status: 0, report: { reason, message } });
