// The settings of the extension, typed, with the defaults that package.json declares.
import * as vscode from "vscode";

export interface Settings {
  /** Folder for indexes; empty: the user's cache folder. */
  readonly indexDirectory: string;
  /** Kernel configuration that the index is told of: absolute, or relative to the tree; empty: none. */
  readonly kernelConfiguration: string;
  /** Show above each function how many call it. */
  readonly callersLens: boolean;
  /** The kernel that F5 boots when a launch configuration names none; empty: the bundled guest. */
  readonly kernel: string;
  /** Keep indexes of kernels' debug information for later debug sessions. */
  readonly symbolCache: boolean;
}

/** Where the kernel configuration that was picked is remembered for the workspace; it goes before the setting. */
export const rememberedConfiguration = "configuration";

const section = "clockpath";

export function settings(): Settings {
  const values = vscode.workspace.getConfiguration(section);
  return {
    indexDirectory: values.get<string>("index.directory", ""),
    kernelConfiguration: values.get<string>("index.configuration", ""),
    callersLens: values.get<boolean>("codeLens.callers", false),
    kernel: values.get<string>("kernel", ""),
    symbolCache: values.get<boolean>("symbolCache", true),
  };
}

/** Calls the listener when a setting below `clockpath.PART` has changed. */
export function onSettingsChanged(part: string, listener: () => unknown): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${section}.${part}`)) listener();
  });
}
