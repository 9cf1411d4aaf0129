// One statement of config(5): the tokens of a line in, a Statement out. Which statements may stand where follows gram.y: before `machine`
// only `source`, `build` and `machine` itself; then definitions; then definitions and selections mixed.

import type { SourceText } from "../origin.ts";
import { Cursor, SyntaxFailure } from "./cursor.ts";
import { DEFINITIONS } from "./definitions-parser.ts";
import type { Token } from "./scanner.ts";
import { instance, makeoptions, SELECTIONS } from "./selections-parser.ts";
import type { Statement, StatementBody } from "./statements.ts";

/** "top": before `machine`; "definitions": in the files.* that `machine` brings; "selections": in std.* and the configuration. */
export type Phase = "top" | "definitions" | "selections";

export type ParseResult = Statement | { error: string; line: number };

/** Parses one line (`tokens` is not empty). Never throws. */
export function parseStatement(source: SourceText, tokens: readonly Token[], phase: Phase): ParseResult {
  const first = tokens[0]!;
  const origin = { source, line: first.line, start: first.start, end: tokens.at(-1)!.end };
  const cursor = new Cursor(tokens);
  try {
    const body = parseBody(cursor, phase);
    if (!cursor.done()) cursor.fail("expected the end of the line");
    return { ...body, origin };
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return { error: failure.message, line: failure.line };
    throw failure;
  }
}

function parseBody(cursor: Cursor, phase: Phase): StatementBody {
  const first = cursor.peek()!;
  if (phase === "top") return top(cursor);
  if (first.kind === "word" && phase === "selections") return instance(cursor);
  if (first.kind !== "keyword") cursor.fail("expected a statement");
  if (cursor.accept("makeoptions")) return makeoptions(cursor, phase === "selections");
  const parse = DEFINITIONS[first.text] ?? (phase === "selections" ? SELECTIONS[first.text] : undefined);
  if (parse === undefined)
    cursor.fail(phase === "selections" ? "expected a statement" : "expected a definition");
  cursor.accept(first.text);
  return parse(cursor);
}

function top(cursor: Cursor): StatementBody {
  if (cursor.accept("source")) return { kind: "top", keyword: "source", path: cursor.fileName() };
  if (cursor.accept("build")) return { kind: "top", keyword: "build", path: cursor.fileName() };
  if (cursor.accept("ioconf")) return { kind: "ioconf", name: cursor.name().text };
  if (!cursor.accept("machine")) cursor.fail("expected `machine' before everything else");
  const machine = cursor.name().text;
  const arch = cursor.isKind("word") ? { arch: cursor.name().text } : {};
  const subarches: string[] = [];
  while (cursor.isKind("word")) subarches.push(cursor.name().text);
  return { kind: "machine", machine, ...arch, subarches };
}
