// Reading sources in the workbench: the lens above functions, what a macro comes to, and a folder that goes on the disk.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, inject } from "vitest";
import { writeTree } from "../lsp/tree.ts";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

const files = `
//- sys/kern/kern_tc.c
#define	BIT(n)	(1UL << (n))
#define	TC_MODE	(BIT(17) | 1)

static void
reset(void)
{
}

int
tc_mode(void)
{
	reset();
	return TC_MODE;
}
//- sys/dev/toy/toy.c
int toy_unit;
int toy_mode;
`;

test("the lens stands above the return type; a macro tells its value; a removed folder leaves the index", async ({ workbench, onTestFinished }) => {
  const tree = writeTree(files);
  const outside = mkdtempSync(path.join(os.tmpdir(), "clockpath-reading-"));
  onTestFinished(() => {
    tree.remove();
    rmSync(outside, { recursive: true, force: true });
  });
  const workspace = path.join(outside, "reading.code-workspace");
  const settings = { "clockpath.codeLens.callers": true };
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: tree.root }], settings }));
  await workbench.openWorkspaceFile(inject("url"), workspace);
  await workbench.statusBar(/\b6 symbols/).waitFor();
  await workbench.openFile("kern_tc.c");

  const lens = workbench.page.locator(".codelens-decoration");
  await eventually("the lenses", async () => {
    const titles = await lens.allInnerTexts();
    return titles.join() === "1 caller,0 callers";
  });
  const [lensBox, type] = [await lens.first().boundingBox(), await workbench.placeOf("static", "static void")];
  expect(lensBox!.y).toBeLessThan(type.y);
  expect(type.y - lensBox!.y).toBeLessThan(40);
  expect(await workbench.hover("TC_MODE", "return TC_MODE", /defined in/)).toContain("value 131073 (0x20001)");
  await workbench.closeHover();

  renameSync(path.join(tree.root, "sys/dev/toy"), path.join(outside, "toy"));
  await workbench.statusBar(/\b4 symbols/).waitFor();
}); // biome-ignore format: one test
