// Ways to start, and to fail to start: the palette's command, a launch configuration for a kernel that is none.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject } from "vitest";
import { kernel, writeTree } from "../lsp/tree.ts";
import { test } from "./fixture.ts";
import { eventually } from "./workbench.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's variable
const kernelInFolder = "${workspaceFolder}/netbsd.gdb";

/** A folder with .vscode/launch.json for a kernel, and files beside it. */
function folderWith(name: string, kernel: string, files: Record<string, string | Uint8Array> = {}): string {
  const folder = path.join(inject("scratch"), name);
  mkdirSync(path.join(folder, ".vscode"), { recursive: true });
  const boot = { type: "clockpath", request: "launch", name: "Boot it", kernel };
  writeFileSync(
    path.join(folder, ".vscode/launch.json"),
    JSON.stringify({ version: "0.2.0", configurations: [boot] }),
  );
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), content);
  return folder;
}

test("Boot the Bundled Guest: without any breakpoint it stops at the first tc_init", async ({
  workbench,
}) => {
  const folder = path.join(inject("scratch"), "nothing");
  mkdirSync(folder, { recursive: true });
  await workbench.open(inject("url"), folder);
  await workbench.command("Clockpath: Boot the Bundled Guest");
  await workbench.stackUnder("tc_init", "startrtclock");
  // The view lists the exception filters first, then the breakpoints: this one came by itself.
  expect(await workbench.rows("Breakpoints")).toEqual([
    "Guest panic",
    "#PF page fault",
    "#GP general protection",
    "Any other exception",
    "Unknown MSR",
    "Unknown I/O port",
    "Interrupt vectors",
    "tc_init",
  ]);
  // From the start again, by the tool bar's restart.
  await workbench.page.keyboard.press("F5");
  await workbench.stackUnder("tc_init", "lapic_initclock");
  await workbench.page.keyboard.press("Control+Shift+F5");
  await workbench.stackUnder("tc_init", "startrtclock");
});

test("F5 in a kernel tree without launch.json asks which kernel", async ({ workbench, onTestFinished }) => {
  const tree = writeTree(kernel);
  onTestFinished(tree.remove);
  await workbench.open(inject("url"), tree.root);
  await workbench.openFile("kern_tc.c");
  await workbench.page.keyboard.press("F5");
  await workbench.pick("Bundled guest");
  await workbench.stackUnder("tc_init", "startrtclock");
});

test("a kernel that is not there: the message names it", async ({ workbench }) => {
  await workbench.open(inject("url"), folderWith("missing", kernelInFolder));
  await workbench.startDebugging();
  const said = await eventually("a notification", async () => (await workbench.notifications())[0]);
  expect(said).toMatch(/there is no kernel at .*netbsd\.gdb.*Boot it/);
});

test("a kernel that is no kernel: a dialog says what it is, and no session is left", async ({
  workbench,
}) => {
  const files = { "netbsd.gdb": "This is a text file.\n" };
  await workbench.open(inject("url"), folderWith("text", kernelInFolder, files));
  await workbench.startDebugging();
  const dialog = workbench.page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  await workbench.screenshot("launch-not-elf");
  expect(await dialog.textContent()).toMatch(/netbsd\.gdb.*(not an ELF|no ELF)/i);
  await workbench.page.keyboard.press("Escape");
  await workbench.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
});
