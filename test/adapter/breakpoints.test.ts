// Breakpoints that wait, move and go, as a client hears of them: a kernel that is built again, data behind a frame's pointer, commands.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client, guestSource } from "./client.ts";

let client: Client;
let folder: string;
let kernel: string;

beforeEach(() => {
  client = new Client();
  folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-"));
  kernel = path.join(folder, "kernel.elf");
  copyFileSync(guestSource("guest.elf"), kernel);
});
afterEach(() => {
  client.kill();
  rmSync(folder, { recursive: true });
});

/** The guest with a function's name changed: as if it had been built again. */
function rename(from: string, to: string): void {
  const bytes = readFileSync(guestSource("guest.elf"));
  for (let at = bytes.indexOf(`${from}\0`); at >= 0; at = bytes.indexOf(`${from}\0`))
    bytes.write(to, at, "latin1");
  writeFileSync(kernel, bytes);
}

const started = (...names: string[]) =>
  client.launch({ kernel, memory: "16M" }, () => client.breakOn(...names));

test("restart reads a kernel that was built again, and tells what became of the breakpoints", async () => {
  let set: unknown;
  await client.launch({ kernel, memory: "16M" }, async () => {
    const names = ["tc_init", "tc_windup", "tc_winded"].map((name) => ({ name }));
    set = await client.request("setFunctionBreakpoints", { breakpoints: names });
  });
  expect(set).toMatchObject({
    breakpoints: [
      { id: 1, verified: true, line: 86 },
      { id: 2, verified: true, line: 53 },
      { id: 3, verified: false, reason: "pending", message: 'Function "tc_winded" not defined.' },
    ],
  });
  await client.event("stopped");
  rename("tc_windup", "tc_winded");
  await client.request("restart");
  expect((await client.event("stopped")).hitBreakpointIds).toEqual([1]);
  expect([await client.event("breakpoint"), await client.event("breakpoint")]).toMatchObject([
    { reason: "changed", breakpoint: { id: 2, verified: false, reason: "pending" } },
    { reason: "changed", breakpoint: { id: 3, verified: true, line: 53 } },
  ]);
  expect((await client.event("module")).reason).toBe("changed");
  expect(client.said).toContain("kernel.elf: written anew, read again.\n");
  expect(client.said).toContain("Breakpoint 3 (tc_winded) is at kern_tc.c:53.\n");
});

test("a kernel that is half written stops no session", async () => {
  await started("tc_init");
  await client.event("stopped");
  writeFileSync(kernel, readFileSync(guestSource("guest.elf")).subarray(0, 4000));
  const refused = await client.raw("restart");
  expect(refused).toMatchObject({ success: false, body: { error: { showUser: true } } });
  expect(refused.message).toMatch(/kernel\.elf: Truncated ELF file/);
  expect(await client.evaluate("tc->tc_quality")).toBe("100");
});

test("a data breakpoint on what a frame's pointer leads to stays at its place", async () => {
  await started("tc_init");
  await client.event("stopped");
  const { scopes } = await client.request("scopes", { frameId: 1 });
  const { variables } = await client.request("variables", {
    variablesReference: scopes[0].variablesReference,
  });
  const { variablesReference } = variables[0];
  const info = await client.request("dataBreakpointInfo", { variablesReference, name: "tc_next" });
  expect(info).toMatchObject({ description: "tc->tc_next", canPersist: false });
  await client.breakOn();
  const set = await client.request("setDataBreakpoints", {
    breakpoints: [{ dataId: info.dataId, accessType: "write" }],
  });
  expect(set.breakpoints).toMatchObject([{ verified: true }]);
  // It is kept while the client repeats it, at other stops too.
  await client.request("setDataBreakpoints", {
    breakpoints: [{ dataId: info.dataId, accessType: "readWrite" }],
  });
  await client.request("continue", { threadId: 1 });
  expect(await client.event("stopped")).toMatchObject({ reason: "data breakpoint" });
  expect(client.said).toContain("Hardware access (read/write) watchpoint");
});

test("a breakpoint's commands are run at its stop; the last may let the guest run on", async () => {
  await started("tc_init");
  await client.event("stopped");
  expect(
    await client.evaluate(
      'commands 1\nsilent\nprintf "%s: %d\\n", tc->tc_name, tc->tc_quality\nc\nend',
      "repl",
    ),
  ).toBe('Type commands for breakpoint(s) 1, one per line.\nEnd with a line saying just "end".');
  await client.request("continue", { threadId: 1 });
  while (!client.said.includes("TSC: ")) await new Promise((resolve) => setTimeout(resolve, 20));
  await client.request("pause", { threadId: 1 });
  expect((await client.event("stopped")).reason).toBe("pause");
  expect(client.said.match(/^\w+: -?\d+$/gm)).toEqual(["lapic: -100", "clockinterrupt: 0", "TSC: 3000"]);
});

test("what is wrong with a condition is told when it is set", async () => {
  await client.launch({ kernel, memory: "16M" }, async () => {
    const wanted = [
      { name: "tc_init", condition: "nosuch > 1" },
      { name: "tc_init", condition: "tc ==" },
    ];
    expect(
      (await client.request("setFunctionBreakpoints", { breakpoints: wanted })).breakpoints,
    ).toMatchObject([
      { verified: true, message: 'No symbol "nosuch" in current context.' },
      { verified: true, message: "A syntax error in expression, near `'." },
    ]);
    await client.breakOn("tc_init");
  });
  await client.event("stopped");
});
