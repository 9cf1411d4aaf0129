// Which functions a call through a pointer may reach: functions' addresses followed from where they are named to where they are called,
// through fields (one for a struct's type, whichever object holds it), variables, arguments and results, until nothing new arrives.
import type { Dispatch, Facts, Flow, Sym } from "./facts.ts";
import { narrower } from "./narrow.ts";

/** How a function came to where it is called. */
export interface Registration {
  readonly target: Sym;
  /** Where its name stands. */
  readonly loc: number;
  /** The variable that is initialised there. */
  readonly owner: Sym | undefined;
}

export interface Resolved {
  readonly dispatch: Dispatch;
  readonly targets: readonly Registration[];
}

/** The targets of every call through a pointer, in the order of the calls; in each the registrations in the order they were met. */
export function solve(facts: Facts): Resolved[] {
  const solver = new Solver(facts);
  solver.run();
  const narrowed = narrower(facts);
  return facts.dispatches.map((dispatch) => ({
    dispatch,
    targets: narrowed(dispatch, solver.held(dispatch.node)),
  }));
}

/** FreeBSD's fork_trampoline calls fork_exit with what cpu_fork_kthread_handler has put into the new thread's registers. */
const TRAMPOLINES = [["cpu_fork_kthread_handler", 1, "fork_exit", 0]] as const;

const NOTHING: ReadonlyMap<Sym, Registration> = new Map();

class Solver {
  readonly #facts: Facts;
  readonly #held: Map<Sym, Registration>[] = [];
  readonly #next: number[][] = [];
  readonly #edges = new Set<number>();
  readonly #work: number[] = [];
  readonly #calls = new Map<number, Dispatch[]>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  held(node: number): ReadonlyMap<Sym, Registration> {
    return this.#held[node] ?? NOTHING;
  }

  run(): void {
    const { dispatches, flows } = this.#facts;
    for (const dispatch of dispatches) {
      const known = this.#calls.get(dispatch.node);
      if (known === undefined) this.#calls.set(dispatch.node, [dispatch]);
      else known.push(dispatch);
    }
    this.#joinUnknownStructs();
    this.#joinAliases();
    this.#joinThroughAssembly();
    for (const flow of flows) this.#add(flow);
    for (let node = this.#work.pop(); node !== undefined; node = this.#work.pop()) this.#spread(node);
  }

  /** A field of a struct that is not known may be that field of every struct. */
  #joinUnknownStructs(): void {
    const { nodeNames } = this.#facts;
    const fields = new Map<string, number[]>();
    nodeNames.forEach((name, node) => {
      const field = /^(?!operation|set)[^ ]*\.(\w+)$/.exec(name)?.[1];
      if (field !== undefined) fields.set(field, [...(fields.get(field) ?? []), node]);
    });
    nodeNames.forEach((name, node) => {
      if (!name.startsWith("?.")) return;
      for (const other of fields.get(name.slice(2)) ?? []) {
        if (other === node) continue;
        this.#connect(node, other);
        this.#connect(other, node);
      }
    });
  }

  /** A call of an alias is a call of what it names; a function chosen at run time is what its resolver gives. */
  #joinAliases(): void {
    const externals = new Map<string, Sym>();
    for (const sym of this.#facts.symbols)
      if (sym.isFunction && !externals.has(sym.name)) externals.set(sym.name, sym);
    for (const { name, target, isIfunc, loc } of this.#facts.aliases) {
      const caller = externals.get(name);
      const callee = externals.get(target);
      if (caller === undefined || callee === undefined || !isIfunc) continue;
      this.#facts.dispatches.push({
        caller,
        node: this.#facts.returnNode(callee),
        loc,
        origin: 0,
        text: `ifunc ${target}`,
        args: [],
      });
    }
  }

  /** What the machine's trampolines hand from one C function to another, counted from 0. */
  #joinThroughAssembly(): void {
    for (const [giver, given, taker, taken] of TRAMPOLINES) {
      const functions = this.#facts.symbols.filter(({ isFunction }) => isFunction);
      const from = functions.find(({ name }) => name === giver);
      const to = functions.find(({ name, defined }) => name === taker && defined >= 0);
      if (from !== undefined && to !== undefined)
        this.#connect(this.#facts.parameterNode(from, given), this.#facts.parameterNode(to, taken));
    }
  }

  #add({ to, from, loc, owner }: Flow): void {
    const target = this.#facts.nodeFunctions.get(from);
    if (target === undefined) this.#connect(from, to);
    else if (this.#put(to, { target, loc, owner })) this.#work.push(to);
  }

  #put(node: number, registration: Registration): boolean {
    this.#held[node] ??= new Map();
    const held = this.#held[node]!;
    if (held.has(registration.target)) return false;
    held.set(registration.target, registration);
    return true;
  }

  #connect(from: number, to: number): void {
    const key = from * 0x1000000 + to;
    if (from === to || this.#edges.has(key)) return;
    this.#edges.add(key);
    this.#next[from] ??= [];
    this.#next[from]!.push(to);
    if (this.#held[from] !== undefined) this.#work.push(from);
  }

  #spread(node: number): void {
    const held = this.#held[node];
    if (held === undefined) return;
    for (const to of this.#next[node] ?? []) {
      let isNew = false;
      for (const registration of held.values()) isNew = this.#put(to, registration) || isNew;
      if (isNew) this.#work.push(to);
    }
    for (const dispatch of this.#calls.get(node) ?? []) {
      dispatch.args.forEach((arg, i) => {
        if (arg === 0) return;
        for (const { target } of [...held.values()])
          this.#pass(arg, this.#facts.parameterNode(target, i), dispatch.loc);
      });
    }
  }

  #pass(from: number, to: number, loc: number): void {
    const target = this.#facts.nodeFunctions.get(from);
    if (target === undefined) this.#connect(from, to);
    else if (this.#put(to, { target, loc, owner: undefined })) this.#work.push(to);
  }
}
