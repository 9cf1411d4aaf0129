// Places in sources: lines and columns that breakpoints can have, goto, calls to step into, sources and modules.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client, guestSource } from "./client.ts";

let client: Client;
const source = { path: guestSource("sys/kern/kern_tc.c") };

beforeEach(async () => {
  client = new Client();
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
});
afterEach(() => client.kill());

test("lines without code have no place for a breakpoint; columns are those of statements", async () => {
  const { breakpoints } = await client.request("breakpointLocations", { source, line: 81, endLine: 92 });
  const lines = breakpoints.map(({ line }: DebugProtocol.BreakpointLocation) => line);
  expect(lines).not.toContain(81);
  expect(lines).toContain(86);
  expect(
    breakpoints.find(({ line }: DebugProtocol.BreakpointLocation) => line === 89).column,
  ).toBeGreaterThan(1);
});

test("a breakpoint with a column stops at the statement that begins there", async () => {
  const { breakpoints: places } = await client.request("breakpointLocations", { source, line: 92 });
  const { column } = places[0];
  const { breakpoints } = await client.request("setBreakpoints", {
    source,
    breakpoints: [{ line: 92, column }],
  });
  expect(breakpoints[0]).toMatchObject({ verified: true, line: 92, column });
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  expect((await client.request("stackTrace", { threadId: 1 })).stackFrames[0]).toMatchObject({ line: 92 });
});

test("goto sets the pc and nothing else", async () => {
  const { targets } = await client.request("gotoTargets", { source, line: 92 });
  expect(targets[0]).toMatchObject({ line: 92, label: "tc_init, line 92" });
  const before = await client.evaluate("$rsp");
  await client.request("goto", { threadId: 1, targetId: targets[0].id });
  expect(await client.event("stopped")).toMatchObject({ reason: "goto" });
  expect((await client.request("stackTrace", { threadId: 1 })).stackFrames[0]).toMatchObject({ line: 92 });
  expect(await client.evaluate("$rsp")).toBe(before);
  expect((await client.raw("goto", { threadId: 1, targetId: 99 })).message).toBe(
    "This place is of an earlier stop.",
  );
});

test("one of the calls of a line is stepped into", async () => {
  const { breakpoints } = await client.request("setBreakpoints", { source, breakpoints: [{ line: 89 }] });
  expect(breakpoints[0].verified).toBe(true);
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  const { targets } = await client.request("stepInTargets", { frameId: 1 });
  const called = targets.find(({ label }: DebugProtocol.StepInTarget) => label === "aprint_normal");
  expect(called, JSON.stringify(targets)).toBeDefined();
  await client.request("stepIn", { threadId: 1, targetId: called.id });
  await client.event("stopped");
  expect((await client.stack())[0]).toMatch(/^aprint_normal/);
});

test("the sources and the kernel's file are listed", async () => {
  const { sources } = await client.request("loadedSources");
  expect(sources.map(({ name }: DebugProtocol.Source) => name)).toContain("kern_tc.c");
  const { modules } = await client.request("modules");
  expect(modules).toMatchObject([{ name: "guest.elf", symbolStatus: "debug info, DWARF 5" }]);
});

test("display shows its values at each stop", async () => {
  expect(await client.evaluate("display tc->tc_name", "repl")).toMatch(/^1: tc->tc_name = 0x\w+ "i8254"$/);
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  expect(client.said).toMatch(/1: tc->tc_name = 0x\w+ "lapic"/);
});

test("finish tells what the function has returned", async () => {
  await client.breakOn("i8254_get_timecount");
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  await client.request("stepOut", { threadId: 1 });
  await client.event("stopped");
  expect(client.said).toMatch(/Value returned is \$1 = \d+/);
  expect(await client.evaluate("$1", "repl")).toMatch(/^\d+$/);
});

test("arguments that do not fit their request are named", async () => {
  for (const [command, args, message] of [
    ["setBreakpoints", {}, 'setBreakpoints: "source" must be an object.'],
    [
      "setBreakpoints",
      { source, breakpoints: [{ line: "1" }] },
      'setBreakpoints: "breakpoints[0].line" must be a whole number.',
    ],
    ["evaluate", { expression: 1 }, 'evaluate: "expression" must be a text.'],
    ["stackTrace", [], "stackTrace: arguments must be an object."],
    ["restartFrame", {}, 'Clockpath does not know the request "restartFrame".'],
  ] as const)
    expect((await client.raw(command, args as Record<string, unknown>)).message).toBe(message);
});
