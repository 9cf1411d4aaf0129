// Data breakpoints: on variables and their parts, on ranges of addresses, on the registers of clock devices.

import { isDeepStrictEqual } from "node:util";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Breakpoint, hitConditionError } from "../debugger/breakpoints.ts";
import type { Debugger } from "../debugger/debugger.ts";
import type { ResolvedWatch } from "../debugger/watches.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState, Handlers } from "./state.ts";

type Access = DebugProtocol.DataBreakpointAccessType;
const ACCESS = { read: "read", write: "change", readWrite: "access" } as const;
const ACCESS_TYPES: Access[] = ["write", "readWrite", "read"];

/** What the client was told of that needs its frame: a frame is of one stop, so what was named there is kept. */
const candidates = new WeakMap<AdapterState, Map<string, ResolvedWatch>>();
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
      const watch = engine.resolveWatch(expression, frame);
      const inFrame = watch.scope && frame;
      const description = inFrame ? `${expression} in ${frame.function ?? "this frame"}` : expression;
      if (!inFrame && namesAlways(engine, watch))
        return { dataId: expression, description, accessTypes: ACCESS_TYPES, canPersist: true };
      const known = mapOf(candidates, state);
      const dataId = `frame ${known.size + 1}: ${expression}`;
      // What a frame's pointer leads to outlives the frame: the place is meant.
      known.set(dataId, inFrame ? watch : { ...watch, fixed: true });
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
  try {
    const watch = mapOf(candidates, state).get(dataId) ?? engine.resolveWatch(dataId, undefined);
    const made = engine.addResolvedWatch(watch, ACCESS[accessType], { condition, hitCondition });
    keep(made);
    return { id: made.id, verified: true };
  } catch (problem) {
    return { verified: false, message: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** True where the expression names the same without a frame. */
function namesAlways(engine: Debugger, { expression, place }: ResolvedWatch): boolean {
  try {
    return isDeepStrictEqual(engine.resolveWatch(expression, undefined).place, place);
  } catch {
    return false;
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
