// Tokens where declarations stand: at file scope and between the members of a struct. Gathers what a statement shows, word by
// word, until its `,`, `=`, `;` or `{` says what it declares (declarations.ts).
import {
  finishDeclarator,
  functionNameToken,
  isAttributeWord,
  isCxxWord,
  isEquate,
  oldStyleParameters,
  startInitializer,
  tagSymbol,
} from "./declarations.ts";
import * as F from "./facts.ts";
import * as K from "./keywords.ts";
import { AGGREGATE, BODY, ENUMERATION, FILE, INITIALIZER, type Level } from "./level.ts";
import { classify } from "./references.ts";
import type { ScanState } from "./scan-state.ts";
import * as T from "./tokens.ts";

const BAR = 0x7c;
const LESS = 0x3c;

/** At file scope, outside of brackets and initialisers. */
const isOutside = (level: Level): boolean =>
  level.context === FILE && level.paren === 0 && level.bracket === 0 && !level.init;

export class DeclarationScanner {
  readonly #state: ScanState;

  constructor(state: ScanState) {
    this.#state = state;
  }

  /** Takes one token and returns the next one to look at. */
  token(level: Level, i: number, kind: number): number {
    switch (kind) {
      case T.IDENTIFIER:
        if (this.#isEquate(level, i)) {
          this.#state.statement(level);
          return this.#pastLine(i);
        }
        this.#word(level, i);
        break;
      case T.KEYWORD:
        this.#keyword(level, this.#state.tokens.values[i]!, i);
        break;
      case T.PAREN_OPEN:
        this.#parenOpen(level, i);
        break;
      case T.PAREN_CLOSE:
        this.#parenClose(level);
        break;
      case T.BRACKET_OPEN:
        level.bracket++;
        break;
      case T.BRACKET_CLOSE:
        if (level.bracket > 0 && level.paren === 0 && level.name >= 0) level.settled = 1;
        level.bracket = Math.max(0, level.bracket - 1);
        break;
      case T.STAR:
        if (level.closed && level.late >= 0) level.lateTypes++;
        break;
      case T.EQUALS:
        if (level.paren === 0 && level.bracket === 0 && !level.init) this.#equals(level, i);
        break;
      case T.COLON:
        if (level.context === AGGREGATE && level.paren === 0 && !level.init) {
          finishDeclarator(this.#state.facts, level, this.#state.tokens.lines[i]!);
          level.init = 1;
        } else this.#noDeclaration(level); // yacc's rules
        break;
      case BAR: // yacc's alternatives
        this.#noDeclaration(level);
        break;
      case T.DOT:
        if (isOutside(level) && this.#isFirstOfLine(i)) return this.#pastLine(i); // an assembler's directive
        break;
      case T.COMMA:
        this.#comma(level, i);
        break;
      case T.SEMICOLON:
        this.#semicolon(level, i);
        break;
      case T.BRACE_OPEN:
        this.#braceOpen(level, i);
        break;
      case T.BRACE_CLOSE:
        this.#braceClose(level, i);
        break;
    }
    return i + 1;
  }

  /** `=` outside of parentheses: an initialiser, or in text that is none of C's declarations an assignment. */
  #equals(level: Level, i: number): void {
    const { facts, tokens } = this.#state;
    if (level.paren === 0 && level.bracket === 0 && !level.init) this.#nameInMacro(level);
    startInitializer(facts, level, tokens.lines[i]!);
    const last = facts.count - 1;
    if (level.defined < 0 && tokens.kinds[i - 1] === T.IDENTIFIER && facts.kinds[last] === F.USE)
      facts.kinds[last] = F.WRITE;
  }

  /** `struct protosw COMPATNAME(route_protosw)[] = {`: a function has no initialiser, so the macro's argument is the name. */
  #nameInMacro(level: Level): void {
    const { facts, tokens } = this.#state;
    const { kinds } = tokens;
    const at = level.funcToken;
    if (level.func < 0 || !level.closed || level.late >= 0 || level.funcTypes === 0 || level.pointer) return;
    if (kinds[at + 1] !== T.PAREN_OPEN || kinds[at + 2] !== T.IDENTIFIER || kinds[at + 3] !== T.PAREN_CLOSE)
      return;
    facts.kinds[level.func] = F.CALL;
    level.name = level.func + 1;
    level.func = -1;
    level.closed = 0;
  }

  #isFirstOfLine(i: number): boolean {
    const { lines } = this.#state.tokens;
    return i === 0 || lines[i - 1] !== lines[i];
  }

  /** At a mark that stands in no declaration of C, outside of brackets and initialisers. */
  #noDeclaration(level: Level): void {
    if (isOutside(level)) level.garbage = 1;
  }

  /** `NAME equ 4`, of an assembler. */
  #isEquate(level: Level, i: number): boolean {
    const { kinds, values } = this.#state.tokens;
    return isOutside(level) && kinds[i - 1] === T.IDENTIFIER && isEquate(this.#state.names, values[i]!);
  }

  /** The first token on a later line. What stands in between is used, no more. */
  #pastLine(i: number): number {
    const { kinds, lines, count } = this.#state.tokens;
    let at = i;
    for (; at < count && lines[at] === lines[i] && (kinds[at]! < T.PP_FIRST || kinds[at]! > T.PP_LAST); at++)
      if (kinds[at] === T.IDENTIFIER) this.#state.add(at, F.USE);
    return at;
  }

  #word(level: Level, i: number): void {
    const t = this.#state.tokens;
    if (level.init || level.bracket > 0) {
      this.#state.add(i, classify(t, i, 0));
      return;
    }
    const occurrence = this.#state.add(i, F.USE);
    if (level.paren > 0) {
      if (level.pointer === level.paren && level.func < 0) this.#pointerName(level, i, occurrence);
      else this.#argument(i, occurrence);
      return;
    }
    if (i > 0 && (t.kinds[i - 1] === T.ARROW || t.kinds[i - 1] === T.DOT)) {
      level.garbage = 1; // a statement: among a macro's arguments, or under #if 0
      this.#argument(i, occurrence);
    }
    const isFirst = level.context === FILE && level.name < 0 && level.types === 0 && !level.isStatic;
    const next = t.kinds[i + 1];
    if (isFirst && (next === T.IDENTIFIER || next === LESS) && isCxxWord(this.#state.names, t.values[i]!))
      level.garbage = 1;
    const followedByParen = t.kinds[i + 1] === T.PAREN_OPEN;
    if (level.tagPending) {
      if (followedByParen && isAttributeWord(this.#state.names, t.values[i]!, false, true))
        level.attribute = 1;
      else {
        level.tagName = occurrence;
        level.tagPending = 0;
        level.types++;
      }
      return;
    }
    const named = level.name >= 0 || level.tagName >= 0 || followedByParen;
    const declared = level.closed || ((level.types > 0 || level.name >= 0) && named);
    if (declared && isAttributeWord(this.#state.names, t.values[i]!, level.closed === 1, followedByParen)) {
      if (followedByParen) level.attribute = 1;
      return;
    }
    if (level.closed) {
      if (level.late >= 0) level.lateTypes++;
      level.late = occurrence;
      return;
    }
    if (level.settled) return;
    if (level.name >= 0) level.types++;
    level.name = occurrence;
  }

  /** A word in parentheses: what a macro's arguments assign or take the address of. */
  #argument(i: number, occurrence: number): void {
    const kind = classify(this.#state.tokens, i, 0);
    const base = kind & F.BASE_KIND;
    if (base === F.WRITE || base === F.ADDRESS) this.#state.facts.kinds[occurrence] = kind;
  }

  /** The name in `(*name)(...)`, or in `(*name(...))(...)`: a function that returns a pointer to one. */
  #pointerName(level: Level, i: number, occurrence: number): void {
    level.settled = 1;
    if (this.#state.tokens.kinds[i + 1] !== T.PAREN_OPEN) {
      level.name = occurrence;
      return;
    }
    level.func = occurrence;
    level.funcToken = i;
    level.funcTypes = level.types;
  }

  #keyword(level: Level, id: number, i: number): void {
    if (level.init || level.paren > 0 || level.bracket > 0) return;
    if (K.isStorage(id)) {
      if (level.closed && id <= K.STATIC) this.#endMacroCall(level);
      if (id === K.TYPEDEF) level.isTypedef = 1;
      else if (id === K.EXTERN) level.isExtern = 1;
      else if (id === K.STATIC) level.isStatic = 1;
      if (level.closed) level.lateTypes++;
    } else if (K.isTag(id)) {
      if (level.closed) {
        level.lateTypes++;
        level.lateTag = i;
      } else {
        if (level.name >= 0) this.#nameIsType(level);
        level.tagKeyword = id;
        level.tagPending = 1;
        level.tagName = -1;
        level.tagBody = 0;
      }
    } else if (K.isAttribute(id)) {
      level.attribute = this.#state.tokens.kinds[i + 1] === T.PAREN_OPEN ? 1 : 0;
      if (K.isType(id)) level.types++;
    } else if (K.isType(id)) {
      if (level.closed) level.lateTypes++;
      else {
        if (level.name >= 0) this.#nameIsType(level);
        level.types++;
        if (id === K.ATOMIC && this.#state.tokens.kinds[i + 1] === T.PAREN_OPEN) level.attribute = 1;
      }
    } else if (K.isStatement(id)) level.garbage = 1;
  }

  /** `MACRO(...)` without a semicolon, and the next declaration starts. */
  #endMacroCall(level: Level): void {
    if (level.func >= 0 && !level.oldStyle) this.#state.facts.kinds[level.func] = F.CALL;
    this.#state.statement(level);
  }

  #nameIsType(level: Level): void {
    level.types++;
    level.name = -1;
  }

  #parenOpen(level: Level, i: number): void {
    const { kinds } = this.#state.tokens;
    level.paren++;
    if (level.init || level.paren !== 1 || level.bracket > 0) {
      if (level.paren === 2 && level.pointer === 1 && level.func >= 0) level.params = 2;
      else if (this.#isSecondGroup(level, i)) level.pointer = 2;
      return;
    }
    if (level.attribute) return;
    const previous = i > 0 ? kinds[i - 1]! : 0;
    if (kinds[i + 1] === T.STAR || kinds[i + 1] === 0x5e || this.#isPointerWithWord(i)) {
      if (level.func < 0 && (level.types > 0 || level.name >= 0)) {
        if (level.name >= 0) this.#nameIsType(level);
        level.pointer = 1;
      }
      return;
    }
    if (previous === T.IDENTIFIER) this.#parameters(level, i);
    else if (level.name < 0 && level.func < 0 && level.types > 0) level.pointer = 1; // int (name)(...)
  }

  /** The second parenthesis of `int ((*name[])(void)) = {`. */
  #isSecondGroup(level: Level, i: number): boolean {
    const { kinds } = this.#state.tokens;
    const isNested = level.paren === 2 && kinds[i - 1] === T.PAREN_OPEN && kinds[i + 1] === T.STAR;
    return (
      isNested && !level.init && !level.attribute && level.bracket === 0 && level.func < 0 && level.types > 0
    );
  }

  /** `(EFIAPI *name)(`: a word before the star; in a typedef also `(name)(`. */
  #isPointerWithWord(open: number): boolean {
    const { kinds } = this.#state.tokens;
    if (kinds[open + 1] !== T.IDENTIFIER) return false;
    let at = open + 2;
    if (kinds[at] === T.STAR && kinds[at + 1] === T.IDENTIFIER) at += 2;
    else if (!this.#state.levels.current.isTypedef) return false;
    return kinds[at] === T.PAREN_CLOSE && kinds[at + 1] === T.PAREN_OPEN;
  }

  /** `word (` at the outer level: the word may be the function; of several, the one with a type before it is. */
  #parameters(level: Level, i: number): void {
    if (level.func < 0) {
      if (level.name < 0 || level.settled) return;
      level.func = level.name;
      level.funcToken = i - 1;
      level.funcTypes = level.types;
      level.name = -1;
      level.params = 1;
      return;
    }
    if (!level.closed || level.late < 0) return;
    if (level.oldStyle || level.lateTypes > 0 || level.funcTypes === 0) {
      this.#state.facts.kinds[level.func] = F.CALL;
      level.func = level.late;
      level.funcToken = i - 1;
      level.funcTypes = level.lateTypes;
      level.late = -1;
      level.lateTypes = level.lateTag = level.closed = level.oldStyle = 0;
      level.params = 1;
    }
  }

  #parenClose(level: Level): void {
    if (level.paren === 0) return;
    level.paren--;
    if (level.params > level.paren) {
      level.closed = 1;
      level.params = 0;
    }
    if (level.paren === 0) {
      level.attribute = 0;
      level.pointer = 0;
    }
  }

  #comma(level: Level, i: number): void {
    if (level.paren > 0 || level.bracket > 0 || level.oldStyle) return;
    if (level.closed && level.lateTypes > 0 && this.#startsOldStyle(level)) return;
    finishDeclarator(this.#state.facts, level, this.#state.tokens.lines[i]!);
    level.declarator();
  }

  #semicolon(level: Level, i: number): void {
    if (level.lateTag > 0 && level.lateTag === i - 2 && !level.oldStyle) this.#tagAfterMacro(level, i);
    if (
      level.paren === 0 &&
      level.closed &&
      level.context === FILE &&
      (level.late >= 0 || level.lateTypes > 0)
    ) {
      if (level.oldStyle || this.#startsOldStyle(level)) {
        level.oldStyle = 1;
        level.late = -1;
        level.lateTypes = 0;
        return;
      }
    }
    finishDeclarator(this.#state.facts, level, this.#state.tokens.lines[i]!);
    this.#state.statement(level);
  }

  /** After `f(a, b)`: does the last word seen name one of the parameters? Then their declarations have begun. */
  #startsOldStyle(level: Level): boolean {
    if (level.context !== FILE || level.funcToken < 0 || level.lateTypes === 0 || level.isTypedef)
      return false;
    const ids = oldStyleParameters(this.#state.tokens, level.funcToken + 1);
    if (ids === undefined) return false;
    if (level.late < 0) return true; // int (*f)();
    return ids.includes(this.#state.facts.names[level.late]!);
  }

  #braceOpen(level: Level, i: number): void {
    const { kinds, lines } = this.#state.tokens;
    if (kinds[i - 1] === T.PERCENT) {
      this.#state.statement(level); // yacc and lex: %{ begins C
      return;
    }
    if (level.closed && !level.oldStyle && level.lateTag > 0) this.#tagAfterMacro(level, i);
    if (level.init || level.paren > 0 || level.bracket > 0) this.#state.push(INITIALIZER, 0, -1);
    else if (level.func >= 0 && level.closed && level.context === FILE && !level.garbage)
      this.#openBody(level);
    else if (level.tagKeyword !== 0 && !level.tagBody && (level.func < 0 || level.context === AGGREGATE))
      this.#openTag(level, lines[i]!);
    else if (level.isExtern && kinds[i - 1] === T.STRING) {
      this.#state.statement(level);
      this.#state.push(FILE, 0, -1);
    } else this.#state.push(INITIALIZER, 0, -1);
  }

  /** `MACRO(...) struct tag {`: the macro's call is a statement of its own. */
  #tagAfterMacro(level: Level, brace: number): void {
    const tag = level.lateTag;
    const name = this.#state.tokens.kinds[brace - 1] === T.IDENTIFIER ? level.late : -1;
    const { isTypedef } = level;
    this.#endMacroCall(level);
    level.isTypedef = isTypedef;
    level.tagKeyword = this.#state.tokens.values[tag]!;
    level.tagName = name;
  }

  #openTag(level: Level, line: number): void {
    // struct __packed name {: the last word is the tag
    const occurrence = level.name >= 0 ? level.name : level.tagName;
    const context = level.tagKeyword === K.ENUM ? ENUMERATION : AGGREGATE;
    let opened = -1;
    if (occurrence >= 0)
      opened = this.#state.facts.define(occurrence, F.DEFINITION, tagSymbol(level.tagKeyword), line, 0);
    level.name = -1;
    level.tagPending = 0;
    level.tagBody = 1;
    level.types++;
    this.#state.push(context, occurrence >= 0 ? this.#state.facts.names[occurrence]! : level.tag, opened);
  }

  #openBody(level: Level): void {
    const t = this.#state.tokens;
    const token = functionNameToken(t, this.#state.names, level);
    let occurrence = level.func;
    if (token !== level.funcToken) {
      this.#state.facts.kinds[occurrence] = F.CALL;
      while (this.#state.facts.names[occurrence] !== t.values[token]) occurrence++;
    }
    const symbol = F.FUNCTION | (level.isStatic ? F.LOCAL : 0);
    const definition = this.#state.facts.define(occurrence, F.DEFINITION, symbol, F.OPEN, 0);
    const scope = this.#state.facts.openScope(t.values[token]!, t.lines[token]!, t.column(token), false);
    this.#state.openFunctions.push({ definition, scope });
    for (const other of this.#state.otherHeads) {
      if (this.#state.facts.names[other] === t.values[token] || this.#state.facts.definition[other] !== 0)
        continue;
      const also = this.#state.facts.define(other, F.DEFINITION, symbol, F.OPEN, 0);
      this.#state.openFunctions.push({ definition: also, scope: -1 });
    }
    this.#state.statement(level);
    this.#state.push(BODY, 0, definition);
    this.#state.levels.current.scope = scope;
  }

  #braceClose(level: Level, i: number): void {
    if (level.context === AGGREGATE) this.#state.closeTag(level, i);
    else {
      this.#state.statement(level);
      if (this.#state.levels.top > 0) this.#state.levels.top--;
    }
  }
}
