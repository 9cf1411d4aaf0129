// The call graph of a configuration as plain data: what is kept on disk, and what graph.ts answers from. Made once from the facts.
import type { KernelConfiguration } from "../kernel/api.ts";
import { grow } from "../lang/names.ts";
import { type Prepared, placeOf } from "../lang/preprocess/prepare.ts";
import type { EdgeKind, InactiveRange } from "./api.ts";
import type { Collected } from "./collect.ts";
import type { Facts, Feed, Sym } from "./facts.ts";
import { type Resolved, solve } from "./solve.ts";

export const KINDS: readonly EdgeKind[] = ["direct", "macro", "pointer", "set", "alias", "ifunc"];

/** Places are one number: index of the file times 2^17, plus the line; -1 is none. */
export interface GraphData {
  readonly version: number;
  readonly configuration: string;
  readonly system: "netbsd" | "freebsd";
  /** Every file that was read, in the order of first reading; "<name>" for written headers. */
  readonly files: readonly string[];
  readonly inactive: readonly (readonly InactiveRange[])[];
  /** name, scope (file of a static, -1), place */
  readonly functions: readonly (readonly [string, number, number])[];
  /** caller, callee, kind, place, an index into `details` and where the pointer was given its value (-1: none) */
  readonly edges: Int32Array;
  readonly details: readonly EdgeDetail[];
  readonly writes: readonly WriteData[];
  readonly instances: readonly { variable: string; struct: string; place: number }[];
  readonly feeds: readonly FeedData[];
  readonly recorded: readonly { callee: string; args: readonly string[]; caller: number; place: number }[];
}

export interface EdgeDetail {
  readonly macro?: string;
  readonly macroPlace?: number;
  readonly through?: string;
  readonly order?: string;
}

export interface WriteData {
  readonly struct: string;
  readonly field: string;
  readonly variable?: string;
  readonly base: string;
  readonly value: string;
  readonly function?: string;
  readonly initial: boolean;
  readonly place: number;
}

/** See `Feed` of facts.ts; `function` is where the value is given. */
export interface FeedData extends Omit<Feed, "caller" | "loc"> {
  readonly function?: string;
  readonly place: number;
}

export const DATA_VERSION = 8;
export const EDGE_NUMBERS = 6;

export function graphData(configuration: KernelConfiguration, collected: Collected): GraphData {
  const { facts, units } = collected;
  const resolved = solve(facts);
  const functions = new FunctionTable(facts);
  const builder = new EdgeBuilder(collected, functions);
  for (const call of facts.calls) builder.direct(call);
  for (const one of resolved) builder.pointer(one);
  builder.aliases();
  const numberOf = (sym: Sym | undefined) => (sym === undefined ? -1 : functions.number(sym));
  return {
    version: DATA_VERSION,
    configuration: configuration.path,
    system: configuration.system,
    files: units.files.map(({ path }) => path),
    inactive: units.files.map(inactiveRanges),
    functions: functions.rows,
    edges: builder.finish(),
    details: builder.details,
    writes: facts.writes.map(({ struct, field, variable, base, value, caller, isInitial, loc }) => ({
      struct, field, base, value, initial: isInitial, place: loc,
      ...(variable === undefined ? {} : { variable: variable.name }),
      ...(caller === undefined ? {} : { function: caller.name }),
    })),
    feeds: feedData(facts),
    instances: facts.instances.map(({ variable, struct, loc }) => ({ variable: variable.name, struct, place: loc })),
    recorded: facts.recorded.map(({ callee, args, caller, loc }) => ({ callee, args, caller: numberOf(caller), place: loc })),
  }; // biome-ignore format: rows
}

/** A header's inline function is met in many units: each feed once. */
function feedData({ feeds }: Facts): FeedData[] {
  const seen = new Map<string, FeedData>();
  for (const { caller, loc, ...feed } of feeds) {
    const named = caller === undefined ? {} : { function: caller.name };
    seen.set(`${loc} ${feed.target} ${feed.value}`, { ...feed, ...named, place: loc });
  }
  return [...seen.values()];
}

/** Functions get their numbers in the order in which they were met. */
class FunctionTable {
  readonly rows: [string, number, number][] = [];
  readonly #numbers = new Map<Sym, number>();
  readonly #named = new Map<string, Sym>();

  constructor(facts: Facts) {
    for (const sym of facts.symbols) if (sym.isFunction && !sym.isStatic) this.#named.set(sym.name, sym);
    for (const sym of facts.symbols) if (sym.isFunction && sym.defined >= 0) this.number(sym);
  }

  number(sym: Sym): number {
    let number = this.#numbers.get(sym);
    if (number === undefined) {
      number = this.rows.length;
      this.#numbers.set(sym, number);
      this.rows.push([sym.name, sym.isStatic ? sym.file : -1, sym.defined]);
    }
    return number;
  }

  /** A function of external linkage. */
  named(name: string): Sym | undefined {
    return this.#named.get(name);
  }
}

class EdgeBuilder {
  readonly details: EdgeDetail[] = [];
  #edges = new Int32Array(1 << 16);
  #count = 0;
  readonly #collected: Collected;
  readonly #functions: FunctionTable;
  /** Of each caller, by callee: kinds and places of its edges. */
  readonly #seen: (Map<number, number[]> | undefined)[] = [];
  readonly #sets = new Map<string, string>();
  readonly #orders: Map<Sym, string>;
  readonly #detailNumbers = new Map<string, number>();

  constructor(collected: Collected, functions: FunctionTable) {
    this.#collected = collected;
    this.#functions = functions;
    for (const { set, object, variable } of collected.facts.sets) {
      const name = set.replace(/^(link_)?set_/, "");
      // The entry itself, where it is a function's pointer (NetBSD's sysctl_funcs).
      this.#sets.set(object, name).set(variable.name, name);
    }
    this.#orders = startOrders(collected.facts);
  }

  finish(): Int32Array {
    return this.#edges.slice(0, this.#count * EDGE_NUMBERS);
  }

  direct({ caller, callee, loc, origin }: Facts["calls"][number]): void {
    if (caller === undefined) return;
    if (origin === 0) this.#push(caller, callee, "direct", loc, -1, -1);
    else this.#push(caller, callee, "macro", loc, this.#detail(origin, "", ""), -1);
  }

  pointer({ dispatch: { caller, loc, origin, text }, targets }: Resolved): void {
    if (caller === undefined || targets.length === 0) return;
    const plain = this.#detail(origin, text, "");
    for (const { target, loc: registered, owner } of targets) {
      const set = owner === undefined ? undefined : this.#sets.get(owner.name);
      const order = set === undefined ? "" : `${set} ${this.#orders.get(owner!) ?? ""}`.trim();
      const kind = text.startsWith("ifunc ") ? "ifunc" : set === undefined ? "pointer" : "set";
      const detail = order === "" ? plain : this.#detail(origin, text, order);
      this.#push(caller, target, kind, loc, detail, registered);
    }
  }

  aliases(): void {
    for (const { name, target, loc, isIfunc } of this.#collected.facts.aliases) {
      const caller = this.#functions.named(name);
      const callee = this.#functions.named(target);
      if (caller !== undefined && callee !== undefined && caller !== callee && !isIfunc)
        this.#push(caller, callee, "alias", loc, -1, -1);
    }
  }

  /** Calls of one kind share what there is to say of them. */
  #detail(origin: number, through: string, order: string): number {
    const key = `${origin} ${order} ${through}`;
    let number = this.#detailNumbers.get(key);
    if (number === undefined) {
      const { units } = this.#collected;
      const macro = origin === 0 ? undefined : units.preparer.macros[origin - 1]!;
      number = this.details.length;
      this.#detailNumbers.set(key, number);
      this.details.push({
        ...(macro === undefined ? {} : { macro: units.spellings.text(macro.name), macroPlace: macro.loc }),
        ...(through === "" ? {} : { through }),
        ...(order === "" ? {} : { order }),
      });
    }
    return number;
  }

  #push(caller: Sym, callee: Sym, kind: EdgeKind, loc: number, detail: number, registered: number): void {
    const from = this.#functions.number(caller);
    const to = this.#functions.number(callee);
    const site = KINDS.indexOf(kind) * 0x100000000 + loc;
    this.#seen[from] ??= new Map();
    const sites = this.#seen[from]!.get(to);
    if (sites?.includes(site)) return;
    if (sites === undefined) this.#seen[from]!.set(to, [site]);
    else sites.push(site);
    const at = this.#count++ * EDGE_NUMBERS;
    if (at + EDGE_NUMBERS > this.#edges.length) this.#edges = grow(this.#edges, this.#edges.length * 2);
    this.#edges.set([from, to, KINDS.indexOf(kind), loc, detail, registered], at);
  }
}

/** Of each SYSINIT's object: "SI_SUB_CLOCKS SI_ORDER_FIRST". */
function startOrders(facts: Facts): Map<Sym, string> {
  const orders = new Map<Sym, string>();
  for (const { struct, field, variable, value } of facts.writes) {
    if (struct !== "sysinit" || variable === undefined) continue;
    if (field === "subsystem") orders.set(variable, value);
    else if (field === "order") orders.set(variable, `${orders.get(variable) ?? ""} ${value}`.trim());
  }
  return orders;
}

/** Groups of conditionals that no unit took. */
export function inactiveRanges({ items, active, lineCount }: Prepared): InactiveRange[] {
  const ranges: InactiveRange[] = [];
  const wasTaken = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (active[i] === 1) return true;
    return false;
  };
  for (let i = 0; i < items.length; i++) {
    const { kind, next, line } = items[i]!;
    const opens =
      kind === "if" || kind === "ifdef" || kind === "ifndef" || kind === "elif" || kind === "else";
    if (!opens || wasTaken(i + 1, next) || !hasText(items, i + 1, next)) continue;
    ranges.push({ first: line + 1, last: (items[next]?.line ?? lineCount + 1) - 1 });
    i = next - 1;
  }
  return ranges.filter(({ first, last }) => last >= first);
}

function hasText(items: Prepared["items"], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (items[i]!.kind === "text") return true;
  return false;
}

export { placeOf };
