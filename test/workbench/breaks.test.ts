// Breakpoints on device registers, set with the mouse in the Clock Devices view.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, inject } from "vitest";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

test("break when the local APIC's initial count changes", async ({ workbench }) => {
  const folder = path.join(inject("scratch"), "register breaks");
  mkdirSync(folder, { recursive: true });
  await workbench.open(inject("url"), folder);
  await workbench.widenSideBar(420);
  await workbench.command("Clockpath: Boot the Bundled Guest");
  await workbench.stackUnder("tc_init", "startrtclock");
  await workbench.collapse("Variables", "Watch", "Call Stack");
  await workbench.rowsWith("Clock Devices", /Initial Count/);
  await workbench.contextMenu("Clock Devices", "Initial Count", "Break When It Changes");
  await workbench.collapse("Clock Devices"); // Only rows on the screen are in the page.
  await workbench.rowsWith("Breakpoints", /watch lapic\.timer_initial_count/);
  await workbench.screenshot("breaks-1-set");
  await workbench.page.keyboard.press("F5");
  const said = await eventually("the stop", async () => {
    const text = await workbench.console();
    return /watchpoint \d+: lapic\.timer_initial_count[\s\S]*New value = 0x/.test(text) && text;
  });
  expect(said).toMatch(/Old value = 0x/);
  await workbench.screenshot("breaks-2-hit");
  await workbench.contextMenu("Clock Devices", "Initial Count", "Remove Breakpoint");
  await workbench.collapse("Clock Devices");
  await eventually("no breakpoint on the register", async () => {
    return !(await workbench.rows("Breakpoints")).some((row) => row.includes("watch lapic"));
  });
});
