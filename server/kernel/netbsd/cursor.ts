// A cursor over the tokens of one statement, with the small nonterminals that many statements share (usr.bin/config/gram.y, "Various
// nonterminals shared between the grammars"). A token that does not fit throws SyntaxFailure, which ends the statement and nothing else.

import type { Token, TokenKind } from "./scanner.ts";
import type { Condition, Name } from "./statements.ts";

/** What stands there does not fit the grammar; never leaves the parser. */
export class SyntaxFailure extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Parentheses and `!` deeper than this are refused: nobody writes them, and recursion must end. */
const DEEPEST = 200;

export class Cursor {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  done(): boolean {
    return this.at >= this.tokens.length;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (
      token !== undefined && token.text === text && (token.kind === "keyword" || token.kind === "symbol")
    );
  }

  isKind(kind: TokenKind, ahead = 0): boolean {
    return this.peek(ahead)?.kind === kind;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected "${text}"`);
  }

  fail(expected: string): never {
    const token = this.peek() ?? this.tokens.at(-1);
    const found = this.done() ? "the end of the line" : `"${token?.text ?? ""}"`;
    throw new SyntaxFailure(token?.line ?? 0, `syntax error: ${expected}, found ${found}`);
  }

  private take(kinds: readonly TokenKind[], expected: string): Token {
    const token = this.peek();
    if (token === undefined || !kinds.includes(token.kind)) this.fail(`expected ${expected}`);
    this.at++;
    return token;
  }

  name(expected = "a name"): Name {
    const { text, line, start } = this.take(["word"], expected);
    return { text, line, start };
  }

  fileName(): string {
    return this.take(["string", "path"], "a file name").text;
  }

  string(expected = "a word or string"): string {
    return this.take(["string", "word"], expected).text;
  }

  /** A signed number in config(1)'s spelling: octal and hexadecimal stay so, leading zeros go (gram.y, FORMAT). */
  numberText(): string {
    const negative = this.accept("-");
    const { text } = this.take(["number"], "a number");
    const size = BigInt.asIntN(64, BigInt(/^0[0-7]/.test(text) ? `0o${text.slice(1)}` : text));
    const value = BigInt.asIntN(64, negative ? -size : size);
    if (/^0[xX]/.test(text)) return `0x${BigInt.asUintN(64, value).toString(16)}`;
    if (text.startsWith("0") && value !== 0n) return `0${BigInt.asUintN(64, value).toString(8)}`;
    return value.toString();
  }

  /** A number that fits 32 bits ("int32" of gram.y, without a sign). */
  integer(): number {
    const token = this.take(["number"], "a number");
    const value = Number(/^0[0-7]/.test(token.text) ? `0o${token.text.slice(1)}` : token.text);
    if (value > 0x7fffffff) throw new SyntaxFailure(token.line, `the number ${token.text} is too large`);
    return value;
  }

  value(): string {
    if (this.isKind("number") || this.is("-")) return this.numberText();
    return this.take(["string", "word", "empty"], "a value").text;
  }

  /** One or more, separated by commas. */
  commaList<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(",")) items.push(item());
    return items;
  }

  condition(depth = 0): Condition {
    if (depth > DEEPEST) this.fail("expected a condition that is nested less deeply");
    return this.joined("or", "|", () => this.joined("and", "&", () => this.primary(depth)));
  }

  /** One part, or several joined by an operator. */
  private joined(kind: "and" | "or", operator: string, part: () => Condition): Condition {
    const first = part();
    const of = [first];
    while (this.accept(operator)) of.push(part());
    return of.length === 1 ? first : { kind, of };
  }

  private primary(depth: number): Condition {
    if (this.accept("(")) {
      const inner = this.condition(depth + 1);
      this.expect(")");
      return inner;
    }
    const negated = this.accept("!");
    const atom: Condition = { kind: "atom", name: this.name("a name, `!' or `('").text };
    return negated ? { kind: "not", of: atom } : atom;
  }
}
