// The syntax tree of an expression. A closed union; types are resolved while parsing, because in C only a lookup
// tells `(a)(b)` the call from `(a)(b)` the cast.

import type { Type } from "../../symbols/api.ts";

export type UnaryOperator = "-" | "+" | "~" | "!" | "*" | "&";
export type BinaryOperator =
  | "*" | "/" | "%" | "+" | "-" | "<<" | ">>" | "<" | ">" | "<=" | ">=" | "==" | "!="
  | "&" | "^" | "|" | "&&" | "||" | "," | "@"; // biome-ignore format: a table

export type Expression =
  | { kind: "integer"; value: bigint; type: Type }
  | { kind: "float"; value: number; type: Type }
  | { kind: "string"; bytes: number[] }
  | { kind: "name"; name: string }
  /** `scope::name`: of a file or a function. */
  | { kind: "scoped"; scope: string; name: string }
  /** A register, history value or convenience variable: the text without the dollar sign. */
  | { kind: "dollar"; name: string }
  | { kind: "type"; type: Type }
  | { kind: "unary"; operator: UnaryOperator; operand: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "assign"; operator: BinaryOperator | undefined; target: Expression; value: Expression }
  /** ++ and --: `by` is 1 or -1, `prefix` tells which value it yields. */
  | { kind: "increment"; by: 1n | -1n; prefix: boolean; target: Expression }
  | { kind: "conditional"; condition: Expression; yes: Expression; no: Expression }
  | { kind: "cast"; type: Type; operand: Expression }
  /** gdb's `{type} address`. */
  | { kind: "at"; type: Type; address: Expression }
  | { kind: "sizeof"; operand: Expression }
  | { kind: "member"; object: Expression; name: string; arrow: boolean }
  | { kind: "index"; object: Expression; index: Expression }
  | { kind: "call"; callee: Expression };

/** The expressions that an expression is made of. */
export function operandsOf(tree: Expression): Expression[] {
  switch (tree.kind) {
    case "integer":
    case "float":
    case "string":
    case "name":
    case "scoped":
    case "dollar":
    case "type":
      return [];
    case "unary":
    case "cast":
    case "sizeof":
      return [tree.operand];
    case "binary":
      return [tree.left, tree.right];
    case "assign":
      return [tree.target, tree.value];
    case "increment":
      return [tree.target];
    case "conditional":
      return [tree.condition, tree.yes, tree.no];
    case "at":
      return [tree.address];
    case "member":
      return [tree.object];
    case "index":
      return [tree.object, tree.index];
    case "call":
      return [tree.callee];
  }
}
