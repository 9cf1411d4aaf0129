// Where a file's bytes come from: memory, or a file that is read in parts, when they are asked for. Must not know file systems.

export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** The bytes [offset, offset + size), which lie inside: a view of what is in memory, a copy of what is read. May throw ElfError. */
  read(offset: number, size: number): Uint8Array;
  /** Absent where the bytes are in memory, and reading costs nothing. Fills `target` with the bytes from `offset` on; may throw ElfError. */
  readonly fill?: (target: Uint8Array, offset: number) => void;
}

/** The bytes that are in memory already. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, size) => bytes.subarray(offset, offset + size) };
}
