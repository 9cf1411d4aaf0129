// Small kernel trees for tests: written inline as one text, or a folder on the disk; and a configuration as text to compare.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { KernelConfiguration, ListFolder, ReadFile, Reason } from "../../server/kernel/api.ts";

export interface Tree {
  read: ReadFile;
  list: ListFolder;
}

/** "--- sys/conf/files\n...--- sys/conf/std\n..." as a tree. Indentation by two spaces is taken away, so that it can stand in a test. */
export function inlineTree(text: string): Tree {
  const files = new Map<string, string>();
  for (const part of text.replace(/^ {2}/gm, "").split(/^--- /m).slice(1)) {
    const end = part.indexOf("\n");
    files.set(part.slice(0, end).trim(), part.slice(end + 1));
  }
  return mapTree(files);
}

export function mapTree(files: ReadonlyMap<string, string>): Tree {
  const read: ReadFile = (file) => {
    const text = files.get(file);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
  const list: ListFolder = (folder) => {
    const prefix = folder === "" ? "" : `${folder}/`;
    const below = [...files.keys()].filter((file) => file.startsWith(prefix));
    return [...new Set(below.map((file) => file.slice(prefix.length).split("/")[0]!))];
  };
  return { read, list };
}

export function folderTree(folder: string): Tree {
  return {
    read: (file) => {
      const full = path.join(folder, ...file.split("/"));
      return statSync(full, { throwIfNoEntry: false })?.isFile() ? readFileSync(full) : undefined;
    },
    list: (name) => {
      const full = path.join(folder, ...name.split("/"));
      return statSync(full, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(full) : [];
    },
  };
}

/** Every file of a folder tree, in memory: what mutation tests change. */
export function loadFolder(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, full).split(path.sep).join("/"), readFileSync(full, "utf8"));
  }
  return files;
}

export function withTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-kernel-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const fixtures = path.join(__dirname, "fixtures");

/** "file:line: text (note)", a line each. */
export function reasonText(reason: Reason | undefined): string {
  const lines = reason?.map(
    ({ place, text, note }) => `${place ? `${place.file}:${place.line}` : "-"}: ${text} (${note})`,
  );
  return `\n${lines?.join("\n") ?? "no reason"}\n`;
}

/** Compiled files, in order, each on a line. */
export const fileNames = ({ files }: KernelConfiguration): string[] => files.map(({ file }) => file);

/** What went wrong: "file:line: severity: message". */
export const complaints = ({ diagnostics }: KernelConfiguration): string[] =>
  diagnostics.map(({ place, severity, message }) => `${place?.file}:${place?.line}: ${severity}: ${message}`);
