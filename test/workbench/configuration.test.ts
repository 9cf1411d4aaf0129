// Kernel configurations in the workbench: pick one, read what it selects and why, edit it.
import { expect, inject } from "vitest";
import { netbsd } from "../lsp/configTree.ts";
import { writeTree } from "../lsp/tree.ts";
import { test } from "./fixture.ts";

test("a kernel configuration: picker, view with reasons, language of the file", async ({
  workbench,
  onTestFinished,
}) => {
  const { page } = workbench;
  const tree = writeTree(netbsd);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);

  // Pick it in the status bar.
  await workbench.statusBar("No kernel configuration").click();
  await workbench.choose("toy/MICRO");
  await workbench.statusBar("toy/MICRO").waitFor();

  // What is in, and why: a row's reasons, and a click to the line that decides.
  await workbench.activity("Clockpath");
  await workbench.rowsWith("Kernel Configuration", /Files ?\d+ in, 2 out/);
  await workbench.expandRow("Kernel Configuration", "Files");
  await workbench.expandRow("Kernel Configuration", "Out");
  await workbench.rowsWith("Kernel Configuration", /com\.c/);
  await workbench.expandRow("Kernel Configuration", "hpet.c");
  const rows = await workbench.rowsWith("Kernel Configuration", /nothing selects/);
  expect(rows.join("\n")).toMatch(/define hpet ?declares hpet; nothing selects .hpet. files\.toy:5/);
  await workbench.screenshot("configuration-1-view");
  await workbench.clickRow("Kernel Configuration", "define hpet");
  await workbench.activeTab("files.toy").waitFor();
  await workbench.statusBar(/Ln 5, Col 1/).waitFor();

  // The configuration itself: its language, a warning, definition, hover, completion on unsaved text.
  await workbench.command("Clockpath: Open the Kernel Configuration");
  await workbench.activeTab("MICRO").waitFor();
  await workbench.statusBar("BSD Kernel Configuration").waitFor();
  await page.locator(".squiggly-warning").first().waitFor();
  expect(await workbench.hover("DDBB", "DDBB", /declared nowhere/)).toContain("-DDDBB");
  await workbench.closeHover();
  expect(await workbench.hover("lapic0", "lapic0", /device/)).toMatch(/device lapic0 is in toy\/MICRO/);
  await workbench.screenshot("configuration-2-language");
  await workbench.placeCursor("lapic0");
  await page.keyboard.press("F12");
  await workbench.activeTab("files.toy").waitFor();
  await workbench.statusBar(/Ln 3, Col 1/).waitFor();

  // What is typed counts at once: the file comes in before anything is saved.
  await workbench.command("Clockpath: Open the Kernel Configuration");
  await workbench.activeTab("MICRO").waitFor();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("select hp");
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "hpet" }).waitFor();
  await workbench.screenshot("configuration-3-completion");
  await page.keyboard.press("Enter");
  await workbench.rowsWith("Kernel Configuration", /Files ?\d+ in, 1 out/);

  // The choice is remembered.
  await page.keyboard.press("Control+Z");
  await page.reload();
  await workbench.statusBar("toy/MICRO").waitFor();
});
