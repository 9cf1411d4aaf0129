// Several processors as the protocol's threads, over the kernel of test/machine/smp.

import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client } from "./client.ts";

const folder = path.resolve(__dirname, "../machine/smp");
let client: Client;

beforeEach(async () => {
  client = new Client();
  await client.launch(
    { kernel: path.join(folder, "smp.elf"), cpus: 3, sourceMap: { "/clockpath/smp": folder } },
    () => client.breakOn("do_work"),
  );
});

afterEach(() => {
  client.kill();
});

/** "name: innermost function" of each thread. */
async function threads(): Promise<string[]> {
  const { threads } = await client.request("threads");
  const rows: string[] = [];
  for (const { id, name } of threads) {
    const { stackFrames } = await client.request("stackTrace", { threadId: id, levels: 1 });
    rows.push(`${id} ${name}: ${stackFrames[0].name.replace(/\(.*/, "")}`);
  }
  return rows;
}

/** A device's summary line by a label's beginning, as the clock view gets it. */
function deviceLabels(body: { devices: { label: string }[] }): string[] {
  return body.devices.map(({ label }) => label).filter((label) => label.includes("CPU"));
}

test("the stop says which thread; each has its stack, frames and registers", async () => {
  expect(await client.event("stopped")).toMatchObject({ reason: "function breakpoint", threadId: 1 });
  expect(await threads()).toEqual([
    "1 CPU 0 (running): do_work",
    "2 CPU 1 (halted): ap_main",
    "3 CPU 2 (halted): ap_main",
  ]);
  await client.request("continue", { threadId: 1 });
  expect(await client.event("stopped")).toMatchObject({ threadId: 2 });
  const { stackFrames } = await client.request("stackTrace", { threadId: 2 });
  expect(stackFrames.map(({ name }: { name: string }) => name.replace(/\(.*/, ""))).toEqual([
    "do_work",
    "ap_main",
    "trampoline_end",
    "?? 0x0",
  ]);
  const stacks = [];
  for (const threadId of [1, 2, 3]) {
    const { stackFrames: frames } = await client.request("stackTrace", { threadId });
    const { result } = await client.request("evaluate", {
      expression: "$rsp",
      frameId: frames[0].id,
      context: "watch",
    });
    stacks.push(result);
  }
  expect(new Set(stacks).size).toBe(3);
  await client.disconnect();
});

test("a step is one thread's, and what is chosen stays chosen", async () => {
  await client.event("stopped");
  await client.request("setFunctionBreakpoints", { breakpoints: [] });
  const top = async (threadId: number) =>
    (await client.request("stackTrace", { threadId, levels: 1 })).stackFrames[0];
  const before = [await top(1), await top(2)];
  await client.request("next", { threadId: 2 });
  expect(await client.event("stopped")).toMatchObject({ reason: "step", threadId: 2 });
  expect((await top(2)).line).not.toBe(before[1].line);
  await client.request("continue", { threadId: 2 });
  await client.event("stopped");
  await client.disconnect();
});

test("views show the clocks of the processor whose frame is looked at", async () => {
  await client.event("stopped");
  expect(deviceLabels(await client.request("clockpath.clockDevices"))).toEqual([
    "TSC of CPU 0",
    "Local APIC of CPU 0",
  ]);
  const { stackFrames } = await client.request("stackTrace", { threadId: 3 });
  client.forget("clockpath.clockDevices");
  const { scopes } = await client.request("scopes", { frameId: stackFrames[0].id });
  expect(deviceLabels(await client.event("clockpath.clockDevices"))).toEqual([
    "TSC of CPU 2",
    "Local APIC of CPU 2",
  ]);
  const lapic = scopes.find(({ name }: { name: string }) => name === "LAPIC");
  await client.request("stackTrace", { threadId: 1 });
  const { variables } = await client.request("variables", { variablesReference: lapic.variablesReference });
  const id = variables.find(({ name }: { name: string }) => /Local APIC ID/.test(name));
  expect(id.value).toMatch(/APIC ID 2/);
  await client.disconnect();
});

test("the console: info threads, thread, thread apply", async () => {
  await client.event("stopped");
  const { stackFrames } = await client.request("stackTrace", { threadId: 1 });
  const ask = async (expression: string) => {
    const response = await client.raw("evaluate", {
      expression,
      context: "repl",
      frameId: stackFrames[0].id,
    });
    const text: string = response.success ? response.body.result : `error: ${response.message}`;
    return text.replace(/0x[0-9a-f]{6,16}/g, "0x…").replaceAll("\\", "/");
  };
  const lines: string[] = [];
  for (const command of [
    "info threads",
    "thread",
    "thread 3",
    "bt",
    "p $_thread_is_not_known",
    "thread",
    "thread 7",
    "thread apply all p cpu_number",
    "thread apply 1 2 p/x $cs",
    "thread apply all c",
    "frame",
    "thread 1",
  ]) {
    lines.push(`(gdb) ${command}`, await ask(command));
  }
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "(gdb) info threads
      Id   Target Id       Frame
    * 1    CPU 0 [running] do_work (what=COUNT) at /clockpath/smp/smp.c:120
      2    CPU 1 [halted]  0x… in ap_main () at /clockpath/smp/smp.c:155
      3    CPU 2 [halted]  0x… in ap_main () at /clockpath/smp/smp.c:155
    (gdb) thread
    [Current thread is 1 (CPU 0)]
    (gdb) thread 3
    [Switching to thread 3 (CPU 2)]
    #0  0x… in ap_main () at /clockpath/smp/smp.c:155
    (gdb) bt
    #0  0x… in ap_main () at /clockpath/smp/smp.c:155
    #1  0x… in trampoline_end () at /clockpath/smp/start.S:123
    #2  0x… in ?? ()
    (gdb) p $_thread_is_not_known
    $1 = void
    (gdb) thread
    [Current thread is 3 (CPU 2)]
    (gdb) thread 7
    error: Unknown thread 7.
    (gdb) thread apply all p cpu_number
    error: No symbol "cpu_number" in current context.
    (gdb) thread apply 1 2 p/x $cs

    Thread 1 (CPU 0):
    $2 = 0x8

    Thread 2 (CPU 1):
    $3 = 0x8
    (gdb) thread apply all c
    error: A command that lets the guest run cannot be applied to threads.
    (gdb) frame
    #0  0x… in ap_main () at /clockpath/smp/smp.c:155
    (gdb) thread 1
    [Switching to thread 1 (CPU 0)]
    #0  do_work (what=COUNT) at /clockpath/smp/smp.c:120"
  `);
  await client.disconnect();
});

test("a thread that does not exist is an error", async () => {
  await client.event("stopped");
  expect((await client.raw("stackTrace", { threadId: 9 })).message).toBe("There is no thread 9.");
  expect((await client.raw("next", { threadId: 9 })).message).toBe("There is no thread 9.");
  await client.disconnect();
});
