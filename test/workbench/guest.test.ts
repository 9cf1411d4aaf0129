// What a new user does first: opens the bundled guest's source, sets a breakpoint with the mouse, presses F5, and looks.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, inject } from "vitest";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

/** A workspace that is no kernel tree. */
function emptyFolder(): string {
  const folder = path.join(inject("scratch"), "empty");
  mkdirSync(folder, { recursive: true });
  return folder;
}

test("the bundled guest: breakpoint, F5, stop, clocks, hovers, step, console", async ({ workbench }) => {
  const { page } = workbench;
  await workbench.open(inject("url"), emptyFolder());
  await workbench.command("Clockpath: Open a Source of the Bundled Guest");
  await workbench.pick("kern_tc.c");
  await workbench.activeTab("kern_tc.c").waitFor();
  await workbench.goToLine(87);
  await workbench.clickGutter(86);
  await workbench.breakpointGlyphs().waitFor();

  await page.keyboard.press("F5");
  await workbench.stopped();
  await workbench.screenshot("guest-1-stopped");
  expect(await eventually("a call stack", async () => (await workbench.callStack())[0])).toContain("tc_init");
  await eventually("rows in Clock Devices", async () => (await workbench.rows("Clock Devices")).length > 3);
  await workbench.screenshot("guest-2-clocks");
  expect(await workbench.hover("tc_name", "tc->tc_name", /i8254/)).toContain("i8254");
  await workbench.screenshot("guest-3-hover");
  await workbench.closeHover();
});
