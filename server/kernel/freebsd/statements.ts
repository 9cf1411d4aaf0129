// The statements of FreeBSD's configuration files as plain data, and their parser: the tokens of a line in, a statement out
// (usr.sbin/config/config.y). Knows nothing of what they do.

import type { Origin } from "../origin.ts";
import type { Token } from "./scanner.ts";

export interface Setting {
  name: string;
  value?: string;
  line: number;
}

export type StatementBody =
  | { kind: "machine"; machine: string; arch?: string }
  | {
      kind: "cpu" | "nocpu" | "ident" | "include" | "files" | "hints" | "env" | "envvar" | "config";
      name: string;
    }
  | { kind: "device" | "nodevice" | "nooptions" | "nomakeoptions"; names: { name: string; line: number }[] }
  | { kind: "options"; settings: Setting[] }
  | { kind: "makeoptions"; settings: (Setting & { append: boolean })[] }
  | { kind: "maxusers" | "profile"; value: number };

export type Statement = StatementBody & { origin: Origin };

export type ParseResult = StatementBody | { error: string; line: number };

class SyntaxFailure extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Parses one line (`tokens` is not empty). Never throws. */
export function parseStatement(tokens: readonly Token[]): ParseResult {
  const cursor = new Cursor(tokens);
  try {
    const body = parseBody(cursor);
    if (cursor.peek() !== undefined) cursor.fail("the end of the line");
    return body;
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return { error: failure.message, line: failure.line };
    throw failure;
  }
}

class Cursor {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token | undefined {
    return this.tokens[this.at];
  }

  next(): Token | undefined {
    return this.tokens[this.at++];
  }

  accept(symbol: string): boolean {
    const token = this.peek();
    if (token?.kind !== "symbol" || token.text !== symbol) return false;
    this.at++;
    return true;
  }

  take(expected: string, ...kinds: Token["kind"][]): Token {
    const token = this.peek();
    if (token === undefined || !kinds.includes(token.kind)) this.fail(expected);
    this.at++;
    return token;
  }

  fail(expected: string): never {
    const token = this.peek();
    const found = token === undefined ? "the end of the line" : `"${token.text}"`;
    throw new SyntaxFailure(
      (token ?? this.tokens.at(-1))?.line ?? 1,
      `syntax error: expected ${expected}, found ${found}`,
    );
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(",")) items.push(item());
    return items;
  }
}

function parseBody(cursor: Cursor): StatementBody {
  const keyword = cursor.take("a keyword", "keyword").text;
  const name = () => cursor.take("a name", "id");
  switch (keyword) {
    case "machine": {
      const machine = name().text;
      return { kind: "machine", machine, ...(cursor.peek() === undefined ? {} : { arch: name().text }) };
    }
    case "include":
      return { kind: "include", name: cursor.take("a file name", "id", "path").text };
    case "envvar":
      return { kind: "envvar", name: cursor.take("a variable", "line").text.trim() };
    case "cpu":
    case "nocpu":
    case "ident":
    case "files":
    case "hints":
    case "env":
    case "config":
      return { kind: keyword, name: name().text };
    case "device":
    case "nodevice":
    case "nooptions":
    case "nomakeoptions":
      return { kind: keyword, names: cursor.list(name).map(({ text, line }) => ({ name: text, line })) };
    case "options":
      return { kind: "options", settings: cursor.list(() => setting(cursor)) };
    case "makeoptions":
      return { kind: "makeoptions", settings: cursor.list(() => makeSetting(cursor)) };
    case "maxusers":
    case "profile":
      return { kind: keyword, value: Number(cursor.take("a number", "number").text) };
    default:
      return cursor.fail("a statement");
  }
}

/** "NAME" or "NAME=value" */
function setting(cursor: Cursor): Setting {
  const { text, line } = cursor.take("an option", "id");
  if (!cursor.accept("=")) return { name: text, line };
  return { name: text, line, value: cursor.take("a value", "id", "number").text };
}

/** "NAME", "NAME=", "NAME=value", "NAME+=value" */
function makeSetting(cursor: Cursor): Setting & { append: boolean } {
  const { text, line } = cursor.take("a variable of make", "id");
  const append = cursor.accept("+=");
  const hasValue = append || cursor.accept("=");
  const kind = cursor.peek()?.kind;
  const value =
    hasValue && (append || kind === "id" || kind === "number")
      ? cursor.take("a value", "id", "number").text
      : "";
  return { name: text, line, value, append };
}
