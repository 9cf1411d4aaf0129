// Our own requests on the call graph: the timecounters and event timers of the tree, and paths from one function to another.
import type { ClockSource, Edge, Path, Place } from "../graph/api.ts";
import type { ClockRow, Notifications, PathRow, PathStep, SourcePlace } from "../protocol.ts";
import type { Tree } from "../query/api.ts";
import type { Context } from "./context.ts";
import { uriIn } from "./kernels.ts";
import { answer } from "./requests.ts";

const graphChanged: keyof Notifications = "clockpath/graphChanged";

export function registerClockSources(context: Context): void {
  const graphs = context.graphs;
  graphs().onDidChange(() => {
    void context.connection.sendNotification(graphChanged, graphs().state());
  });
  answer(context.connection, "clockpath/clockSources", () => {
    const found = graphs().current();
    const rows = found ? found.graph.clockSources().map((source) => clockRow(found.tree, source)) : [];
    return { ...graphs().state(), sources: rows.sort(byQuality) };
  });
  answer(context.connection, "clockpath/paths", ({ from, to }) => {
    const found = graphs().current();
    const missing = found && [from, to].find((name) => found.graph.functions(name).length === 0);
    const paths = found ? found.graph.paths(from, to, 20) : [];
    return {
      ...graphs().state(),
      ...(missing === undefined ? {} : { missing }),
      paths: paths.map((path) => pathRow(found!.tree, path)),
    };
  });
}

/** The best first, as the kernel chooses; what has no number goes last. */
function byQuality(a: ClockRow, b: ClockRow): number {
  return qualityOf(b) - qualityOf(a) || (a.variable < b.variable ? -1 : 1);
}

function qualityOf({ quality }: ClockRow): number {
  const value = Number.parseInt(quality, 10);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function clockRow(tree: Tree, source: ClockSource): ClockRow {
  const { what, variable, name = "", quality = "", configured, registrations } = source;
  const fields = [
    ["mask", source.mask],
    [what === "timecounter" ? "get" : "start", source.get],
  ] as const;
  return {
    what,
    variable,
    name: name.replace(/^"|"$/g, ""),
    quality,
    configured,
    reached: registrations.some(({ path }) => path !== undefined),
    place: sourcePlace(tree, source.place),
    fields: [
      ...fields
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => ({ label, value: value!, place: sourcePlace(tree, source.place) })),
      ...source.frequency.map((at) => ({
        label: "frequency",
        value: at.function === undefined ? at.value : `${at.value} in ${at.function}`,
        place: sourcePlace(tree, at),
      })),
    ],
    registrations: registrations.map((at) => ({
      function: at.function,
      place: sourcePlace(tree, at),
      ...(at.path ? { path: pathRow(tree, at.path) } : {}),
    })),
  };
}

function pathRow(tree: Tree, path: Path): PathRow {
  const [first] = path;
  const start: PathStep[] = first?.caller.place
    ? [{ function: first.caller.name, how: "", place: sourcePlace(tree, first.caller.place) }]
    : [];
  return [...start, ...path.map((edge) => step(tree, edge))];
}

function step(tree: Tree, edge: Edge): PathStep {
  return { function: edge.callee.name, how: evidence(edge), place: sourcePlace(tree, edge) };
}

/** How a call comes about, where it is not written as one: "through tc->tc_get_timecount, registered at tsc.c:60". */
export function evidence(edge: Edge): string {
  const at = edge.registered && `registered at ${short(edge.registered)}`;
  const parts: Record<Edge["kind"], (string | undefined)[]> = {
    direct: [],
    macro: [edge.macro && `in the macro ${edge.macro.name}`],
    pointer: [`may call, through ${edge.through ?? "a pointer"}`, at],
    set: [`from a linker set`, edge.order, at],
    alias: ["another name of it"],
    ifunc: ["chosen at boot by a resolver"],
  };
  return parts[edge.kind].filter((part) => part !== undefined).join(", ");
}

const short = ({ file, line }: Place): string => `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;

function sourcePlace(tree: Tree, { file, line }: Place): SourcePlace {
  return { uri: uriIn(tree, file), line: Math.max(0, line - 1) };
}
