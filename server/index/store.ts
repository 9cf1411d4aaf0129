// Where an index lives, its head (the list of shards of one generation) and its lock. The head is replaced by a rename
// after everything it names is on disk, so a crash at any time leaves the old generation or the new one.
import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir, hostname } from "node:os";
import path from "node:path";
import { IndexError, type Tree } from "../query/api.ts";
import type { Configured } from "./configured.ts";
import { VERSION } from "./format.ts";

/** One shard of a generation. */
export interface HeadShard {
  /** File name in the index's folder. */
  readonly file: string;
  readonly files: number;
  readonly symbols: number;
  readonly bytes: number;
  readonly sourceBytes: number;
  /** Ids of files that have changed or gone since: their facts no longer count. */
  readonly dead: readonly number[];
}

export interface Head {
  readonly version: number;
  readonly generation: number;
  readonly root: string;
  readonly config?: Configured;
  /** The first build is not done, or was cut off: so many files will be there when it is. */
  readonly partial?: { readonly total: number };
  readonly shards: readonly HeadShard[];
}

/** The user's cache folder for indexes, as each system has it. */
export function defaultIndexDir(): string {
  const { env, platform } = process;
  if (platform === "win32")
    return path.join(env.LOCALAPPDATA ?? path.join(homedir(), "AppData", "Local"), "clockpath", "index");
  if (platform === "darwin") return path.join(homedir(), "Library", "Caches", "clockpath", "index");
  const cache = env.XDG_CACHE_HOME;
  return path.join(
    cache && path.isAbsolute(cache) ? cache : path.join(homedir(), ".cache"),
    "clockpath",
    "index",
  );
}

/** The folder of one tree's index: named after the tree and a hash of its real path. */
export function indexFolder(tree: Tree, indexDir = defaultIndexDir()): string {
  const hash = createHash("sha256").update(tree.root).digest("hex").slice(0, 16);
  const name = path.basename(tree.root).replace(/[^\w.-]/g, "_") || "root";
  return path.join(path.resolve(indexDir), `${name}-${hash}`);
}

/** The current generation, or undefined where there is none that this version can read. */
export function readHead(folder: string): Head | undefined {
  try {
    const head = JSON.parse(readFileSync(path.join(folder, "head.json"), "utf8")) as Head;
    return head.version === VERSION && Array.isArray(head.shards) ? head : undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether there is another head since it was asked last (also at the first time), without reading it: each one is a new file. */
export function headWatch(folder: string): () => boolean {
  let seen = "";
  return () => {
    const { ino, mtimeMs, size } = statSync(path.join(folder, "head.json"), { throwIfNoEntry: false }) ?? {};
    const now = `${ino} ${mtimeMs} ${size}`;
    const isNew = now !== seen;
    seen = now;
    return isNew;
  };
}

/** Makes `head` the current generation; its shards must be on disk. */
export function writeHead(folder: string, head: Head): void {
  writeDurably(path.join(folder, "head.tmp"), Buffer.from(`${JSON.stringify(head)}\n`));
  renamePatiently(path.join(folder, "head.tmp"), path.join(folder, "head.json"));
  syncFolder(folder);
}

/** Renames over a file that another process may just be reading: Windows refuses that for a moment. */
function renamePatiently(from: string, to: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (attempt === 50 || !["EPERM", "EACCES", "EBUSY"].includes(code)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Writes a file and waits until it is on disk. */
export function writeDurably(file: string, bytes: Uint8Array): void {
  const fd = openSync(file, "w");
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes renames in a folder durable, where the system can (Windows cannot open folders). */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {}
}

/** Removes shards that no generation names: of older ones, and of builds that were cut off. Open ones stay readable. */
export function removeUnused(folder: string, head: Head | undefined): void {
  const used = new Set(head?.shards.map((shard) => shard.file));
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".shard") || used.has(name)) continue;
    try {
      rmSync(path.join(folder, name));
    } catch {} // Windows: still open in another process; the next build removes it
  }
}

/** Makes the folder, or says why it cannot be made. */
export function makeIndexFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new IndexError(`cannot make the index folder ${folder} (${code}); name another with --index-dir`);
  }
}

/** The owner of a lock touches it this often; one that was not touched for long is abandoned. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_MS = 60_000;

/**
 * Takes the lock under which an index is built; waits while another live process has it (`onWait` hears of that once). A
 * lock whose process is gone is taken over. Returns the function that gives it back.
 */
export async function lockIndex(
  folder: string,
  signal?: AbortSignal,
  onWait?: () => void,
): Promise<() => void> {
  const file = path.join(folder, "lock");
  const mine = `${process.pid} ${hostname()} ${Date.now()}-${Math.random().toString(36).slice(2)}`;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    if (takeLock(folder, file, mine)) return heldLock(file, mine);
    const owner = readText(file);
    if (owner !== undefined && isAbandoned(owner, file)) breakLock(folder, file, owner);
    else {
      if (attempt === 1) onWait?.();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Is a live process building this index? */
export function isBeingBuilt(folder: string): boolean {
  const file = path.join(folder, "lock");
  const owner = readText(file);
  return owner !== undefined && !isAbandoned(owner, file);
}

function takeLock(folder: string, file: string, mine: string): boolean {
  try {
    writeFileSync(file, mine, { flag: "wx" });
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "EEXIST") throw new IndexError(`cannot write to the index folder ${folder} (${code})`);
    return false;
  }
}

/** Keeps a lock fresh until it is given back. */
function heldLock(file: string, mine: string): () => void {
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {}
  }, HEARTBEAT_MS);
  beat.unref();
  return () => {
    clearInterval(beat);
    if (readText(file) === mine) rmSync(file, { force: true });
  };
}

/** Removes an abandoned lock by renaming it first, so that of several processes only one does. */
function breakLock(folder: string, file: string, owner: string): void {
  const aside = path.join(folder, `lock.${process.pid}`);
  try {
    renameSync(file, aside);
    // Another process may have taken the lock between our reading and renaming it: then give it back.
    if (readText(aside) === owner) rmSync(aside, { force: true });
    else renameSync(aside, file);
  } catch {}
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isAbandoned(owner: string, file: string): boolean {
  const [pid, host] = owner.split(" ");
  if (isOlder(file, ABANDONED_MS)) return true;
  if (host !== hostname() || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function isOlder(file: string, milliseconds: number): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > milliseconds;
  } catch {
    return false;
  }
}
