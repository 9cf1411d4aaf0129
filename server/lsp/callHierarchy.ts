// Call hierarchy in both directions: who calls this function or macro, and whom does it call.
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from "vscode-languageserver/node";
import type { Call, Definition, KernelIndex } from "../query/api.ts";
import { callsOf } from "./callers.ts";
import { type Context, type Target, targetAt } from "./context.ts";
import { type CallItemData, rangeOf, toCallItem, toUndefinedCallItem } from "./convert.ts";
import { indirectCallees, indirectCallers } from "./indirectCalls.ts";
import { inKernel, visibleFrom } from "./visible.ts";

export function registerCallHierarchy(context: Context): void {
  context.connection.languages.callHierarchy.onPrepare((params) => {
    const target = targetAt(context, params);
    if (!target) return null;
    const items = callables(context, target.index, target.word.name, target.file);
    if (items.length > 0) return items.map((item) => toCallItem(target.index, item));
    return enclosing(target);
  });

  context.connection.languages.callHierarchy.onIncomingCalls(async ({ item }, token) => {
    await context.graphs().made(token);
    const index = isCallItemData(item.data) && indexOf(context, item.data);
    return index
      ? [...incoming(context, index, item.data), ...indirectCallers(context, index, item.data)]
      : null;
  });

  context.connection.languages.callHierarchy.onOutgoingCalls(async ({ item }, token) => {
    await context.graphs().made(token);
    const index = isCallItemData(item.data) && indexOf(context, item.data);
    if (!index) return null;
    const indirect = indirectCallees(context, index, item.data);
    // Where a field's functions are known, the field itself is no callee.
    const resolved = new Set(indirect.flatMap(({ through }) => through));
    const direct = outgoing(context, index, item.data).filter(({ to }) => !resolved.has(to.name));
    return [...direct, ...indirect.map(({ call }) => call)];
  });
}

/** Clients keep items for as long as they like, and give back what they like. */
function isCallItemData(data: Partial<CallItemData> | null | undefined): data is CallItemData {
  return typeof data?.name === "string" && typeof data.file === "string" && typeof data.root === "string";
}

function indexOf(context: Context, data: CallItemData): KernelIndex | undefined {
  return context.indexes().find((index) => index.tree.root === data.root);
}

/** The functions and macros of that name, definitions only where there are any; the best for `file` first. */
function callables(
  context: Context,
  index: KernelIndex,
  name: string,
  file: string,
): readonly (Definition & { kind: "function" | "macro" })[] {
  const found = index.definitions(name, { from: file }).filter(isCallable);
  const defined = found.filter((definition) => !definition.declaration);
  return defined.length > 0 ? visibleFrom(context, index, file, defined) : found.slice(0, 1);
}

function isCallable(definition: Definition): definition is Definition & { kind: "function" | "macro" } {
  return definition.kind === "function" || definition.kind === "macro";
}

/** With the cursor on no function's name: the function or macro around it. */
function enclosing(target: Target): CallHierarchyItem[] | null {
  const line = target.word.line + 1;
  const around = target.index
    .documentSymbols(target.file)
    .find((symbol) => !symbol.declaration && symbol.line <= line && line <= symbol.endLine);
  if (!around || (around.kind !== "function" && around.kind !== "macro")) return null;
  return [toCallItem(target.index, { ...around, kind: around.kind, file: target.file })];
}

/** Callers, each once, with the ranges of its calls. */
function incoming(
  context: Context,
  index: KernelIndex,
  { name, file }: CallItemData,
): CallHierarchyIncomingCall[] {
  const isIn = inKernel(context, index);
  return grouped(
    callsOf(index, name, file),
    (call) => `${call.file}:${call.caller.line}:${call.caller.name}`,
  ).map((calls) => ({
    from: marked(toCallItem(index, { ...calls[0].caller, file: calls[0].file }), isIn(calls[0])),
    fromRanges: calls.map((call) => rangeOf(index, call, call.callee)),
  }));
}

/** Callees, each once, at the definition that is best for the caller's file. */
function outgoing(context: Context, index: KernelIndex, data: CallItemData): CallHierarchyOutgoingCall[] {
  const isIn = inKernel(context, index);
  return grouped(index.callees(data.name, { file: data.file }), (call) => call.callee).map((calls) => {
    const definition = callables(context, index, calls[0].callee, data.file)[0];
    return {
      to: definition
        ? marked(toCallItem(index, definition), isIn(definition))
        : toUndefinedCallItem(index, calls[0]),
      fromRanges: calls.map((call) => rangeOf(index, call, call.callee)),
    };
  });
}

/** Says of a function that the chosen kernel leaves it out. */
const marked = (item: CallHierarchyItem, isIn: boolean): CallHierarchyItem =>
  isIn ? item : { ...item, detail: `${item.detail} · not in the kernel` };

/** Groups in the order of their first members. */
function grouped(calls: readonly Call[], key: (call: Call) => string): [Call, ...Call[]][] {
  const groups = new Map<string, [Call, ...Call[]]>();
  for (const call of calls) {
    const group = groups.get(key(call));
    if (group) group.push(call);
    else groups.set(key(call), [call]);
  }
  return [...groups.values()];
}
