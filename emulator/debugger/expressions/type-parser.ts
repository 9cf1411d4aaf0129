// Type names within expressions: `const struct timecounter *`, `unsigned long`, `u_int (*)(struct timecounter *)`.

import type { Type } from "../../symbols/api.ts";
import { arrayOf, BUILTIN, pointerTo, VOID } from "../types.ts";
import { EvaluationError } from "../values.ts";
import type { Token } from "./lexer.ts";

/** Where the parser asks whether a name is a type. */
export interface TypeNames {
  /** "struct timecounter", "uint64_t", "enum foo"; undefined where there is no such type. */
  typeNamed(name: string): Type | undefined;
  /** A variable in scope hides a typedef of the same name. */
  isVariable(name: string): boolean;
}

/** A position in the tokens, shared by the parsers. */
export interface Cursor {
  tokens: Token[];
  at: number;
}

export const peek = (cursor: Cursor): Token => cursor.tokens[cursor.at] ?? { kind: "end", text: "" };

export function take(cursor: Cursor, text: string): boolean {
  const token = peek(cursor);
  if ((token.kind !== "punctuator" && token.kind !== "name") || token.text !== text) return false;
  cursor.at++;
  return true;
}

export function syntaxError(cursor: Cursor): EvaluationError {
  const rest = cursor.tokens
    .slice(cursor.at)
    .map(({ kind, text }) => (kind === "dollar" ? `$${text}` : text))
    .join(" ")
    .trimEnd();
  return new EvaluationError(`A syntax error in expression, near \`${rest}'.`);
}

export function expect(cursor: Cursor, text: string): void {
  if (!take(cursor, text)) throw syntaxError(cursor);
}

const SPECIFIERS = new Set(["void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool"]); // biome-ignore format: a table
const QUALIFIERS = new Set(["const", "volatile", "restrict", "_Atomic"]);
const TAGS = new Set(["struct", "union", "enum"]);

/** True when a type name starts here. */
export function startsType(cursor: Cursor, names: TypeNames): boolean {
  const token = peek(cursor);
  if (token.kind !== "name") return false;
  const { text } = token;
  if (SPECIFIERS.has(text) || QUALIFIERS.has(text) || TAGS.has(text)) return true;
  return !names.isVariable(text) && names.typeNamed(text) !== undefined;
}

/** Parses specifiers and an abstract declarator. */
export function parseTypeName(cursor: Cursor, names: TypeNames): Type {
  const specified = parseSpecifiers(cursor, names);
  return parseDeclarator(cursor, names)(specified);
}

function parseSpecifiers(cursor: Cursor, names: TypeNames): Type {
  const words: string[] = [];
  const qualifiers: ("const" | "volatile" | "restrict" | "atomic")[] = [];
  let named: Type | undefined;
  for (;;) {
    const token = peek(cursor);
    if (token.kind !== "name") break;
    const { text } = token;
    if (QUALIFIERS.has(text)) {
      qualifiers.push(text === "_Atomic" ? "atomic" : (text as "const" | "volatile" | "restrict"));
    } else if (named === undefined && words.length === 0 && TAGS.has(text)) {
      cursor.at++;
      named = taggedType(cursor, text, names);
    } else if (named === undefined && SPECIFIERS.has(text)) {
      words.push(text);
    } else if (named === undefined && words.length === 0) {
      named = names.typeNamed(text);
      if (!named) break;
    } else break;
    cursor.at++;
  }
  const type = named ?? (words.length > 0 ? builtinType(words) : undefined);
  if (!type) throw syntaxError(cursor);
  return qualifiers.reduceRight<Type>(
    (target, qualifier) => ({ kind: "qualified", qualifier, target: () => target }),
    type,
  );
}

function taggedType(cursor: Cursor, tag: string, names: TypeNames): Type {
  const token = peek(cursor);
  if (token.kind !== "name") throw syntaxError(cursor);
  const type = names.typeNamed(`${tag} ${token.text}`);
  if (!type) throw new EvaluationError(`No ${tag} type named ${token.text}.`);
  return type;
}

/** The built-in type of a list of specifiers, in any order (C11 6.7.2). */
function builtinType(words: string[]): Type {
  const count = (word: string) => words.filter((each) => each === word).length;
  const unsigned = count("unsigned") > 0;
  if (count("void")) return VOID;
  if (count("_Bool") || count("bool")) return BUILTIN.bool;
  if (count("float")) return BUILTIN.float;
  if (count("double")) return count("long") ? BUILTIN.longDouble : BUILTIN.double;
  if (count("char"))
    return unsigned ? BUILTIN.unsignedChar : count("signed") ? BUILTIN.signedChar : BUILTIN.char;
  if (count("short")) return unsigned ? BUILTIN.unsignedShort : BUILTIN.short;
  if (count("long") > 1) return unsigned ? BUILTIN.unsignedLongLong : BUILTIN.longLong;
  if (count("long") === 1) return unsigned ? BUILTIN.unsignedLong : BUILTIN.long;
  return unsigned ? BUILTIN.unsignedInt : BUILTIN.int;
}

/** An abstract declarator as a function from the specified type to the declared one (C11 6.7.7). */
function parseDeclarator(cursor: Cursor, names: TypeNames): (type: Type) => Type {
  if (take(cursor, "*")) {
    const qualifiers: ("const" | "volatile")[] = [];
    for (;;) {
      if (take(cursor, "const")) qualifiers.push("const");
      else if (take(cursor, "volatile")) qualifiers.push("volatile");
      else if (!take(cursor, "restrict")) break;
    }
    const outer = parseDeclarator(cursor, names);
    return (type) =>
      outer(
        qualifiers.reduce<Type>(
          (target, qualifier) => ({ kind: "qualified", qualifier, target: () => target }),
          pointerTo(type),
        ),
      );
  }
  let inner: (type: Type) => Type = (type) => type;
  if (isParenthesizedDeclarator(cursor)) {
    cursor.at++;
    inner = parseDeclarator(cursor, names);
    expect(cursor, ")");
  }
  const suffixes = parseSuffixes(cursor, names);
  return (type) => inner(suffixes.reduceRight((target, suffix) => suffix(target), type));
}

/** `(*` or `((*` or `([`: a declarator in parentheses and not a parameter list. */
function isParenthesizedDeclarator(cursor: Cursor): boolean {
  if (peek(cursor).text !== "(") return false;
  const next = cursor.tokens[cursor.at + 1];
  return next?.kind === "punctuator" && (next.text === "*" || next.text === "(" || next.text === "[");
}

function parseSuffixes(cursor: Cursor, names: TypeNames): ((type: Type) => Type)[] {
  const suffixes: ((type: Type) => Type)[] = [];
  for (;;) {
    if (take(cursor, "[")) {
      const token = peek(cursor);
      const count = token.kind === "integer" ? Number(token.value) : undefined;
      if (count !== undefined) cursor.at++;
      expect(cursor, "]");
      suffixes.push((type) =>
        count === undefined
          ? { kind: "array", element: type, counts: [undefined], size: 0 }
          : arrayOf(type, count),
      );
    } else if (peek(cursor).text === "(" && peek(cursor).kind === "punctuator") {
      cursor.at++;
      const parameters = parseParameters(cursor, names);
      suffixes.push((type) => ({ kind: "function", returns: () => type, ...parameters }));
    } else return suffixes;
  }
}

function parseParameters(
  cursor: Cursor,
  names: TypeNames,
): { parameters(): Type[]; prototyped: boolean; variadic: boolean } {
  const types: Type[] = [];
  let variadic = false;
  let prototyped = false;
  if (!take(cursor, ")")) {
    prototyped = true;
    do {
      if (take(cursor, "...")) variadic = true;
      else types.push(parseTypeName(cursor, names));
    } while (take(cursor, ","));
    expect(cursor, ")");
  }
  const only = types[0];
  const parameters = types.length === 1 && only?.kind === "void" ? [] : types;
  return { parameters: () => parameters, prototyped, variadic };
}
