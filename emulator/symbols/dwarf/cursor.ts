// A bounds-checked reading position in one little-endian section, and the error every damaged section gives.
// Must not know what the bytes mean.

/** Damaged or unsupported debug info: says which section and where. Never leaves symbols/: the public functions turn it into a warning. */
export class DwarfError extends Error {
  override readonly name = "DwarfError";
}

/**
 * An address as a Number: the 64 bits read as a signed integer. Every canonical x86-64 address fits (48 or 57 bits, sign-extended),
 * kernel addresses are negative. Comparisons hold within one half of the address space, which is all that tables need.
 */
export type Address = number;

/** The Number form of an unsigned 64-bit address; NaN, which matches no table, when it is not canonical. */
export function toAddress(address: bigint): Address {
  const signed = BigInt.asIntN(64, address);
  return signed >= -0x100000000000000n && signed < 0x100000000000000n ? Number(signed) : Number.NaN;
}

/** The unsigned 64-bit form of an address. */
export function fromAddress(address: Address): bigint {
  return Number.isFinite(address) ? BigInt.asUintN(64, BigInt(Math.trunc(address))) : 0n;
}

/** Bytes are read from a file in pieces of this size, by cursors several at once: what they pass they mostly go on from. */
const PIECE = 1 << 12;
const AHEAD = 1 << 15;

/** Reads a part of a section into `target`, which begins at `offset` of it. */
export type Fill = (target: Uint8Array, offset: number) => void;

/** A section with its name, for messages. Cursors read the bytes in where they are not yet in memory. */
export class Section {
  readonly view: DataView;
  /** Which pieces are in memory; undefined when all are. */
  private pieces: Uint8Array | undefined;

  /** With `fill`, `bytes` are zero yet, and only cursors and load() may be trusted to have read them. */
  constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
    private readonly fill?: Fill,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (fill) this.pieces = new Uint8Array(Math.ceil(bytes.length / PIECE));
  }

  /** A cursor over [offset, end). */
  cursor(offset: number, end = this.bytes.length): Cursor {
    if (!(offset >= 0 && offset <= end && end <= this.bytes.length)) {
      throw new DwarfError(
        `${this.name}: offset 0x${offset.toString(16)} lies outside of its 0x${this.bytes.length.toString(16)} bytes`,
      );
    }
    return new Cursor(this, offset, end, this.pieces ? offset : end);
  }

  /** The NUL-terminated string at an offset. */
  string(offset: number): string {
    return this.cursor(offset).string();
  }

  /** Has [from, to) in memory, and perhaps more: gives the end of what is. */
  load(from = 0, to = this.bytes.length): number {
    const { pieces } = this;
    if (!pieces) return this.bytes.length;
    const last = Math.ceil(to / PIECE);
    for (let first = Math.floor(from / PIECE); first < last; first++) {
      if (pieces[first]) continue;
      let end = first + 1;
      while (end < last && !pieces[end]) end++;
      this.fill!(this.bytes.subarray(first * PIECE, end * PIECE), first * PIECE);
      pieces.fill(1, first, end);
      first = end;
    }
    return Math.min(last * PIECE, this.bytes.length);
  }
}

/** Reads forward; throws DwarfError instead of passing `end`. */
export class Cursor {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  /** What lies between the first position and `ready` is in memory. */
  constructor(
    readonly section: Section,
    public pos: number,
    readonly end: number,
    private ready: number,
  ) {
    this.bytes = section.bytes;
    this.view = section.view;
  }

  get done(): boolean {
    return this.pos >= this.end;
  }

  fail(what: string): never {
    throw new DwarfError(`${this.section.name}+0x${this.pos.toString(16)}: ${what}`);
  }

  /** Moves on by `count` bytes and gives the position before. */
  skip(count: number): number {
    const at = this.pos;
    const next = at + count;
    if (!(count >= 0 && next <= this.ready)) this.reach(count);
    this.pos = next;
    return at;
  }

  u8(): number {
    if (this.pos >= this.ready) this.reach(1);
    return this.bytes[this.pos++]!;
  }

  /** Has the next `count` bytes in memory. */
  private reach(count: number): void {
    const next = this.pos + count;
    if (!(count >= 0 && next <= this.end)) {
      if (count === 1) this.fail("the data ends early");
      this.fail(`${count} bytes needed, ${this.end - this.pos} left`);
    }
    // From where the last reading ended, that no gap is left in which a later move could land.
    if (next > this.ready) this.readTo(next);
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  u24(): number {
    const at = this.skip(3);
    return this.bytes[at]! | (this.bytes[at + 1]! << 8) | (this.bytes[at + 2]! << 16);
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.skip(8), true);
  }

  /** 64 bits as a Number; inexact above 2^53, which no offset or size of a real file reaches. */
  u64Number(): number {
    const at = this.skip(8);
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x100000000;
  }

  /** A target address of 1, 2, 4 or 8 bytes. */
  address(size: number): Address {
    switch (size) {
      case 8: {
        const at = this.skip(8);
        return this.view.getUint32(at, true) + this.view.getInt32(at + 4, true) * 0x100000000;
      }
      case 4:
        return this.u32();
      case 2:
        return this.u16();
      case 1:
        return this.u8();
      default:
        return this.fail(`addresses of ${size} bytes are not supported`);
    }
  }

  /** An offset of 4 (32-bit DWARF) or 8 bytes (64-bit DWARF). */
  offset(size: number): number {
    return size === 8 ? this.u64Number() : this.u32();
  }

  /** Unsigned little-endian integer of 1 to 8 bytes. */
  unsigned(size: number): number {
    switch (size) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 3:
        return this.u24();
      case 4:
        return this.u32();
      case 8:
        return this.u64Number();
      default:
        return this.fail(`integers of ${size} bytes are not supported`);
    }
  }

  /** An initial length (DWARF 5 section 7.4): the length, and 4 or 8 as size of offsets in what follows. */
  initialLength(): { length: number; offsetSize: 4 | 8 } {
    const length = this.u32();
    if (length < 0xfffffff0) return { length, offsetSize: 4 };
    if (length !== 0xffffffff) this.fail(`reserved unit length 0x${length.toString(16)}`);
    return { length: this.u64Number(), offsetSize: 8 };
  }

  /** ULEB128 as a Number; inexact above 2^53. */
  uleb(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  }

  /** SLEB128 as a Number; inexact beyond 2^53. */
  sleb(): number {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return byte & 0x40 ? value - scale : value;
  }

  /** ULEB128, exact, modulo 2^64. */
  ulebBig(): bigint {
    let value = 0n;
    let shift = 0n;
    let byte: number;
    do {
      byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte >= 0x80);
    return BigInt.asUintN(64, value);
  }

  /** SLEB128, exact, as a signed 64-bit value. */
  slebBig(): bigint {
    let value = 0n;
    let shift = 0n;
    let byte: number;
    do {
      byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte >= 0x80);
    return byte & 0x40 && shift < 64n ? BigInt.asIntN(64, value - (1n << shift)) : BigInt.asIntN(64, value);
  }

  skipLeb(): void {
    while (this.u8() >= 0x80);
  }

  /** A NUL-terminated string, as UTF-8. */
  string(): string {
    const end = this.stringEnd();
    const at = this.pos;
    this.pos = end + 1;
    return decodeText(this.bytes, at, end);
  }

  skipString(): void {
    this.pos = this.stringEnd() + 1;
  }

  take(count: number): Uint8Array {
    const at = this.skip(count);
    return this.bytes.subarray(at, at + count);
  }

  private stringEnd(): number {
    let from = this.pos;
    for (;;) {
      const end = this.bytes.indexOf(0, from);
      if (end >= 0 && end < this.ready) return end;
      if (this.ready >= this.end) this.fail("a string without end");
      from = Math.max(from, this.ready);
      this.readTo(from + 1);
    }
  }

  private readTo(next: number): void {
    const wanted = Math.min(Math.max(next, this.ready + AHEAD), this.end);
    this.ready = Math.min(this.section.load(this.ready, wanted), this.end);
  }
}

const decoder = new TextDecoder();

/** Bytes [start, end) as UTF-8; short ASCII strings, nearly all of them, without the decoder's start-up cost. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 64) return decoder.decode(bytes.subarray(start, end));
  let text = "";
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c >= 0x80) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(c);
  }
  return text;
}
