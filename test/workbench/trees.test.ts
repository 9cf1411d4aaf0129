// The editor's face on real kernel trees: CLOCKPATH_NETBSD_SRC with MICROVM, CLOCKPATH_FREEBSD_SRC with GENERIC. What is expected was read in the
// sources and in the boots of the compiled kernels.
import { expect, inject } from "vitest";
import { test } from "./fixture.ts";
import { eventually, type Workbench } from "./workbench.ts";

const netbsd = process.env.CLOCKPATH_NETBSD_SRC;
const freebsd = process.env.CLOCKPATH_FREEBSD_SRC;
const patience = { timeout: 300_000 };

async function open(workbench: Workbench, tree: string, configuration: string): Promise<void> {
  await workbench.open(inject("url"), tree);
  await workbench.widenSideBar(430);
  await workbench.statusBar(/(NetBSD|FreeBSD): [\d,]+ symbols/).waitFor({ timeout: 120_000 });
  await workbench.chooseConfiguration(configuration);
}

/** The picture's labels, once it is drawn. */
async function drawn(workbench: Workbench): Promise<string[]> {
  await workbench.command("Clockpath: Draw the Paths to the Clocks");
  const picture = workbench.webview();
  await picture.locator(".node.clock").first().waitFor({ timeout: 90_000 });
  return picture.locator(".node .label").allTextContents();
}

test.skipIf(!netbsd)(
  "NetBSD MICROVM: clocks, paths, queries, hierarchy (skipped without CLOCKPATH_NETBSD_SRC)",
  patience,
  async ({ workbench }) => {
    const { page } = workbench;
    await open(workbench, netbsd!, "amd64/MICROVM");
    expect(await drawn(workbench)).toEqual(
      expect.arrayContaining([
        "main",
        "configure2",
        "lapic_initclock",
        "tsc_tc_init",
        "startrtclock",
        "TSC",
        "i8254",
      ]),
    );
    await workbench.screenshot("netbsd-1-clock-paths");

    await workbench.activity("Clockpath");
    const clocks = await workbench.rowsWith("Timecounters", /ACPI-Fast/);
    expect(clocks.slice(0, 6).map((row) => row.replace(/,? ?quality.*/, ""))).toEqual([
      "xen_system_time",
      "TSC",
      "i8254",
      "clockinterrupt",
      "lapic",
      "dummy",
    ]);
    expect(clocks.find((row) => row.startsWith("ACPI-Fast"))).toContain("not in the kernel");
    await workbench.screenshot("netbsd-2-timecounters");

    // The compiled kernel has five direct callers of tc_init.
    await workbench.openFile("sys/arch/x86/x86/tsc.c");
    await workbench.goToLine(245);
    await workbench.placeCursor("tc_init", "tc_init(&tsc");
    await workbench.query("c");
    const callers = await workbench.results(/Callers of tc_init: 5 in 5 files/);
    expect(callers.join("\n")).toMatch(/in xen_initclocks/);
    await workbench.screenshot("netbsd-3-callers");
    await workbench.command("Clockpath: Query the Kernel's Sources");
    await workbench.typeQuery("t pvclock");
    expect((await workbench.results(/Text "pvclock": 3 in 2 files/)).join("\n")).toMatch(/hvm_safe_pvclock/);

    // F12 on a name that fifty ports define goes to the one that is compiled.
    await workbench.openFile("sys/kern/kern_clock.c");
    await workbench.goToLine(245);
    await workbench.placeCursor("cpu_initclocks", "cpu_initclocks();");
    await page.keyboard.press("F12");
    await workbench.activeTab("x86_machdep.c").waitFor();
    await workbench.placeCursor("cpu_initclocks", "cpu_initclocks(void)");
    await page.keyboard.press("Shift+Alt+H");
    await eventually("the callers", async () => (await workbench.callHierarchy()).length > 1);
    await workbench.command("Calls: Show Outgoing Calls");
    const callees = await eventually("calls through the pointer", async () => {
      const rows = await workbench.callHierarchy();
      return rows.some((row) => /^lapic_initclock/.test(row)) && rows;
    });
    expect(callees.join("\n")).toMatch(/lapic_initclock ?may call, through \(\*x86_initclock_func\)/);
    await workbench.screenshot("netbsd-4-hierarchy");
  },
);

test.skipIf(!freebsd)(
  "FreeBSD GENERIC: clocks and paths through linker sets (skipped without CLOCKPATH_FREEBSD_SRC)",
  patience,
  async ({ workbench }) => {
    await open(workbench, freebsd!, "amd64/GENERIC");
    const labels = await drawn(workbench);
    expect(labels).toEqual(
      expect.arrayContaining(["mi_startup", "init_TSC_tc", "TSC", "HPET", "LAPIC", "i8254"]),
    );
    expect(await workbench.webview().locator(".edge.set").count()).toBeGreaterThan(1);
    await workbench.screenshot("freebsd-1-clock-paths");
    await workbench.activity("Clockpath");
    await workbench.rowsWith("Timecounters", /TSC ?quality 800, reached/);
    await workbench.screenshot("freebsd-2-timecounters");
  },
);
