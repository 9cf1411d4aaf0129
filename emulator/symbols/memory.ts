// How symbols/ and debugger/ read guest memory, and how such a read fails.

/** Reads linear memory; throws MemoryError, never a short read. */
export type MemoryReader = (address: bigint, length: number) => Uint8Array;

/** Thrown by reads of unmapped memory. `address` is the first byte that could not be read. */
export class MemoryError extends Error {
  constructor(readonly address: bigint) {
    super(`Cannot access memory at address 0x${address.toString(16)}`);
  }
}
