// Where source files are on this machine: the compiler's recorded paths against sourceMap and the folders around.
// Reads the file system; knows DAP's Source and nothing of the guest.

import { existsSync } from "node:fs";
import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";

export interface SourceSettings {
  /** Recorded folder -> folder here. */
  sourceMap: Record<string, string>;
  /** Folders to look in by the longest tail of the recorded path. */
  folders: string[];
}

/** Recorded paths come from the compiler's machine: forward slashes, or backslashes from Windows. */
const parts = (file: string): string[] => file.split(/[\\/]+/).filter(Boolean);

export class SourcePaths {
  readonly #settings: SourceSettings;
  readonly #exists: (file: string) => boolean;
  readonly #found = new Map<string, string | undefined>();
  readonly #missing: string[] = [];

  constructor(settings: SourceSettings, exists: (file: string) => boolean = existsSync) {
    this.#settings = settings;
    this.#exists = exists;
  }

  /** The file here for a recorded path; undefined where none is found. */
  local(recorded: string): string | undefined {
    if (!this.#found.has(recorded)) this.#found.set(recorded, this.#search(recorded));
    return this.#found.get(recorded);
  }

  #search(recorded: string): string | undefined {
    const mapped = this.#mapped(recorded);
    if (mapped && this.#exists(mapped)) return mapped;
    if (path.isAbsolute(recorded) && this.#exists(recorded)) return path.normalize(recorded);
    return this.#byTail(recorded);
  }

  /** By sourceMap, the longest recorded folder first. */
  #mapped(recorded: string): string | undefined {
    const entries = Object.entries(this.#settings.sourceMap).sort(([a], [b]) => b.length - a.length);
    for (const [from, to] of entries) {
      const folder = from.replace(/[\\/]+$/, "");
      if (recorded === folder) return to;
      if (recorded.startsWith(`${folder}/`) || recorded.startsWith(`${folder}\\`))
        return path.join(to, ...parts(recorded.slice(folder.length)));
    }
    return undefined;
  }

  /** A folder that holds the recorded path's tail: the longer the tail, the surer. At least folder and file. */
  #byTail(recorded: string): string | undefined {
    const all = parts(recorded);
    for (let first = 0; first <= all.length - 2; first++)
      for (const folder of this.#settings.folders) {
        const candidate = path.join(folder, ...all.slice(first));
        if (this.#exists(candidate)) return candidate;
      }
    return undefined;
  }

  /** The recorded path for a file here, as far as sourceMap tells; symbols then match by the longest tail. */
  recorded(local: string): string {
    const entries = Object.entries(this.#settings.sourceMap).sort(([, a], [, b]) => b.length - a.length);
    for (const [from, to] of entries) {
      const relative = path.relative(to, local);
      if (relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative))
        return [from.replace(/[\\/]+$/, ""), ...parts(relative)].join("/");
    }
    return local;
  }

  /** DAP's Source. What is not found gets a reference, under which `content` explains. `onMissing` is called once a file. */
  source(recorded: string, onMissing: (recorded: string) => void): DebugProtocol.Source {
    const local = this.local(recorded);
    const name = parts(recorded).at(-1) ?? recorded;
    if (local) return { name, path: local };
    let index = this.#missing.indexOf(recorded);
    if (index < 0) {
      index = this.#missing.push(recorded) - 1;
      onMissing(recorded);
    }
    return {
      name,
      path: recorded,
      sourceReference: index + 1,
      presentationHint: "deemphasize",
      origin: "not found here: set sourceMap",
    };
  }

  /** What is shown in place of a source that was not found. */
  content(reference: number): string | undefined {
    const recorded = this.#missing[reference - 1];
    return recorded && missingText(recorded);
  }
}

/** Tells what to do about a source that is not here. */
export function missingText(recorded: string): string {
  const folder = recorded
    .replace(/[\\/](?:sys|common|kern|arch)[\\/].*$/, "")
    .replace(/[\\/][^\\/]*\.\w+$/, "");
  return [
    `/* ${recorded}`,
    " *",
    " * This source is not on this machine under the path that the compiler recorded.",
    " * Tell the launch configuration where the tree is:",
    " *",
    ` *     "sourceMap": { ${JSON.stringify(folder)}: "/path/to/the/tree" }`,
    " *",
    " * or open the tree as a folder of the workspace.",
    " */",
    "",
  ].join("\n");
}
