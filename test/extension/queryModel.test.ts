// The answers to cscope's questions as rows of a tree and as text.
import { expect, test } from "vitest";
import { asText, Rows, summary, titleOf, typedQuery } from "../../extension/features/queryModel.ts";
import type { QueryRow } from "../../server/protocol.ts";

const row = (file: string, line: number, more: Partial<QueryRow> = {}): QueryRow => ({
  uri: `file:///tree/${file}`,
  file,
  line,
  start: 2,
  end: 9,
  text: "\t\ttc_init(&tc);",
  note: "",
  ...more,
});

function made(...rows: QueryRow[]): Rows {
  const all = new Rows();
  // As they come: in pieces.
  for (const one of rows) all.add([one]);
  return all;
}

test("rows by file, in the order in which the files came", () => {
  const { files, count } = made(
    row("sys/kern/kern_tc.c", 10, { note: "definition" }),
    row("sys/arch/x86/x86/tsc.c", 244, { inside: "tsc_tc_init", note: "call", configured: true }),
    row("sys/kern/kern_tc.c", 20),
    row("sys/arch/arm/tc.c", 0, { configured: false }),
  );
  const text = files.map((file) => [
    `${file.label} (${file.description})`,
    ...file.rows.map(({ label, highlight, description }) => {
      const [start, end] = highlight!;
      return `${label.slice(0, start)}[${label.slice(start, end)}]${label.slice(end)} ${description}`.trim();
    }),
  ]);
  expect({ count, text }).toEqual({
    count: 4,
    text: [
      ["kern_tc.c (sys/kern · 2)", "11: [tc_init](&tc); definition", "21: [tc_init](&tc);"],
      ["tsc.c (sys/arch/x86/x86)", "245: [tc_init](&tc); call · in tsc_tc_init"],
      ["tc.c (sys/arch/arm · not in the kernel)", "1: [tc_init](&tc);"],
    ],
  });
});

test("an answer of files has no rows below them, and they are the places to go to", () => {
  const rows = made(
    row("sys/a.c", 0, { text: "", start: 0, end: 0 }),
    row("b.h", 0, { text: "", start: 0, end: 0 }),
  );
  expect(rows.files.map(({ label, description, rows }) => [label, description, rows.length])).toEqual([
    ["a.c", "sys", 0],
    ["b.h", "", 0],
  ]);
  expect(rows.places()).toEqual(rows.files);
  expect(asText(rows.files)).toBe("sys/a.c\nb.h\n");
});

test("as text: file, function, line, text, as cscope -L prints it", () => {
  const { files } = made(row("a.c", 4, { inside: "f", note: "+=" }), row("a.c", 9));
  expect(asText(files)).toBe("a.c f 5 tc_init(&tc); [+=]\na.c <global> 10 tc_init(&tc);\n");
});

test("titles and sums", () => {
  const rows = made(row("a.c", 1), row("a.c", 2), row("b.c", 1));
  expect(summary({ kind: "callers", text: "f" }, rows, true)).toBe("Callers of f: 3 in 2 files");
  expect(summary({ kind: "text", text: "f", ignoreCase: true }, rows, false)).toBe(
    'Text "f", any case: the first 3 in 2 files',
  );
  expect(summary({ kind: "file", text: "x" }, new Rows(), true)).toBe("Files named x: none");
  expect(titleOf({ kind: "regex", text: "a|b" })).toBe("Lines that match /a|b/");
});

test("cscope's letters before the name", () => {
  expect(typedQuery("c tc_init")).toEqual({ kind: "callers", text: "tc_init" });
  expect(typedQuery("a tc_quality")).toEqual({ kind: "assignments", text: "tc_quality" });
  expect(typedQuery("tc_init")).toEqual({ text: "tc_init" });
  expect(typedQuery("x tc_init")).toEqual({ text: "x tc_init" });
  expect(typedQuery("c ")).toEqual({ text: "c " });
});
