// C expressions by precedence climbing (C11 6.5), with gdb's `@`, `$names` and `{type} address`.

import { BUILTIN } from "../types.ts";
import { EvaluationError } from "../values.ts";
import type { BinaryOperator, Expression, UnaryOperator } from "./ast.ts";
import { tokenize } from "./lexer.ts";
import {
  type Cursor,
  expect,
  parseTypeName,
  peek,
  startsType,
  syntaxError,
  type TypeNames,
  take,
} from "./type-parser.ts";

/** Binding powers of binary operators, loosest first; gdb puts `@` between the shifts and `+`. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["@"], ["+", "-"], ["*", "/", "%"],
]; // biome-ignore format: a table

const UNARY: readonly string[] = ["-", "+", "~", "!", "*", "&"];
const ASSIGNMENTS = new Map<string, BinaryOperator | undefined>([
  ["=", undefined], ["+=", "+"], ["-=", "-"], ["*=", "*"], ["/=", "/"], ["%=", "%"], ["<<=", "<<"], [">>=", ">>"], ["&=", "&"], ["^=", "^"], ["|=", "|"],
]); // biome-ignore format: a table

/** Deeper nesting than any person writes; keeps hostile input off the stack. */
const MAX_NESTING = 200;

interface Parser extends Cursor {
  names: TypeNames;
  depth: number;
}

/** Parses a whole expression. Throws EvaluationError with gdb's words for bad syntax. */
export function parseExpression(source: string, names: TypeNames): Expression {
  const parser: Parser = { tokens: tokenize(source), at: 0, names, depth: 0 };
  if (peek(parser).kind === "end") throw new EvaluationError("Argument required (expression to compute).");
  const expression = parseComma(parser);
  if (peek(parser).kind !== "end") throw syntaxError(parser);
  return expression;
}

function parseComma(parser: Parser): Expression {
  let left = parseAssignment(parser);
  while (take(parser, ",")) left = { kind: "binary", operator: ",", left, right: parseAssignment(parser) };
  return left;
}

function parseAssignment(parser: Parser): Expression {
  if (++parser.depth > MAX_NESTING) throw new EvaluationError("Expression is nested too deeply.");
  const target = parseConditional(parser);
  const token = peek(parser);
  let result = target;
  if (token.kind === "punctuator" && ASSIGNMENTS.has(token.text)) {
    parser.at++;
    result = {
      kind: "assign",
      operator: ASSIGNMENTS.get(token.text),
      target,
      value: parseAssignment(parser),
    };
  }
  parser.depth--;
  return result;
}

function parseConditional(parser: Parser): Expression {
  const condition = parseBinary(parser, 0);
  if (!take(parser, "?")) return condition;
  const yes = parseComma(parser);
  expect(parser, ":");
  return { kind: "conditional", condition, yes, no: parseAssignment(parser) };
}

function parseBinary(parser: Parser, level: number): Expression {
  const operators = LEVELS[level];
  if (!operators) return parseUnary(parser);
  let left = parseBinary(parser, level + 1);
  for (;;) {
    const token = peek(parser);
    const operator = token.kind === "punctuator" ? operators.find((each) => each === token.text) : undefined;
    if (!operator) return left;
    parser.at++;
    left = { kind: "binary", operator, left, right: parseBinary(parser, level + 1) };
  }
}

function parseUnary(parser: Parser): Expression {
  if (++parser.depth > MAX_NESTING) throw new EvaluationError("Expression is nested too deeply.");
  const result = parseUnaryBody(parser);
  parser.depth--;
  return result;
}

function parseUnaryBody(parser: Parser): Expression {
  const token = peek(parser);
  if (take(parser, "++")) return { kind: "increment", by: 1n, prefix: true, target: parseUnary(parser) };
  if (take(parser, "--")) return { kind: "increment", by: -1n, prefix: true, target: parseUnary(parser) };
  if (token.kind === "punctuator" && UNARY.includes(token.text)) {
    parser.at++;
    return { kind: "unary", operator: token.text as UnaryOperator, operand: parseUnary(parser) };
  }
  if (take(parser, "sizeof")) return { kind: "sizeof", operand: parseSizeofOperand(parser) };
  if (take(parser, "{")) {
    const type = parseTypeName(parser, parser.names);
    expect(parser, "}");
    return { kind: "at", type, address: parseUnary(parser) };
  }
  if (token.text === "(" && token.kind === "punctuator") {
    const start = parser.at++;
    if (startsType(parser, parser.names)) {
      const type = parseTypeName(parser, parser.names);
      expect(parser, ")");
      if (startsOperand(parser)) return { kind: "cast", type, operand: parseUnary(parser) };
      return { kind: "type", type };
    }
    parser.at = start;
  }
  return parsePostfix(parser);
}

/** After `(type)`: something to cast, or the end of a type in parentheses. */
function startsOperand(parser: Parser): boolean {
  const token = peek(parser);
  if (token.kind === "end") return false;
  return token.kind !== "punctuator" || ["(", "{", "++", "--", ...UNARY].includes(token.text);
}

function parseSizeofOperand(parser: Parser): Expression {
  const start = parser.at;
  if (take(parser, "(")) {
    if (startsType(parser, parser.names)) {
      const type = parseTypeName(parser, parser.names);
      expect(parser, ")");
      return { kind: "type", type };
    }
    parser.at = start;
  }
  return parseUnary(parser);
}

function parsePostfix(parser: Parser): Expression {
  let object = parsePrimary(parser);
  for (;;) {
    if (take(parser, "[")) {
      object = { kind: "index", object, index: parseComma(parser) };
      expect(parser, "]");
    } else if (take(parser, ".")) object = { kind: "member", object, name: memberName(parser), arrow: false };
    else if (take(parser, "->")) object = { kind: "member", object, name: memberName(parser), arrow: true };
    else if (take(parser, "++")) object = { kind: "increment", by: 1n, prefix: false, target: object };
    else if (take(parser, "--")) object = { kind: "increment", by: -1n, prefix: false, target: object };
    else if (take(parser, "(")) {
      if (!take(parser, ")")) {
        parseComma(parser);
        expect(parser, ")");
      }
      object = { kind: "call", callee: object };
    } else return object;
  }
}

function memberName(parser: Parser): string {
  const token = peek(parser);
  if (token.kind !== "name") throw syntaxError(parser);
  parser.at++;
  return token.text;
}

function parsePrimary(parser: Parser): Expression {
  const token = peek(parser);
  if (startsType(parser, parser.names)) return { kind: "type", type: parseTypeName(parser, parser.names) };
  if (take(parser, "(")) {
    const inner = parseComma(parser);
    expect(parser, ")");
    return inner;
  }
  parser.at++;
  switch (token.kind) {
    case "integer":
    case "float":
      return token.kind === "integer"
        ? { kind: "integer", value: token.value, type: token.type }
        : { kind: "float", value: token.value, type: token.type };
    case "character":
      return { kind: "integer", value: token.value, type: BUILTIN.char };
    case "string":
      return { kind: "string", bytes: stringBytes(parser, token.bytes) };
    case "name":
      return { kind: "name", name: token.text };
    case "scoped":
      return { kind: "scoped", scope: token.scope, name: token.text };
    case "dollar":
      return { kind: "dollar", name: token.text };
    default:
      parser.at--;
      throw syntaxError(parser);
  }
}

/** Adjacent literals are one string (C11 5.1.1.2). */
function stringBytes(parser: Parser, first: number[]): number[] {
  const bytes = [...first];
  for (let token = peek(parser); token.kind === "string"; token = peek(parser)) {
    bytes.push(...token.bytes);
    parser.at++;
  }
  return bytes;
}
