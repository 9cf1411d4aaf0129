// Interned names: bytes in one arena, an id each, found by hash. No string is made. Ids count up in order of first
// appearance; keywords come first (keywords.ts).
import { keywords } from "./keywords.ts";

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** FNV-1a over a name's bytes, as a signed 32-bit number: the lexer computes the same while it scans. */
export function hashName(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash;
}

export class NameTable {
  /** Number of ids given; id 0 is never a name. */
  count = 0;
  arena = new Uint8Array(1 << 20);
  /** Where name `id` starts in the arena; it ends where the next one starts. */
  starts = new Int32Array(1 << 16);
  hashes = new Int32Array(1 << 16);
  #slots = new Int32Array(1 << 17);

  constructor() {
    for (const keyword of keywords) this.internString(keyword);
  }

  internString(text: string): number {
    const bytes = Buffer.from(text, "latin1");
    return this.intern(bytes, 0, bytes.length, hashName(bytes, 0, bytes.length));
  }

  /** The id of bytes[start, end), which hash to `hash`. */
  intern(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = slots[slot]!;
      if (entry === 0) break;
      const id = entry - 1;
      if (this.hashes[id] === hash) {
        const from = this.starts[id]!;
        if (this.starts[id + 1]! - from === length) {
          const arena = this.arena;
          let i = 0;
          while (i < length && arena[from + i] === bytes[start + i]) i++;
          if (i === length) return id;
        }
      }
      slot = (slot + 1) & mask;
    }
    return this.#add(bytes, start, length, hash, slot);
  }

  /** The bytes of a name, as text (latin-1: every byte is a character). */
  text(id: number): string {
    const from = this.arena.byteOffset + this.starts[id]!;
    return Buffer.from(this.arena.buffer, from, this.length(id)).toString("latin1");
  }

  length(id: number): number {
    return this.starts[id + 1]! - this.starts[id]!;
  }

  /** Byte `index` of a name; undefined past its end is never asked for. */
  byte(id: number, index: number): number {
    return this.arena[this.starts[id]! + index]!;
  }

  /** Forgets every name but the keywords; keeps the memory. */
  clear(): void {
    this.count = 0;
    this.#slots.fill(0);
    for (const keyword of keywords) this.internString(keyword);
  }

  #add(bytes: Uint8Array, start: number, length: number, hash: number, slot: number): number {
    const id = this.count++;
    if (id + 2 > this.starts.length) {
      this.starts = grow(this.starts, this.starts.length * 2);
      this.hashes = grow(this.hashes, this.hashes.length * 2);
    }
    const from = id === 0 ? 0 : this.starts[id]!;
    if (from + length > this.arena.length) {
      const arena = new Uint8Array(Math.max(this.arena.length * 2, from + length));
      arena.set(this.arena);
      this.arena = arena;
    }
    for (let i = 0; i < length; i++) this.arena[from + i] = bytes[start + i]!;
    this.starts[id] = from;
    this.starts[id + 1] = from + length;
    this.hashes[id] = hash;
    this.#slots[slot] = id + 1;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      const hash = this.hashes[id]!;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

export function grow(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
