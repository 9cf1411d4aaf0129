// Makes small 32-bit ELF kernels with a Multiboot header for tests.

export interface Elf32Options {
  code: readonly number[];
  address?: number;
  /** Multiboot flags; undefined: no header. */
  multiboot?: number | undefined;
  /** The header's fields from its 12th byte on (load addresses). */
  fields?: readonly number[];
}

/** ELF header, one program header, then at 0x60 what is loaded: the Multiboot header (32 bytes) and the code, which is the entry. */
export function multibootElf({
  code,
  address = 0x100000,
  multiboot = 0,
  fields = [],
}: Elf32Options): Uint8Array {
  const loadedAt = 0x60;
  const bytes = new Uint8Array(loadedAt + 32 + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 3, true);
  view.setUint32(24, address + 32, true);
  view.setUint32(28, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, 1, true);
  const size = 32 + code.length;
  [1, loadedAt, address, address, size, size + 0x1000, 7, 4].forEach((word, i) => {
    view.setUint32(52 + 4 * i, word, true);
  });
  [0x1badb002, multiboot, -(0x1badb002 + multiboot) >>> 0, ...fields].forEach((word, i) => {
    view.setUint32(loadedAt + 4 * i, word, true);
  });
  bytes.set(code, loadedAt + 32);
  return bytes;
}
