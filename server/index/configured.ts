// Which files a kernel configuration compiles, for the index: found at each build and kept in its head, so that queries can
// rank and filter by it without reading the configuration again.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { configureKernel, resolveConfiguration } from "../kernel/configure.ts";
import { IndexError, type Tree } from "../query/api.ts";

/** A configuration as the index remembers it. */
export interface Configured {
  /** The configuration file, relative to the tree (or absolute, outside of it). */
  readonly path: string;
  /** The compiled sources, relative to the tree, sorted; empty where the configuration gives none. */
  readonly files: readonly string[];
}

/** The configuration file that the user means: a path, here or in the tree, or a name (`MICROVM`, `amd64/MICROVM`). */
export function configurationPath(tree: Tree, config: string): string {
  const places = [path.resolve(config), path.join(tree.root, config), path.join(tree.root, tree.sys, config)];
  const found = places.find((file) => existsSync(file) && statSync(file).isFile());
  if (found !== undefined) {
    const relative = path.relative(tree.root, found);
    return relative.startsWith("..") || path.isAbsolute(relative)
      ? found
      : relative.split(path.sep).join("/");
  }
  const resolution = resolveConfiguration(
    config,
    (folder) => listIn(tree, folder),
    (file) => readIn(tree, file),
  );
  if ("path" in resolution) return resolution.path;
  throw new IndexError(resolution.error.replace("in this tree", `in ${tree.root}`));
}

/** The configuration that the user means, read. Throws an IndexError for one that is not there. */
export function readConfigured(tree: Tree, config: string): Configured {
  const found = configurationPath(tree, config);
  return { path: found, files: configuredFiles(tree, found) };
}

/** The files that a configuration compiles. Never throws: a configuration that makes no sense compiles nothing. */
export function configuredFiles(tree: Tree, config: string): readonly string[] {
  if (path.isAbsolute(config)) return [];
  const { files } = configureKernel(config, (file) => readIn(tree, file));
  return files
    .filter(({ kind }) => kind === "source")
    .map(({ file }) => file)
    .sort();
}

function readIn(tree: Tree, file: string): Uint8Array | undefined {
  try {
    return readFileSync(path.join(tree.root, file));
  } catch {
    return undefined;
  }
}

function listIn(tree: Tree, folder: string): string[] {
  try {
    return readdirSync(path.join(tree.root, folder));
  } catch {
    return [];
  }
}
