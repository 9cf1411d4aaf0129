// Indexes of debug information on disk: found by the file's identity when a session begins, made beside the session when there is none.
// An edge: reads and writes files below one folder of the user's. Nothing here fails: without a cache everything is read as it is.

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { symbolIndexerPath } from "./assets.ts";
import { cacheFolder } from "./cache-folder.ts";
import { type ElfFile, parseElf } from "./elf/elf.ts";
import { openSource } from "./file-source.ts";
import { DebugInfo } from "./symbols/debug-info.ts";
import type { DebugIndex } from "./symbols/index/api.ts";
import { buildIndex } from "./symbols/index/build.ts";
import { type DebugIdentity, identityOf } from "./symbols/index/stamp.ts";
import { openIndex, storeIndex } from "./symbols/index/stored.ts";

/** The number changes with the form (MAGIC in stored.ts): files of other versions are removed. */
const SUFFIX = ".v1.sym";
/** The oldest files go when all are larger. */
const MOST_BYTES = 512 * 2 ** 20;
/** A file that a process which was killed left half-written. */
const ABANDONED_MS = 3_600_000;
/** The first breakpoint comes before the index for the next session, in ms. */
const DELAY = 2000;

/** The index of the file's debug information, made in an earlier session; without one, it is made for the next. */
export function cachedIndex(elf: ElfFile, file: string): DebugIndex | undefined {
  const folder = cacheFolder();
  // What is in memory is small: nothing is gained.
  if (folder === undefined || !elf.source.fill) return undefined;
  try {
    const identity = identityOf(elf, lastWritten(file));
    if (!identity) return undefined;
    const found = readCached(cachePath(folder, identity), identity);
    if (!found) setTimeout(startIndexer, DELAY, file, folder).unref();
    return found;
  } catch {
    return undefined;
  }
}

const cachePath = (folder: string, { key }: DebugIdentity): string => path.join(folder, key + SUFFIX);

const lastWritten = (file: string): string => statSync(file, { bigint: true }).mtimeNs.toString();

function readCached(cached: string, { stamp }: DebugIdentity): DebugIndex | undefined {
  try {
    const index = openIndex(openSource(cached), stamp);
    const now = new Date();
    if (index) utimesSync(cached, now, now);
    return index;
  } catch {
    return undefined;
  }
}

/** In a process of its own, whose memory is not ours, and which the session does not wait for. */
function startIndexer(file: string, folder: string): void {
  const script = symbolIndexerPath();
  if (!script) return;
  const child = spawn(process.execPath, [script, path.resolve(file), folder], {
    stdio: "ignore",
    windowsHide: true,
  });
  child.on("error", () => {});
  child.unref();
}

/** Makes the index of a file's debug information and leaves it in the folder. Gives its path; undefined where there is nothing to make. */
export function makeIndex(file: string, folder: string, mostBytes = MOST_BYTES): string | undefined {
  const written = lastWritten(file);
  const elf = parseElf(openSource(file));
  const identity = identityOf(elf, written);
  const contents = identity && buildIndex(new DebugInfo(elf, () => {}));
  if (!contents) return undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = cachePath(folder, identity);
  // Two processes may write at once; each renames a whole file.
  const part = `${target}.${process.pid}-${Math.round(performance.now() * 1000)}.tmp`;
  try {
    writeFileSync(part, storeIndex(contents, identity.stamp), { mode: 0o600 });
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  tidyFolder(folder, target, mostBytes);
  return target;
}

/** Removes indexes of other versions, abandoned parts, and the least recently used above the bound; never `kept`. */
function tidyFolder(folder: string, kept: string, mostBytes: number): void {
  const files = readdirSync(folder)
    .filter((name) => /\.v\d+\.sym(?:\.[\d-]+\.tmp)?$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => file !== kept)
    .flatMap((file) => {
      const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { size: -1, mtimeMs: 0 };
      return size < 0 ? [] : [{ file, size, mtimeMs }];
    })
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  let total = statSync(kept).size;
  for (const { file, size, mtimeMs } of files) {
    const abandoned = file.endsWith(".tmp") && Date.now() - mtimeMs > ABANDONED_MS;
    const foreign = !file.endsWith(".tmp") && !file.endsWith(SUFFIX);
    if (!foreign) total += size;
    if (abandoned || foreign || (total > mostBytes && !file.endsWith(".tmp"))) rmSync(file, { force: true });
  }
}
