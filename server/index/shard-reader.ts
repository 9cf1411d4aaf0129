// Questions to one shard (format.ts): a name's id, its postings, the scopes of a file, names that match. Reads pages on
// demand; a damaged shard gives an IndexError when it is opened, never wrong memory.

import * as F from "../lang/facts.ts";
import { hashName } from "../lang/names.ts";
import { IndexError } from "../query/api.ts";
import { ByteReader, latin1, uint32At } from "./bytes.ts";
import * as format from "./format.ts";
import { type PageCache, PagedFile } from "./pages.ts";

export interface IndexedFile {
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
  readonly lines: number;
}

/** One occurrence of a name, as stored: `kind` and `symbol` are numbers of lang/facts.ts. */
export interface Posting {
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly kind: number;
  /** For definitions and declarations. */
  readonly symbol: number;
  readonly end: number;
  /** Name id of the container, or 0. */
  readonly container: number;
}

export interface StoredScope {
  readonly name: number;
  readonly macro: boolean;
  readonly line: number;
  readonly column: number;
  readonly end: number;
}

interface NameRecord {
  readonly bytes: Uint8Array;
  readonly postings: number;
  readonly length: number;
}

/** The name that is looked at in a search: kept from search to search. */
let oneName = Buffer.alloc(1024);

/** Reads names one after the other into oneName, each over the one before it: a search reads a hundred thousand. */
class NameWalk {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** At the first name of a block, which is bytes[at]. */
  begin(bytes: Uint8Array, at: number): void {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The length of the next name. */
  next(): number {
    const shared = this.#varint();
    const suffix = this.#varint();
    const length = shared + suffix;
    if (length > oneName.length) {
      const larger = Buffer.alloc(2 * length);
      larger.set(oneName);
      oneName = larger;
    }
    const [bytes, name] = [this.#bytes, oneName];
    let at = this.#at;
    for (let i = shared; i < length; i++) name[i] = bytes[at++]!;
    while (bytes[at++]! > 0x7f); // the length of its postings
    this.#at = at;
    return length;
  }

  #varint(): number {
    const first = this.#bytes[this.#at++]!;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; ; shift += 7) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

const walk = new NameWalk();

export class ShardReader {
  readonly fileCount: number;
  readonly nameCount: number;
  readonly symbolCount: number;
  readonly bytes: number;
  readonly #file: PagedFile;
  readonly #sections: Record<format.SectionName, { offset: number; length: number }>;
  readonly #bucketBits: number;
  #files: IndexedFile[] | undefined;
  #scopes = new Map<number, StoredScope[]>();
  #masks: Uint32Array | undefined;
  #pairs: Uint32Array | undefined;
  #starts: Uint32Array | undefined;
  #blocks: Uint32Array | undefined;

  constructor(path: string, cache: PageCache) {
    this.#file = new PagedFile(path, cache);
    this.bytes = this.#file.size;
    const header = new ByteReader(this.#file.read(0, format.HEADER_BYTES));
    if (header.uint32() !== format.MAGIC || header.uint32() !== format.VERSION) this.#damaged(path);
    const sections = {} as Record<format.SectionName, { offset: number; length: number }>;
    for (const name of format.SECTIONS) {
      sections[name] = { offset: header.uint32(), length: header.uint32() };
      if (sections[name].offset + sections[name].length > this.bytes) this.#damaged(path);
    }
    this.#sections = sections;
    this.fileCount = header.uint32();
    this.nameCount = header.uint32();
    this.#bucketBits = header.uint32();
    this.symbolCount = header.uint32();
  }

  close(): void {
    this.#file.close();
  }

  get files(): readonly IndexedFile[] {
    this.#files ??= this.#readFiles();
    return this.#files;
  }

  /** The id of a name, or -1. `hash` is hashName() of its bytes. */
  find(name: Uint8Array, hash: number): number {
    const bucket = format.bucketOf(hash, this.#bucketBits);
    const range = this.#file.read(this.#sections.buckets.offset + bucket * 4, 8);
    const [first, last] = [uint32At(range, 0), uint32At(range, 4)];
    const entries = this.#file.read(this.#sections.entries.offset + first * 4, (last - first) * 4);
    for (let at = 0; at < entries.length; at += 4) {
      const entry = uint32At(entries, at);
      const id = entry & (format.MAX_NAMES - 1);
      if (entry !== format.hashEntry(id, hash)) continue;
      if (Buffer.compare(this.#record(id).bytes, name) === 0) return id;
    }
    return -1;
  }

  findText(name: string): number {
    const bytes = Buffer.from(name, "latin1");
    return this.find(bytes, hashName(bytes, 0, bytes.length));
  }

  nameText(id: number): string {
    const { bytes } = this.#record(id);
    return latin1(bytes, 0, bytes.length);
  }

  /** Calls `visit` for every occurrence of a name, in order of file and line. */
  postings(
    id: number,
    visit: (
      file: number,
      line: number,
      column: number,
      kind: number,
      symbol: number,
      end: number,
      container: number,
    ) => void,
  ): void {
    const record = this.#record(id);
    const { offset } = this.#sections.postings;
    const reader = new ByteReader(this.#file.read(offset + record.postings, record.length));
    let file = 0;
    while (reader.at < record.length) {
      file += reader.varint();
      const count = reader.varint();
      let line = 0;
      for (let i = 0; i < count && reader.at < record.length; i++) {
        const head = reader.varint();
        const kind = head & 15;
        line += head >>> 4;
        const column = reader.varint();
        const stored = kind === F.DEFINITION || kind === F.DECLARATION;
        const symbol = stored ? reader.byte() : 0;
        const end = stored ? line + reader.varint() : line;
        const container = stored ? reader.varint() : 0;
        visit(file, line, column, kind, symbol, end, container);
      }
    }
  }

  /** The innermost function or macro around a line, or undefined. A macro is told from its surroundings by column. */
  scopeAt(file: number, line: number, column: number): StoredScope | undefined {
    const scopes = this.scopes(file);
    let low = 0;
    let high = scopes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const scope = scopes[middle]!;
      if (scope.line < line || (scope.line === line && scope.column <= column)) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && i >= low - 200; i--) if (scopes[i]!.end >= line) return scopes[i];
    return undefined;
  }

  /** The functions and macros of a file that contain names, by position. */
  scopes(file: number): readonly StoredScope[] {
    let scopes = this.#scopes.get(file);
    if (scopes === undefined) {
      scopes = this.#readScopes(file);
      if (this.#scopes.size > 2000) this.#scopes.clear();
      this.#scopes.set(file, scopes);
    }
    return scopes;
  }

  /**
   * Calls `visit` with each name that is defined as one of `kinds`, has all of `letters`, and whose pairs and starts `fits`
   * wants; its bytes are the first `length` of a buffer that is used again.
   */
  matching(
    kinds: number,
    letters: number,
    fits: (pairs: number, starts: number) => boolean,
    visit: (name: Buffer, length: number, mask: number) => void,
  ): void {
    this.#masks ??= this.#readWords("masks");
    this.#pairs ??= this.#readWords("pairs");
    this.#starts ??= this.#readWords("starts");
    this.#blocks ??= this.#readWords("blocks");
    const [masks, pairs, starts] = [this.#masks, this.#pairs, this.#starts];
    const isWanted = (id: number) =>
      (masks[id]! & letters) === letters && (masks[id]! & kinds) !== 0 && fits(pairs[id]!, starts[id]!);
    for (let id = 0; id < masks.length; id++) {
      if ((masks[id]! & letters) !== letters || !isWanted(id)) continue;
      const first = id - (id % format.BLOCK);
      const last = Math.min(first + format.BLOCK, this.nameCount);
      walk.begin(this.#namesOfBlock(first / format.BLOCK), 4);
      for (let at = first; at < last; at++) {
        const length = walk.next();
        if (at >= id && isWanted(at)) visit(oneName, length, masks[at]!);
      }
      id = last - 1;
    }
  }

  /** A block as it is stored: where its postings begin, then its names. */
  #namesOfBlock(block: number): Uint8Array {
    const { names } = this.#sections;
    const start = this.#blocks![block]!;
    const end = this.#blocks![block + 1] ?? names.length;
    return this.#file.read(names.offset + start, end - start);
  }

  /** A section of numbers, kept in memory. */
  #readWords(section: format.SectionName): Uint32Array {
    const { offset, length } = this.#sections[section];
    const words = new Uint32Array(length >>> 2);
    this.#file.readInto(offset, words.byteLength, new Uint8Array(words.buffer));
    return words;
  }

  #damaged(path: string): never {
    this.#file.close();
    throw new IndexError(
      `${path} is no index file of this version; run "clockpath index" to build the index anew`,
    );
  }

  #record(id: number): NameRecord {
    return this.#block(Math.floor(id / format.BLOCK), id % format.BLOCK)[id % format.BLOCK]!;
  }

  /** The names of a block, up to the one at `last`. */
  #block(block: number, last = format.BLOCK - 1): NameRecord[] {
    const reader = this.#blockReader(block);
    const records: NameRecord[] = [];
    let postings = reader.uint32();
    let previous: Uint8Array = new Uint8Array(0);
    while (records.length <= last && reader.at < reader.bytes.length) {
      const shared = reader.varint();
      const suffix = reader.varint();
      const bytes = new Uint8Array(shared + suffix);
      bytes.set(previous.subarray(0, shared));
      bytes.set(reader.bytes.subarray(reader.at, reader.at + suffix), shared);
      reader.at += suffix;
      const length = reader.varint();
      records.push({ bytes, postings, length });
      postings += length;
      previous = bytes;
    }
    return records;
  }

  /** A reader over one block of names. */
  #blockReader(block: number): ByteReader {
    const { blocks, names } = this.#sections;
    const isLast = (block + 1) * format.BLOCK >= this.nameCount;
    const range = this.#file.read(blocks.offset + block * 4, isLast ? 4 : 8);
    const start = uint32At(range, 0);
    const end = isLast ? names.length : uint32At(range, 4);
    return new ByteReader(this.#file.read(names.offset + start, end - start));
  }

  #readFiles(): IndexedFile[] {
    const { offset, length } = this.#sections.files;
    const reader = new ByteReader(this.#file.read(offset, length));
    const files: IndexedFile[] = [];
    let previous: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < this.fileCount && reader.at < length; i++) {
      const shared = reader.varint();
      const suffix = reader.varint();
      const bytes = new Uint8Array(shared + suffix);
      bytes.set(previous.subarray(0, shared));
      bytes.set(reader.bytes.subarray(reader.at, reader.at + suffix), shared);
      reader.at += suffix;
      previous = bytes;
      const path = Buffer.from(bytes).toString("utf8");
      files.push({
        path,
        size: reader.varint(),
        mtime: reader.float64(),
        inode: reader.float64(),
        lines: reader.varint(),
      });
    }
    return files;
  }

  #readScopes(file: number): StoredScope[] {
    const { offset } = this.#sections.scopes;
    const range = this.#file.read(offset + file * 4, 8);
    const [start, end] = [uint32At(range, 0), uint32At(range, 4)];
    const reader = new ByteReader(this.#file.read(offset + start, end - start));
    const scopes: StoredScope[] = [];
    let line = 0;
    while (reader.at < end - start) {
      const head = reader.varint();
      line += reader.varint();
      const column = reader.varint();
      const length = reader.varint();
      scopes.push({ name: head >>> 1, macro: (head & 1) === 1, line, column, end: line + length });
    }
    return scopes;
  }
}
