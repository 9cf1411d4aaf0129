// Makes kernel C palatable to a parser of plain C: what the grammar trips over becomes spaces of equal length, so that every
// position stays true. Directives go (macros are the lexer's), of an `#if` the first branch stays, attributes vanish.
import { isAttributeName } from "./declarations.ts";
import { FOR, isAttribute } from "./keywords.ts";
import { Lexer } from "./lexer.ts";
import { NameTable } from "./names.ts";
import * as T from "./tokens.ts";

const lexer = new Lexer();

/** The masked text: as long as `bytes`, every byte a character, line ends where they were. */
export function mask(bytes: Uint8Array): string {
  const names = new NameTable();
  lexer.lex(bytes, bytes.length, names, "c");
  const out = Buffer.from(bytes);
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== 0x0a && out[i] !== 0x0d) out[i] = 0x20;
  };
  maskDirectives(blank, bytes.length);
  maskAttributes(names, blank, out);
  return out.toString("latin1");
}

type Blank = (from: number, to: number) => void;

/** An open `#if`: does its current branch count, did one before, does the text around it? */
interface Branch {
  readonly outer: boolean;
  taken: boolean;
  active: boolean;
}

function maskDirectives(blank: Blank, length: number): void {
  const { kinds, starts, lines, lineStarts } = lexer;
  const open: Branch[] = [];
  let inactiveFrom = -1;
  for (let i = 0; i < lexer.count; i++) {
    const kind = kinds[i]!;
    if (kind < T.PP_FIRST || kind > T.PP_LAST) continue;
    const start = lineStarts[lines[i]! - 1]!;
    const first = i;
    while (kinds[i] !== T.DIRECTIVE_END && kinds[i] !== T.END) i++;
    const end = kinds[i] === T.END ? length : starts[i]!;
    blank(start, end);
    const wasActive = open.at(-1)?.active ?? true;
    enter(open, kind, first);
    const isActive = open.at(-1)?.active ?? true;
    if (wasActive && !isActive) inactiveFrom = end;
    else if (!wasActive && isActive) blank(inactiveFrom, start);
  }
  if (!(open.at(-1)?.active ?? true)) blank(inactiveFrom, length);
}

function enter(open: Branch[], kind: number, token: number): void {
  const outer = open.at(-1)?.active ?? true;
  if (kind === T.PP_IF || kind === T.PP_IFDEF || kind === T.PP_IFNDEF) {
    const isZero = kind === T.PP_IF && lexer.kinds[token + 1] === T.NUMBER && lexer.isZero(token + 1);
    open.push({ outer, taken: !isZero, active: outer && !isZero });
  } else if (kind === T.PP_ENDIF) open.pop();
  else if (kind === T.PP_ELSE || kind === T.PP_ELIF) {
    const branch = open.at(-1);
    if (branch === undefined) return;
    branch.active = branch.outer && !branch.taken;
    branch.taken = true;
  }
}

/** `__unused`, `__printflike(1, 2)`, `__attribute__((x))`, and macro calls in the first column that end no statement. */
function maskAttributes(names: NameTable, blank: Blank, out: Uint8Array): void {
  const { kinds, values, starts } = lexer;
  for (let i = 0; i < lexer.count; i++) {
    if (kinds[i] !== T.IDENTIFIER && kinds[i] !== T.KEYWORD) continue;
    const after = kinds[i + 1] === T.PAREN_OPEN ? closing(i + 1) + 1 : i + 1;
    if (kinds[i] === T.KEYWORD) {
      if (values[i] === FOR && kinds[i + 1] === T.PAREN_OPEN) maskLoop(i + 1, after - 1, out);
      if (isAttribute(values[i]!) && names.text(values[i]!).startsWith("__attr"))
        blank(starts[i]!, starts[after]!);
    } else if (isAttributeName(names, values[i]!)) blank(starts[i]!, endOf(after - 1, names));
    else if (after > i + 1 && isBareCall(i, after)) blank(starts[i]!, endOf(after - 1, names));
  }
}

/** `for (CPU_INFO_FOREACH(cii, ci))` becomes `for (;;` and blanks `)`: what the macro writes is not known here. */
function maskLoop(open: number, close: number, out: Uint8Array): void {
  const { kinds, starts } = lexer;
  for (let i = open; i < close; i++) if (kinds[i] === T.SEMICOLON) return;
  const from = starts[open]! + 1;
  const to = starts[close]!;
  for (let i = from; i < to; i++) if (out[i] !== 0x0a) out[i] = i < from + 2 ? 0x3b : 0x20;
}

/** The token that closes the parenthesis at `open`. */
function closing(open: number): number {
  let depth = 0;
  for (let i = open; i < lexer.count; i++) {
    if (lexer.kinds[i] === T.PAREN_OPEN) depth++;
    else if (lexer.kinds[i] === T.PAREN_CLOSE && --depth === 0) return i;
  }
  return lexer.count - 1;
}

function endOf(token: number, names: NameTable): number {
  const value = lexer.values[token]!;
  return lexer.starts[token]! + (value === 0 ? 1 : names.length(value));
}

/** `MODULE_NAME("x")` in the first column, and a new declaration on a later line. */
function isBareCall(i: number, after: number): boolean {
  const { kinds, lines } = lexer;
  if (lexer.column(i) !== 1 || lines[after] === lines[after - 1]) return false;
  const previous = i > 0 ? kinds[i - 1]! : T.SEMICOLON;
  const starts = previous === T.SEMICOLON || previous === T.BRACE_CLOSE || previous === T.DIRECTIVE_END;
  return starts && (kinds[after] === T.IDENTIFIER || kinds[after] === T.KEYWORD) && lexer.column(after) === 1;
}
