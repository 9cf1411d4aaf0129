// A kernel tree in the workbench: index status, workspace symbol, definition, call hierarchy, hover.
import { expect, inject } from "vitest";
import { kernel, writeTree } from "../lsp/tree.ts";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

test("a kernel tree: index, symbol search, definition, call hierarchy, hover", async ({
  workbench,
  onTestFinished,
}) => {
  const { page } = workbench;
  const tree = writeTree(kernel);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);
  await workbench.statusBar(/NetBSD: \d+ symbols/).waitFor();

  // Workspace symbol: a few letters of the name are enough.
  await workbench.goToSymbol("lapinitcl", "lapic_initclock");
  await workbench.activeTab("lapic.c").waitFor();
  await workbench.screenshot("tree-1-symbol");

  // Definition of a function in another file.
  await workbench.placeCursor("tc_init", "tc_init(&lapic");
  await page.keyboard.press("F12");
  await workbench.activeTab("kern_tc.c").waitFor();
  await workbench.statusBar(/Ln 11, Col 1/).waitFor();

  // Who calls it, by the call hierarchy view.
  await page.keyboard.press("Shift+Alt+H");
  const callers = await eventually("callers in the call hierarchy", async () => {
    const rows = await workbench.callHierarchy();
    return rows.length >= 3 && rows;
  });
  expect(callers.join("\n")).toMatch(/lapic_initclock[\s\S]*tsc_tc_init/);
  await workbench.screenshot("tree-2-callers");

  expect(await workbench.hover("tc_switch", "tc_switch(tc);", /defined in/)).toContain(
    "1 call in 1 function",
  );
  await workbench.screenshot("tree-3-hover");
});
