// Who calls a function: the calls of its name that can mean it where they stand (C11 6.2.2: a static function is its file's), and those
// through pointers that the call graph knows.
import type { Call, KernelIndex } from "../query/api.ts";
import type { Context } from "./context.ts";
import { indirectCallers } from "./indirectCalls.ts";
import { inKernel } from "./visible.ts";

/** The calls of `name` as `file` defines it. Where none stands in the file of a static (it is included elsewhere), every call. */
export function callsOf(index: KernelIndex, name: string, file: string): Call[] {
  const calls = index.callers(name);
  const statics = new Set(
    index
      .definitions(name)
      .filter(({ local, declaration, file }) => local && !declaration && !file.endsWith(".h"))
      .map((definition) => definition.file),
  );
  const own = calls.filter((call) => (statics.has(file) ? call.file === file : !statics.has(call.file)));
  return own.length > 0 ? own : calls;
}

export interface CallerCounts {
  readonly calls: number;
  /** Functions and macros that call by name; those of the chosen kernel where one is chosen. */
  readonly callers: number;
  readonly callersInKernel: number | undefined;
  /** Functions that may call through a pointer. */
  readonly throughPointers: number;
}

export function countCallers(context: Context, index: KernelIndex, name: string, file: string): CallerCounts {
  const calls = callsOf(index, name, file);
  const isIn = inKernel(context, index);
  const isChosen = context.kernels().chosen()?.tree.root === index.tree.root;
  const callersAmong = (some: readonly Call[]) =>
    new Set(some.map((call) => `${call.file}:${call.caller.name}`)).size;
  return {
    calls: calls.length,
    callers: callersAmong(calls),
    callersInKernel: isChosen ? callersAmong(calls.filter(isIn)) : undefined,
    throughPointers: indirectCallers(context, index, { name, file, root: index.tree.root }).length,
  };
}
