// The symbols of one document, from its text as it is now; also the name under a cursor, and the calls and includes of a
// file. Uses the scanner directly: a file is read in about a millisecond, so nothing of this is kept.
import * as F from "../lang/facts.ts";
import { FIRST_NAME } from "../lang/keywords.ts";
import { SourceScanner } from "../lang/source.ts";
import type { Call, Definition, DocumentSymbol, Include, Scope } from "./api.ts";
import { symbolKindOf } from "./shards.ts";

const source = new SourceScanner();

/** Scans one text and gives its facts; valid until the next call. */
function scan(text: Uint8Array, file: string): SourceScanner {
  source.clear();
  source.scan(file, text);
  return source;
}

interface MutableSymbol extends DocumentSymbol {
  readonly children: MutableSymbol[];
}

/** The symbols of a document in order, members and enumerators inside their type. `file` tells C from assembly. */
export function outline(text: Uint8Array, file = "text.c"): DocumentSymbol[] {
  const { facts, names, lexer } = scan(text, file);
  const roots: MutableSymbol[] = [];
  const open: MutableSymbol[] = [];
  for (let i = 0; i < facts.count; i++) {
    const definition = facts.definition[i]! - 1;
    if (definition < 0) continue;
    const symbol = facts.definitionKinds[definition]! & F.SYMBOL_KIND;
    const line = facts.lines[i]!;
    const name = names.text(facts.names[i]!);
    const column = facts.columns[i]!;
    const end = Math.max(line, facts.definitionEnds[definition]!);
    const isMember = symbol === F.FIELD || symbol === F.ENUMERATOR;
    const declaration = facts.kinds[i] === F.DECLARATION;
    if (declaration && symbol !== F.FUNCTION && symbol !== F.VARIABLE) continue;
    const at = lexer.lineStarts[line - 1]! + column - 1;
    const detail = detailOf(text, at, name.length, symbol);
    const kind = symbolKindOf(symbol);
    const made: MutableSymbol = { name, kind, declaration, line, column, endLine: end, detail, children: [] };
    while (open.length > 0 && open.at(-1)!.endLine < line) open.pop();
    // A field's type may itself be a struct that ends where the field does: it stays its sibling.
    const parent = isMember || isAggregate(symbol) ? open.at(-1) : undefined;
    (parent?.children ?? roots).push(made);
    if (isAggregate(symbol) && end > line) open.push(made);
  }
  return roots;
}

const isAggregate = (symbol: number): boolean =>
  symbol === F.STRUCT || symbol === F.UNION || symbol === F.ENUM;

/** What to show behind a name: a function's parameters, or the words before a variable. */
function detailOf(text: Uint8Array, at: number, length: number, symbol: number): string {
  if (symbol === F.FUNCTION) return parametersAt(text, at + length);
  if (symbol !== F.VARIABLE && symbol !== F.FIELD && symbol !== F.TYPEDEF) return "";
  let start = at;
  while (start > 0 && text[start - 1] !== 0x0a && text[start - 1] !== 0x3b && text[start - 1] !== 0x7b)
    start--;
  return slice(text, start, at).replace(/\s+/g, " ").trim().slice(0, 80);
}

function parametersAt(text: Uint8Array, from: number): string {
  let depth = 0;
  for (let i = from; i < text.length && i < from + 2000; i++) {
    if (text[i] === 0x28) depth++;
    else if (text[i] === 0x29 && --depth === 0)
      return slice(text, from, i + 1)
        .replace(/\s+/g, " ")
        .trim();
    else if (depth === 0 && text[i]! > 0x20) return "";
  }
  return "";
}

const slice = (text: Uint8Array, from: number, to: number): string =>
  Buffer.from(text.buffer, text.byteOffset + from, to - from).toString("latin1");

/** The calls inside every function or macro called `name`, in order. */
export function callsWithin(text: Uint8Array, file: string, name: string): Call[] {
  return callsOf(scan(text, file), file, name, 0);
}

/** Lines above a definition's name in which its head may begin. */
const HEAD_LINES = 8;

/**
 * The same, where the definitions are known: reads their lines only. Undefined where they are not what stands in the text, as
 * in a file that has changed.
 */
export function callsWithinLines(
  text: Uint8Array,
  file: string,
  definitions: readonly Definition[],
): Call[] | undefined {
  if (definitions.length === 0) return undefined;
  const starts = lineStarts(text, Math.max(...definitions.map(({ endLine }) => endLine)) + 1);
  const calls: Call[] = [];
  for (const { name, line, endLine } of definitions) {
    const first = headLine(text, starts, line);
    const part = text.subarray(starts[first - 1], starts[endLine] ?? text.length);
    const found = scan(part, file);
    const { facts, names } = found;
    const own = names.internString(name);
    let isThere = false;
    for (let scope = 0; scope < facts.scopeCount; scope++)
      if (facts.scopeNames[scope] === own)
        isThere ||=
          facts.scopeLines[scope] === line - first + 1 && facts.scopeEnds[scope] === endLine - first + 1;
    if (!isThere) return undefined;
    calls.push(...callsOf(found, file, name, first - 1));
  }
  return calls;
}

/** Where lines 1 to `last` begin. */
function lineStarts(text: Uint8Array, last: number): number[] {
  const starts = [0];
  while (starts.length < last) {
    const end = text.indexOf(0x0a, starts.at(-1));
    if (end < 0) break;
    starts.push(end + 1);
  }
  return starts;
}

/** The line from which a definition's head can be read: below what ended before it. */
function headLine(text: Uint8Array, starts: readonly number[], line: number): number {
  for (let first = line; first > 1 && first > line - HEAD_LINES; first--) {
    const c = text[starts[first - 2]!];
    // Above it is an empty line, the end of a block or of a comment, or a directive.
    if (c === 0x0a || c === 0x7d || c === 0x23 || c === 0x20 || c === 0x2f) return first;
  }
  return line;
}

/** The calls in functions and macros called `name`, of which facts are known; `above`: lines above the first one that was read. */
function callsOf({ facts, names }: SourceScanner, file: string, name: string, above: number): Call[] {
  const calls: Call[] = [];
  const own = names.internString(name);
  for (let scope = 0; scope < facts.scopeCount; scope++) {
    if (facts.scopeNames[scope] !== own) continue;
    const [first, last] = [facts.scopeLines[scope]!, facts.scopeEnds[scope]!];
    const caller: Scope = {
      name,
      kind: facts.scopeMacros[scope] ? "macro" : "function",
      line: first + above,
      column: facts.scopeColumns[scope]!,
      endLine: last + above,
    };
    for (let i = 0; i < facts.count && facts.lines[i]! <= last; i++) {
      if (facts.lines[i]! < first || !isCall(facts.kinds[i]!) || innermost(facts, i) !== scope) continue;
      calls.push({
        kind: facts.kinds[i]! & F.MEMBER ? "member" : "direct",
        caller,
        callee: names.text(facts.names[i]!),
        file,
        line: facts.lines[i]! + above,
        column: facts.columns[i]!,
      });
    }
  }
  return calls;
}

const isCall = (kind: number): boolean => (kind & F.BASE_KIND) === F.CALL;

/** The scope around an occurrence that starts last. */
function innermost(facts: F.FactBuffer, i: number): number {
  const line = facts.lines[i]!;
  const column = facts.columns[i]!;
  for (let scope = facts.scopeCount - 1; scope >= 0; scope--) {
    const start = facts.scopeLines[scope]!;
    if (start > line || (start === line && facts.scopeColumns[scope]! > column)) continue;
    if (facts.scopeEnds[scope]! >= line) return scope;
  }
  return -1;
}

/** The `#include` lines of a text. */
export function includesOf(text: Uint8Array, file: string): Include[] {
  const { facts, names, lexer } = scan(text, file);
  const includes: Include[] = [];
  for (let i = 0; i < facts.count; i++) {
    if (facts.kinds[i] !== F.INCLUDED) continue;
    const line = facts.lines[i]!;
    const open = text[lexer.lineStarts[line - 1]! + facts.columns[i]! - 1];
    includes.push({ file, line, target: names.text(facts.names[i]!), system: open === 0x3c });
  }
  return includes;
}

/** The name under a cursor: line and column from 1, the column in characters of the text given. Keywords are none. */
export function wordAt(
  text: Uint8Array | string,
  line: number,
  column: number,
): { name: string; line: number; column: number } | undefined {
  const all = typeof text === "string" ? text : Buffer.from(text).toString("latin1");
  const content = all.split("\n", line)[line - 1];
  if (content === undefined) return undefined;
  for (const found of content.matchAll(/[A-Za-z_]\w*/g)) {
    const start = found.index + 1;
    if (column < start || column > start + found[0].length) continue;
    const id = source.names.internString(found[0]);
    return id < FIRST_NAME ? undefined : { name: found[0], line, column: start };
  }
  return undefined;
}
