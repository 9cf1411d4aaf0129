// Outer frames: registers that callees saved on the stack are read and set there; `info frame`; values at entry by gdb's setting.

import { expect, test } from "vitest";
import { newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import type { Debugger } from "../../emulator/debugger/debugger.ts";
import { openSession } from "../../emulator/launch.ts";

async function stoppedIn(name: string): Promise<Debugger> {
  const { debugger: engine } = openSession({});
  engine.addBreakpoint({ kind: "function", name });
  await engine.continue();
  engine.removeBreakpoints(() => true);
  return engine;
}

async function say(engine: Debugger, level: number, line: string): Promise<string> {
  const outcome = await runCommand(line, engine, engine.frames()[level], newConsole());
  engine.invalidate();
  return "text" in outcome ? outcome.text : outcome.kind;
}

test("a register of an outer frame is set where the frames below it keep it", async () => {
  const engine = await stoppedIn("tc_init");
  await engine.step("over");
  // Saved on the stack by tc_init, or still in the processor: the caller sees the new value either way.
  for (const register of ["rbx", "r12", "rbp"] as const) {
    const old = engine.frames()[1]!.state.get(register)!;
    await say(engine, 1, `set $${register} = 0x1234`);
    expect(engine.frames()[1]!.state.get(register)).toBe(0x1234n);
    await say(engine, 1, `set $${register} = ${old}`);
    expect(engine.frames()[1]!.state.get(register)).toBe(old);
  }
  await say(engine, 1, "set $rbx = 0x1234");
  await engine.step("out");
  expect(engine.target.readRegister("rbx")).toBe(0x1234n);
});

test("the stack pointer of an outer frame is computed and cannot be set", async () => {
  const engine = await stoppedIn("tc_init");
  await expect(say(engine, 1, "set $rsp = 1")).rejects.toThrow(
    "Left operand of assignment is not an lvalue.",
  );
});

test("info frame tells where a frame lies and what it saved", async () => {
  const engine = await stoppedIn("tc_init");
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const rsp = engine.target.readRegister("rsp");
  const text = await say(engine, 0, "info frame");
  expect(text).toContain(`Stack level 0, frame at ${hex(rsp + 8n)}:\n`);
  expect(text).toMatch(/^ rip = 0x[0-9a-f]+ in tc_init \(.*kern_tc\.c:\d+\); saved rip = 0x[0-9a-f]+$/m);
  expect(text).toContain(` called by frame at `);
  expect(text).toContain(`Previous frame's sp is ${hex(rsp + 8n)}\n Saved registers:\n  rip at ${hex(rsp)}`);
});

test("values at entry are shown as `print entry-values` says", async () => {
  const engine = await stoppedIn("tc_init");
  const shown = async (setting: string) => {
    await say(engine, 0, `set print entry-values ${setting}`);
    return /\((.*?)\)/.exec(await say(engine, 0, "bt 1"))![1]!.replace(/0x[0-9a-f]+/g, "0x1");
  };
  const value = "0x1 <i8254_timecounter>";
  expect(await shown("default")).toBe(`tc=tc@entry=${value}`);
  expect(await shown("no")).toBe(`tc=${value}`);
  expect(await shown("only")).toBe(`tc@entry=${value}`);
  expect(await shown("both")).toBe(`tc=${value}, tc@entry=${value}`);
  expect(await say(engine, 0, "show print entry-values")).toContain('"both"');
  await expect(say(engine, 0, "set print entry-values maybe")).rejects.toThrow("Undefined item");
});
