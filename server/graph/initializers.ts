// Initialisers: designated, positional, with and without their braces. Each value goes to the field that it initialises.
import { type CType, memberOf, type StructType } from "./ctypes.ts";
import { linkerSetOf, typeName } from "./declarations.ts";
import { assignment, canHold, conditional, flow } from "./expressions.ts";
import type { Sym } from "./facts.ts";
import type { Parser } from "./parser.ts";

/** What is initialised. */
export interface Target {
  readonly type: CType | undefined;
  readonly node: number;
  readonly variable?: Sym | undefined;
  /** The field of which struct. */
  readonly struct?: StructType;
  readonly field?: number;
  /** Which element of the variable, where that is known. */
  readonly element?: number | undefined;
}

/** A variable whose contents are wanted, or an entry of a linker set. */
export function instance(p: Parser, variable: Sym, loc: number): void {
  const { type } = variable;
  const struct =
    type?.kind === "struct"
      ? type.struct
      : type?.kind === "array" && type.to?.kind === "struct"
        ? type.to.struct
        : undefined;
  if (struct !== undefined && p.wantedStructs.has(struct.key))
    p.facts.instances.push({ variable, struct: struct.key, loc });
}

/** After the `=`. */
export function initialize(p: Parser, target: Target): void {
  const start = p.at;
  value(p, target);
  const set = target.variable === undefined ? undefined : linkerSetOf(target.variable);
  if (set === undefined) return;
  const loc = p.locs[start]!;
  p.facts.sets.push({ set, variable: target.variable!, object: setObject(p, start), loc });
  p.facts.flows.push({ to: p.facts.namedNode(`set ${set}`), from: target.node, loc });
}

/** The first name of `&object` or `(const void *)&object`. */
function setObject(p: Parser, start: number): string {
  for (let at = p.at - 1; at >= start; at--) if (p.isName(at)) return p.text(at);
  return "";
}

function value(p: Parser, target: Target): void {
  if (p.word === "{") {
    const end = p.after(p.at);
    p.at++;
    list(p, target, end - 1, true);
    p.at = end;
    return;
  }
  const compoundLiteral = literal(p);
  if (compoundLiteral === undefined) scalar(p, target);
  else value(p, { ...target, type: compoundLiteral });
}

/** `(struct x){ ... }`: at its brace, its type; undefined when there is none. */
function literal(p: Parser): CType | undefined {
  if (p.word !== "(" || !p.isTypeStart(p.at + 1)) return undefined;
  const end = p.after(p.at);
  if (p.wordAt(end) !== "{") return undefined;
  p.at++;
  const type = typeName(p);
  p.at = end;
  return type;
}

function scalar(p: Parser, { type, node, variable, struct, field, element }: Target): void {
  const from = p.at;
  const found = assignment(p);
  const loc = p.locs[from]!;
  if (node !== 0) flow(p, () => node, type, found, loc, variable, element);
  if (struct !== undefined && p.wantedStructs.has(struct.key)) {
    p.facts.writes.push({
      struct: struct.key, field: p.spellings.text(field!), variable, base: variable?.name ?? "",
      value: p.textOf(from, p.at), caller: p.current, isInitial: true, loc,
    }); // biome-ignore format: one record
  }
}

/** The elements up to `end`; without braces of its own only as many as the struct takes. */
function list(p: Parser, target: Target, end: number, braced: boolean): void {
  const { type } = target;
  const struct = type?.kind === "struct" ? type.struct : undefined;
  const members = struct?.members ?? [];
  /** Which member, or element; NaN: not known. */
  let index = 0;
  // `{ &x_desc, (kobjop_t)f }`: the first field says of which operation the second is the function.
  let operation = "";
  while (p.at < end) {
    if (struct === undefined && braced) index = position(p, end, index);
    if (p.at >= end) return;
    const before = p.at;
    const member = members[index];
    let element: Target =
      struct === undefined
        ? elementTarget(target, index)
        : memberTarget(p, target, struct, member?.name ?? -1, member?.type);
    if (braced)
      element = designated(p, target, element, (name) => {
        const at = members.findIndex((one) => one.name === name);
        if (at >= 0) index = at;
      });
    const from = p.at;
    if (operation !== "" && element.node !== 0)
      element = { ...element, node: p.facts.namedNode(`operation ${operation}`) };
    const inner = element.type?.kind === "struct" && p.word !== "{" && !startsLiteral(p);
    if (inner) list(p, element, end, false);
    else value(p, element);
    if (struct !== undefined && index === 0 && OPERATION_TABLES.has(struct.key))
      operation = /(\w+)_desc\b/.exec(p.textOf(from, p.at))?.[1] ?? "";
    index++;
    const isFull = !braced && struct !== undefined && index >= (struct.isUnion ? 1 : members.length);
    if (isFull) return;
    if (!isComma(p)) {
      if (!braced) return;
      while (p.at < end && !isComma(p)) p.at = Math.max(p.after(p.at), p.at + 1);
    }
    if (!braced && p.at + 1 >= end) return;
    p.take(",");
    if (p.at === before) p.at++;
  }
}

/** The index that is initialised next, past the numbers of an array: `[3] =` names it. */
function position(p: Parser, end: number, index: number): number {
  const from = p.at;
  while (p.at + 1 < end && p.isNumber() && p.wordAt(p.at + 1) === ",") p.at += 2;
  const next = p.at === from ? index : Number.NaN;
  if (p.word !== "[") return next;
  return p.isNumber(p.at + 1) && p.wordAt(p.at + 2) === "]" ? Number(p.text(p.at + 1)) : Number.NaN;
}

/** An element of the array that is initialised; in an array of arrays the outer index counts. */
function elementTarget(target: Target, index: number): Target {
  const { type, variable, element = Number.isNaN(index) ? undefined : index } = target;
  return {
    ...target,
    type: type?.kind === "array" ? type.to : type,
    element: variable === undefined ? undefined : element,
  };
}

const isComma = (p: Parser): boolean => p.word === ",";

/** Tables of operations: the first field names the operation by its descriptor. */
const OPERATION_TABLES = new Set(["kobj_method", "vnodeopv_entry_desc"]);

const startsLiteral = (p: Parser): boolean =>
  p.word === "(" && p.isTypeStart(p.at + 1) && p.wordAt(p.after(p.at)) === "{";

function memberTarget(
  p: Parser,
  target: Target,
  struct: StructType,
  name: number,
  type: CType | undefined,
): Target {
  const { variable, element } = target;
  if (name === 0) return { type, node: 0, variable, element };
  const isKnown = name >= 0;
  const field = isKnown ? name : 0;
  const node = isKnown && canHold(type) ? p.memberNode(struct, name) : 0;
  return { type, node, variable, struct, field, element };
}

/** `.field =`, `field:`, `[index] =`, and chains of them. */
function designated(p: Parser, target: Target, element: Target, seek: (name: number) => void): Target {
  let found = element;
  let any = false;
  let type = target.type;
  for (;;) {
    if (p.word === "." && p.isName(p.at + 1)) {
      const name = p.ids[p.at + 1]!;
      const struct = type?.kind === "struct" ? type.struct : undefined;
      const member = struct === undefined ? undefined : memberOf(struct, name);
      found =
        member === undefined
          ? { type: undefined, node: p.memberNode(undefined, name), variable: target.variable }
          : memberTarget(p, target, member.struct, name, member.type);
      if (!any) seek(name);
      type = found.type;
      p.at += 2;
    } else if (p.word === "[") {
      const end = p.after(p.at);
      p.at++;
      conditional(p);
      if (p.take("...")) conditional(p);
      p.at = end;
      type = type?.kind === "array" ? type.to : type;
      found = { ...found, type };
    } else if (!any && p.isName() && p.wordAt(p.at + 1) === ":") {
      const name = p.id;
      const struct = type?.kind === "struct" ? type.struct : undefined;
      const member = struct === undefined ? undefined : memberOf(struct, name);
      if (member !== undefined) found = memberTarget(p, target, member.struct, name, member.type);
      seek(name);
      p.at += 2;
      return found;
    } else break;
    any = true;
  }
  if (any) p.take("=");
  return found;
}
