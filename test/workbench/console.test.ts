// The guest's console as a terminal: it comes forward at a prompt and takes keys. With a real NetBSD kernel, as the bundled
// guest asks for nothing.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject } from "vitest";
import { waitsAtPrompt } from "../../extension/debug/prompt.ts";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;

test("what is a prompt", () => {
  for (const text of [
    "boot\nroot device: ",
    "mountroot> ",
    "login: ",
    "db{0}> ",
    "Please press any key to reboot.\r\n\r\n",
  ])
    expect(waitsAtPrompt(text), text).toBe(true);
  for (const text of ["", "root device: none, idling\r\n", "root device: ld0a", "calibrating"])
    expect(waitsAtPrompt(text), text).toBe(false);
});

test("the bundled guest's console can be shown as a terminal", async ({ workbench }) => {
  const folder = path.join(inject("scratch"), "terminal");
  mkdirSync(folder, { recursive: true });
  await workbench.open(inject("url"), folder);
  await workbench.command("Clockpath: Boot the Bundled Guest");
  await workbench.stackUnder("tc_init", "startrtclock");
  await workbench.command("Clockpath: Show the Guest's Console");
  await eventually("the terminal", async () =>
    /Clockpath guest|NetBSD|guest/i.test(await workbench.terminal()),
  );
});

test.skipIf(!kernel)(
  "a real NetBSD kernel asks for its root device and is answered in the terminal (skipped without CLOCKPATH_NETBSD_KERNEL)",
  { timeout: 180_000 },
  async ({ workbench }) => {
    const folder = path.join(inject("scratch"), "prompt");
    mkdirSync(path.join(folder, ".vscode"), { recursive: true });
    const boot = { type: "clockpath", request: "launch", name: "NetBSD", kernel, cmdline: "console=com -a" };
    writeFileSync(
      path.join(folder, ".vscode/launch.json"),
      JSON.stringify({ version: "0.2.0", configurations: [boot] }),
    );
    await workbench.open(inject("url"), folder);
    await workbench.startDebugging();
    await eventually("the prompt", async () => /root device: *$/m.test(await workbench.terminal()), 60);
    await workbench.screenshot("console-1-prompt");
    await workbench.typeInTerminal("ld0a");
    await eventually("an answer", async () => /ld0a[\s\S]*root device: *$/m.test(await workbench.terminal()));
    await workbench.typeInTerminal("halt");
    await eventually("the halt", async () => /press any key to reboot/.test(await workbench.terminal()));
    await workbench.screenshot("console-2-halted");
  },
);
