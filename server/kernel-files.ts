// The file-system side of server/kernel/: a tree on the disk as the reader and lister that it asks for.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { ListFolder, ReadFile } from "./kernel/api.ts";

export interface TreeFiles {
  read: ReadFile;
  list: ListFolder;
}

/**
 * Files below a folder, which is the source root (with sys/ in it) or sys/ itself. `overlay` answers first: unsaved text of an editor, by
 * the same paths. Throws what the file system throws, except that what is absent or no file is `undefined`.
 */
export function treeFiles(root: string, overlay?: ReadFile): TreeFiles {
  const find = (file: string) => {
    // NetBSD's sys/ names files beside it (../common/lib/...), and nothing further up is of the tree.
    if (/^\.\.\/\.\.(\/|$)/.test(file)) return undefined;
    const name = path.join(root, ...file.split("/"));
    try {
      return { name, stats: statSync(name) };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw error;
    }
  };
  return {
    read(file) {
      const unsaved = overlay?.(file);
      if (unsaved !== undefined) return unsaved;
      const found = find(file);
      return found?.stats.isFile() ? readFileSync(found.name) : undefined;
    },
    list(folder) {
      const found = find(folder);
      return found?.stats.isDirectory() ? readdirSync(found.name) : [];
    },
  };
}
