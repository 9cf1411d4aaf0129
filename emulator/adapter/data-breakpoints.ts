// Data breakpoints: on variables and their parts, on ranges of addresses, on the registers of clock devices.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Breakpoint, hitConditionError } from "../debugger/breakpoints.ts";
import type { Frame } from "../debugger/frames.ts";
import { watchPlace } from "../debugger/watches.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState, Handlers } from "./state.ts";

type Access = DebugProtocol.DataBreakpointAccessType;
const ACCESS = { read: "read", write: "change", readWrite: "access" } as const;
const ACCESS_TYPES: Access[] = ["write", "readWrite", "read"];

/** What the client was told of: a frame's variables are worth nothing without the frame, which is of one stop. */
interface Candidate {
  expression: string;
  frame: Frame;
}
const candidates = new WeakMap<AdapterState, Map<string, Candidate>>();
/** The data breakpoints that the client has set, by everything it said of them. */
const planted = new WeakMap<AdapterState, Map<string, Breakpoint>>();

const mapOf = <T>(maps: WeakMap<AdapterState, Map<string, T>>, state: AdapterState): Map<string, T> => {
  const known = maps.get(state) ?? new Map<string, T>();
  maps.set(state, known);
  return known;
};

export const dataBreakpoints: Handlers = {
  dataBreakpointInfo(state, args: DebugProtocol.DataBreakpointInfoArguments) {
    const { debugger: engine } = state.stopped;
    const frame = state.frame(args.frameId);
    try {
      const expression = expressionOf(state, args);
      const { local } = watchPlace(expression, engine.context(frame));
      const description = local && frame ? `${expression} in ${frame.function ?? "this frame"}` : expression;
      if (!local || !frame)
        return { dataId: expression, description, accessTypes: ACCESS_TYPES, canPersist: true };
      const known = mapOf(candidates, state);
      const dataId = `frame ${known.size + 1}: ${expression}`;
      known.set(dataId, { expression, frame });
      return { dataId, description, accessTypes: ACCESS_TYPES, canPersist: false };
    } catch (error) {
      return { dataId: null, description: error instanceof Error ? error.message : String(error) };
    }
  },

  setDataBreakpoints(state, args: DebugProtocol.SetDataBreakpointsArguments) {
    const { debugger: engine } = state.session;
    const before = mapOf(planted, state);
    const after = new Map<string, Breakpoint>();
    const keys = args.breakpoints.map((each) => JSON.stringify(each));
    engine.removeBreakpoints((each) =>
      [...before].some(([key, mine]) => mine === each && !keys.includes(key)),
    );
    const breakpoints = args.breakpoints.map((wanted, index) => {
      const key = keys[index]!;
      const kept = before.get(key);
      if (kept && engine.breakpoints.includes(kept)) {
        after.set(key, kept);
        return { id: kept.id, verified: true };
      }
      return plant(state, wanted, (made) => after.set(key, made));
    });
    planted.set(state, after);
    return { breakpoints };
  },
};

function plant(
  state: AdapterState,
  wanted: DebugProtocol.DataBreakpoint,
  keep: (made: Breakpoint) => void,
): DebugProtocol.Breakpoint {
  const { debugger: engine } = state.session;
  const { dataId, accessType = "write", condition, hitCondition } = wanted;
  const error = hitCondition ? hitConditionError(hitCondition) : undefined;
  if (error) return { verified: false, message: error };
  const candidate = mapOf(candidates, state).get(dataId);
  try {
    const expression = candidate?.expression ?? dataId;
    const made = engine.addWatch(expression, ACCESS[accessType], candidate?.frame, {
      condition,
      hitCondition,
    });
    keep(made);
    return { id: made.id, verified: true };
  } catch (problem) {
    return { verified: false, message: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** The expression that names what the client points at. */
function expressionOf(state: AdapterState, args: DebugProtocol.DataBreakpointInfoArguments): string {
  const { name, variablesReference, bytes, asAddress } = args;
  if (asAddress) return `*(unsigned char *)(${name})@${bytes ?? 1}`;
  if (variablesReference === undefined) return name;
  const container = state.references.get(variablesReference);
  if (!container) throw new RequestError("This variable is of an earlier stop.");
  const element = /^\[(\d+)\]$/.exec(name);
  const rows = element ? container.list(Number(element[1]), 1) : container.list(undefined, undefined);
  const row = rows.find((each) => each.name === name);
  if (!row?.evaluateName) throw new RequestError(`${name} cannot be watched.`);
  return row.evaluateName;
}

/** Forgets the frames of the last stop; what is planted stays. */
export const forgetCandidates = (state: AdapterState): void => void candidates.delete(state);
