// Requests about the stack: threads, stackTrace, scopes, source.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Frame, frameArguments } from "../debugger/frames.ts";
import { hex } from "../debugger/numbers.ts";
import { visibleLocals } from "../debugger/scope.ts";
import type { Thread } from "../debugger/target.ts";
import { focusThread } from "./clocks.ts";
import { RequestError } from "./request-error.ts";
import { deviceScope, registerScope, variableScope } from "./scopes.ts";
import type { AdapterState, Handlers } from "./state.ts";

export const stack: Handlers = {
  threads: (state) => {
    const threads = state.session.target.threads?.list() ?? [ALONE];
    return {
      threads: threads.map((thread) => ({ id: thread.id, name: threadName(thread, threads.length) })),
    };
  },

  stackTrace(state, args: DebugProtocol.StackTraceArguments) {
    const { debugger: engine } = state.stopped;
    state.selectThread(args.threadId);
    const frames = engine.frames();
    const first = args.startFrame ?? 0;
    const shown = frames.slice(first, args.levels ? first + args.levels : undefined);
    return { stackFrames: shown.map((frame) => stackFrame(state, frame)), totalFrames: frames.length };
  },

  scopes(state, args: DebugProtocol.ScopesArguments) {
    const frame = state.frame(args.frameId);
    if (!frame) throw new RequestError("There is no stack.");
    focusThread(state);
    const { references } = state;
    const { instance } = frame;
    const scopes: DebugProtocol.Scope[] = [];
    if (instance) {
      const parameters = references.add(variableScope(state, frame, instance.parameters()));
      const locals = references.add(variableScope(state, frame, visibleLocals(frame)));
      scopes.push(
        {
          name: "Arguments",
          presentationHint: "arguments",
          variablesReference: parameters,
          expensive: false,
        },
        { name: "Locals", presentationHint: "locals", variablesReference: locals, expensive: false },
      );
    }
    const registers = references.add(registerScope(state, frame));
    scopes.push({
      name: "Registers",
      presentationHint: "registers",
      variablesReference: registers,
      expensive: true,
    });
    for (const device of state.devices())
      scopes.push({
        name: SCOPE_NAMES[device.id] ?? device.label,
        variablesReference: references.add(deviceScope(state, device)),
        expensive: true,
      });
    return { scopes };
  },

  source(state, args: DebugProtocol.SourceArguments) {
    const content = state.session.sources.content(args.source?.sourceReference ?? args.sourceReference);
    if (content === undefined) throw new RequestError("There is no such source.");
    return { content, mimeType: "text/x-c" };
  },
};

const ALONE: Thread = { id: 1, name: "CPU 0", activity: undefined };

/** What a processor does is worth a word where there are others. */
function threadName({ name, activity }: Thread, count: number): string {
  return count > 1 && activity ? `${name} (${activity})` : name;
}

/** Short names for the variables view; others go by their label. */
const SCOPE_NAMES: Record<string, string> = { lapic: "LAPIC", tsc: "TSC", i8254: "i8254" };

function stackFrame(state: AdapterState, frame: Frame): DebugProtocol.StackFrame {
  const common = {
    id: state.frameId(frame.level),
    name: frameName(state, frame),
    column: frame.column ?? (frame.line ? 1 : 0),
    instructionPointerReference: hex(frame.pc),
  };
  if (!frame.file) return { ...common, line: 0, presentationHint: "subtle" };
  const source = state.session.sources.source(frame.file, (recorded) =>
    state.output(`Source not found: ${recorded}. Set "sourceMap" in the launch configuration.\n`),
  );
  return { ...common, line: frame.line ?? 0, source };
}

/** `tc_init(tc=0xffffffff8080a980 <i8254_timecounter>)`; inlined functions say so. */
function frameName(state: AdapterState, frame: Frame): string {
  const { symbols, debugger: engine } = state.session;
  if (!frame.function) return `?? ${hex(frame.pc)}`;
  const args = frameArguments(frame, symbols, engine.around).map(({ name, value }) => `${name}=${value}`);
  return `${frame.function}(${args.join(", ")})${frame.inlined ? " (inlined)" : ""}`;
}
