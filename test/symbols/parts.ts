// A file's bytes as if it were read from disk in parts, so that what nobody reads stays zero.

import type { ByteSource } from "../../emulator/elf/source.ts";

/** `onRead` hears of every part that is read. */
export function inParts(file: Uint8Array, onRead: (bytes: number) => void = () => {}): ByteSource {
  const fill = (target: Uint8Array, offset: number): void => {
    if (offset < 0 || offset + target.length > file.length) throw new RangeError("read outside of the file");
    onRead(target.length);
    target.set(file.subarray(offset, offset + target.length));
  };
  const read = (offset: number, size: number): Uint8Array => {
    const bytes = new Uint8Array(size);
    fill(bytes, offset);
    return bytes;
  };
  return { size: file.length, read, fill };
}
