// Builds or updates the index of a tree: which files changed, jobs for them, the new generation. The old generation
// serves until the new head is in place.
import { availableParallelism } from "node:os";
import path from "node:path";
import { IndexError, type IndexOptions, type IndexReport, type Tree } from "../query/api.ts";
import { architecturesOf, fileRank } from "../query/rank.ts";
import { type Configured, configurationPath, configuredFiles } from "./configured.ts";
import { runJobs } from "./crew.ts";
import { VERSION } from "./format.ts";
import { type Job, type JobResult, JobRunner } from "./lexing.ts";
import { PageCache } from "./pages.ts";
import { ShardReader } from "./shard-reader.ts";
import {
  type Head,
  type HeadShard,
  indexFolder,
  lockIndex,
  makeIndexFolder,
  readHead,
  removeUnused,
  writeHead,
} from "./store.ts";
import { detectTree, type FoundFile, listSources, type Skipped } from "./tree.ts";

const MAX_THREADS = 8;
/** Bytes of source in a job, and so in a shard: few shards make fast queries, many balance the threads. */
const JOB_BYTES = { least: 1 << 20, most: 24 << 20, jobs: 16 };
const MAX_JOB_FILES = 20_000;
/** Headers up to this rank (rank.ts) may be the configured kernel's: no other port's, no imported tree's. */
const KERNEL_RANK = 1;
/** More shards than this, and small ones are lexed again into large ones. */
const MAX_SMALL_SHARDS = 8;
const SMALL_SHARD_BYTES = 4 << 20;
/** A shard of which more than this part is dead is lexed again. */
const MAX_DEAD = 0.4;

/** Brings the index of a tree up to date and reports. Throws IndexError for what the user can mend. */
export async function updateIndex(folder: string, options: IndexOptions = {}): Promise<IndexReport> {
  const started = performance.now();
  const tree = detectTree(folder);
  const config = options.config ? configurationPath(tree, options.config) : options.config;
  const directory = indexFolder(tree, options.indexDir);
  makeIndexFolder(directory);
  const unlock = await lockIndex(directory, options.signal, () =>
    options.onProgress?.({ phase: "wait", filesDone: 0, filesTotal: 0 }),
  );
  try {
    const result = await update(tree, directory, config, options);
    const { head } = result;
    return {
      ...infoOf(head, directory),
      seconds: (performance.now() - started) / 1000,
      updated: result.updated,
      removed: result.removed,
      skipped: result.skipped.slice(0, 100),
      skippedCount: result.skipped.length,
    };
  } finally {
    unlock();
  }
}

/** What a head says of its index, in the words of the query API. */
export function infoOf(head: Head, directory: string) {
  const total = (count: (shard: HeadShard) => number) =>
    head.shards.reduce((sum, shard) => sum + count(shard), 0);
  return {
    directory,
    generation: head.generation,
    files: total((shard) => shard.files - shard.dead.length),
    symbols: total((shard) => shard.symbols),
    bytes: total((shard) => shard.bytes),
    sourceBytes: total((shard) => shard.sourceBytes),
    ...(head.config === undefined ? {} : { config: head.config.path }),
    ...(head.config === undefined ? {} : { configuredFiles: head.config.files.length }),
    ...(head.partial === undefined ? {} : { partial: head.partial }),
  };
}

interface Update {
  readonly head: Head;
  readonly updated: number;
  readonly removed: number;
  readonly skipped: Skipped[];
}

async function update(
  tree: Tree,
  directory: string,
  config: string | undefined,
  options: IndexOptions,
): Promise<Update> {
  const { onProgress, signal } = options;
  onProgress?.({ phase: "walk", filesDone: 0, filesTotal: 0 });
  const { files, skipped } = await listSources(tree, signal);
  if (files.length === 0) throw new IndexError(emptyTree(tree, skipped));
  const old = options.rebuild ? undefined : usableHead(directory);
  const plan = planUpdate(files, old, directory);
  const before = readHead(directory);
  const kept = config ?? before?.config?.path;
  const configured = !kept ? undefined : { path: kept, files: configuredFiles(tree, kept) };
  const isSame = old?.partial === undefined && JSON.stringify(configured) === JSON.stringify(old?.config);
  if (old !== undefined && isSame && plan.lex.length === 0 && plan.removed === 0) {
    onProgress?.({ phase: "done", filesDone: 0, filesTotal: 0 });
    return { head: old, updated: 0, removed: 0, skipped };
  }
  const start = {
    version: VERSION,
    generation: (before?.generation ?? 0) + 1,
    root: tree.root,
    ...(configured === undefined ? {} : { config: configured }),
  };
  // Nothing else can be asked while the first index is made, so its parts open as they are done.
  const first = before === undefined || before.partial !== undefined;
  const jobs = planJobs(plan.lex, configured, tree.root, directory, start.generation);
  const total = plan.lex.length;
  const results = await lexFiles(jobs, total, options, (results) => {
    const shards = [...plan.keep, ...shardsOf(results)];
    if (!first || shards.length === 0) return false;
    writeHead(directory, { ...start, partial: { total: files.length }, shards });
    return true;
  });
  onProgress?.({ phase: "write", filesDone: total, filesTotal: total });
  const unread = results.flatMap((result) => result.skipped);
  skipped.push(...unread);
  // Files that cannot be read are tried each time; where nothing else changed, nothing is new.
  if (old !== undefined && isSame && plan.removed === 0 && unread.length === total)
    return { head: old, updated: 0, removed: 0, skipped };
  const shards = [...plan.keep, ...shardsOf(results)];
  if (shards.length === 0) throw new IndexError(emptyTree(tree, skipped));
  const head: Head = { ...start, shards };
  writeHead(directory, head);
  removeUnused(directory, head);
  onProgress?.({ phase: "done", filesDone: total, filesTotal: total });
  return { head, updated: plan.changed - unread.length, removed: plan.removed, skipped };
}

/** Does the jobs and tells how far they are; `openPart` gets the results so far, with holes, and says whether they can be asked. */
async function lexFiles(
  jobs: readonly Job[],
  filesTotal: number,
  { onProgress, signal, workers, meanwhile }: IndexOptions,
  openPart: (results: readonly JobResult[]) => boolean,
): Promise<JobResult[]> {
  const results: JobResult[] = [];
  const done = jobs.map(() => 0);
  let left = jobs.length;
  const tell = (opens: boolean) => {
    const filesDone = done.reduce((sum, n) => sum + n, 0);
    onProgress?.({ phase: "lex", filesDone, filesTotal, ...(opens ? { opens } : {}) });
  };
  const crew = {
    bundle: "index-worker.js",
    here: () => {
      const runner = new JobRunner();
      return (job: Job) => runner.run(job);
    },
    threads: workers ?? Math.min(MAX_THREADS, availableParallelism()),
    meanwhile,
  };
  await runJobs<Job, JobResult>(jobs, crew, {
    signal,
    onStep: (job, count) => {
      done[job] = count;
      tell(false);
    },
    onResult: (job, result) => {
      results[job] = result;
      done[job] = jobs[job]!.files.length;
      tell(--left > 0 && openPart(results));
      return undefined;
    },
  });
  return results;
}

const shardsOf = (results: readonly JobResult[]): HeadShard[] => results.flatMap((result) => result.shards);

function emptyTree(tree: Tree, skipped: readonly Skipped[]): string {
  const reason =
    skipped.length === 0
      ? ""
      : ` (${skipped.length} could not be read; ${skipped[0]!.file}: ${skipped[0]!.reason})`;
  return `${tree.root} has no C source that can be indexed${reason}; name a kernel tree: the folder that holds sys/, or sys itself`;
}

/** The current head if all of its shards can be opened; a damaged index counts as none. */
function usableHead(directory: string): Head | undefined {
  const head = readHead(directory);
  const cache = new PageCache(1 << 20);
  try {
    for (const shard of head?.shards ?? []) new ShardReader(path.join(directory, shard.file), cache).close();
    return head;
  } catch {
    return undefined;
  }
}

interface Plan {
  readonly lex: FoundFile[];
  readonly keep: HeadShard[];
  /** Files that are new or differ, and files that are gone. */
  readonly changed: number;
  readonly removed: number;
}

/** Compares the tree with the old generation: what to lex, which shards stay and with which dead files. */
function planUpdate(files: readonly FoundFile[], old: Head | undefined, directory: string): Plan {
  if (old === undefined) return { lex: [...files], keep: [], changed: files.length, removed: 0 };
  const current = new Map(files.map((file) => [file.path, file]));
  const cache = new PageCache(1 << 20);
  const states = old.shards.map((shard) => shardState(shard, directory, cache, current));
  const changed = current.size;
  const before = old.shards.reduce((sum, shard) => sum + shard.files - shard.dead.length, 0);
  const alive = states.reduce((sum, state) => sum + state.alive.length, 0);
  const present = new Set(files.map((file) => file.path));
  const gone = states.reduce((sum, state) => sum + state.died.filter((file) => !present.has(file)).length, 0);
  const small = states.filter((state) => state.shard.sourceBytes < SMALL_SHARD_BYTES);
  const merge = small.length > MAX_SMALL_SHARDS;
  const keep: HeadShard[] = [];
  const lex = [...current.values()];
  for (const state of states) {
    const { shard } = state;
    const worn = state.dead.length > shard.files * MAX_DEAD;
    if (worn || (merge && small.includes(state))) lex.push(...state.alive);
    else keep.push({ ...shard, dead: state.dead });
  }
  lex.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { lex, keep, changed, removed: before === alive ? 0 : gone };
}

/** Which files of a shard are as they were (taken out of `current`) and which are dead. */
function shardState(
  shard: HeadShard,
  directory: string,
  cache: PageCache,
  current: Map<string, FoundFile>,
): { shard: HeadShard; alive: FoundFile[]; dead: number[]; died: string[] } {
  const reader = new ShardReader(path.join(directory, shard.file), cache);
  const before = new Set(shard.dead);
  const alive: FoundFile[] = [];
  const dead: number[] = [];
  const died: string[] = [];
  for (const [id, file] of reader.files.entries()) {
    const now = current.get(file.path);
    const same = now?.size === file.size && now.mtime === file.mtime && now.inode === file.inode;
    if (same && !before.has(id)) {
      alive.push(now);
      current.delete(file.path);
    } else {
      dead.push(id);
      if (!before.has(id)) died.push(file.path);
    }
  }
  reader.close();
  return { shard, alive, dead, died };
}

/** The jobs of a build: the configured kernel first, then the headers around it, so that they can be asked first. */
function planJobs(
  files: readonly FoundFile[],
  configured: Configured | undefined,
  root: string,
  folder: string,
  generation: number,
): Job[] {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const size = Math.min(JOB_BYTES.most, Math.max(JOB_BYTES.least, total / JOB_BYTES.jobs));
  const stage = configured?.files.length ? stageOf(configured) : () => 2;
  const inStage = (wanted: number) => files.filter((file) => stage(file) === wanted);
  const parts = [...split(inStage(0), size / 4), ...split(inStage(1), size / 2), ...split(inStage(2), size)];
  return parts.map((part, i) => ({ root, folder, prefix: `g${generation}-${i}`, files: part }));
}

/** 0: what the configuration compiles; 1: headers that it may include; 2: the rest. */
function stageOf({ path: config, files }: Configured): (file: FoundFile) => number {
  const configured = new Set(files);
  const ranking = { architectures: architecturesOf(config), configured };
  return ({ path: file }) => {
    if (configured.has(file)) return 0;
    return file.endsWith(".h") && fileRank(file, ranking) <= KERNEL_RANK ? 1 : 2;
  };
}

/** Cuts a list of files into parts of about `size` bytes. */
function split(files: readonly FoundFile[], size: number): FoundFile[][] {
  const parts: FoundFile[][] = [];
  let part: FoundFile[] = [];
  let bytes = 0;
  for (const file of files) {
    part.push(file);
    bytes += file.size;
    if (bytes < size && part.length < MAX_JOB_FILES) continue;
    parts.push(part);
    part = [];
    bytes = 0;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
