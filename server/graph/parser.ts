// The state of a parse over expanded tokens, and the small steps that every part of the grammar takes. Nothing here fails: what is not
// understood is passed over, and a function's body ends where its braces do.

import { NAME, NUMBER, type Spellings, STRING } from "../lang/preprocess/tokens.ts";
import type { TokenBuffer } from "../lang/preprocess/unit.ts";
import type { CType, StructType } from "./ctypes.ts";
import type { Facts, Sym } from "./facts.ts";
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

const ASSIGNMENTS = ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="];

export class Parser {
  readonly spellings: Spellings;
  readonly facts: Facts;
  readonly scopes: Scopes;
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
  readonly #words = new Map<number, Word>();
  readonly #baseTypes: ReadonlySet<number>;
  readonly #assignments: ReadonlySet<number>;
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
    for (const word of WORDS)
      if (!["attribute", "extension", "offsetof", "alignof", "auto_type"].includes(word))
        this.#words.set(spellings.id(word), word);
    for (const [text, word] of Object.entries(OTHER_SPELLINGS)) this.#words.set(spellings.id(text), word);
    this.#baseTypes = new Set(BASE_TYPES.map((text) => spellings.id(text)));
    this.#assignments = new Set(ASSIGNMENTS.map((text) => spellings.id(text)));
    this.voidId = spellings.id("void");
  }

  begin(buffer: TokenBuffer, file: number, isHeader: boolean): void {
    ({ ids: this.ids, locs: this.locs, origins: this.origins } = buffer);
    this.at = 0;
    this.to = buffer.count;
    this.file = file;
    this.isHeader = isHeader;
  }

  get id(): number {
    return this.at < this.to ? this.ids[this.at]! : 0;
  }

  /** The reserved word or mark at a token; "" for everything else. */
  wordAt(at: number): Word | "" {
    return at < this.to ? (this.#words.get(this.ids[at]!) ?? "") : "";
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
    return (
      at < this.to &&
      this.spellings.kind(this.ids[at]!) === NAME &&
      !this.#words.has(this.ids[at]!) &&
      !this.#baseTypes.has(this.ids[at]!)
    );
  }

  isString(at = this.at): boolean {
    return at < this.to && this.spellings.kind(this.ids[at]!) === STRING;
  }

  isNumber(at = this.at): boolean {
    return at < this.to && this.spellings.kind(this.ids[at]!) === NUMBER;
  }

  isBaseType(at = this.at): boolean {
    return at < this.to && this.#baseTypes.has(this.ids[at]!);
  }

  isAssignment(): boolean {
    return this.at < this.to && this.#assignments.has(this.ids[this.at]!);
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
    if (open !== "(" && open !== "[" && open !== "{") return at;
    let depth = 0;
    for (let i = at; i < this.to; i++) {
      const word = this.wordAt(i);
      if (word === "(" || word === "[" || word === "{") depth++;
      else if ((word === ")" || word === "]" || word === "}") && --depth === 0) return i + 1;
    }
    return this.to;
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
  readonly field?: number;
}
