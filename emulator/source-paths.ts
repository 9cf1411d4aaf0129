// Where source files are on this machine: the compiler's recorded paths against sourceMap and the folders around.
// An edge: reads the file system. Knows nothing of the guest or of a protocol.

import { existsSync } from "node:fs";
import path from "node:path";

export interface SourceSettings {
  /** Recorded folder -> folder here. */
  sourceMap: Record<string, string>;
  /** Folders to look in by the longest tail of the recorded path. */
  folders: string[];
}

/** The names in a path. Recorded paths come from the compiler's machine: forward slashes, or backslashes from Windows. */
export const pathParts = (file: string): string[] => file.split(/[\\/]+/).filter(Boolean);

export class SourcePaths {
  readonly #settings: SourceSettings;
  readonly #exists: (file: string) => boolean;
  readonly #found = new Map<string, string | undefined>();

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
        return path.join(to, ...pathParts(recorded.slice(folder.length)));
    }
    return undefined;
  }

  /** A folder that holds the recorded path's tail: the longer the tail, the surer. At least folder and file. */
  #byTail(recorded: string): string | undefined {
    const all = pathParts(recorded);
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
        return [from.replace(/[\\/]+$/, ""), ...pathParts(relative)].join("/");
    }
    return local;
  }
}

/** Where the bundled guest's sources are: beside the bundle (the package), or in the repository. */
export function guestSourceMap(): Record<string, string> {
  const places = ["../emulator/guest", "guest"].map((place) => path.join(__dirname, place));
  return { "/clockpath/guest": places.find((place) => existsSync(path.join(place, "sys"))) ?? places[0]! };
}
