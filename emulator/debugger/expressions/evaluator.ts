// Evaluates syntax trees over a context: names, registers, memory. Knows C and gdb's additions; prints nothing.

import type { FrameState, SymbolFile, Type, Variable } from "../../symbols/api.ts";
import type { MemoryReader } from "../../symbols/memory.ts";
import { bytesOf, hex, unsignedOf } from "../numbers.ts";
import {
  arrayOf,
  BUILTIN,
  isFloat,
  isIntegral,
  peelArray,
  pointerTo,
  resolve,
  type StructType,
  sizeOf,
} from "../types.ts";
import {
  addressOf,
  EvaluationError,
  elementOf,
  inMemory,
  integerOf,
  memberOf,
  pointee,
  reinterpret,
  temporary,
  type Value,
} from "../values.ts";
import { type Expression, operandsOf } from "./ast.ts";
import { cast, commonType, decay, isTrue, makeFloat, makeInteger, scalarOf } from "./convert.ts";
import { binary, unaryArithmetic } from "./operators.ts";
import { parseExpression } from "./parser.ts";
import { scopedVariable } from "./scoped.ts";

/** What expressions ask of the symbols. */
export type Names = Pick<
  SymbolFile,
  | "symbolNamed"
  | "globalNamed"
  | "typeNamed"
  | "functionType"
  | "enumeratorNamed"
  | "locate"
  | "lineSites"
  | "lineRanges"
  | "functionSites"
  | "functionsAt"
>;

/** What an expression can see and do. */
export interface Context {
  symbols: Names;
  memory: MemoryReader;
  /** Code address of the selected frame: its unit's types and statics win. */
  near: bigint | undefined;
  /** A parameter or local of the selected frame, innermost block first. */
  local(name: string): Value | undefined;
  /** `$name`: a register, a history value or a convenience variable. */
  dollar(name: string): Value;
  /** Sets a convenience variable that does not exist yet. */
  setDollar(name: string, value: Value): void;
  /** The source with macros in their place. */
  expand?(source: string): string;
  /** Names that are not in the debug info: register constants of the clock hardware. */
  constant(name: string): Value | undefined;
  /** Writes bytes to where a value lives; throws EvaluationError where it cannot. */
  write(value: Value, bytes: Uint8Array): void;
  /** Only the type is wanted: nothing is read or written, values are all 0 (gdb's EVAL_AVOID_SIDE_EFFECTS). */
  typesOnly?: true;
}

/** Parses and evaluates. Throws EvaluationError or MemoryError, both with gdb's words. */
export function evaluate(source: string, context: Context): Value {
  return evaluateTree(parse(source, context), context);
}

/** Parses with the context's types and variables in view. */
export function parse(source: string, context: Context): Expression {
  return parseExpression(context.expand?.(source) ?? source, {
    typeNamed: (name) => context.symbols.typeNamed(name, context.near),
    isVariable: (name) =>
      context.local(name) !== undefined || context.symbols.globalNamed(name, context.near) !== undefined,
  });
}

export function evaluateTree(tree: Expression, context: Context): Value {
  switch (tree.kind) {
    case "integer":
      return makeInteger(tree.type, tree.value);
    case "float":
      return makeFloat(tree.type, tree.value);
    case "string":
      return temporary(arrayOf(BUILTIN.char, tree.bytes.length + 1), Uint8Array.from([...tree.bytes, 0]));
    case "name":
      return named(tree.name, context);
    case "scoped":
      return staticValue(scopedVariable(tree.scope, tree.name, context.symbols), tree.name, context);
    case "dollar":
      return context.dollar(tree.name);
    case "type":
      throw new EvaluationError("Attempt to use a type name as an expression");
    case "unary":
      return unary(tree, context);
    case "binary":
      return binaryTree(tree, context);
    case "assign":
      return assign(tree, context);
    case "increment":
      return increment(tree, context);
    case "conditional":
      return evaluateTree(isTrue(evaluateTree(tree.condition, context)) ? tree.yes : tree.no, context);
    case "cast":
      return castTree(tree, context);
    case "at":
      return inMemory(
        tree.type,
        scalarOf(evaluateTree(tree.address, context), "Invalid address."),
        context.memory,
      );
    case "sizeof":
      // gdb gives sizeof the type int, not size_t.
      return makeInteger(BUILTIN.int, BigInt(sizeOf(typeOf(tree.operand, context))));
    case "member":
      return unread(member(tree, context), context);
    case "index":
      return unread(
        index(evaluateTree(tree.object, context), evaluateTree(tree.index, context), context),
        context,
      );
    case "call":
      throw new EvaluationError(
        "Clockpath does not call functions of the guest: a look must not change what runs.",
      );
  }
}

/** The type of an expression, for sizeof, whatis and ptype: what has no value has a type. */
export function typeOf(tree: Expression, context: Context): Type {
  return tree.kind === "type"
    ? tree.type
    : evaluateTree(tree, context.typesOnly ? context : typesOf(context)).type;
}

/** No larger than this is made up for a value that is not looked at. */
const MAX_ZEROS = 1 << 16;
const zeros = (type: Type): Uint8Array => new Uint8Array(Math.min(sizeOf(type), MAX_ZEROS));

/** A context in which variables are read, but nothing that they lead to, and nothing changes. */
const typesOf = (context: Context): Context => ({
  ...context,
  typesOnly: true,
  dollar: (name) => {
    const value = context.dollar(name);
    return value.place.kind === "register" ? { ...value, bytes: () => zeros(value.type) } : value;
  },
  setDollar: () => {},
  write: () => {},
});

/** What a pointer, a member or an element leads to, unread where only the type is wanted. */
const unread = (value: Value, context: Context): Value =>
  context.typesOnly && !value.missing ? { ...value, bytes: () => zeros(value.type) } : value;

/** Throws EvaluationError, as evaluating would, for a name in the tree that stands for nothing. */
export function checkNames(tree: Expression, context: Context): void {
  if (tree.kind === "name") named(tree.name, context);
  for (const operand of operandsOf(tree)) checkNames(operand, context);
}

function named(name: string, context: Context): Value {
  const local = context.local(name);
  if (local) return local;
  const found = globalValue(name, context) ?? functionValue(name, context) ?? enumerator(name, context);
  const value = found ?? context.constant(name);
  if (value) return value;
  if (context.symbols.symbolNamed(name))
    throw new EvaluationError(`'${name}' has unknown type; cast it to its declared type`);
  throw new EvaluationError(`No symbol "${name}" in current context.`);
}

function globalValue(name: string, context: Context): Value | undefined {
  const variable = context.symbols.globalNamed(name, context.near);
  return variable && staticValue(variable, name, context);
}

/** The frame of a variable that no frame is needed for. */
export const NOWHERE: FrameState = { pc: 0n, get: () => undefined, isCaller: false };

function staticValue(variable: Variable, name: string, context: Context): Value {
  const location = context.symbols.locate(variable, NOWHERE, context.memory);
  if (location.kind === "memory") return inMemory(variable.type, location.address, context.memory);
  if (location.kind === "value") return temporary(variable.type, location.bytes, location.missing);
  if (location.kind === "register" || location.kind === "unavailable")
    throw new EvaluationError(`"${name}" lives in a frame: select one that has it.`);
  throw new EvaluationError(`Missing ELF symbol "${name}".`);
}

/** A function by name: a value that lives at its first instruction. */
function functionValue(name: string, context: Context): Value | undefined {
  const symbol = context.symbols.symbolNamed(name);
  if (symbol?.kind !== "function") return undefined;
  const type = context.symbols.functionType?.(name) ?? UNKNOWN_FUNCTION;
  return inMemory(type, symbol.address, context.memory);
}

/** gdb's `<text variable, no debug info>`. */
const UNKNOWN_FUNCTION: Type = {
  kind: "function",
  returns: () => BUILTIN.int,
  parameters: () => [],
  prototyped: true,
  variadic: false,
};

function enumerator(name: string, context: Context): Value | undefined {
  const found = context.symbols.enumeratorNamed?.(name);
  return found && makeInteger(found.type, found.value);
}

function unary(tree: Extract<Expression, { kind: "unary" }>, context: Context): Value {
  if (tree.operator === "&") return addressOperator(tree.operand, context);
  const operand = evaluateTree(tree.operand, context);
  if (tree.operator === "*") return unread(dereference(operand, context), context);
  if (tree.operator === "!") return makeInteger(BUILTIN.int, isTrue(operand) ? 0n : 1n);
  return unaryArithmetic(tree.operator, decay(operand));
}

function addressOperator(operand: Expression, context: Context): Value {
  // `&*p` is p (C11 6.5.3.2).
  if (operand.kind === "unary" && operand.operator === "*") {
    const pointer = decay(evaluateTree(operand.operand, context));
    if (resolve(pointer.type).kind === "pointer") return { ...pointer, place: { kind: "none" } };
  }
  const value = evaluateTree(operand, context);
  if (context.typesOnly && operand.kind === "name") return makeInteger(pointerTo(value.type), 0n);
  if (operand.kind === "name" && value.place.kind === "register")
    throw new EvaluationError(
      `Address requested for identifier "${operand.name}" which is in register $${value.place.register}`,
    );
  if ((value.missing || value.place.kind === "none") && operand.kind === "name")
    throw new EvaluationError(`Can't take address of "${operand.name}" which isn't an lvalue.`);
  if (value.missing) throw new EvaluationError("value has been optimized out");
  const { type, address } = addressOf(value);
  return makeInteger(type, address);
}

/** What a pointer points at or an array is made of: known without its value. */
function pointedAt(type: Type): Type | undefined {
  const resolved = resolve(type);
  if (resolved.kind === "array") return peelArray(resolved).element;
  return resolved.kind === "pointer" ? resolved.target() : undefined;
}

/** `*p`. gdb lets an integer stand for the address of a long. */
function dereference(operand: Value, context: Context): Value {
  const pointed = context.typesOnly && operand.missing ? pointedAt(operand.type) : undefined;
  if (pointed) return inMemory(pointed, 0n, context.memory);
  if (context.typesOnly && resolve(operand.type).kind === "function")
    throw new EvaluationError("Attempt to take contents of a non-pointer value.");
  const value = decay(operand);
  const type = resolve(value.type);
  if (type.kind === "pointer") {
    const target = resolve(type.target());
    if (target.kind === "void" && !context.typesOnly)
      throw new EvaluationError("Attempt to dereference a generic pointer.");
    return pointee(value, context.memory);
  }
  if (isIntegral(type)) return inMemory(BUILTIN.long, integerOf(value), context.memory);
  throw new EvaluationError("Attempt to take contents of a non-pointer value.");
}

function binaryTree(tree: Extract<Expression, { kind: "binary" }>, context: Context): Value {
  const left = evaluateTree(tree.left, context);
  if (tree.operator === "&&" || tree.operator === "||") {
    const decided = isTrue(left) === (tree.operator === "||");
    const result = decided ? tree.operator === "||" : isTrue(evaluateTree(tree.right, context));
    return makeInteger(BUILTIN.int, result ? 1n : 0n);
  }
  const right = evaluateTree(tree.right, context);
  if (tree.operator === ",") return right;
  const divides = tree.operator === "/" || tree.operator === "%";
  if (context.typesOnly && divides && isNumber(left.type) && isNumber(right.type) && !isTrue(right))
    return makeInteger(commonType(left, right), 0n);
  return binary(tree.operator, left, right, context.memory);
}

const isNumber = (type: Type): boolean => isIntegral(type) || isFloat(type);

function castTree(tree: Extract<Expression, { kind: "cast" }>, context: Context): Value {
  if (tree.operand.kind === "name" && !context.local(tree.operand.name)) {
    const plain = untypedSymbol(tree.operand.name, tree.type, context);
    if (plain) return plain;
  }
  const value = evaluateTree(tree.operand, context);
  const { kind } = resolve(value.type);
  // As gdb: what is no scalar is seen as the other type where it lies.
  if ((kind === "struct" || kind === "union") && value.place.kind === "memory" && !value.missing)
    return unread(inMemory(tree.type, value.place.address, context.memory), context);
  return cast(value, tree.type);
}

/** `(int) nsec`: a data symbol without debug info is read as the type of the cast. */
function untypedSymbol(name: string, type: Type, context: Context): Value | undefined {
  const symbol = context.symbols.symbolNamed(name);
  if (!symbol || symbol.kind === "function" || context.symbols.globalNamed(name)) return undefined;
  return inMemory(type, symbol.address, context.memory);
}

function structOf(value: Value): StructType | undefined {
  const type = resolve(value.type);
  return type.kind === "struct" || type.kind === "union" ? type : undefined;
}

/** `.` and `->`: gdb takes either for a struct and for a pointer to one. */
function member(tree: Extract<Expression, { kind: "member" }>, context: Context): Value {
  let object = evaluateTree(tree.object, context);
  if (resolve(object.type).kind === "pointer") object = pointee(object, context.memory);
  const type = structOf(object);
  if (!type)
    throw new EvaluationError(
      tree.arrow
        ? "The -> operator must not be applied to non-pointer values."
        : `Attempt to extract a component of a value that is not a structure${resolve(object.type).kind === "pointer" ? " pointer" : ""}.`,
    );
  const found = findMember(object, type, tree.name, context);
  if (!found) throw new EvaluationError(`There is no member named ${tree.name}.`);
  return found;
}

/** A member by name, also within anonymous structs and unions (C11 6.7.2.1, paragraph 13). */
export function findMember(
  object: Value,
  type: StructType,
  name: string,
  context: { memory: MemoryReader },
): Value | undefined {
  for (const each of type.members()) {
    if (each.name === name) return memberOf(object, each, context.memory);
    if (each.name !== "") continue;
    const inner = memberOf(object, each, context.memory);
    const innerType = structOf(inner);
    const found = innerType && findMember(inner, innerType, name, context);
    if (found) return found;
  }
  return undefined;
}

function index(object: Value, subscript: Value, context: Context): Value {
  const type = resolve(object.type);
  const pointed = context.typesOnly && object.missing ? pointedAt(object.type) : undefined;
  if (pointed) return inMemory(pointed, 0n, context.memory);
  if (isIntegral(type) && resolve(subscript.type).kind === "pointer")
    return index(subscript, object, context);
  if (type.kind !== "array" && type.kind !== "pointer")
    throw new EvaluationError(`cannot subscript something of type \`${typeNameOf(object)}'`);
  if (!isIntegral(subscript.type)) throw new EvaluationError("Argument to subscript is not an integer.");
  const at = integerOf(subscript);
  if (type.kind === "array") return elementOf(object, Number(at), context.memory);
  return dereference(binary("+", object, subscript, context.memory), context);
}

const typeNameOf = (value: Value): string => {
  const type = resolve(value.type);
  return "name" in type ? type.name : type.kind;
};

function assign(tree: Extract<Expression, { kind: "assign" }>, context: Context): Value {
  const target = evaluateTree(tree.target, context);
  const value = evaluateTree(tree.value, context);
  const result = tree.operator ? binary(tree.operator, target, value, context.memory) : value;
  return assignTo(tree.target, target, result, context);
}

function increment(tree: Extract<Expression, { kind: "increment" }>, context: Context): Value {
  const target = evaluateTree(tree.target, context);
  const before = temporary(target.type, target.bytes().slice());
  const next = binary("+", target, makeInteger(BUILTIN.int, tree.by), context.memory);
  const after = assignTo(tree.target, target, next, context);
  return tree.prefix ? after : before;
}

/** A convenience variable takes the value and its type, whatever it was before. */
function assignTo(tree: Expression, target: Value, value: Value, context: Context): Value {
  if (tree.kind !== "dollar" || target.place.kind === "register") return store(target, value, context);
  context.setDollar(tree.name, value);
  return value;
}

/** Assigns with C's conversion; gives the target with its new content. */
export function store(target: Value, value: Value, context: Context): Value {
  if (target.missing) throw new EvaluationError("value has been optimized out");
  if (target.place.kind === "none") throw new EvaluationError("Left operand of assignment is not an lvalue.");
  const kind = resolve(target.type).kind;
  if (kind === "function")
    throw new EvaluationError("Left operand of assignment is not a modifiable lvalue.");
  const converted = cast(value, target.type);
  const bytes = converted.bytes().slice(0, sizeOf(target.type));
  if (target.bits) writeBits(target, unsignedOf(bytes), context);
  else context.write(target, bytes);
  return target.bits
    ? { ...target, bytes: () => narrowed(target, unsignedOf(bytes)) }
    : { ...target, bytes: () => bytes };
}

/** The value that a bit-field holds after storing `value`. */
function narrowed(target: Value, value: bigint): Uint8Array {
  const width = target.bits?.size ?? 64;
  const type = resolve(target.type);
  const signed = type.kind === "base" && type.encoding.startsWith("signed");
  return bytesOf(signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value), sizeOf(type));
}

function writeBits(target: Value, value: bigint, context: Context): void {
  const { bits, place } = target;
  if (!bits || place.kind !== "memory")
    throw new EvaluationError("This bit-field lives in a register and cannot be set.");
  const span = (bits.offset + bits.size + 7) >> 3;
  const mask = ((1n << BigInt(bits.size)) - 1n) << BigInt(bits.offset);
  const old = unsignedOf(context.memory(place.address, span));
  const next = (old & ~mask) | ((value << BigInt(bits.offset)) & mask);
  const whole: Value = reinterpret(target, arrayOf(BUILTIN.unsignedChar, span));
  context.write({ type: whole.type, place, bytes: whole.bytes }, bytesOf(next, span));
}

/** An expression's value as an address, for `x`, breakpoints and memory views. */
export function evaluateAddress(source: string, context: Context): bigint {
  const value = evaluate(source, context);
  const type = resolve(value.type);
  if (type.kind === "array" && type.vector) throw new EvaluationError("Value can't be converted to integer.");
  if (value.place.kind === "memory" && (type.kind === "array" || type.kind === "function"))
    return value.place.address;
  if (type.kind === "struct" || type.kind === "union")
    throw new EvaluationError(`${source}: a structure is not an address; use &(${source}).`);
  return BigInt.asUintN(64, scalarOf(value, "Invalid address."));
}

/** `(type *) address`, for callers that have numbers. */
export const pointerValue = (target: Type, address: bigint): Value =>
  makeInteger(pointerTo(target), BigInt(hex(address)));
