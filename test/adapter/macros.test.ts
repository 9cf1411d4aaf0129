// Macros in expressions: the adapter asks its client, once a name, and evaluates with what it hears.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client } from "./client.ts";

let client: Client;
beforeEach(() => {
  client = new Client();
});
afterEach(() => client.kill());

const MACROS: Record<string, { parameters?: string[]; body: string }> = {
  CPUID_TSC: { body: "0x00000010" },
  TWICE: { parameters: ["x"], body: "((x) * FACTOR)" },
  FACTOR: { body: "2" },
};

/** Answers as the extension does; gives the names that were asked for. */
function answering(): string[] {
  const asked: string[] = [];
  const wait = async (): Promise<void> => {
    const { id, names } = await client.event("clockpath.wantMacros");
    asked.push(...names);
    const macros = Object.fromEntries(names.map((name: string) => [name, MACROS[name] ?? null]));
    await client.request("clockpath.macros", { id, macros });
    return wait();
  };
  void wait();
  return asked;
}

test("console, watch and conditions know the tree's macros", async () => {
  await client.launch({ answersMacros: true }, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const asked = answering();
  expect(await client.evaluate("p/x CPUID_TSC | 1", "repl")).toBe("$1 = 0x11");
  expect(await client.evaluate("TWICE(tc->tc_quality) + CPUID_TSC")).toBe("216");
  expect(await client.evaluate("NOTHING")).toBe('error: No symbol "NOTHING" in current context.');
  expect(await client.evaluate("NOTHING")).toMatch(/^error/);
  expect(asked).toEqual(["CPUID_TSC", "TWICE", "FACTOR", "NOTHING"]);
  const { breakpoints }: { breakpoints: DebugProtocol.Breakpoint[] } = await client.request(
    "setFunctionBreakpoints",
    {
      breakpoints: [{ name: "tc_init", condition: "tc->tc_quality < TWICE(0)" }],
    },
  );
  expect(breakpoints[0]!.verified).toBe(true);
  await client.request("continue", { threadId: 1 });
  await client.event("stopped");
  expect(await client.evaluate("tc->tc_quality")).toMatch(/^-/);
});

test("a client that knows no macros is not asked", async () => {
  await client.launch({}, () => client.breakOn("tc_init"));
  await client.event("stopped");
  expect(await client.evaluate("CPUID_TSC")).toBe('error: No symbol "CPUID_TSC" in current context.');
  expect(client.transcript.join("\n")).not.toContain("wantMacros");
});
