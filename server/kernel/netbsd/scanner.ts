// The lexical rules of NetBSD's config(5): text in, tokens out, conditionals (`ifdef`) already taken. Follows usr.bin/config/scan.l, where
// the longest match wins and, at equal length, the first rule. Knows nothing of what the words mean.

export type TokenKind =
  | "word"
  | "keyword"
  | "path"
  | "string"
  | "empty"
  | "number"
  | "symbol"
  | "newline"
  | "include"
  | "end";

export interface Token {
  kind: TokenKind;
  /** The word; for "string" what stands between the quotes, for "include" the path. */
  text: string;
  /** Offsets into the text, end exclusive. */
  start: number;
  end: number;
  /** From 1. */
  line: number;
  /** For "include": include, cinclude or package. */
  directive?: IncludeDirective;
}

export type IncludeDirective = "include" | "cinclude" | "package";

export interface ScannerEvents {
  /** Is this an attribute? (`ifdef` asks for attributes, not for options: config(5), "ifdef attribute".) */
  isAttribute(name: string): boolean;
  error(line: number, message: string): void;
}

const KEYWORDS = new Set(
  (
    "and at attach block build char compile-with config deffs define defflag defopt defparam defpseudo defpseudodev devclass device " +
    "device-major dumps file file-system flags ident ioconf linkzero machine major makeoptions maxpartitions maxusers minor needs-count " +
    "needs-flag no object obsolete on options prefix buildprefix pseudo-device pseudo-root root select single source type vector version with"
  ).split(" "),
);

export const isKeyword = (word: string): boolean => KEYWORDS.has(word);

const PATH = /[A-Za-z_0-9]*[./][-A-Za-z_0-9./]*/y;
const WORD = /[A-Za-z_][-A-Za-z_0-9]*/y;
const QUOTED = /"(?:\\[^\n]|[^\\"])*"/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*/y;
const BLANK = /(?:[ \t\r]|#[^\n]*)+/y;
const INCLUDE =
  /(include|cinclude|package)[ \t]+("(?:\\[^\n]|[^\\"])*"|[A-Za-z_0-9]*[./][-A-Za-z_0-9./]*)[ \t\r]*(?:#[^\n]*)?\n/y;
const CONDITIONAL =
  "(?:(ifdef|ifndef|elifdef|elifndef)[ \\t]+([A-Za-z_][-A-Za-z_0-9]*)|(else|endif))[ \\t\\r]*(?:#[^\\n]*)?\\n";
const CONDITIONAL_HERE = new RegExp(CONDITIONAL, "y");
const CONDITIONAL_AHEAD = new RegExp(CONDITIONAL, "g");

interface Conditional {
  line: number;
  parentActive: boolean;
  /** A branch was taken already. */
  taken: boolean;
  sawElse: boolean;
  active: boolean;
}

/** Hands out the tokens of one text. After the last it hands out "end" for ever. */
export class Scanner {
  readonly text: string;
  private readonly events: ScannerEvents;
  private readonly conditionals: Conditional[] = [];
  private at = 0;
  private line = 1;

  constructor(text: string, events: ScannerEvents) {
    this.text = text;
    this.events = events;
  }

  next(): Token {
    for (;;) {
      if (!this.active) this.skipInactive();
      this.skipBlanks();
      if (this.at >= this.text.length) return this.endOfText();
      if (this.takeConditional(CONDITIONAL_HERE)) continue;
      if (this.takeContinuation()) continue;
      return this.includeLine() ?? this.lineEnd() ?? this.longestMatch();
    }
  }

  private get active(): boolean {
    return this.conditionals.at(-1)?.active ?? true;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  private skipBlanks() {
    this.at += this.match(BLANK)?.[0].length ?? 0;
  }

  private make(kind: TokenKind, length: number, text: string): Token {
    const token = { kind, text, start: this.at, end: this.at + length, line: this.line };
    for (let i = token.start; i < token.end; i++) if (this.text.charCodeAt(i) === 10) this.line++;
    this.at = token.end;
    return token;
  }

  /** In a branch that is not taken everything but conditionals is passed over, comments too (scan.l, state IGNORED). */
  private skipInactive() {
    CONDITIONAL_AHEAD.lastIndex = this.at;
    const found = CONDITIONAL_AHEAD.exec(this.text);
    const stop = found?.index ?? this.text.length;
    this.make("newline", stop - this.at, "");
  }

  private takeConditional(pattern: RegExp): boolean {
    const match = this.match(pattern);
    if (match === null) return false;
    const line = this.line;
    this.make("newline", match[0].length, "");
    const [, test, name, other] = match;
    if (other === "endif") this.endif(line);
    else if (other === "else") this.otherwise(line, "else", true);
    else {
      const holds = this.events.isAttribute(name!) === (test === "ifdef" || test === "elifdef");
      if (test!.startsWith("elif")) this.otherwise(line, test!, holds);
      else
        this.conditionals.push({
          line,
          parentActive: this.active,
          taken: holds,
          sawElse: false,
          active: this.active && holds,
        });
    }
    return true;
  }

  private otherwise(line: number, directive: string, holds: boolean) {
    const top = this.conditionals.at(-1);
    if (top === undefined || top.sawElse) return this.events.error(line, `mismatched ${directive}`);
    top.active = top.parentActive && !top.taken && holds;
    top.taken ||= holds;
    top.sawElse = directive === "else";
  }

  private endif(line: number) {
    if (this.conditionals.pop() === undefined) this.events.error(line, "mismatched endif");
  }

  private endOfText(): Token {
    for (const open of this.conditionals.splice(0)) {
      this.events.error(open.line, "no endif before the end of the file");
    }
    return this.make("end", 0, "");
  }

  private includeLine(): Token | undefined {
    const match = this.match(INCLUDE);
    if (match === null) return undefined;
    const path = match[2]!.startsWith('"') ? match[2]!.slice(1, -1) : match[2]!;
    return { ...this.make("include", match[0].length, path), directive: match[1] as IncludeDirective };
  }

  /** A newline before white space continues the line (config(5); scan.l, "\n[ \t]"). */
  private takeContinuation(): boolean {
    if (this.text[this.at] !== "\n" || !/[ \t]/.test(this.text[this.at + 1] ?? "")) return false;
    this.make("newline", 1, "");
    return true;
  }

  private lineEnd(): Token | undefined {
    return this.text[this.at] === "\n" ? this.make("newline", 1, "\n") : undefined;
  }

  private longestMatch(): Token {
    const path = this.match(PATH)?.[0] ?? "";
    const word = this.match(WORD)?.[0] ?? "";
    const number = this.match(NUMBER)?.[0] ?? "";
    const longest = Math.max(path.length, word.length, number.length);
    if (longest > 0) {
      if (word.length === longest && KEYWORDS.has(word)) return this.make("keyword", longest, word);
      if (path.length === longest) return this.make("path", longest, path);
      if (word.length === longest) return this.make("word", longest, word);
      return this.make("number", longest, number);
    }
    const quoted = this.match(QUOTED)?.[0];
    if (quoted !== undefined)
      return this.make(quoted === '""' ? "empty" : "string", quoted.length, quoted.slice(1, -1));
    const two = this.text.slice(this.at, this.at + 2);
    if (two === "+=" || two === ":=") return this.make("symbol", 2, two);
    if (this.text[this.at] === "\0") this.events.error(this.line, "there is a NUL character in the file");
    return this.make("symbol", 1, this.text[this.at]!);
  }
}
