// A real kernel and its real tree, as the user of the seed works with them: CLOCKPATH_NETBSD_KERNEL (netbsd.gdb) and
// CLOCKPATH_NETBSD_SRC (the tree it was built from) name them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, inject } from "vitest";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
const tree = process.env.CLOCKPATH_NETBSD_SRC;

/** A workspace file with the tree and a launch configuration for the kernel; nothing is written into the tree. */
function workspaceFile(folder: string): string {
  const file = path.join(folder, "netbsd.code-workspace");
  const boot = {
    type: "clockpath",
    request: "launch",
    name: "Boot NetBSD",
    kernel,
    cmdline: "console=com -a",
  };
  const launch = { version: "0.2.0", configurations: [boot] };
  writeFileSync(file, JSON.stringify({ folders: [{ path: tree }], launch }));
  return file;
}

/** Stops at tc_init: the pointer's symbol and the frames. A dash separates nothing: each is a function. */
const stops: [timecounter: string, frames: string[]][] = [
  ["i8254_timecounter", ["tc_init", "startrtclock", "cpu_configure", "configure", "main"]],
  ["lapic_timecounter", ["tc_init", "lapic_initclock", "initclocks", "configure2", "main"]],
  ["intr_timecounter", ["tc_init", "initclocks", "configure2", "main"]],
  ["tsc_timecounter", ["tc_init", "tsc_tc_init", "cpu_boot_secondary_processors", "configure2", "main"]],
];

test.skipIf(!kernel || !tree)(
  "a real NetBSD kernel over its tree (skipped without CLOCKPATH_NETBSD_KERNEL and CLOCKPATH_NETBSD_SRC)",
  { timeout: 240_000 },
  async ({ workbench, onTestFinished }) => {
    const { page } = workbench;
    const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-real-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await workbench.openWorkspaceFile(inject("url"), workspaceFile(folder));
    await workbench.widenSideBar(420);
    await workbench.statusBar(/NetBSD: [\d,]+ symbols/).waitFor({ timeout: 90_000 });

    // "Who calls tc_init?"
    await workbench.goToSymbol("tc_init", "tc_init");
    await workbench.activeTab("kern_tc.c").waitFor();
    await page.keyboard.press("Shift+Alt+H");
    await eventually("the callers of tc_init", async () => {
      const callers = (await workbench.callHierarchy()).join("\n");
      return /lapic_initclock/.test(callers) && /tsc_tc_init/.test(callers) && /xen_initclocks/.test(callers);
    });
    await workbench.screenshot("real-1-callers");

    // A breakpoint in it, F5, the four stops.
    await workbench.goToLine(713);
    await workbench.clickGutter(713);
    await workbench.breakpointGlyphs().waitFor();
    for (const [timecounter, frames] of stops) {
      await page.keyboard.press("F5");
      expect(await workbench.stackUnder(frames[0]!, frames[1]!)).toEqual(frames);
      expect((await workbench.callStack())[0]).toContain(`<${timecounter}>`);
      if (timecounter !== "lapic_timecounter") continue;
      await workbench.collapse("Watch", "Breakpoints");
      await workbench.screenshot("real-2-lapic");
      expect(await workbench.hover("tc_frequency", "u = tc->tc_frequency", /^\d+$/)).toMatch(/^[1-9]\d{6,}$/);
      await workbench.closeHover();
      await workbench.selectFrame("lapic_initclock");
      await workbench.activeTab("lapic.c").waitFor();
      await workbench.goToLine(594);
      await workbench.hover(
        "LAPIC_ICR_TIMER",
        "lapic_writereg(LAPIC_ICR_TIMER, lapic_tval)",
        /now \(stopped at/,
      );
      await workbench.screenshot("real-3-register");
      await workbench.closeHover();
    }
    await workbench.screenshot("real-4-tsc");
    // The kernel's own constants: not in its debug info, but in the tree's index.
    await workbench.evaluate("p/x CPUID_TSC | CPUID_APIC");
    await eventually("two macros", async () => /\$\d+ = 0x210/.test(await workbench.console()));
    await page.keyboard.press("F5");
    await eventually("root device:", async () => /root device:/.test(await workbench.terminal()), 60);
    await workbench.screenshot("real-5-prompt");
  },
);
