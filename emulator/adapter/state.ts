// One debug session as the request handlers see it: what has been launched, what is shown, how to send events.
// The only shared state of the adapter; handlers are functions over it.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { type ConsoleState, newConsole } from "../debugger/commands.ts";
import type { Debugger } from "../debugger/debugger.ts";
import type { Frame } from "../debugger/frames.ts";
import type { Report } from "../debugger/stop-judge.ts";
import type { Target } from "../debugger/target.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import type { PreparedRestart } from "../launch.ts";
import type { SymbolFiles } from "../symbols/several.ts";
import { References } from "./references.ts";
import { RequestError } from "./request-error.ts";
import type { Sources } from "./sources.ts";

/** Everything that exists only after a successful launch or attach. */
export interface Launched {
  target: Target;
  debugger: Debugger;
  symbols: SymbolFiles;
  /** The kernel's file as the user knows it; for messages. */
  kernelPath: string;
  sources: Sources;
  stopOnEntry: boolean;
  /** Absent where the machine cannot start over from here. Throws UserError. */
  prepareRestart?(): PreparedRestart;
  /** Where runs have ended by a limit of the launch configuration: from there on there is none. */
  liftLimits?(): void;
  /** The client knows the macros of the user's tree. */
  answersMacros?: boolean | undefined;
  /** Who else has the say over the machine now, for messages; undefined: this session has. */
  heldBy?(): string | undefined;
  /** Ends what else serves the machine. */
  close?(): Promise<void>;
}

/** More than a backtrace ever has. */
const FRAMES_A_THREAD = 0x1000;

export type Phase = "new" | "launched" | "stopped" | "running" | "ended";

export class AdapterState {
  phase: Phase = "new";
  launched: Launched | undefined;
  readonly references: References = new References(this);
  console: ConsoleState = newConsole();
  /** Places that gotoTargets has told at this stop, by target id - 1; and functions that stepInTargets has told. */
  jumps: bigint[] = [];
  calls: string[] = [];
  /** The last stop, for exceptionInfo. */
  lastReport: Report | undefined;
  /** Resolves when the current run has ended. */
  run: Promise<void> = Promise.resolve();
  clockTimer: NodeJS.Timeout | undefined;
  /** The thread whose clocks the views show: that of the last stop, or whose frame has been chosen since. */
  focus = 1;
  #devices: ClockDevice[] | undefined;

  constructor(
    readonly send: (event: string, body?: object) => void,
    /** Ends the process after the last message is out. */
    readonly exit: () => void,
  ) {}

  output(text: string, category: "stdout" | "console" | "stderr" | "important" = "console"): void {
    this.send("output", { category, output: text });
  }

  /** The session, or an error that says that nothing was launched. */
  get session(): Launched {
    if (this.launched && this.phase !== "ended") return this.launched;
    throw new RequestError(
      this.phase === "ended" ? "The session has ended." : "No kernel has been launched.",
    );
  }

  /** The session while the guest stands still. */
  get stopped(): Launched {
    const { session } = this;
    if (this.phase === "running") throw new RequestError("The guest is running.");
    return session;
  }

  get thread(): number {
    return this.launched?.debugger.thread ?? 1;
  }

  /** Frames, expressions and devices are this thread's from now on. */
  selectThread(id: number): void {
    if (id === this.thread) return;
    const { debugger: engine, target } = this.session;
    if (!target.threads?.list().some((thread) => thread.id === id))
      throw new RequestError(`There is no thread ${id}.`);
    engine.selectThread(id);
    this.#devices = undefined;
  }

  /** The id of a frame of the selected thread. Ids are worthless at the next stop. */
  frameId(level: number): number {
    return (this.thread - 1) * FRAMES_A_THREAD + level + 1;
  }

  /** The frame with an id, whose thread is selected then; the innermost one of the selected thread without an id. */
  frame(id: number | undefined): Frame | undefined {
    const { debugger: engine } = this.stopped;
    if (id === undefined) return engine.frames()[0];
    this.selectThread(Math.floor((id - 1) / FRAMES_A_THREAD) + 1);
    const frame = engine.frames()[(id - 1) % FRAMES_A_THREAD];
    if (!frame) throw new RequestError(`There is no stack frame ${id}.`);
    return frame;
  }

  /** Clock hardware at this stop, read once. */
  devices(): ClockDevice[] {
    this.#devices ??= this.session.target.clocks?.read() ?? [];
    return this.#devices;
  }

  /** Forgets what was read: the guest ran, or was written to. */
  forget(): void {
    this.#devices = undefined;
    this.references.clear();
    this.jumps = [];
    this.calls = [];
  }
}

/** A request handler: arguments in, response body out. */
export type Handler = (
  state: AdapterState,
  // biome-ignore lint/suspicious/noExplicitAny: each handler names its request's arguments
  args: any,
) => object | undefined | Promise<object | undefined> | Promise<void> | void;

export type Handlers = Record<string, Handler>;
export type { DebugProtocol };
