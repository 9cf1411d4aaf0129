// Launch configurations: those offered for a new launch.json, and what F5 does without one.
import path from "node:path";
import * as vscode from "vscode";
import { settings } from "../config.ts";
import type { ClockpathContext } from "../context.ts";
import { guestConfiguration, stopAtFirstTimecounter } from "./guest.ts";
import { absoluteInputs } from "./inputFiles.ts";
import { findKernels, isFile, pickKernel } from "./kernels.ts";
import { debugType } from "./sessions.ts";

export function registerConfigurations({ extension }: ClockpathContext): void {
  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  const provider = { provideDebugConfigurations: () => offered() };
  extension.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider(debugType, { resolveDebugConfiguration: complete }),
    vscode.debug.registerDebugConfigurationProvider(debugType, checked),
    vscode.debug.registerDebugConfigurationProvider(debugType, provider, Initial),
    vscode.debug.registerDebugConfigurationProvider(debugType, provider, Dynamic),
    vscode.commands.registerCommand("clockpath.pickKernel", async () => {
      const choice = await pickKernel(await findKernels());
      // An empty `kernel` is the bundled guest; undefined would cancel the start.
      return choice && (choice.kernel ?? "");
    }),
  );
}

/** The bundled guest, and a configuration for each kernel that is found. */
async function offered(): Promise<vscode.DebugConfiguration[]> {
  const kernels = await findKernels();
  return [...kernels.map(kernelConfiguration), guestConfiguration()];
}

function kernelConfiguration(kernel: string): vscode.DebugConfiguration {
  const configuration = path.basename(path.dirname(kernel));
  return {
    type: debugType,
    request: "launch",
    name: `Boot ${path.basename(kernel)} (${configuration})`,
    kernel: relativeToWorkspace(kernel),
    cmdline: "",
    stopOnEntry: false,
  };
}

/** `${workspaceFolder}/…` where the kernel lies in the workspace, so that launch.json can be shared. */
function relativeToWorkspace(kernel: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(kernel));
  if (!folder) return kernel;
  const relative = path.relative(folder.uri.fsPath, kernel).split(path.sep).join("/");
  return `\${workspaceFolder}/${relative}`;
}

/** F5 without launch.json arrives here as an empty configuration: the kernel of the settings, one that the user picks, or the guest. */
async function complete(
  _folder: vscode.WorkspaceFolder | undefined,
  given: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  if (given.type || given.request || given.name) return given;
  const { kernel } = settings();
  if (kernel !== "") return kernelConfiguration(kernel);
  const kernels = await findKernels();
  const choice =
    kernels.length > 0 || (await kernelTreeIsOpen()) ? await pickKernel(kernels) : { kernel: undefined };
  if (!choice) return undefined;
  if (choice.kernel !== undefined) return kernelConfiguration(choice.kernel);
  stopAtFirstTimecounter();
  return guestConfiguration();
}

/** Whoever has a kernel's tree open has a kernel somewhere, and is asked. The bundled guest's tree holds its own. */
async function kernelTreeIsOpen(): Promise<boolean> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const has = (file: string) => isFile(path.join(uri.fsPath, file));
    if (await has("guest.elf")) continue;
    if ((await has("sys/kern/kern_tc.c")) || (await has("kern/kern_tc.c"))) return true;
  }
  return false;
}

/** The last step before the adapter, with variables filled in: the kernel must be there; sources are looked for in the workspace. */
const checked: vscode.DebugConfigurationProvider = {
  async resolveDebugConfigurationWithSubstitutedVariables(folder, given) {
    const sourceFolders =
      given.sourceFolders ?? vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [];
    if (given.request !== "launch") return { ...given, sourceFolders };
    const kernel = typeof given.kernel === "string" ? given.kernel : "";
    const base = folder?.uri.fsPath ?? "";
    const resolved = { ...given, ...absoluteInputs(given, base), sourceFolders, answersMacros: true };
    if (kernel === "") return { ...resolved, kernel: "" };
    const absolute = path.resolve(base, kernel);
    if (await isFile(absolute)) return { ...resolved, kernel: absolute };
    return noKernel(absolute, given.name);
  },
};

/** Says that there is no kernel; undefined stops the start, null opens launch.json. */
async function noKernel(kernel: string, configuration: string): Promise<undefined | null> {
  const open = "Open launch.json";
  const answer = await vscode.window.showErrorMessage(
    `Clockpath: there is no kernel at ${kernel}. Set "kernel" of the launch configuration "${configuration}" to a kernel's ELF file, or leave it out to boot the bundled guest.`,
    open,
  );
  return answer === open ? null : undefined;
}
