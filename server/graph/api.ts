// What the call graph of a configured kernel answers: shapes shared by the command line and the language server. Plain data; files are
// relative to the tree, lines count from 1.

/**
 * "direct": a call in the function's own text. "macro": a call in the body of a macro that the function uses. "pointer": a call through a
 * pointer. "set": a pointer of an object in a linker set, called by who walks the set. "alias": another name of the same function.
 * "ifunc": chosen at boot by the function's resolver.
 */
export type EdgeKind = "direct" | "macro" | "pointer" | "set" | "alias" | "ifunc";

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface GraphFunction {
  readonly name: string;
  /** The file that a static function belongs to; absent for one with external linkage. */
  readonly scope?: string;
  /** Where its body is; absent for a function in assembly, or in no compiled file. */
  readonly place?: Place;
}

/** `caller` calls, or may call, `callee` at file:line. */
export interface Edge extends Place {
  readonly caller: GraphFunction;
  readonly callee: GraphFunction;
  readonly kind: EdgeKind;
  /** The macro whose body holds the call. */
  readonly macro?: Place & { readonly name: string };
  /** Of a pointer's call: as written ("tc->tc_get_timecount"), and where the function's address was given to it. */
  readonly through?: string;
  readonly registered?: Place;
  /** Linker set and order: "sysinit_set SI_SUB_CLOCKS SI_ORDER_FIRST". */
  readonly order?: string;
}

/** Calls from one function to the next, in order. */
export type Path = readonly Edge[];

/** A value that a frequency is given, and what feeds that value. */
export interface FrequencySource extends Place {
  /** What takes the value; absent for the clock's own frequency. */
  readonly target?: string;
  /** As written, macros expanded. */
  readonly value: string;
  readonly function?: string;
  /** The hardware that is read here, by the function that reads it: "rdtsc", "x86_cpuid". */
  readonly reads?: string;
  /** Assignments to the variables, and returns of the functions, that stand in the value. */
  readonly from?: readonly FrequencySource[];
}

/** A value that a clock's field is given while the kernel runs, beside the one that it has first. */
export interface LaterValue extends Place {
  readonly field: "name" | "quality" | "mask" | "get";
  readonly value: string;
  readonly function?: string;
}

/** A `struct timecounter` or `struct eventtimer`. */
export interface ClockSource {
  readonly what: "timecounter" | "eventtimer";
  /** The variable, or where it is reached through a pointer, as written. */
  readonly variable: string;
  readonly place: Place;
  readonly name?: string;
  readonly quality?: string;
  readonly mask?: string;
  /** tc_get_timecount, or et_start. */
  readonly get?: string;
  readonly later: readonly LaterValue[];
  /** Where its frequency is given: initialiser and assignments. */
  readonly frequency: readonly FrequencySource[];
  readonly configured: boolean;
  /** Functions that register it (tc_init, et_register), each with the shortest path from the kernel's entry; none where there is none. */
  readonly registrations: readonly (Place & { readonly function: string; readonly path?: Path })[];
}

/** First and last line of a group that the configuration leaves out. */
export interface InactiveRange {
  readonly first: number;
  readonly last: number;
}

export interface KernelGraph {
  readonly configuration: string;
  readonly system: "netbsd" | "freebsd";
  /** Sources and headers that the kernel is made of. */
  readonly files: readonly string[];
  readonly functionCount: number;
  readonly edgeCount: number;
  /** Functions of that name: one with external linkage, and statics. */
  functions(name: string): readonly GraphFunction[];
  edges(): Iterable<Edge>;
  callers(name: string): readonly Edge[];
  callees(name: string): readonly Edge[];
  /** The shortest paths, all of them up to `limit` (default 20): equal in length, in a fixed order. */
  paths(from: string, to: string, limit?: number): readonly Path[];
  clockSources(): readonly ClockSource[];
  /** Lines that no compiled source's preprocessing takes; undefined for a file that is not part of the kernel. */
  inactive(file: string): readonly InactiveRange[] | undefined;
}
