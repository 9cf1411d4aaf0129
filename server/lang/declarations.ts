// What a declaration declares: given the state of a statement at its `,`, `=`, `;` or `{`, marks the occurrences that are
// definitions or declarations. Knows C's declarators and the macros that kernels write in their place.

import type { FactBuffer } from "./facts.ts";
import * as F from "./facts.ts";
import { ENUM, EXTERN, isTypeSpecifier, STRUCT, UNION } from "./keywords.ts";
import { AGGREGATE, type Level } from "./level.ts";
import type { Lexer } from "./lexer.ts";
import type { NameTable } from "./names.ts";
import * as T from "./tokens.ts";

/** Words after a declarator that are attributes, not names. */
const attributeWords = new Set(
  (
    "__unused __used __packed __dead __dead2 __pure __pure2 __read_mostly __read_frequently __cacheline_aligned " +
    "__noinline __always_inline __weak __hidden __init __exit __initdata __initconst __devinit __noprofile __diagused " +
    "__debugused __noubsan __noasan __nocsan __nomsan __unaligned __rcu __iomem __user __must_check __maybe_unused " +
    "__malloc_like __result_use_check __returns_twice __result_use_or_ignore_check __exclusive_cache_line __cold " +
    "__noinstrument __constfunc __optnone __attribute_used__ __mod_used __debug_used __bss_init __mbuf_aligned " +
    "__ro_after_init __percpu __force __deprecated __nocast __private __kernel __global __aligned __section " +
    "__printflike __scanflike __format_arg __sentinel __nonnull __alloc_size __alloc_align __strftimelike " +
    "__syslog__attribute__ __acquires __releases __must_hold __guarded_by __counted_by __printf __scanf __align " +
    "__alias __RENAME __predict_true __noreturn __constructor __destructor __locks_exclusive __unlocks"
  ).split(" "),
);

/** Is `word`, which follows a declared name, an attribute of it? After a parameter list `__x(...)` is one in any case. */
export function isAttributeWord(
  names: NameTable,
  word: number,
  afterParameters: boolean,
  followedByParen: boolean,
): boolean {
  if (names.length(word) < 3 || names.byte(word, 0) !== 0x5f || names.byte(word, 1) !== 0x5f) return false;
  return (afterParameters && followedByParen) || attributeWords.has(names.text(word));
}

/** Is this one of the attribute macros that kernels use? */
export const isAttributeName = (names: NameTable, word: number): boolean =>
  names.length(word) > 3 && names.byte(word, 0) === 0x5f && attributeWords.has(names.text(word));

/** Words at the head of what C++ declares, in headers of boot programs. */
const cxxWords = new Set(["class", "namespace", "template", "using"]);

export const isCxxWord = (names: NameTable, word: number): boolean =>
  names.length(word) >= 5 && names.length(word) <= 9 && cxxWords.has(names.text(word));

/** An assembler's `equ`. */
export const isEquate = (names: NameTable, word: number): boolean =>
  names.length(word) === 3 && (names.byte(word, 0) | 0x20) === 0x65 && /^equ$/i.test(names.text(word));

/** Is the name written in capitals, as macros are? */
export function isMacroName(names: NameTable, id: number): boolean {
  const length = names.length(id);
  for (let i = 0; i < length; i++) {
    const c = names.byte(id, i);
    if (c >= 0x61 && c <= 0x7a) return false;
  }
  return length > 1;
}

const tagSymbols = new Map([
  [STRUCT, F.STRUCT],
  [UNION, F.UNION],
  [ENUM, F.ENUM],
]);

export const tagSymbol = (keyword: number): number => tagSymbols.get(keyword) ?? F.STRUCT;

/** Ends a declarator at `,`, `;` or (with `init`) begins its initialiser at `=`. `line` is where it ends. */
export function finishDeclarator(facts: FactBuffer, level: Level, line: number): void {
  if (level.defined >= 0) facts.definitionEnds[level.defined] = line;
  if (level.defined >= 0 || level.garbage || level.init) return;
  if (level.isTypedef) {
    finishTypedef(facts, level, line);
    return;
  }
  if (level.func >= 0 && level.closed) {
    finishFunctionLike(facts, level, line);
    return;
  }
  const name = level.name >= 0 ? level.name : level.func;
  const typed = level.types > 0 || level.tagKeyword !== 0;
  if (name >= 0 && (typed || level.isStatic || level.isExtern)) defineObject(facts, level, name, line);
  else if (name < 0 && level.tagName >= 0 && !level.tagBody && level.context !== AGGREGATE)
    facts.define(level.tagName, F.DECLARATION, tagSymbol(level.tagKeyword), line, 0);
}

function finishTypedef(facts: FactBuffer, level: Level, line: number): void {
  const macroType = level.func >= 0 && level.funcTypes === 0 && level.late >= 0;
  const name = macroType ? level.late : level.func >= 0 ? level.func : level.name;
  if (name < 0) return;
  level.defined = facts.define(name, F.DEFINITION, F.TYPEDEF, line, 0);
}

/** `type name(...)`: a prototype; `MACRO(...)`: a use; `MACRO(...) name`: the macro stands for a type. */
function finishFunctionLike(facts: FactBuffer, level: Level, line: number): void {
  const untyped = level.funcTypes === 0 && level.tagKeyword === 0;
  if (untyped && level.late >= 0) {
    facts.kinds[level.func] = F.CALL;
    defineObject(facts, level, level.late, line);
  } else if (untyped && !level.isStatic && !level.isExtern) facts.kinds[level.func] = F.CALL;
  else if (level.context !== AGGREGATE)
    facts.define(level.func, F.DECLARATION, F.FUNCTION | (level.isStatic ? F.LOCAL : 0), line, 0);
}

function defineObject(facts: FactBuffer, level: Level, name: number, line: number): void {
  if (level.context === AGGREGATE) {
    level.defined = facts.define(name, F.DEFINITION, F.FIELD, line, level.tag);
    return;
  }
  const symbol = F.VARIABLE | (level.isStatic ? F.LOCAL : 0);
  const kind = level.isExtern ? F.DECLARATION : F.DEFINITION;
  level.defined = facts.define(name, kind, symbol, line, 0);
}

/** At `=`: what is declared is defined here, `extern` or not. */
export function startInitializer(facts: FactBuffer, level: Level, line: number): void {
  const isExtern = level.isExtern;
  if (level.name >= 0 || level.late >= 0) level.isExtern = 0;
  if (level.func < 0 || level.late >= 0) finishDeclarator(facts, level, line);
  level.isExtern = isExtern;
  level.init = 1;
}

/**
 * The token that names the function whose body opens: the word before the parameters, or the first argument of a macro
 * that writes the whole head (`SYSCTL_SETUP(name, "...") {`).
 */
export function functionNameToken(tokens: Lexer, names: NameTable, level: Level): number {
  const token = level.funcToken;
  if (level.funcTypes > 0 || level.tagKeyword !== 0 || level.oldStyle) return token;
  if (!isMacroName(names, tokens.values[token]!)) return token;
  const after = tokens.kinds[token + 3];
  const isArgument =
    tokens.kinds[token + 2] === T.IDENTIFIER && (after === T.COMMA || after === T.PAREN_CLOSE);
  return isArgument ? token + 2 : token;
}

/** Are the parameters of the head at `open`, its `(`, mere names: `f(a, b)`? Their ids, or undefined. */
export function oldStyleParameters(tokens: Lexer, open: number): number[] | undefined {
  const ids: number[] = [];
  let wantName = true;
  for (let i = open + 1; ; i++) {
    const kind = tokens.kinds[i]!;
    if (kind >= T.PP_FIRST && kind <= T.PP_LAST) {
      while (tokens.kinds[i] !== T.DIRECTIVE_END) i++;
      continue;
    }
    if (kind === T.END) return undefined;
    if (wantName && kind === T.IDENTIFIER) ids.push(tokens.values[i]!);
    else if (wantName || (kind !== T.COMMA && kind !== T.PAREN_CLOSE)) return undefined;
    else if (kind === T.PAREN_CLOSE) return ids;
    wantName = !wantName;
  }
}

/** Does a declaration of a parameter start with this token (after the `)` of an old-style head)? */
export function startsParameter(tokens: Lexer, i: number): boolean {
  if (tokens.kinds[i] === T.IDENTIFIER) return true;
  if (tokens.kinds[i] !== T.KEYWORD) return false;
  const id = tokens.values[i]!;
  return id > EXTERN && (isTypeSpecifier(id) || tagSymbols.has(id));
}
