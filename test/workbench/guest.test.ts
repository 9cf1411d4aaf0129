// What a new user does first, in one go: opens the bundled guest's source, sets a breakpoint with the mouse, presses F5, and
// looks: stack, variables, clock hardware, hovers, steps, console, to the idle loop and the end.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, inject } from "vitest";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

/** A workspace that is no kernel tree. */
function emptyFolder(): string {
  const folder = path.join(inject("scratch"), "first look");
  mkdirSync(folder, { recursive: true });
  return folder;
}

test("the bundled guest: breakpoint, F5, four stops, clocks, hovers, step, console, end", async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.open(inject("url"), emptyFolder());
  await workbench.widenSideBar(420);

  // A source, and a breakpoint at tc_init's first line.
  await workbench.command("Clockpath: Open a Source of the Bundled Guest");
  await workbench.pick("kern_tc.c");
  await workbench.activeTab("kern_tc.c").waitFor();
  await workbench.goToLine(86);
  await workbench.clickGutter(86);
  await workbench.breakpointGlyphs().waitFor();

  // F5 without launch.json boots the guest. First stop: the i8254.
  await page.keyboard.press("F5");
  await workbench.stopped();
  expect(await workbench.stackUnder("tc_init", "startrtclock")).toEqual([
    "tc_init",
    "startrtclock",
    "cpu_configure",
    "configure",
    "main",
  ]);
  await workbench.expandScope("Arguments");
  const variables = await eventually("an argument tc", async () => {
    const rows = await workbench.variables();
    return rows.some((row) => row.startsWith("tc")) && rows;
  });
  expect(variables.join("\n")).toMatch(/tc = 0xffffffff[0-9a-f]+ <i8254_timecounter>/);
  await workbench.collapse("Watch", "Breakpoints");
  const clocks = (await workbench.rowsWith("Clock Devices", /i8254/)).join("\n");
  expect(clocks).toMatch(/TSC/);
  expect(clocks).toMatch(/Local APIC/);
  await workbench.screenshot("guest-1-first-stop");

  // The value of what the mouse is over: the whole expression, not the word.
  expect(await workbench.hover("tc_name", "tc->tc_name,", /i8254/)).toMatch(/"i8254"/);
  await workbench.screenshot("guest-2-variable");
  await workbench.closeHover();

  // gdb on QEMU: 86, 89, 92, 94, 97.
  await page.keyboard.press("F10");
  await workbench.statusBar(/Ln 89,/).waitFor();

  // Second stop: the local APIC's timer, calibrated and ticking. Its code, its registers.
  await page.keyboard.press("F5");
  await workbench.stackUnder("tc_init", "lapic_initclock");
  await workbench.hover("tc_frequency", "tc->tc_frequency, tc", /^\d+$/);
  await workbench.screenshot("workbench");
  await workbench.closeHover();
  await workbench.selectFrame("lapic_initclock");
  await workbench.activeTab("lapic.c").waitFor();
  const constant = "lapic_writereg(LAPIC_ICR_TIMER, lapic_tval)";
  const said = await workbench.hover("LAPIC_ICR_TIMER", constant, /now \(stopped at/);
  expect(said).toMatch(/Initial Count/);
  expect(said).toMatch(/0x380/);
  expect(said).toMatch(/x2APIC MSR 0x838/);
  await workbench.screenshot("register-hover");
  await workbench.closeHover();
  expect(await workbench.hover("lapic_tval", constant, /^\d+$/)).toMatch(/^[1-9]\d+$/);
  await workbench.closeHover();

  // Third and fourth: the tick, the TSC.
  await page.keyboard.press("F5");
  await workbench.stackUnder("tc_init", "initclocks");
  await page.keyboard.press("F5");
  await workbench.stackUnder("tc_init", "tsc_tc_init");

  // On to the idle loop: the console tells, the clocks run on.
  await page.keyboard.press("F5");
  await eventually("the guest's idle loop", async () =>
    /root device: none, idling/.test(await workbench.console()),
  );
  expect(await workbench.console()).toMatch(/Timecounter "TSC" frequency \d+ Hz/);
  const view = page.locator(".pane-header", { hasText: "Clock Devices" });
  const running = () =>
    eventually(
      "a running clock",
      async () => /running at [\d.]+ s/.exec((await view.textContent()) ?? "")?.[0],
      30,
    );
  const before = await running();
  await eventually("time that passes", async () => (await running()) !== before);
  await workbench.screenshot("guest-4-running");
  await workbench.command("Clockpath: Open a Source of the Bundled Guest");
  await workbench.pick("lapic.c");
  await workbench.activeTab("lapic.c").waitFor();
  await workbench.goToLine(108);
  expect(await workbench.hover("LAPIC_ICR_TIMER", constant, /now \(running at/)).toMatch(/Initial Count/);
  await workbench.closeHover();

  // Pause, look at the console's own commands, end.
  await page.keyboard.press("F6");
  await workbench.stopped();
  await workbench.evaluate("p *timecounter");
  await eventually("p *timecounter", async () =>
    /tc_name = 0x[0-9a-f]+ "TSC"/.test(await workbench.console()),
  );
  await page.keyboard.press("Shift+F5");
  await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  await page.getByText("Boot the Bundled Guest").waitFor();
  await workbench.screenshot("guest-5-ended");
});
