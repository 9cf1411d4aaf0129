// The occurrences of one name in all shards, as flat numbers: a name that stands in half a million places costs no objects.
// Files are ranked first; only what is asked for is decoded further.
import type { Posting } from "../index/shard-reader.ts";
import { grow, hashName } from "../lang/names.ts";
import { fileRank, isConfigured, type Ranking } from "./rank.ts";
import type { OpenShard } from "./shards.ts";

/** Numbers per hit: line, column, kind, symbol, end, container. */
const STRIDE = 6;

interface FileHits {
  readonly shard: OpenShard;
  /** Id in the shard. */
  readonly file: number;
  readonly path: string;
  readonly rank: number;
  /** Range of hits, in order of position. */
  readonly first: number;
  readonly last: number;
}

/** One hit, ready to be turned into an answer. */
export interface Hit {
  readonly shard: OpenShard;
  readonly path: string;
  readonly posting: Posting;
}

export class Hits {
  #files: FileHits[] = [];
  #numbers = new Int32Array(STRIDE * 16);
  #count = 0;

  /** All hits of a name that `keep` wants, judged by kind and symbol, except those in files that are dead. */
  constructor(
    shards: readonly OpenShard[],
    name: string,
    ranking: Ranking,
    keep: (kind: number, symbol: number) => boolean,
    onlyConfigured = false,
  ) {
    const bytes = Buffer.from(name, "utf8");
    const hash = hashName(bytes, 0, bytes.length);
    for (const shard of shards) {
      const id = shard.reader.find(bytes, hash);
      if (id >= 0) this.#collect(shard, id, ranking, keep);
    }
    if (onlyConfigured) this.#files = this.#files.filter(({ path }) => isConfigured(path, ranking));
    this.#files.sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1));
  }

  /** The hits in order of rank, path and position that `keep` wants; at most `limit`. */
  *take(limit: number, keep: (kind: number, symbol: number) => boolean = () => true): Generator<Hit> {
    const numbers = this.#numbers;
    let left = limit;
    for (const { shard, file, path, first, last } of this.#files)
      for (let at = first; at < last && left > 0; at += STRIDE) {
        const [line, column, kind] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!];
        const [symbol, end, container] = [numbers[at + 3]!, numbers[at + 4]!, numbers[at + 5]!];
        if (!keep(kind, symbol)) continue;
        left--;
        yield { shard, path, posting: { file, line, column, kind, symbol, end, container } };
      }
  }

  /** Is there a hit that `test` accepts? */
  some(test: (kind: number, symbol: number) => boolean): boolean {
    for (let at = 0; at < this.#count; at += STRIDE)
      if (test(this.#numbers[at + 2]!, this.#numbers[at + 3]!)) return true;
    return false;
  }

  #collect(
    shard: OpenShard,
    id: number,
    ranking: Ranking,
    keep: (kind: number, symbol: number) => boolean,
  ): void {
    let file = -1;
    let first = this.#count;
    const finish = () => {
      if (this.#count === first) return;
      const { path } = shard.reader.files[file]!;
      this.#files.push({ shard, file, path, rank: fileRank(path, ranking), first, last: this.#count });
      first = this.#count;
    };
    shard.reader.postings(id, (fileId, line, column, kind, symbol, end, container) => {
      if (fileId !== file) {
        finish();
        file = fileId;
      }
      if (keep(kind, symbol) && !shard.dead.has(fileId))
        this.#push(line, column, kind, symbol, end, container);
    });
    finish();
  }

  #push(line: number, column: number, kind: number, symbol: number, end: number, container: number): void {
    if (this.#count + STRIDE > this.#numbers.length)
      this.#numbers = grow(this.#numbers, this.#numbers.length * 2);
    const [at, numbers] = [this.#count, this.#numbers];
    numbers[at] = line;
    numbers[at + 1] = column;
    numbers[at + 2] = kind;
    numbers[at + 3] = symbol;
    numbers[at + 4] = end;
    numbers[at + 5] = container;
    this.#count = at + STRIDE;
  }
}
