// A debugging day over a real kernel, by mouse and keyboard: data breakpoints from the Variables view, conditions, log points, the disassembly,
// pause, and a restart after the kernel was built again. CLOCKPATH_NETBSD_KERNEL and CLOCKPATH_NETBSD_SRC name kernel and tree.
import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, inject } from "vitest";
import { test } from "./fixture.ts";
import { eventually, type Workbench } from "./workbench.ts";

const original = process.env.CLOCKPATH_NETBSD_KERNEL;
const tree = process.env.CLOCKPATH_NETBSD_SRC;

/** A workspace over the tree, in which no file can be edited: F5 would save. And a kernel that may be written. */
function workspace(folder: string): { file: string; kernel: string } {
  const kernel = path.join(folder, "netbsd.gdb");
  copyFileSync(original!, kernel);
  const file = path.join(folder, "day.code-workspace");
  const boot = {
    type: "clockpath",
    request: "launch",
    name: "Boot NetBSD",
    kernel,
    cmdline: "console=com -a",
  };
  writeFileSync(
    file,
    JSON.stringify({
      folders: [{ path: tree }],
      settings: { "files.readonlyInclude": { "**": true } },
      launch: { version: "0.2.0", configurations: [boot] },
    }),
  );
  return { file, kernel };
}

/** Opens the Variables view's first argument. */
async function openArgument(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.expandScope("Arguments");
  const row = page.locator(".debug-variables .monaco-list-row", { hasText: /^\s*tc\s*=/ }).first();
  await row.waitFor();
  if ((await row.getAttribute("aria-expanded")) === "false") await row.locator(".monaco-tl-twistie").click();
  await page.locator(".debug-variables .monaco-list-row", { hasText: "tc_quality" }).first().waitFor();
}

/** Types into the box of a breakpoint's condition or log message, which is an editor of its own. */
async function breakpointBox(workbench: Workbench, command: string, text: string): Promise<void> {
  const { page } = workbench;
  await workbench.command(command);
  await page.locator(".breakpoint-widget .monaco-editor.focused").first().waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await page.locator(".breakpoint-widget").waitFor({ state: "detached" });
}

/** The call stack is closed by now: the argument tells which call it is. */
const looking = (workbench: Workbench, argument: string) =>
  eventually(`a stop with ${argument}`, async () =>
    (await workbench.variables()).some((row) => row.includes(argument)),
  );

const saying = (workbench: Workbench, wanted: RegExp) =>
  eventually(`${wanted} in the debug console`, async () => wanted.test(await workbench.console()), 60);

test.skipIf(!original || !tree)(
  "a day at the debugger (skipped without CLOCKPATH_NETBSD_KERNEL and CLOCKPATH_NETBSD_SRC)",
  { timeout: 400_000 },
  async ({ workbench, onTestFinished }) => {
    const { page } = workbench;
    const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-day-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { file, kernel } = workspace(folder);
    await workbench.openWorkspaceFile(inject("url"), file);
    await workbench.widenSideBar(420);
    await workbench.statusBar(/NetBSD: [\d,]+ symbols/).waitFor({ timeout: 120_000 });

    // A breakpoint, F5, a hover.
    await workbench.goToSymbol("tc_init", "tc_init");
    await workbench.activeTab("kern_tc.c").waitFor();
    await workbench.goToLine(713);
    await workbench.clickGutter(713);
    await page.keyboard.press("F5");
    await workbench.stackUnder("tc_init", "startrtclock");
    expect(await workbench.hover("tc", "u = tc->tc_frequency", /i8254_timecounter/)).toContain("0xffffffff");
    await workbench.closeHover();
    await workbench.screenshot("day-1-stop");

    // Break when a field behind the argument is looked at.
    await workbench.collapse("Watch", "Call Stack", "Clock Devices");
    await openArgument(workbench);
    await workbench.contextMenu("Variables", "tc_quality", "Break on Value Access");
    await workbench.rowsWith("Breakpoints", /tc->tc_quality/);
    await page.keyboard.press("F5");
    await saying(workbench, /Hardware access \(read\/write\) watchpoint \d+: tc->tc_quality\s+Value = 100/);
    await workbench.screenshot("day-2-data-breakpoint");
    await workbench.contextMenu("Breakpoints", "tc->tc_quality", "Remove Breakpoint");
    await workbench.clickGutter(713);

    // A condition, and a log point.
    await workbench.goToLine(713);
    await breakpointBox(workbench, "Debug: Add Conditional Breakpoint...", "tc->tc_frequency == 100");
    await workbench.goToLine(715);
    await breakpointBox(workbench, "Debug: Add Logpoint...", "{tc->tc_name} at {tc->tc_frequency} Hz");
    await page.keyboard.press("F5");
    await looking(workbench, "<intr_timecounter>");
    await saying(workbench, /"lapic" at \d+ Hz/);
    await workbench.screenshot("day-3-condition");

    // On to the prompt, pause, look around in the console.
    await page.keyboard.press("F5");
    await eventually("root device:", async () => /root device:/.test(await workbench.terminal()), 90);
    await page.keyboard.press("F6");
    await workbench.stopped();
    await page.locator(".part.panel .composite-bar .action-label", { hasText: "Debug Console" }).click();
    for (const line of ["info functions ^tc_get", "break not_yet_there", "info breakpoints", "info source"])
      await workbench.evaluate(line);
    await saying(workbench, /Breakpoint \d+ \(not_yet_there\) pending\.[\s\S]*<PENDING>/);
    await workbench.screenshot("day-4-paused");

    // The kernel was built again.
    const now = new Date();
    utimesSync(kernel, now, now);
    await page
      .locator(".part.sidebar .codicon-debug-restart, .debug-toolbar .codicon-debug-restart")
      .first()
      .click();
    await saying(workbench, /netbsd\.gdb: written anew, read again\./);
    await looking(workbench, "<intr_timecounter>");
    await workbench.screenshot("day-5-restarted");

    // The machine code.
    await workbench.command("Open Disassembly View");
    await page.locator(".disassembly-view .monaco-list-row", { hasText: "mov" }).first().waitFor();
    await workbench.screenshot("day-6-disassembly");
  },
);
