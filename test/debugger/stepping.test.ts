// Steps end where gdb's end: fixtures/stepping.gdb.txt was recorded with gdb on QEMU over the bundled guest.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { bundledGuestPath } from "../../emulator/assets.ts";
import { evaluate } from "../../emulator/debugger/expressions/evaluator.ts";
import { formatValue } from "../../emulator/debugger/format.ts";
import type { Report } from "../../emulator/debugger/stop-judge.ts";
import { openSession } from "../../emulator/launch.ts";

const fixture = (name: string) => readFileSync(path.join(__dirname, "fixtures", name), "utf8");
const digest = createHash("sha256").update(readFileSync(bundledGuestPath())).digest("hex");
const sameGuest = fixture("stepping.guest").trim() === digest;
const why = sameGuest ? "" : " (skipped: the guest was rebuilt since gdb's dialogues were recorded)";

const dialogues = fixture("stepping.dialogues").trim().split("\n");
const golden = fixture("stepping.gdb.txt").split(/^(?=break)/m);

function newSession(start: string) {
  const { debugger: engine } = openSession({});
  engine.addBreakpoint({ kind: "function", name: start });
  const STEPS: Record<string, () => Promise<Report>> = {
    next: () => engine.step("over"),
    step: () => engine.step("into"),
    finish: () => engine.step("out"),
    nexti: () => engine.step("over", "instruction"),
    stepi: () => engine.step("into", "instruction"),
  };
  const place = () => {
    const [frame] = engine.frames();
    return `${frame?.function} ${frame?.file?.split("/").pop()}:${frame?.line}`;
  };
  return { engine, step: (command: string) => STEPS[command]!(), place };
}

test.skipIf(!sameGuest).each(dialogues.map((dialogue, index) => [dialogue, golden[index]!]))(
  `%s${why}`,
  async (dialogue, expected) => {
    const [start, ...commands] = dialogue.split(" ") as [string, ...string[]];
    const { engine, step, place } = newSession(start);
    await engine.continue();
    engine.removeBreakpoints(() => true);
    let text = `break ${start} ${place()}\n`;
    for (const command of commands) {
      expect((await step(command)).stop).toEqual({ kind: "step" });
      text += `  ${command} ${place()}\n`;
    }
    expect(text).toBe(expected);
  },
);

test("interrupts that come during steps run to their end, and the guest's clock goes on", async () => {
  const { engine, step, place } = newSession("main");
  engine.removeBreakpoints(() => true);
  const file = "sys/kern/init_main.c";
  const source = readFileSync(path.join(path.dirname(bundledGuestPath()), file), "utf8").split("\n");
  const line = source.findIndex((text) => text.includes("now = nanouptime()")) + 1;
  engine.addBreakpoint({ kind: "line", file, line });
  await engine.continue();
  engine.removeBreakpoints(() => true);
  const ticks = () =>
    Number(formatValue(evaluate("hardclock_ticks", engine.context(engine.frames()[0])), engine.around));
  const before = ticks();
  const places: string[] = [];
  for (let count = 0; count < 12; count++) {
    expect((await step("next")).stop).toEqual({ kind: "step" });
    places.push(place());
  }
  // Three lines a round, one tick of the LAPIC timer in each hlt.
  expect(new Set(places.map((each) => each.split(" ")[0]))).toEqual(new Set(["idle_loop"]));
  expect(ticks() - before).toBeGreaterThanOrEqual(3);
});

test("stepping out of main is refused, and the guest stays where it is", async () => {
  const { engine, step, place } = newSession("main");
  await engine.continue();
  const before = place();
  await expect(step("finish")).rejects.toThrow('"finish" not meaningful in the outermost frame.');
  expect(place()).toBe(before);
});

test("a breakpoint within a call that is stepped over stops there", async () => {
  const { engine, step, place } = newSession("startrtclock");
  await engine.continue();
  const inner = engine.addBreakpoint({ kind: "function", name: "tc_init" });
  const stops: string[] = [];
  for (let count = 0; count < 8 && !place().startsWith("tc_init"); count++)
    stops.push((await step("next")).stop.kind);
  expect(stops.at(-1)).toBe("breakpoint");
  expect(inner.hits).toBe(1);
});
