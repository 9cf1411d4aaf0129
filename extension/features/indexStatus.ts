// The index in the status bar: what is being built and how far, what is there; a click offers what can be done about it.
import * as vscode from "vscode";
import type { IndexStatus } from "../../server/protocol.ts";
import type { ClockpathContext } from "../context.ts";
import { statusText, statusTooltip } from "./indexStatusText.ts";

export function registerIndexStatus({ extension, client }: ClockpathContext): void {
  const item = vscode.window.createStatusBarItem("clockpath.index", vscode.StatusBarAlignment.Left, 10);
  item.name = "Clockpath: Kernel Index";
  item.command = "clockpath.indexMenu";
  const show = (status: IndexStatus) => showStatus(item, status);

  client.onNotification("clockpath/indexStatusChanged", show);
  // The first notification may have come before this listener.
  client.request("clockpath/indexStatus", null).then(show, () => {});
  extension.subscriptions.push(
    item,
    vscode.commands.registerCommand("clockpath.rebuildIndex", async () => {
      const status = await client.request("clockpath/rebuildIndex", null);
      if (status.state === "none") void vscode.window.showInformationMessage(`Clockpath: ${status.reason}`);
    }),
    vscode.commands.registerCommand("clockpath.showLog", () => client.showLog()),
    vscode.commands.registerCommand("clockpath.indexMenu", showMenu),
  );
}

/** Without a kernel tree nothing is shown. */
function showStatus(item: vscode.StatusBarItem, status: IndexStatus): void {
  if (status.state === "none") {
    item.hide();
    return;
  }
  item.text = statusText(status);
  item.tooltip = new vscode.MarkdownString(statusTooltip(status));
  item.backgroundColor =
    status.state === "failed" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.show();
}

async function showMenu(): Promise<void> {
  const items = [
    { label: "$(refresh) Rebuild the index", command: "clockpath.rebuildIndex" },
    { label: "$(search) Go to a symbol of the kernel", command: "workbench.action.showAllSymbols" },
    { label: "$(output) Show the language server's log", command: "clockpath.showLog" },
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: "Clockpath: kernel index" });
  if (picked) await vscode.commands.executeCommand(picked.command);
}
