// The CRC-32 of .gnu_debuglink: that of IEEE 802.3, as zlib computes it.

import * as zlib from "node:zlib";

/** Node has it since 20.15. */
const native: typeof zlib.crc32 | undefined = zlib.crc32;

export const crc32 = (bytes: Uint8Array): number => native?.(bytes) ?? crc32ByTable(bytes);

let table: Uint32Array | undefined;

export function crc32ByTable(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
