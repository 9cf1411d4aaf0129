// The C expression that a mouse over a position means: `tc->tc_frequency` over the field, `tc` over the pointer,
// `lapic_per_second` over a variable. Plain text in, column range out.

export interface ExpressionRange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Words that are no values. */
const keywords = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long " +
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while " +
    "_Bool _Noreturn _Static_assert __attribute__ __asm __asm__ __inline __volatile define ifdef ifndef include undef endif"
  ).split(" "),
);

/** The smallest complete expression that ends with the identifier that covers `column` (from 0) or ends there, or undefined: no identifier, a
 *  keyword, a number, a comment's or a string's text, or the name of a function that is called. */
export function expressionAt(line: string, column: number): ExpressionRange | undefined {
  const masked = maskTextAndComments(line);
  const word = wordAt(masked, column);
  if (!word || keywords.has(word.text) || /^\s*\(/.test(masked.slice(word.end))) return undefined;
  const start = chainStart(masked, word.start);
  if (start === undefined) return undefined;
  return { start, end: word.end, text: line.slice(start, word.end) };
}

/** Strings, character constants and comments as blanks of equal length. */
function maskTextAndComments(line: string): string {
  if (/^\s*\*(?![\w(*])/.test(line)) return " ".repeat(line.length); // the middle of a block comment
  return line.replace(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\/\/.*|\/\*.*?(?:\*\/|$)/g, (text) =>
    " ".repeat(text.length),
  );
}

function wordAt(line: string, column: number): ExpressionRange | undefined {
  for (const match of line.matchAll(/[A-Za-z0-9_$]+/g)) {
    const end = match.index + match[0].length;
    if (column < match.index) return undefined;
    if (column <= end)
      return /^[0-9]/.test(match[0]) ? undefined : { start: match.index, end, text: match[0] };
  }
  return undefined;
}

/** Goes left over `a->b.c[i].` as long as a member operator stands before; undefined where what it applies to is not clear. */
function chainStart(line: string, start: number): number | undefined {
  let at = start;
  for (;;) {
    const operator = /(?:->|\.)\s*$/.exec(line.slice(0, at));
    if (!operator) return at;
    const before = operandStart(line, operator.index);
    if (before === undefined) return undefined;
    at = before;
  }
}

/** Where the operand that ends before `end` begins: an identifier, with subscripts or in parentheses. */
function operandStart(line: string, end: number): number | undefined {
  let at = line.slice(0, end).trimEnd().length;
  while (line[at - 1] === "]" || line[at - 1] === ")") {
    const open = matching(line, at - 1);
    // A call `f(x)->y` must not be evaluated by a hover: it would run code in the guest, or fail.
    if (open === undefined || (line[open] === "(" && /[\w$\])]\s*$/.test(line.slice(0, open))))
      return undefined;
    at = open;
    if (line[at] === "(") return at;
    at = line.slice(0, at).trimEnd().length;
  }
  const word = /[A-Za-z_$][A-Za-z0-9_$]*$/.exec(line.slice(0, at));
  return word?.index;
}

/** The opening bracket that belongs to the closing one at `close`. */
function matching(line: string, close: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (line[at] === "]" || line[at] === ")") depth++;
    if (line[at] === "[" || line[at] === "(") depth--;
    if (depth === 0) return at;
  }
  return undefined;
}
