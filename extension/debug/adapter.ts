// How a debug session gets its adapter: dist/adapter.js in its own process, under the Node that runs this extension host.
import * as vscode from "vscode";
import { settings } from "../config.ts";
import type { ClockpathContext } from "../context.ts";
import { debugType } from "./sessions.ts";

export function registerAdapter({ extension }: ClockpathContext): void {
  const program = extension.asAbsolutePath("dist/adapter.js");
  const cache = vscode.Uri.joinPath(extension.globalStorageUri, "symbols").fsPath;
  extension.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
      // "node" is VS Code's own word for "the runtime of the extension host": no Node needs to be installed.
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterExecutable("node", [program], {
          env: { CLOCKPATH_SYMBOL_CACHE: settings().symbolCache ? cache : "off" },
        }),
    }),
  );
}
