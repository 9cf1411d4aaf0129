// How a name is used where it stands, judged by the tokens around it: call, assignment, address, member, plain use.
// Looks at a few tokens only; knows no scopes and no types.
import * as F from "./facts.ts";
import { isTypeSpecifier } from "./keywords.ts";
import type { Lexer } from "./lexer.ts";
import * as T from "./tokens.ts";

/** How far a subscript is followed to see whether the element is assigned. */
const MAX_SUBSCRIPT = 64;

/** The kind of the occurrence at token i, which is an identifier; `low` is the first token that may be looked at. */
export function classify(tokens: Lexer, i: number, low: number): number {
  const { kinds } = tokens;
  const previous = i > low ? kinds[i - 1]! : 0;
  const member = previous === T.DOT || previous === T.ARROW ? F.MEMBER : 0;
  const next = kinds[i + 1]!;
  if (next === T.PAREN_OPEN) return isLocalPrototype(tokens, i, previous) ? F.DECLARATION : F.CALL | member;
  if (next === T.EQUALS || next === T.ASSIGN_OP || next === T.INCREMENT) return F.WRITE | member;
  if (next === T.BRACKET_OPEN && isElementAssigned(tokens, i + 1)) return F.WRITE | member;
  if (next === T.ARROW || next === T.DOT) return F.USE | member;
  if (next === T.PAREN_CLOSE && isGroupAssigned(tokens, i, low)) return F.WRITE | member;
  const before = member === 0 ? i - 1 : chainStart(tokens, i, low);
  if (before < low) return F.USE | member;
  const operator = kinds[before]!;
  if (operator === T.INCREMENT && next !== T.BRACKET_OPEN) return F.WRITE | member;
  if (operator === T.AMPERSAND && isUnary(tokens, before, low)) return F.ADDRESS | member;
  return F.USE | member;
}

/** `int f(void);` inside a body: the type stands on the same line, right before the name. */
function isLocalPrototype(tokens: Lexer, i: number, previous: number): boolean {
  if (previous === T.KEYWORD) return isTypeSpecifier(tokens.values[i - 1]!);
  return previous === T.IDENTIFIER && tokens.lines[i - 1] === tokens.lines[i];
}

/** `a[i] = x`, `a[i]++`, `a[i][j] += x`, with the token at the first bracket. */
function isElementAssigned(tokens: Lexer, open: number): boolean {
  const { kinds } = tokens;
  let depth = 0;
  for (let i = open; i < open + MAX_SUBSCRIPT && kinds[i] !== T.END; i++) {
    if (kinds[i] === T.BRACKET_OPEN) depth++;
    else if (kinds[i] === T.BRACKET_CLOSE && --depth === 0 && kinds[i + 1] !== T.BRACKET_OPEN) {
      const next = kinds[i + 1];
      return next === T.EQUALS || next === T.ASSIGN_OP || next === T.INCREMENT;
    } else if (kinds[i] === T.SEMICOLON) return false;
  }
  return false;
}

/** `(a) = x`, `(*a)++`, `(a->b) |= x`, with i at the last name in the parentheses; `f(a) ...` and `if (a) ++b` are none. */
function isGroupAssigned(tokens: Lexer, i: number, low: number): boolean {
  const { kinds } = tokens;
  const operator = kinds[i + 2];
  if (operator !== T.EQUALS && operator !== T.ASSIGN_OP && operator !== T.INCREMENT) return false;
  let before = chainStart(tokens, i, low);
  while (before >= low && kinds[before] === T.STAR) before--;
  if (before < low || kinds[before] !== T.PAREN_OPEN) return false;
  const outside = before > low ? kinds[before - 1] : 0;
  return outside !== T.IDENTIFIER && outside !== T.KEYWORD;
}

/** The token before the first name of `a->b.c`, given the token of a later name; subscripts end the search. */
function chainStart(tokens: Lexer, i: number, low: number): number {
  const { kinds } = tokens;
  let at = i;
  while (at - 2 >= low && (kinds[at - 1] === T.ARROW || kinds[at - 1] === T.DOT)) {
    if (kinds[at - 2] !== T.IDENTIFIER) return low - 1;
    at -= 2;
  }
  return at - 1;
}

/** Is the `&` at this token no binary operator? After `)` it is one unless the parentheses held a pointer type. */
function isUnary(tokens: Lexer, at: number, low: number): boolean {
  if (at <= low) return true;
  const { kinds } = tokens;
  const previous = kinds[at - 1]!;
  if (previous === T.PAREN_CLOSE) return kinds[at - 2] === T.STAR;
  return (
    previous !== T.IDENTIFIER &&
    previous !== T.NUMBER &&
    previous !== T.STRING &&
    previous !== T.BRACKET_CLOSE
  );
}
