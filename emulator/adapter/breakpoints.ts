// Breakpoint requests: by line, by function, by instruction. Each replaces what the same request set before.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { locate, WATCHES } from "../debugger/breakpoint-commands.ts";
import {
  type Breakpoint,
  type BreakpointOptions,
  checkCondition,
  hitConditionError,
  type Where,
} from "../debugger/breakpoints.ts";
import type { Debugger } from "../debugger/debugger.ts";
import { hex } from "../debugger/numbers.ts";
import { learnMacros } from "./macros.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState, Handlers } from "./state.ts";

/** Which request owns a breakpoint: by file for lines. What the console sets has no owner and stays. */
const owners = new WeakMap<Breakpoint, string>();

export const breakpoints: Handlers = {
  async setBreakpoints(state, args: DebugProtocol.SetBreakpointsArguments) {
    await learnMacros(state, (args.breakpoints ?? []).flatMap(expressionsOf), undefined);
    const file = args.source.path;
    if (!file) throw new RequestError("This source has no path: break on functions or addresses instead.");
    const { sources } = state.session;
    const recorded = sources.paths.recorded(file);
    const wanted = (args.breakpoints ?? []).map((each) => ({
      where: { kind: "line", file: recorded, line: each.line, column: each.column } as const,
      options: each,
    }));
    return replace(state, `line ${file}`, wanted);
  },

  /** A function, a place as the console takes it, or what is to be watched: `watch lapic.timer_initial_count`. */
  async setFunctionBreakpoints(state, args: DebugProtocol.SetFunctionBreakpointsArguments) {
    await learnMacros(state, args.breakpoints.flatMap(expressionsOf), undefined);
    const { debugger: engine } = state.session;
    const wanted = args.breakpoints.map((each): Wanted => {
      const [, command, expression = ""] = /^\s*([ra]?watch)\s+([\s\S]+)$/.exec(each.name) ?? [];
      const watch = command ? { expression: expression.trim(), access: WATCHES[command]! } : undefined;
      return watch
        ? { watch, options: each }
        : { where: locate(each.name, engine, undefined), options: each };
    });
    return replace(state, "function", wanted);
  },

  setInstructionBreakpoints(state, args: DebugProtocol.SetInstructionBreakpointsArguments) {
    const wanted = args.breakpoints.map((each) => ({
      where: { kind: "address", address: instructionAddress(each) } as const,
      options: each,
    }));
    return replace(state, "instruction", wanted);
  },
};

/** What of a breakpoint may hold macros: a log message's expressions stand in braces. */
const expressionsOf = ({ condition, logMessage }: { condition?: string; logMessage?: string }) => [
  condition,
  logMessage?.match(/\{[^{}]*\}/g)?.join(" "),
];

function instructionAddress({ instructionReference, offset }: DebugProtocol.InstructionBreakpoint): bigint {
  if (!/^0x[0-9a-f]+$/i.test(instructionReference) && !/^\d+$/.test(instructionReference))
    throw new RequestError(`"${instructionReference}" is no address.`);
  return BigInt.asUintN(64, BigInt(instructionReference) + BigInt(offset ?? 0));
}

type Wanted = { options: BreakpointOptions } & (
  | { where: Where; watch?: undefined }
  /** Data: told as a breakpoint by name, so that it is kept, switched and removed as those are. */
  | { watch: { expression: string; access: "change" | "read" | "access" } }
);

/** May come while the guest runs: the change takes effect at the end of the current slice. */
function replace(
  state: AdapterState,
  owner: string,
  wanted: Wanted[],
): { breakpoints: DebugProtocol.Breakpoint[] } {
  const { debugger: engine } = state.session;
  engine.removeBreakpoints((each) => owners.get(each) === owner);
  return {
    breakpoints: wanted.map((each) => {
      const { options } = each;
      const error = options.hitCondition ? hitConditionError(options.hitCondition) : undefined;
      if (error) return { verified: false, message: error };
      const { condition, hitCondition, logMessage } = options;
      const kept = { condition, hitCondition, logMessage };
      if (each.watch) return watched(state, each.watch, kept, owner);
      const made = engine.addBreakpoint(each.where, kept);
      owners.set(made, owner);
      return { ...describeBreakpoint(state, made), ...doubts(made, engine) };
    }),
  };
}

/** What will be wrong with a condition at each hit, as far as it can be told now: it stays, for symbols may come. */
function doubts({ condition, sites }: Breakpoint, engine: Debugger): { message?: string } {
  if (!condition || sites.length === 0) return {};
  try {
    checkCondition(condition, sites, engine);
    return {};
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

function watched(
  state: AdapterState,
  { expression, access }: NonNullable<Wanted["watch"]>,
  options: BreakpointOptions,
  owner: string,
): DebugProtocol.Breakpoint {
  try {
    const made = state.session.debugger.addWatch(expression, access, undefined, options);
    owners.set(made, owner);
    return { id: made.id, verified: true };
  } catch (error) {
    return { verified: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** A breakpoint as clients are told of it: where it stops, or that it waits for code. */
export function describeBreakpoint(
  state: AdapterState,
  { id, sites, message, where, enabled }: Breakpoint,
): DebugProtocol.Breakpoint {
  const [site] = sites;
  const why = message ? { message } : {};
  if (where.kind === "watch") return { id, verified: enabled, ...why };
  if (!site) return { id, verified: false, reason: "pending", ...why };
  const column = where.kind === "line" ? where.column : undefined;
  const place = site.file
    ? {
        source: state.session.sources.source(site.file, () => {}),
        line: site.line ?? 0,
        ...(column ? { column } : {}),
      }
    : {};
  const many = sites.length > 1 ? { message: `${sites.length} locations` } : {};
  return { id, verified: true, instructionReference: hex(site.address), ...place, ...many };
}
