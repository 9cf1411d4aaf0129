// One source file made ready for preprocessing: its tokens, and its directives with their partners (#if, #else, #endif) joined, so that a
// group that is not taken is one jump. Done once for a file, however many translation units include it. Never fails.
import { grow } from "../names.ts";
import { NAME, NUMBER, type Spellings } from "./tokens.ts";

/** Body tokens below 0 stand for parameters: `parameter(i, mode)`. */
export interface Macro {
  readonly index: number;
  readonly name: number;
  /** Undefined for an object-like macro. */
  readonly parameters: readonly number[] | undefined;
  readonly variadic: boolean;
  readonly body: readonly number[];
  readonly hasPaste: boolean;
  /** Its body stands as it is: no parameter and no `##` in it. */
  readonly isPlain: boolean;
  /** Where it is defined: see `placeOf`. */
  readonly loc: number;
  disabled: boolean;
}

export type ItemKind =
  | "text"
  | "define"
  | "undef"
  | "if"
  | "ifdef"
  | "ifndef"
  | "elif"
  | "else"
  | "endif"
  | "include";

export interface Item {
  readonly kind: ItemKind;
  readonly line: number;
  /** Tokens [from, to) of a text, a condition or an include made by a macro. */
  readonly from: number;
  to: number;
  /** For the parts of a conditional: the next part. */
  next: number;
  readonly name: number;
  readonly macro: Macro | undefined;
  /** Include: between the quotes or brackets. */
  readonly target: string;
  readonly system: boolean;
  /** The file that the include's target names: null when there is none, undefined until someone asks. */
  found: Prepared | null | undefined;
}

export interface Prepared {
  readonly index: number;
  readonly path: string;
  /** Tokens and their lines; none in a source that was run: `Units` lets go of them. */
  ids: Int32Array;
  lines: Int32Array;
  readonly items: readonly Item[];
  readonly lineCount: number;
  /** The macro that says "was here before", where the whole file stands in its #ifndef. */
  readonly guard: number;
  /** Directives, and at most assembly, as config(1)'s option headers have it. */
  readonly declaresNothing: boolean;
  /** Texts that some translation unit took, one byte an item. */
  readonly active: Uint8Array;
}

/** A place in one number: the file's index and the line. */
export const LINE_BITS = 17;
export const locOf = (file: number, line: number): number =>
  (file << LINE_BITS) | Math.min(line, (1 << LINE_BITS) - 1);
export const placeOf = (loc: number): { file: number; line: number } => ({
  file: loc >>> LINE_BITS,
  line: loc & ((1 << LINE_BITS) - 1),
});

export const EXPANDED = 0;
export const STRINGIFIED = 1;
export const RAW = 2;
export const parameter = (index: number, mode: number): number => -(index * 4 + mode + 2);
export const parameterIndex = (id: number): number => (-id - 2) >> 2;
export const parameterMode = (id: number): number => (-id - 2) & 3;

const DIRECTIVES = new Set([
  "define",
  "undef",
  "if",
  "ifdef",
  "ifndef",
  "elif",
  "else",
  "endif",
  "include",
  "include_next",
]);

const isNameByte = new Uint8Array(256);
for (const c of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$0123456789")
  isNameByte[c.charCodeAt(0)] = 1;

const LONG = ["<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "##"]; // biome-ignore format: a table

/** Numbers in a row of which the rest is left out: firmware images are lists of a million. No struct has as many fields. */
const MAX_LISTED = 256;

/** Prepares files; keeps the macros that they define. */
export class Preparer {
  readonly macros: Macro[] = [];
  readonly #spellings: Spellings;
  readonly #single = new Int32Array(256);
  /** By first byte, the longer ones: spelling and id. */
  readonly #long: [string, number][][] = Array.from({ length: 256 }, () => []);
  readonly #paste: number;
  readonly #hash: number;
  readonly #vaArgs: number;
  readonly #asm: number;
  readonly #comma: number;
  #ids = new Int32Array(1 << 16);
  #lines = new Int32Array(1 << 16);
  #count = 0;
  /** Numbers that stand in a row, with commas between them, up to the last token. */
  #listed = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #line = 1;

  constructor(spellings: Spellings) {
    this.#spellings = spellings;
    for (let c = 33; c < 127; c++)
      if (isNameByte[c] === 0) this.#single[c] = spellings.id(String.fromCharCode(c));
    for (const text of LONG) {
      this.#long[text.charCodeAt(0)]!.push([text, spellings.id(text)]);
    }
    this.#paste = spellings.id("##");
    this.#hash = spellings.id("#");
    this.#vaArgs = spellings.id("__VA_ARGS__");
    this.#asm = spellings.id("__asm");
    this.#comma = this.#single[0x2c]!;
  }

  prepare(index: number, path: string, bytes: Uint8Array): Prepared {
    this.#bytes = bytes;
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0;
    this.#newLine = true;
    this.#line = 1;
    this.#count = 0;
    const items: Item[] = [];
    let textFrom = 0;
    const endText = () => {
      if (this.#count > textFrom) items.push(item("text", this.#lines[textFrom]!, textFrom, this.#count));
      textFrom = this.#count;
    };
    for (;;) {
      const startsLine = this.#skipSpace();
      if (this.#at >= bytes.length) break;
      if (startsLine && bytes[this.#at] === 0x23) {
        endText();
        this.#directive(index, items);
        textFrom = this.#count;
      } else this.#token();
    }
    endText();
    join(items);
    return {
      index,
      path,
      ids: this.#ids.slice(0, this.#count),
      lines: this.#lines.slice(0, this.#count),
      items,
      lineCount: this.#line,
      guard: guardOf(items),
      declaresNothing: items.every(({ kind, from, to }) => kind !== "text" || this.#isAssembly(from, to)),
      active: new Uint8Array(items.length),
    };
  }

  /** `__asm("...");` and no other name, or for the assembler itself: `.global name`. */
  #isAssembly(from: number, to: number): boolean {
    if (this.#ids[from] === this.#single[0x2e]) return true;
    if (this.#ids[from] !== this.#asm) return false;
    for (let at = from; at < to; at++)
      if (this.#ids[at] !== this.#asm && this.#spellings.kind(this.#ids[at]!) === NAME) return false;
    return true;
  }

  /** A macro from its text: `NAME value`, `NAME(a, b) value`. */
  macro(text: string): Macro {
    const file = this.prepare(0, "<built in>", Buffer.from(`#define ${text}\n`, "latin1"));
    return file.items[0]!.macro!;
  }

  #newLine = true;

  /** Past white space, comments and joined lines; true when a line has begun and no token stood in it yet. */
  #skipSpace(): boolean {
    const bytes = this.#bytes;
    let first = this.#at === 0 || this.#newLine;
    for (;;) {
      const c = bytes[this.#at];
      if (c === 0x0a) {
        this.#line++;
        this.#at++;
        first = true;
      } else if (c !== undefined && (c <= 0x20 || c >= 0x7f)) this.#at++;
      else if (!this.#skipCommentOrSplice()) break;
    }
    this.#newLine = false;
    return first;
  }

  /** Past blanks within a line; true at its end, which is not passed. */
  #skipBlanks(): boolean {
    const bytes = this.#bytes;
    for (;;) {
      const c = bytes[this.#at];
      if (c === undefined || c === 0x0a) return true;
      if (c <= 0x20 || c >= 0x7f) this.#at++;
      else if (!this.#skipCommentOrSplice()) return false;
    }
  }

  #skipCommentOrSplice(): boolean {
    const bytes = this.#bytes;
    const c = bytes[this.#at];
    const next = bytes[this.#at + 1];
    if (c === 0x2f && next === 0x2a) {
      let at = this.#at + 2;
      while (at < bytes.length && !(bytes[at] === 0x2a && bytes[at + 1] === 0x2f))
        if (bytes[at++] === 0x0a) this.#line++;
      this.#at = Math.min(at + 2, bytes.length);
      return true;
    }
    if (c === 0x2f && next === 0x2f) {
      let at = this.#at;
      for (; at < bytes.length && bytes[at] !== 0x0a; at++) {
        if (bytes[at] === 0x5c && bytes[at + 1] === 0x0a) {
          at++;
          this.#line++;
        }
      }
      this.#at = at;
      return true;
    }
    if (c !== 0x5c) return false;
    const end = next === 0x0d ? this.#at + 2 : this.#at + 1;
    if (bytes[end] === 0x0a) {
      this.#line++;
      this.#at = end + 1;
      return true;
    }
    return false;
  }

  #push(id: number): void {
    if (this.#count === this.#ids.length) {
      this.#ids = grow(this.#ids, this.#count * 2);
      this.#lines = grow(this.#lines, this.#count * 2);
    }
    this.#ids[this.#count] = id;
    this.#lines[this.#count++] = this.#line;
  }

  #token(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    const c = bytes[start]!;
    let at = start + 1;
    const next = bytes[at] ?? 0;
    const isNumber = (c >= 0x30 && c <= 0x39) || (c === 0x2e && next >= 0x30 && next <= 0x39);
    if (isNumber) {
      this.#at = numberEnd(bytes, at);
      if (this.#isListedEnough()) return;
    } else if (isNameByte[c] === 1) {
      while (isNameByte[bytes[at] ?? 0] === 1) at++;
      const quote = bytes[at];
      this.#at = (quote === 0x22 || quote === 0x27) && at - start === 1 && c === 0x4c ? this.#quoted(at) : at;
    } else if (c === 0x22 || c === 0x27) this.#at = this.#quoted(start);
    else {
      this.#punctuator(c);
      return;
    }
    this.#push(this.#spellings.intern(bytes, start, this.#at));
  }

  /** At a number: do more than enough stand before it? Then the comma before it goes, too. */
  #isListedEnough(): boolean {
    const last = this.#count - 1;
    const follows =
      last > 0 && this.#ids[last] === this.#comma && this.#spellings.kind(this.#ids[last - 1]!) === NUMBER;
    this.#listed = follows ? this.#listed + 1 : 0;
    if (this.#listed < MAX_LISTED) return false;
    this.#count = last;
    return true;
  }

  #quoted(from: number): number {
    const bytes = this.#bytes;
    const quote = bytes[from];
    let at = from + 1;
    for (; at < bytes.length && bytes[at] !== 0x0a; at++) {
      if (bytes[at] === quote) return at + 1;
      if (bytes[at] === 0x5c && bytes[++at] === 0x0a) this.#line++;
    }
    return at;
  }

  #punctuator(c: number): void {
    const bytes = this.#bytes;
    for (const [text, id] of this.#long[c]!) {
      if (bytes[this.#at + 1] !== text.charCodeAt(1)) continue;
      if (text.length === 3 && bytes[this.#at + 2] !== text.charCodeAt(2)) continue;
      this.#at += text.length;
      this.#push(id);
      return;
    }
    this.#at++;
    this.#push(this.#single[c]!);
  }

  #word(): string {
    const start = this.#at;
    while (isNameByte[this.#bytes[this.#at] ?? 0] === 1) this.#at++;
    return Buffer.from(this.#bytes.subarray(start, this.#at)).toString("latin1");
  }

  #restOfLine(): number {
    const from = this.#count;
    while (!this.#skipBlanks()) this.#token();
    this.#newLine = true;
    return from;
  }

  #directive(file: number, items: Item[]): void {
    const line = this.#line;
    this.#at++;
    this.#skipBlanks();
    const word = this.#word();
    if (!DIRECTIVES.has(word)) {
      this.#count = this.#restOfLine();
      return;
    }
    const kind = (word === "include_next" ? "include" : word) as ItemKind;
    if (kind === "define") {
      const macro = this.#define(file, line);
      if (macro !== undefined) items.push({ ...item("define", line, 0, 0), macro, name: macro.name });
    } else if (kind === "include") items.push(this.#include(line));
    else {
      const from = this.#restOfLine();
      const name = this.#count > from ? this.#ids[from]! : 0;
      if (kind === "if" || kind === "elif") items.push(item(kind, line, from, this.#count));
      else {
        this.#count = from;
        if (kind === "else" || kind === "endif" || name !== 0)
          items.push({ ...item(kind, line, from, from), name });
      }
    }
  }

  #include(line: number): Item {
    this.#skipBlanks();
    const bytes = this.#bytes;
    const open = bytes[this.#at];
    const close = open === 0x3c ? 0x3e : open;
    if (open === 0x22 || open === 0x3c) {
      const start = this.#at + 1;
      let at = start;
      while (at < bytes.length && bytes[at] !== close && bytes[at] !== 0x0a) at++;
      this.#at = bytes[at] === close ? at + 1 : at;
      const target = Buffer.from(bytes.subarray(start, at)).toString("latin1");
      this.#count = this.#restOfLine();
      return { ...item("include", line, 0, 0), target, system: open === 0x3c };
    }
    const from = this.#restOfLine();
    return item("include", line, from, this.#count);
  }

  #define(file: number, line: number): Macro | undefined {
    this.#skipBlanks();
    const start = this.#at;
    if (this.#word() === "") {
      this.#count = this.#restOfLine();
      return undefined;
    }
    const name = this.#spellings.intern(this.#bytes, start, this.#at);
    const isFunction = this.#bytes[this.#at] === 0x28;
    const from = this.#restOfLine();
    let at = from;
    let parameters: number[] | undefined;
    let variadic = false;
    if (isFunction) {
      parameters = [];
      const close = this.#single[0x29]!;
      for (at++; at < this.#count && this.#ids[at] !== close; at++) {
        const id = this.#ids[at]!;
        if (id === this.#comma) continue;
        if (this.#spellings.kind(id) === NAME) parameters.push(id);
        else {
          // `...` alone, or after a name of its own.
          variadic = true;
          const isNamed = at > from + 1 && this.#ids[at - 1] !== this.#comma;
          if (!isNamed) parameters.push(this.#vaArgs);
        }
      }
      at++;
    }
    const { body, hasPaste } = this.#body(at, parameters);
    this.#count = from;
    const macro = {
      index: this.macros.length,
      name,
      parameters,
      variadic,
      body,
      hasPaste,
      isPlain: !hasPaste && body.every((id) => id >= 0),
      loc: locOf(file, line),
      disabled: false,
    };
    this.macros.push(macro);
    return macro;
  }

  /** The body with parameters replaced by how they are used: expanded, as a string, or as they are beside `##`. */
  #body(from: number, parameters: readonly number[] | undefined): { body: number[]; hasPaste: boolean } {
    const out: number[] = [];
    let hasPaste = false;
    for (let at = from; at < this.#count; at++) {
      const id = this.#ids[at]!;
      if (id === this.#paste) {
        hasPaste = true;
        out.push(id);
        continue;
      }
      const asString = parameters !== undefined && id === this.#hash && at + 1 < this.#count;
      const which = parameters?.indexOf(this.#ids[asString ? at + 1 : at]!) ?? -1;
      if (which < 0) out.push(id);
      else {
        const after = asString ? at + 2 : at + 1;
        const beside = this.#ids[at - 1] === this.#paste && at > from;
        const isRaw = beside || (after < this.#count && this.#ids[after] === this.#paste);
        out.push(parameter(which, asString ? STRINGIFIED : isRaw ? RAW : EXPANDED));
        if (asString) at++;
      }
    }
    return { body: out, hasPaste };
  }
}

function numberEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; ; at++) {
    const c = bytes[at] ?? 0;
    if (isNameByte[c] === 1 || c === 0x2e) continue;
    const before = (bytes[at - 1] ?? 0) | 0x20;
    const isHex = ((bytes[from] ?? 0) | 0x20) === 0x78;
    if ((c === 0x2b || c === 0x2d) && before === (isHex ? 0x70 : 0x65)) continue;
    return at;
  }
}

function item(kind: ItemKind, line: number, from: number, to: number): Item {
  return {
    kind,
    line,
    from,
    to,
    next: -1,
    name: 0,
    macro: undefined,
    target: "",
    system: false,
    found: undefined,
  };
}

/** Gives each part of a conditional its next part; one that is never closed ends with the file. */
function join(items: readonly Item[]): void {
  const open: Item[] = [];
  items.forEach((one, i) => {
    const { kind } = one;
    if (kind === "elif" || kind === "else" || kind === "endif") {
      const before = open.pop();
      if (before !== undefined) before.next = i;
    }
    if (kind === "if" || kind === "ifdef" || kind === "ifndef" || kind === "elif" || kind === "else")
      open.push(one);
  });
  for (const one of open) one.next = items.length;
}

function guardOf(items: readonly Item[]): number {
  const first = items[0];
  if (first?.kind !== "ifndef") return 0;
  const last = items.length - 1;
  return first.next === last && items[last]?.kind === "endif" ? first.name : 0;
}
