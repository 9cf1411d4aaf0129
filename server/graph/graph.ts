// Answers from a call graph's data: callers, callees, shortest paths, the clocks. Makes its tables when first asked.
import { placeOf } from "../lang/preprocess/prepare.ts";
import type { ClockSource, Edge, GraphFunction, InactiveRange, KernelGraph, Path, Place } from "./api.ts";
import { clockSources } from "./clocks.ts";
import { EDGE_NUMBERS, type GraphData, KINDS } from "./data.ts";

export function openGraph(data: GraphData): KernelGraph {
  return new DataGraph(data);
}

class DataGraph implements KernelGraph {
  readonly #data: GraphData;
  readonly #functions: (GraphFunction | undefined)[] = [];
  #byName: Map<string, number[]> | undefined;
  #out: Int32Array[] | undefined;
  #in: Int32Array[] | undefined;

  constructor(data: GraphData) {
    this.#data = data;
  }

  get configuration(): string {
    return this.#data.configuration;
  }

  get system(): "netbsd" | "freebsd" {
    return this.#data.system;
  }

  get files(): readonly string[] {
    return this.#data.files.filter((file) => !file.startsWith("<"));
  }

  get functionCount(): number {
    return this.#data.functions.filter(([, , place]) => place >= 0).length;
  }

  get edgeCount(): number {
    return this.#data.edges.length / EDGE_NUMBERS;
  }

  functions(name: string): GraphFunction[] {
    return this.#numbers(name).map((number) => this.#function(number));
  }

  *edges(): Iterable<Edge> {
    for (let at = 0; at < this.#data.edges.length; at += EDGE_NUMBERS) yield this.#edge(at);
  }

  callers(name: string): Edge[] {
    this.#in ??= this.#lists(1);
    return this.#numbers(name).flatMap((number) => [...this.#in![number]!].map((at) => this.#edge(at)));
  }

  callees(name: string): Edge[] {
    this.#out ??= this.#lists(0);
    return this.#numbers(name).flatMap((number) => [...this.#out![number]!].map((at) => this.#edge(at)));
  }

  paths(from: string, to: string, limit = 20): Path[] {
    const ends = new Set(this.#numbers(to));
    const steps = this.#steps(ends);
    const starts = this.#numbers(from).filter((number) => steps[number]! >= 0);
    const shortest = Math.min(...starts.map((number) => steps[number]!));
    const paths: Path[] = [];
    const follow = (number: number, path: Edge[]): void => {
      if (paths.length >= limit) return;
      if (steps[number] === 0) {
        paths.push(path);
        return;
      }
      const tried = new Set<number>();
      const out: Int32Array = this.#out![number]!;
      for (const at of out) {
        const callee = this.#data.edges[at + 1]!;
        if (steps[callee] !== steps[number]! - 1 || tried.has(callee)) continue;
        tried.add(callee);
        follow(callee, [...path, this.#edge(at)]);
      }
    };
    for (const number of starts) if (steps[number] === shortest && shortest > 0) follow(number, []);
    return paths;
  }

  clockSources(): ClockSource[] {
    return clockSources(
      this.#data,
      this,
      (place) => this.#place(place)!,
      (number) => this.#data.functions[number]?.[0] ?? "",
    );
  }

  inactive(file: string): readonly InactiveRange[] | undefined {
    const index = this.#data.files.indexOf(file);
    return index < 0 ? undefined : this.#data.inactive[index];
  }

  /** How many calls each function is away from one of `ends`; -1: never there. */
  #steps(ends: ReadonlySet<number>): Int32Array {
    this.#in ??= this.#lists(1);
    this.#out ??= this.#lists(0);
    const steps = new Int32Array(this.#data.functions.length).fill(-1);
    let ring = [...ends];
    for (const number of ring) steps[number] = 0;
    for (let distance = 1; ring.length > 0; distance++) {
      const next: number[] = [];
      for (const number of ring) {
        const callers: Int32Array = this.#in![number]!;
        for (const at of callers) {
          const caller = this.#data.edges[at]!;
          if (steps[caller] !== -1) continue;
          steps[caller] = distance;
          next.push(caller);
        }
      }
      ring = next;
    }
    return steps;
  }

  #numbers(name: string): number[] {
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (const [number, [one]] of this.#data.functions.entries()) {
        const known = this.#byName.get(one);
        if (known === undefined) this.#byName.set(one, [number]);
        else known.push(number);
      }
    }
    return this.#byName.get(name) ?? [];
  }

  /** Edges by caller (end 0) or callee (end 1), in order of kind and place. */
  #lists(end: 0 | 1): Int32Array[] {
    const { edges, functions } = this.#data;
    const counts = new Int32Array(functions.length);
    for (let at = end; at < edges.length; at += EDGE_NUMBERS) counts[edges[at]!]!++;
    const lists = Array.from(counts, (count) => new Int32Array(count));
    for (let at = edges.length - EDGE_NUMBERS; at >= 0; at -= EDGE_NUMBERS) {
      const number = edges[at + end]!;
      lists[number]![--counts[number]!] = at;
    }
    const order = (a: number, b: number) =>
      edges[a + 2]! - edges[b + 2]! || edges[a + 3]! - edges[b + 3]! || a - b;
    return lists.map((list) => list.sort(order));
  }

  #function(number: number): GraphFunction {
    this.#functions[number] ??= this.#describe(number);
    return this.#functions[number]!;
  }

  #describe(number: number): GraphFunction {
    const [name, scope, at] = this.#data.functions[number]!;
    const place = this.#place(at);
    return {
      name,
      ...(scope < 0 ? {} : { scope: this.#data.files[scope]! }),
      ...(place === undefined ? {} : { place }),
    };
  }

  #place(loc: number): Place | undefined {
    if (loc < 0) return undefined;
    const { file, line } = placeOf(loc);
    return { file: this.#data.files[file] ?? "", line };
  }

  #edge(at: number): Edge {
    const { edges, details } = this.#data;
    const detail = edges[at + 4]!;
    const more = detail < 0 ? undefined : details[detail];
    const registered = this.#place(edges[at + 5]!);
    return {
      caller: this.#function(edges[at]!),
      callee: this.#function(edges[at + 1]!),
      kind: KINDS[edges[at + 2]!]!,
      ...this.#place(edges[at + 3]!)!,
      ...(more?.macro === undefined
        ? {}
        : { macro: { name: more.macro, ...this.#place(more.macroPlace ?? -1)! } }),
      ...(more?.through === undefined ? {} : { through: more.through }),
      ...(registered === undefined ? {} : { registered }),
      ...(more?.order === undefined ? {} : { order: more.order }),
    };
  }
}
