// The head of a `#define`: where its text begins, and which names in it are its parameters. Knows no scopes.
import type { Lexer } from "./lexer.ts";
import type { NameTable } from "./names.ts";
import * as T from "./tokens.ts";

/** The token after the macro's name at token i, or after its parameters: a `(` that follows without a space begins them. */
export function macroText(tokens: Lexer, names: NameTable, i: number): number {
  const { kinds, starts, values } = tokens;
  const hasParameters =
    kinds[i + 1] === T.PAREN_OPEN && starts[i + 1] === starts[i]! + names.length(values[i]!);
  if (!hasParameters) return i + 1;
  let at = i + 2;
  while (kinds[at] !== T.PAREN_CLOSE && kinds[at] !== T.DIRECTIVE_END && kinds[at] !== T.END) at++;
  return kinds[at] === T.PAREN_CLOSE ? at + 1 : at;
}

/** Is `name` a parameter of the macro whose name is token i and whose text begins at token `text`? */
export function isMacroParameter(tokens: Lexer, i: number, text: number, name: number): boolean {
  for (let at = i + 2; at < text; at++) if (tokens.values[at] === name) return true;
  return false;
}
