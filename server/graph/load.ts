// The graph of a tree's configuration: read from the cache beside the tree's index where nothing has changed since, made otherwise.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { configurationPath } from "../index/configured.ts";
import { indexFolder, writeDurably } from "../index/store.ts";
import { detectTree } from "../index/tree.ts";
import { configureKernel } from "../kernel/configure.ts";
import { treeFiles } from "../kernel-files.ts";
import { IndexError } from "../query/api.ts";
import type { ClockSource, KernelGraph } from "./api.ts";
import { collect } from "./collect.ts";
import { DATA_VERSION, type GraphData, graphData } from "./data.ts";
import { openGraph } from "./graph.ts";
import { leftOutClocks } from "./left-out.ts";

export interface GraphOptions {
  /** Where indexes live; default: `clockpath` in the user's cache folder. */
  readonly indexDir?: string;
  /** Make it anew, whatever the cache holds. */
  readonly rebuild?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Cached {
  readonly stamps: Record<string, string>;
  readonly data: GraphData;
}

/** Throws IndexError when the tree or the configuration is not there, or the configuration compiles no C file of the tree. */
export function loadGraph(folder: string, config: string, options: GraphOptions = {}): KernelGraph {
  const tree = detectTree(folder);
  const configPath = configurationPath(tree, config);
  const key = createHash("sha256").update(configPath).digest("hex").slice(0, 16);
  const file = path.join(indexFolder(tree, options.indexDir), `graph-${key}.json`);
  const cached = options.rebuild === true ? undefined : readCache(file, tree.root);
  if (cached !== undefined) return openGraph(cached);
  const { read } = treeFiles(tree.root);
  const configuration = configureKernel(configPath, read);
  const collected = collect(configuration, read, options.onProgress);
  if (collected.sources.length === 0)
    throw new IndexError(`${configPath} compiles no C file of ${tree.root}; is it a kernel's configuration?`);
  const data = graphData(configuration, collected);
  const inputs = [...configuration.inputs, ...data.files.filter((name) => !name.startsWith("<"))];
  writeCache(file, {
    stamps: Object.fromEntries(inputs.map((name) => [name, stampOf(tree.root, name)])),
    data,
  });
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
  try {
    const { stamps, data } = JSON.parse(readFileSync(file, "utf8")) as Cached;
    if (data.version !== DATA_VERSION) return undefined;
    const changed = Object.entries(stamps).some(([name, stamp]) => stampOf(root, name) !== stamp);
    return changed ? undefined : data;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written is no error: the graph is made again next time. */
function writeCache(file: string, cached: Cached): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeDurably(file, Buffer.from(JSON.stringify(cached)));
  } catch {}
}
