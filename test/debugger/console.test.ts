// The console's commands over the bundled guest at its first timecounter: a golden transcript, and gdb's own words for what gdb
// can say of the file alone.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type ConsoleState, newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import { complete } from "../../emulator/debugger/completion.ts";
import { openSession, type Session } from "../../emulator/launch.ts";

const root = path.resolve(__dirname, "../..");
const guest = path.join(root, "emulator/guest");

async function atFirstTimecounter(): Promise<{ session: Session; state: ConsoleState }> {
  const session = openSession({ memory: "16M" });
  session.debugger.sourceText = (recorded) =>
    readFileSync(recorded.replace("/clockpath/guest", guest), "utf8").split("\n");
  session.debugger.addBreakpoint({ kind: "function", name: "tc_init" }, { temporary: true });
  await session.debugger.continue();
  return { session, state: newConsole() };
}

/** A line's text, or its error. */
async function answer({ debugger: engine }: Session, state: ConsoleState, line: string): Promise<string> {
  try {
    const outcome = await runCommand(line, engine, engine.frames()[0], state);
    if (outcome.kind === "text" || outcome.kind === "value") return outcome.text;
    const report =
      outcome.kind === "runTo"
        ? await engine.runTo(outcome.where)
        : outcome.how === "continue"
          ? await engine.continue()
          : await engine.step(outcome.how, outcome.granularity);
    const frame = engine.frames()[0];
    return [...report.messages, `[${report.stop.kind}] ${frame?.function} line ${frame?.line}`].join("\n");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const COMMANDS = [
  "x/2gx $rsp", "p $_", "x/s tc->tc_name", "p $_", "info line tc_init", "p tc->tc_quality", "p $ + 1", "p $1", "display tc->tc_quality", "display/x $eflags", "info display",
  "undisplay 1", "display", "list", "watch lapic.icr_timer", "watch lapic.no_such", "watch msr 0x6e0 if $_size == 8", "rwatch port 0x40", "awatch timecounter", "tbreak no_such_function", "tbreak initclocks",
  "break kern_tc.c:* if tc", "info breakpoints", "delete", "info ioapic 2", "info msr 0x1b", "info cpuid 0x80000007", "info threads", "ptype /o struct no_such", "ptype /q int",
  "tbreak i8254_get_timecount", "c", "finish", "p $", "tbreak gettick", "c", "until", "advance lapic_initclock", "undisplay 9", "type hello", "help display", "info nothing",
  "delete", "break tc_init", "commands", "silent", "printf \"%s %5d|%-4x|%c%%\\n\", tc->tc_name, tc->tc_quality, 255, 65", "end", "info breakpoints", "enable once 11", "info breakpoints 11", "enable count 2 11",
  "info breakpoints 11", "enable delete 11", "info breakpoints 11", "disable 11", "enable 99", "condition 11 nosuch", "condition 11 tc ==", "condition 11 tc != 0", "break *no_such", "break 0x", "break kern_tc.c:no_such",
  "set breakpoint pending off", "break no_such", "show breakpoint pending", "set breakpoint pending maybe", "info line kern_tc.c:86", "info line 1", "info scope tc_init", "info source", "info address tc_init",
  "info functions [", "p $n", "p $n = 5", "p $n++", "p $n += 2", "p $n", "whatis $n++", "p $n", "show convenience", "echo a\\tb\\n", "printf \"%s\", 5", "printf \"%d\"", "commands 99", "delete 1-99", "info breakpoints",
]; // biome-ignore format: a list

const blanked = (text: string): string => text.replace(/0x[0-9a-f]{6,16}/g, "0x…").replaceAll("\\", "/");

test("a dialogue", async () => {
  const { session, state } = await atFirstTimecounter();
  const lines: string[] = [];
  for (const command of COMMANDS) lines.push(`(gdb) ${command}`, await answer(session, state, command));
  const text = `${blanked(lines.filter((line) => line !== "").join("\n"))}\n`;
  await expect(text).toMatchFileSnapshot(path.join(__dirname, "golden/console.txt"));
});

test("what may stand in place of the last word", async () => {
  const { debugger: engine } = (await atFirstTimecounter()).session;
  const words = (before: string) =>
    complete(before, engine, engine.frames()[0]).items.map(({ text }) => text);
  expect(words("undis")).toEqual(["undisplay"]);
  expect(words("add-sym")).toEqual(["add-symbol-file"]);
  expect(words("info io")).toEqual(["ioapic"]);
  expect(words("info s")).toEqual(["symbol", "scope", "source", "sharedlibrary"]);
  expect(words("p $cr")).toEqual(["cr0", "cr2", "cr3", "cr4", "cr8"]);
  expect(words("p tc->tc_f")).toEqual(["tc_frequency"]);
  expect(words("p timecounters->tc_next->tc_n")).toEqual(["tc_name", "tc_next"]);
  expect(words("watch lapic.timer_i")).toEqual(["timer_initial_count"]);
  expect(words("break kern_t")).toEqual(["kern_tc.c"]);
  expect(words("p tc_in")).toContain("tc_init");
  expect(words("p nothing_at_all->")).toEqual([]);
});

const hasGdb = spawnSync("gdb", ["--version"]).status === 0;

describe.skipIf(!hasGdb)("gdb's words (skipped without gdb)", () => {
  const commands = [
    "disassemble /r tc_init,+32",
    "disassemble /s startrtclock+8,+32",
    "ptype /o struct timecounter",
    "info functions ^tc_",
    "info variables timecounter",
    "info types timecounter",
    "info functions nothing_at_all",
    "info address timecounter",
  ];
  let said: string[];
  beforeAll(() => {
    const flags = commands.flatMap((command) => ["-ex", command, "-ex", "echo \\n====\\n"]);
    const before = [
      "set width 0",
      `set substitute-path /clockpath/guest ${guest}`,
      "set filename-display absolute",
    ];
    const run = spawnSync("gdb", ["-nx", "-batch", ...before.flatMap((each) => ["-ex", each]), ...flags, path.join(guest, "guest.elf")], { encoding: "utf8" }); // biome-ignore format: one line
    said = run.stdout.split("\n====\n").map((text) => text.replaceAll(guest, "/clockpath/guest").trimEnd());
  });
  test.each(commands.map((command, index) => ({ command, index })))(
    "$command",
    async ({ command, index }) => {
      const { session, state } = await atFirstTimecounter();
      const ours = (await answer(session, state, command)).replace(/^=>/gm, "  ");
      expect(ours).toBe(said[index]);
    },
  );
});
