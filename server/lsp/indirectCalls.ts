// Calls that the index does not see, for the call hierarchy: through pointers, linker sets and aliases, from the configured kernel's call
// graph. Each says in its detail how it comes about.
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from "vscode-languageserver/node";
import type { Edge, GraphFunction, KernelGraph, Place } from "../graph/api.ts";
import type { KernelIndex } from "../query/api.ts";
import { evidence } from "./clockSources.ts";
import type { Context } from "./context.ts";
import { type CallItemData, rangeAt, toCallItem } from "./convert.ts";

export function indirectCallers(
  context: Context,
  index: KernelIndex,
  data: CallItemData,
): CallHierarchyIncomingCall[] {
  const edges = graphOf(context, index)?.callers(data.name) ?? [];
  return [
    ...grouped(
      edges.filter(isIndirect).filter(({ callee }) => isOf(callee, data.file)),
      (edge) => edge.caller,
    ),
  ].flatMap((calls) => {
    const from = item(context, index, calls[0]!.caller, evidence(calls[0]!));
    // Ranges are in the caller's file.
    const ranges = calls
      .filter(({ file, caller }) => file === caller.place?.file)
      .map((edge) => lineRange(context, index, edge));
    return from ? [{ from, fromRanges: ranges }] : [];
  });
}

/** A callee with the names of the fields or variables through which it is called. */
export interface IndirectCallee {
  readonly call: CallHierarchyOutgoingCall;
  readonly through: readonly string[];
}

export function indirectCallees(context: Context, index: KernelIndex, data: CallItemData): IndirectCallee[] {
  const edges = graphOf(context, index)?.callees(data.name) ?? [];
  const own = edges.filter(isIndirect).filter(({ caller }) => isOf(caller, data.file));
  return grouped(own, (edge) => edge.callee).flatMap((calls) => {
    const to = item(context, index, calls[0]!.callee, evidence(calls[0]!));
    const through = calls.map((edge) => lastName(edge.through)).filter((name) => name !== undefined);
    return to
      ? [{ call: { to, fromRanges: calls.map((edge) => lineRange(context, index, edge)) }, through }]
      : [];
  });
}

/** "tc->tc_get_timecount" ends in tc_get_timecount, "table[i].fn" in fn. */
export const lastName = (through: string | undefined): string | undefined =>
  /([A-Za-z_]\w*)\W*$/.exec(through ?? "")?.[1];

function graphOf(context: Context, index: KernelIndex): KernelGraph | undefined {
  const found = context.graphs().current();
  return found?.tree.root === index.tree.root ? found.graph : undefined;
}

export const isIndirect = ({ kind }: Edge): boolean => kind !== "direct" && kind !== "macro";

/** A function with external linkage is itself wherever it is asked about; a static one is its file's. */
const isOf = ({ scope }: GraphFunction, file: string): boolean => scope === undefined || scope === file;

function grouped(edges: readonly Edge[], end: (edge: Edge) => GraphFunction): Edge[][] {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const { name, scope } = end(edge);
    const key = `${name} ${scope ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), edge]);
  }
  return [...groups.values()];
}

function item(
  context: Context,
  index: KernelIndex,
  { name, place }: GraphFunction,
  how: string,
): CallHierarchyItem | undefined {
  if (!place) return undefined;
  const { file } = place;
  const line = lineNow(context, index, place);
  const known = index.definitions(name).find((at) => at.file === file && at.line === line);
  const column = known?.column ?? 1;
  const endLine = known?.endLine ?? line;
  const made = toCallItem(index, { name, kind: "function", file, line, column, endLine });
  return { ...made, detail: `${how} · ${file}` };
}

/** The graph knows lines as they are on disk. */
export const lineNow = (context: Context, index: KernelIndex, { file, line }: Place): number =>
  context.unsaved().line(index.absolute(file), line);

const lineRange = (context: Context, index: KernelIndex, edge: Edge) =>
  rangeAt(lineNow(context, index, edge), 0, "");
