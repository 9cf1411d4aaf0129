// Text, regular expressions and files on a small kernel tree, and what is out of a configuration.
import { beforeAll, describe, expect, it } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import { readHead, writeHead } from "../../server/index/store.ts";
import type { KernelIndex, TextQuery } from "../../server/query/api.ts";
import { openIndex } from "../../server/query/open.ts";
import { labelPlaces } from "../../server/query/text-labels.ts";
import { withinLine } from "../../server/query/text-pattern.ts";
import { searchText } from "../../server/query/text-search.ts";
import { query } from "../../server/query-cli.ts";
import { kernelTree, temporaryFolder, writeTree } from "../index/helpers.ts";

let tree: string;
let indexDir: string;
let index: KernelIndex;

beforeAll(async () => {
  tree = writeTree(kernelTree);
  writeTree(
    `
=== sys/kern/odd.c
char *s = "tc_init in a string"; /* tc_init /* and
 * again tc_init */ int tc_initialised;
// é tc_init \\
   still tc_init
=== sys/arch/x86/x86/low.S
# define X 1
	call	tc_init		# tc_init's caller
=== sys/kern/slow.c
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!
`,
    tree,
  );
  indexDir = temporaryFolder();
  await updateIndex(tree, { indexDir, workers: 0 });
  index = openIndex(tree, { indexDir })!;
  return () => index.close();
});

async function search(pattern: string, kind: "text" | "regex" = "text", more: Partial<TextQuery> = {}) {
  const { hits } = await searchText(index, { pattern, kind, workers: 0, ...more });
  return hits.map(({ file, line, column, place, scope }) => {
    const inside = scope === undefined ? "" : ` in ${scope.name}`;
    return `${file}:${line}:${column} ${place}${inside}`;
  });
}

describe("text", () => {
  it("is found in code, comments and strings, a line once, with the function around it", async () => {
    expect(await search("tc_init")).toMatchInlineSnapshot(`
      [
        "sys/kern/kern_tc.c:7:1 code in tc_init",
        "sys/kern/odd.c:1:12 string",
        "sys/kern/odd.c:2:10 comment",
        "sys/kern/odd.c:3:7 comment",
        "sys/kern/odd.c:4:10 comment",
        "sys/sys/timetc.h:8:6 code",
        "sys/arch/x86/isa/clock.c:9:5 comment in startrtclock",
        "sys/arch/x86/isa/clock.c:10:40 code in startrtclock",
        "sys/arch/x86/isa/clock.c:11:2 code in startrtclock",
        "sys/arch/x86/x86/low.S:2:7 code",
        "sys/arch/vax/vax/clock.c:3:2 code in START",
        "sys/arch/vax/vax/clock.c:8:2 code in startrtclock",
      ]
    `);
  });

  it("may be searched without regard to case, and holds no pattern", async () => {
    expect(await search("TC_INIT(&I", "text", { ignoreCase: true })).toEqual([
      "sys/arch/x86/isa/clock.c:11:2 code in startrtclock",
    ]);
    expect(await search("TC_INIT(&I")).toEqual([]);
    expect(await search("é tc_init")).toEqual(["sys/kern/odd.c:3:4 comment"]);
  });

  it("ends at its limit, and says so", async () => {
    const result = await searchText(index, { pattern: "tc_init", kind: "text", limit: 2, workers: 0 });
    expect([result.hits.length, result.complete]).toEqual([2, false]);
  });

  it("can be cancelled", async () => {
    await expect(
      search("tc_init", "text", { signal: AbortSignal.abort(new Error("enough")) }),
    ).rejects.toThrow("enough");
  });
});

describe("regular expressions", () => {
  it.each([
    ["^tc_init", ["sys/kern/kern_tc.c:7:1 code in tc_init"]],
    [
      "tc_init\\>[^(]*$",
      [
        "sys/kern/odd.c:1:12 string",
        "sys/kern/odd.c:2:10 comment",
        "sys/kern/odd.c:3:7 comment",
        "sys/kern/odd.c:4:10 comment",
        "sys/arch/x86/isa/clock.c:9:5 comment in startrtclock",
        "sys/arch/x86/isa/clock.c:10:40 code in startrtclock",
        "sys/arch/x86/x86/low.S:2:7 code",
      ],
    ],
    ["[[:space:]]tc->[[:alpha:]_]*\\s*=", ["sys/kern/kern_tc.c:9:1 code in tc_init"]],
    ["{\\s+tc", []],
  ])("%s matches within lines", async (pattern, lines) => {
    expect((await search(pattern, "regex")).sort()).toEqual([...lines].sort());
  });

  it("are rewritten so that no line's end matches", () => {
    expect(withinLine("a[^b]\\s[]x][[:digit:]_]\\W\\<c")).toBe(
      "a[^b\\n\\r][ \\t\\v\\f][\\]x][0-9_][^\\w\\n\\r]\\b(?=\\w)c",
    );
  });

  it("that are none, or that take too long, say so", async () => {
    await expect(search("(a", "regex")).rejects.toThrow('"(a" is no regular expression: Unterminated group');
    await expect(search("", "regex")).rejects.toThrow("empty pattern");
    await expect(search("(a+)+b", "regex")).rejects.toThrow(
      "the regular expression (a+)+b takes more than 2 s on sys/kern/slow.c",
    );
  });
});

describe("labels", () => {
  it.each([
    ["a 'x' b", "code string code"],
    ['a "x\\"y" b', "code string code"],
    ['"unclosed\nb', "string code"],
    ["/* a", "comment"],
    ["/", "code"],
  ])("%j", (text, labels) => {
    const bytes = Buffer.from(text);
    const all = labelPlaces(bytes, bytes.length, [...bytes.keys()], false);
    expect(all.filter((label, i) => label !== all[i - 1]).join(" ")).toBe(labels);
  });
});

describe("files", () => {
  it.each([
    ["clock.c", ["sys/arch/x86/isa/clock.c", "sys/arch/vax/vax/clock.c"]],
    ["vax/clock", ["sys/arch/vax/vax/clock.c"]],
    ["KERN_*.c", ["sys/kern/kern_tc.c"]],
    ["kern/*.c", ["sys/kern/kern_tc.c", "sys/kern/odd.c", "sys/kern/slow.c"]],
    ["*a*a*a*a*a*a*a*a*b", []],
    ["nosuch", []],
  ])("%s", (name, files) => {
    expect(index.findFiles(name).map(({ file }) => file)).toEqual(files);
  });
});

describe("command line", () => {
  async function command(...args: string[]) {
    let text = "";
    const all = ["--tree", tree, "--index-dir", indexDir, ...args];
    const status = await query(all, { write: (part) => (text += part) });
    return { status, lines: text.split("\n").slice(0, -1) };
  }

  it("prints the line that matches", async () => {
    expect(await command("text", "tc_windup")).toEqual({
      status: 0,
      lines: ["sys/kern/kern_tc.c:12:2 code in tc_init: tc_windup();"],
    });
    const { lines } = await command("regex", "tc_wind[u]p", "--json");
    expect(JSON.parse(lines[0]!)).toMatchObject({
      line: 12,
      scope: "tc_init",
      place: "code",
      text: "\ttc_windup();",
    });
    expect((await command("file", "timetc.h")).lines).toEqual(["sys/sys/timetc.h"]);
  });

  it("answers from a part of the first index, which the next build completes", async () => {
    const elsewhere = temporaryFolder();
    const report = await updateIndex(tree, { indexDir: elsewhere, workers: 0 });
    const head = readHead(report.directory)!;
    writeHead(report.directory, { ...head, partial: { total: 99 } });
    const part = openIndex(tree, { indexDir: elsewhere })!;
    expect(part.info).toMatchObject({ files: report.files, partial: { total: 99 } });
    part.close();
    const next = await updateIndex(tree, { indexDir: elsewhere, workers: 0 });
    expect([next.updated, next.partial]).toEqual([0, undefined]);
  });
});
