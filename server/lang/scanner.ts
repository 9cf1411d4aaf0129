// One pass over the tokens of a C file: every name's occurrence, every definition, the extent of every function and macro.
// No configuration is chosen, so both branches of an `#if` count: the state before it is put back at its `#else`.
// Braces that an `#if` leaves in doubt are settled by the first column, where kernels end and begin their functions.
import {
  finishDeclarator,
  functionNameToken,
  isAttributeWord,
  oldStyleParameters,
  startInitializer,
  tagSymbol,
} from "./declarations.ts";
import type { FactBuffer } from "./facts.ts";
import * as F from "./facts.ts";
import * as K from "./keywords.ts";
import { AGGREGATE, BODY, ENUMERATION, FILE, INITIALIZER, type Level, Levels, MAX_LEVELS } from "./level.ts";
import type { Lexer } from "./lexer.ts";
import type { NameTable } from "./names.ts";
import { classify } from "./references.ts";
import * as T from "./tokens.ts";

/** An `#if` that is open. */
interface Conditional {
  /** The state at `#if`. */
  readonly before: Levels;
  /** The state at the end of the first branch that counts. */
  readonly first: Levels;
  hasFirst: boolean;
}

const PERCENT = 0x25;

export class Scanner {
  readonly #tokens: Lexer;
  readonly #names: NameTable;
  readonly #facts: FactBuffer;
  readonly #levels = new Levels();
  readonly #conditionals: Conditional[] = [];
  #conditionalDepth = 0;
  /** Functions whose end has not been seen: definition and scope. */
  readonly #openFunctions: { definition: number; scope: number }[] = [];
  /** Function heads in branches that were set aside, for the body that follows `#endif`. */
  readonly #otherHeads: number[] = [];

  constructor(tokens: Lexer, names: NameTable, facts: FactBuffer) {
    this.#tokens = tokens;
    this.#names = names;
    this.#facts = facts;
  }

  /** Reads the tokens of one file and appends its facts. */
  scan(): void {
    const { kinds } = this.#tokens;
    const count = this.#tokens.count;
    this.#levels.top = 0;
    this.#levels.current.open(FILE, 0, -1);
    this.#conditionalDepth = 0;
    this.#otherHeads.length = 0;
    let i = 0;
    while (i < count) {
      const kind = kinds[i]!;
      if (kind >= T.PP_FIRST && kind <= T.PP_LAST) i = this.#directive(i, kind);
      else {
        const level = this.#levels.current;
        const head = kind === T.BRACE_OPEN ? this.#headInPassing(level, i) : -1;
        if (head >= 0) i = this.#restartAt(head);
        else if (level.context === BODY) i = this.#bodyToken(level, i, kind);
        else if (level.context === INITIALIZER) i = this.#initializerToken(level, i, kind);
        else if (level.context === ENUMERATION) i = this.#enumToken(level, i, kind);
        else i = this.#declarationToken(level, i, kind);
      }
    }
    this.#closeOpen(this.#tokens.lineCount);
  }

  // ---- Names

  #add(i: number, kind: number): number {
    const t = this.#tokens;
    return this.#facts.add(t.values[i]!, t.lines[i]!, t.column(i), kind);
  }

  // ---- Function bodies and initialisers

  #bodyToken(level: Level, i: number, kind: number): number {
    if (kind === T.IDENTIFIER) this.#add(i, classify(this.#tokens, i, 0));
    else if (kind === T.BRACE_OPEN) level.braces++;
    else if (kind === T.BRACE_CLOSE) {
      level.braces--;
      if (level.braces <= 0 || (level.doubtful && this.#isColumnOne(i))) this.#closeBody(level, i);
    } else if (kind === T.KEYWORD && K.isTag(this.#tokens.values[i]!)) return this.#localTag(i);
    return i + 1;
  }

  /** A struct, union or enum inside a function or initialiser: its body, if it has one, is a level of its own. */
  #localTag(i: number): number {
    const { kinds, values, lines } = this.#tokens;
    const tag = this.#afterAttribute(i + 1);
    const named = kinds[tag] === T.IDENTIFIER;
    const brace = named ? tag + 1 : tag;
    if (kinds[brace] !== T.BRACE_OPEN) return i + 1;
    const occurrence = named ? this.#add(tag, F.USE) : -1;
    const symbol = tagSymbol(values[i]!);
    const opened =
      occurrence >= 0 ? this.#facts.define(occurrence, F.DEFINITION, symbol, lines[brace]!, 0) : -1;
    const context = values[i] === K.ENUM ? ENUMERATION : AGGREGATE;
    this.#push(context, named ? values[tag]! : 0, opened);
    return brace + 1;
  }

  /** The token after `__packed` or `__aligned(8)` at i, or i. */
  #afterAttribute(i: number): number {
    const { kinds, values } = this.#tokens;
    if (kinds[i] !== T.IDENTIFIER && kinds[i] !== T.KEYWORD) return i;
    const followedByParen = kinds[i + 1] === T.PAREN_OPEN;
    const isKeyword = kinds[i] === T.KEYWORD && K.isAttribute(values[i]!);
    if (!isKeyword && !isAttributeWord(this.#names, values[i]!, false, followedByParen)) return i;
    if (!followedByParen) return i + 1;
    let depth = 0;
    let at = i + 1;
    for (; at < i + 32 && kinds[at] !== T.END; at++) {
      if (kinds[at] === T.PAREN_OPEN) depth++;
      else if (kinds[at] === T.PAREN_CLOSE && --depth === 0) return at + 1;
    }
    return i;
  }

  #initializerToken(level: Level, i: number, kind: number): number {
    if (kind === T.IDENTIFIER) this.#add(i, this.#initializerKind(i));
    else if (kind === T.BRACE_OPEN) level.braces++;
    else if (kind === T.BRACE_CLOSE) {
      level.braces--;
      if (level.braces <= 0 || (level.doubtful && this.#isColumnOne(i))) this.#closeInitializer(i);
    } else if (kind === T.KEYWORD && K.isTag(this.#tokens.values[i]!)) return this.#localTag(i);
    return i + 1;
  }

  /** `name: value`, GNU's old designator, is a write like `.name = value`. */
  #initializerKind(i: number): number {
    const { kinds } = this.#tokens;
    const previous = i > 0 ? kinds[i - 1] : 0;
    if (kinds[i + 1] === T.COLON && (previous === T.BRACE_OPEN || previous === T.COMMA))
      return F.WRITE | F.MEMBER;
    return classify(this.#tokens, i, 0);
  }

  #closeInitializer(i: number): void {
    this.#levels.top--;
    const parent = this.#levels.current;
    if (parent.context !== FILE && parent.context !== AGGREGATE) return;
    if (parent.init || parent.paren > 0) return;
    finishDeclarator(this.#facts, parent, this.#tokens.lines[i]!);
    this.#statement(parent);
  }

  #enumToken(level: Level, i: number, kind: number): number {
    const { kinds } = this.#tokens;
    if (kind === T.IDENTIFIER) {
      const previous = kinds[this.#previous(i)]!;
      const starts = level.paren === 0 && (previous === T.BRACE_OPEN || previous === T.COMMA);
      const occurrence = this.#add(
        i,
        starts && kinds[i + 1] !== T.PAREN_OPEN ? F.USE : classify(this.#tokens, i, 0),
      );
      if (starts && kinds[i + 1] !== T.PAREN_OPEN)
        this.#facts.define(occurrence, F.DEFINITION, F.ENUMERATOR, this.#tokens.lines[i]!, level.tag);
    } else if (kind === T.PAREN_OPEN) level.paren++;
    else if (kind === T.PAREN_CLOSE) level.paren = Math.max(0, level.paren - 1);
    else if (kind === T.BRACE_OPEN) this.#push(INITIALIZER, 0, -1);
    else if (kind === T.BRACE_CLOSE) this.#closeTag(level, i);
    return i + 1;
  }

  // ---- Declarations: file scope and struct members

  #declarationToken(level: Level, i: number, kind: number): number {
    switch (kind) {
      case T.IDENTIFIER:
        this.#word(level, i);
        break;
      case T.KEYWORD:
        this.#keyword(level, this.#tokens.values[i]!, i);
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
        if (level.paren === 0 && level.bracket === 0 && !level.init)
          startInitializer(this.#facts, level, this.#tokens.lines[i]!);
        break;
      case T.COLON:
        if (level.context === AGGREGATE && level.paren === 0 && !level.init) {
          finishDeclarator(this.#facts, level, this.#tokens.lines[i]!);
          level.init = 1;
        } else if (level.context === FILE && level.paren === 0 && !level.init) level.garbage = 1; // yacc's rules
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

  #word(level: Level, i: number): void {
    const t = this.#tokens;
    if (level.init || level.bracket > 0) {
      this.#add(i, classify(t, i, 0));
      return;
    }
    const occurrence = this.#add(i, F.USE);
    if (level.paren > 0) {
      if (level.pointer === level.paren && level.func < 0) this.#pointerName(level, i, occurrence);
      return;
    }
    if (i > 0 && t.kinds[i - 1] === T.ARROW) level.garbage = 1;
    const followedByParen = t.kinds[i + 1] === T.PAREN_OPEN;
    if (level.tagPending) {
      if (followedByParen && isAttributeWord(this.#names, t.values[i]!, false, true)) level.attribute = 1;
      else {
        level.tagName = occurrence;
        level.tagPending = 0;
        level.types++;
      }
      return;
    }
    const named = level.name >= 0 || level.tagName >= 0 || followedByParen;
    const declared = level.closed || ((level.types > 0 || level.name >= 0) && named);
    if (declared && isAttributeWord(this.#names, t.values[i]!, level.closed === 1, followedByParen)) {
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

  /** The name in `(*name)(...)`, or in `(*name(...))(...)`: a function that returns a pointer to one. */
  #pointerName(level: Level, i: number, occurrence: number): void {
    level.settled = 1;
    if (this.#tokens.kinds[i + 1] !== T.PAREN_OPEN) {
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
      level.attribute = this.#tokens.kinds[i + 1] === T.PAREN_OPEN ? 1 : 0;
      if (K.isType(id)) level.types++;
    } else if (K.isType(id)) {
      if (level.closed) level.lateTypes++;
      else {
        if (level.name >= 0) this.#nameIsType(level);
        level.types++;
        if (id === K.ATOMIC && this.#tokens.kinds[i + 1] === T.PAREN_OPEN) level.attribute = 1;
      }
    } else if (K.isStatement(id)) level.garbage = 1;
  }

  /** `MACRO(...)` without a semicolon, and the next declaration starts. */
  #endMacroCall(level: Level): void {
    if (level.func >= 0 && !level.oldStyle) this.#facts.kinds[level.func] = F.CALL;
    this.#statement(level);
  }

  #nameIsType(level: Level): void {
    level.types++;
    level.name = -1;
  }

  #parenOpen(level: Level, i: number): void {
    const { kinds } = this.#tokens;
    level.paren++;
    if (level.init || level.paren !== 1 || level.bracket > 0) {
      if (level.paren === 2 && level.pointer === 1 && level.func >= 0) level.params = 2;
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

  /** `(EFIAPI *name)(`: a word before the star; in a typedef also `(name)(`. */
  #isPointerWithWord(open: number): boolean {
    const { kinds } = this.#tokens;
    if (kinds[open + 1] !== T.IDENTIFIER) return false;
    let at = open + 2;
    if (kinds[at] === T.STAR && kinds[at + 1] === T.IDENTIFIER) at += 2;
    else if (!this.#levels.current.isTypedef) return false;
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
      this.#facts.kinds[level.func] = F.CALL;
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
    finishDeclarator(this.#facts, level, this.#tokens.lines[i]!);
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
    finishDeclarator(this.#facts, level, this.#tokens.lines[i]!);
    this.#statement(level);
  }

  /** After `f(a, b)`: does the last word seen name one of the parameters? Then their declarations have begun. */
  #startsOldStyle(level: Level): boolean {
    if (level.context !== FILE || level.funcToken < 0 || level.lateTypes === 0 || level.isTypedef)
      return false;
    const ids = oldStyleParameters(this.#tokens, level.funcToken + 1);
    if (ids === undefined) return false;
    if (level.late < 0) return true; // int (*f)();
    return ids.includes(this.#facts.names[level.late]!);
  }

  #braceOpen(level: Level, i: number): void {
    const { kinds, lines } = this.#tokens;
    if (kinds[i - 1] === PERCENT) {
      this.#statement(level); // yacc and lex: %{ begins C
      return;
    }
    if (level.closed && !level.oldStyle && level.lateTag > 0) this.#tagAfterMacro(level, i);
    if (level.init || level.paren > 0 || level.bracket > 0) this.#push(INITIALIZER, 0, -1);
    else if (level.func >= 0 && level.closed && level.context === FILE && !level.garbage)
      this.#openBody(level);
    else if (level.tagKeyword !== 0 && !level.tagBody && (level.func < 0 || level.context === AGGREGATE))
      this.#openTag(level, lines[i]!);
    else if (level.isExtern && kinds[i - 1] === T.STRING) {
      this.#statement(level);
      this.#push(FILE, 0, -1);
    } else this.#push(INITIALIZER, 0, -1);
  }

  /** `MACRO(...) struct tag {`: the macro's call is a statement of its own. */
  #tagAfterMacro(level: Level, brace: number): void {
    const tag = level.lateTag;
    const name = this.#tokens.kinds[brace - 1] === T.IDENTIFIER ? level.late : -1;
    const { isTypedef } = level;
    this.#endMacroCall(level);
    level.isTypedef = isTypedef;
    level.tagKeyword = this.#tokens.values[tag]!;
    level.tagName = name;
  }

  #openTag(level: Level, line: number): void {
    // struct __packed name {: the last word is the tag
    const occurrence = level.name >= 0 ? level.name : level.tagName;
    const context = level.tagKeyword === K.ENUM ? ENUMERATION : AGGREGATE;
    let opened = -1;
    if (occurrence >= 0)
      opened = this.#facts.define(occurrence, F.DEFINITION, tagSymbol(level.tagKeyword), line, 0);
    level.name = -1;
    level.tagPending = 0;
    level.tagBody = 1;
    level.types++;
    this.#push(context, occurrence >= 0 ? this.#facts.names[occurrence]! : level.tag, opened);
  }

  #openBody(level: Level): void {
    const t = this.#tokens;
    const token = functionNameToken(t, this.#names, level);
    let occurrence = level.func;
    if (token !== level.funcToken) {
      this.#facts.kinds[occurrence] = F.CALL;
      while (this.#facts.names[occurrence] !== t.values[token]) occurrence++;
    }
    const symbol = F.FUNCTION | (level.isStatic ? F.LOCAL : 0);
    const definition = this.#facts.define(occurrence, F.DEFINITION, symbol, F.OPEN, 0);
    const scope = this.#facts.openScope(t.values[token]!, t.lines[token]!, t.column(token), false);
    this.#openFunctions.push({ definition, scope });
    for (const other of this.#otherHeads) {
      if (this.#facts.names[other] === t.values[token] || this.#facts.definition[other] !== 0) continue;
      const also = this.#facts.define(other, F.DEFINITION, symbol, F.OPEN, 0);
      this.#openFunctions.push({ definition: also, scope: -1 });
    }
    this.#statement(level);
    this.#push(BODY, 0, definition);
    this.#levels.current.scope = scope;
  }

  #braceClose(level: Level, i: number): void {
    if (level.context === AGGREGATE) this.#closeTag(level, i);
    else {
      this.#statement(level);
      if (this.#levels.top > 0) this.#levels.top--;
    }
  }

  #closeTag(level: Level, i: number): void {
    const line = this.#tokens.lines[i]!;
    finishDeclarator(this.#facts, level, line);
    if (level.opened >= 0) this.#facts.definitionEnds[level.opened] = line;
    this.#levels.top--;
    this.#levels.current.types++;
  }

  #closeBody(level: Level, i: number): void {
    const line = this.#tokens.lines[i]!;
    this.#end(level.opened, level.scope, line);
    this.#closeOpen(line);
    this.#levels.top--;
    this.#statement(this.#levels.current);
  }

  #end(definition: number, scope: number, line: number): void {
    if (definition >= 0) this.#facts.definitionEnds[definition] = line;
    if (scope >= 0) this.#facts.scopeEnds[scope] = line;
  }

  /** Ends every function that is still open: heads in other branches of an `#if` share the body's end. */
  #closeOpen(line: number): void {
    for (const open of this.#openFunctions) this.#end(open.definition, open.scope, line);
    this.#openFunctions.length = 0;
  }

  #statement(level: Level): void {
    level.statement();
    this.#otherHeads.length = 0;
  }

  #push(context: number, tag: number, opened: number): void {
    if (this.#levels.top + 1 < MAX_LEVELS) this.#levels.top++;
    this.#levels.current.open(context, tag, opened);
  }

  // ---- The first column

  #isColumnOne(i: number): boolean {
    return this.#tokens.column(i) === 1;
  }

  /** The previous token that is no directive's. */
  #previous(i: number): number {
    const { kinds } = this.#tokens;
    let at = i - 1;
    while (at > 0 && kinds[at]! >= T.PP_FIRST && kinds[at]! <= T.PP_LAST) {
      if (kinds[at] === T.DIRECTIVE_END)
        while (at > 0 && (kinds[at]! < T.PP_FIRST || kinds[at] === T.DIRECTIVE_END)) at--;
      at--;
    }
    return Math.max(at, 0);
  }

  /** At a `{` where none can open a body: the token where a function's head before it starts, or -1. */
  #headInPassing(level: Level, brace: number): number {
    const isHead = level.closed === 1 && level.paren === 0 && !level.garbage && !level.init;
    const isExpected = this.#levels.top === 0 && isHead;
    return !isExpected && this.#isColumnOne(brace) ? this.#headBefore(brace) : -1;
  }

  /** At a `{` in the first column: the token where a function's head before it starts, or -1. */
  #headBefore(brace: number): number {
    const t = this.#tokens;
    if (t.kinds[brace - 1] !== T.PAREN_CLOSE) return -1;
    let depth = 0;
    let i = brace - 1;
    for (; i > 0; i--) {
      const kind = t.kinds[i]!;
      if (kind === T.PAREN_CLOSE) depth++;
      else if (kind === T.PAREN_OPEN && --depth === 0) break;
      else if (kind === T.BRACE_CLOSE || kind === T.SEMICOLON) return -1;
    }
    if (i < 2 || t.kinds[i - 1] !== T.IDENTIFIER || t.column(i - 1) !== 1) return -1;
    // The return type, on the line before.
    let head = i - 1;
    while (
      head > 0 &&
      (t.kinds[head - 1] === T.IDENTIFIER || t.kinds[head - 1] === T.KEYWORD || t.kinds[head - 1] === T.STAR)
    )
      head--;
    const before = t.kinds[head - 1];
    const starts = before === T.BRACE_CLOSE || before === T.SEMICOLON || before === T.DIRECTIVE_END;
    return starts && t.column(head) === 1 && head < i - 1 ? head : -1;
  }

  /** Gives up the braces that are open and reads on from a function's head at file scope. */
  #restartAt(head: number): number {
    const t = this.#tokens;
    const line = t.lines[head]!;
    const facts = this.#facts;
    while (
      facts.count > 0 &&
      facts.lines[facts.count - 1]! >= line &&
      facts.definition[facts.count - 1] === 0
    )
      facts.count--;
    const level = this.#levels.current;
    this.#end(level.opened, level.scope, line - 1);
    this.#closeOpen(line - 1);
    this.#levels.top = 0;
    this.#statement(this.#levels.current);
    return head;
  }

  // ---- Directives

  #directive(i: number, kind: number): number {
    switch (kind) {
      case T.PP_DEFINE:
        return this.#define(i);
      case T.PP_INCLUDE:
        if (this.#tokens.values[i] !== 0) this.#add(i, F.INCLUDED);
        return this.#uses(i + 1);
      case T.PP_IF:
        if (this.#isZero(i)) return this.#skipBranch(i, true);
        this.#if();
        return this.#uses(i + 1);
      case T.PP_IFDEF:
      case T.PP_IFNDEF:
        this.#if();
        return this.#uses(i + 1);
      case T.PP_ELIF:
      case T.PP_ELSE:
        this.#else();
        return this.#uses(i + 1);
      case T.PP_ENDIF:
        this.#endif();
        return this.#uses(i + 1);
      case T.DIRECTIVE_END:
        return i + 1;
      default:
        return this.#uses(i + 1);
    }
  }

  /** The names on the rest of a directive's line. */
  #uses(from: number): number {
    const { kinds, values } = this.#tokens;
    let i = from;
    for (; kinds[i] !== T.DIRECTIVE_END && kinds[i] !== T.END; i++)
      if (kinds[i] === T.IDENTIFIER && values[i] !== K.DEFINED)
        this.#add(i, kinds[i + 1] === T.PAREN_OPEN ? F.CALL : F.USE);
    return i + 1;
  }

  #isZero(i: number): boolean {
    const t = this.#tokens;
    return t.kinds[i + 1] === T.NUMBER && t.kinds[i + 2] === T.DIRECTIVE_END && t.isZero(i + 1);
  }

  /** The text under `#if 0`: its names are plain uses. Ends at `#else`, `#elif` or `#endif` of the same depth. */
  #skipBranch(from: number, opens: boolean): number {
    const { kinds } = this.#tokens;
    let depth = 0;
    let i = from + 1;
    for (; kinds[i] !== T.END; i++) {
      const kind = kinds[i]!;
      if (kind === T.IDENTIFIER) this.#add(i, F.USE);
      else if (kind === T.PP_IF || kind === T.PP_IFDEF || kind === T.PP_IFNDEF) depth++;
      else if (kind === T.PP_ENDIF && depth-- === 0) break;
      else if ((kind === T.PP_ELSE || kind === T.PP_ELIF) && depth === 0) break;
    }
    if (opens) this.#if();
    if (kinds[i] === T.PP_ELSE || kinds[i] === T.PP_ELIF) return this.#uses(i + 1);
    return i;
  }

  #if(): void {
    const depth = this.#conditionalDepth++;
    let entry = this.#conditionals[depth];
    if (entry === undefined) {
      entry = { before: new Levels(), first: new Levels(), hasFirst: false };
      this.#conditionals.push(entry);
    }
    entry.before.copy(this.#levels);
    entry.hasFirst = false;
  }

  #else(): void {
    const entry = this.#conditionals[this.#conditionalDepth - 1];
    if (this.#conditionalDepth === 0 || entry === undefined) return;
    if (entry.hasFirst) this.#keepHead(entry);
    else {
      entry.first.copy(this.#levels);
      entry.hasFirst = true;
    }
    this.#levels.copy(entry.before);
  }

  #endif(): void {
    if (this.#conditionalDepth === 0) return;
    const entry = this.#conditionals[--this.#conditionalDepth]!;
    const doubtful = !this.#levels.sameBraces(entry.hasFirst ? entry.first : entry.before);
    if (entry.hasFirst) {
      this.#keepHead(entry);
      this.#levels.copy(entry.first);
    }
    const level = this.#levels.current;
    if (doubtful || !this.#levels.sameBraces(entry.before)) level.doubtful = 1;
  }

  /** A function head at the end of a branch that is set aside may share the body after `#endif`. */
  #keepHead(entry: Conditional): void {
    const level = this.#levels.current;
    if (level.context !== FILE || level.func < 0 || !level.closed || level.garbage) return;
    if (level.func !== entry.first.current.func) this.#otherHeads.push(level.func);
  }

  /** `#define`: the macro, and the names in its text, which belong to it; its parameters are no one's names. */
  #define(i: number): number {
    const t = this.#tokens;
    const { kinds, values, starts, lines } = t;
    const nameKind = kinds[i + 1];
    if (nameKind !== T.IDENTIFIER && nameKind !== T.KEYWORD) return this.#uses(i + 1);
    const name = values[i + 1]!;
    const occurrence = this.#add(i + 1, F.USE);
    const definition = this.#facts.define(occurrence, F.DEFINITION, F.MACRO, lines[i + 1]!, 0);
    let at = i + 2;
    let first = 0;
    let last = 0;
    if (kinds[at] === T.PAREN_OPEN && starts[at] === starts[i + 1]! + this.#names.length(name)) {
      first = at + 1;
      while (kinds[at] !== T.PAREN_CLOSE && kinds[at] !== T.DIRECTIVE_END && kinds[at] !== T.END) at++;
      last = at;
      if (kinds[at] === T.PAREN_CLOSE) at++;
    }
    let scope = -1;
    const low = at;
    for (; kinds[at] !== T.DIRECTIVE_END && kinds[at] !== T.END; at++) {
      if (kinds[at] !== T.IDENTIFIER || this.#isParameter(values[at]!, first, last)) continue;
      if (scope < 0) scope = this.#facts.openScope(name, lines[i + 1]!, t.column(i + 1), true);
      this.#add(at, classify(t, at, low));
    }
    this.#end(definition, scope, lines[at]!);
    return at + 1;
  }

  #isParameter(name: number, first: number, last: number): boolean {
    const { values } = this.#tokens;
    for (let i = first; i < last; i++) if (values[i] === name) return true;
    return false;
  }
}
