// What the sources of a configuration say about calls: functions, direct calls, calls through pointers, and where functions' addresses flow.
// Collected by the parser, joined by solve.ts. One number, a node, stands for each thing that can hold a function.
import type { CType } from "./ctypes.ts";

/** A function or a variable at file scope. Functions of the same name in several files are several symbols when they are static. */
export interface Sym {
  readonly name: string;
  type: CType | undefined;
  readonly isStatic: boolean;
  /** Index of the file, for statics. */
  readonly file: number;
  /** Where it is defined; -1: declared only. */
  defined: number;
  isFunction: boolean;
  /** Node of the variable, or of the function itself; 0 until someone asks. */
  node: number;
  readonly parameters: number[];
  returns: number;
}

export interface DirectCall {
  readonly caller: Sym | undefined;
  readonly callee: Sym;
  readonly loc: number;
  /** Macro whose text the call stands in, as its index + 1; 0: none. */
  readonly origin: number;
}

/** A call through a pointer. */
export interface Dispatch {
  readonly caller: Sym | undefined;
  readonly node: number;
  readonly loc: number;
  readonly origin: number;
  /** As written: "tc->tc_get_timecount". */
  readonly text: string;
  /** Nodes of its arguments; 0 where they hold no function. */
  readonly args: readonly number[];
  /** The table that it calls through: a variable of file scope. */
  readonly table?: Sym | undefined;
  /** Which element of the table, where that is a constant. */
  readonly element?: number | undefined;
}

/** `to` may hold what `from` holds. */
export interface Flow {
  readonly to: number;
  readonly from: number;
  readonly loc: number;
  /** The variable of file scope that is initialised. */
  readonly owner?: Sym | undefined;
  /** Of an array: which element, where that is known. */
  readonly element?: number | undefined;
}

/** A value given to a field of a struct whose contents are wanted (timecounter, sysinit). */
export interface FieldWrite {
  readonly struct: string;
  readonly field: string;
  /** The variable of file scope that holds it; undefined where it is reached through a pointer. */
  readonly variable: Sym | undefined;
  /** What stands before the field, or the variable's name. */
  readonly base: string;
  readonly value: string;
  readonly caller: Sym | undefined;
  readonly isInitial: boolean;
  readonly loc: number;
}

/** What a frequency may come from: a value given to something whose name speaks of one, or that one is made of. */
export interface Feed {
  /** Last name of what takes the value; the function's, for what it returns; "f#1" for what f's second parameter points to. */
  readonly target: string;
  readonly kind: "variable" | "field" | "local" | "result" | "out";
  readonly value: string;
  readonly caller: Sym | undefined;
  readonly loc: number;
  /** The first line from which it may be seen: its own, or that of the loop around it. */
  readonly seenFrom: number;
  /** Of a field: its struct. */
  readonly struct?: string;
  /** Fields named in the value, and their structs. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The value is a call that fills it: "f#1", as above. */
  readonly filledBy?: string;
}

/** A call whose arguments are wanted: tc_init(&x). */
export interface RecordedCall {
  readonly callee: string;
  readonly args: readonly string[];
  readonly caller: Sym | undefined;
  readonly loc: number;
}

/** A variable in a linker set, or code that is called another name. */
export interface SetEntry {
  readonly set: string;
  readonly variable: Sym;
  /** The object that the entry points to. */
  readonly object: string;
  readonly loc: number;
}

export class Facts {
  readonly calls: DirectCall[] = [];
  readonly dispatches: Dispatch[] = [];
  readonly flows: Flow[] = [];
  readonly writes: FieldWrite[] = [];
  readonly recorded: RecordedCall[] = [];
  readonly feeds: Feed[] = [];
  readonly sets: SetEntry[] = [];
  /** Functions that name a linker set's beginning. */
  readonly walks: { caller: Sym; set: string }[] = [];
  /** Structs of file scope whose contents are wanted: variable and type. */
  readonly instances: { variable: Sym; struct: string; loc: number }[] = [];
  /** Another name of a function: alias, target, is it chosen at run time (ifunc). */
  readonly aliases: { name: string; target: string; loc: number; isIfunc: boolean }[] = [];
  readonly symbols: Sym[] = [];
  /** What each node is, for people; by node. */
  readonly nodeNames: string[] = [""];
  /** The function that a node is, where it is one. */
  readonly nodeFunctions = new Map<number, Sym>();
  readonly #named = new Map<string, number>();

  node(name: string): number {
    this.nodeNames.push(name);
    return this.nodeNames.length - 1;
  }

  /** The one node of this name. */
  namedNode(name: string): number {
    let node = this.#named.get(name);
    if (node === undefined) {
      node = this.node(name);
      this.#named.set(name, node);
    }
    return node;
  }

  symbolNode(sym: Sym): number {
    if (sym.node === 0) {
      // The ends of a linker set are the set.
      const set = /^__(?:start|stop)_(.+)$/.exec(sym.name);
      sym.node = set === null ? this.node(sym.name) : this.namedNode(`set ${set[1]}`);
      if (sym.isFunction) this.nodeFunctions.set(sym.node, sym);
    }
    return sym.node;
  }

  parameterNode(sym: Sym, index: number): number {
    sym.parameters[index] ??= this.node(`argument ${index + 1} of ${sym.name}`);
    return sym.parameters[index]!;
  }

  returnNode(sym: Sym): number {
    if (sym.returns === 0) sym.returns = this.node(`result of ${sym.name}`);
    return sym.returns;
  }

  newSym(name: string, isStatic: boolean, file: number): Sym {
    const sym: Sym = {
      name,
      type: undefined,
      isStatic,
      file,
      defined: -1,
      isFunction: false,
      node: 0,
      parameters: [],
      returns: 0,
    };
    this.symbols.push(sym);
    return sym;
  }
}
