// Data breakpoints and exception filters over the protocol: what clients are offered, and the stops that follow.
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client } from "./client.ts";

let client: Client;

beforeEach(() => {
  client = new Client();
});

afterEach(() => {
  client.kill();
});

const info = (args: Record<string, unknown>) => client.request("dataBreakpointInfo", args);

test("a variable of the Locals, a global, a device register and a range can be watched", async () => {
  await client.launch({}, () => client.breakOn("tc_windup"));
  await client.event("stopped");
  expect(await info({ name: "timecounter", frameId: 1 })).toEqual({
    dataId: "timecounter",
    description: "timecounter",
    accessTypes: ["write", "readWrite", "read"],
    canPersist: true,
  });
  expect(await info({ name: "$rax", frameId: 1 })).toMatchObject({ dataId: null });
  expect(await info({ name: "nothing" })).toEqual({
    dataId: null,
    description: 'No symbol "nothing" in current context.',
  });
  const { scopes } = await client.request("scopes", { frameId: 1 });
  const lapic = scopes.find(({ name }: { name: string }) => name === "LAPIC");
  const register = {
    variablesReference: lapic.variablesReference,
    name: "Initial Count Register (for Timer)",
  };
  expect(await info(register)).toMatchObject({ dataId: "lapic.timer_initial_count", canPersist: true });
  const address = (await client.evaluate("p/x &timecounter", "repl")).replace(/^\$\d+ = /, "");
  expect(await info({ name: address, asAddress: true, bytes: 8 })).toMatchObject({ canPersist: true });
});

test("a hit stops with both values on the console; replacing the list removes it", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  await client.breakOn();
  const { breakpoints } = await client.request("setDataBreakpoints", {
    breakpoints: [
      { dataId: "timecounter", accessType: "write" },
      { dataId: "nothing", accessType: "read" },
      { dataId: "timecounter", accessType: "read", hitCondition: "often" },
    ],
  });
  expect(breakpoints).toMatchObject([
    { verified: true },
    { verified: false, message: 'No symbol "nothing" in current context.' },
    { verified: false },
  ]);
  client.quiet.delete("output");
  await client.request("continue", { threadId: 1 });
  expect(await client.event("stopped")).toMatchObject({
    reason: "data breakpoint",
    description: "Data breakpoint: timecounter",
    hitBreakpointIds: [breakpoints[0].id],
  });
  expect(client.transcript.join("\n")).toMatch(
    /Hardware watchpoint \d+: timecounter[\s\S]*Old value = 0x… <dummy_timecounter>[\s\S]*New value = 0x… <\w+_timecounter>/,
  );
  await client.request("setDataBreakpoints", { breakpoints: [] });
  expect(await client.evaluate("info breakpoints", "repl")).toBe("No breakpoints or watchpoints.");
});

test("exception filters stop where they say", async () => {
  await client.launch({}, async () => {
    const { breakpoints } = await client.request("setExceptionBreakpoints", {
      filters: ["panic", "nonsense"],
      filterOptions: [{ filterId: "interrupt", condition: "0x20-0xff" }],
    });
    expect(breakpoints).toMatchObject([{ verified: true }, { verified: false }, { verified: true }]);
  });
  expect(await client.event("stopped")).toMatchObject({
    reason: "exception",
    description: "Caught",
    text: expect.stringMatching(/^Interrupt vector 0x[0-9a-f]+ at 0x/),
  });
  expect(await client.request("exceptionInfo", { threadId: 1 })).toMatchObject({ exceptionId: "exception" });
});
