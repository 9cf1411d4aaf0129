// Tokens of C expressions as gdb reads them: C's own, `$register` names, and `@`.

import type { Type } from "../../symbols/api.ts";
import { BUILTIN } from "../types.ts";
import { EvaluationError } from "../values.ts";

export type Token =
  | { kind: "integer"; value: bigint; type: Type; text: string }
  | { kind: "float"; value: number; type: Type; text: string }
  | { kind: "character"; value: bigint; text: string }
  | { kind: "string"; bytes: number[]; text: string }
  | { kind: "name"; text: string }
  /** `'lapic.c'::name`, `lapic.c::name`, `function::name`. */
  | { kind: "scoped"; scope: string; text: string }
  /** `$rip`, `$`, `$1`: the text without the dollar sign. */
  | { kind: "dollar"; text: string }
  | { kind: "punctuator"; text: string }
  | { kind: "end"; text: "" };

// Longest first, so that the first that fits is right (C11 6.4, paragraph 4).
const PUNCTUATORS = [
  "<<=", ">>=", "...",
  "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "::",
  "[", "]", "(", ")", "{", "}", ".", "&", "*", "+", "-", "~", "!", "/", "%", "<", ">", "^", "|", "?", ":", "=", ",", "@",
]; // biome-ignore format: a table

const FLOAT = /^(?:\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)([fFlL]?)(?![\w.])/;
const INTEGER = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([a-zA-Z]*)/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const DOLLAR = /^\$([A-Za-z_][A-Za-z0-9_]*|\$?\d*)/;

const SCOPED = /^(?:'([^'\n]+)'|([A-Za-z_][\w\-/]*(?:\.\w+)?))\s*::\s*([A-Za-z_]\w*)/;

/** Splits an expression into tokens, ended by one "end". Throws EvaluationError on what C does not know. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const space = /^\s+/.exec(rest);
    if (space) {
      at += space[0].length;
      continue;
    }
    const token = nextToken(rest);
    tokens.push(token.token);
    at += token.length;
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

function nextToken(rest: string): { token: Token; length: number } {
  const scoped = SCOPED.exec(rest);
  if (scoped) {
    const scope = scoped[1] ?? scoped[2]!;
    return { token: { kind: "scoped", scope, text: scoped[3]! }, length: scoped[0].length };
  }
  const name = NAME.exec(rest);
  if (name) return { token: { kind: "name", text: name[0] }, length: name[0].length };
  const dollar = DOLLAR.exec(rest);
  if (dollar) return { token: { kind: "dollar", text: dollar[1]! }, length: dollar[0].length };
  if (/^(\d|\.\d)/.test(rest)) return numberToken(rest);
  if (rest[0] === "'" || rest[0] === '"') return quoted(rest, rest[0]);
  const punctuator = PUNCTUATORS.find((each) => rest.startsWith(each));
  if (!punctuator) throw new EvaluationError(`Invalid character '${rest[0]}' in expression.`);
  return { token: { kind: "punctuator", text: punctuator }, length: punctuator.length };
}

function numberToken(rest: string): { token: Token; length: number } {
  const float = FLOAT.exec(rest);
  if (float) {
    const suffix = float[1]!.toLowerCase();
    const type = suffix === "f" ? BUILTIN.float : BUILTIN.double;
    const value = Number.parseFloat(float[0]);
    return { token: { kind: "float", value, type, text: float[0] }, length: float[0].length };
  }
  const match = INTEGER.exec(rest);
  if (!match || /^[\d.]/.test(rest.slice(match[0].length))) {
    const text = /^[\w.]+/.exec(rest)?.[0] ?? rest[0]!;
    throw new EvaluationError(`Invalid number "${text}".`);
  }
  const [text, digits, suffix] = match as unknown as [string, string, string];
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) throw new EvaluationError(`Invalid number "${text}".`);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const decimal = /^[1-9]/.test(digits);
  return {
    token: { kind: "integer", value, type: integerType(value, suffix, decimal, text), text },
    length: text.length,
  };
}

/** C11 6.4.4.1: the first type of the list that can hold the value. */
function integerType(value: bigint, suffix: string, decimal: boolean, text: string): Type {
  const lower = suffix.toLowerCase();
  if (!["", "u", "l", "ul", "lu", "ll", "ull", "llu"].includes(lower))
    throw new EvaluationError(`Invalid number "${text}".`);
  const unsigned = lower.includes("u");
  const long = lower.includes("l");
  if (value >= 1n << 64n) throw new EvaluationError("Numeric constant too large.");
  if (!long && !unsigned && value < 1n << 31n) return BUILTIN.int;
  if (!long && (unsigned || !decimal) && value < 1n << 32n) return BUILTIN.unsignedInt;
  const longLong = lower.includes("ll");
  if (!unsigned && value < 1n << 63n) return longLong ? BUILTIN.longLong : BUILTIN.long;
  return longLong ? BUILTIN.unsignedLongLong : BUILTIN.unsignedLong;
}

const SIMPLE: Record<string, number> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27, "\\": 92, "'": 39, '"': 34, "?": 63 }; // biome-ignore format: a table

/** A character or string literal with C's escapes. */
function quoted(rest: string, quote: string): { token: Token; length: number } {
  const bytes: number[] = [];
  let at = 1;
  while (at < rest.length && rest[at] !== quote) {
    if (rest[at] !== "\\") {
      bytes.push(...new TextEncoder().encode(String.fromCodePoint(rest.codePointAt(at)!)));
      at += rest.codePointAt(at)! > 0xffff ? 2 : 1;
      continue;
    }
    const escaped = /^\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(.))/.exec(rest.slice(at));
    if (!escaped) break;
    if (escaped[1]) bytes.push(Number.parseInt(escaped[1], 16) & 0xff);
    else if (escaped[2]) bytes.push(Number.parseInt(escaped[2], 8) & 0xff);
    else bytes.push(SIMPLE[escaped[3]!] ?? escaped[3]!.charCodeAt(0));
    at += escaped[0].length;
  }
  if (rest[at] !== quote)
    throw new EvaluationError(
      quote === '"' ? "Unterminated string in expression." : "Unmatched single quote.",
    );
  const text = rest.slice(0, at + 1);
  if (quote === '"') return { token: { kind: "string", bytes, text }, length: text.length };
  if (bytes.length !== 1)
    throw new EvaluationError(
      bytes.length === 0 ? "Empty character constant." : "Invalid character constant.",
    );
  const value = BigInt.asIntN(8, BigInt(bytes[0]!));
  return { token: { kind: "character", value, text }, length: text.length };
}
