// The words of FreeBSD's sys/conf/files* and options*: lines of words, "\" at the end of a line goes on, quotes where a string is
// expected (usr.sbin/config/main.c, get_word and get_quoted_word). Text in, lines of words out.

import type { Origin, SourceText } from "../origin.ts";

export interface Line {
  words: string[];
  origin: Origin;
}

/** Words behind which a string may stand in quotes. */
const BEFORE_STRING = new Set(["compile-with", "dependency", "clean", "warning", "obj-prefix", "include"]);

/** The lines of a text that hold words; lines that start with "#" are comments. */
export function readLines(source: SourceText, error: (line: number, message: string) => void): Line[] {
  const lines: Line[] = [];
  const scanner = new WordScanner(source.text, error);
  for (let line = scanner.line(); line !== undefined; line = scanner.line()) {
    if (line.words.length === 0 || line.words[0]!.startsWith("#")) continue;
    const { words, start, end, number } = line;
    lines.push({ words, origin: { source, line: number, start, end } });
  }
  return lines;
}

const WORD = /\S+/y;

class WordScanner {
  private readonly text: string;
  private readonly error: (line: number, message: string) => void;
  private at = 0;
  private number = 1;

  constructor(text: string, error: (line: number, message: string) => void) {
    this.text = text;
    this.error = error;
  }

  line(): { words: string[]; start: number; end: number; number: number } | undefined {
    if (this.at >= this.text.length) return undefined;
    const words: string[] = [];
    let start = this.at;
    let number = this.number;
    let end = this.at;
    for (;;) {
      this.skipBlanks();
      const character = this.text[this.at];
      if (character === undefined || character === "\n") break;
      if (words.length === 0) [start, number] = [this.at, this.number];
      words.push(BEFORE_STRING.has(words.at(-1) ?? "") ? this.string() : this.word());
      end = this.at;
    }
    this.pass(1);
    return { words, start, end, number };
  }

  private pass(count: number) {
    for (let i = 0; i < count; i++, this.at++) if (this.text[this.at] === "\n") this.number++;
  }

  /** A backslash between words is passed over, and with it the end of the line behind it. */
  private skipBlanks() {
    let escaped = false;
    for (;;) {
      const character = this.text[this.at];
      if (character === "\\") escaped = true;
      else if (character === "\n" && escaped) escaped = false;
      else if (character === "\n" || character === undefined || /\S/.test(character)) return;
      this.pass(1);
    }
  }

  /** To the next white space; "!" is a word by itself. */
  private word(): string {
    WORD.lastIndex = this.at;
    const word = this.text[this.at] === "!" ? "!" : (WORD.exec(this.text)?.[0] ?? "");
    this.at += word.length;
    return word;
  }

  private string(): string {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return this.word();
    const first = this.number;
    this.pass(1);
    let text = "";
    for (; this.at < this.text.length && this.text[this.at] !== quote; this.pass(1)) {
      const character = this.text[this.at]!;
      if (character === "\n") break;
      const following = this.text[this.at + 1];
      if (character !== "\\" || following === undefined) text += character;
      else {
        this.pass(1);
        text += following === quote ? quote : `\\${following}`;
      }
    }
    if (this.text[this.at] === quote) this.pass(1);
    else this.error(first, `the string ${text.slice(0, 30)} has no closing quote`);
    return text;
  }
}
