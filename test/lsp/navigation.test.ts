// Definition, declaration, references and symbols over a real LSP connection; `$0` is the cursor.

import { expect, test } from "vitest";
import type { Location, SymbolInformation } from "vscode-languageserver/node";
import { type Session, startSession } from "./session.ts";

/** The places that a request answers with for the cursor in `files`. */
async function places(method: string, files: string, params: object = {}): Promise<string[]> {
  await using session = await startSession({ files });
  await session.ended();
  const found: Location[] | null = await session.client.sendRequest(method, {
    ...session.cursor(),
    ...params,
  });
  return (found ?? []).map(session.place);
}

const user = (line: string) => `
//- sys/kern/user.c
#include <sys/timetc.h>

void
user(struct timecounter *tc)
{
	${line}
}
`;

test("definition: the function, not its prototypes", async () => {
  expect(await places("textDocument/definition", user("tc_in$0it(tc);"))).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:11:1",
    ]
  `);
});

test("definition: a macro, a global, a struct's member, a struct", async () => {
  expect(await places("textDocument/definition", user("x = LAPIC_ICR_$0TIMER;"))).toMatchInlineSnapshot(`
    [
      "sys/arch/x86/include/i82489reg.h:1:9",
    ]
  `);
  expect(await places("textDocument/definition", user("x = lapic_per_$0second;"))).toMatchInlineSnapshot(`
    [
      "sys/arch/x86/x86/lapic.c:3:10",
    ]
  `);
  expect(await places("textDocument/definition", user("x = tc->tc_qual$0ity;"))).toMatchInlineSnapshot(`
    [
      "sys/sys/timetc.h:7:7",
    ]
  `);
  expect(
    await places("textDocument/definition", user("struct timecoun$0ter *other;")),
  ).toMatchInlineSnapshot(`
    [
      "sys/sys/timetc.h:3:8",
    ]
  `);
});

test("definition: with the cursor right behind the word", async () => {
  expect(await places("textDocument/definition", user("tc_init$0(tc);"))).toEqual(
    await places("textDocument/definition", user("tc_i$0nit(tc);")),
  );
});

test("definition: nothing for numbers, blanks and names that nobody defines", async () => {
  expect(await places("textDocument/definition", user("x = 0x3$080;"))).toEqual([]);
  expect(await places("textDocument/definition", user("  $0"))).toEqual([]);
  expect(await places("textDocument/definition", user("no_such_$0thing();"))).toEqual([]);
});

test("declaration: the prototype", async () => {
  expect(await places("textDocument/declaration", user("tc_in$0it(tc);"))).toMatchInlineSnapshot(`
    [
      "sys/sys/timetc.h:13:6",
    ]
  `);
});

test("references, with and without the definition and declarations", async () => {
  const files = user("tc_in$0it(tc);");
  const all = await places("textDocument/references", files, { context: { includeDeclaration: true } });
  const uses = await places("textDocument/references", files, { context: { includeDeclaration: false } });
  expect(all).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:11:1",
      "sys/sys/timetc.h:13:6",
      "sys/kern/user.c:6:2",
      "sys/arch/x86/x86/lapic.c:30:2",
      "sys/arch/x86/x86/tsc.c:9:3",
    ]
  `);
  expect(all.filter((place) => !uses.includes(place))).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:11:1",
      "sys/sys/timetc.h:13:6",
    ]
  `);
});

async function symbols(session: Session, query: string): Promise<string[]> {
  const found: SymbolInformation[] = await session.client.sendRequest("workspace/symbol", { query });
  return found.map(
    ({ name, containerName, location }) => `${name} | ${containerName} | ${session.place(location)}`,
  );
}

test("workspace symbols: exact first, then what fits", async () => {
  await using session = await startSession();
  await session.ended();
  expect(await symbols(session, "tc_init")).toMatchInlineSnapshot(`
    [
      "tc_init | sys/kern/kern_tc.c | sys/kern/kern_tc.c:11:1",
      "tsc_tc_init | sys/arch/x86/x86/tsc.c | sys/arch/x86/x86/tsc.c:6:1",
    ]
  `);
  expect(await symbols(session, "lapicinit")).toMatchInlineSnapshot(`
    [
      "lapic_initclock | sys/arch/x86/x86/lapic.c | sys/arch/x86/x86/lapic.c:26:1",
    ]
  `);
  expect(await symbols(session, "")).toEqual([]);
  expect(await symbols(session, "\u0000\\*[")).toEqual([]);
});

test("document symbols of a file on disk, and of its unsaved text", async () => {
  await using session = await startSession();
  const request = () =>
    session.client.sendRequest("textDocument/documentSymbol", {
      textDocument: { uri: session.uri("sys/sys/timetc.h") },
    });
  expect(outline(await request())).toMatchInlineSnapshot(`
    "TC_QUALITY_NONE | 
    timecounter | 
      tc_get_timecount | u_int (*
      tc_frequency | uint64_t
      tc_name | const char *
      tc_quality | int
      tc_next | struct timecounter *
    timecounter | extern struct timecounter *
    tc_init | (struct timecounter *)
    "
  `);
  await session.edit("sys/sys/timetc.h", "struct half {\n\tint field;\n");
  expect(outline(await request())).toMatchInlineSnapshot(`
    "half | 
    field | int
    "
  `);
});

interface Outlined {
  name: string;
  detail: string;
  children: Outlined[];
}

function outline(found: unknown, indent = ""): string {
  return (found as Outlined[])
    .map(({ name, detail, children }) => `${indent}${name} | ${detail}\n${outline(children, `${indent}  `)}`)
    .join("");
}
