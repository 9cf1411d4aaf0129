// The outline of an open file made exact: names and nesting from the lexer, which loses nothing; extents, types and
// parameters from the syntax tree wherever that has no error.
import type { CParser } from "../lang/parser.ts";
import { type Declared, syntaxFacts } from "../lang/syntax.ts";
import type { DocumentSymbol } from "./api.ts";
import { outline } from "./outline.ts";

/** outline() with the extents of the declarations that could be parsed. */
export function exactOutline(parser: CParser, text: Uint8Array, file = "text.c"): DocumentSymbol[] {
  const symbols = outline(text, file);
  if (/\.[sS]$/.test(file)) return symbols;
  const declared = new Map<string, Declared>();
  for (const found of syntaxFacts(parser, text).declared) declared.set(keyOf(found.name, found.at), found);
  return symbols.map((symbol) => {
    const found = declared.get(keyOf(symbol.name, symbol));
    return found === undefined || symbol.kind === "macro" ? symbol : refine(symbol, found);
  });
}

const keyOf = (name: string, { line, column }: { line: number; column: number }): string =>
  `${line}:${column}:${name}`;

function refine(symbol: DocumentSymbol, { start, end, type, parameters }: Declared): DocumentSymbol {
  const detail = parameters === undefined ? type : `${parameters} ${type}`.trim();
  return { ...symbol, detail, endLine: end.line, extent: { start, end } };
}
