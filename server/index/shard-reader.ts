// Questions to one shard (format.ts): a name's id, its postings, the scopes of a file, names that match. Reads pages on
// demand; a damaged shard gives an IndexError when it is opened, never wrong memory.

import * as F from "../lang/facts.ts";
import { hashName } from "../lang/names.ts";
import { IndexError } from "../query/api.ts";
import { ByteReader, latin1, uint32At } from "./bytes.ts";
import * as format from "./format.ts";
import { type PageCache, PagedFile } from "./pages.ts";
import { readSymbolColumns, type SymbolColumns } from "./symbol-columns.ts";

export interface IndexedFile {
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
  readonly lines: number;
  /** Bytes were characters when it was indexed. */
  readonly ascii: boolean;
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
  /** Good until the next record is read. */
  readonly bytes: Uint8Array;
  readonly postings: number;
  readonly length: number;
}

/** The name that was read last: names of a block are told by what differs from the one before. */
let oneName: Uint8Array = new Uint8Array(1024);

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
  #buckets: Uint32Array | undefined;
  #entries: Uint32Array | undefined;
  #columns: SymbolColumns | undefined;

  constructor(
    readonly path: string,
    cache: PageCache,
  ) {
    this.#file = new PagedFile(path, cache);
    this.bytes = this.#file.size;
    const header = new ByteReader(this.#file.read(0, format.HEADER_BYTES));
    let isSound = header.uint32() === format.MAGIC && header.uint32() === format.VERSION;
    const sections = {} as Record<format.SectionName, { offset: number; length: number }>;
    for (const name of format.SECTIONS) {
      sections[name] = { offset: header.uint32(), length: header.uint32() };
      isSound &&= sections[name].offset + sections[name].length <= this.bytes;
    }
    if (!isSound) {
      this.#file.close();
      throw this.#damaged();
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
    this.#buckets ??= this.#words("buckets");
    this.#entries ??= this.#words("entries");
    const entries = this.#entries;
    const bucket = format.bucketOf(hash, this.#bucketBits);
    const end = Math.min(this.#buckets[bucket + 1] ?? 0, entries.length);
    for (let at = this.#buckets[bucket] ?? 0; at < end; at++) {
      const id = entries[at]! & (format.MAX_NAMES - 1);
      if (entries[at] !== format.hashEntry(id, hash)) continue;
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

  /** What a search by letters looks at, kept in memory. */
  get symbols(): SymbolColumns {
    if (this.#columns !== undefined) return this.#columns;
    const [letters, pairs, starts] = [this.#words("letters"), this.#words("pairs"), this.#words("starts")];
    const text = new Uint8Array(this.#sections.texts.length);
    this.#file.readInto(this.#sections.texts.offset, text.length, text);
    const columns = readSymbolColumns(this.#words("lengths"), { letters, pairs, starts, text });
    if (columns === undefined) throw this.#damaged();
    this.#columns = columns;
    return columns;
  }

  #words(section: format.SectionName): Uint32Array {
    const { offset, length } = this.#sections[section];
    const words = new Uint32Array(length >>> 2);
    this.#file.readInto(offset, words.byteLength, new Uint8Array(words.buffer));
    return words;
  }

  #damaged(): IndexError {
    return new IndexError(
      `${this.path} is no index file of this version; run "clockpath index" to build the index anew`,
    );
  }

  #record(id: number): NameRecord {
    const reader = this.#blockReader(Math.floor(id / format.BLOCK));
    const { bytes } = reader;
    let postings = reader.uint32();
    let [length, size] = [0, 0];
    for (let left = id % format.BLOCK; left >= 0 && reader.at < bytes.length; left--) {
      const shared = Math.min(reader.varint(), length);
      const suffix = Math.min(reader.varint(), bytes.length - reader.at);
      length = shared + suffix;
      if (oneName.length < length) oneName = Buffer.concat([oneName], 2 * length);
      for (let i = shared; i < length; i++) oneName[i] = bytes[reader.at++]!;
      postings += size;
      size = reader.varint();
    }
    return { bytes: oneName.subarray(0, length), postings, length: size };
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
        ...linesOf(reader.varint()),
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

const linesOf = (stored: number) => ({ lines: Math.floor(stored / 2), ascii: stored % 2 === 0 });
