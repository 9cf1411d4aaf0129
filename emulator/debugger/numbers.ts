// Little-endian bytes to numbers and back, wrapping, hexadecimal. Pure functions.

/** Unsigned little-endian value of all the bytes. */
export function unsignedOf(bytes: Uint8Array): bigint {
  if (bytes.length <= 4) return BigInt(smallOf(bytes));
  let value = 0n;
  // Four bytes at a time: bigint arithmetic is slow.
  for (let at = (bytes.length - 1) & ~3; at >= 0; at -= 4)
    value = (value << 32n) | BigInt(smallOf(bytes, at));
  return value;
}

/** The unsigned value of up to four bytes from `at` on. */
function smallOf(bytes: Uint8Array, at = 0): number {
  let value = 0;
  for (let index = Math.min(bytes.length, at + 4) - 1; index >= at; index--)
    value = value * 256 + bytes[index]!;
  return value;
}

/** The low `size` bytes of the value (two's complement for negatives), little-endian. */
export function bytesOf(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0, rest = value; at < size; at += 4, rest >>= 32n) {
    let word = Number(BigInt.asUintN(32, rest));
    for (let index = at; index < Math.min(size, at + 4); index++, word >>>= 8) bytes[index] = word & 0xff;
  }
  return bytes;
}

/** Reduces to `size` bytes, signed or unsigned. */
export const wrap = (value: bigint, size: number, signed: boolean): bigint =>
  signed ? BigInt.asIntN(size * 8, value) : BigInt.asUintN(size * 8, value);

/** `0xffffffff8080a980`. */
export const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** `0x00000000000000ff`: all 16 digits, as gdb shows the addresses of frames and of `x`. */
export const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
