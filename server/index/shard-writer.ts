// Facts of some files -> the bytes of a shard (format.ts). Deterministic: equal sources give equal bytes.

import type { FactBuffer } from "../lang/facts.ts";
import * as F from "../lang/facts.ts";
import { FIRST_NAME } from "../lang/keywords.ts";
import type { NameTable } from "../lang/names.ts";
import { ByteWriter } from "./bytes.ts";
import * as format from "./format.ts";
import { writeSymbolColumns } from "./symbol-columns.ts";

/** A source file, and where its facts start in the buffer. */
export interface ShardFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
  readonly lines: number;
  /** Bytes are characters. */
  readonly ascii: boolean;
  readonly firstFact: number;
  readonly firstScope: number;
}

/** Writes shards one after the other, reusing its memory. The result is valid until the next one. */
export class ShardWriter {
  readonly #out = new ByteWriter();
  readonly #postings = new ByteWriter();
  readonly #section = new ByteWriter();

  write(
    files: readonly ShardFile[],
    names: NameTable,
    facts: FactBuffer,
  ): { bytes: Uint8Array; symbols: number } {
    const out = this.#out;
    out.clear();
    out.reserve(format.HEADER_BYTES);
    out.length = format.HEADER_BYTES;
    const offsets: number[] = [];
    const section = (bytes: ByteWriter) => {
      offsets.push(out.length, bytes.length);
      out.append(bytes.bytes, 0, bytes.length);
      bytes.clear();
    };
    const order = sortByName(names.count, facts);
    const kinds = new Uint32Array(names.count);
    const lengths = new Uint32Array(names.count);
    const symbols = this.#writePostings(files, names.count, facts, order, kinds, lengths);

    const scratch = this.#section;
    writeFiles(scratch, files);
    section(scratch);
    writeScopes(scratch, files, facts);
    section(scratch);
    const blocks = new ByteWriter();
    writeNames(scratch, blocks, names, lengths);
    section(blocks);
    section(scratch);
    const buckets = new ByteWriter();
    const bits = writeHashTable(buckets, scratch, names);
    section(buckets);
    section(scratch);
    writeSymbolColumns(scratch, names, kinds, section);
    section(this.#postings);
    writeHeader(out, offsets, [files.length, names.count, bits, symbols]);
    return { bytes: out.view(), symbols };
  }

  /** The postings of every name, in order of id; fills kinds and lengths; returns the number of definitions. */
  #writePostings(
    files: readonly ShardFile[],
    nameCount: number,
    facts: FactBuffer,
    { order, first }: { order: Int32Array; first: Int32Array },
    kinds: Uint32Array,
    lengths: Uint32Array,
  ): number {
    const fileOf = filesOfFacts(files, facts.count);
    const out = this.#postings;
    let definitions = 0;
    for (let name = FIRST_NAME; name < nameCount; name++) {
      const start = out.length;
      const end = first[name + 1]!;
      let previousFile = 0;
      for (let i = first[name]!; i < end; ) {
        const file = fileOf[order[i]!]!;
        let next = i + 1;
        while (next < end && fileOf[order[next]!] === file) next++;
        out.varint(file - previousFile);
        out.varint(next - i);
        previousFile = file;
        let line = 0;
        for (; i < next; i++) {
          const fact = order[i]!;
          writeOccurrence(out, facts, fact, line);
          line = facts.lines[fact]!;
          const definition = facts.definition[fact]!;
          if (definition === 0 || facts.kinds[fact] !== F.DEFINITION) continue;
          definitions++;
          kinds[name]! |= maskOf(facts.definitionKinds[definition - 1]! & F.SYMBOL_KIND);
        }
      }
      lengths[name] = out.length - start;
    }
    return definitions;
  }
}

function writeOccurrence(out: ByteWriter, facts: FactBuffer, fact: number, previousLine: number): void {
  const line = facts.lines[fact]!;
  const kind = facts.kinds[fact]!;
  out.varint((Math.max(0, line - previousLine) << 4) | kind);
  out.varint(facts.columns[fact]!);
  if (kind !== F.DEFINITION && kind !== F.DECLARATION) return;
  const definition = facts.definition[fact]! - 1;
  if (definition < 0) {
    out.byte(F.FUNCTION);
    out.varint(0);
    out.varint(0);
    return;
  }
  out.byte(facts.definitionKinds[definition]!);
  out.varint(Math.max(0, facts.definitionEnds[definition]! - line));
  out.varint(facts.definitionContainers[definition]!);
}

function maskOf(symbol: number): number {
  if (symbol === F.FUNCTION) return format.MASK_FUNCTION;
  if (symbol === F.MACRO) return format.MASK_MACRO;
  return symbol === F.FIELD ? format.MASK_FIELD : format.MASK_OTHER;
}

/** Facts in order of name (a counting sort, so in order of file and line within it), and where each name begins. */
function sortByName(nameCount: number, facts: FactBuffer): { order: Int32Array; first: Int32Array } {
  const first = new Int32Array(nameCount + 2);
  for (let i = 0; i < facts.count; i++) first[facts.names[i]! + 2]!++;
  for (let i = 2; i < first.length; i++) first[i]! += first[i - 1]!;
  const order = new Int32Array(facts.count);
  for (let i = 0; i < facts.count; i++) order[first[facts.names[i]! + 1]!++] = i;
  return { order, first };
}

function filesOfFacts(files: readonly ShardFile[], count: number): Uint16Array {
  const fileOf = new Uint16Array(count);
  for (const [i, file] of files.entries()) fileOf.fill(i, file.firstFact, files[i + 1]?.firstFact ?? count);
  return fileOf;
}

function writeFiles(out: ByteWriter, files: readonly ShardFile[]): void {
  let previous = Buffer.alloc(0);
  for (const file of files) {
    const path = Buffer.from(file.path, "utf8");
    let shared = 0;
    while (shared < path.length && shared < previous.length && path[shared] === previous[shared]) shared++;
    out.varint(shared);
    out.varint(path.length - shared);
    out.append(path, shared);
    out.varint(file.size);
    out.float64(file.mtime);
    out.float64(file.inode);
    out.varint(file.lines * 2 + (file.ascii ? 0 : 1));
    previous = path;
  }
}

function writeScopes(out: ByteWriter, files: readonly ShardFile[], facts: FactBuffer): void {
  const base = (files.length + 1) * 4;
  out.reserve(base);
  out.length = base;
  const offsets: number[] = [];
  files.forEach((file, i) => {
    offsets.push(out.length);
    const end = files[i + 1]?.firstScope ?? facts.scopeCount;
    let line = 0;
    for (let scope = file.firstScope; scope < end; scope++) {
      const start = Math.max(line, facts.scopeLines[scope]!);
      out.varint(facts.scopeNames[scope]! * 2 + facts.scopeMacros[scope]!);
      out.varint(start - line);
      out.varint(facts.scopeColumns[scope]!);
      out.varint(Math.max(0, facts.scopeEnds[scope]! - start));
      line = start;
    }
  });
  offsets.push(out.length);
  const end = out.length;
  out.length = 0;
  for (const offset of offsets) out.uint32(offset);
  out.length = end;
}

function writeNames(out: ByteWriter, blocks: ByteWriter, names: NameTable, lengths: Uint32Array): void {
  const { arena, starts } = names;
  let postings = 0;
  for (let name = 0; name < names.count; name++) {
    const start = starts[name]!;
    const end = starts[name + 1]!;
    let shared = 0;
    if (name % format.BLOCK === 0) {
      blocks.uint32(out.length);
      out.uint32(postings);
    } else {
      const previous = starts[name - 1]!;
      const most = Math.min(end - start, start - previous);
      while (shared < most && arena[previous + shared] === arena[start + shared]) shared++;
    }
    out.varint(shared);
    out.varint(end - start - shared);
    out.append(arena, start + shared, end);
    out.varint(lengths[name]!);
    postings += lengths[name]!;
  }
}

/** Buckets of about four names; returns the number of bits of a bucket's number. */
function writeHashTable(buckets: ByteWriter, entries: ByteWriter, names: NameTable): number {
  const { hashes, count } = names;
  let bits = 0;
  while (4 << bits < count) bits++;
  const first = new Int32Array((1 << bits) + 2);
  for (let id = FIRST_NAME; id < count; id++) first[format.bucketOf(hashes[id]!, bits) + 2]!++;
  for (let i = 2; i < first.length; i++) first[i]! += first[i - 1]!;
  const sorted = new Int32Array(count - FIRST_NAME);
  for (let id = FIRST_NAME; id < count; id++) sorted[first[format.bucketOf(hashes[id]!, bits) + 1]!++] = id;
  for (let i = 0; i <= 1 << bits; i++) buckets.uint32(first[i]!);
  for (const id of sorted) entries.uint32(format.hashEntry(id, hashes[id]!));
  return bits;
}

function writeHeader(out: ByteWriter, offsets: readonly number[], counts: readonly number[]): void {
  const end = out.length;
  out.length = 0;
  out.uint32(format.MAGIC);
  out.uint32(format.VERSION);
  for (const value of offsets) out.uint32(value);
  for (const value of counts) out.uint32(value);
  out.length = end;
}
