// Decoded blocks as the core left them in memory (layout.ts), read for translation. Must not know: WebAssembly, what operations do.

import { OPERATION_NAMES } from "../core/generated/names.ts";
import * as L from "../layout.ts";

/** An operation's name taken apart: "add_rm32" is stem add, form rm, size 32. */
export interface Operation {
  stem: string;
  /** A letter an operand: r register, m memory, i immediate, x XMM register. */
  form: string;
  /** Operand size in bits, 0 where the operation has none. */
  size: 0 | 8 | 16 | 32 | 64;
}

/** How the linear address of a memory operand is made. */
export interface Address {
  /** State addresses of registers, undefined: none. */
  base: number | undefined;
  index: number | undefined;
  scale: number;
  displacement: bigint;
  /** Number of the segment register whose base counts, undefined: none. */
  segment: number | undefined;
  /** The sum wraps at so many bits, before the segment's base. */
  bits: 16 | 32 | 64;
}

export interface DecodedRecord {
  /** Where it stands in memory. */
  at: number;
  operation: Operation;
  length: number;
  /** State addresses of the register operands. */
  destination: number;
  source: number;
  address: Address;
  /** i64 fields: displacement or branch target; immediate or address of the next instruction. */
  target: bigint;
  immediate: bigint;
}

export interface Block {
  at: number;
  /** Instruction pointer of its first instruction and of the one behind its last. */
  start: bigint;
  next: bigint;
  physical: number;
  mode: number;
  records: DecodedRecord[];
}

const NAMES = OPERATION_NAMES.split(" ");
const LEGACY_ADDRESS = NAMES.indexOf("legacy_ea");
const operations: Operation[] = [];

function parseName(name: string): Operation {
  const match = /^([a-z0-9]+?)(?:_([rmixqp]+))?(8|16|32|64)?$/.exec(name);
  const [, stem = name, form = "", size = "0"] = match ?? [];
  return { stem, form, size: Number(size) as Operation["size"] };
}

function operationOf(number: number): Operation {
  operations[number] ??= parseName(NAMES[number] ?? "");
  return operations[number];
}

/** Position of the hash bucket of blocks at a physical address (core/block.ts bucketOf). */
function bucketOf(physical: number): number {
  return L.BLOCK_HASH + (((physical ^ (physical >>> 14)) & (L.BLOCK_HASH_SIZE - 1)) << 2);
}

const NO_SEGMENT = 7;
const NO_REGISTER = 31;

/** Reads what the core decoded. */
export class BlockReader {
  readonly #view: DataView;
  constructor(view: DataView) {
    this.#view = view;
  }

  /** The block of a mode at an instruction pointer and physical address, if there is one. */
  find(physical: number, start: bigint, mode: number): number | undefined {
    for (let b = this.#u32(bucketOf(physical)); b !== 0; b = this.#u32(b + L.B_HASH_NEXT)) {
      if (this.#u32(b + L.B_PHYSICAL) !== physical || this.#u32(b + L.B_MODE) !== mode) continue;
      if (this.#view.getBigUint64(b + L.B_LINEAR, true) === start) return b;
    }
    return undefined;
  }

  count(at: number): number {
    return this.#u32(at + L.B_COUNT);
  }
  /** Table index of its translation, or minus the executions until it is hot. */
  code(at: number): number {
    return this.#view.getInt32(at + L.B_CODE, true);
  }
  hooked(at: number): boolean {
    return this.#u32(at + L.B_HOOKED) !== 0;
  }
  mode(at: number): number {
    return this.#u32(at + L.B_MODE);
  }
  page(at: number): number {
    return this.#u32(at + L.B_PHYSICAL) >>> 12;
  }

  read(at: number): Block {
    const records: DecodedRecord[] = [];
    for (let i = 0; i < this.count(at); i++)
      records.push(this.#record(at + L.BLOCK_HEADER + i * L.RECORD_SIZE));
    return {
      at,
      start: this.#view.getBigUint64(at + L.B_LINEAR, true),
      next: this.#view.getBigUint64(at + L.B_NEXT, true),
      physical: this.#u32(at + L.B_PHYSICAL),
      mode: this.#u32(at + L.B_MODE),
      records,
    };
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true);
  }
  #u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  #record(at: number): DecodedRecord {
    const number = this.#u16(at + L.R_OP);
    const legacy = number === LEGACY_ADDRESS;
    const extension = this.#u32(at + L.R_EXT);
    return {
      at,
      operation: operationOf(legacy ? extension & 0x1fff : number),
      length: this.#view.getUint8(at + L.R_LEN),
      destination: this.#u16(at + L.R_DST),
      source: this.#u16(at + L.R_SRC),
      address: legacy ? this.#legacyAddress(at, extension) : this.#plainAddress(at),
      target: this.#view.getBigUint64(at + L.R_DISP, true),
      immediate: this.#view.getBigUint64(at + L.R_IMM, true),
    };
  }

  /** Base plus scaled index plus displacement; a segment's base may stand in the index's place. */
  #plainAddress(at: number): Address {
    const base = this.#u16(at + L.R_BASE);
    const index = this.#u16(at + L.R_INDEX);
    const segment = index >= L.SEGS ? (index - L.SEGS) / L.SEG_SIZE : undefined;
    return {
      base: base === L.ZERO ? undefined : base,
      index: index === L.ZERO || segment !== undefined ? undefined : index,
      scale: this.#view.getUint8(at + L.R_SCALE),
      displacement: this.#view.getBigUint64(at + L.R_DISP, true),
      segment,
      bits: 64,
    };
  }

  /** What core/hooks.ts linearOf() computes. */
  #legacyAddress(at: number, extension: number): Address {
    const base = (extension >>> 16) & 31;
    const index = (extension >>> 26) & 31;
    const segment = (extension >>> 13) & 7;
    return {
      base: base === NO_REGISTER ? undefined : L.REGS + base * 8,
      index: index === NO_REGISTER ? undefined : L.REGS + index * 8,
      scale: this.#view.getUint8(at + L.R_SCALE),
      displacement: this.#view.getBigUint64(at + L.R_DISP, true),
      segment: segment === NO_SEGMENT ? undefined : segment,
      bits: ([16, 32, 64] as const)[(extension >>> 24) & 3] ?? 64,
    };
  }
}
