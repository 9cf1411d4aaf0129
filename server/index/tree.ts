// A source tree on disk: which system's it is, and which files of it the index holds. Knows no index.
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { isSource } from "../lang/source.ts";
import { IndexError, type Tree } from "../query/api.ts";

/** Recognises a kernel tree: a folder that holds sys/kern/kern_tc.c, or is that `sys`. Others are `other`. */
export function detectTree(folder: string): Tree {
  const root = realFolder(folder);
  for (const sys of ["sys", ""]) {
    const base = path.join(root, sys);
    if (!existsSync(path.join(base, "kern", "kern_tc.c"))) continue;
    return { root, sys, os: existsSync(path.join(base, "arch")) ? "netbsd" : "freebsd" };
  }
  return { root, sys: "", os: "other" };
}

function realFolder(folder: string): string {
  let root: string;
  try {
    root = realpathSync(folder);
  } catch {
    throw new IndexError(
      `${folder}: no such folder; name the kernel's source tree (the folder that holds sys/, or sys itself)`,
    );
  }
  if (!statSync(root).isDirectory())
    throw new IndexError(`${folder} is a file; name the folder of the kernel's sources`);
  return root;
}

/** A file on disk. */
export interface FoundFile {
  /** Relative to the tree's root, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
}

export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** Folders that hold copies of sources or none at all. */
const skippedFolders = new Set(["CVS", "node_modules"]);

/** Larger files are left out, and said so: the largest C file of the BSD trees has 3.3 MB. */
export const MAX_FILE_BYTES = 16 << 20;

/**
 * The sources of a tree in order of path: of a whole BSD tree the kernel's part (`sys` and, beside it, `common`). Links
 * are not followed: what they name is either in the tree as itself or no part of it. Yields to the event loop.
 */
export async function listSources(
  tree: Tree,
  signal?: AbortSignal,
): Promise<{ files: FoundFile[]; skipped: Skipped[] }> {
  const files: FoundFile[] = [];
  const skipped: Skipped[] = [];
  const folders =
    tree.sys === "" ? [""] : [tree.sys, "common"].filter((f) => existsSync(path.join(tree.root, f)));
  const pending = folders.reverse();
  for (let count = 0; pending.length > 0; count++) {
    if (count % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    listFolder(tree.root, pending.pop()!, pending, files, skipped);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, skipped };
}

function listFolder(
  root: string,
  folder: string,
  pending: string[],
  files: FoundFile[],
  skipped: Skipped[],
): void {
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    skipped.push({ file: folder === "" ? "." : folder, reason: reasonOf(error) });
    return;
  }
  for (const entry of entries) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !skippedFolders.has(entry.name)) pending.push(name);
    } else if (entry.isFile() && isSource(entry.name)) {
      const found = statFile(root, name, skipped);
      if (found !== undefined) files.push(found);
    }
  }
}

function statFile(root: string, name: string, skipped: Skipped[]): FoundFile | undefined {
  try {
    const { size, mtimeMs, ino } = statSync(path.join(root, name));
    if (size <= MAX_FILE_BYTES) return { path: name, size, mtime: mtimeMs, inode: ino };
    skipped.push({ file: name, reason: `larger than ${MAX_FILE_BYTES >> 20} MB` });
  } catch (error) {
    skipped.push({ file: name, reason: reasonOf(error) });
  }
  return undefined;
}

/** A system error in words, without the path it repeats. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  if (code === "ENOENT") return "it vanished, or its name is not valid UTF-8";
  return code ?? String(error);
}
