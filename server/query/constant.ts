// The value of a macro that is an integer constant (C11 6.6), found as the preprocessor and the compiler find it: macros are expanded from
// their texts (6.10.3), the result is computed with C's types as they are where int has 32 bits and long and pointers have 64.
// What is no constant (a variable, a call, a string, `##`) has no value.
import type { MacroText } from "./macro.ts";

export interface Constant {
  readonly value: bigint;
  readonly type: IntegerType;
}

interface IntegerType {
  readonly bits: 32 | 64;
  readonly signed: boolean;
}

const INT: IntegerType = { bits: 32, signed: true };
const SIZE: IntegerType = { bits: 64, signed: false };

/** Tokens that an expansion may come to. */
const MAX_TOKENS = 2000;
const MAX_DEPTH = 60;

class NoConstant extends Error {}

/** The value of the object-like macro `name`; undefined where it has none. `lookup` gives the text of a macro. */
export function constantOf(
  name: string,
  lookup: (name: string) => MacroText | undefined,
): Constant | undefined {
  const macro = lookup(name);
  if (macro === undefined || macro.parameters !== undefined) return undefined;
  try {
    const tokens = expand(tokensOf(macro.body), lookup, [name]);
    return tokens.length === 0 ? undefined : new Evaluator(tokens).whole();
  } catch (error) {
    if (error instanceof NoConstant) return undefined;
    throw error;
  }
}

const token =
  /\s*(?:([A-Za-z_]\w*|\.?\d[\w.]*|'(?:\\.|[^'\\])+')|(<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>=&|^~!?:(),]))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (!match || tokens.length > MAX_TOKENS) throw new NoConstant();
    tokens.push(match[1] ?? match[2]!);
  }
  return tokens;
}

const isName = (text: string | undefined): text is string => text !== undefined && /^[A-Za-z_]/.test(text);

/** `within`: the macros that are being expanded, which stay as they are (6.10.3.4). */
function expand(
  tokens: readonly string[],
  lookup: (name: string) => MacroText | undefined,
  within: readonly string[],
): string[] {
  if (within.length > MAX_DEPTH) throw new NoConstant();
  const out: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const one = tokens[at]!;
    const macro = isName(one) && !within.includes(one) && !types.has(one) ? lookup(one) : undefined;
    if (macro === undefined || (macro.parameters !== undefined && tokens[at + 1] !== "(")) out.push(one);
    else if (macro.parameters === undefined)
      out.push(...expand(tokensOf(macro.body), lookup, [...within, one]));
    else {
      const { given, end } = argumentsAt(tokens, at + 1);
      const expanded = given.map((argument) => expand(argument, lookup, within));
      out.push(...expand(substitute(macro.parameters, macro.body, expanded), lookup, [...within, one]));
      at = end;
    }
    if (out.length > MAX_TOKENS) throw new NoConstant();
  }
  return out;
}

/** What stands between the parentheses that open at `open`, split at commas, and where they close. */
function argumentsAt(tokens: readonly string[], open: number): { given: string[][]; end: number } {
  const given: string[][] = [[]];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const one = tokens[at]!;
    if (one === "(" && depth++ === 0) continue;
    if (one === ")" && --depth === 0) return { given, end: at };
    if (one === "," && depth === 1) given.push([]);
    else given.at(-1)!.push(one);
  }
  throw new NoConstant();
}

function substitute(parameters: readonly string[], body: string, given: readonly string[][]): string[] {
  if (given.length !== parameters.length && !(parameters.length === 0 && given[0]!.length === 0))
    throw new NoConstant();
  return tokensOf(body).flatMap((one) => given[parameters.indexOf(one)] ?? [one]);
}

const types = new Map<string, number>(
  Object.entries({
    char: 8, short: 16, int: 32, long: 64, signed: 32, unsigned: -32, _Bool: -8, u_char: -8, u_short: -16, u_int: -32, u_long: -64,
    int8_t: 8, int16_t: 16, int32_t: 32, int64_t: 64, intmax_t: 64, intptr_t: 64, ssize_t: 64, register_t: 64,
    uint8_t: -8, uint16_t: -16, uint32_t: -32, uint64_t: -64, uintmax_t: -64, uintptr_t: -64, size_t: -64,
    u_int8_t: -8, u_int16_t: -16, u_int32_t: -32, u_int64_t: -64,
  }),
); // biome-ignore format: a table

/** Bits of the type that these words name, negative for an unsigned one. */
function bitsOf(words: readonly string[]): number {
  if (words.some((word) => !types.has(word))) throw new NoConstant();
  const size = ["char", "short", "long"].find((word) => words.includes(word));
  const bits = size === undefined ? Math.abs(types.get(words[0]!)!) : Math.abs(types.get(size)!);
  return words.some((word) => types.get(word)! < 0) ? -bits : bits;
}

/** Computes an expression as it parses it; `evaluated` is false in the branch that C does not evaluate (6.5.15). */
class Evaluator {
  #at = 0;
  #evaluated = true;

  constructor(readonly tokens: readonly string[]) {}

  whole(): Constant {
    const found = this.#conditional();
    if (this.#at !== this.tokens.length) throw new NoConstant();
    return found;
  }

  #take(text: string): boolean {
    const isNext = this.tokens[this.#at] === text;
    if (isNext) this.#at++;
    return isNext;
  }

  #need(text: string): void {
    if (!this.#take(text)) throw new NoConstant();
  }

  #conditional(): Constant {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const first = this.#branch(condition.value !== 0n);
    this.#need(":");
    const second = this.#branch(condition.value === 0n);
    return convert(condition.value !== 0n ? first : second, common(first.type, second.type));
  }

  #branch(isTaken: boolean): Constant {
    const before = this.#evaluated;
    this.#evaluated = before && isTaken;
    const found = this.#conditional();
    this.#evaluated = before;
    return found;
  }

  #binary(level: number): Constant {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.tokens[this.#at]; operator !== undefined; operator = this.tokens[this.#at]) {
      if (!operators.includes(operator)) break;
      this.#at++;
      const right = this.#binary(level + 1);
      left = this.#evaluated ? compute(operator, left, right) : left;
    }
    return left;
  }

  #unary(): Constant {
    const one = this.tokens[this.#at++];
    if (one === "sizeof") return this.#sizeof();
    if (one === "(") return this.#parenthesis();
    if (one === "+") return this.#unary();
    if (one === "-" || one === "~") {
      const { value, type } = this.#unary();
      return wrapped(one === "-" ? -value : ~value, type);
    }
    if (one === "!") return truth(this.#unary().value === 0n);
    return literal(one);
  }

  #sizeof(): Constant {
    this.#need("(");
    const bits = bitsOf(this.#words());
    this.#need(")");
    return { value: BigInt(Math.abs(bits) / 8), type: SIZE };
  }

  #parenthesis(): Constant {
    const words = this.#words();
    if (words.length === 0) {
      const inside = this.#conditional();
      this.#need(")");
      return inside;
    }
    this.#need(")");
    const bits = bitsOf(words);
    const { value } = this.#unary();
    const cut = bits < 0 ? BigInt.asUintN(-bits, value) : BigInt.asIntN(bits, value);
    // A type narrower than int is promoted to it (6.3.1.1).
    return { value: cut, type: Math.abs(bits) < 32 ? INT : { bits: bits === 64 || bits === -64 ? 64 : 32, signed: bits > 0 } };
  } // biome-ignore format: one shape

  /** The words of a type's name; none where an expression begins. */
  #words(): string[] {
    const start = this.#at;
    while (types.has(this.tokens[this.#at] ?? "")) this.#at++;
    return this.tokens.slice(start, this.#at);
  }
}

const levels = [
  ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
]; // biome-ignore format: from the loosest to the tightest

function common(a: IntegerType, b: IntegerType): IntegerType {
  if (a.bits === b.bits) return { bits: a.bits, signed: a.signed && b.signed };
  return a.bits > b.bits ? a : b;
}

const wrapped = (value: bigint, type: IntegerType): Constant => ({
  value: type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value),
  type,
});

const convert = ({ value }: Constant, type: IntegerType): Constant => wrapped(value, type);
const truth = (is: boolean): Constant => ({ value: is ? 1n : 0n, type: INT });

function compute(operator: string, left: Constant, right: Constant): Constant {
  if (operator === "&&") return truth(left.value !== 0n && right.value !== 0n);
  if (operator === "||") return truth(left.value !== 0n || right.value !== 0n);
  if (operator === "<<" || operator === ">>") {
    // Not defined beyond the width (6.5.7).
    if (right.value < 0n || right.value >= BigInt(left.type.bits)) throw new NoConstant();
    return wrapped(operator === "<<" ? left.value << right.value : left.value >> right.value, left.type);
  }
  const type = common(left.type, right.type);
  const [a, b] = [convert(left, type).value, convert(right, type).value];
  switch (operator) {
    case "==": return truth(a === b);
    case "!=": return truth(a !== b);
    case "<": return truth(a < b);
    case ">": return truth(a > b);
    case "<=": return truth(a <= b);
    case ">=": return truth(a >= b);
    case "|": return wrapped(a | b, type);
    case "^": return wrapped(a ^ b, type);
    case "&": return wrapped(a & b, type);
    case "+": return wrapped(a + b, type);
    case "-": return wrapped(a - b, type);
    case "*": return wrapped(a * b, type);
  } // biome-ignore format: a table
  if (b === 0n) throw new NoConstant();
  return wrapped(operator === "/" ? a / b : a % b, type);
}

const escapes: Record<string, number> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  0: 0,
  "\\": 92,
  "'": 39,
  '"': 34,
};

/** A number or a character (6.4.4); the first type that can hold it. */
function literal(text: string | undefined): Constant {
  const character = /^'(?:\\(.)|([^\\]))'$/.exec(text ?? "");
  if (character) {
    const code = character[2]?.charCodeAt(0) ?? escapes[character[1]!];
    if (code === undefined) throw new NoConstant();
    return { value: BigInt(code), type: INT };
  }
  const number = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)([uU]?[lL]{0,2}|[lL]{1,2}[uU])$/.exec(text ?? "");
  if (!number || (/^0\d/.test(number[1]!) && /[89]/.test(number[1]!))) throw new NoConstant();
  const digits = number[1]!;
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const suffix = number[2]!.toLowerCase();
  const isDecimal = /^[1-9]/.test(digits);
  const candidates = [INT, { bits: 32, signed: false }, { bits: 64, signed: true }, SIZE] as const;
  const type = candidates.find(
    (one) =>
      (!suffix.includes("l") || one.bits === 64) &&
      (!suffix.includes("u") || !one.signed) &&
      (one.signed || suffix.includes("u") || !isDecimal) &&
      wrapped(value, one).value === value,
  );
  if (type === undefined) throw new NoConstant();
  return { value, type };
}
