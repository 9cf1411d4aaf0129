// Linear memory for debuggers: page by page through the guest's page tables, devices through peek. No side effects on reads.
// Must not know who reads.

import type { Cpu } from "../cpu/cpu.ts";
import type { Bus } from "./bus.ts";

const PAGE = 0x1000;
const ADDRESS_MASK = (1n << 64n) - 1n;

export class LinearMemory {
  readonly #cpu: Cpu;
  readonly #bus: Bus;

  constructor(cpu: Cpu, bus: Bus) {
    this.#cpu = cpu;
    this.#bus = bus;
  }

  /** Undefined when a byte of the range is not mapped, or maps to nothing. */
  read(linear: bigint, length: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length);
    const complete = this.#pages(linear, length, (physical, offset, size) => {
      const { ram } = this.#cpu;
      if (physical + size <= ram.length) {
        bytes.set(ram.subarray(physical, physical + size), offset);
        return true;
      }
      for (let i = 0; i < size; i++) {
        const byte = this.#bus.peekByte(physical + i);
        if (byte === undefined) return false;
        bytes[offset + i] = byte;
      }
      return true;
    });
    return complete ? bytes : undefined;
  }

  /** False, and nothing written, when a byte of the range is not RAM. */
  write(linear: bigint, bytes: Uint8Array): boolean {
    const parts: { physical: number; offset: number; size: number }[] = [];
    const complete = this.#pages(linear, bytes.length, (physical, offset, size) => {
      parts.push({ physical, offset, size });
      return physical + size <= this.#cpu.ram.length;
    });
    if (!complete) return false;
    for (const { physical, offset, size } of parts) {
      this.#cpu.writeRam(physical, bytes.subarray(offset, offset + size));
    }
    return true;
  }

  /** Calls `visit` for the part of the range in each page; stops with false where it or the translation fails. */
  #pages(
    linear: bigint,
    length: number,
    visit: (physical: number, offset: number, size: number) => boolean,
  ): boolean {
    for (let offset = 0; offset < length; ) {
      const address = (linear + BigInt(offset)) & ADDRESS_MASK;
      const size = Math.min(length - offset, PAGE - Number(address & BigInt(PAGE - 1)));
      const physical = this.#cpu.translate(address);
      if (physical === undefined || !visit(physical, offset, size)) return false;
      offset += size;
    }
    return true;
  }
}
