// Facts of C-preprocessed assembly (`.S`): entry points, labels, calls and every name used. Instruction sets differ, so
// only what they have in common is read: kernels' entry macros, labels in the first column, and call mnemonics.

import type { FactBuffer } from "./facts.ts";
import * as F from "./facts.ts";
import type { Lexer } from "./lexer.ts";
import { isMacroParameter, macroText } from "./macro-head.ts";
import type { NameTable } from "./names.ts";
import * as T from "./tokens.ts";

/** Macros that begin a function (NetBSD and FreeBSD, all ports). */
const entryMacros =
  "ENTRY NENTRY ENTRY_NP ENTRY_NB ENTRY_NOPROFILE ENTRY_NOPROF ALTENTRY ASENTRY ASENTRY_NP ASENTRY_NOPROFILE EENTRY " +
  "ENTRY_LOCAL LEAF LEAF_NOPROFILE NLEAF XLEAF NESTED NESTED_NOPROFILE NON_LEAF VECTOR IDTVEC ARM_ENTRY STATIC_ENTRY " +
  "GLOBAL ALEAF STATIC_LEAF NNON_LEAF CENTRY LENTRY SYSENTRY _ENTRY ENTRY_NOPROF_NP GENTRY";
const callMnemonics =
  "call callq calll bl blx bsr jsr jbsr jal jalr brasl bal calls callg bl_plt blal b.l tail bsrl brl";
const addressMacros = "_C_LABEL _ASM_LABEL C_LABEL EXT CNAME X _C_FUNC IDTVEC PIC_PLT _C_LABEL_NAME";

/** Reads the tokens of assembly files and appends their facts. */
export class AssemblyScanner {
  readonly #tokens: Lexer;
  readonly #names: NameTable;
  readonly #facts: FactBuffer;
  readonly #entries: Set<string> = new Set(entryMacros.split(" "));
  readonly #calls: Set<string> = new Set(callMnemonics.split(" "));
  readonly #addresses: Set<string> = new Set(addressMacros.split(" "));

  constructor(tokens: Lexer, names: NameTable, facts: FactBuffer) {
    this.#tokens = tokens;
    this.#names = names;
    this.#facts = facts;
  }

  scan(): void {
    const t = this.#tokens;
    let open = -1;
    let openDefinition = -1;
    const close = (line: number) => {
      if (open >= 0) this.#facts.scopeEnds[open] = line;
      if (openDefinition >= 0) this.#facts.definitionEnds[openDefinition] = line;
      open = openDefinition = -1;
    };
    for (let i = 0; i < t.count; i++) {
      if (t.kinds[i] === T.PP_DEFINE) i = this.#define(i);
      else if (t.kinds[i] === T.PP_INCLUDE && t.values[i] !== 0) this.#add(i, F.INCLUDED);
      if (t.kinds[i] !== T.IDENTIFIER) continue;
      const named = this.#entryName(i);
      if (named < 0) this.#add(i, this.#kind(i));
      else {
        close(t.lines[i]! - 1);
        for (; i < named; i++) if (t.kinds[i] === T.IDENTIFIER) this.#add(i, F.CALL);
        const occurrence = this.#add(named, F.USE);
        openDefinition = this.#facts.define(occurrence, F.DEFINITION, F.FUNCTION, t.lines[named]!, 0);
        open = this.#facts.openScope(t.values[named]!, t.lines[named]!, t.column(named), false);
      }
    }
    close(t.lineCount);
  }

  #add(i: number, kind: number): number {
    const t = this.#tokens;
    return this.#facts.add(t.values[i]!, t.lines[i]!, t.column(i), kind);
  }

  /** The token that names the function which starts at token i: `ENTRY(x)`, `x:` or `_C_LABEL(x):`; or -1. */
  #entryName(i: number): number {
    const { kinds, values } = this.#tokens;
    const first = this.#tokens.column(i) === 1;
    if (kinds[i + 1] === T.PAREN_OPEN) {
      const name = kinds[i + 2] === T.IDENTIFIER ? i + 2 : -1;
      if (name < 0 || !first) return -1;
      if (this.#entries.has(this.#names.text(values[i]!))) return name;
      return kinds[i + 3] === T.PAREN_CLOSE && kinds[i + 4] === T.COLON ? name : -1;
    }
    return first && kinds[i + 1] === T.COLON ? i : -1;
  }

  /** Does a statement begin with token i: on a line of its own, or after `;` or a label? */
  #isFirst(i: number): boolean {
    const { kinds, lines } = this.#tokens;
    const before = i === 0 ? T.SEMICOLON : kinds[i - 1];
    return lines[i - 1] !== lines[i] || before === T.SEMICOLON || before === T.COLON;
  }

  #kind(i: number): number {
    const { kinds, values } = this.#tokens;
    if (kinds[i + 1] === T.EQUALS) return F.WRITE;
    // `MACRO(...)`; elsewhere a displacement: `symbol(%rip)`
    if (kinds[i + 1] === T.PAREN_OPEN) return this.#isFirst(i) ? F.CALL : F.USE;
    let before = i - 1;
    if (kinds[before] === T.PAREN_OPEN && kinds[before - 1] === T.IDENTIFIER) {
      if (!this.#addresses.has(this.#names.text(values[before - 1]!))) return F.USE;
      before -= 2;
    }
    if (kinds[before] === T.STAR) return F.USE;
    if (kinds[before] !== T.IDENTIFIER || this.#tokens.lines[before] !== this.#tokens.lines[i]) return F.USE;
    return this.#calls.has(this.#names.text(values[before]!)) ? F.CALL : F.USE;
  }

  #define(i: number): number {
    const t = this.#tokens;
    if (t.kinds[i + 1] !== T.IDENTIFIER) return i;
    const occurrence = this.#add(i + 1, F.USE);
    const definition = this.#facts.define(occurrence, F.DEFINITION, F.MACRO, t.lines[i + 1]!, 0);
    const text = macroText(t, this.#names, i + 1);
    let scope = -1;
    let at = text;
    for (; t.kinds[at] !== T.DIRECTIVE_END && t.kinds[at] !== T.END; at++) {
      if (t.kinds[at] !== T.IDENTIFIER || isMacroParameter(t, i + 1, text, t.values[at]!)) continue;
      if (scope < 0) scope = this.#facts.openScope(t.values[i + 1]!, t.lines[i + 1]!, t.column(i + 1), true);
      this.#add(at, at === text && t.kinds[at + 1] === T.PAREN_OPEN ? F.CALL : this.#kind(at));
    }
    this.#facts.definitionEnds[definition] = t.lines[at]!;
    if (scope >= 0) this.#facts.scopeEnds[scope] = t.lines[at]!;
    return at;
  }
}
