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

test("a register is watched by a breakpoint's name, with condition and hit count", async () => {
  await client.initialize();
  await client.request("launch", {});
  await client.event("initialized");
  const { breakpoints } = await client.request("setFunctionBreakpoints", {
    breakpoints: [
      { name: "watch lapic.timer_initial_count", hitCondition: ">= 2" },
      { name: "watch lapic.nothing" },
      { name: "rwatch port 0x5550-0x5551", condition: "$_size == 2" },
    ],
  });
  expect(breakpoints).toMatchObject([
    { verified: true },
    { verified: false, message: "There is no register lapic.nothing." },
    { verified: true },
  ]);
  await client.request("configurationDone");
  expect(await client.event("stopped")).toMatchObject({
    reason: "data breakpoint",
    description: "Data breakpoint: lapic.timer_initial_count",
    hitBreakpointIds: [breakpoints[0].id],
  });
  expect(await client.evaluate("info breakpoints", "repl")).toContain("breakpoint already hit 2 times");
});

/** Machine code that is put at the pc, registers for it, and the filter that is to catch it. */
const FAULTS = [
  { filter: "unknown-msr", code: "0x320f", set: "$rcx = 0x1234", said: "read of MSR 0x1234, which does not exist" },
  { filter: "unknown-port", code: "0xec", set: "$rdx = 0x5000", said: "read of port 0x5000" },
  { filter: "page-fault", code: "0x008a", set: "$rax = 0xffffd00000000000", said: "#PF page fault" },
  { filter: "page-fault", condition: "$_address >> 32 == 0xffffd000", code: "0x008a", set: "$rax = 0xffffd00000000000", said: "#PF page fault" },
  { filter: "general-protection", code: "0x008a", set: "$rax = 0x8000000000000000", said: "#GP general protection" },
  { filter: "exception", condition: "$_vector == 6", code: "0x0b0f", set: "$rax = 0", said: "#UD invalid opcode" },
]; // biome-ignore format: a table

test.each(FAULTS)(
  "the filter $filter stops at it $condition",
  async ({ filter, condition, code, set, said }) => {
    await client.launch({}, () => client.breakOn("tc_init"));
    await client.event("stopped");
    for (const line of [`set var *(unsigned short *)$rip = ${code}`, `set var ${set}`])
      expect(await client.evaluate(line, "repl")).toBe("");
    const pc = await client.evaluate("$pc", "repl");
    await client.request("setExceptionBreakpoints", {
      filters: [],
      filterOptions: [{ filterId: filter, condition }],
    });
    await client.request("continue", { threadId: 1 });
    const stopped = await client.event("stopped");
    expect(stopped).toMatchObject({ reason: "exception", text: expect.stringContaining(said) });
    // A fault is caught before it is delivered; a port access has been made.
    if (filter !== "unknown-port") expect(await client.evaluate("$pc", "repl")).toBe(pc);
  },
);

test("a condition that does not hold lets the fault be the guest's", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  await client.evaluate("set var *(unsigned short *)$rip = 0x0b0f", "repl");
  await client.request("setExceptionBreakpoints", { filters: [], filterOptions: [{ filterId: "exception", condition: "$_vector == 0" }] }); // biome-ignore format: one line
  await client.breakOn("panic");
  await client.request("continue", { threadId: 1 });
  expect(await client.event("stopped")).not.toMatchObject({ text: expect.stringContaining("#UD") });
});
