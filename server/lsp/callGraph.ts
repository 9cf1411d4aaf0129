// Our own request for graphs to draw: the shortest paths of calls to the clocks' registrations, or between two functions, joined in one graph.
import type { ClockSource, Edge, GraphFunction, Path } from "../graph/api.ts";
import { ENTRIES } from "../graph/clocks.ts";
import { shortName } from "../kernel/configure.ts";
import type { CallEdge, CallGraph, CallNode } from "../protocol.ts";
import { evidence, placesIn, type ToPlace } from "./clockSources.ts";
import type { Context } from "./context.ts";
import type { TreeGraph } from "./graphs.ts";
import { answer } from "./requests.ts";

/** Most shortest paths that are drawn to one registration, and between two functions. */
const pathsToClock = 3;
const pathsBetween = 20;

export function registerCallGraph(context: Context): void {
  answer(context.connection, "clockpath/callGraph", (params) => {
    const found = context.graphs().current();
    const state = context.graphs().state();
    if (!found) return { ...state, title: "", nodes: [], edges: [] };
    const place = placesIn(context, found.tree);
    if (params === null) return { ...state, ...clockGraph(found, place) };
    const { from, to } = params;
    const missing = [from, to].find((name) => found.graph.functions(name).length === 0);
    const drawn = new Drawing(place);
    drawn.paths(found.graph.paths(from, to, pathsBetween));
    const graph = drawn.graph(`From ${from} to ${to} in ${shortName(found.graph.configuration)}`);
    return { ...state, ...graph, ...(missing === undefined ? {} : { missing }) };
  });
}

function clockGraph({ graph, leftOut }: TreeGraph, place: ToPlace): CallGraph {
  const entry = ENTRIES[graph.system];
  const drawn = new Drawing(place);
  const clocks = [...graph.clockSources(), ...leftOut];
  for (const clock of clocks)
    for (const { path } of clock.registrations) {
      const registering = path?.at(-1)?.callee.name;
      if (registering !== undefined) drawn.paths(graph.paths(entry, registering, pathsToClock));
    }
  for (const clock of clocks) drawn.clock(clock);
  return drawn.graph(`From ${entry} to the clocks of ${shortName(graph.configuration)}`);
}

/** Nodes and edges, each once. */
class Drawing {
  private readonly nodes = new Map<string, CallNode>();
  private readonly edges = new Map<string, CallEdge>();
  private readonly place: ToPlace;

  constructor(place: ToPlace) {
    this.place = place;
  }

  paths(paths: readonly Path[]): void {
    for (const path of paths)
      for (const [i, edge] of path.entries()) {
        this.function(edge.caller, i === 0 ? "entry" : "function");
        this.function(edge.callee, "function");
        this.call(edge);
      }
  }

  clock(clock: ClockSource): void {
    const { variable, name = "", quality, configured, registrations } = clock;
    const id = `clock ${clock.place.file} ${variable}`;
    const reached = registrations.filter(({ path }) => path !== undefined);
    const state = !configured ? "not in the kernel" : reached.length === 0 ? "not registered" : "";
    const label = name.replace(/^"|"$/g, "") || variable;
    const detail = [quality === undefined ? "" : `quality ${quality}`, state].filter(Boolean).join(", ");
    this.nodes.set(id, { id, kind: "clock", label, detail, configured, place: this.place(clock.place) });
    for (const { path, function: registering, ...at } of reached) {
      const from = path?.at(-1)?.callee;
      // The entry registers one by itself.
      const own = from ? idOf(from) : [...this.nodes.values()].find((node) => node.label === registering)?.id;
      if (own === undefined) continue;
      const edge: CallEdge = {
        from: own,
        to: id,
        kind: "registers",
        how: "registers it",
        place: this.place(at),
      };
      this.edges.set(`${own} ${id}`, edge);
    }
  }

  graph(title: string): CallGraph {
    return { title, nodes: [...this.nodes.values()], edges: [...this.edges.values()] };
  }

  private function(called: GraphFunction, kind: "entry" | "function"): void {
    const id = idOf(called);
    if (this.nodes.has(id)) return;
    const { name, place } = called;
    const detail = place?.file ?? "";
    const at = place === undefined ? {} : { place: this.place(place) };
    this.nodes.set(id, { id, kind, label: name, detail, configured: true, ...at });
  }

  /** Of several calls of one function by another the first is drawn. */
  private call(edge: Edge): void {
    const [from, to] = [idOf(edge.caller), idOf(edge.callee)];
    const key = `${from} ${to}`;
    if (this.edges.has(key)) return;
    this.edges.set(key, { from, to, kind: edge.kind, how: evidence(edge), place: this.place(edge) });
  }
}

const idOf = ({ name, scope }: GraphFunction): string => `${name} ${scope ?? ""}`;
