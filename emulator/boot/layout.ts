// Where the boot protocols put their data in guest-physical memory, and a little-endian writer for it.
// Must not know the machine: a boot plan is data that the machine carries out.

import type { SegmentName } from "../cpu/cpu.ts";
import type { RegisterName } from "../cpu/registers.ts";

/** Low memory, as bhyve and Firecracker place things: every protocol uses a part of it. Kernels must not be linked there. */
export const LOW_DATA_ADDRESS = 0x1000;
/** FreeBSD's first stack. */
export const STACK_ADDRESS = 0x1000;
/** FreeBSD's first page tables: three pages. */
export const FREEBSD_PAGE_TABLES_ADDRESS = 0x2000;
export const GDT_ADDRESS = 0x5000;
/** hvm_start_info, or Multiboot information. */
export const START_INFO_ADDRESS = 0x6000;
export const MEMORY_MAP_ADDRESS = 0x7000;
/** Linux's zero page (struct boot_params). */
export const ZERO_PAGE_ADDRESS = 0x8000;
/** Page tables that map the first 4 GiB to themselves: six pages. */
export const IDENTITY_PAGE_TABLES_ADDRESS = 0x9000;
export const LOW_DATA_END = 0xf000;
export const CMDLINE_ADDRESS = 0x20000;
export const CMDLINE_LIMIT = 0x10000;
/** First byte above conventional memory: the extended BIOS data area with the MP tables. */
export const EBDA_ADDRESS = 0x9fc00;
export const BIOS_DATA_AREA = 0x400;

/** Bytes that go to guest-physical memory before the first instruction. */
export interface MemoryWrite {
  address: number;
  bytes: Uint8Array;
  /** For messages: "segment 1", "MP table". */
  what: string;
}

export interface SegmentStart {
  selector: number;
  base: bigint;
  limit: number;
  attributes: number;
}

/** All that differs from the processor's reset state at the kernel's first instruction, and what is in memory then. */
export interface BootPlan {
  writes: MemoryWrite[];
  registers: Partial<Record<RegisterName, bigint>>;
  segments: Partial<Record<SegmentName, SegmentStart>>;
  /** The loader was started by a BIOS: interrupt controllers and timer are as it programs them. */
  bios?: true;
  /** Where the global descriptor table is, for protocols that promise one. */
  gdt?: { base: bigint; limit: number };
}

/** A block of guest memory under construction; addresses and counts are in bytes, values little-endian. */
export class Block {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u8(offset: number, value: number): this {
    this.#view.setUint8(offset, value);
    return this;
  }

  u16(offset: number, value: number): this {
    this.#view.setUint16(offset, value, true);
    return this;
  }

  u32(offset: number, value: number): this {
    this.#view.setUint32(offset, value, true);
    return this;
  }

  u64(offset: number, value: number): this {
    this.#view.setBigUint64(offset, BigInt(value), true);
    return this;
  }

  /** ASCII, padded with `pad` (default: spaces) to `size`. */
  text(offset: number, text: string, size: number, pad = " "): this {
    for (let i = 0; i < size; i++)
      this.u8(offset + i, (i < text.length ? text : pad).charCodeAt(i < text.length ? i : 0));
    return this;
  }

  /** Sets the byte at `offset` so that `size` bytes from `start` add up to 0. */
  checksum(offset: number, start: number, size: number): this {
    this.u8(offset, 0);
    let sum = 0;
    for (let i = start; i < start + size; i++) sum += this.bytes[i]!;
    return this.u8(offset, -sum & 0xff);
  }
}
