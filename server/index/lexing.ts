// One job of a build: reads some files, scans them, writes their shards. Runs in a worker thread or in this one; talks
// to no one but through its arguments and result.
import { isAscii } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { SourceScanner } from "../lang/source.ts";
import { type ShardFile, ShardWriter } from "./shard-writer.ts";
import { type HeadShard, writeDurably } from "./store.ts";
import { type FoundFile, reasonOf, type Skipped } from "./tree.ts";

export interface Job {
  readonly root: string;
  readonly files: readonly FoundFile[];
  /** Folder of the index, and the start of the shards' names. */
  readonly folder: string;
  readonly prefix: string;
}

export interface JobResult {
  readonly shards: HeadShard[];
  readonly skipped: Skipped[];
}

/** A shard ends when it has so many names or files, though its job goes on. */
const MAX_SHARD_NAMES = 600_000;
const MAX_SHARD_FILES = 60_000;
/** Files between two reports of progress. */
const REPORT_EVERY = 100;

/** Does jobs one after the other, reusing its buffers. */
export class JobRunner {
  readonly #source = new SourceScanner();
  readonly #writer = new ShardWriter();
  #buffer = new Uint8Array(1 << 20);

  /** Yields the number of files done from time to time, so that the caller can report and cancel. */
  *run(job: Job): Generator<number, JobResult> {
    const shards: HeadShard[] = [];
    const skipped: Skipped[] = [];
    let files: ShardFile[] = [];
    this.#source.clear();
    const { facts, names } = this.#source;
    const finish = () => {
      if (files.length > 0) shards.push(this.#writeShard(job, `${job.prefix}-${shards.length}.shard`, files));
      files = [];
      this.#source.clear();
    };
    for (const [i, file] of job.files.entries()) {
      const read = this.#read(path.join(job.root, file.path), file.size);
      if (typeof read === "string") skipped.push({ file: file.path, reason: read });
      else {
        const [firstFact, firstScope] = [facts.count, facts.scopeCount];
        const lines = this.#source.scan(file.path, this.#buffer, read);
        const ascii = isAscii(this.#buffer.subarray(0, read));
        files.push({ ...file, lines, ascii, firstFact, firstScope });
        if (names.count > MAX_SHARD_NAMES || files.length >= MAX_SHARD_FILES) finish();
      }
      if (i % REPORT_EVERY === REPORT_EVERY - 1) yield i + 1;
    }
    finish();
    return { shards, skipped };
  }

  /** Reads a file into the buffer; its length, or why it cannot be read. */
  #read(file: string, size: number): number | string {
    if (size + 1 > this.#buffer.length) this.#buffer = new Uint8Array(size + 1);
    try {
      const fd = openSync(file, "r");
      try {
        let length = 0;
        while (length < size) {
          const count = readSync(fd, this.#buffer, length, size - length, null);
          if (count === 0) break;
          length += count;
        }
        return length;
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      return reasonOf(error);
    }
  }

  #writeShard(job: Job, name: string, files: readonly ShardFile[]): HeadShard {
    const { bytes, symbols } = this.#writer.write(files, this.#source.names, this.#source.facts);
    writeDurably(path.join(job.folder, name), bytes);
    const sourceBytes = files.reduce((sum, file) => sum + file.size, 0);
    return { file: name, files: files.length, symbols, bytes: bytes.length, sourceBytes, dead: [] };
  }
}
