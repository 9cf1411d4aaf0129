// Dialogues with the debug adapter's process over the bundled guest, compared with golden transcripts (vitest -u rewrites).

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client, guestSource } from "./client.ts";

let client: Client;

beforeEach(() => {
  client = new Client();
});

afterEach(() => {
  client.kill();
});

const golden = (name: string) => path.join(__dirname, "golden", `${name}.txt`);
const transcript = () => `${client.transcript.join("\n")}\n`;

/** The line of a text in a source of the guest. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(guestSource(file), "utf8").split("\n");
  const line = lines.findIndex((each) => each.includes(text)) + 1;
  if (line === 0) throw new Error(`${file} has no "${text}"`);
  return line;
}

test("launch, stop at the first tc_init, look at everything, go on, disconnect", async () => {
  await client.launch({ stopOnEntry: false }, () => client.breakOn("tc_init"));
  await client.event("stopped");
  await client.request("threads");
  await client.request("stackTrace", { threadId: 1 });
  const { scopes } = await client.request("scopes", { frameId: 1 });
  const { variables } = await client.request("variables", {
    variablesReference: scopes[0].variablesReference,
  });
  await client.request("variables", { variablesReference: variables[0].variablesReference });
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  await client.disconnect();
  await expect(transcript()).toMatchFileSnapshot(golden("first-stop"));
  expect(client.stderr).toBe("");
});

test("the four stops of the bundled guest, with inlined frames", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  const stacks: string[] = [];
  for (let stop = 1; stop <= 4; stop++) {
    expect(await client.event("stopped")).toMatchObject({ reason: "function breakpoint", threadId: 1 });
    stacks.push(`stop ${stop}`, ...(await client.stack()));
    if (stop < 4) await client.request("continue", { threadId: 1 });
  }
  await expect(`${stacks.join("\n")}\n`).toMatchFileSnapshot(golden("four-stops"));
});

test("hover, watch and console evaluate C as gdb does", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const lines: string[] = [];
  const ask = async (context: string, expression: string) => {
    const result = await client.evaluate(expression, context);
    lines.push(`${context} ${expression}`, `    ${result.replaceAll("\n", "\n    ")}`);
  };
  for (const expression of ["tc", "*tc", "tc->tc_name", "tc->tc_frequency,x", "sizeof(*tc)", "nothing"])
    await ask("hover", expression);
  for (const expression of ["tc_init", "LAPIC_ICR_TIMER", "$rip", "$eflags", "$rsp == $rbp", "1 +"])
    await ask("watch", expression);
  for (const command of [
    "p tc",
    "p *$",
    "p/x tc->tc_frequency",
    "whatis tc",
    "ptype tc",
    "x/2i $rip",
    "x/s tc->tc_name",
    "info args",
    "info locals",
    "info line",
    "info symbol tc_init",
    "info breakpoints",
    "info lapic",
    "bt 2",
    "bogus + 1",
    "set var tc->tc_quality = 42",
    "p tc->tc_quality",
    "set $rax = 0x1234",
    "p/x $ax",
    "info nonsense",
  ])
    await ask("repl", command);
  const text = lines.join("\n").replace(/0x[0-9a-f]{16}/g, "0x…");
  await expect(`${text}\n`).toMatchFileSnapshot(golden("evaluate"));
});

test("line breakpoints, conditions, hit counts and log messages", async () => {
  const file = guestSource("sys/kern/kern_tc.c");
  const line = lineOf("sys/kern/kern_tc.c", "tc_init(struct timecounter *tc)") + 1;
  const set = (breakpoint: object) =>
    client.request("setBreakpoints", { source: { path: file }, breakpoints: [{ line, ...breakpoint }] });
  await client.launch({ stopOnEntry: true });
  expect(await client.event("stopped")).toMatchObject({ reason: "entry" });

  const { breakpoints } = await set({ condition: "tc->tc_quality < 0" });
  expect(breakpoints[0]).toMatchObject({ verified: true });
  await client.request("continue", { threadId: 1 });
  const stopped = await client.event("stopped");
  expect(stopped).toMatchObject({ reason: "breakpoint", hitBreakpointIds: [breakpoints[0].id] });
  expect(await client.evaluate("tc->tc_name")).toContain('"lapic"');

  await set({ logMessage: "registers {tc->tc_name} at {tc->tc_quality}", hitCondition: ">=1" });
  client.forget("output");
  await client.breakOn("tsc_tc_init");
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  const outputs: string[] = [];
  while (outputs.length < 1 || !outputs.some((text) => text.includes("registers"))) {
    const { output, category } = await client.event("output");
    if (category === "console") outputs.push(output);
  }
  expect(outputs.join("")).toMatch(/registers 0x[0-9a-f]+ "clockinterrupt" at 0\n/);

  const bad = await set({ hitCondition: "often" });
  expect(bad.breakpoints[0]).toMatchObject({ verified: false });
  const nowhere = await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "no_such" }] });
  expect(nowhere.breakpoints[0]).toMatchObject({
    verified: false,
    message: 'Function "no_such" not defined.',
  });
});

test("a condition that cannot be evaluated stops and says so", async () => {
  await client.launch({}, () =>
    client.request("setFunctionBreakpoints", {
      breakpoints: [{ name: "tc_init", condition: "nothing > 1" }],
    }),
  );
  await client.event("stopped");
  let said = "";
  while (!said.includes("condition")) said = (await client.event("output")).output;
  expect(said).toBe(
    'Error in testing condition for breakpoint 1:\nNo symbol "nothing" in current context.\n',
  );
});

/** next next step next step step next finish next next, as gdb's dialogue with QEMU in golden/stepping.gdb.txt. */
const DIALOGUE = ["next", "next", "stepIn", "next", "stepIn", "stepIn", "next", "stepOut", "next", "next"];

test("stepping over, into and out of calls keeps to lines, as gdb does", async () => {
  await client.launch({}, () => client.breakOn("startrtclock"));
  await client.event("stopped");
  const places: string[] = [];
  const step = async (command: string) => {
    await client.request(command, { threadId: 1 });
    expect(await client.event("stopped")).toMatchObject({ reason: "step" });
    places.push(`${command}: ${(await client.stack())[0]}`);
  };
  places.push(`at: ${(await client.stack())[0]}`);
  for (const command of DIALOGUE) await step(command);
  await expect(`${places.join("\n")}\n`).toMatchFileSnapshot(golden("stepping"));
});

test("stepping by instruction", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const before = BigInt(await client.evaluate("$rip,x"));
  await client.request("stepIn", { threadId: 1, granularity: "instruction" });
  await client.event("stopped");
  const after = BigInt(await client.evaluate("$rip,x"));
  expect(after - before).toBeGreaterThan(0n);
  expect(after - before).toBeLessThan(16n);
});

test("pause stops a running guest within 100 ms, and clocks are told four times a second meanwhile", async () => {
  await client.launch({});
  await client.event("clockpath.clockDevices");
  const first = Date.now();
  for (let told = 0; told < 4; told++) await client.event("clockpath.clockDevices");
  // A loaded host tells them later, never sooner.
  expect(Date.now() - first).toBeGreaterThan(600);
  const waits: number[] = [];
  for (let round = 0; round < 4 && !waits.some((ms) => ms < 100); round++) {
    if (round > 0) await client.request("continue", { threadId: 1 });
    const start = Date.now();
    await client.request("pause", { threadId: 1 });
    expect(await client.event("stopped")).toMatchObject({ reason: "pause" });
    waits.push(Date.now() - start);
  }
  expect(Math.min(...waits)).toBeLessThan(100);
  await client.event("clockpath.clockDevices");
  client.forget("clockpath.clockDevices");
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(client.forget("clockpath.clockDevices")).toBe(0);
  expect((await client.stack()).at(-1)).toContain("main");
  expect(client.console).toContain("clockpath guest");
});

test("while the guest runs, globals and clock registers can be looked at, the stack cannot", async () => {
  await client.launch({});
  await new Promise((resolve) => setTimeout(resolve, 400));
  const live = await client.request("clockpath.evaluateLive", { expression: "timecounters" });
  expect(live.result).toContain("struct timecounter *");
  const register = await client.request("clockpath.evaluateLive", { expression: "LAPIC_ICR_TIMER" });
  expect(register.result).toContain("Initial Count");
  expect(await client.raw("stackTrace", { threadId: 1 })).toMatchObject({
    success: false,
    message: "The guest is running.",
  });
  const { running, devices } = await client.request("clockpath.clockDevices");
  expect(running).toBe(true);
  expect(devices.map(({ id }: { id: string }) => id)).toEqual(["tsc", "lapic", "i8254"]);
});

test("restart equals a fresh start", async () => {
  await client.launch({}, () => client.breakOn("lapic_initclock"));
  await client.event("stopped");
  const first = await client.request("clockpath.clockDevices");
  await client.request("restart");
  await client.event("stopped");
  expect(await client.request("clockpath.clockDevices")).toEqual(first);
  await client.request("continue", { threadId: 1 });
  await client.request("restart");
  await client.event("stopped");
  expect(await client.request("clockpath.clockDevices")).toEqual(first);
});

test("registers, locals and fields can be set", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const { scopes } = await client.request("scopes", { frameId: 1 });
  const reference = (name: string) =>
    scopes.find((each: { name: string }) => each.name === name).variablesReference;
  const set = async (name: string, variablesReference: number, value: string) =>
    (await client.request("setVariable", { variablesReference, name, value })).value;
  expect(await set("rax", reference("Registers"), "0x10 + 2")).toBe("0x12");
  expect(await set("tc", reference("Arguments"), "0")).toBe("0x0");
  const { value } = await client.request("setExpression", {
    expression: "i8254_timecounter.tc_quality",
    value: "7 * 6",
    frameId: 1,
  });
  expect(value).toBe("42");
});

test("memory is read, written and disassembled", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const address = (await client.evaluate("&i8254_timecounter.tc_quality,x")) as string;
  const write = { memoryReference: address, data: Buffer.from([1, 2, 0, 0]).toString("base64") };
  expect(await client.request("writeMemory", write)).toEqual({ bytesWritten: 4 });
  const { data } = await client.request("readMemory", { memoryReference: address, count: 4 });
  expect([...Buffer.from(data, "base64")]).toEqual([1, 2, 0, 0]);
  const unmapped = await client.request("readMemory", { memoryReference: "0x10000000000", count: 8 });
  expect(unmapped).toMatchObject({ data: "", unreadableBytes: 8 });

  const [frame] = (await client.request("stackTrace", { threadId: 1 })).stackFrames;
  const { instructions } = await client.request("disassemble", {
    memoryReference: frame.instructionPointerReference,
    instructionOffset: -4,
    instructionCount: 10,
  });
  expect(instructions).toHaveLength(10);
  expect(BigInt(instructions[4].address)).toBe(BigInt(frame.instructionPointerReference));
});

test("a source that is not here is explained, once", async () => {
  await client.launch({ sourceMap: { "/clockpath/guest": "/nowhere" } }, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const { stackFrames } = await client.request("stackTrace", { threadId: 1 });
  const { sourceReference } = stackFrames[0].source;
  expect(sourceReference).toBeGreaterThan(0);
  const { content } = await client.request("source", { sourceReference });
  expect(content).toContain('"sourceMap": { "/clockpath/guest"');
});
