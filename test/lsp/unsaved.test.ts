// Answers while someone types: definitions, references, callers, symbols and hovers come from the text of the editor; columns are UTF-16.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  DocumentHighlight,
  DocumentSymbol,
  Hover,
  Location,
  WorkspaceSymbol,
} from "vscode-languageserver/node";
import { type Session, startSession } from "./session.ts";

const file = "sys/arch/x86/x86/tsc.c";
const typed = `#include <sys/timetc.h>

/* Typed, and not saved. */
static void
tsc_typed(void)
{
	lapic_initclock();
}

void
tsc_tc_init(void)
{
	/* één µ */ tsc_typed(); /* 𝛑 */ tsc_typed();
}
`;

/** The first place of \`name\` after \`context\` in a text, as requests want it. */
function at(session: Session, text: string, context: string, name: string) {
  const offset = text.indexOf(name, text.indexOf(context));
  const before = text.slice(0, offset).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  return { textDocument: { uri: session.uri(file) }, position };
}

async function ask<T>(session: Session, method: string, params: object): Promise<T> {
  return session.client.sendRequest<T>(method, params);
}

async function editing(): Promise<Session> {
  const session = await startSession();
  await session.ended();
  await session.edit(file, typed);
  return session;
}

test("definition and references of a function that is typed just now", async () => {
  await using session = await editing();
  const cursor = at(session, typed, "tc_init(void)", "tsc_typed");
  const defined = await ask<Location[]>(session, "textDocument/definition", cursor);
  expect(defined.map(session.place)).toEqual([`${file}:5:1`]);
  const found = await ask<Location[]>(session, "textDocument/references", {
    ...cursor,
    context: { includeDeclaration: true },
  });
  // The columns of an editor: é and µ are one unit, 𝛑 is two.
  expect(found.map(session.place)).toEqual([`${file}:5:1`, `${file}:13:14`, `${file}:13:36`]);
});

test("callers and callees follow the text, and what is deleted is gone", async () => {
  await using session = await editing();
  const [item] = await ask<CallHierarchyItem[]>(
    session,
    "textDocument/prepareCallHierarchy",
    at(session, typed, "{", "lapic_initclock"),
  );
  const callers = await ask<CallHierarchyIncomingCall[]>(session, "callHierarchy/incomingCalls", { item });
  expect(callers.map(({ from }) => from.name)).toEqual(["tsc_typed"]);
  const found = await ask<WorkspaceSymbol[]>(session, "workspace/symbol", { query: "tsctyped" });
  expect(found.map(({ name }) => name)).toEqual(["tsc_typed"]);
  const gone = await ask<WorkspaceSymbol[]>(session, "workspace/symbol", { query: "tsc_timecounter" });
  expect(gone.map(({ name }) => name)).toEqual([]);
});

test("a hover shows the signature and the comment as they are typed", async () => {
  await using session = await editing();
  const cursor = at(session, typed, "tc_init(void)", "tsc_typed");
  const { contents } = await ask<Hover & { contents: { value: string } }>(
    session,
    "textDocument/hover",
    cursor,
  );
  expect(contents.value).toContain("static void tsc_typed(void)");
  expect(contents.value).toContain("Typed, and not saved");
  expect(contents.value).toContain("2 calls in 1 function");
});

test("columns of symbols, highlights and answers about closed files are UTF-16", async () => {
  await using session = await startSession({
    files: `
//- sys/kern/latin.c
/* é€𝛑 */ int counted;
int use(void) { /* ä */ return counted; }
`,
  });
  // Latin-1 in a comment, as old sources have it: no UTF-8; an editor shows one sign for the byte.
  const closed = path.join(session.root, "sys/kern/old.c");
  writeFileSync(closed, Buffer.from("/* \xe9 */ int other = counted;\n", "latin1"));
  await session.ended();
  await session.client.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: session.uri("sys/kern/old.c"), type: 1 }],
  });
  await session.ended(2);
  const textDocument = { uri: session.uri("sys/kern/latin.c") };
  const symbols = await ask<DocumentSymbol[]>(session, "textDocument/documentSymbol", { textDocument });
  expect(symbols[0]).toMatchObject({
    name: "counted",
    selectionRange: { start: { line: 0, character: 15 } },
  });
  const position = { line: 1, character: 32 };
  const found = await ask<Location[]>(session, "textDocument/references", {
    textDocument,
    position,
    context: { includeDeclaration: true },
  });
  expect(found.map(session.place)).toEqual([
    "sys/kern/latin.c:1:16",
    "sys/kern/latin.c:2:32",
    "sys/kern/old.c:1:21",
  ]);
  const highlights = await ask<DocumentHighlight[]>(session, "textDocument/documentHighlight", {
    textDocument,
    position,
  });
  expect(highlights.map(({ range }) => range.start.character)).toEqual([15, 31]);
});
