// Notes which values feed frequencies while the sources are parsed: by name, since a kernel's frequencies are plain numbers that no type tells
// apart. Of a function where a name speaks of a frequency, what that value is made of is kept, and nothing of other functions.
// frequency.ts follows them.
import type { StructType } from "./ctypes.ts";
import type { Feed, Sym } from "./facts.ts";
import { loopsOf } from "./loops.ts";
import type { Argument, Parser, Value } from "./parser.ts";

/** Names that speak of a frequency, of counting one out, or of a clock that is counted. */
const SPEAKS = /freq|calib|hz$|hz_|_per_second|tsc/i;

/** A value given to something, as the tokens [first, to). */
interface Note {
  readonly kind: Feed["kind"];
  /** The name that takes it; 0 for what the function itself gives back. */
  readonly name: number;
  readonly first: number;
  readonly to: number;
  readonly struct?: StructType | undefined;
  /** Of the function itself: which parameter points to what takes it. */
  readonly parameter?: number;
  /** The call that fills it, and the argument that points to it. */
  readonly callee?: Sym;
  readonly argument?: number;
}

/** What was met in the function that is being read. */
export class FeedNotes {
  readonly notes: Note[] = [];
  /** Names of the function's parameters. */
  parameters: readonly number[] = [];
  /** Fields that were named: at which token, and of which struct. */
  readonly #fieldsAt: number[] = [];
  readonly #fieldStructs: StructType[] = [];
  readonly #speaking = new Map<number, boolean>();
  /** The assignment that was read last: its first token, and its operator. */
  #assignedFrom = -1;
  #operator = -1;

  begin(parameters: readonly number[]): void {
    this.parameters = parameters;
    this.notes.length = 0;
    this.#fieldsAt.length = 0;
    this.#fieldStructs.length = 0;
  }

  field(at: number, struct: StructType): void {
    this.#fieldsAt.push(at);
    this.#fieldStructs.push(struct);
  }

  /** The structs of the fields that the tokens [first, to) name, by field. */
  fieldsIn(p: Parser, first: number, to: number): Record<string, string> | undefined {
    let found: Record<string, string> | undefined;
    this.#fieldsAt.forEach((at, i) => {
      if (at < first || at >= to) return;
      found ??= {};
      found[p.text(at)] = this.#fieldStructs[i]!.key;
    });
    return found;
  }

  speaks(p: Parser, name: number): boolean {
    let answer = this.#speaking.get(name);
    if (answer === undefined) {
      answer = SPEAKS.test(p.spellings.text(name));
      this.#speaking.set(name, answer);
    }
    return answer;
  }

  /** Where the value of an assignment ends: in `a = b = c` that of `a` is `b`. */
  endOfValue(from: number, operator: number, first: number, to: number): number {
    const end = this.#assignedFrom === first ? this.#operator : to;
    this.#assignedFrom = from;
    this.#operator = operator;
    return end;
  }
}

/** `left = value`: the tokens [from, operator) and [first, to). */
export function noteAssigned(
  p: Parser,
  left: Value,
  from: number,
  operator: number,
  first: number,
  to: number,
): void {
  const end = p.feeds.endOfValue(from, operator, operator + 1, to);
  if (left.type?.kind === "pointer") return;
  const name = lastName(p, from, operator);
  if (name < 0) return;
  const isPointed = p.wordAt(from) === "*" && operator === from + 2;
  const parameter = isPointed ? p.feeds.parameters.indexOf(name) : -1;
  if (parameter >= 0) note(p, { kind: "out", name: 0, parameter, first, to: end });
  else note(p, { kind: kindOf(left), name, first, to: end, struct: left.fieldOf });
}

/** `type name = value`. */
export function noteInitial(
  p: Parser,
  kind: "variable" | "local",
  name: number,
  first: number,
  to: number,
): void {
  note(p, { kind, name, first, to });
}

/** `return value`. */
export function noteReturned(p: Parser, first: number, to: number): void {
  if (p.current !== undefined) note(p, { kind: "result", name: 0, first, to });
}

/** `callee(&name, array, pointer)`, the tokens [first, to): it may fill what its arguments point to. */
export function noteFilled(
  p: Parser,
  callee: Sym,
  args: readonly Argument[],
  first: number,
  to: number,
): void {
  for (let argument = 0; argument < args.length; argument++) {
    const { value } = args[argument]!;
    let { from, to: end } = args[argument]!;
    while (p.wordAt(from) === "(" && p.after(from) === end) [from, end] = [from + 1, end - 1];
    const call = { first, to, callee, argument };
    const kind = end === from + 1 ? value.type?.kind : undefined;
    if (!p.isName(end - 1)) continue;
    if (kind === "array" || (end === from + 2 && p.wordAt(from) === "&"))
      note(p, { kind: "local", name: p.ids[end - 1]!, ...call });
    const parameter = kind === "pointer" ? p.feeds.parameters.indexOf(p.ids[from]!) : -1;
    if (parameter >= 0) note(p, { kind: "out", name: 0, parameter, ...call });
  }
}

function note(p: Parser, one: Note): void {
  if (p.unevaluated > 0 || one.to <= one.first) return;
  if (p.current !== undefined) p.feeds.notes.push(one);
  else if (p.feeds.speaks(p, one.name)) push(p, one, []);
}

/** At the end of a function, whose body is the tokens [from, to): keeps what its frequencies are made of. */
export function keepFeeds(p: Parser, from: number, to: number): void {
  const { notes } = p.feeds;
  const isSpoken = SPEAKS.test(p.current!.name);
  const spoken = notes.filter(({ name }) => (name === 0 ? isSpoken : p.feeds.speaks(p, name)));
  if (spoken.length === 0) return;
  const loops = loopsOf(p, from, to);
  const kept = withLocals(p, spoken);
  for (const one of notes) if (kept.has(one)) push(p, one, loops);
}

/** Those, and what gives a value to the locals that they are made of, and so on. */
function withLocals(p: Parser, spoken: readonly Note[]): Set<Note> {
  const kept = new Set<Note>(spoken);
  const names = new Set<number>();
  // The set grows while it is walked.
  for (const { first, to } of kept) {
    const before = names.size;
    for (let at = first; at < to; at++) if (p.isName(at)) names.add(p.ids[at]!);
    if (names.size === before) continue;
    for (const one of p.feeds.notes) if (one.kind === "local" && names.has(one.name)) kept.add(one);
  }
  return kept;
}

function push(p: Parser, one: Note, loops: readonly (readonly [number, number])[]): void {
  const { kind, name, first, to, struct, parameter, callee, argument } = one;
  const target = kind === "result" || kind === "out" ? p.current!.name : p.spellings.text(name);
  const enclosing = loops.filter(([from, end]) => from <= first && first < end).map(([from]) => from);
  const seenFrom = Math.min(first, ...enclosing);
  const fields = p.feeds.fieldsIn(p, first, to);
  p.facts.feeds.push({
    target: parameter === undefined ? target : parameterOf(target, parameter),
    kind,
    value: p.textOf(first, to),
    caller: p.current,
    loc: p.locs[first]!,
    seenFrom: p.locs[seenFrom]!,
    ...(struct === undefined ? {} : { struct: struct.key }),
    ...(fields === undefined ? {} : { fields }),
    ...(callee === undefined ? {} : { filledBy: parameterOf(callee.name, argument!) }),
  });
}

/** What a function leaves where its parameter points to. */
const parameterOf = (name: string, parameter: number): string => `${name}#${parameter}`;

function kindOf({ field, variable }: Value): Feed["kind"] {
  if (field !== undefined) return "field";
  return variable === undefined ? "local" : "variable";
}

/** Id of the name that stands last, outside of brackets; -1: none. */
function lastName(p: Parser, from: number, to: number): number {
  let name = -1;
  for (let at = from; at < to; at = Math.max(p.after(at), at + 1)) if (p.isName(at)) name = p.ids[at]!;
  return name;
}
