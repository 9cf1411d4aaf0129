// How a name gets a value where it stands: told from the text around it, for the occurrences that the index calls writes, addresses and
// definitions. Knows no index and no files.

/**
 * "=", "+=", "<<=", "++", "--" as written; "&": its address is taken, so that anyone may write; "initialiser": at its declaration;
 * "field": a designated field of an initialiser (`.tc_quality = 100`).
 */
export type Assignment = string;

const keywords = new Set(["return", "else", "case", "goto", "do", "sizeof", "default", "if", "while"]);

/**
 * `text` holds the name in [start, end); one character a byte (latin1). `kind` is the index's. Undefined for a definition that gives no value,
 * and for a write whose form is none of those (a macro that assigns).
 */
export function assignmentAt(
  text: string,
  start: number,
  end: number,
  kind: "write" | "address" | "definition" | "declaration",
): Assignment | undefined {
  if (kind === "address") return "&";
  if (kind === "definition" || kind === "declaration")
    return isInitialised(text, end) ? "initialiser" : undefined;
  const before = lastBefore(text, start);
  const step = text.slice(before - 1, before + 1);
  if (step === "++" || step === "--") return step;
  const operator = operatorBehind(text, end);
  if (operator !== "=") return operator;
  if (text[before] === "." && /[{,]/.test(text[lastBefore(text, before)] ?? "")) return "field";
  return isDeclarator(text, before, start) ? "initialiser" : "=";
}

/** The assignment's operator behind a name and its subscripts. */
function operatorBehind(text: string, end: number): Assignment | undefined {
  let at = firstFrom(text, end);
  while (text[at] === "[" || text[at] === ")")
    at = firstFrom(text, text[at] === "[" ? closing(text, at) + 1 : at + 1);
  const found = /^(?:\+\+|--|(?:<<|>>|[-+*/%&|^])?=(?!=))/.exec(text.slice(at, at + 3));
  return found?.[0];
}

/** Is the name at `start` behind a type (`int x`, `char *x`), so that what follows initialises it? `before` is the last character ahead of it. */
function isDeclarator(text: string, before: number, start: number): boolean {
  let at = before;
  while (text[at] === "*") at = lastBefore(text, at);
  if (isDirective(text, at, start)) return false;
  const word = /[A-Za-z_]\w*$/.exec(text.slice(Math.max(0, at - 63), at + 1))?.[0];
  return word !== undefined && !keywords.has(word);
}

/** Does the character at `at` end a directive (`#endif`) on a line before the one of `start`? */
function isDirective(text: string, at: number, start: number): boolean {
  const end = text.indexOf("\n", at);
  return end >= 0 && end < start && /^[ \t]*#/.test(text.slice(text.lastIndexOf("\n", at) + 1, at + 1));
}

/** A declarator's name ends at `end`: does an initialiser follow, before the declaration goes on? */
function isInitialised(text: string, end: number): boolean {
  let at = firstFrom(text, end);
  for (let steps = 0; steps < 16 && at < text.length; steps++) {
    const c = text[at]!;
    if (c === "=") return text[at + 1] !== "=";
    if (c === "[" || c === "(") at = closing(text, at) + 1;
    else if (c === ")") at++;
    else if (/\w/.test(c)) at += /^\w+/.exec(text.slice(at, at + 256))![0].length;
    else return false;
    at = firstFrom(text, at);
  }
  return false;
}

/** The bracket that closes the one at `open`; the end of the text without one. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length && at < open + 4000; at++) {
    if (text[at] === "[" || text[at] === "(") depth++;
    else if ((text[at] === "]" || text[at] === ")") && --depth === 0) return at;
  }
  return text.length;
}

const blank = /^(?:\s|\\\r?\n|\/\*[\s\S]*?\*\/|\/\/[^\n]*)+/;

/** The first character from `at` on that is neither white space nor comment. */
function firstFrom(text: string, at: number): number {
  // Most names have at most a blank behind them.
  if (!/[\s\\/]/.test(text[at] ?? "")) return at;
  const skipped = blank.exec(text.slice(at, at + 2000));
  return at + (skipped?.[0].length ?? 0);
}

/** The last character before `at` that is neither white space nor in a comment of its kind; -1 at the start. */
function lastBefore(text: string, at: number): number {
  let i = at - 1;
  for (;;) {
    while (i >= 0 && /\s/.test(text[i]!)) i--;
    if (text[i] !== "/" || text[i - 1] !== "*") return i;
    const open = text.lastIndexOf("/*", i - 2);
    if (open < 0) return i;
    i = open - 1;
  }
}
