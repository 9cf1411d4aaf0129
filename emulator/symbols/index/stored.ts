// The form in which a whole index is kept on disk: bytes out, bytes in. Every part carries its checksum and is checked when it is first read, so
// that a damaged file is found out before it is believed, and a large one need not be read whole. Must not know files.
//
// All numbers are little-endian, of 32 bits unless said otherwise.
//   "CLKSYM" and two digits for the version; length of the file; length and checksum of the stamp, the stamp (UTF-8, padded to four bytes);
//   for each part: offset, length, checksum; checksum of all that.
//   units: eight words each (see packHeader). ranges: lows, then highs (64-bit floats), then unit numbers. files: paths, each ended by a NUL.
//   pages: first hash, offset (from the end of this part), length, checksum of each page of postings; the pages follow.
// A page of postings is a sequence of: difference of the hash to the one before (LEB128), count, and the differences of the positions.

import { crc32 } from "../../elf/crc32.ts";
import { ElfError } from "../../elf/error.ts";
import type { ByteSource } from "../../elf/source.ts";
import type { UnitRanges } from "../dwarf/aranges.ts";
import { DwarfError, Section } from "../dwarf/cursor.ts";
import type { UnitHeader } from "../dwarf/units.ts";
import { type DebugIndex, hashOfFile, hashOfName, type WholeIndex } from "./api.ts";
import type { IndexContents } from "./build.ts";

/** Changes with the form, and with what is listed under which name. */
const MAGIC = "CLKSYM01";
const PARTS = ["units", "ranges", "files", "pages"] as const;
type Part = (typeof PARTS)[number];
const UNIT_WORDS = 8;
const PAGE_WORDS = 4;
/** A page ends with the first name that makes it this long. */
const PAGE_BYTES = 1 << 14;

/** `stamp` says what debug info this is an index of. */
export function storeIndex(contents: IndexContents, stamp: string): Uint8Array {
  const { postings, directory } = packPostings(contents.postings);
  const parts: Record<Part, Uint8Array> = {
    units: bytesOf(Uint32Array.from(contents.headers.flatMap(packHeader))),
    ranges: packRanges(contents.ranges),
    files: Buffer.from(contents.files.map((file) => `${file}\0`).join(""), "utf8"),
    pages: bytesOf(directory),
  };
  const text = padded(Buffer.from(stamp, "utf8"));
  const headLength = headSize(text);
  const words: number[] = [];
  let at = headLength;
  for (const name of PARTS) {
    words.push(at, parts[name].length, crc32(parts[name]));
    at += padded(parts[name]).length;
  }
  const total = at + postings.length;
  const head = Buffer.concat([
    Buffer.from(MAGIC, "latin1"),
    bytesOf(Uint32Array.of(total, Buffer.byteLength(stamp), crc32(text))),
    text,
    bytesOf(Uint32Array.from(words)),
  ]);
  const checksum = bytesOf(Uint32Array.of(crc32(head)));
  return Buffer.concat([head, checksum, ...PARTS.map((name) => padded(parts[name])), postings]);
}

/** Undefined for what is no index, is one of other debug info, or is damaged. Damage in what is read only later throws DwarfError then. */
export function openIndex(source: ByteSource, stamp: string): DebugIndex | undefined {
  try {
    return new StoredIndex(source, stamp);
  } catch (error) {
    if (error instanceof DwarfError || error instanceof ElfError) return undefined;
    throw error;
  }
}

class StoredIndex implements DebugIndex {
  readonly origin = "the symbol cache";
  readonly grain = "die";
  readonly whole: WholeIndex;
  private readonly places: ReturnType<typeof readHead>;
  private readonly directory: Uint32Array;
  private readonly pages = new Map<number, ReadonlyMap<number, readonly number[]>>();

  constructor(
    private readonly source: ByteSource,
    stamp: string,
  ) {
    this.places = readHead(source, stamp);
    this.directory = wordsOf(this.part("pages"));
    this.whole = {
      headers: unpackHeaders(wordsOf(this.part("units"))),
      ranges: unpackRanges(this.part("ranges")),
      unitsWithFile: (baseName) => this.positions(hashOfFile(baseName)),
      files: () => Buffer.from(this.part("files")).toString("utf8").split("\0").slice(0, -1),
    };
  }

  named(name: string): readonly number[] {
    return this.positions(hashOfName(name));
  }

  private positions(hash: number): readonly number[] {
    const page = this.pageOf(hash);
    if (page < 0) return [];
    let entries = this.pages.get(page);
    if (!entries) {
      entries = unpackPage(this.readPage(page), this.directory[page * PAGE_WORDS]!);
      this.pages.set(page, entries);
    }
    return entries.get(hash) ?? [];
  }

  /** The last page whose first hash is not above. */
  private pageOf(hash: number): number {
    let low = 0;
    let high = this.directory.length / PAGE_WORDS;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.directory[middle * PAGE_WORDS]! <= hash) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private readPage(page: number): Uint8Array {
    const { end } = this.places.get("pages")!;
    const [offset, length, checksum] = [1, 2, 3].map((i) => this.directory[page * PAGE_WORDS + i]!);
    return readChecked(this.source, { offset: end + offset!, length: length!, checksum: checksum! });
  }

  private part(name: Part): Uint8Array {
    return readChecked(this.source, this.places.get(name)!);
  }
}

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

/** Where the parts are; `end` is where what follows a part begins. */
function readHead(source: ByteSource, stamp: string): Map<Part, Place & { end: number }> {
  const text = padded(Buffer.from(stamp, "utf8"));
  const length = headSize(text);
  const head = new Section("symbol cache", readInside(source, 0, length));
  const cursor = head.cursor(0);
  if (Buffer.from(cursor.take(MAGIC.length)).toString("latin1") !== MAGIC) cursor.fail("another form");
  if (cursor.u32() !== source.size) cursor.fail("cut short");
  if (cursor.u32() !== Buffer.byteLength(stamp) || cursor.u32() !== crc32(text))
    cursor.fail("other debug info");
  if (!Buffer.from(cursor.take(text.length)).equals(text)) cursor.fail("other debug info");
  const places = new Map<Part, Place & { end: number }>();
  for (const name of PARTS) {
    const place = { offset: cursor.u32(), length: cursor.u32(), checksum: cursor.u32() };
    places.set(name, { ...place, end: place.offset + roundUp(place.length) });
  }
  if (cursor.u32() !== crc32(head.bytes.subarray(0, length - 4))) cursor.fail("damaged");
  return places;
}

function readChecked(source: ByteSource, { offset, length, checksum }: Place): Uint8Array {
  const bytes = readInside(source, offset, length);
  if (crc32(bytes) !== checksum)
    throw new DwarfError(`the symbol cache is damaged at 0x${offset.toString(16)}`);
  return bytes;
}

function readInside(source: ByteSource, offset: number, length: number): Uint8Array {
  if (offset + length > source.size) throw new DwarfError("the symbol cache is cut short");
  return source.read(offset, length);
}

function packHeader(unit: UnitHeader): number[] {
  const { offset, end, firstDie, abbreviationsAt, version, type, addressSize, offsetSize } = unit;
  const kinds = version | (type << 8) | (addressSize << 16) | (offsetSize << 24);
  const signature = unit.signature ?? 0n;
  // A type's DIE is never at its unit's start: 0 says that there is no type.
  const typeOffset = unit.signature === undefined ? 0 : (unit.typeOffset ?? 0);
  return [offset, end, firstDie, abbreviationsAt, kinds, typeOffset, Number(signature & 0xffff_ffffn), Number(signature >> 32n)]; // biome-ignore format: eight words
}

function unpackHeaders(words: Uint32Array): UnitHeader[] {
  const headers: UnitHeader[] = [];
  for (let i = 0; i + UNIT_WORDS <= words.length; i += UNIT_WORDS) {
    const kinds = words[i + 4]!;
    const typeOffset = words[i + 5]!;
    headers.push({
      offset: words[i]!,
      end: words[i + 1]!,
      firstDie: words[i + 2]!,
      abbreviationsAt: words[i + 3]!,
      version: kinds & 0xff,
      type: (kinds >>> 8) & 0xff,
      addressSize: (kinds >>> 16) & 0xff,
      offsetSize: kinds >>> 24 === 8 ? 8 : 4,
      ...(typeOffset === 0 ? {} : { typeOffset, signature: signatureOf(words[i + 6]!, words[i + 7]!) }),
    });
  }
  return headers;
}

const signatureOf = (low: number, high: number): bigint => BigInt(low) | (BigInt(high) << 32n);

function packRanges({ low, high, unit }: UnitRanges): Uint8Array {
  return Buffer.concat([bytesOf(low), bytesOf(high), bytesOf(unit)]);
}

function unpackRanges(bytes: Uint8Array): UnitRanges {
  const count = Math.floor(bytes.length / 20);
  const { buffer } = aligned(bytes);
  return {
    low: new Float64Array(buffer, 0, count),
    high: new Float64Array(buffer, 8 * count, count),
    unit: new Uint32Array(buffer, 16 * count, count),
  };
}

/** Postings in pages, and the pages' directory. */
function packPostings(pairs: Uint32Array): { postings: Uint8Array; directory: Uint32Array } {
  const out = new ByteWriter();
  const directory: number[] = [];
  let start = 0;
  let last = 0;
  const close = (): void => {
    const page = out.bytes(start);
    directory.push(page.length, crc32(page));
    start = out.length;
  };
  for (let i = 0; i < pairs.length; ) {
    const hash = pairs[i + 1]!;
    if (out.length - start >= PAGE_BYTES) close();
    if (out.length === start) {
      directory.push(hash, start);
      last = hash;
    }
    out.uleb(hash - last);
    last = hash;
    i = packPositions(pairs, i, out);
  }
  if (out.length > start) close();
  return { postings: out.bytes(0), directory: Uint32Array.from(directory) };
}

/** The positions of one hash, each once; gives where the next hash begins. */
function packPositions(pairs: Uint32Array, from: number, out: ByteWriter): number {
  const hash = pairs[from + 1];
  let end = from;
  let count = 0;
  for (; end < pairs.length && pairs[end + 1] === hash; end += 2)
    if (end === from || pairs[end] !== pairs[end - 2]) count++;
  out.uleb(count);
  let last = 0;
  for (let i = from; i < end; i += 2) {
    if (i > from && pairs[i] === pairs[i - 2]) continue;
    out.uleb(pairs[i]! - last);
    last = pairs[i]!;
  }
  return end;
}

function unpackPage(bytes: Uint8Array, firstHash: number): ReadonlyMap<number, readonly number[]> {
  const entries = new Map<number, readonly number[]>();
  const cursor = new Section("symbol cache", bytes).cursor(0);
  for (let hash = firstHash; !cursor.done; ) {
    hash += cursor.uleb();
    const count = cursor.uleb();
    if (count > bytes.length) cursor.fail("more positions than bytes");
    const positions: number[] = [];
    for (let at = 0; positions.length < count; ) {
      at += cursor.uleb();
      positions.push(at);
    }
    entries.set(hash, positions);
  }
  return entries;
}

class ByteWriter {
  length = 0;
  private buffer = new Uint8Array(1 << 16);

  uleb(value: number): void {
    if (this.length + 8 > this.buffer.length) {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.length++] = (rest % 0x80) | 0x80;
    this.buffer[this.length++] = rest;
  }

  bytes(from: number): Uint8Array {
    return this.buffer.subarray(from, this.length);
  }
}

const headSize = (stamp: Uint8Array): number => MAGIC.length + 12 + stamp.length + PARTS.length * 12 + 4;

const roundUp = (length: number): number => Math.ceil(length / 4) * 4;

function padded(bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(roundUp(bytes.length));
  longer.set(bytes);
  return longer;
}

function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(aligned(bytes).buffer, 0, Math.floor(bytes.length / 4));
}

/** A copy with a buffer of its own: typed arrays want their elements aligned. */
function aligned(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
