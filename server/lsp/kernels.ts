// The kernel configurations of the open trees: which one is chosen, and what any of them means, with the editor's unsaved text in
// place of the disk's. Kept until a file that was read changes.
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { configurationPath } from "../index/configured.ts";
import type { KernelConfiguration } from "../kernel/api.ts";
import { configureKernel, findConfigurations } from "../kernel/configure.ts";
import { type TreeFiles, treeFiles } from "../kernel-files.ts";
import { IndexError, type Tree } from "../query/api.ts";
import { pathOf } from "./convert.ts";
import type { Trees } from "./trees.ts";

/** A configuration in the tree where it was found. */
export interface Configured {
  readonly tree: Tree;
  readonly configuration: KernelConfiguration;
}

/** A file in the tree that holds it. */
export interface InTree {
  readonly tree: Tree;
  /** Relative to the tree, with "/". */
  readonly file: string;
}

export interface Kernels {
  /** The chosen configuration; undefined where none is chosen or the chosen one is not there. */
  chosen(): Configured | undefined;
  /** Why there is none, when one is asked for by the settings. */
  problem(): string | undefined;
  /** Undefined: none any more, whatever the settings say. */
  choose(choice: { tree: string; path: string } | undefined): void;
  /** The tree that holds an absolute path. */
  inTree(absolutePath: string): InTree | undefined;
  /** What a configuration means, by its path in the tree. */
  configuration(tree: Tree, file: string): KernelConfiguration;
  /** The configuration to read a text of configuration language by: itself, the chosen one, or one of the tree's. */
  around(at: InTree, isConfiguration: boolean): KernelConfiguration | undefined;
  /** The tree's configurations, as paths. */
  list(tree: Tree): string[];
  /** Text has changed, in an editor or on disk: forgets what was read from it; true when the chosen configuration is touched. */
  changed(absolutePaths: readonly string[]): boolean;
}

interface Choice {
  root: string;
  path: string;
}

/** A handful: the chosen one and those in editors. Each holds some megabytes. */
const mostKept = 4;

export function openKernels(
  trees: () => Trees,
  documents: TextDocuments<TextDocument>,
  setting: string | undefined,
): Kernels {
  const kept = new Map<string, KernelConfiguration>();
  let choice: Choice | undefined;
  let problem: string | undefined;
  let wantsSetting = setting !== "";

  const resolveSetting = () => {
    if (choice || !wantsSetting || setting === undefined) return;
    for (const tree of trees().roots()) {
      try {
        const found = configurationPath(tree, setting);
        problem = path.isAbsolute(found) ? `${found} is outside of the tree ${tree.root}` : undefined;
        if (!problem) choice = { root: tree.root, path: found };
        if (choice) return;
      } catch (error) {
        if (!(error instanceof IndexError)) throw error;
        problem = error.message;
      }
    }
  };

  const kernels: Kernels = {
    chosen: () => {
      resolveSetting();
      const tree = trees()
        .roots()
        .find(({ root }) => root === choice?.root);
      return tree && choice && { tree, configuration: kernels.configuration(tree, choice.path) };
    },
    problem: () => problem,
    choose: (wanted) => {
      choice = wanted && { root: wanted.tree, path: wanted.path };
      wantsSetting = false;
      problem = undefined;
    },
    inTree: (absolutePath) => {
      for (const tree of trees().roots()) {
        const relative = path.relative(tree.root, absolutePath);
        if (relative === "" || relative.startsWith("..") || path.isAbsolute(relative)) continue;
        return { tree, file: relative.split(path.sep).join("/") };
      }
      return undefined;
    },
    configuration: (tree, file) => {
      const key = path.join(tree.root, file);
      const known = kept.get(key);
      if (known) {
        // The one that was used last goes last.
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const configuration = configureKernel(file, filesOf(tree, documents).read);
      kept.set(key, configuration);
      for (const old of kept.keys()) if (kept.size > mostKept) kept.delete(old);
      return configuration;
    },
    around: ({ tree, file }, isConfiguration) => {
      const available = kernels.list(tree);
      if (isConfiguration && available.includes(file)) return kernels.configuration(tree, file);
      const chosen = kernels.chosen();
      if (chosen?.tree.root === tree.root) return chosen.configuration;
      const best = available.find((one) => /\bamd64\/conf\/GENERIC$/.test(one)) ?? available[0];
      return best === undefined ? undefined : kernels.configuration(tree, best);
    },
    list: (tree) => findConfigurations(filesOf(tree, documents).list),
    changed: (absolutePaths) => {
      let touched = false;
      for (const [key, { path: own, inputs }] of [...kept]) {
        const root = key.slice(0, key.length - own.length - 1);
        const files = new Set([own, ...inputs].map((file) => path.join(root, file)));
        if (!absolutePaths.some((changed) => files.has(changed))) continue;
        kept.delete(key);
        touched ||= choice !== undefined && key === path.join(choice.root, choice.path);
      }
      return touched;
    },
  };
  return kernels;
}

/** The tree's files, with unsaved text first. */
function filesOf(tree: Tree, documents: TextDocuments<TextDocument>): TreeFiles {
  const unsaved = new Map<string, TextDocument>();
  for (const document of documents.all()) {
    const file = pathOf(document.uri);
    if (file !== undefined) unsaved.set(file, document);
  }
  return treeFiles(tree.root, (file) => {
    const document = unsaved.get(path.join(tree.root, ...file.split("/")));
    return document && new TextEncoder().encode(document.getText());
  });
}

/** The URI of a file of a tree. */
export const uriIn = (tree: Tree, file: string): string =>
  pathToFileURL(path.join(tree.root, ...file.split("/"))).href;
