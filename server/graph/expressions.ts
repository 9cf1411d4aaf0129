// Expressions: what each one is (its type, and what could hold a function), and the calls that stand in it. Binary operators need no
// precedence here: only pointers, fields and calls matter.
import {
  type CType,
  holdsFunction,
  memberOf,
  pointerTo,
  SCALAR,
  type StructType,
  structOf,
} from "./ctypes.ts";
import { typeName } from "./declarations.ts";
import type { Sym } from "./facts.ts";
import { noteAssigned, noteFilled } from "./feeds.ts";
import { initialize } from "./initializers.ts";
import type { Argument, Parser, Value } from "./parser.ts";
import { compound, statement } from "./statements.ts";

/** What `value` is when it is taken as one of another type, a field of nothing. */
const asType = ({ node, callee, variable, field, element }: Value, type: CType | undefined): Value => ({
  type,
  node,
  callee,
  variable,
  fieldOf: undefined,
  field,
  element,
});

const NOTHING: Value = { type: undefined, node: 0 };
const NUMBER_VALUE: Value = { type: SCALAR, node: 0 };

/** Types of which a node is kept: functions' holders, `void *`, and what is not known. */
export function canHold(type: CType | undefined): boolean {
  if (type === undefined || holdsFunction(type)) return true;
  return type.kind === "pointer" && (type.to === undefined || type.to.kind === "void");
}

/** Notes that `to`, of the type `type`, takes a value. Only what is, or may be, a function's address is kept. */
export function flow(
  p: Parser,
  to: () => number,
  type: CType | undefined,
  value: Value,
  loc: number,
  owner?: Sym,
  element?: number,
): void {
  if (p.unevaluated > 0) return;
  const { callee } = value;
  if (callee === undefined) {
    if (value.node === 0) return;
    if (!holdsFunction(type) && !holdsFunction(value.type)) return;
  }
  const node = to();
  const from = callee === undefined ? value.node : p.facts.symbolNode(callee);
  if (node !== 0 && node !== from)
    p.facts.flows.push(
      owner === undefined ? { to: node, from, loc } : { to: node, from, loc, owner, element },
    );
}

/** Expressions with commas between them; the last one is the value. */
export function expression(p: Parser): Value {
  let value = assignment(p);
  while (p.take(",")) value = assignment(p);
  return value;
}

export function assignment(p: Parser): Value {
  const from = p.at;
  const left = conditional(p);
  if (!p.isAssignment()) return left;
  const isPlain = p.word === "=";
  const operator = p.at;
  const loc = p.locs[operator]!;
  p.at++;
  const right = assignment(p);
  if (isPlain) flow(p, () => left.node, left.type, right, loc);
  noteAssigned(p, left, from, operator, isPlain ? operator + 1 : operator, p.at);
  const { fieldOf, field } = left;
  if (fieldOf !== undefined && p.wantedStructs.has(fieldOf.key) && p.unevaluated === 0) {
    const value = p.textOf(isPlain ? operator + 1 : operator, p.at);
    p.facts.writes.push({
      struct: fieldOf.key, field: p.spellings.text(field!), variable: left.variable, base: p.textOf(from, operator), value,
      caller: p.current, isInitial: false, loc,
    }); // biome-ignore format: one record
  }
  return left;
}

export function conditional(p: Parser): Value {
  const condition = binary(p);
  if (!p.take("?")) return condition;
  const yes = p.word === ":" ? condition : expression(p);
  p.take(":");
  const no = conditional(p);
  return either(p, yes, no);
}

/** A value that is one or the other. */
function either(p: Parser, a: Value, b: Value): Value {
  const holds = (value: Value) =>
    value.callee !== undefined || (value.node !== 0 && holdsFunction(value.type));
  const type = a.type?.kind === "pointer" || a.type?.kind === "function" ? a.type : (b.type ?? a.type);
  if (!holds(a) && !holds(b)) return { type, node: 0 };
  if (!holds(a)) return b;
  if (!holds(b)) return a;
  const node = p.facts.node("?:");
  for (const value of [a, b]) flow(p, () => node, type, value, p.locs[Math.max(0, p.at - 1)]!);
  return { type, node };
}

const LINK = new Set(["+", "-", "*", "&", "&&"]);

function binary(p: Parser): Value {
  let left = unary(p);
  for (;;) {
    const word = p.word;
    if (word === "" ? !p.isOperator() : !LINK.has(word)) return left;
    const keeps = word === "+" || word === "-" || word === "*";
    p.at++;
    const right = unary(p);
    if (!keeps) left = NUMBER_VALUE;
    else if (!isPointer(left)) left = isPointer(right) ? right : NUMBER_VALUE;
    else left = { type: left.type, node: left.node, variable: left.variable };
  }
}

const isPointer = ({ type }: Value): boolean => type?.kind === "pointer" || type?.kind === "array";

function unary(p: Parser): Value {
  switch (p.word) {
    case "*": {
      p.at++;
      const value = unary(p);
      const { type } = value;
      // A function's pointer followed is the function, and that is its pointer again.
      if (type?.kind === "function") return value;
      return asType(value, type?.to);
    }
    case "&": {
      p.at++;
      const value = unary(p);
      if (value.callee !== undefined) return value;
      return asType(value, pointerTo(value.type));
    }
    case "&&":
      p.at += 2;
      return NUMBER_VALUE;
    case "+":
    case "-":
    case "~":
    case "!":
      p.at++;
      unary(p);
      return NUMBER_VALUE;
    case "++":
    case "--":
      p.at++;
      return unary(p);
    case "extension":
      p.at++;
      return unary(p);
    case "sizeof":
    case "alignof":
      p.at++;
      return sizeOf(p);
    case "(":
      if (p.isTypeStart(p.at + 1)) return cast(p);
      return postfix(p);
    default:
      return postfix(p);
  }
}

function sizeOf(p: Parser): Value {
  p.unevaluated++;
  if (p.word === "(" && p.isTypeStart(p.at + 1)) p.at = p.after(p.at);
  else unary(p);
  p.unevaluated--;
  return NUMBER_VALUE;
}

/** `(type)x`, or `(type){ ... }`. */
function cast(p: Parser): Value {
  const end = p.after(p.at);
  p.at++;
  const type = typeName(p);
  p.at = end;
  if (p.word === "{") {
    initialize(p, { type, node: 0 });
    return suffixed(p, { type, node: 0 }, p.at);
  }
  const value = unary(p);
  joinFields(p, structOf(type), structOf(value.type));
  return { ...value, type: value.callee === undefined ? type : (type ?? value.type) };
}

/** A pointer to one struct is used as one to another: fields of one name that hold functions are one. */
function joinFields(p: Parser, a: StructType | undefined, b: StructType | undefined): void {
  if (a === undefined || b === undefined || a === b || p.unevaluated > 0) return;
  for (const { name, type } of a.members) {
    if (name === 0 || !holdsFunction(type) || !holdsFunction(memberOf(b, name)?.type)) continue;
    const nodes = [p.memberNode(a, name), p.memberNode(b, name)] as const;
    const loc = p.locs[p.at - 1]!;
    p.facts.flows.push({ to: nodes[0], from: nodes[1], loc }, { to: nodes[1], from: nodes[0], loc });
  }
}

/** At a parenthesis that may belong to anything: past it, with what stands in it read. */
export function castTo(p: Parser): void {
  const end = p.after(p.at);
  p.at++;
  while (p.at < end - 1) {
    const before = p.at;
    expression(p);
    if (p.at === before) p.at++;
  }
  p.at = end;
}

function postfix(p: Parser): Value {
  const from = p.at;
  return suffixed(p, primary(p), from);
}

/** What follows a primary expression: `[i]`, `(args)`, `.f`, `->f`, `++`. `from` is where all of it began. */
function suffixed(p: Parser, start: Value, from: number): Value {
  let value = start;
  for (;;) {
    switch (p.word) {
      case "[": {
        const end = p.after(p.at);
        const open = p.at;
        p.at++;
        expression(p);
        p.at = end;
        value = element(p, value, open, end);
        break;
      }
      case "(":
        value = call(p, value, from);
        break;
      case ".":
      case "->":
        if (!p.isName(p.at + 1)) return value;
        value = member(p, value, p.ids[p.at + 1]!);
        p.at += 2;
        break;
      case "++":
      case "--":
        p.at++;
        break;
      default:
        return value;
    }
  }
}

/** `x[i]`; where the index names an operation by its descriptor, that operation's functions. */
function element(p: Parser, value: Value, open: number, end: number): Value {
  const type = value.type?.to;
  if (holdsFunction(type)) {
    for (let at = open; at < end; at++) {
      const operation = p.isName(at) ? /^(\w+)_desc$/.exec(p.text(at))?.[1] : undefined;
      const { variable } = value;
      if (operation !== undefined)
        return { type, node: p.facts.namedNode(`operation ${operation}`), variable };
    }
  }
  const isConstant = end === open + 3 && p.isNumber(open + 1);
  return { ...value, type, callee: undefined, element: isConstant ? Number(p.text(open + 1)) : undefined };
}

function member(p: Parser, value: Value, name: number): Value {
  const struct = structOf(value.type);
  const found = struct === undefined ? undefined : memberOf(struct, name);
  const type = found?.type;
  const node = found === undefined || canHold(type) ? p.memberNode(found?.struct, name) : 0;
  const variable = value.type?.kind === "struct" ? value.variable : undefined;
  const { element } = value;
  if (found !== undefined && p.current !== undefined) p.feeds.field(p.at + 1, found.struct);
  return { type, node, variable, fieldOf: found?.struct, field: name, element };
}

function call(p: Parser, value: Value, from: number): Value {
  const open = p.at;
  const end = p.after(open);
  p.at++;
  const args: Argument[] = [];
  while (p.at < end - 1) {
    const before = p.at;
    const value = argument(p);
    args.push({ from: before, to: p.at, value });
    while (p.at < end - 1 && p.word !== ",") p.at = Math.max(p.after(p.at), p.at + 1);
    p.take(",");
    if (p.at === before) p.at++;
  }
  p.at = end;
  if (p.unevaluated > 0) return { type: resultType(value.type), node: 0 };
  const name = from + 1 === open ? from : open - 1;
  const { callee } = value;
  if (callee !== undefined) return directCall(p, callee, args, name);
  const { node, variable: table, element } = value;
  if (node !== 0)
    p.facts.dispatches.push({
      caller: p.current,
      node,
      loc: p.locs[name]!,
      origin: p.origins[name]!,
      text: p.textOf(from, open),
      args: args.map((arg) => argumentNode(p, arg.value)),
      table,
      element,
    });
  return { type: resultType(value.type), node: 0 };
}

function argument(p: Parser): Value {
  if (!p.isTypeStart()) return assignment(p);
  // __builtin_va_arg(ap, type) and its like
  typeName(p);
  return NOTHING;
}

function argumentNode(p: Parser, value: Value): number {
  if (value.callee !== undefined) return p.facts.symbolNode(value.callee);
  return holdsFunction(value.type) ? value.node : 0;
}

function directCall(p: Parser, callee: Sym, args: readonly Argument[], name: number): Value {
  const loc = p.locs[name]!;
  noteFilled(p, callee, args, name, p.at);
  p.facts.calls.push({ caller: p.current, callee, loc, origin: p.origins[name]! });
  for (let i = 0; i < args.length; i++) {
    const { from, value } = args[i]!;
    if (value.callee !== undefined || (value.node !== 0 && holdsFunction(value.type)))
      flow(p, () => p.facts.parameterNode(callee, i), undefined, value, p.locs[from]!);
  }
  if (EVENT_REGISTRATIONS.has(callee.name)) registerForEvent(p, args);
  if (p.wantedCalls.has(callee.name))
    p.facts.recorded.push({
      callee: callee.name,
      args: args.map(({ from, to }) => p.textOf(from, to)),
      caller: p.current,
      loc,
    });
  const type = resultType(callee.type);
  return { type, node: holdsFunction(type) ? p.facts.returnNode(callee) : 0 };
}

/** FreeBSD's eventhandler(9): EVENTHANDLER_REGISTER(name, function, ...) hands the name on as a string. */
const EVENT_REGISTRATIONS = new Set(["eventhandler_register", "vimage_eventhandler_register"]);

/** The function is met again in a struct that EVENTHANDLER_DECLARE makes for the name. */
function registerForEvent(p: Parser, args: readonly Argument[]): void {
  const [, name, handler] = args;
  if (name === undefined || handler === undefined || !p.isString(name.from)) return;
  const entry = `eventhandler_entry_${p.text(name.from).slice(1, -1)}.eh_func`;
  flow(p, () => p.facts.namedNode(entry), undefined, handler.value, p.locs[handler.from]!);
}

/** The type of a call of something of this type: a function or a pointer to one. */
function resultType(type: CType | undefined): CType | undefined {
  let at = type;
  while (at !== undefined && (at.kind === "pointer" || at.kind === "array")) at = at.to;
  return at?.kind === "function" ? at.to : undefined;
}

function primary(p: Parser): Value {
  if (p.word === "(") {
    if (p.wordAt(p.at + 1) === "{") return statementExpression(p);
    const end = p.after(p.at);
    p.at++;
    const value = expression(p);
    p.at = end;
    return value;
  }
  if (p.word === "offsetof") {
    p.at = p.after(p.at + 1);
    return NUMBER_VALUE;
  }
  if (p.isName()) return named(p);
  if (p.isString()) {
    while (p.isString()) p.at++;
    return { type: pointerTo(SCALAR), node: 0 };
  }
  const word = p.word;
  if (
    word === ")" ||
    word === "]" ||
    word === "}" ||
    word === ";" ||
    word === "," ||
    word === ":" ||
    word === "{"
  )
    return NOTHING;
  p.at++;
  return NUMBER_VALUE;
}

/** `({ ...; value; })`: its last statement is its value. */
function statementExpression(p: Parser): Value {
  const end = p.after(p.at);
  const { locals } = p.scopes;
  const mark = locals.length;
  p.at += 2;
  let value = NOTHING;
  while (p.at < end - 2) {
    const before = p.at;
    const isPlain = p.word === "" || p.word === "(" || p.word === "*" || p.word === "&";
    if (isPlain && !p.isTypeStart() && p.wordAt(p.at + 1) !== ":" && !(p.isName() && p.isName(p.at + 1))) {
      value = expression(p);
      p.take(";");
    } else if (p.word === "{") compound(p);
    else statement(p);
    if (p.at === before) p.at++;
  }
  locals.length = mark;
  p.at = end;
  return { type: value.type, node: value.node, callee: value.callee };
}

/** What the linker calls the beginning of a set. */
const SET_START = "__start_";

const BUILTIN = /^__builtin_(?:___)?(\w+?)(?:_chk)?$/;

function named(p: Parser): Value {
  const { id } = p;
  p.at++;
  const local = p.scopes.local(id);
  if (local !== undefined && local.sym === undefined) {
    if (canHold(local.type)) local.node ||= p.facts.node(p.spellings.text(id));
    return { type: local.type, node: local.node };
  }
  if (p.scopes.isEnumerator(id)) return NUMBER_VALUE;
  const sym = local?.sym ?? p.scopes.symbol(id) ?? unknownName(p, id);
  if (sym === undefined) return NOTHING;
  if (sym.isFunction) return { type: sym.type, node: 0, callee: sym };
  if (sym.name.startsWith(SET_START) && p.current !== undefined)
    p.facts.walks.push({ caller: p.current, set: sym.name.slice(SET_START.length) });
  return { type: sym.type, node: canHold(sym.type) ? p.facts.symbolNode(sym) : 0, variable: sym };
}

/** A name that nothing declares: a function when it is called (C90's implicit declaration), what a builtin stands for, or nothing. */
function unknownName(p: Parser, id: number): Sym | undefined {
  if (p.word !== "(") return undefined;
  const text = p.spellings.text(id);
  const builtin = BUILTIN.exec(text);
  const sym = p.scopes.external(builtin?.[1] ?? text);
  if (builtin === null) sym.isFunction = true;
  return sym.isFunction ? sym : undefined;
}
