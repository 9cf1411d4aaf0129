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
      const part = this.readPhysical(physical, size);
      if (part) bytes.set(part, offset);
      return part !== undefined;
    });
    return complete ? bytes : undefined;
  }

  /** Physical memory, RAM or a device's registers; undefined where nothing answers. */
  readPhysical(address: number, length: number): Uint8Array | undefined {
    const { ram } = this.#cpu;
    if (address + length <= ram.length) return ram.slice(address, address + length);
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const byte = address + i < ram.length ? ram[address + i] : this.#bus.peekByte(address + i);
      if (byte === undefined) return undefined;
      bytes[i] = byte;
    }
    return bytes;
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
