// Commands around the bundled guest: boot it, read its sources.
import path from "node:path";
import * as vscode from "vscode";
import type { ClockpathContext } from "../context.ts";
import { guestConfiguration, stopAtFirstTimecounter } from "../debug/guest.ts";

export function registerGuest({ extension }: ClockpathContext): void {
  const folder = vscode.Uri.joinPath(extension.extensionUri, "emulator/guest");
  extension.subscriptions.push(
    vscode.commands.registerCommand("clockpath.startGuest", () => {
      stopAtFirstTimecounter();
      return vscode.debug.startDebugging(undefined, guestConfiguration());
    }),
    vscode.commands.registerCommand("clockpath.openGuestSources", () => openSource(folder)),
  );
}

interface SourceItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** Lets the user pick one of the guest's sources; it opens read-only, for it belongs to the extension. */
async function openSource(folder: vscode.Uri): Promise<void> {
  const picked = await vscode.window.showQuickPick(sources(folder), {
    placeHolder: "Source file of the bundled guest",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!picked) return;
  await vscode.window.showTextDocument(picked.uri);
  await vscode.commands.executeCommand("workbench.action.files.setActiveEditorReadonlyInSession");
}

async function sources(folder: vscode.Uri): Promise<SourceItem[]> {
  const files = (await filesBelow(vscode.Uri.joinPath(folder, "sys"))).filter((uri) =>
    /\.[chS]$/.test(uri.path),
  );
  const items = await Promise.all(
    files.map(async (uri) => ({
      uri,
      label: path.posix.basename(uri.path),
      description: path.posix.relative(folder.path, path.posix.dirname(uri.path)),
      detail: await firstSentence(uri),
    })),
  );
  return items.sort((a, b) => rank(a.label) - rank(b.label) || (a.uri.path < b.uri.path ? -1 : 1));
}

/** The path of a boot comes first: main, the clocks, then the rest. */
const order = ["init_main.c", "kern_tc.c", "lapic.c", "tsc.c", "clock.c", "kern_clock.c"];

function rank(name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

async function filesBelow(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const found = await Promise.all(
    entries.map(async ([name, type]) => {
      const uri = vscode.Uri.joinPath(folder, name);
      return type === vscode.FileType.Directory ? filesBelow(uri) : [uri];
    }),
  );
  return found.flat();
}

/** What the comment at the top of a source says first. */
async function firstSentence(uri: vscode.Uri): Promise<string> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const comment = /^\s*\/\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  const words = comment
    .replace(/^\s*\*+\s?/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
  return /^.*?[.:](?=\s|$)/.exec(words)?.[0] ?? words;
}
