// The state of a parse over expanded tokens, and the small steps that every part of the grammar takes. Nothing here fails: what is not
// understood is passed over, and a function's body ends where its braces do.

import { grow } from "../lang/names.ts";
import { NAME, NUMBER, type Spellings, STRING } from "../lang/preprocess/tokens.ts";
import type { TokenBuffer } from "../lang/preprocess/unit.ts";
import type { CType, StructType } from "./ctypes.ts";
import type { Facts, Sym } from "./facts.ts";
import { FeedNotes } from "./feeds.ts";
import { Scopes } from "./scopes.ts";

const WORDS = [
  "(", ")", "[", "]", "{", "}", ";", ",", ":", "?", ".", "->", "*", "&", "=", "+", "-", "!", "~", "++", "--", "&&", "...",
  "if", "else", "for", "while", "do", "switch", "case", "default", "return", "goto", "break", "continue", "sizeof", "struct", "union", "enum",
  "typedef", "static", "extern", "inline", "const", "volatile", "asm", "typeof", "alignof", "attribute", "extension", "offsetof", "auto_type",
] as const; // biome-ignore format: a table

type Word = (typeof WORDS)[number];

/** Spellings of the words that have several. */
const OTHER_SPELLINGS: Record<string, Word> = {
  __inline: "inline", __inline__: "inline", __const: "const", __const__: "const", __volatile: "volatile", __volatile__: "volatile",
  restrict: "const", __restrict: "const", __restrict__: "const", register: "const", auto: "const", _Noreturn: "const", __thread: "const",
  _Thread_local: "const", _Atomic: "const", __signed: "const", __asm: "asm", __asm__: "asm", __typeof: "typeof", __typeof__: "typeof", _Alignof: "alignof",
  __alignof: "alignof", __alignof__: "alignof", __attribute__: "attribute", __attribute: "attribute", _Alignas: "attribute",
  __extension__: "extension", __builtin_offsetof: "offsetof", __auto_type: "auto_type",
}; // biome-ignore format: a table

const BASE_TYPES = [
  "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "_Complex", "__int128", "__int128_t", "__uint128_t",
  "__signed__", "_Float128", "__builtin_va_list", "__float128",
]; // biome-ignore format: a table

/** Words of GNU's that are so only with their underscores. */
const GNU_ONLY: ReadonlySet<string> = new Set(["attribute", "extension", "offsetof", "alignof", "auto_type"]);

/** The brackets stand first among the words, each opening one before the one that closes it. */
const BRACKETS = WORDS.indexOf("}") + 1;
const isOpening = (bracket: number): boolean => bracket % 2 === 1;

/** What else a token is, beside a word. */
const BASE_TYPE = 1;
const ASSIGNMENT = 2;
const OPERATOR = 3;

const OPERATORS = ["/", "%", "|", "^", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "||"];
const ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="];

export class Parser {
  readonly spellings: Spellings;
  readonly facts: Facts;
  readonly scopes: Scopes;
  readonly feeds = new FeedNotes();
  /** Structs whose contents are recorded, and functions whose arguments are. */
  readonly wantedStructs: ReadonlySet<string>;
  readonly wantedCalls: ReadonlySet<string>;
  ids: Int32Array = new Int32Array(0);
  locs: Int32Array = new Int32Array(0);
  origins: Int32Array = new Int32Array(0);
  at = 0;
  to = 0;
  file = 0;
  isHeader = false;
  /** The function whose body is being read. */
  current: Sym | undefined;
  /** Above 0: inside sizeof or typeof, where nothing is evaluated. */
  unevaluated = 0;
  anonymous = 0;
  /** Of each id below `#reserved`: its word's index in WORDS + 1, and what else it is. */
  readonly #words: Uint8Array;
  readonly #marks: Uint8Array;
  readonly #reserved: number;
  /** Of each token that opens a bracket: the token after the one that closes it. */
  #closed = new Int32Array(1 << 12);
  #opened = new Int32Array(64);
  readonly voidId: number;

  constructor(
    spellings: Spellings,
    facts: Facts,
    wantedStructs: ReadonlySet<string>,
    wantedCalls: ReadonlySet<string>,
  ) {
    this.spellings = spellings;
    this.facts = facts;
    this.wantedStructs = wantedStructs;
    this.wantedCalls = wantedCalls;
    this.scopes = new Scopes(facts, (id) => spellings.text(id));
    const words = [
      ...WORDS.filter((word) => !GNU_ONLY.has(word)).map((word) => [word, word] as const),
      ...Object.entries(OTHER_SPELLINGS),
    ].map(([text, word]) => [spellings.id(text), WORDS.indexOf(word) + 1] as const);
    const marks = [
      ...BASE_TYPES.map((text) => [spellings.id(text), BASE_TYPE] as const),
      ...ASSIGNMENTS.map((text) => [spellings.id(text), ASSIGNMENT] as const),
      ...OPERATORS.map((text) => [spellings.id(text), OPERATOR] as const),
    ];
    this.voidId = spellings.id("void");
    this.#reserved = Math.max(...words.map(([id]) => id), ...marks.map(([id]) => id)) + 1;
    this.#words = new Uint8Array(this.#reserved);
    this.#marks = new Uint8Array(this.#reserved);
    for (const [id, word] of words) this.#words[id] = word;
    for (const [id, mark] of marks) this.#marks[id] = mark;
  }

  begin(buffer: TokenBuffer, file: number, isHeader: boolean): void {
    ({ ids: this.ids, locs: this.locs, origins: this.origins } = buffer);
    this.at = 0;
    this.to = buffer.count;
    this.file = file;
    this.isHeader = isHeader;
    this.#matchBrackets();
  }

  /** Brackets of the three kinds close each other: what is wrongly nested ends somewhere all the same. */
  #matchBrackets(): void {
    const { ids, to } = this;
    if (this.#closed.length < to) this.#closed = new Int32Array(ids.length);
    let depth = 0;
    for (let at = 0; at < to; at++) {
      const word = this.#wordIndex(ids[at]!);
      if (word === 0 || word > BRACKETS) continue;
      if (isOpening(word)) {
        if (depth === this.#opened.length) this.#opened = grow(this.#opened, depth * 2);
        this.#opened[depth++] = at;
      } else if (depth > 0) this.#closed[this.#opened[--depth]!] = at + 1;
    }
    while (depth > 0) this.#closed[this.#opened[--depth]!] = to;
  }

  #wordIndex(id: number): number {
    return id < this.#reserved ? this.#words[id]! : 0;
  }

  #mark(at: number): number {
    const id = at < this.to ? this.ids[at]! : this.#reserved;
    return id < this.#reserved ? this.#marks[id]! : 0;
  }

  get id(): number {
    return this.at < this.to ? this.ids[this.at]! : 0;
  }

  /** The reserved word or mark at a token; "" for everything else. */
  wordAt(at: number): Word | "" {
    const word = at < this.to ? this.#wordIndex(this.ids[at]!) : 0;
    return word === 0 ? "" : WORDS[word - 1]!;
  }

  get word(): Word | "" {
    return this.wordAt(this.at);
  }

  text(at = this.at): string {
    return at < this.to ? this.spellings.text(this.ids[at]!) : "";
  }

  /** The tokens [from, to) as one would write them. */
  textOf(from: number, to: number): string {
    let text = "";
    for (let at = from; at < to && at - from < 60; at++) {
      const next = this.text(at);
      const glued = /[\w"]$/.test(text) && /^[\w"]/.test(next);
      const spaced = /^([=+*/%|&<>?:-]|<<|>>|[=!<>]=|&&|\|\|)$/.test(next) && /[\w)\]]$/.test(text);
      text +=
        glued || spaced || /[\w)\]] ([+*/%|<>?:=-]|<<|>>|&&|\|\||[=!<>]=)$/.test(text) || text.endsWith(",")
          ? ` ${next}`
          : next;
    }
    return text;
  }

  take(word: Word): boolean {
    if (this.word !== word) return false;
    this.at++;
    return true;
  }

  isName(at = this.at): boolean {
    if (at >= this.to) return false;
    const id = this.ids[at]!;
    if (id < this.#reserved && (this.#words[id] !== 0 || this.#marks[id] === BASE_TYPE)) return false;
    return this.spellings.kind(id) === NAME;
  }

  isString(at = this.at): boolean {
    return at < this.to && this.spellings.kind(this.ids[at]!) === STRING;
  }

  isNumber(at = this.at): boolean {
    return at < this.to && this.spellings.kind(this.ids[at]!) === NUMBER;
  }

  isBaseType(at = this.at): boolean {
    return this.#mark(at) === BASE_TYPE;
  }

  isAssignment(): boolean {
    return this.#mark(this.at) === ASSIGNMENT;
  }

  /** A binary operator that is no word: of its operands nothing is kept. */
  isOperator(): boolean {
    return this.#mark(this.at) === OPERATOR;
  }

  /** Does a type's name begin here? */
  isTypeStart(at = this.at): boolean {
    if (at >= this.to) return false;
    if (this.isBaseType(at)) return true;
    switch (this.wordAt(at)) {
      case "struct":
      case "union":
      case "enum":
      case "const":
      case "volatile":
      case "typeof":
      case "typedef":
      case "static":
      case "extern":
      case "inline":
      case "auto_type":
        return true;
      case "attribute":
      case "extension": {
        const next = this.wordAt(at) === "attribute" ? this.after(at + 1) : at + 1;
        return next > at && this.isTypeStart(next);
      }
      case "":
        return this.isName(at) && this.scopes.isTypedef(this.ids[at]!);
      default:
        return false;
    }
  }

  /** Past the bracket that opens at `at`; `at` itself when none does. */
  after(at: number): number {
    const open = this.wordAt(at);
    return open === "(" || open === "[" || open === "{" ? this.#closed[at]! : at;
  }

  /** A struct's members that are functions' holders get a node when they are first named. */
  memberNode(struct: StructType | undefined, name: number): number {
    if (struct === undefined) return this.facts.namedNode(`?.${this.spellings.text(name)}`);
    // The members of a union are one place.
    const key = struct.isUnion ? 0 : name;
    let node = struct.nodes.get(key);
    if (node === undefined) {
      node = this.facts.namedNode(
        struct.isUnion ? `union ${struct.key}` : `${struct.key}.${this.spellings.text(name)}`,
      );
      struct.nodes.set(key, node);
    }
    return node;
  }
}

/** An argument of a call: its tokens [from, to), and what it is. */
export interface Argument {
  readonly from: number;
  readonly to: number;
  readonly value: Value;
}

/** What an expression is: its type, and the node that holds its value where it can hold a function. */
export interface Value {
  readonly type: CType | undefined;
  readonly node: number;
  /** The function that it names. */
  readonly callee?: Sym | undefined;
  /** The variable of file scope that it names or is part of. */
  readonly variable?: Sym | undefined;
  /** The struct of which it is a field, and the field. */
  readonly fieldOf?: StructType | undefined;
  readonly field?: number | undefined;
  /** The element of `variable` that it is or lies in, where that is a constant. */
  readonly element?: number | undefined;
}
