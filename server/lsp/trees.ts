// The kernel trees that the client has open, each with its index: opened at once where one is on disk, brought up to date in
// the background, reopened when a newer generation is there. Knows nothing of requests and answers.
import path from "node:path";
import { updateIndex } from "../index/build.ts";
import { detectTree } from "../index/tree.ts";
import type { IndexStatus } from "../protocol.ts";
import { IndexError, type IndexOptions, type IndexProgress, type IndexReport, type KernelIndex, type Tree } from "../query/api.ts"; // biome-ignore format: one import
import { openIndex } from "../query/open.ts";

export interface TreesOptions {
  indexDir?: string | undefined;
  config?: string | undefined;
  onStatus(status: IndexStatus): void;
}

export interface Trees {
  /** The index that covers an absolute path, or undefined (no kernel tree, or not built yet). */
  indexFor(absolutePath: string): KernelIndex | undefined;
  /** Every index that can be asked, in the order of the folders. */
  indexes(): KernelIndex[];
  /** Every tree that is open, indexed or not, in the order of the folders. */
  roots(): Tree[];
  /** Another kernel configuration for the trees of the folders: their indexes rank by it. */
  configure(config: string): void;
  /** A document was opened: the kernel tree around it, if it is not open yet, is opened too (a source that the debugger shows). */
  cover(absolutePath: string): void;
  /** Keeps the indexes that are open now open, also when newer ones take their place, until the function is called that it gives. */
  hold(): () => void;
  /** What is most worth telling: a build that runs, else a failure, else the first tree that is ready. */
  status(): IndexStatus;
  /** Files below the open folders have changed: bring the indexes up to date soon. */
  filesChanged(absolutePaths: readonly string[]): void;
  /** Builds all indexes anew; the old ones serve meanwhile. */
  rebuild(): Promise<IndexStatus>;
  dispose(): Promise<void>;
}

/** One tree: its index while it is open, and the update that runs. */
interface OpenTree {
  readonly tree: Tree;
  /** One of the client's folders, or around a document from elsewhere. */
  readonly isFolder: boolean;
  index: KernelIndex | undefined;
  status: IndexStatus;
  /** The running update; one at a time. */
  running: Promise<void> | undefined;
  /** Something changed while an update ran: run once more. */
  again: boolean;
  timer: NodeJS.Timeout | undefined;
  readonly abort: AbortController;
}

/** The options inside: who is told asks for the status that is most worth telling. */
type Told = Omit<TreesOptions, "onStatus"> & {
  onStatus(): void;
  /** How many queries are under way, and the indexes that wait for their ends. */
  readonly held: { count: number; retired: KernelIndex[] };
};

/** How long to wait for more changes (a checkout touches thousands of files) before an update starts. */
const settleMs = 500;

/** Opens the trees among the folders and starts to bring their indexes up to date. */
export function openTrees(folders: readonly string[], options: TreesOptions): Trees {
  const status = () => mostWorthTelling(trees) ?? noTree(folders);
  const told: Told = {
    ...options,
    onStatus: () => options.onStatus(status()),
    held: { count: 0, retired: [] },
  };
  const trees = kernelTrees(folders).map((tree) => openTree(tree, told, true));
  for (const tree of trees) void update(tree, told, false);
  if (trees.length === 0) told.onStatus();

  return {
    indexFor: (file) =>
      trees.map((tree) => newestIndex(tree, told)).find((index) => index?.relative(file) !== undefined),
    indexes: () => trees.map((tree) => newestIndex(tree, told)).filter((index) => index !== undefined),
    roots: () => trees.map(({ tree }) => tree),
    configure: (config) => {
      told.config = config;
      for (const tree of trees) if (tree.isFolder) void update(tree, told, false);
    },
    cover: (file) => {
      if (trees.some(({ tree }) => isBelow(tree.root, file))) return;
      const around = treeAround(file);
      if (!around || trees.some(({ tree }) => tree.root === around.root)) return;
      // The configuration of the settings is one of the folder's tree.
      const { config, ...outside } = told;
      const tree = openTree(around, outside, false);
      trees.push(tree);
      void update(tree, outside, false);
    },
    hold: () => {
      told.held.count++;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        told.held.count--;
        closeRetired(told);
      };
    },
    status,
    filesChanged: (files) => {
      for (const tree of trees)
        if (files.some((file) => isBelow(tree.tree.root, file))) updateSoon(tree, told);
    },
    rebuild: async () => {
      await Promise.all(trees.map((tree) => update(tree, told, true)));
      return status();
    },
    dispose: async () => {
      for (const tree of trees) {
        clearTimeout(tree.timer);
        tree.abort.abort();
      }
      await Promise.all(trees.map((tree) => tree.running));
      for (const index of told.held.retired.splice(0)) index.close();
      for (const tree of trees) tree.index?.close();
    },
  };
}

/** The kernel trees among the folders, each once. A folder that cannot be read is no kernel tree. */
function kernelTrees(folders: readonly string[]): Tree[] {
  const found = new Map<string, Tree>();
  for (const folder of folders) {
    try {
      const tree = detectTree(folder);
      if (tree.os !== "other") found.set(tree.root, tree);
    } catch (error) {
      if (!(error instanceof IndexError)) throw error;
    }
  }
  return [...found.values()];
}

/** The kernel tree that holds a file: `sys` with its parent where that is the source root. */
function treeAround(file: string): Tree | undefined {
  for (let folder = path.dirname(file); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const [tree] = kernelTrees([folder]);
    if (tree) return kernelTrees([path.dirname(folder)])[0] ?? tree;
  }
  return undefined;
}

function mostWorthTelling(trees: readonly OpenTree[]): IndexStatus | undefined {
  const statuses = trees.map((tree) => tree.status);
  return (
    statuses.find(({ state }) => state === "building") ??
    statuses.find(({ state }) => state === "failed") ??
    statuses[0]
  );
}

function noTree(folders: readonly string[]): IndexStatus {
  const where =
    folders.length === 0 ? "no folder is open" : `${folders.join(", ")} holds no sys/kern/kern_tc.c`;
  return { state: "none", reason: `no kernel tree: ${where}` };
}

function openTree(tree: Tree, options: Told, isFolder: boolean): OpenTree {
  const open: OpenTree = {
    tree,
    isFolder,
    index: undefined,
    status: { state: "building", tree: tree.root, phase: "open", filesDone: 0, filesTotal: 0, usable: false },
    running: undefined,
    again: false,
    timer: undefined,
    abort: new AbortController(),
  };
  reopen(open, options);
  return open;
}

/** Opens the newest generation on disk. An index that cannot be opened is as good as none: the update makes a new one. */
function reopen(tree: OpenTree, options: Told): void {
  const place = options.indexDir === undefined ? {} : { indexDir: options.indexDir };
  try {
    const index = openIndex(tree.tree.root, place);
    if (!index) return;
    if (tree.index) options.held.retired.push(tree.index);
    tree.index = index;
    closeRetired(options);
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
  }
}

function closeRetired({ held }: Told): void {
  if (held.count === 0) for (const index of held.retired.splice(0)) index.close();
}

/** The open index; a newer one where another process (the command line, a second window) has made it. */
function newestIndex(tree: OpenTree, options: Told): KernelIndex | undefined {
  if (!tree.running && tree.index?.stale()) reopen(tree, options);
  return tree.index;
}

function updateSoon(tree: OpenTree, options: Told): void {
  clearTimeout(tree.timer);
  tree.timer = setTimeout(() => void update(tree, options, false), settleMs);
}

/** Brings one index up to date. A call during an update waits for that and then runs once more. */
async function update(tree: OpenTree, options: Told, rebuild: boolean): Promise<void> {
  if (tree.running) {
    tree.again = true;
    await tree.running;
    return rebuild ? update(tree, options, true) : undefined;
  }
  tree.running = updateOnce(tree, options, rebuild);
  await tree.running;
  tree.running = undefined;
  if (!tree.again || tree.abort.signal.aborted) return;
  tree.again = false;
  await update(tree, options, false);
}

async function updateOnce(tree: OpenTree, options: Told, rebuild: boolean): Promise<void> {
  const setStatus = (status: IndexStatus) => {
    tree.status = status;
    options.onStatus();
  };
  setStatus(building(tree, { phase: "walk", filesDone: 0, filesTotal: 0 }));
  const tell = everyTenth((progress) => setStatus(building(tree, progress)));
  const request: IndexOptions = {
    ...(options.indexDir === undefined ? {} : { indexDir: options.indexDir }),
    ...(options.config === undefined ? {} : { config: options.config }),
    rebuild,
    signal: tree.abort.signal,
    onProgress: (progress) => {
      // The first index can be asked while it is made.
      if (progress.opens && (tree.index === undefined || tree.index.info.partial)) reopen(tree, options);
      tell(progress);
    },
  };
  try {
    const report = await updateIndex(tree.tree.root, request);
    reopen(tree, options);
    setStatus(ready(tree.tree, report));
  } catch (error) {
    if (tree.abort.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    setStatus({ state: "failed", tree: tree.tree.root, message, usable: tree.index !== undefined });
  }
}

/** Lets a tenth of a second pass between two reports; what ends a phase always goes through. */
function everyTenth(report: (progress: IndexProgress) => void): (progress: IndexProgress) => void {
  let last = 0;
  let phase = "";
  return (progress) => {
    const now = Date.now();
    if (now - last < 100 && progress.phase === phase) return;
    last = now;
    phase = progress.phase;
    if (phase !== "done") report(progress);
  };
}

function building(tree: OpenTree, progress: IndexProgress): IndexStatus {
  return { state: "building", tree: tree.tree.root, ...progress, usable: tree.index !== undefined };
}

function ready(tree: Tree, report: IndexReport): IndexStatus {
  const { files, symbols, bytes, directory, seconds, updated, skippedCount } = report;
  const skipped = report.skipped.slice(0, 20).map(({ file, reason }) => ({ file, reason }));
  const facts = { files, symbols, bytes, directory, seconds, updated, skipped, skippedCount };
  return { state: "ready", tree: tree.root, os: tree.os, ...facts };
}

function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
