// What the parts of the scanner share: the tokens of a file, the facts found so far, the nesting, and the few operations on them
// that all parts need. Decides nothing.
import { finishDeclarator } from "./declarations.ts";
import type { FactBuffer } from "./facts.ts";
import { FILE, type Level, Levels, MAX_LEVELS } from "./level.ts";
import type { Lexer } from "./lexer.ts";
import type { NameTable } from "./names.ts";
import * as T from "./tokens.ts";

/** A function whose end has not been seen. */
export interface OpenFunction {
  readonly definition: number;
  readonly scope: number;
}

export class ScanState {
  readonly levels = new Levels();
  readonly openFunctions: OpenFunction[] = [];
  /** Under `#if 0`: the level at which it began, which no brace there ends; otherwise -1. */
  floor = -1;
  /** Function heads in branches that were set aside, for the body that follows `#endif`. */
  readonly otherHeads: number[] = [];

  constructor(
    readonly tokens: Lexer,
    readonly names: NameTable,
    readonly facts: FactBuffer,
  ) {}

  /** The number of facts when this file began. */
  firstFact = 0;

  /** A new file begins. */
  reset(): void {
    this.firstFact = this.facts.count;
    this.levels.top = 0;
    this.floor = -1;
    this.levels.current.open(FILE, 0, -1);
    this.otherHeads.length = 0;
  }

  /** Adds the occurrence of the name at token i. */
  add(i: number, kind: number): number {
    const t = this.tokens;
    return this.facts.add(t.values[i]!, t.lines[i]!, t.column(i), kind);
  }

  /** A new statement begins. */
  statement(level: Level): void {
    level.statement();
    this.otherHeads.length = 0;
  }

  /** Enters braces. */
  push(context: number, tag: number, opened: number): void {
    if (this.levels.top + 1 < MAX_LEVELS) this.levels.top++;
    this.levels.current.open(context, tag, opened);
  }

  /** Sets where a definition and its scope end. */
  end(definition: number, scope: number, line: number): void {
    if (definition >= 0) this.facts.definitionEnds[definition] = line;
    if (scope >= 0) this.facts.scopeEnds[scope] = line;
  }

  /** Ends every function that is still open: heads in other branches of an `#if` share the body's end. */
  closeOpen(line: number): void {
    for (const open of this.openFunctions) this.end(open.definition, open.scope, line);
    this.openFunctions.length = 0;
  }

  /** Does the token stand in the first column? */
  isColumnOne(i: number): boolean {
    return this.tokens.column(i) === 1;
  }

  /** The previous token that is no directive's. */
  previous(i: number): number {
    const { kinds } = this.tokens;
    let at = i - 1;
    while (at > 0 && kinds[at] === T.DIRECTIVE_END) {
      // Back to the directive's own token: what stands between may be anything.
      do at--;
      while (at > 0 && (kinds[at]! < T.PP_FIRST || kinds[at]! >= T.DIRECTIVE_END));
      at--;
    }
    return Math.max(at, 0);
  }

  /** At the `}` of a struct, union or enum. */
  closeTag(level: Level, i: number): void {
    const line = this.tokens.lines[i]!;
    finishDeclarator(this.facts, level, line);
    if (level.opened >= 0) this.facts.definitionEnds[level.opened] = line;
    this.levels.top--;
    this.levels.current.types++;
  }
}
