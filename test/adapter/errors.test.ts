// What goes wrong is answered: kernels that cannot boot, requests out of order, nonsense. Nothing hangs, nothing crashes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CAPABILITIES } from "../../emulator/adapter/lifecycle.ts";
import { HANDLERS } from "../../emulator/adapter/session.ts";
import { Client, root } from "./client.ts";

let client: Client;
let folder: string;

beforeEach(() => {
  client = new Client();
  folder = mkdtempSync(path.join(tmpdir(), "clockpath-"));
});

afterEach(() => {
  client.kill();
  rmSync(folder, { recursive: true, force: true });
});

const guest = () => readFileSync(path.join(root, "emulator/guest/guest.elf"));

/** A 32-bit ELF header, and nothing more. */
const elf32 = () => {
  const bytes = Buffer.from(guest());
  bytes[4] = 1;
  return bytes;
};

const KERNELS: [string, () => Buffer | undefined, RegExp][] = [
  ["a missing file", () => undefined, /kernel: no such file$/],
  ["an empty file", () => Buffer.alloc(0), /ELF/],
  ["random bytes", () => Buffer.from("no kernel at all, by any means"), /Not an ELF file/],
  ["a truncated ELF file", () => guest().subarray(0, 3000), /[Tt]runcated/],
  ["a 32-bit ELF file", elf32, /32-bit/],
];

test.each(KERNELS)("launching %s fails with a clear message", async (_name, bytes, message) => {
  const kernel = path.join(folder, "kernel");
  const content = bytes();
  if (content) writeFileSync(kernel, content);
  await client.initialize();
  const response = await client.raw("launch", { kernel });
  expect(response.success).toBe(false);
  expect(response.message).toMatch(message);
  expect(response.body.error.showUser).toBe(true);
  expect((await client.raw("disconnect")).success).toBe(true);
  expect(await client.exited).toBe(0);
});

test.each([
  ["memory", { memory: "lots" }, /Memory "lots" is not a size/],
  ["machine switches", { machine: "pit=maybe" }, /pit/],
  ["time per instruction", { nsPerInstruction: 0 }, /must be/],
])("bad %s is answered", async (_name, args, message) => {
  await client.initialize();
  expect((await client.raw("launch", args)).message).toMatch(message);
});

test("requests before launch, unknown requests and bad references get errors", async () => {
  await client.initialize();
  for (const command of [
    "threads",
    "stackTrace",
    "continue",
    "pause",
    "configurationDone",
    "restart",
    "clockpath.clockDevices",
  ])
    expect(await client.raw(command, { threadId: 1 })).toMatchObject({
      success: false,
      message: "No kernel has been launched.",
    });
  expect(await client.raw("levitate")).toMatchObject({ success: false });
  await client.request("launch", { stopOnEntry: true });
  await client.event("initialized");
  expect(await client.raw("continue", { threadId: 1 })).toMatchObject({ success: false });
  await client.request("configurationDone");
  await client.event("stopped");
  for (const [command, args] of [
    ["launch", {}],
    ["scopes", { frameId: 99 }],
    ["variables", { variablesReference: 4711 }],
    ["readMemory", { memoryReference: "zork", count: 4 }],
    ["disassemble", { memoryReference: "", instructionCount: 4 }],
    ["source", { sourceReference: 77 }],
    ["pause", { threadId: 1 }],
    ["evaluate", { expression: "((((", context: "watch" }],
    ["evaluate", { expression: "*(int *)0x123456789abc", context: "hover" }],
    ["setExpression", { expression: "1", value: "2" }],
  ] as const)
    expect(await client.raw(command, args), command).toMatchObject({ success: false });
  expect(await client.raw("threads")).toMatchObject({ success: true });
  await client.disconnect();
});

test("a client that goes away takes the adapter with it", async () => {
  await client.launch({});
  client.kill();
  await client.exited;
});

test("every capability that names a request has its handler", () => {
  const needed: Record<string, string> = {
    supportsConfigurationDoneRequest: "configurationDone",
    supportsFunctionBreakpoints: "setFunctionBreakpoints",
    supportsInstructionBreakpoints: "setInstructionBreakpoints",
    supportsSetVariable: "setVariable",
    supportsSetExpression: "setExpression",
    supportsReadMemoryRequest: "readMemory",
    supportsWriteMemoryRequest: "writeMemory",
    supportsDisassembleRequest: "disassemble",
    supportsRestartRequest: "restart",
    supportsTerminateRequest: "terminate",
    supportsExceptionInfoRequest: "exceptionInfo",
    supportsCompletionsRequest: "completions",
  };
  for (const capability of Object.keys(CAPABILITIES))
    if (capability in needed) expect(HANDLERS, capability).toHaveProperty(needed[capability]!);
});
