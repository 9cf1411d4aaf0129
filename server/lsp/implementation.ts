// Implementation: of a structure's function pointer (`tc->tc_get_timecount`) the functions that are registered for it in the configured
// kernel; of any other name its definitions. Without a call graph: where the field is given a value.
import type { Location } from "vscode-languageserver/node";
import type { Edge, KernelGraph } from "../graph/api.ts";
import { isConfig } from "./config/document.ts";
import { type Context, meanings, type Target, targetAt } from "./context.ts";
import { toLocation } from "./convert.ts";
import { lastName, lineNow } from "./indirectCalls.ts";

export function registerImplementation(context: Context): void {
  context.connection.onImplementation(async (params, token): Promise<Location[] | null> => {
    if (isConfig(context, params.textDocument.uri)) return null;
    await context.graphs().made(token);
    const target = targetAt(context, params);
    if (!target) return null;
    const registered = registeredFunctions(context, target);
    if (registered.length > 0) return registered;
    const { index, word, file } = target;
    const found = meanings(target);
    if (word.space === "member" || found.some(({ kind }) => kind === "member"))
      return index.references(word.name, { kinds: ["write"], from: file }).map((at) => toLocation(index, at));
    return found.filter(({ declaration }) => !declaration).map((at) => toLocation(index, at));
  });
}

const known = new WeakMap<KernelGraph, ReadonlyMap<string, readonly Edge[]>>();

/** The calls through pointers by the names of the fields or variables that hold them. */
function pointerCalls(graph: KernelGraph): ReadonlyMap<string, readonly Edge[]> {
  const made = known.get(graph);
  if (made) return made;
  const calls = new Map<string, Edge[]>();
  for (const edge of graph.edges()) {
    const name = edge.kind === "pointer" ? lastName(edge.through) : undefined;
    if (name === undefined) continue;
    const same = calls.get(name);
    if (same) same.push(edge);
    else calls.set(name, [edge]);
  }
  known.set(graph, calls);
  return calls;
}

/** The targets of calls through the name: those of the call at the cursor where it stands on one, else of every call. */
function registeredFunctions(context: Context, { index, word, file }: Target): Location[] {
  const graph = context.graphs().current()?.graph;
  if (!graph) return [];
  const through = pointerCalls(graph).get(word.name) ?? [];
  const here = through.filter(
    (edge) => edge.file === file && lineNow(context, index, edge) === word.line + 1,
  );
  const places = new Map<string, Location>();
  for (const { callee } of here.length > 0 ? here : through) {
    if (!callee.place) continue;
    const { file } = callee.place;
    const line = lineNow(context, index, callee.place);
    const column =
      index.definitions(callee.name).find((at) => at.file === file && at.line === line)?.column ?? 1;
    places.set(`${file}:${line}`, toLocation(index, { name: callee.name, file, line, column }));
  }
  return [...places.values()];
}
