// Little-endian bytes to numbers and back, wrapping, hexadecimal. Pure functions.

/** Unsigned little-endian value of all the bytes. */
export function unsignedOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index]!);
  return value;
}

/** The low `size` bytes of the value (two's complement for negatives), little-endian. */
export function bytesOf(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = BigInt.asUintN(size * 8, value);
  for (let index = 0; index < size; index++) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
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
