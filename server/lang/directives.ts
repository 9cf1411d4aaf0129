// Preprocessor directives: macros and the names in their text, includes, and the branches of `#if`. No configuration is chosen,
// so both branches count: the state before an `#if` is put back at its `#else`. Text under `#if 0` is read like any other, so
// that its calls and assignments are found, but defines nothing and leaves no trace in the state.
import * as F from "./facts.ts";
import * as K from "./keywords.ts";
import { FILE, Levels } from "./level.ts";
import { isMacroParameter, macroText } from "./macro-head.ts";
import { classify } from "./references.ts";
import type { OpenFunction, ScanState } from "./scan-state.ts";
import * as T from "./tokens.ts";

/** An `#if` that is open. */
interface Conditional {
  /** The state at `#if`. */
  readonly before: Levels;
  /** The state at the end of the first branch that counts. */
  readonly first: Levels;
  hasFirst: boolean;
  /** In the branch of an `#if 0`: the functions that were open before it. */
  dead: OpenFunction[] | undefined;
}

export class DirectiveScanner {
  readonly #state: ScanState;
  readonly #conditionals: Conditional[] = [];
  #depth = 0;

  constructor(state: ScanState) {
    this.#state = state;
  }

  /** A new file begins. */
  reset(): void {
    this.#depth = 0;
  }

  /** Takes the directive at token i and returns the token after it. */
  token(i: number, kind: number): number {
    switch (kind) {
      case T.PP_DEFINE:
        return this.#define(i);
      case T.PP_INCLUDE:
        if (this.#state.tokens.values[i] !== 0) this.#state.add(i, F.INCLUDED);
        return this.#uses(i + 1);
      case T.PP_IF:
        this.#if(this.#isZero(i));
        return this.#uses(i + 1);
      case T.PP_IFDEF:
      case T.PP_IFNDEF:
        this.#if(false);
        return this.#uses(i + 1);
      case T.PP_ELIF:
      case T.PP_ELSE:
        this.#else(i);
        return this.#uses(i + 1);
      case T.PP_ENDIF:
        this.#endif(i);
        return this.#uses(i + 1);
      case T.DIRECTIVE_END:
        return i + 1;
      default:
        return this.#uses(i + 1);
    }
  }

  /** The names on the rest of a directive's line. */
  #uses(from: number): number {
    const { kinds, values } = this.#state.tokens;
    let i = from;
    for (; kinds[i] !== T.DIRECTIVE_END && kinds[i] !== T.END; i++)
      if (kinds[i] === T.IDENTIFIER && values[i] !== K.DEFINED)
        this.#state.add(i, kinds[i + 1] === T.PAREN_OPEN ? F.CALL : F.USE);
    return i + 1;
  }

  #isZero(i: number): boolean {
    const t = this.#state.tokens;
    return t.kinds[i + 1] === T.NUMBER && t.kinds[i + 2] === T.DIRECTIVE_END && t.isZero(i + 1);
  }

  #if(isZero: boolean): void {
    const depth = this.#depth++;
    let entry = this.#conditionals[depth];
    if (entry === undefined) {
      entry = { before: new Levels(), first: new Levels(), hasFirst: false, dead: undefined };
      this.#conditionals.push(entry);
    }
    entry.before.copy(this.#state.levels);
    entry.hasFirst = false;
    entry.dead = undefined;
    if (!isZero || !this.#state.facts.defines) return;
    entry.dead = [...this.#state.openFunctions];
    this.#state.floor = this.#state.levels.top;
    this.#state.facts.defines = false;
  }

  /** At the end of a branch under `#if 0`: all is as it was before. */
  #leaveDead(entry: Conditional, line: number): void {
    const { openFunctions, facts, levels } = this.#state;
    const before = entry.dead ?? [];
    for (const open of openFunctions) if (!before.includes(open)) this.#state.end(-1, open.scope, line);
    openFunctions.splice(0, openFunctions.length, ...before);
    facts.defines = true;
    this.#state.floor = -1;
    entry.dead = undefined;
    levels.copy(entry.before);
  }

  #else(i: number): void {
    const entry = this.#conditionals[this.#depth - 1];
    if (this.#depth === 0 || entry === undefined) return;
    if (entry.dead !== undefined) {
      this.#leaveDead(entry, this.#state.tokens.lines[i]!);
      return;
    }
    if (entry.hasFirst) this.#keepHead(entry);
    else {
      entry.first.copy(this.#state.levels);
      entry.hasFirst = true;
    }
    this.#state.levels.copy(entry.before);
  }

  #endif(i: number): void {
    if (this.#depth === 0) return;
    const entry = this.#conditionals[--this.#depth]!;
    if (entry.dead !== undefined) {
      this.#leaveDead(entry, this.#state.tokens.lines[i]!);
      return;
    }
    const doubtful = !this.#state.levels.sameBraces(entry.hasFirst ? entry.first : entry.before);
    if (entry.hasFirst) {
      this.#keepHead(entry);
      this.#state.levels.copy(entry.first);
    }
    const level = this.#state.levels.current;
    if (doubtful || !this.#state.levels.sameBraces(entry.before)) level.doubtful = 1;
  }

  /** A function head at the end of a branch that is set aside may share the body after `#endif`. */
  #keepHead(entry: Conditional): void {
    const level = this.#state.levels.current;
    if (level.context !== FILE || level.func < 0 || !level.closed || level.garbage) return;
    if (level.func !== entry.first.current.func) this.#state.otherHeads.push(level.func);
  }

  /** `#define`: the macro, and the names in its text, which belong to it; its parameters are no one's names. */
  #define(i: number): number {
    const t = this.#state.tokens;
    const { kinds, values, lines } = t;
    const nameKind = kinds[i + 1];
    if (nameKind !== T.IDENTIFIER && nameKind !== T.KEYWORD) return this.#uses(i + 1);
    const name = values[i + 1]!;
    const occurrence = this.#state.add(i + 1, F.USE);
    const definition = this.#state.facts.define(occurrence, F.DEFINITION, F.MACRO, lines[i + 1]!, 0);
    let scope = -1;
    const low = macroText(t, this.#state.names, i + 1);
    let at = low;
    for (; kinds[at] !== T.DIRECTIVE_END && kinds[at] !== T.END; at++) {
      if (kinds[at] !== T.IDENTIFIER || isMacroParameter(t, i + 1, low, values[at]!)) continue;
      if (scope < 0) scope = this.#state.facts.openScope(name, lines[i + 1]!, t.column(i + 1), true);
      this.#state.add(at, classify(t, at, low));
    }
    this.#state.end(definition, scope, lines[at]!);
    return at + 1;
  }
}
