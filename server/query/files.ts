// The files of an index: in order of rank, by name, and what is around a place in one of them.
import type { IndexedFile } from "../index/shard-reader.ts";
import type { FileMatch, QueryOptions, Scope } from "./api.ts";
import { fileRank, isConfigured, type Ranking } from "./rank.ts";
import { type OpenShard, toScope } from "./shards.ts";

interface Place {
  readonly shard: OpenShard;
  readonly id: number;
  readonly file: IndexedFile;
}

export class FileTable {
  readonly #shards: readonly OpenShard[];
  #places: Map<string, Place> | undefined;
  #folders: Set<string> | undefined;

  constructor(shards: readonly OpenShard[]) {
    this.#shards = shards;
  }

  /** Every file that counts, best first. */
  ranked(ranking: Ranking, onlyConfigured = false): FileMatch[] {
    const files = [...this.#all().values()].map(({ file }) => ({ file, rank: fileRank(file.path, ranking) }));
    return files
      .filter(({ file }) => !onlyConfigured || isConfigured(file.path, ranking))
      .sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1))
      .map(({ file: { path: file, lines, size } }) => ({ file, lines, bytes: size }));
  }

  /**
   * Files by a part of their path, without regard to case: the very path or name first, then names that begin with it, hold it,
   * and paths that do. `*` and `?` match as in a shell.
   */
  named(name: string, ranking: Ranking, { configured, limit }: QueryOptions = {}): FileMatch[] {
    const fitting = fitOf(name);
    const found = this.ranked(ranking, configured)
      .map((match) => ({ match, fit: fitting(match.file.toLowerCase()) }))
      .filter((one) => one.fit > 0)
      .sort((a, b) => b.fit - a.fit);
    return found.slice(0, limit ?? found.length).map(({ match }) => match);
  }

  /** The innermost function or macro around a place, as the index knows it. */
  scopeAt(file: string, line: number, column: number): Scope | undefined {
    const place = this.#all().get(file);
    const stored = place?.shard.reader.scopeAt(place.id, line, column);
    return stored === undefined ? undefined : toScope(stored, place!.shard);
  }

  /** Had the file bytes of ASCII only when it was indexed? */
  isAscii(file: string): boolean {
    return this.#all().get(file)?.file.ascii ?? false;
  }

  /** Is there a file below this path of the tree? */
  hasFolder(folder: string): boolean {
    if (this.#folders === undefined) {
      this.#folders = new Set();
      for (const file of this.#all().keys())
        for (let end = file.lastIndexOf("/"); end > 0; end = file.lastIndexOf("/", end - 1)) {
          if (this.#folders.has(file.slice(0, end))) break;
          this.#folders.add(file.slice(0, end));
        }
    }
    return this.#folders.has(folder);
  }

  #all(): ReadonlyMap<string, Place> {
    if (this.#places !== undefined) return this.#places;
    const places = new Map<string, Place>();
    for (const shard of this.#shards)
      for (const [id, file] of shard.reader.files.entries())
        if (!shard.dead.has(id)) places.set(file.path, { shard, id, file });
    this.#places = places;
    return places;
  }
}

/** How well a path in lower case fits: 0 not at all. */
function fitOf(name: string): (file: string) => number {
  const wanted = name.toLowerCase().replace(/^\.?\//, "");
  if (/[*?]/.test(wanted)) {
    const parts = wanted.split("/").length;
    return (file) => (matchesGlob(wanted, file.split("/").slice(-parts).join("/")) ? 1 : 0);
  }
  return (file) => {
    const base = file.slice(file.lastIndexOf("/") + 1);
    if (file === wanted || base === wanted) return 6;
    if (file.endsWith(`/${wanted}`)) return 5;
    if (base.startsWith(`${wanted}.`)) return 4;
    if (base.startsWith(wanted)) return 3;
    if (base.includes(wanted)) return 2;
    return file.includes(wanted) ? 1 : 0;
  };
}

/** Does a text match a pattern of `*` (no `/`) and `?`? Goes back to the last `*` only, so it takes no longer than both lengths' product. */
function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      from = t;
    } else if (pattern[p] === text[t] || (pattern[p] === "?" && text[t] !== "/")) {
      p++;
      t++;
    } else if (star >= 0 && text[from] !== "/") {
      p = star + 1;
      t = ++from;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
