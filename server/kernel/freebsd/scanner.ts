// The lexical rules of FreeBSD's configuration files (config(5)): text in, statements as lists of tokens out. Follows
// usr.sbin/config/lang.l, where the longest match wins and, at equal length, the first rule. Knows nothing of what the words mean.

export type TokenKind = "keyword" | "id" | "number" | "path" | "line" | "symbol";

export interface Token {
  kind: TokenKind;
  /** For "keyword" its one name ("options" for "option"); for "id" without quotes. */
  text: string;
  /** Offsets into the text, end exclusive. */
  start: number;
  end: number;
  /** From 1. */
  line: number;
}

const SAME: readonly (readonly [string, string])[] = [
  ["device", "devices"],
  ["nodevice", "nodevices"],
  ["makeoptions", "makeoption"],
  ["nomakeoptions", "nomakeoption"],
  ["options", "option"],
  ["nooptions", "nooption"],
];
const SINGLE = "config cpu nocpu env envvar hints ident machine maxusers profile include files".split(" ");
const KEYWORDS = new Map([
  ...SAME.flatMap(
    ([name, other]) =>
      [
        [name, name],
        [other, name],
      ] as const,
  ),
  ...SINGLE.map((name) => [name, name] as const),
]);

const BLANK = /(?:[ \t\f\r]|\n(?=[ \t])|#[^\n]*)+/y;
const BLANK_IN_LINE = /[ \t\f\r]+|#[^\n]*/y;
const WORD = /[A-Za-z_][-A-Za-z_0-9]*/y;
const ESCAPED = /\\"[^"]*\\"/y;
const QUOTED = /"[^"]+"/y;
const TO_END = /[^# \t\r\n]*/y;
const NUMBER = /0x[0-9a-fA-F]+|0[0-7]*|-?[1-9][0-9]*/y;
const PATH = /[./][-/.%^A-Za-z_0-9]+/y;
const ENVIRONMENT = /[^#\n]*/y;

/** Hands out one statement after the other; statements end at a newline or ";". */
export class Scanner {
  readonly text: string;
  private at = 0;
  private line = 1;
  /** After "=" a value goes to the next blank or comment (lang.l, TOEOL). */
  private afterEquals = false;

  constructor(text: string) {
    this.text = text;
  }

  /** The tokens of the next statement, maybe none; undefined at the end of the text. */
  statement(): Token[] | undefined {
    const tokens: Token[] = [];
    for (;;) {
      this.skip(this.afterEquals ? BLANK_IN_LINE : BLANK);
      if (this.at >= this.text.length) return tokens.length > 0 ? tokens : undefined;
      if (this.skip(/\n(?=[ \t])/y)) continue;
      if (this.skip(/[\n;]/y)) return tokens;
      const token = this.token();
      tokens.push(token);
      if (token.kind === "keyword" && token.text === "envvar")
        tokens.push(this.make("line", this.match(ENVIRONMENT).length));
    }
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? "";
  }

  private skip(pattern: RegExp): boolean {
    const { length } = this.match(pattern);
    if (length > 0) this.make("symbol", length);
    return length > 0;
  }

  private make(kind: TokenKind, length: number, text?: string): Token {
    const start = this.at;
    const token = {
      kind,
      text: text ?? this.text.slice(start, start + length),
      start,
      end: start + length,
      line: this.line,
    };
    for (let i = start; i < token.end; i++) if (this.text.charCodeAt(i) === 10) this.line++;
    this.at = token.end;
    return token;
  }

  private token(): Token {
    const value = this.afterEquals ? this.match(TO_END) : "";
    const [word, escaped, quoted, number, path] = [WORD, ESCAPED, QUOTED, NUMBER, PATH].map((pattern) =>
      this.match(pattern),
    ) as [string, string, string, string, string];
    const longest = Math.max(
      word.length,
      escaped.length,
      quoted.length,
      value.length,
      number.length,
      path.length,
    );
    if (longest === 0) return this.symbol();
    this.afterEquals = false;
    if (word.length === longest) {
      const keyword = KEYWORDS.get(word);
      return keyword === undefined ? this.make("id", longest) : this.make("keyword", longest, keyword);
    }
    if (escaped.length === longest) return this.make("id", longest, `"${escaped.slice(2, -2)}"`);
    if (quoted.length === longest) return this.make("id", longest, quoted.slice(1, -1));
    if (value.length === longest) return this.make("id", longest);
    return number.length === longest ? this.make("number", longest) : this.make("path", longest);
  }

  private symbol(): Token {
    if (this.text.startsWith("+=", this.at)) {
      this.afterEquals = true;
      return this.make("symbol", 2);
    }
    const token = this.make("symbol", 1);
    if (token.text === "=") this.afterEquals = true;
    return token;
  }
}
