// Exception breakpoints: the filters that the client offers, and what the user chose of them.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Breakpoint } from "../debugger/breakpoints.ts";
import { CATCH_FILTERS } from "../debugger/catches.ts";
import { describeBreakpoint } from "./breakpoints.ts";
import type { Handlers } from "./state.ts";

/** For the capabilities. */
export const EXCEPTION_FILTERS: DebugProtocol.ExceptionBreakpointsFilter[] = CATCH_FILTERS.map((filter) => ({
  filter: filter.id,
  label: filter.label,
  description: filter.description,
  default: filter.initially,
  supportsCondition: filter.condition !== undefined,
  ...(filter.condition ? { conditionDescription: filter.condition } : {}),
}));

const panics = new WeakSet<Breakpoint>();

export const exceptionBreakpoints: Handlers = {
  setExceptionBreakpoints(state, args: DebugProtocol.SetExceptionBreakpointsArguments) {
    const { debugger: engine, target } = state.session;
    const chosen = [
      ...args.filters.map((id) => ({ id })),
      ...(args.filterOptions ?? []).map(({ filterId: id, condition }) => ({ id, condition })),
    ];
    engine.removeBreakpoints((each) => panics.has(each));
    engine.setCatches(chosen);
    const breakpoints = chosen.map(({ id }): DebugProtocol.Breakpoint => {
      if (!CATCH_FILTERS.some((filter) => filter.id === id))
        return { verified: false, message: `There is no filter "${id}".` };
      if (id !== "panic")
        return target.catching
          ? { verified: true }
          : { verified: false, message: `The ${target.name} cannot catch exceptions.` };
      const made = engine.addBreakpoint({ kind: "function", name: "panic" });
      panics.add(made);
      return describeBreakpoint(state, made);
    });
    return { breakpoints };
  },
};
