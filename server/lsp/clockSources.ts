// Our own requests on the call graph: the timecounters and event timers of the tree, and paths from one function to another.
import path from "node:path";
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
    const sources = found ? [...found.graph.clockSources(), ...found.leftOut] : [];
    const rows = found ? sources.map((source) => clockRow(placesIn(context, found.tree), source)) : [];
    return { ...graphs().state(), sources: rows.sort(byQuality) };
  });
  answer(context.connection, "clockpath/paths", ({ from, to }) => {
    const found = graphs().current();
    const missing = found && [from, to].find((name) => found.graph.functions(name).length === 0);
    const place = found && placesIn(context, found.tree);
    const paths = found ? found.graph.paths(from, to, 20) : [];
    return {
      ...graphs().state(),
      ...(missing === undefined ? {} : { missing }),
      paths: paths.map((path) => pathRow(place!, path)),
    };
  });
}

/** Those of the kernel first, and of these the best, as the kernel chooses; what has no number goes last. */
function byQuality(a: ClockRow, b: ClockRow): number {
  return (
    Number(b.configured) - Number(a.configured) ||
    qualityOf(b) - qualityOf(a) ||
    (a.variable < b.variable ? -1 : 1)
  );
}

function qualityOf({ quality }: ClockRow): number {
  const value = Number.parseInt(quality, 10);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function clockRow(place: ToPlace, source: ClockSource): ClockRow {
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
    place: place(source.place),
    fields: [
      ...fields
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => ({ label, value: value!, place: place(source.place) })),
      ...source.frequency.map((at) => ({
        label: "frequency",
        value: at.function === undefined ? at.value : `${at.value} in ${at.function}`,
        place: place(at),
      })),
    ],
    registrations: registrations.map((at) => ({
      function: at.function,
      place: place(at),
      ...(at.path ? { path: pathRow(place, at.path) } : {}),
    })),
  };
}

function pathRow(place: ToPlace, path: Path): PathRow {
  const [first] = path;
  const start: PathStep[] = first?.caller.place
    ? [{ function: first.caller.name, how: "", place: place(first.caller.place) }]
    : [];
  return [...start, ...path.map((edge) => step(place, edge))];
}

function step(place: ToPlace, edge: Edge): PathStep {
  return { function: edge.callee.name, how: evidence(edge), place: place(edge) };
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

/** Where a place of the graph, which knows the disk's lines, is in the editor. */
export type ToPlace = (place: Place) => SourcePlace;

export const placesIn =
  (context: Context, tree: Tree): ToPlace =>
  ({ file, line }) => {
    const now = context.unsaved().line(path.join(tree.root, ...file.split("/")), line);
    return { uri: uriIn(tree, file), line: Math.max(0, now - 1) };
  };
