// A raw disk image with a copy-on-write overlay in memory: the image itself is never changed. Must not know who asks for it.

export const SECTOR = 512;
const BLOCK = 4096;

/** What was written, by block; the blocks themselves are never changed, so that states may share them. */
export interface OverlayState {
  /** Over blocks and their places: equal overlays, equal hashes. (A Map has no JSON form, so this is what a state's hash sees.) */
  hash: string;
  blocks: ReadonlyMap<number, Uint8Array>;
}

export class DiskImage {
  readonly sectors: number;
  readonly readOnly: boolean;
  readonly #image: Uint8Array;
  #blocks = new Map<number, Uint8Array>();
  #hash = [0, 0];

  /** An image whose last sector is cut short ends in zeros. */
  constructor(image: Uint8Array, readOnly: boolean) {
    this.#image = image;
    this.readOnly = readOnly;
    this.sectors = Math.ceil(image.length / SECTOR);
  }

  /** True for a range of bytes inside the disk. */
  has(offset: number, length: number): boolean {
    return offset >= 0 && length >= 0 && offset + length <= this.sectors * SECTOR;
  }

  /** Bytes of the disk; the range must be inside it. */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#eachBlock(offset, length, (block, from, at, size) => {
      const written = this.#blocks.get(block);
      if (written) bytes.set(written.subarray(from, from + size), at);
      else {
        const start = block * BLOCK + from;
        bytes.set(this.#image.subarray(start, start + size), at);
      }
    });
    return bytes;
  }

  /** The range must be inside the disk, and the disk writable. */
  write(offset: number, bytes: Uint8Array): void {
    this.#eachBlock(offset, bytes.length, (block, from, at, size) => {
      const old = this.#blocks.get(block);
      const changed = new Uint8Array(BLOCK);
      changed.set(old ?? this.#image.subarray(block * BLOCK, (block + 1) * BLOCK));
      changed.set(bytes.subarray(at, at + size), from);
      if (old) this.#addHash(block, old, -1);
      this.#addHash(block, changed, 1);
      this.#blocks.set(block, changed);
    });
  }

  save(): OverlayState {
    return {
      hash: this.#hash.map((word) => (word >>> 0).toString(16)).join(":"),
      blocks: new Map(this.#blocks),
    };
  }

  load(state: OverlayState): void {
    this.#blocks = new Map(state.blocks);
    this.#hash = [0, 0];
    for (const [block, bytes] of this.#blocks) this.#addHash(block, bytes, 1);
  }

  #eachBlock(
    offset: number,
    length: number,
    visit: (block: number, from: number, at: number, size: number) => void,
  ): void {
    for (let at = 0; at < length; ) {
      const block = Math.floor((offset + at) / BLOCK);
      const from = offset + at - block * BLOCK;
      const size = Math.min(BLOCK - from, length - at);
      visit(block, from, at, size);
      at += size;
    }
  }

  /** The hash is a sum over blocks, so that one block's part can be taken out. */
  #addHash(block: number, bytes: Uint8Array, sign: 1 | -1): void {
    let low = 0x811c9dc5 ^ block;
    let high = 0x1b873593 + block;
    for (const byte of bytes) {
      low = Math.imul(low ^ byte, 0x01000193); // FNV-1a
      high = Math.imul((high ^ byte) + (low >>> 15), 0x85ebca6b);
    }
    this.#hash = [(this.#hash[0]! + sign * low) | 0, (this.#hash[1]! + sign * high) | 0];
  }
}
