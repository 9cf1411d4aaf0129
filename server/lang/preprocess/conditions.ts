// The value of an `#if` line under the macros of the moment. NaN is "not known": a condition that cannot be computed.
import type { Expander } from "./expand.ts";
import { CHARACTER, NAME, NUMBER, type Spellings } from "./tokens.ts";

/** What a binary operator binds with, and what it does; `&&` and `||` are apart, since they may know without both sides. */
const BINARY: Record<string, [number, (a: number, b: number) => number]> = {
  "*": [10, (a, b) => a * b],
  "/": [10, (a, b) => (b === 0 ? Number.NaN : Math.trunc(a / b))],
  "%": [10, (a, b) => (b === 0 ? Number.NaN : a % b)],
  "+": [9, (a, b) => a + b],
  "-": [9, (a, b) => a - b],
  "<<": [8, (a, b) => a * 2 ** b],
  ">>": [8, (a, b) => Math.floor(a / 2 ** b)],
  "<": [7, (a, b) => truth(a < b, a, b)],
  ">": [7, (a, b) => truth(a > b, a, b)],
  "<=": [7, (a, b) => truth(a <= b, a, b)],
  ">=": [7, (a, b) => truth(a >= b, a, b)],
  "==": [6, (a, b) => truth(a === b, a, b)],
  "!=": [6, (a, b) => truth(a !== b, a, b)],
  "&": [5, (a, b) => bits(a, b, (x, y) => x & y)],
  "^": [4, (a, b) => bits(a, b, (x, y) => x ^ y)],
  "|": [3, (a, b) => bits(a, b, (x, y) => x | y)],
  "&&": [2, and],
  "||": [1, or],
};

const known = (a: number): boolean => !Number.isNaN(a);
const truth = (value: boolean, a: number, b: number): number =>
  known(a) && known(b) ? Number(value) : Number.NaN;

function bits(a: number, b: number, combine: (x: bigint, y: bigint) => bigint): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.NaN;
  return Number(BigInt.asIntN(64, combine(BigInt(Math.trunc(a)), BigInt(Math.trunc(b)))));
}

/** False and anything is false, true or anything is true: also where the other side is not known. */
function and(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return known(a) && known(b) ? 1 : Number.NaN;
}

function or(a: number, b: number): number {
  if ((known(a) && a !== 0) || (known(b) && b !== 0)) return 1;
  return known(a) && known(b) ? 0 : Number.NaN;
}

export class Conditions {
  readonly #spellings: Spellings;
  readonly #expander: Expander;
  readonly #defined: number;
  readonly #open: number;
  readonly #operators = new Map<number, [number, (a: number, b: number) => number]>();
  #ids: ArrayLike<number> = [];
  #at = 0;
  #to = 0;

  constructor(spellings: Spellings, expander: Expander) {
    this.#spellings = spellings;
    this.#expander = expander;
    this.#defined = spellings.id("defined");
    this.#open = spellings.id("(");
    for (const [text, rule] of Object.entries(BINARY)) this.#operators.set(spellings.id(text), rule);
  }

  /** The value of the tokens [from, to); NaN when it cannot be known. */
  evaluate(ids: ArrayLike<number>, from: number, to: number, loc: number): number {
    const single = this.#simple(ids, from, to);
    if (single !== undefined) return single;
    const tokens = this.#withoutDefined(ids, from, to);
    const places = tokens.map(() => loc);
    this.#ids = this.#expander.expandAll(tokens, places, places.fill(0)).ids.map((id) => id & ~(1 << 30));
    this.#at = 0;
    this.#to = this.#ids.length;
    if (this.#to === 0) return Number.NaN;
    const value = this.#conditional();
    return this.#at === this.#to ? value : Number.NaN;
  }

  /** The frequent conditions, without any list: `defined(X)`, `defined X`, their negation, a number. */
  #simple(ids: ArrayLike<number>, from: number, to: number): number | undefined {
    let at = from;
    let negated = false;
    while (at < to && this.#spellings.text(ids[at]!) === "!") {
      negated = !negated;
      at++;
    }
    if (to - at === 1 && this.#spellings.kind(ids[at]!) === NUMBER) {
      const value = numberValue(this.#spellings.text(ids[at]!));
      return negated ? (value === 0 ? 1 : 0) : value;
    }
    if (ids[at] !== this.#defined) return undefined;
    const name =
      to - at === 2 ? ids[at + 1]! : to - at === 4 && ids[at + 1] === this.#open ? ids[at + 2]! : 0;
    if (name === 0) return undefined;
    return (this.#expander.table[name] !== undefined) !== negated ? 1 : 0;
  }

  #withoutDefined(ids: ArrayLike<number>, from: number, to: number): number[] {
    const out: number[] = [];
    for (let at = from; at < to; at++) {
      if (ids[at] !== this.#defined) {
        out.push(ids[at]!);
        continue;
      }
      const paren = ids[at + 1] === this.#open;
      const name = ids[paren ? at + 2 : at + 1];
      out.push(
        this.#spellings.id(name !== undefined && this.#expander.table[name] !== undefined ? "1" : "0"),
      );
      at += paren ? 3 : 1;
    }
    return out;
  }

  #text(): string {
    return this.#at < this.#to ? this.#spellings.text(this.#ids[this.#at]!) : "";
  }

  #conditional(): number {
    const condition = this.#binary(1);
    if (this.#text() !== "?") return condition;
    this.#at++;
    const yes = this.#conditional();
    if (this.#text() === ":") this.#at++;
    const no = this.#conditional();
    if (Number.isNaN(condition)) return yes === no ? yes : Number.NaN;
    return condition !== 0 ? yes : no;
  }

  #binary(least: number): number {
    let left = this.#unary();
    for (;;) {
      const rule = this.#at < this.#to ? this.#operators.get(this.#ids[this.#at]!) : undefined;
      if (rule === undefined || rule[0] < least) return left;
      this.#at++;
      left = rule[1](left, this.#binary(rule[0] + 1));
    }
  }

  #unary(): number {
    if (this.#at >= this.#to) return Number.NaN;
    const id = this.#ids[this.#at++]!;
    const text = this.#spellings.text(id);
    if (text === "!") {
      const value = this.#unary();
      return Number.isNaN(value) ? value : value === 0 ? 1 : 0;
    }
    if (text === "-") return -this.#unary();
    if (text === "+") return this.#unary();
    if (text === "~") return -1 - this.#unary();
    if (text === "(") {
      const value = this.#conditional();
      if (this.#text() === ")") this.#at++;
      return value;
    }
    const kind = this.#spellings.kind(id);
    if (kind === NUMBER) return numberValue(text);
    if (kind === CHARACTER) return text.charCodeAt(1);
    if (kind !== NAME) return Number.NaN;
    if (this.#text() !== "(") return 0;
    return this.#test(text);
  }

  /** `__has_feature(x)` and its like: this compiler has none of them. */
  #test(name: string): number {
    let depth = 0;
    do {
      const text = this.#text();
      if (text === "(") depth++;
      else if (text === ")") depth--;
      this.#at++;
    } while (depth > 0 && this.#at < this.#to);
    return /^__has_/.test(name) ? 0 : Number.NaN;
  }
}

function numberValue(text: string): number {
  const digits = text.replace(/[uUlL]+$/, "");
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  return Number(digits);
}
