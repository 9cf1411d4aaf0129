// Highlight, folding, links and dimmed code over a real LSP connection; `$0` is the cursor.
import { expect, test } from "vitest";
import type {
  DocumentHighlight,
  DocumentLink,
  FoldingRange,
  SemanticTokens,
} from "vscode-languageserver/node";
import { moved } from "../../server/lsp/inactiveCode.ts";
import { folds } from "../../server/query/folds.ts";
import { netbsd } from "./configTree.ts";
import { type Session, startSession } from "./session.ts";

test("highlight: reads and writes of a global; a member apart from a variable; not in comments", async () => {
  const highlights = async (line: string) => {
    const files = `
//- sys/kern/user.c
int ticks;
/* ticks */
void
user(struct clock *c)
{
	ticks = c->ticks + 1;	// ticks
	c->ticks++;
	printf("ticks", ticks);
	${line}
}
`;
    await using session = await startSession({ files });
    const found: DocumentHighlight[] | null = await session.client.sendRequest(
      "textDocument/documentHighlight",
      session.cursor(),
    );
    return (found ?? []).map(
      ({ range, kind }) =>
        `${range.start.line + 1}:${range.start.character + 1} ${kind === 3 ? "write" : "read"}`,
    );
  };
  expect(await highlights("tic$0ks;")).toEqual(["1:5 write", "6:2 write", "8:18 read", "9:2 read"]);
  expect(await highlights("c->tic$0ks;")).toEqual(["1:5 write", "6:13 read", "7:5 write", "9:5 read"]);
});

/** Each fold as "first-last kind", lines from 1. */
const shown = (text: string) =>
  folds(text).map(({ kind, first, last }) => `${first + 1}-${last + 1} ${kind}`);

test("folds: bodies, #if groups, comments, includes; braces in strings and comments do not count", () => {
  const text = `/*
 * A comment {
 */
#include <a.h>

#include "b.h"
int
f(void)
{
	char *s = "{";
	if (x) {
		y();
	}
#ifdef A
	a();
#else
	b();
#endif
}
struct s { int a; };`;
  expect(shown(text)).toMatchInlineSnapshot(`
    [
      "1-3 comment",
      "4-6 includes",
      "9-18 body",
      "11-12 body",
      "14-15 conditional",
      "16-17 conditional",
    ]
  `);
  for (const broken of ["}}}", "#endif\n#else\n", "/* open", '"', "{\n{\n", "#if\n"])
    expect(() => folds(broken)).not.toThrow();
});

test("folding of a configuration: runs of comments", async () => {
  await using session = await startSession({ files: netbsd, bare: true });
  const file = "sys/arch/toy/conf/MICRO";
  await session.edit(file, "# one\n# two\noptions DDB\n# alone\n", "bsd-kernel-config");
  const found: FoldingRange[] = await session.client.sendRequest("textDocument/foldingRange", {
    textDocument: { uri: session.uri(file) },
  });
  expect(found).toEqual([{ startLine: 0, endLine: 1, kind: "comment" }]);
});

async function links(session: Session, file: string): Promise<string[]> {
  const found: DocumentLink[] = await session.client.sendRequest("textDocument/documentLink", {
    textDocument: { uri: session.uri(file) },
  });
  return found.map(({ range, target }) => session.place({ uri: target!, range }).replace(/:\d+:\d+$/, ""));
}

test("links of #include: beside, below sys, through the configuration's links", async () => {
  await using session = await startSession({
    files: netbsd,
    bare: true,
    initializationOptions: { config: "toy/MICRO" },
  });
  expect(await links(session, "sys/kern/kern_tc.c")).toEqual([
    "sys/sys/timetc.h",
    "sys/arch/toy/include/cpu.h",
  ]);
  expect(await links(session, "sys/arch/toy/toy/lapic.c")).toEqual(["sys/arch/toy/toy/lapicreg.h"]);
});

const dimmed = `${netbsd}
//- sys/arch/toy/toy/lapic.c
#include "opt_ddb.h"
int lapic;
#ifdef DDB
int only_with_ddb;
#else
int without_ddb;
#endif
int lapic_end;
`;

test("code that the configuration leaves out is dimmed, also while lines are typed above", async () => {
  const lines = async (config: string, typed?: string) => {
    await using session = await startSession({
      files: dimmed,
      bare: true,
      initializationOptions: { config },
    });
    const file = "sys/arch/toy/toy/lapic.c";
    const textDocument = { uri: session.uri(file) };
    if (typed !== undefined) await session.edit(file, typed);
    for (let i = 0; i < 200; i++) {
      const { data } = await session.client.sendRequest<SemanticTokens>("textDocument/semanticTokens/full", {
        textDocument,
      });
      if (data.length > 0) return data;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return "nothing";
  };
  // Line, column, length, type, modifiers, each from the token before.
  expect(await lines("toy/MICRO")).toEqual([3, 0, "int only_with_ddb;".length, 0, 0]);
  const typed = dimmed
    .slice(dimmed.lastIndexOf("//- sys/arch/toy/toy/lapic.c\n") + 29)
    .replace("int lapic;", "int lapic;\nint more;");
  expect(await lines("toy/MICRO", typed)).toEqual([4, 0, "int only_with_ddb;".length, 0, 0]);
});

test("ranges of the disk's lines in a text that was edited", () => {
  const disk = ["a", "#if", "b", "#endif", "c"];
  const range = [{ first: 3, last: 3 }];
  expect(moved(range, disk, disk)).toEqual(range);
  expect(moved(range, disk, ["new", ...disk])).toEqual([{ first: 4, last: 4 }]);
  expect(moved(range, disk, [...disk, "new"])).toEqual(range);
  expect(moved(range, disk, ["a", "#if", "changed", "#endif", "c"])).toEqual([]);
  expect(moved(range, disk, [])).toEqual([]);
});
