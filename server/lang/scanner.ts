// One pass over the tokens of a C file: every name's occurrence, every definition, the extent of every function and macro.
// Sends each token to the part that knows what stands there.
import { BodyScanner } from "./bodies.ts";
import { DeclarationScanner } from "./declaration-scanner.ts";
import { DirectiveScanner } from "./directives.ts";
import type { FactBuffer } from "./facts.ts";
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

  /** Reads the tokens of one file and appends its facts. */
  scan(): void {
    const { kinds, count, lineCount } = this.#state.tokens;
    this.#state.reset();
    this.#directives.reset();
    for (let i = 0; i < count; ) {
      const kind = kinds[i]!;
      const isDirective = kind >= T.PP_FIRST && kind <= T.PP_LAST;
      i = isDirective ? this.#directives.token(i, kind) : this.#token(i, kind);
    }
    this.#state.closeOpen(lineCount);
  }

  #token(i: number, kind: number): number {
    const level = this.#state.levels.current;
    if (kind === T.BRACE_OPEN) {
      const head = headInPassing(this.#state, level, i);
      if (head >= 0) return restartAt(this.#state, head);
    }
    if (level.context === BODY) return this.#bodies.bodyToken(level, i, kind);
    if (level.context === INITIALIZER) return this.#bodies.initializerToken(level, i, kind);
    if (level.context === ENUMERATION) return this.#bodies.enumToken(level, i, kind);
    return this.#declarations.token(level, i, kind);
  }
}
