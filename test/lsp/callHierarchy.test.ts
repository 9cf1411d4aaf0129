// The call hierarchy in both directions over a real LSP connection.

import { expect, test } from "vitest";
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from "vscode-languageserver/node";
import { type Session, startSession } from "./session.ts";

async function prepare(session: Session): Promise<CallHierarchyItem[]> {
  return (await session.client.sendRequest("textDocument/prepareCallHierarchy", session.cursor())) ?? [];
}

function shown(
  session: Session,
  item: CallHierarchyItem,
  ranges: { start: { line: number } }[] = [],
): string {
  const calls =
    ranges.length === 0 ? "" : ` called at ${ranges.map(({ start }) => start.line + 1).join(", ")}`;
  return `${item.name} ${session.place({ uri: item.uri, range: item.selectionRange })}${calls}`;
}

async function callers(session: Session, item: CallHierarchyItem): Promise<CallHierarchyIncomingCall[]> {
  return (await session.client.sendRequest("callHierarchy/incomingCalls", { item })) ?? [];
}

async function callees(session: Session, item: CallHierarchyItem): Promise<CallHierarchyOutgoingCall[]> {
  return (await session.client.sendRequest("callHierarchy/outgoingCalls", { item })) ?? [];
}

const files = `
//- sys/kern/user.c
void
user(void)
{
	tc_in$0it(0);
	undefined_helper();
	tc_init(0);
}
`;

test("who calls tc_init, and who calls those", async () => {
  await using session = await startSession({ files });
  await session.ended();
  const [item] = await prepare(session);
  const found = await callers(session, item!);
  expect(found.map(({ from, fromRanges }) => shown(session, from, fromRanges))).toMatchInlineSnapshot(`
    [
      "user sys/kern/user.c:2:1 called at 4, 6",
      "lapic_initclock sys/arch/x86/x86/lapic.c:26:1 called at 30",
      "tsc_tc_init sys/arch/x86/x86/tsc.c:6:1 called at 9",
    ]
  `);
  const clock = found.find(({ from }) => from.name === "lapic_initclock")!;
  expect(await callers(session, clock.from)).toEqual([]);
});

test("what a function calls, defined or not", async () => {
  await using session = await startSession({
    files: files.replace("$0", "").replace("user(void)", "us$0er(void)"),
  });
  await session.ended();
  const [item] = await prepare(session);
  const found = await callees(session, item!);
  expect(
    found.map(({ to, fromRanges }) => `${shown(session, to, fromRanges)} | ${to.detail}`),
  ).toMatchInlineSnapshot(`
    [
      "tc_init sys/kern/kern_tc.c:11:1 called at 4, 6 | sys/kern/kern_tc.c",
      "undefined_helper sys/kern/user.c:5:2 called at 5 | not defined in this tree",
    ]
  `);
});

test("with the cursor on no function's name: the function around it", async () => {
  await using session = await startSession({
    files: files.replace("$0", "").replace("\tundefined_helper", "\tfoo = b$0ar;\n\tundefined_helper"),
  });
  await session.ended();
  expect((await prepare(session)).map((item) => shown(session, item))).toMatchInlineSnapshot(`
    [
      "user sys/kern/user.c:2:1",
    ]
  `);
});

test("an item of another time, or made up, is answered with nothing", async () => {
  await using session = await startSession({ files });
  await session.ended();
  const [item] = await prepare(session);
  for (const data of [
    undefined,
    null,
    { name: "tc_init", file: "gone.c", root: "/no/such/tree" },
    { name: 7 },
  ]) {
    expect(await callers(session, { ...item!, data })).toEqual([]);
    expect(await callees(session, { ...item!, data })).toEqual([]);
  }
});
