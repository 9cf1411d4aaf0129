// Data breakpoints and catches over the bundled guest: what is told at a stop, in gdb's words, and that the guest's run is the
// same with them and without.
import { describe, expect, test } from "vitest";
import { type ConsoleState, newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import type { Report } from "../../emulator/debugger/stop-judge.ts";
import { openSession, type Session } from "../../emulator/launch.ts";

const LIMIT = 3_000_000;

function session(): Session & { console: ConsoleState } {
  const made = openSession({});
  made.target.limits = { maxInstructions: LIMIT };
  return { ...made, console: newConsole() };
}

/** A console line; the frame is the innermost. */
async function say(at: Session & { console: ConsoleState }, line: string): Promise<string> {
  const outcome = await runCommand(line, at.debugger, at.debugger.frames()[0], at.console);
  return "text" in outcome ? outcome.text : outcome.kind;
}

/** Why it stopped, in one text. */
function told({ debugger: engine }: Session, { stop, messages }: Report): string {
  const [frame] = engine.frames();
  const what = "message" in stop ? `: ${stop.message.replaceAll(/0x[0-9a-f]{8,}/g, "0x…")}` : "";
  return [...messages, `${stop.kind}${what} in ${frame?.function}`]
    .join("\n")
    .replaceAll(/0x[0-9a-f]{8,}/g, "0x…");
}

describe("watch", () => {
  test("a pointer tells its old and new value, at the statement after", async () => {
    const at = session();
    expect(await say(at, "watch timecounter")).toBe("Hardware watchpoint 1: timecounter");
    expect(told(at, await at.debugger.continue())).toMatchInlineSnapshot(`
      "Hardware watchpoint 1: timecounter

      Old value = 0x… <dummy_timecounter>
      New value = 0x… <i8254_timecounter>
      watchpoint in tc_switch"
    `);
    expect(told(at, await at.debugger.continue())).toMatchInlineSnapshot(`
      "Hardware watchpoint 1: timecounter

      Old value = 0x… <i8254_timecounter>
      New value = 0x… <tsc_timecounter>
      watchpoint in tc_switch"
    `);
  });

  test("device registers by MMIO, ports and RDTSC", async () => {
    const at = session();
    expect(await say(at, "watch lapic.timer_initial_count")).toBe(
      "Hardware watchpoint 1: lapic.timer_initial_count",
    );
    expect(told(at, await at.debugger.continue())).toMatchInlineSnapshot(`
      "Hardware watchpoint 1: lapic.timer_initial_count

      Old value = 0x0
      New value = 0x…
      watchpoint in lapic_calibrate_timer"
    `);
    await say(at, "delete");
    await say(at, "rwatch MSR_TSC");
    expect(told(at, await at.debugger.continue()).replace(/Value = .*/, "Value = …")).toMatchInlineSnapshot(`
      "Hardware read watchpoint 2: MSR_TSC

      Value = …
      watchpoint in tsc_get_timecount"
    `);
    const other = session();
    await say(other, "awatch port 0x40");
    expect(told(other, await other.debugger.continue())).toMatchInlineSnapshot(`
      "Hardware access (read/write) watchpoint 1: port 0x40

      Old value = <unreadable>
      New value = 0x9c
      watchpoint in startrtclock"
    `);
  });

  test("conditions, ignore counts and temporary breakpoints", async () => {
    const at = session();
    await say(at, "watch timecounter if timecounter->tc_quality > 0");
    await say(at, "tbreak tc_init");
    expect(told(at, await at.debugger.continue())).toMatchInlineSnapshot(`"breakpoint in tc_init"`);
    expect(at.debugger.breakpoints.map(({ id }) => id)).toEqual([1]);
    expect(await say(at, "ignore 1 1")).toBe("Will ignore next crossing of breakpoint 1.");
    expect(await say(at, "info breakpoints")).toMatchInlineSnapshot(`
      "Num     Type           Disp Enb Address            What
      1       hw watchpoint  keep y                      timecounter
      	stop only if timecounter->tc_quality > 0
      	ignore next 1 hits"
    `);
    expect(told(at, await at.debugger.continue())).toMatchInlineSnapshot(`
      "Hardware watchpoint 1: timecounter

      Old value = 0x… <i8254_timecounter>
      New value = 0x… <tsc_timecounter>
      watchpoint in tc_switch"
    `);
  });

  test("what cannot be watched says why", async () => {
    const at = session();
    for (const [line, why] of [
      ["watch 1 + 1", "Cannot watch constant value."],
      ["watch nothing", 'No symbol "nothing" in current context.'],
      ["watch $rax", "$rax is in register rax here: only memory can be watched."],
      ["watch tsc.invariant", "tsc.invariant is told by CPUID and cannot be watched."],
      ["watch lapic.nothing", "There is no register lapic.nothing."],
      ["watch", "Argument required (expression to compute)."],
    ])
      await expect(say(at, line!)).rejects.toThrow(why);
    expect(at.debugger.breakpoints).toEqual([]);
  });

  test("does not change the guest's run", async () => {
    const plain = session();
    await plain.debugger.continue();
    const watched = session();
    await say(watched, "awatch timecounter");
    await say(watched, "awatch lapic.timer_current_count");
    watched.debugger.setCatches([{ id: "interrupt" }, { id: "exception" }, { id: "page-fault" }]);
    let stops = 0;
    while ((await watched.debugger.continue()).stop.kind !== "limit") stops++;
    expect(stops).toBeGreaterThan(10);
    expect(watched.target.counters.stateHash()).toBe(plain.target.counters.stateHash());
  });
});

describe("catch", () => {
  test("an interrupt by its vector, at its handler", async () => {
    const at = session();
    at.debugger.setCatches([{ id: "interrupt", condition: "0xc0-0xdf" }]);
    expect(told(at, await at.debugger.continue())).toMatchInlineSnapshot(
      `"exception: Interrupt vector 0xc0 at 0x… in lapic_timer_vector"`,
    );
    expect(await say(at, "p $_vector")).toMatchInlineSnapshot(`"$1 = 192"`);
  });

  test("with a condition over $_vector", async () => {
    const at = session();
    at.debugger.setCatches([{ id: "interrupt", condition: "$_vector == 1" }]);
    expect((await at.debugger.continue()).stop.kind).toBe("limit");
  });
});

test("break on every function of a file", async () => {
  const at = session();
  expect(await say(at, "break kern_tc.c:*")).toMatch(
    /^Breakpoint 1 at 0x[0-9a-f]+: \w+\. \(\d+ locations\)$/,
  );
  expect(await say(at, "break nowhere.c:*")).toBe(
    "No source file named nowhere.c.\nBreakpoint 2 (nowhere.c:*) pending.",
  );
  expect(await say(at, "rbreak kern_tc.c:^tc_")).toMatch(/tc_init|kern_tc\.c/);
  expect((await at.debugger.continue()).stop.kind).toBe("breakpoint");
});

test("until and advance run to a place, or out of the function", async () => {
  const at = session();
  await say(at, "tbreak tc_init");
  await at.debugger.continue();
  const caller = at.debugger.frames()[1]?.function;
  const { stop } = await at.debugger.runTo({ kind: "function", name: "panic" });
  expect(stop.kind).toBe("step");
  expect(at.debugger.frames()[0]?.function).toBe(caller);
  expect(await say(at, "info timecounters")).toMatchInlineSnapshot(`
    "*  i8254  quality 100       1193182 Hz  mask 0xffffffff  0xffffffff80204020 <i8254_timecounter>
       dummy  quality -1000000  1000000 Hz  mask 0xffffffff  0xffffffff80204140 <dummy_timecounter>"
  `);
});
