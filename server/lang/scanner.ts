// One pass over the tokens of a C file: every name's occurrence, every definition, the extent of every function and macro.
// Sends each token to the part that knows what stands there.
import { BodyScanner } from "./bodies.ts";
import { DeclarationScanner } from "./declaration-scanner.ts";
import { DirectiveScanner } from "./directives.ts";
import type { FactBuffer } from "./facts.ts";
import * as F from "./facts.ts";
import { BODY, ENUMERATION, INITIALIZER } from "./level.ts";
import type { Lexer } from "./lexer.ts";
import type { NameTable } from "./names.ts";
import { headInPassing, restartAt } from "./recovery.ts";
import { ScanState } from "./scan-state.ts";
import * as T from "./tokens.ts";

export class Scanner {
  readonly #state: ScanState;
  readonly #bodies: BodyScanner;
  readonly #declarations: DeclarationScanner;
  readonly #directives: DirectiveScanner;

  constructor(tokens: Lexer, names: NameTable, facts: FactBuffer) {
    this.#state = new ScanState(tokens, names, facts);
    this.#bodies = new BodyScanner(this.#state);
    this.#declarations = new DeclarationScanner(this.#state);
    this.#directives = new DirectiveScanner(this.#state);
  }

  /**
   * Reads the tokens of one file and appends its facts. `rules` names the function that yacc or lex makes of the rules between the
   * file's `%%`, to which their actions belong; "" in C.
   */
  scan(rules: string): void {
    const { kinds, count, lineCount } = this.#state.tokens;
    this.#state.reset();
    this.#directives.reset();
    let scope = -1;
    for (let i = 0; i < count; ) {
      const kind = kinds[i]!;
      if (rules !== "" && this.#isSectionMark(i)) {
        scope = this.#section(i, scope, rules);
        i += 2;
        continue;
      }
      const isDirective = kind >= T.PP_FIRST && kind <= T.PP_LAST;
      i = isDirective ? this.#directives.token(i, kind) : this.#token(i, kind);
    }
    this.#state.closeOpen(lineCount);
    if (scope >= 0 && this.#state.facts.scopeEnds[scope] === F.OPEN) this.#state.end(-1, scope, lineCount);
  }

  /** `%%` in the first column. */
  #isSectionMark(i: number): boolean {
    const { kinds, starts } = this.#state.tokens;
    return (
      kinds[i] === T.PERCENT &&
      kinds[i + 1] === T.PERCENT &&
      starts[i + 1] === starts[i]! + 1 &&
      this.#state.isColumnOne(i)
    );
  }

  /** A section of a grammar begins, whatever was open: the first time the rules, whose scope is returned, then C again. */
  #section(i: number, scope: number, rules: string): number {
    const { facts, levels, names, tokens } = this.#state;
    const line = tokens.lines[i]!;
    this.#state.closeOpen(line);
    levels.top = 0;
    this.#state.statement(levels.current);
    if (scope < 0) return facts.openScope(names.internString(rules), line, 1, false);
    if (facts.scopeEnds[scope] === F.OPEN) this.#state.end(-1, scope, line);
    return scope;
  }

  #token(i: number, kind: number): number {
    const level = this.#state.levels.current;
    if (kind === T.BRACE_OPEN && this.#state.facts.defines) {
      const head = headInPassing(this.#state, level, i);
      if (head >= 0) return restartAt(this.#state, head);
    }
    if (level.context === BODY) return this.#bodies.bodyToken(level, i, kind);
    if (level.context === INITIALIZER) return this.#bodies.initializerToken(level, i, kind);
    if (level.context === ENUMERATION) return this.#bodies.enumToken(level, i, kind);
    return this.#declarations.token(level, i, kind);
  }
}
