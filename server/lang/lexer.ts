// C source bytes -> tokens, in flat arrays that are reused from file to file. Names are interned, comments and line
// splices vanish, directives become marked runs of tokens. Never fails: any bytes give some tokens. Knows no grammar.
import { FIRST_NAME } from "./keywords.ts";
import { grow, hashName, type NameTable } from "./names.ts";
import * as T from "./tokens.ts";

/** `c`, or `asm`: C-preprocessed assembly, where quotes and `#` in a line's middle mean something else. */
export type Dialect = "c" | "asm";

const SPACE = 0;
const NEWLINE = 1;
const LETTER = 2;
const DIGIT = 3;
const QUOTE = 4;
const SLASH = 5;
const HASH = 6;
const BACKSLASH = 7;
const SIMPLE = 8; // a punctuator that never starts a longer one
const OPERATOR = 9; // may be the start of a longer one
const DOT = 10;

const classes = new Uint8Array(256);
const isNameByte = new Uint8Array(256);
for (let c = 33; c < 127; c++) classes[c] = SIMPLE;
for (let c = 0; c < 26; c++) classes[65 + c] = classes[97 + c] = LETTER;
classes[0x5f] = LETTER;
for (let c = 0x30; c <= 0x39; c++) classes[c] = DIGIT;
for (let c = 0; c < 256; c++) isNameByte[c] = classes[c] === LETTER || classes[c] === DIGIT ? 1 : 0;
classes[0x0a] = NEWLINE;
classes[0x22] = classes[0x27] = QUOTE;
classes[0x2f] = SLASH;
classes[0x23] = HASH;
classes[0x5c] = BACKSLASH;
classes[0x2e] = DOT;
for (const c of "+-*%=<>!&|^") classes[c.charCodeAt(0)] = OPERATOR;

const directives = new Map<string, number>([
  ["define", T.PP_DEFINE],
  ["undef", T.PP_UNDEF],
  ["if", T.PP_IF],
  ["ifdef", T.PP_IFDEF],
  ["ifndef", T.PP_IFNDEF],
  ["elif", T.PP_ELIF],
  ["else", T.PP_ELSE],
  ["endif", T.PP_ENDIF],
  ["include", T.PP_INCLUDE],
  ["include_next", T.PP_INCLUDE],
  ["import", T.PP_INCLUDE],
]);

export class Lexer {
  count = 0;
  kinds = new Uint8Array(1 << 14);
  /** Byte offset of each token. */
  starts = new Int32Array(1 << 14);
  /** Id of a name or keyword; otherwise 0. */
  values = new Int32Array(1 << 14);
  /** Line of each token, from 1. */
  lines = new Int32Array(1 << 14);
  /** Byte offset of the start of line n + 1; lineCount of them. */
  lineStarts = new Int32Array(1 << 12);
  lineCount = 0;

  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;

  /** Column of a token, in bytes, from 1. */
  column(token: number): number {
    return this.starts[token]! - this.lineStarts[this.lines[token]! - 1]! + 1;
  }

  /** Is this number a plain 0? */
  isZero(token: number): boolean {
    const start = this.starts[token]!;
    return this.#bytes[start] === 0x30 && isNameByte[this.#bytes[start + 1] ?? 0] === 0;
  }

  /** Fills the arrays from bytes[0, length). The token at `count` is END. `commentMark` begins a comment, outside of directives. */
  lex(bytes: Uint8Array, length: number, names: NameTable, dialect: Dialect, commentMark = ""): void {
    const mark = commentMark === "" ? -1 : commentMark.charCodeAt(0);
    this.#bytes = bytes;
    this.#length = length;
    this.count = 0;
    this.lineCount = 0;
    this.#line(0);
    let at = 0;
    if (length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
    let directive = false;
    let lineHasToken = false;
    while (at < length) {
      if (this.count + 4 > this.kinds.length) this.#growTokens();
      const c = bytes[at]!;
      if (c === mark && !directive) {
        at = this.#lineComment(at + 1);
        continue;
      }
      switch (classes[c]) {
        case SPACE:
          at++;
          break;
        case NEWLINE:
          if (directive) {
            this.#push(T.DIRECTIVE_END, at, 0);
            directive = false;
          }
          lineHasToken = false;
          this.#line(++at);
          break;
        case LETTER: {
          const start = at;
          let hash = 0x811c9dc5 | 0;
          let b = c;
          do {
            hash = Math.imul(hash ^ b, 0x01000193);
            b = bytes[++at]!;
          } while (at < length && isNameByte[b] === 1);
          lineHasToken = true;
          // L"..." and u8"..." are string prefixes.
          if ((b === 0x22 || b === 0x27) && dialect === "c" && at - start <= 2 && isPrefix(bytes, start, at))
            break;
          const id = names.intern(bytes, start, at, hash);
          this.#push(id < FIRST_NAME ? T.KEYWORD : T.IDENTIFIER, start, id);
          break;
        }
        case DIGIT:
          this.#push(T.NUMBER, at, 0);
          at = this.#number(at);
          lineHasToken = true;
          break;
        case QUOTE:
          lineHasToken = true;
          if (dialect === "asm" && c === 0x27) {
            at++;
            break;
          }
          this.#push(c === 0x22 ? T.STRING : T.NUMBER, at, 0);
          at = this.#quoted(at, c);
          break;
        case SLASH: {
          const next = at + 1 < length ? bytes[at + 1] : 0;
          if (next === 0x2a) at = this.#blockComment(at + 2);
          else if (next === 0x2f) at = this.#lineComment(at + 2);
          else if (next === 0x3d) {
            this.#push(T.ASSIGN_OP, at, 0);
            at += 2;
          } else this.#push(c, at++, 0);
          break;
        }
        case HASH:
          if (lineHasToken || directive) {
            if (dialect === "asm" && !directive && !this.#isImmediate(at)) at = this.#lineComment(at + 1);
            else if (bytes[at + 1] === HASH_BYTE) {
              this.#push(T.PASTE, at, 0);
              at += 2;
            } else this.#push(c, at++, 0);
            break;
          }
          at = this.#directive(at, names);
          directive = this.#inDirective;
          lineHasToken = true;
          break;
        case BACKSLASH:
          at = this.#splice(at);
          break;
        case DOT:
          if (at + 1 < length && classes[bytes[at + 1]!] === DIGIT) {
            this.#push(T.NUMBER, at, 0);
            at = this.#number(at);
          } else if (bytes[at + 1] === 0x2e && bytes[at + 2] === 0x2e) {
            this.#push(T.ELLIPSIS, at, 0);
            at += 3;
          } else this.#push(c, at++, 0);
          lineHasToken = true;
          break;
        case OPERATOR:
          at = this.#operator(at, c);
          lineHasToken = true;
          break;
        default:
          this.#push(c, at++, 0);
          lineHasToken = true;
      }
    }
    if (this.count + 4 > this.kinds.length) this.#growTokens();
    if (directive) this.#push(T.DIRECTIVE_END, length, 0);
    this.#push(T.END, length, 0);
    this.count--;
  }

  #inDirective = false;

  #push(kind: number, start: number, value: number): void {
    const i = this.count++;
    this.kinds[i] = kind;
    this.starts[i] = start;
    this.values[i] = value;
    this.lines[i] = this.lineCount;
  }

  #line(start: number): void {
    if (this.lineCount === this.lineStarts.length)
      this.lineStarts = grow(this.lineStarts, this.lineStarts.length * 2);
    this.lineStarts[this.lineCount++] = start;
  }

  #growTokens(): void {
    const length = this.kinds.length * 2;
    const kinds = new Uint8Array(length);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.starts = grow(this.starts, length);
    this.values = grow(this.values, length);
    this.lines = grow(this.lines, length);
  }

  #number(from: number): number {
    const bytes = this.#bytes;
    let at = from + 1;
    if (bytes[from - 1] === DOLLAR_BYTE) {
      // $1.value, in a grammar's rule
      while (at < this.#length && classes[bytes[at]!] === DIGIT) at++;
      return at;
    }
    for (; at < this.#length; at++) {
      const c = bytes[at]!;
      if (isNameByte[c] === 1 || c === 0x2e) continue;
      // 1e+5, 0x1p-3
      if ((c === 0x2b || c === 0x2d) && isExponent(bytes, from, at)) continue;
      break;
    }
    return at;
  }

  /** Past a string or character constant; an unclosed one ends with its line. */
  #quoted(from: number, quote: number): number {
    const bytes = this.#bytes;
    let at = from + 1;
    while (at < this.#length) {
      const c = bytes[at]!;
      if (c === quote) return at + 1;
      if (c === 0x0a) return at;
      if (c !== 0x5c) at++;
      else {
        const after = this.#splice(at);
        at = bytes[after - 1] === 0x0a ? after : Math.min(at + 2, this.#length);
      }
    }
    return at;
  }

  #blockComment(from: number): number {
    const bytes = this.#bytes;
    const length = this.#length;
    let at = from;
    while (at < length) {
      const c = bytes[at++]!;
      if (c === 0x2a) {
        if (at < length && bytes[at] === 0x2f) return at + 1;
      } else if (c === 0x0a) this.#line(at);
    }
    return length;
  }

  #lineComment(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (at < this.#length && bytes[at] !== 0x0a) at = bytes[at] === 0x5c ? this.#splice(at) : at + 1;
    return at;
  }

  /** Does the `#` in the middle of a line begin an operand (`moveq #1,%d0`), not a comment (`# moved`)? */
  #isImmediate(at: number): boolean {
    const next = at + 1 < this.#length ? this.#bytes[at + 1]! : 0;
    return isNameByte[next] === 1 || operandBytes.has(next);
  }

  /** Past a backslash, and past the line's end if it ends there. */
  #splice(from: number): number {
    const bytes = this.#bytes;
    let at = from + 1;
    if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at++;
    if (at < this.#length && bytes[at] === 0x0a) this.#line(++at);
    else at = from + 1;
    return at;
  }

  #operator(at: number, c: number): number {
    const next = at + 1 < this.#length ? this.#bytes[at + 1]! : 0;
    if (next === 0x3d) {
      const compares = c === 0x3d || c === 0x21 || c === 0x3c || c === 0x3e;
      this.#push(compares ? T.COMPARE : T.ASSIGN_OP, at, 0);
      return at + 2;
    }
    if (next === c && c !== 0x3d && c !== 0x2a && c !== 0x25 && c !== 0x21 && c !== 0x5e) {
      if (c === 0x2b || c === 0x2d) this.#push(T.INCREMENT, at, 0);
      else if (c === 0x26 || c === 0x7c) this.#push(T.LOGICAL, at, 0);
      else if (this.#bytes[at + 2] === 0x3d) {
        this.#push(T.ASSIGN_OP, at, 0);
        return at + 3;
      } else this.#push(T.SHIFT, at, 0);
      return at + 2;
    }
    if (c === 0x2d && next === 0x3e) {
      this.#push(T.ARROW, at, 0);
      return at + 2;
    }
    this.#push(c, at, 0);
    return at + 1;
  }

  /** At the `#` that opens a line: pushes the directive's token. Unknown ones and those with free text are skipped. */
  #directive(from: number, names: NameTable): number {
    const bytes = this.#bytes;
    let at = from + 1;
    while (at < this.#length && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
    const start = at;
    while (at < this.#length && isNameByte[bytes[at]!] === 1) at++;
    const kind = at > start ? directives.get(latin1(bytes, start, Math.min(at, start + 16))) : undefined;
    this.#inDirective = kind !== undefined;
    if (kind === undefined) return this.#lineComment(at);
    if (kind === T.PP_INCLUDE) return this.#include(at, names);
    this.#push(kind, from, 0);
    return at;
  }

  /** `#include <x>` or `"x"`: the target becomes a name of its own. `#include MACRO` keeps the macro as a token. */
  #include(from: number, names: NameTable): number {
    const bytes = this.#bytes;
    let at = from;
    while (at < this.#length && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
    const open = bytes[at];
    const close = open === 0x3c ? 0x3e : open === 0x22 ? 0x22 : 0;
    if (close === 0) {
      this.#push(T.PP_INCLUDE, from, 0);
      return at;
    }
    let end = at + 1;
    while (end < this.#length && bytes[end] !== close && bytes[end] !== 0x0a) end++;
    if (bytes[end] !== close || end === at + 1) {
      this.#push(T.PP_INCLUDE, from, 0);
      return this.#lineComment(at);
    }
    const id = names.intern(bytes, at + 1, end, hashName(bytes, at + 1, end));
    this.#push(T.PP_INCLUDE, at, id);
    return this.#lineComment(end);
  }
}

const HASH_BYTE = 0x23;
const DOLLAR_BYTE = 0x24;
/** With what an operand behind `#` may start, besides names and numbers. */
const operandBytes: ReadonlySet<number> = new Set(Buffer.from("(-~:'<$%."));

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

function isPrefix(bytes: Uint8Array, start: number, end: number): boolean {
  const c = bytes[start]!;
  if (end - start === 1) return c === 0x4c || c === 0x75 || c === 0x55;
  return c === 0x75 && bytes[start + 1] === 0x38;
}

/** Is the sign at `at` part of a number's exponent? 0xe+1 is a sum. */
function isExponent(bytes: Uint8Array, start: number, at: number): boolean {
  const letter = bytes[at - 1]! | 0x20;
  const hex = bytes[start] === 0x30 && at > start + 1 && (bytes[start + 1]! | 0x20) === 0x78;
  return hex ? letter === 0x70 : letter === 0x65;
}
