// Random access to index files: pages read on demand, a bounded number of them kept. Knows no format.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const PAGE_BITS = 14;
const PAGE = 1 << PAGE_BITS;

/** Pages of all files of an index; the least recently used go first. */
export class PageCache {
  readonly #pages = new Map<number, Uint8Array>();

  /** Keeps at most so many bytes. */
  constructor(readonly capacity = 64 << 20) {}

  get(key: number): Uint8Array | undefined {
    const page = this.#pages.get(key);
    if (page === undefined) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page;
  }

  set(key: number, page: Uint8Array): void {
    this.#pages.set(key, page);
    if (this.#pages.size * PAGE <= this.capacity) return;
    for (const oldest of this.#pages.keys()) {
      this.#pages.delete(oldest);
      break;
    }
  }

  clear(): void {
    this.#pages.clear();
  }
}

let nextFile = 0;

/** One file, open for reading. It stays readable when its name is removed. */
export class PagedFile {
  readonly size: number;
  readonly #fd: number;
  readonly #cache: PageCache;
  readonly #key: number;

  constructor(path: string, cache: PageCache) {
    this.#fd = openSync(path, "r");
    this.size = fstatSync(this.#fd).size;
    this.#cache = cache;
    this.#key = nextFile++ * 2 ** 20;
  }

  /** length bytes from offset; shorter at the end of the file. Not to be written to. */
  read(offset: number, length: number): Uint8Array {
    const first = offset >>> PAGE_BITS;
    const from = offset - first * PAGE;
    if (from + length <= PAGE) return this.#page(first).subarray(from, from + length);
    if (length > 4 * PAGE) return this.#direct(offset, length);
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = offset + done;
      const start = at & (PAGE - 1);
      const part = this.#page(at >>> PAGE_BITS).subarray(start, start + length - done);
      if (part.length === 0) return bytes.subarray(0, done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  /** Reads into a buffer that the caller keeps for many reads, past the cache; returns how many bytes there were. */
  readInto(offset: number, length: number, target: Uint8Array): number {
    let done = 0;
    while (done < length) {
      const count = readSync(this.#fd, target, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #page(number: number): Uint8Array {
    const known = this.#cache.get(this.#key + number);
    if (known !== undefined) return known;
    const page = this.#direct(number * PAGE, PAGE);
    this.#cache.set(this.#key + number, page);
    return page;
  }

  #direct(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    return bytes.subarray(0, this.readInto(offset, bytes.length, bytes));
  }
}
