// Cscope's questions in the workbench: asked by keyboard, the answer by file, next and previous, everywhere and in the kernel only; and the
// picture of the paths to the clocks.
import { expect, inject } from "vitest";
import { clocks } from "../lsp/clockTree.ts";
import { writeTree } from "../lsp/tree.ts";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

test("a query by keyboard: callers, next, everywhere, assignments", async ({ workbench, onTestFinished }) => {
  const { page } = workbench;
  const tree = writeTree(clocks);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);
  await workbench.statusBar(/NetBSD: \d+ symbols/).waitFor();
  await workbench.chooseConfiguration("toy/TOY");

  await workbench.openFile("kern_tc.c");
  await workbench.placeCursor("tc_init", "tc_init(struct");
  await workbench.query("c");
  const callers = await workbench.results(/lapic_initclock/);
  expect(callers.join("\n")).toMatch(/clocks\.c.*\n.*tc_init\(&lapic_timecounter\);.*in lapic_initclock/);
  expect(callers.join("\n")).not.toContain("hpet.c");
  await page.keyboard.press("F4");
  await workbench.activeTab("clocks.c").waitFor();
  await workbench.screenshot("query-1-callers");

  // The same question of everything: what the configuration leaves out is told, with the reason.
  await workbench.command("Clockpath: Search Everywhere");
  const everywhere = await workbench.results(/hpet\.c/);
  expect(everywhere.join("\n")).toMatch(/hpet\.c.*not in the kernel/);
  await workbench.screenshot("query-2-everywhere");

  await workbench.command("Clockpath: Query the Kernel's Sources");
  await workbench.typeQuery("a tc_quality");
  await workbench.results(/Assignments to tc_quality: \d[\s\S]*\.tc_quality = -100.*field/);
});

test("the picture of the paths to the clocks: draws, goes to the source", async ({
  workbench,
  onTestFinished,
}) => {
  const { page } = workbench;
  const tree = writeTree(clocks);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);
  await workbench.statusBar(/NetBSD: \d+ symbols/).waitFor();
  await workbench.chooseConfiguration("toy/TOY");
  await workbench.command("Clockpath: Draw the Paths to the Clocks");

  const picture = workbench.webview();
  await picture.locator(".node.clock").first().waitFor();
  const labels = await picture.locator(".node .label").allTextContents();
  expect(labels).toEqual(["main", "direct_init", "lapic_initclock", "TSC", "lapic", "dummy"]);
  expect(await picture.locator(".edge.pointer").count()).toBe(2); // one in the legend
  await picture.getByRole("checkbox").check();
  await eventually(
    "the clock that is left out",
    async () => (await picture.locator(".node.out").count()) === 1,
  );
  await workbench.screenshot("clock-paths");

  // By keyboard from the entry along a call, and to its source.
  await picture.locator(".node.entry").focus();
  await page.keyboard.press("ArrowRight");
  await eventually("what the focused node is", async () =>
    /(direct_init|lapic_initclock), .*main (calls|→)/.test(await picture.getByRole("status").innerText()),
  );
  await page.keyboard.press("Enter");
  await workbench.activeTab("clocks.c").waitFor();
});
