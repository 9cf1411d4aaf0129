// Notes which values feed frequencies while the sources are parsed: by name, since a kernel's frequencies are plain numbers that no type tells
// apart. frequency.ts follows them.
import type { Feed, Sym } from "./facts.ts";
import type { Argument, Parser, Value } from "./parser.ts";

/** Names that speak of a frequency, of counting one out, or of a clock that is counted. */
const SPEAKS = /freq|calib|hz$|hz_|_per_second|tsc/i;

/** What was found of a parse's names, and of the function that it is in. */
interface Known {
  readonly names: Map<number, boolean>;
  current: Sym | undefined;
  currentSpeaks: boolean;
}

const knownOf = new WeakMap<Parser, Known>();

function known(p: Parser): Known {
  let found = knownOf.get(p);
  if (found === undefined) {
    found = { names: new Map(), current: undefined, currentSpeaks: false };
    knownOf.set(p, found);
  }
  return found;
}

function speaks(p: Parser, id: number): boolean {
  const { names } = known(p);
  let answer = names.get(id);
  if (answer === undefined) {
    answer = SPEAKS.test(p.spellings.text(id));
    names.set(id, answer);
  }
  return answer;
}

/** Does the name of the function that is being read? */
function currentSpeaks(p: Parser): boolean {
  const found = known(p);
  if (found.current !== p.current) {
    found.current = p.current;
    found.currentSpeaks = p.current !== undefined && SPEAKS.test(p.current.name);
  }
  return found.currentSpeaks;
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
  const { kind } = left.type ?? {};
  const name = kind === "pointer" ? -1 : lastName(p, from, operator);
  if (name >= 0) note(p, kindOf(left), name, first, to);
}

/** `type name = value`. */
export function noteInitial(
  p: Parser,
  kind: "variable" | "local",
  name: number,
  first: number,
  to: number,
): void {
  note(p, kind, name, first, to);
}

/** `return value`. */
export function noteReturned(p: Parser, first: number, to: number): void {
  if (p.unevaluated === 0 && currentSpeaks(p)) push(p, "result", p.current!.name, first, to);
}

/** `callee(&name, array)`, the tokens [first, to): it may fill what its arguments point to. */
export function noteFilled(p: Parser, args: readonly Argument[], first: number, to: number): void {
  if (args.length === 0 || p.unevaluated > 0 || !currentSpeaks(p)) return;
  for (const { from: outer, to: outerEnd, value } of args) {
    let [from, end] = [outer, outerEnd];
    while (p.wordAt(from) === "(" && p.after(from) === end) [from, end] = [from + 1, end - 1];
    const isAddress = p.wordAt(from) === "&" && end === from + 2;
    const isArray = end === from + 1 && value.type?.kind === "array";
    if ((isAddress || isArray) && p.isName(end - 1)) push(p, "local", p.text(end - 1), first, to);
  }
}

function note(p: Parser, kind: Feed["kind"], name: number, first: number, to: number): void {
  if (p.unevaluated > 0 || to <= first) return;
  if ((kind === "local" && currentSpeaks(p)) || speaks(p, name))
    push(p, kind, p.spellings.text(name), first, to);
}

function push(p: Parser, kind: Feed["kind"], target: string, first: number, to: number): void {
  const value = p.textOf(first, to);
  p.facts.feeds.push({ target, kind, value, caller: p.current, loc: p.locs[first]! });
}

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
