// Finds kernels that can be debugged: those with debug info, by the names that the BSDs' builds give them, in the
// workspace and where builds usually put them.
import { readdir, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";

/** netbsd.gdb: NetBSD with debug info. kernel.full, kernel.debug: FreeBSD, whole, and debug info apart. */
const names = ["netbsd.gdb", "kernel.full", "kernel.debug"];

/** Build folders beside the tree or in the user's home: obj/sys/arch/amd64/compile/CONFIG/netbsd.gdb. */
const compileFolders = ["sys/arch/amd64/compile", "arch/amd64/compile", "amd64.amd64/sys"];

/** Absolute paths, those of the workspace first, each once; at most 50. */
export async function findKernels(): Promise<string[]> {
  const inWorkspace = await vscode.workspace.findFiles(`**/{${names.join(",")}}`, undefined, 50);
  const found = new Set(inWorkspace.map((uri) => uri.fsPath).sort());
  for (const folder of buildFolders()) for (const kernel of await kernelsBelow(folder)) found.add(kernel);
  return [...found].slice(0, 50);
}

function buildFolders(): string[] {
  const roots = [path.join(os.homedir(), "obj")];
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    roots.push(uri.fsPath, path.join(uri.fsPath, "obj"), path.join(uri.fsPath, "../obj"));
  }
  return roots.flatMap((root) => compileFolders.map((folder) => path.join(root, folder)));
}

/** Kernels in the folders right below `folder`: one for each configuration. */
async function kernelsBelow(folder: string): Promise<string[]> {
  const configurations = await readdir(folder).catch(() => []);
  const candidates = configurations
    .sort()
    .flatMap((configuration) => names.map((name) => path.join(folder, configuration, name)));
  const there = await Promise.all(candidates.map(isFile));
  return candidates.filter((_, i) => there[i]);
}

export async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

export interface KernelChoice {
  /** Absolute path; undefined: the bundled guest. */
  readonly kernel: string | undefined;
}

interface KernelItem extends vscode.QuickPickItem {
  choose(): Promise<KernelChoice | undefined>;
}

/** Asks which kernel to boot; undefined when the user leaves it. */
export async function pickKernel(kernels: readonly string[]): Promise<KernelChoice | undefined> {
  const items: KernelItem[] = [
    ...kernels.map((kernel) => ({
      label: path.basename(kernel),
      description: path.dirname(kernel),
      choose: async () => ({ kernel }),
    })),
    {
      label: "$(beaker) Bundled guest",
      description: "a small kernel with NetBSD's clock path, made for a first look",
      choose: async () => ({ kernel: undefined }),
    },
    {
      label: "$(folder-opened) Browse…",
      description: "an x86-64 ELF kernel with debug info",
      choose: browse,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: "Kernel to boot",
    matchOnDescription: true,
  });
  return picked?.choose();
}

async function browse(): Promise<KernelChoice | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ openLabel: "Boot", title: "Kernel to boot" })) ?? [];
  return uri && { kernel: uri.fsPath };
}
