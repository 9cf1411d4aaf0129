// Statements: enough of their grammar to know where declarations and expressions stand.
import { localDeclaration } from "./declarations.ts";
import { expression, flow } from "./expressions.ts";
import { noteReturned } from "./feeds.ts";
import type { Parser } from "./parser.ts";

/** From `{` to past its `}`. */
export function compound(p: Parser): void {
  const end = p.after(p.at);
  const { locals } = p.scopes;
  const mark = locals.length;
  p.at++;
  while (p.at < end - 1) {
    const before = p.at;
    statement(p);
    if (p.at === before) p.at++;
  }
  locals.length = mark;
  p.at = end;
}

export function statement(p: Parser): void {
  const { word } = p;
  if (word === "{") compound(p);
  else if (word === ";") p.at++;
  else if (word === "if" || word === "while" || word === "switch") {
    p.at++;
    parenthesized(p);
    statement(p);
  } else if (word === "else" || word === "do") {
    p.at++;
    statement(p);
  } else if (word === "for") forStatement(p);
  else if (word === "case" || word === "default") label(p);
  else if (word === "return") returnStatement(p);
  else if (word === "asm") asmStatement(p);
  else if (word === "goto" || word === "break" || word === "continue")
    while (p.at < p.to && !p.take(";")) p.at++;
  else other(p);
}

/** `case 1:`, `case 1 ... 3:`, `default:`. */
function label(p: Parser): void {
  p.at++;
  if (p.word !== ":") expression(p);
  if (p.take("...")) expression(p);
  p.take(":");
}

function other(p: Parser): void {
  if (p.isName() && p.wordAt(p.at + 1) === ":") {
    p.at += 2;
    while (p.word === "attribute") p.at = p.after(p.at + 1);
    return;
  }
  if (p.word === "attribute" && p.wordAt(p.after(p.at + 1)) === ";") {
    p.at = p.after(p.at + 1) + 1;
    return;
  }
  // `name name` can only be a declaration, with a type that is not known.
  if (p.isTypeStart() || (p.isName() && p.isName(p.at + 1))) {
    localDeclaration(p);
    return;
  }
  expression(p);
  while (p.at < p.to && !p.take(";")) {
    if (p.word === "}" || p.word === "{") return;
    const before = p.at;
    expression(p);
    if (p.at === before) p.at++;
  }
}

function parenthesized(p: Parser): void {
  if (p.word !== "(") return;
  const end = p.after(p.at);
  p.at++;
  expression(p);
  p.at = end;
}

function forStatement(p: Parser): void {
  p.at++;
  const end = p.after(p.at);
  const { locals } = p.scopes;
  const mark = locals.length;
  p.at++;
  if (p.isTypeStart()) localDeclaration(p);
  while (p.at < end - 1) {
    const before = p.at;
    if (!p.take(";")) expression(p);
    if (p.at === before) p.at++;
  }
  p.at = end;
  statement(p);
  locals.length = mark;
}

function returnStatement(p: Parser): void {
  p.at++;
  const loc = p.locs[p.at - 1]!;
  if (p.word !== ";") {
    const first = p.at;
    const value = expression(p);
    noteReturned(p, first, p.at);
    if (p.current !== undefined)
      flow(p, () => p.facts.returnNode(p.current!), p.current.type?.to, value, loc);
  }
  p.take(";");
}

/** `asm volatile("..." : "=r" (x) : "r" (f(y)))`: the operands are expressions. */
function asmStatement(p: Parser): void {
  p.at++;
  while (p.word === "volatile" || p.word === "const" || p.word === "goto" || p.word === "inline") p.at++;
  const end = p.after(p.at);
  p.at++;
  while (p.at < end - 1) {
    if (p.word !== "(") {
      p.at++;
      continue;
    }
    const inner = p.after(p.at);
    p.at++;
    expression(p);
    p.at = inner;
  }
  p.at = end;
  p.take(";");
}
