// The layout of a shard, the index's file for some of a tree's sources. Writer and reader agree here and nowhere else.
//
//   header    magic, version, then for each section its offset and length (u32 each), then counts
//   files     for each: path (shared prefix, suffix), size, mtime, inode, lines << 1 | has bytes beyond ASCII
//   scopes    u32 offset per file (and one more), then per scope: name << 1 | macro, line delta, column, length in lines
//   blocks    u32 offset into `names` per block of BLOCK names
//   names     per block: u32 offset into `postings`; per name: shared prefix length, suffix length, suffix, postings length
//   buckets   u32 per bucket (and one more): first entry of the bucket
//   entries   u32 per name: id in the low ID_BITS, the top bits of its hash above
//   lengths   of the names that are defined here, sorted by length: for each length that occurs that and how many have it (u32 each)
//   letters   u32 per such name: letters it contains, and what it is defined as
//   pairs     u32 per such name: a bit for each pair of neighbouring letters, underscores apart (several pairs share a bit)
//   starts    u32 per such name: letters with which its words start
//   texts     the bytes of such names, one after the other
//   postings  per name, per file: file delta, count; per occurrence: line delta << 4 | kind, column, and for
//             definitions and declarations: symbol kind, length in lines, container's name
//
// Names are in order of first appearance in the sources: neighbours there share long prefixes, and nothing is sorted.

export const MAGIC = 0x53504b43; // "CKPS"
/** Raise it with every change of the layout or of what the scanner finds: older indexes are then built anew. */
export const VERSION = 4;

export const SECTIONS = [
  "files",
  "scopes",
  "blocks",
  "names",
  "buckets",
  "entries",
  "lengths",
  "letters",
  "pairs",
  "starts",
  "texts",
  "postings",
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Header: magic, version, section table, then fileCount, nameCount, bucketBits, definitionCount. */
export const HEADER_BYTES = 8 + SECTIONS.length * 8 + 16;

/** Names in a block. */
export const BLOCK = 16;
export const ID_BITS = 22;
export const MAX_NAMES = 1 << ID_BITS;
/** Most files in a shard. */
export const MAX_FILES = 1 << 16;

/** An entry of the hash table: which name, and enough of its hash to spare reading most others. */
export function hashEntry(id: number, hash: number): number {
  return ((hash & ~(MAX_NAMES - 1)) | id) >>> 0;
}

/** The bucket of a hash: its low bits, stirred, since entryOf() keeps the high ones. */
export function bucketOf(hash: number, bits: number): number {
  return (hash ^ (hash >>> 15)) & ((1 << bits) - 1);
}

// Bits of a mask: 26 letters without case, a digit, an underscore, and four for what the name is defined as.
export const MASK_DIGIT = 1 << 26;
export const MASK_UNDERSCORE = 1 << 27;
export const MASK_FUNCTION = 1 << 28;
export const MASK_MACRO = 1 << 29;
export const MASK_FIELD = 1 << 30;
export const MASK_OTHER = 1 << 31;
export const MASK_DEFINED = MASK_FUNCTION | MASK_MACRO | MASK_FIELD | MASK_OTHER;

/** The bit of a letter, digit or underscore; 0 for other bytes. */
export function letterBit(c: number): number {
  if (c >= 0x61 && c <= 0x7a) return 1 << (c - 0x61);
  if (c >= 0x41 && c <= 0x5a) return 1 << (c - 0x41);
  if (c >= 0x30 && c <= 0x39) return MASK_DIGIT;
  return c === 0x5f ? MASK_UNDERSCORE : 0;
}

const UNDERSCORE = 0x5f;
export const foldCase = (c: number): number => (c >= 0x41 && c <= 0x5a ? c + 0x20 : c);

/** The bit of two letters in small case. */
export const pairBit = (a: number, b: number): number =>
  1 << ((Math.imul(a, 0x9e3779b1) + Math.imul(b, 0x85ebca6b)) >>> 27);

/** Does a word start at bytes[at]: after `_`, or a capital after a small letter? `from` is where the name starts. */
export function startsWord(bytes: Uint8Array, at: number, from = 0): boolean {
  if (at === from) return true;
  const [before, c] = [bytes[at - 1]!, bytes[at]!];
  return before === UNDERSCORE || (c < 0x5b && c >= 0x41 && before >= 0x61);
}

/** What a search by letters asks a name first. */
export interface NameShape {
  letters: number;
  pairs: number;
  starts: number;
}

/** Fills `shape` with that of the name bytes[from, to). */
export function shapeOf(bytes: Uint8Array, from: number, to: number, shape: NameShape): void {
  shape.letters = shape.pairs = shape.starts = 0;
  let previous = 0;
  for (let at = from; at < to; at++) {
    const c = bytes[at]!;
    shape.letters |= letterBit(c);
    if (c === UNDERSCORE) continue;
    const small = foldCase(c);
    if (startsWord(bytes, at, from)) shape.starts |= letterBit(c);
    if (previous !== 0) shape.pairs |= pairBit(previous, small);
    previous = small;
  }
}
