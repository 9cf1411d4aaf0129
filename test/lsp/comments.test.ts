// Which comment belongs to a definition: text in, text out. The name stands in the line marked with `<-`.
import { expect, test } from "vitest";
import { commentAbove } from "../../server/lsp/comments.ts";

function comment(text: string): string {
  const line = text.split("\n").findIndex((part) => part.includes("<-"));
  return commentAbove(text.replace("<-", ""), line + 1);
}

const table: [what: string, text: string, comment: string][] = [
  [
    "a block above the return type",
    "/*\n * Init.\n *\n * Twice.\n */\nvoid\ntc_init(void) <-\n{",
    "Init.\n\nTwice.",
  ],
  ["one line", "/* Init. */\nvoid\ntc_init(void) <-", "Init."],
  ["line comments", "// One.\n// Two.\nvoid tc_init(void) <-", "One.\nTwo."],
  [
    "attributes between",
    "/* Init. */\nstatic __inline\n__attribute__((cold)) void\ntc_init(void) <-",
    "Init.",
  ],
  ["not a comment of the thing before", "/* A. */\nint a;\nint b; <-", ""],
  ["not a trailing comment", "int a;\t/* A. */\nint b; <-", ""],
  ["not a comment behind a directive", "/* A. */\n#endif\nint b; <-", ""],
  ["a licence-style frame goes", "/*-\n * ======\n * Init.\n * ======\n */\nvoid\nf(void) <-", "Init."],
  ["too far away", "/* Far. */\n\n\n\n\n\nvoid\nf(void) <-", ""],
  ["nothing above", "f(void) <-", ""],
  ["an end without a start", "words */\nf(void) <-", "words"],
  ["past the end of the text", "<-", ""],
];

test.each(table)("%s", (_, text, expected) => {
  expect(comment(text)).toBe(expected);
});
