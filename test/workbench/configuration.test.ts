// Kernel configurations in the workbench: pick one, read what it selects and why, edit it.
import { expect, inject } from "vitest";
import { netbsd } from "../lsp/configTree.ts";
import { writeTree } from "../lsp/tree.ts";
import { test } from "./fixture.ts";

test("a kernel configuration: picker, view with reasons", async ({ workbench, onTestFinished }) => {
  const tree = writeTree(netbsd);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);

  await workbench.statusBar("No kernel configuration").click();
  await workbench.choose("toy/MICRO");
  await workbench.statusBar("toy/MICRO").waitFor();

  // What is out, and why: a row's reasons, and a click to the line that decides.
  await workbench.activity("Clockpath");
  const title = "Kernel Configuration";
  await workbench.rowsWith(title, /Files ?\d+ in, 2 out/);
  for (const label of ["Files", "Out", "sys", "arch/toy/toy", "hpet.c"])
    await workbench.expandRow(title, label);
  const rows = await workbench.rowsWith(title, /nothing selects/);
  expect(rows.join("\n")).toMatch(/define hpet ?declares hpet; nothing selects .hpet. ?files\.toy:\d/);
  await workbench.screenshot("configuration-1-view");
  await workbench.clickRow(title, "define hpet");
  await workbench.activeTab("files.toy").waitFor();
});

test("the language of configuration files: warning, hover", async ({ workbench, onTestFinished }) => {
  const tree = writeTree(netbsd);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);
  await workbench.openFile("MICRO");
  await workbench.statusBar("BSD Kernel Configuration").waitFor();
  await workbench.page.locator(".squiggly-warning").first().waitFor();
  expect(await workbench.hover("DDBB", "DDBB", /declared nowhere/)).toContain("-DDDBB");
  await workbench.screenshot("configuration-2-language");
});
