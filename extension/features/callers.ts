// The command of the callers' code lens: shows the call hierarchy of the function at a place.
import * as vscode from "vscode";
import type { ClockpathContext } from "../context.ts";

export function registerCallers({ extension }: ClockpathContext): void {
  extension.subscriptions.push(
    vscode.commands.registerCommand(
      "clockpath.showCallers",
      async (uri: string, at: { line: number; character: number }) => {
        const selection = new vscode.Range(at.line, at.character, at.line, at.character);
        await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
        await vscode.commands.executeCommand("references-view.showCallHierarchy");
      },
    ),
  );
}
