// The graph of a tree's configuration: read from the cache beside the tree's index where nothing has changed since, made otherwise.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { configurationPath } from "../index/configured.ts";
import { indexFolder } from "../index/store.ts";
import { detectTree } from "../index/tree.ts";
import { configureKernel } from "../kernel/configure.ts";
import { treeFiles } from "../kernel-files.ts";
import { IndexError } from "../query/api.ts";
import type { ClockSource, KernelGraph } from "./api.ts";
import { collect } from "./collect.ts";
import { type GraphData, graphData } from "./data.ts";
import { openGraph } from "./graph.ts";
import { leftOutClocks } from "./left-out.ts";
import { decode, encode } from "./storage.ts";

export interface GraphOptions {
  /** Where indexes live; default: `clockpath` in the user's cache folder. */
  readonly indexDir?: string;
  /** Make it anew, whatever the cache holds. */
  readonly rebuild?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The graph as the cache has it; undefined when it has none, or sources or configuration have changed since. Throws as loadGraph does. */
export function cachedGraph(folder: string, config: string, indexDir?: string): KernelGraph | undefined {
  const { tree, file } = placeOfGraph(folder, config, indexDir);
  const data = readCache(file, tree.root);
  return data === undefined ? undefined : openGraph(data);
}

function placeOfGraph(folder: string, config: string, indexDir: string | undefined) {
  const tree = detectTree(folder);
  const configPath = configurationPath(tree, config);
  const key = createHash("sha256").update(configPath).digest("hex").slice(0, 16);
  return { tree, configPath, file: path.join(indexFolder(tree, indexDir), `graph-${key}.bin`) };
}

/** Throws IndexError when the tree or the configuration is not there, or the configuration compiles no C file of the tree. */
export function loadGraph(folder: string, config: string, options: GraphOptions = {}): KernelGraph {
  const { tree, configPath, file } = placeOfGraph(folder, config, options.indexDir);
  const cached = options.rebuild === true ? undefined : readCache(file, tree.root);
  if (cached !== undefined) return openGraph(cached);
  const { read } = treeFiles(tree.root);
  const configuration = configureKernel(configPath, read);
  const collected = collect(configuration, read, options.onProgress);
  if (collected.sources.length === 0)
    throw new IndexError(`${configPath} compiles no C file of ${tree.root}; is it a kernel's configuration?`);
  const data = graphData(configuration, collected);
  const inputs = [...configuration.inputs, ...data.files.filter((name) => !name.startsWith("<"))];
  writeCache(file, encode(new Map(inputs.map((name) => [name, stampOf(tree.root, name)])), data));
  return openGraph(data);
}

/** The clocks of the sources that the configuration leaves out. Reads them: a second or two for a whole tree. */
export function loadLeftOutClocks(folder: string, config: string): ClockSource[] {
  const tree = detectTree(folder);
  const { read } = treeFiles(tree.root);
  return leftOutClocks(configureKernel(configurationPath(tree, config), read), read);
}

function stampOf(root: string, file: string): string {
  const stats = statSync(path.join(root, ...file.split("/")), { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

/** Undefined when there is none, it is of another version or damaged, or a file has changed. */
function readCache(file: string, root: string): GraphData | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  const stored = decode(bytes);
  if (stored === undefined) return undefined;
  const changed = stored.stamps.some(([name, stamp]) => stampOf(root, name) !== stamp);
  return changed ? undefined : stored.data;
}

/** In place at once or not at all. A cache that cannot be written is no error: the graph is made again next time. */
function writeCache(file: string, bytes: Uint8Array): void {
  const folder = path.dirname(file);
  const written = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true });
    removeLeftovers(folder);
    writeFileSync(written, bytes);
    renameSync(written, file);
  } catch {
    rmSync(written, { force: true });
  }
}

/** What processes that were killed were writing. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (/^graph-.*\.tmp$/.test(name)) rmSync(path.join(folder, name), { force: true });
}
