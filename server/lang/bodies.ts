// Tokens inside braces that hold no declarations: function bodies, initialisers, enumerations. Most of a kernel's text is
// here, so this is short: names are classified by their neighbours, braces are counted.
import { finishDeclarator, isAttributeWord, tagSymbol } from "./declarations.ts";
import * as F from "./facts.ts";
import * as K from "./keywords.ts";
import { AGGREGATE, ENUMERATION, FILE, INITIALIZER, type Level } from "./level.ts";
import { classify } from "./references.ts";
import type { ScanState } from "./scan-state.ts";
import * as T from "./tokens.ts";

/** Each method takes one token and returns the next one to look at. */
export class BodyScanner {
  readonly #state: ScanState;

  constructor(state: ScanState) {
    this.#state = state;
  }

  bodyToken(level: Level, i: number, kind: number): number {
    if (kind === T.IDENTIFIER) {
      const occurrence = this.#state.add(i, classify(this.#state.tokens, i, 0));
      if (level.isTypedef) this.#typedefName(level, i, occurrence);
    } else if (kind === T.SEMICOLON) level.isTypedef = 0;
    else if (kind === T.BRACE_OPEN) level.braces++;
    else if (kind === T.BRACE_CLOSE) {
      level.braces--;
      if (level.braces <= 0 || (level.doubtful && this.#state.isColumnOne(i))) this.#closeBody(level, i);
    } else if (kind === T.KEYWORD) {
      const keyword = this.#state.tokens.values[i]!;
      if (keyword === K.TYPEDEF) level.isTypedef = 1;
      else if (K.isTag(keyword)) return this.#localTag(i);
    }
    return i + 1;
  }

  /** A word of a typedef in a body: the first that nothing but its declarator's rest follows is the type's name. */
  #typedefName(level: Level, i: number, occurrence: number): void {
    const { kinds, lines } = this.#state.tokens;
    const next = kinds[i + 1];
    const isPointer = next === T.PAREN_CLOSE && kinds[i - 1] === T.STAR;
    const ends =
      next === T.SEMICOLON || next === T.BRACKET_OPEN || next === T.PAREN_OPEN || next === T.KEYWORD;
    if (!ends && !isPointer && next !== T.COMMA) return;
    if (next !== T.COMMA) level.isTypedef = 0;
    this.#state.facts.define(occurrence, F.DEFINITION, F.TYPEDEF, lines[i]!, 0);
  }

  initializerToken(level: Level, i: number, kind: number): number {
    if (kind === T.IDENTIFIER) this.#state.add(i, this.#initializerKind(i));
    else if (kind === T.BRACE_OPEN) level.braces++;
    else if (kind === T.BRACE_CLOSE) {
      level.braces--;
      if (level.braces <= 0 || (level.doubtful && this.#state.isColumnOne(i))) this.#closeInitializer(i);
    } else if (kind === T.KEYWORD && K.isTag(this.#state.tokens.values[i]!)) return this.#localTag(i);
    return i + 1;
  }

  enumToken(level: Level, i: number, kind: number): number {
    const { kinds } = this.#state.tokens;
    if (kind === T.IDENTIFIER) {
      const previous = kinds[this.#state.previous(i)]!;
      const starts = level.paren === 0 && (previous === T.BRACE_OPEN || previous === T.COMMA);
      const occurrence = this.#state.add(
        i,
        starts && kinds[i + 1] !== T.PAREN_OPEN ? F.USE : classify(this.#state.tokens, i, 0),
      );
      if (starts && kinds[i + 1] !== T.PAREN_OPEN)
        this.#state.facts.define(
          occurrence,
          F.DEFINITION,
          F.ENUMERATOR,
          this.#state.tokens.lines[i]!,
          level.tag,
        );
    } else if (kind === T.PAREN_OPEN) level.paren++;
    else if (kind === T.PAREN_CLOSE) level.paren = Math.max(0, level.paren - 1);
    else if (kind === T.BRACE_OPEN) this.#state.push(INITIALIZER, 0, -1);
    else if (kind === T.BRACE_CLOSE) this.#state.closeTag(level, i);
    return i + 1;
  }

  /** A struct, union or enum inside a function or initialiser: its body, if it has one, is a level of its own. */
  #localTag(i: number): number {
    const { kinds, values, lines } = this.#state.tokens;
    const tag = this.#afterAttribute(i + 1);
    const named = kinds[tag] === T.IDENTIFIER;
    const brace = named ? tag + 1 : tag;
    if (kinds[brace] !== T.BRACE_OPEN) return i + 1;
    const occurrence = named ? this.#state.add(tag, F.USE) : -1;
    const symbol = tagSymbol(values[i]!);
    const opened =
      occurrence >= 0 ? this.#state.facts.define(occurrence, F.DEFINITION, symbol, lines[brace]!, 0) : -1;
    const context = values[i] === K.ENUM ? ENUMERATION : AGGREGATE;
    this.#state.push(context, named ? values[tag]! : 0, opened);
    return brace + 1;
  }

  /** The token after `__packed` or `__aligned(8)` at i, or i. */
  #afterAttribute(i: number): number {
    const { kinds, values } = this.#state.tokens;
    if (kinds[i] !== T.IDENTIFIER && kinds[i] !== T.KEYWORD) return i;
    const followedByParen = kinds[i + 1] === T.PAREN_OPEN;
    const isKeyword = kinds[i] === T.KEYWORD && K.isAttribute(values[i]!);
    if (!isKeyword && !isAttributeWord(this.#state.names, values[i]!, false, followedByParen)) return i;
    if (!followedByParen) return i + 1;
    let depth = 0;
    let at = i + 1;
    for (; at < i + 32 && kinds[at] !== T.END; at++) {
      if (kinds[at] === T.PAREN_OPEN) depth++;
      else if (kinds[at] === T.PAREN_CLOSE && --depth === 0) return at + 1;
    }
    return i;
  }

  /** `name: value`, GNU's old designator, is a write like `.name = value`. */
  #initializerKind(i: number): number {
    const { kinds } = this.#state.tokens;
    const previous = i > 0 ? kinds[i - 1] : 0;
    if (kinds[i + 1] === T.COLON && (previous === T.BRACE_OPEN || previous === T.COMMA))
      return F.WRITE | F.MEMBER;
    return classify(this.#state.tokens, i, 0);
  }

  #closeInitializer(i: number): void {
    this.#state.levels.top--;
    const parent = this.#state.levels.current;
    if (parent.context !== FILE && parent.context !== AGGREGATE) return;
    if (parent.init || parent.paren > 0) return;
    finishDeclarator(this.#state.facts, parent, this.#state.tokens.lines[i]!);
    this.#state.statement(parent);
  }

  #closeBody(level: Level, i: number): void {
    if (this.#state.levels.top === this.#state.floor) {
      level.braces = 1;
      return;
    }
    const line = this.#state.tokens.lines[i]!;
    this.#state.end(level.opened, level.scope, line);
    this.#state.closeOpen(line);
    this.#state.levels.top--;
    this.#state.statement(this.#state.levels.current);
  }
}
