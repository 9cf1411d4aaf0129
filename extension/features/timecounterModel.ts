// Timecounters as rows of a tree, paths of calls as lines. Plain data, so that it can be tested without VS Code.
import type { ClockRow, PathRow, SourcePlace } from "../../server/protocol.ts";

export interface ClockNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  /** Not in the kernel, or never reached. */
  readonly dimmed: boolean;
  readonly place: SourcePlace;
  readonly children: readonly ClockNode[];
}

export function clockNodes(sources: readonly ClockRow[]): ClockNode[] {
  return sources.map((source, i) => {
    const id = `${i} ${source.variable}`;
    const label = source.name === "" ? source.variable : source.name;
    const state = stateOf(source);
    return {
      id,
      label,
      description: [source.quality === "" ? "no quality" : `quality ${source.quality}`, state].join(", "),
      tooltip: `${source.what} ${source.variable}: ${state}`,
      icon: source.what === "timecounter" ? "watch" : "bell",
      dimmed: state !== "reached",
      place: source.place,
      children: [
        ...source.fields.map(({ label, value, place }, n) =>
          leaf(`${id}/${n}`, label, value, "symbol-field", place),
        ),
        ...source.registrations.map((at, n) => registration(`${id}/in${n}`, at)),
      ],
    };
  });
}

function stateOf({ configured, reached, registrations }: ClockRow): string {
  if (!configured) return "not in the kernel";
  if (reached) return "reached";
  return registrations.length === 0 ? "not registered" : "not reached";
}

function registration(id: string, at: ClockRow["registrations"][number]): ClockNode {
  const path = at.path ?? [];
  const names = path.map((step) => step.function).join(" → ");
  return {
    id,
    label: `registered by ${at.function}`,
    description: path.length === 0 ? "no path leads there" : names,
    tooltip: names,
    icon: "call-outgoing",
    dimmed: path.length === 0,
    place: at.place,
    children: path.map((step, n) =>
      leaf(`${id}/${n}`, step.function, step.how, "symbol-function", step.place),
    ),
  };
}

function leaf(id: string, label: string, description: string, icon: string, place: SourcePlace): ClockNode {
  return {
    id,
    label,
    description,
    tooltip: `${label} ${description}`,
    icon,
    dimmed: false,
    place,
    children: [],
  };
}

export interface PathLine {
  readonly label: string;
  readonly description: string;
  /** Absent for a heading. */
  readonly place?: SourcePlace;
}

/** Every step of every path, each path under a heading where there are several. */
export function pathLines(paths: readonly PathRow[]): PathLine[] {
  return paths.flatMap((path, i) => [
    ...(paths.length > 1 ? [{ label: `path ${i + 1}`, description: "" }] : []),
    ...path.map(({ function: name, how, place }) => ({
      label: name,
      description: [`${place.uri.slice(place.uri.lastIndexOf("/") + 1)}:${place.line + 1}`, how]
        .filter(Boolean)
        .join("  "),
      place,
    })),
  ]);
}
