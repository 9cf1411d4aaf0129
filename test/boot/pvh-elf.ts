// Makes small PVH kernels for tests: an ELF64 file with one segment of code and a Xen note.

export interface PvhElfOptions {
  code: readonly number[];
  /** Physical (and virtual) address of the code and the entry. */
  address?: number;
  memorySize?: number;
  machine?: number;
  note?: boolean;
}

const HEADER = 64;
const PROGRAM_HEADER = 56;

/** The file: header, program headers (PT_LOAD, PT_NOTE), note, code. */
export function pvhElf(options: PvhElfOptions): Uint8Array {
  const { code, address = 0x100000, machine = 62, note = true } = options;
  const segments = note ? 2 : 1;
  const noteAt = HEADER + segments * PROGRAM_HEADER;
  const noteSize = 20;
  const codeAt = noteAt + noteSize;
  const bytes = new Uint8Array(codeAt + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(address), true);
  view.setBigUint64(32, BigInt(HEADER), true);
  view.setUint16(52, HEADER, true);
  view.setUint16(54, PROGRAM_HEADER, true);
  view.setUint16(56, segments, true);
  view.setUint16(58, 64, true);
  programHeader(view, HEADER, 1, codeAt, address, code.length, options.memorySize ?? code.length);
  if (note) {
    programHeader(view, HEADER + PROGRAM_HEADER, 4, noteAt, 0, noteSize, noteSize);
    [4, 4, 18].forEach((value, i) => {
      view.setUint32(noteAt + 4 * i, value, true);
    });
    bytes.set([0x58, 0x65, 0x6e, 0], noteAt + 12); // "Xen"
    view.setUint32(noteAt + 16, address, true);
  }
  bytes.set(code, codeAt);
  return bytes;
}

function programHeader(
  view: DataView,
  at: number,
  type: number,
  offset: number,
  address: number,
  fileSize: number,
  memorySize: number,
): void {
  view.setUint32(at, type, true);
  view.setUint32(at + 4, 7, true);
  view.setBigUint64(at + 8, BigInt(offset), true);
  view.setBigUint64(at + 16, BigInt(address), true);
  view.setBigUint64(at + 24, BigInt(address), true);
  view.setBigUint64(at + 32, BigInt(fileSize), true);
  view.setBigUint64(at + 40, BigInt(memorySize), true);
  view.setBigUint64(at + 48, 4n, true);
}
