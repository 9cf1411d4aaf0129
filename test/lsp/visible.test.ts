// Of several definitions of one name that one which is meant: a static in its own file, the chosen kernel's before what it leaves out.
import { expect, test } from "vitest";
import type { CallHierarchyIncomingCall, CallHierarchyItem, Location } from "vscode-languageserver/node";
import { type Session, startSession } from "./session.ts";

const tree = `
//- sys/conf/files
maxpartitions 8
maxusers 2 8 64
defflag	OTHER
file	kern/kern_tc.c
file	arch/toy/toy/clock.c
file	arch/other/other/clock.c	other
//- sys/arch/toy/conf/files.toy
//- sys/arch/toy/conf/TOY
machine	toy
config	netbsd root on ? type ?
//- sys/kern/kern_tc.c
static void reset(void) { }
void cpu_initclocks(void);
void inittimecounter(void) { reset(); cpu_initclocks(); }
//- sys/arch/toy/toy/clock.c
static void reset(void) { }
void cpu_initclocks(void) { reset(); }
//- sys/arch/other/other/clock.c
static void reset(void) { }
void cpu_initclocks(void) { reset(); }
void other_hatch(void) { cpu_initclocks(); }
`;

const kern = "sys/kern/kern_tc.c";

async function definitions(session: Session, character: number): Promise<string[]> {
  const cursor = { textDocument: { uri: session.uri(kern) }, position: { line: 2, character } };
  return (await session.client.sendRequest<Location[]>("textDocument/definition", cursor)).map(session.place);
}

const inReset = 30;
const inInit = 40;

test("without a configuration: the file's own static, and every function of external linkage", async () => {
  await using session = await startSession({ files: tree, bare: true });
  await session.ended();
  expect(await definitions(session, inReset)).toEqual([`${kern}:1:13`]);
  expect(await definitions(session, inInit)).toEqual([
    "sys/arch/other/other/clock.c:2:6",
    "sys/arch/toy/toy/clock.c:2:6",
  ]);
});

test("with one: the kernel's; callers outside say so", async () => {
  await using session = await startSession({
    files: tree,
    bare: true,
    initializationOptions: { config: "toy/TOY" },
  });
  await session.ended();
  expect(await definitions(session, inReset)).toEqual([`${kern}:1:13`]);
  expect(await definitions(session, inInit)).toEqual(["sys/arch/toy/toy/clock.c:2:6"]);
  const [item, ...others] = await session.client.sendRequest<CallHierarchyItem[]>(
    "textDocument/prepareCallHierarchy",
    { textDocument: { uri: session.uri(kern) }, position: { line: 2, character: inInit } },
  );
  expect(others).toEqual([]);
  const callers = await session.client.sendRequest<CallHierarchyIncomingCall[]>(
    "callHierarchy/incomingCalls",
    { item },
  );
  expect(callers.map(({ from }) => `${from.name} ${from.detail}`)).toEqual([
    "inittimecounter sys/kern/kern_tc.c",
    "other_hatch sys/arch/other/other/clock.c · not in the kernel",
  ]);
});

test("callers of a static function stand in its file; those of a function outside, where no static hides it", async () => {
  const files = `
//- sys/kern/a.c
static void start(void) {}
void a(void) { start(); }
//- sys/kern/b.c
static void start(void) {}
void b(void) { start(); }
//- sys/kern/c.c
void start(void) {}
//- sys/kern/d.c
void d(void) { start(); }
//- sys/kern/kern_tc.c
`;
  await using session = await startSession({ files, bare: true });
  await session.ended();
  const callers = async (file: string, character: number) => {
    const [item] = await session.client.sendRequest<CallHierarchyItem[]>(
      "textDocument/prepareCallHierarchy",
      {
        textDocument: { uri: session.uri(file) },
        position: { line: 0, character },
      },
    );
    const found = await session.client.sendRequest<CallHierarchyIncomingCall[]>(
      "callHierarchy/incomingCalls",
      { item },
    );
    return found.map(({ from }) => from.name);
  };
  expect(await callers("sys/kern/a.c", 13)).toEqual(["a"]);
  expect(await callers("sys/kern/b.c", 13)).toEqual(["b"]);
  expect(await callers("sys/kern/c.c", 6)).toEqual(["d"]);
});
