// What a text search looks for, ready for bytes: a plain text, or a regular expression of JavaScript's kind that stays within a
// line, as grep's do. Sources are searched as latin-1, one character a byte, so a pattern goes through UTF-8 first.
import { IndexError } from "./api.ts";

export interface TextPattern {
  readonly pattern: string;
  readonly kind: "text" | "regex";
  readonly ignoreCase?: boolean;
}

/** A plain text that can be looked for as bytes, or an expression with the flags `gm`. */
export type Needle =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "regex"; readonly regex: RegExp };

/** Longer patterns are refused: they are mistakes, and compile slowly. */
const MAX_PATTERN = 1000;

/** Throws IndexError for what is no pattern. */
export function compile({ pattern, kind, ignoreCase = false }: TextPattern): Needle {
  if (pattern === "") throw new IndexError("an empty pattern matches everywhere; name a text");
  if (pattern.length > MAX_PATTERN)
    throw new IndexError(`the pattern has ${pattern.length} characters; at most ${MAX_PATTERN} are taken`);
  if (/[\n\r]/.test(pattern))
    throw new IndexError("the pattern holds a line's end; what is searched are single lines");
  const bytes = Buffer.from(pattern, "utf8");
  if (kind === "text" && !ignoreCase) return { kind: "bytes", bytes };
  const latin1 = bytes.toString("latin1");
  const source = kind === "text" ? latin1.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") : withinLine(latin1);
  try {
    return { kind: "regex", regex: new RegExp(source, ignoreCase ? "gim" : "gm") };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /s, "") : String(error);
    throw new IndexError(`"${pattern}" is no regular expression: ${reason}`);
  }
}

/** grep's names for classes of characters. */
const posixClasses: Record<string, string> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  xdigit: "0-9A-Fa-f",
  space: " \\t\\v\\f",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  word: "\\w",
};

/** Blanks that do not end a line, and the classes that must leave the line's end out. */
const outside: Record<string, string> = {
  s: "[ \\t\\v\\f]",
  W: "[^\\w\\n\\r]",
  D: "[^\\d\\n\\r]",
  S: "[^\\s]",
  "<": "\\b(?=\\w)",
  ">": "\\b(?<=\\w)",
};
const inside: Record<string, string> = {
  s: " \\t\\v\\f",
  W: "\\x00-\\x09\\x0b\\x0c\\x0e-/:-@\\[-^`{-\\xff",
  D: "\\x00-\\x09\\x0b\\x0c\\x0e-/:-\\xff",
};

/** Rewrites an expression so that nothing in it matches a line's end; `\<`, `\>` and `[[:space:]]` mean what they do to grep. */
export function withinLine(source: string): string {
  let result = "";
  for (let at = 0; at < source.length; ) {
    const c = source[at]!;
    if (c === "\\" && at + 1 < source.length) {
      const escaped = source[at + 1]!;
      result += outside[escaped] ?? c + escaped;
      at += 2;
    } else if (c === "[") {
      const [text, end] = classAt(source, at);
      result += text;
      at = end;
    } else {
      result += c;
      at++;
    }
  }
  return result;
}

/** The class that opens at `[`, rewritten, and where it ends; an unclosed one stays as it is, for RegExp to refuse. */
function classAt(source: string, open: number): [text: string, end: number] {
  let at = open + 1;
  const negated = source[at] === "^";
  if (negated) at++;
  let body = "";
  // As in grep, a `]` right after the opening is itself.
  if (source[at] === "]" && source.indexOf("]", at + 1) > 0) {
    body += "\\]";
    at++;
  }
  for (; at < source.length && source[at] !== "]"; ) {
    const posix = source[at] === "[" ? /^\[:([a-z]+):\]/.exec(source.slice(at, at + 12)) : null;
    const named = posix === null ? undefined : posixClasses[posix[1]!];
    if (named !== undefined) {
      body += named;
      at += posix![0].length;
    } else if (source[at] === "\\" && at + 1 < source.length) {
      body += inside[source[at + 1]!] ?? source.slice(at, at + 2);
      at += 2;
    } else body += source[at++]!;
  }
  if (at >= source.length) return [source.slice(open), source.length];
  return [`[${negated ? "^" : ""}${body}${negated ? "\\n\\r" : ""}]`, at + 1];
}
