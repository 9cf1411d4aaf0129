// The forms of an assignment, each at the name `x` of a line of C.
import { expect, it } from "vitest";
import { assignmentAt } from "../../server/query/assignment.ts";

type Kind = Parameters<typeof assignmentAt>[3];

const forms: [text: string, label: string | undefined, kind?: Kind][] = [
  ["x = 1;", "="],
  ["x=1;", "="],
  ["a->x = y == z;", "="],
  ["a.b.x = 1;", "="],
  ["x[i] = 1;", "="],
  ["x[a[i]][j] |= 1;", "|="],
  ["(x) = 1;", "="],
  ["*x = 1;", "="],
  ["return x = 1;", "="],
  ["if (x == 1)", undefined],
  ["x += 1;", "+="],
  ["x <<= 1;", "<<="],
  ["x++;", "++"],
  ["a->x--;", "--"],
  ["++x;", "++"],
  ["-- /* down */ x;", "--"],
  ["x /* why */\n\t= 1;", "="],
  ["\tx \\\n\t= 1; \\\n", "="],
  ["struct t a = { .x = 1 };", "field"],
  ["struct t a = {\n\t.y = 2, /* two */\n\t.x = 1,\n};", "field"],
  ["f((struct t){ .x = 1 });", "field"],
  ["int x = 1;", "initialiser"],
  ["struct timecounter *x = &dummy;", "initialiser"],
  ["for (int x = 0;;)", "initialiser"],
  ["#endif\n\tx = 1;", "="],
  ["#define M int x = 1", "initialiser"],
  ["int x = 1;", "initialiser", "definition"],
  ["int x;", undefined, "definition"],
  ["int x[2] = { 1, 2 };", "initialiser", "definition"],
  ["int (*x)(void) = f;", "initialiser", "definition"],
  ['static int x __section(".data") = 1;', "initialiser", "definition"],
  ["extern int x;", undefined, "declaration"],
  ["int x, y = 1;", undefined, "definition"],
  ["f(&x);", "&", "address"],
  ["x", undefined],
  ["SET(x, 1)", undefined],
];

it.each(forms)("%j is %s", (text, label, kind = "write") => {
  const start = text.search(/\bx\b/);
  expect(assignmentAt(text, start, start + 1, kind)).toBe(label);
});

it("no text makes it fail or hang", () => {
  for (const text of ["x[", "x(".repeat(2000), "/*x", "x/*", "x\\", "*/x", "x = ".repeat(500), ""])
    for (const kind of ["write", "definition"] as const)
      expect(() => assignmentAt(text, text.indexOf("x"), text.indexOf("x") + 1, kind)).not.toThrow();
});
