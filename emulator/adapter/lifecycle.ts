// Requests around a session's life: initialize, launch, configurationDone, restart, terminate, disconnect.

import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { openAttached } from "../attach.ts";
import type { Moved } from "../debugger/breakpoint-set.ts";
import { locationText } from "../debugger/locations.ts";
import type { RunLimits } from "../debugger/machine-target.ts";
import { hex } from "../debugger/numbers.ts";
import { readInput } from "../input-files.ts";
import { openSession } from "../launch.ts";
import { count, parseInput } from "../settings-text.ts";
import { guestSourceMap, SourcePaths } from "../source-paths.ts";
import { describeBreakpoint } from "./breakpoints.ts";
import { sendClocks } from "./clocks.ts";
import { tellConsole } from "./console.ts";
import { EXCEPTION_FILTERS } from "./exception-breakpoints.ts";
import { serveBeside } from "./gdb-beside.ts";
import { modulesOf } from "./places.ts";
import type { AttachArguments, LaunchArguments } from "./protocol.ts";
import { RequestError } from "./request-error.ts";
import { announceEntry, refuseWhenHeld, start } from "./run-control.ts";
import { Sources } from "./sources.ts";
import type { AdapterState, Handlers, Launched } from "./state.ts";

/** What the adapter can do. Each entry has its handler; a test compares. */
export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsInstructionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  exceptionBreakpointFilters: EXCEPTION_FILTERS,
  supportsExceptionFilterOptions: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsSteppingGranularity: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportsExceptionInfoRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: [],
  supportsClipboardContext: true,
  supportsValueFormattingOptions: true,
  supportsDelayedStackTraceLoading: true,
  supportsBreakpointLocationsRequest: true,
  supportsGotoTargetsRequest: true,
  supportsStepInTargetsRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsModulesRequest: true,
  supportsCancelRequest: true,
};

export const lifecycle: Handlers = {
  initialize: (_state, args: DebugProtocol.InitializeRequestArguments) => {
    if (args.pathFormat !== undefined && args.pathFormat !== "path")
      throw new RequestError("Clockpath's adapter knows paths only, not URIs.");
    return CAPABILITIES;
  },

  launch: (state, args: LaunchArguments) => ready(state, () => launch(state, args)),

  /** To a machine that someone else runs: QEMU, Firecracker, `clockpath boot --gdb`. */
  attach: (state, args: AttachArguments) => ready(state, () => attach(state, args)),

  configurationDone(state) {
    if (state.phase !== "launched") throw new RequestError("No kernel has been launched.");
    begin(state);
    return undefined;
  },

  /** Reads again what was written since: the kernel that was built meanwhile. What is wrong with it leaves the session as it is. */
  async restart(state) {
    const { debugger: engine, prepareRestart } = state.session;
    refuseWhenHeld(state.session);
    if (!prepareRestart)
      throw new RequestError("The machine that is attached to cannot start over from here.");
    const restart = inDialog(prepareRestart);
    state.phase = "launched";
    engine.interrupt();
    await state.run;
    restart.begin();
    if (restart.changed.length > 0) tellChanged(state, restart.changed);
    // Displays stay, as in gdb.
    state.console = { ...state.console, chosen: undefined, script: undefined };
    state.forget();
    begin(state);
    return undefined;
  },

  async terminate(state) {
    await end(state);
    state.send("terminated");
    return undefined;
  },

  async disconnect(state) {
    await end(state);
    state.exit();
    return undefined;
  },
};

/** Makes the session. What is wrong with it is told in a dialog. */
async function ready(state: AdapterState, make: () => Launched | Promise<Launched>): Promise<void> {
  if (state.phase !== "new") throw new RequestError("A kernel has been launched already.");
  try {
    state.launched = await make();
  } catch (error) {
    throw dialogError(error);
  }
  state.phase = "launched";
  connect(state, state.launched);
  // After the response: breakpoints can be set now, for the symbols are known.
  setImmediate(() => state.send("initialized"));
}

const dialogError = (error: unknown): RequestError =>
  new RequestError(error instanceof Error ? error.message : String(error), true);

/** What is wrong is told in a dialog. */
function inDialog<T>(part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw dialogError(error);
  }
}

/** Reads the kernel and builds the machine. */
async function launch(state: AdapterState, args: LaunchArguments): Promise<Launched> {
  const session = openSession(args);
  session.target.pacedByHost = args.paceIdle ?? true;
  session.target.setScript((args.input ?? []).map(parseInput));
  session.target.limits = limitsOf(args);
  const launched: Launched = {
    ...session,
    sources: new Sources(sourcePaths(args, session.kernelPath)),
    stopOnEntry: args.stopOnEntry ?? false,
    answersMacros: args.answersMacros,
    liftLimits: () => {
      session.target.limits = {};
    },
  };
  if (args.gdb === undefined || args.gdb === "") return launched;
  return { ...launched, ...(await serveBeside(state, launched, String(args.gdb), () => gone(state))) };
}

/** A run that comes to one of these pauses; the user may let it run on. */
function limitsOf({ untilConsole, maxInstructions }: LaunchArguments): RunLimits {
  const most = count(
    "maxInstructions",
    maxInstructions === undefined || maxInstructions === "" ? undefined : String(maxInstructions),
  );
  return {
    ...(untilConsole ? { untilConsole } : {}),
    ...(most === undefined ? {} : { maxInstructions: most }),
  };
}

/** Connects; the guest stands then. */
async function attach(state: AdapterState, args: AttachArguments): Promise<Launched> {
  const { target, kernel, qmp } = args;
  const session = await openAttached({ target: target ?? "", symbols: kernel, qmp });
  for (const line of session.greeting) state.output(`${line}\n`);
  const kernelPath = args.kernel ?? session.target.name;
  session.debugger.readFile = readInput;
  return {
    ...session,
    symbols: session.debugger.symbols,
    kernelPath,
    sources: new Sources(sourcePaths(args, kernelPath)),
    stopOnEntry: args.stopOnEntry ?? false,
  };
}

/** Sources are looked for in the given folders and around the kernel; the bundled guest's come with Clockpath. */
function sourcePaths(
  args: Pick<LaunchArguments, "sourceFolders" | "sourceMap">,
  kernelPath: string,
): SourcePaths {
  const folders = [...(args.sourceFolders ?? []), process.cwd()];
  for (let folder = path.dirname(kernelPath), up = 0; up < 8; up++) {
    folders.push(folder);
    if (path.dirname(folder) === folder) break;
    folder = path.dirname(folder);
  }
  return new SourcePaths({ sourceMap: { ...guestSourceMap(), ...args.sourceMap }, folders });
}

/** Hands the guest's console and what the debugger says to the client. */
function connect(state: AdapterState, launched: Launched): void {
  const { debugger: engine, symbols, kernelPath } = launched;
  tellConsole(state, launched);
  engine.onLog((text) => state.output(text));
  engine.onMoved((moved) => tellMoved(state, moved));
  engine.sourceText = (recorded) => launched.sources.lines(recorded);
  if (symbols.info.debugFile) state.output(`Debug information: ${symbols.info.debugFile}\n`);
  for (const warning of symbols.info.warnings)
    state.output(`${path.basename(kernelPath)}: ${warning}\n`, "important");
}

/** What became of breakpoints whose code, or whose frame, is another now. */
function tellMoved(state: AdapterState, { changed, removed, messages }: Moved): void {
  for (const message of messages) state.output(`${message}\n`, "important");
  for (const each of removed)
    state.send("breakpoint", { reason: "removed", breakpoint: { id: each.id, verified: false } });
  for (const each of changed) {
    const [site] = each.sites;
    const place = site?.file ? `${path.basename(site.file)}:${site.line}` : site && hex(site.address);
    if (place) state.output(`Breakpoint ${each.id} (${locationText(each.where)}) is at ${place}.\n`);
    state.send("breakpoint", { reason: "changed", breakpoint: describeBreakpoint(state, each) });
  }
}

/** A kernel that was built again brings other symbols, and perhaps other sources. */
function tellChanged(state: AdapterState, files: readonly string[]): void {
  const { sources, symbols, kernelPath } = state.session;
  sources.forget();
  state.output(
    `${files.map((file) => path.basename(file)).join(", ")}: written anew, read again.\n`,
    "important",
  );
  for (const warning of symbols.info.warnings)
    state.output(`${path.basename(kernelPath)}: ${warning}\n`, "important");
  for (const module of modulesOf(state)) state.send("module", { reason: "changed", module });
}

/** The guest's first moment: stays there, or runs. */
function begin(state: AdapterState): void {
  setImmediate(() => {
    sendClocks(state);
    if (state.session.stopOnEntry) announceEntry(state);
    else start(state, () => state.session.debugger.continue());
  });
}

/** gdb has switched the machine off. */
async function gone(state: AdapterState): Promise<void> {
  await end(state);
  state.send("terminated");
}

async function end(state: AdapterState): Promise<void> {
  state.launched?.debugger.interrupt();
  state.phase = "ended";
  clearInterval(state.clockTimer);
  await state.run;
  await state.launched?.close?.();
  state.launched?.target.dispose();
}
