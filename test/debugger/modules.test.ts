// Breakpoints that wait for code: a module whose file is named when the kernel has loaded it, and a kernel that is built again. The module is an
// object file of the bundled guest, not linked; where it was linked to, the guest has its code.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type ConsoleState, newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import { parseElf, sectionBytes, sectionNamed } from "../../emulator/elf/elf.ts";
import { placeSections, relocate } from "../../emulator/elf/relocate.ts";
import { emptyElf } from "../../emulator/input-files.ts";
import { openSession, type Session } from "../../emulator/launch.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";

const guest = path.resolve(__dirname, "../../emulator/guest/guest.elf");
const object = path.join(__dirname, "fixtures/kern_tc.o");
const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-modules-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the linker put the object's sections. */
function places(): Map<string, bigint> {
  const symbols = openSymbols(readFileSync(guest));
  const at = (name: string) => symbols.symbolNamed(name)!.address;
  return new Map([
    [".text", at("dummy_get_timecount")],
    [".data", at("timecounter")],
  ]);
}

async function say({ debugger: engine }: Session, state: ConsoleState, ...lines: string[]): Promise<string> {
  const said: string[] = [];
  for (const line of lines) {
    const outcome = await runCommand(line, engine, engine.frames()[0], state).catch((error: Error) => error);
    if (outcome instanceof Error) said.push(outcome.message);
    else if (outcome.kind === "run") {
      const { stop, hit } = await engine.continue();
      said.push(`[${stop.kind} ${hit.map(({ id }) => id)}]`);
    } else if (outcome.kind === "text" || outcome.kind === "value") said.push(outcome.text);
  }
  return said
    .filter((text) => text !== "")
    .join("\n")
    .replaceAll(__dirname, "<here>");
}

test("relocated code is what the linker made of it", () => {
  const file = readFileSync(object);
  const elf = parseElf(file);
  const placed = placeSections(elf, places());
  const relocated = parseElf(relocate(file, elf, placed));
  const linked = parseElf(readFileSync(guest));
  for (const name of [".text", ".data"]) {
    const own = sectionNamed(relocated, name)!;
    const theirs = sectionNamed(linked, name)!;
    const from = Number(own.address - theirs.address);
    const bytes = sectionBytes(linked, theirs).subarray(from, from + own.fileSize);
    const different = [...sectionBytes(relocated, own)].flatMap((byte, at) =>
      byte === bytes[at] ? [] : [at],
    );
    // Calls of other files' functions, texts that the linker merged, and what is in .bss are left to the linker.
    const others = name === ".text" ? 40 : 16;
    expect(different.length).toBeLessThan(others);
  }
  expect(relocated.sections.filter(({ address }) => address > 0n)).toHaveLength(placed.length);
});

test("a breakpoint waits for a module, stops in it, and goes with it", async () => {
  const session = openSession({ memory: "16M" });
  const state = newConsole();
  // A kernel that knows nothing of the module.
  session.symbols.replaceMain(openSymbols(emptyElf()));
  const [text, data] = [...places().values()].map((address) => `0x${address.toString(16)}`);
  expect(
    await say(
      session,
      state,
      "break tc_init",
      "tbreak kern_tc.c:92 if tc->tc_quality > 0",
      "info breakpoints",
      `add-symbol-file ${object} ${text} -s .data ${data}`,
      "info breakpoints",
      "info sharedlibrary",
      "c",
      "bt 1",
      "p tc->tc_name",
      "p timecounters->tc_quality",
      "info symbol $pc",
      `remove-symbol-file ${object}`,
      "info breakpoints",
    ),
  ).toMatchInlineSnapshot(`
    "Function "tc_init" not defined.
    Breakpoint 1 (tc_init) pending.
    The kernel has no debug info: break on functions or addresses instead.
    Temporary breakpoint 2 (kern_tc.c:92 if tc->tc_quality > 0) pending.
    Num     Type           Disp Enb Address            What
    1       breakpoint     keep y   <PENDING>          tc_init
    2       breakpoint     del  y   <PENDING>          kern_tc.c:92 if tc->tc_quality > 0
    add symbol table from file "<here>/fixtures/kern_tc.o" at
    	.text_addr = 0xffffffff80200c40
    	.data_addr = 0xffffffff80204120
    Num     Type           Disp Enb Address            What
    1       breakpoint     keep y   0xffffffff80200cd0 in tc_init at /clockpath/guest/sys/kern/kern_tc.c:86
    2       breakpoint     del  y   0xffffffff80200d07 in tc_init at /clockpath/guest/sys/kern/kern_tc.c:92
    	stop only if tc->tc_quality > 0
    From                To                  Syms Read   Shared Object Library
    0xffffffff80200c40  0xffffffff80200d43  Yes         <here>/fixtures/kern_tc.o
    [breakpoint 1]
    #0  tc_init (tc=0xffffffff80204020) at /clockpath/guest/sys/kern/kern_tc.c:86
    (More stack frames follow...)
    $1 = 0xffffffff802021a9 "i8254"
    $2 = -1000000
    tc_init (function, global)
    Num     Type           Disp Enb Address            What
    1       breakpoint     keep y   <PENDING>          tc_init
    	breakpoint already hit 1 time
    2       breakpoint     del  y   <PENDING>          kern_tc.c:92 if tc->tc_quality > 0"
  `);
});

test("what cannot be added says why", async () => {
  const session = openSession({ memory: "16M" });
  const broken = path.join(folder, "broken.o");
  writeFileSync(broken, readFileSync(object).subarray(0, 100));
  expect(
    (
      await say(
        session,
        newConsole(),
        "add-symbol-file",
        `add-symbol-file ${object}`,
        `add-symbol-file ${object} 0x1000 -s .nothing 4`,
        `add-symbol-file ${object} nosuch`,
        `add-symbol-file ${broken} 0x1000`,
        `add-symbol-file ${path.join(folder, "absent.o")} 0x1000`,
        `add-symbol-file ${guest} 0x1000`,
        `symbol-file ${object}`,
        "remove-symbol-file nothing.o",
      )
    )
      .replaceAll(folder, "<folder>")
      .replaceAll(guest, "<guest>"),
  ).toMatchInlineSnapshot(`
    "add-symbol-file takes a file name and an address
    <here>/fixtures/kern_tc.o is not linked: say where it is (add-symbol-file <here>/fixtures/kern_tc.o ADDRESS).
    <here>/fixtures/kern_tc.o: The file has no section .nothing that is loaded.
    No symbol "nosuch" in current context.
    <folder>/broken.o: Truncated ELF file: The section header table needs bytes 0x1ec0 to 0x1f00, the file has 0x64. Copy or link it again.
    <folder>/absent.o: no such file
    <guest> is linked for 0xffffffff80200000: it cannot be moved to 0x1000.
    <here>/fixtures/kern_tc.o is not linked: add-symbol-file <here>/fixtures/kern_tc.o ADDRESS says where it is.
    No symbol file found"
  `);
});

test("a kernel that was built again is read again at the restart, and every breakpoint looked for again", async () => {
  const kernel = path.join(folder, "kernel.elf");
  copyFileSync(guest, kernel);
  const session = openSession({ kernel, memory: "16M" });
  const { debugger: engine } = session;
  const moved: string[] = [];
  engine.onMoved(({ changed, messages }) => {
    moved.push(
      ...changed.map(({ id, sites }) => `${id}: ${sites.map((site) => site.function)}`),
      ...messages,
    );
  });
  const state = newConsole();
  await say(session, state, "break tc_init", "break tc_windup", "break tc_winded");
  expect(session.prepareRestart().changed).toEqual([]);
  // tc_windup has another name now: of the same length, so that nothing else changes.
  const bytes = readFileSync(guest);
  for (let at = bytes.indexOf("tc_windup\0"); at >= 0; at = bytes.indexOf("tc_windup\0"))
    bytes.write("tc_winded", at, "latin1");
  writeFileSync(kernel, bytes);
  const restart = session.prepareRestart();
  expect(restart.changed).toEqual([kernel]);
  restart.begin();
  expect(moved).toMatchInlineSnapshot(`
    [
      "2: ",
      "3: tc_winded",
      "Error in re-setting breakpoint 2: Function "tc_windup" not defined.",
    ]
  `);
  expect(await say(session, state, "info breakpoints", "c")).toMatchInlineSnapshot(`
    "Num     Type           Disp Enb Address            What
    1       breakpoint     keep y   0xffffffff80200cd0 in tc_init at /clockpath/guest/sys/kern/kern_tc.c:86
    2       breakpoint     keep y   <PENDING>          tc_windup
    3       breakpoint     keep y   0xffffffff80200c50 in tc_winded at /clockpath/guest/sys/kern/kern_tc.c:53
    [breakpoint 1]"
  `);
});

test("a kernel that cannot be booted leaves the session as it was", async () => {
  const kernel = path.join(folder, "half.elf");
  copyFileSync(guest, kernel);
  const session = openSession({ kernel, memory: "16M" });
  writeFileSync(kernel, readFileSync(guest).subarray(0, 5000));
  expect(() => session.prepareRestart()).toThrow(/half\.elf: Truncated ELF file/);
  expect(await say(session, newConsole(), "break tc_init", "c")).toMatch(/\[breakpoint 1\]$/);
});

const objects = process.env.CLOCKPATH_NETBSD_OBJECTS ?? "";
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL ?? "";

/** Where the linker's map says that an object's sections went. */
function mapped(name: string): Map<string, bigint> {
  const map = readFileSync(path.join(objects, "netbsd.map"), "utf8");
  const rows = map.matchAll(new RegExp(`^ (\\S+)\\s+(0xffffffff[0-9a-f]+)\\s+0x[0-9a-f]+ ${name}$`, "gm"));
  return new Map([...rows].map(([, section, address]) => [section!, BigInt(address!)]));
}

describe.skipIf(objects === "" || kernel === "")(
  "a real kernel's object (skipped without CLOCKPATH_NETBSD_OBJECTS, CLOCKPATH_NETBSD_KERNEL)",
  () => {
    test.each(["kern_tc.o", "tsc.o", "lapic.o", "kern_time.o"])(
      "%s: gdb breaks where we do",
      async (name) => {
        const file = path.join(objects, name);
        const sections = mapped(name);
        const [text, ...rest] = [...sections].filter(
          ([section]) => !/^\.(ident|comment|debug)/.test(section),
        );
        const command = `add-symbol-file ${file} ${text![1]} ${rest.map(([section, at]) => `-s ${section} ${at}`).join(" ")}`;
        const session = openSession({ kernel });
        const whole = session.symbols.main;
        session.symbols.replaceMain(openSymbols(emptyElf()));
        const state = newConsole();
        await say(session, state, command);
        const functions = session.symbols
          .symbolsWithPrefix("", 100_000)
          .filter(({ kind }) => kind === "function")
          .map((symbol) => symbol.name);
        const ours = await say(session, state, ...functions.map((each) => `break ${each}`));
        const before = [
          "set osabi none",
          "set architecture i386:x86-64",
          "set width 0",
          "set confirm off",
          "set filename-display absolute",
        ];
        const commands = [...before, command, ...functions.map((each) => `break ${each}`)];
        const gdb = spawnSync("gdb", ["-nx", "-batch", ...commands.flatMap((each) => ["-ex", each])], {
          encoding: "utf8",
          input: "",
        });
        expect(functions.length).toBeGreaterThan(10);
        // gdb follows the build's links to headers; the names of the files are enough.
        const breaks = (said: string) =>
          said
            .split("\n")
            .filter((line) => line.startsWith("Breakpoint "))
            .map((line) => line.replace(/file .*\//, "file "));
        expect(breaks(ours)).toEqual(breaks(gdb.stdout));
        // And the kernel's own debug information says the same of each place.
        for (const { sites } of session.debugger.breakpoints)
          for (const { address, line } of sites) expect(whole.lineAt(address)?.line).toBe(line);
      },
    );
  },
);
