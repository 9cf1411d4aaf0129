// The device that kvm-unit-tests expects, like QEMU's pc-testdev: a port that remembers, a port that does nothing, one port for
// each interrupt line, a page of memory behind device accesses. Must not know where the lines lead.

import type { IrqLine } from "./timebase.ts";

/** Reads back what was written, in any width. */
const MEMORY_PORT = 0xe0;
/** Asks a hypervisor to flush a page: nothing to do here. */
const FLUSH_PORT = 0xe4;
const LINES_PORT = 0x2000;
const LINES = 24;
export const TEST_MEMORY_BASE = 0xff000000;
export const TEST_MEMORY_SIZE = 0x10000;

/** First and last port of each range. */
export const TEST_DEVICE_PORTS: readonly (readonly [number, number])[] = [
  [MEMORY_PORT, MEMORY_PORT + 3],
  [FLUSH_PORT, FLUSH_PORT + 3],
  [LINES_PORT, LINES_PORT + LINES - 1],
];

export interface TestDeviceState {
  port: number[];
  /** Non-zero bytes of the memory, by offset. */
  memory: [number, number][];
}

export class TestDevice {
  readonly #line: (irq: number) => IrqLine;
  readonly #port = new Uint8Array(4);
  readonly #memory = new Uint8Array(TEST_MEMORY_SIZE);
  readonly #view = new DataView(this.#memory.buffer);

  /** `line` gives the input of an interrupt number (0-23) of the board. */
  constructor(line: (irq: number) => IrqLine) {
    this.#line = line;
  }

  portRead(port: number): number {
    return port >= MEMORY_PORT && port < MEMORY_PORT + 4 ? this.#port[port - MEMORY_PORT]! : 0;
  }

  portWrite(port: number, value: number): void {
    if (port >= LINES_PORT) this.#line(port - LINES_PORT)(value !== 0);
    else if (port < FLUSH_PORT) this.#port[port - MEMORY_PORT] = value;
  }

  read(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  peek(offset: number): number {
    return this.read(offset);
  }

  write(offset: number, value: number): void {
    this.writePart(offset, 4, value);
  }

  /** Any width, any alignment inside the device's range. */
  writePart(offset: number, size: number, value: number): void {
    for (let i = 0; i < size && offset + i < TEST_MEMORY_SIZE; i++)
      this.#memory[offset + i] = value >>> (8 * i);
  }

  save(): TestDeviceState {
    const memory: [number, number][] = [];
    for (let i = 0; i < TEST_MEMORY_SIZE; i++) if (this.#memory[i] !== 0) memory.push([i, this.#memory[i]!]);
    return { port: [...this.#port], memory };
  }

  load(state: TestDeviceState): void {
    this.#port.set(state.port);
    this.#memory.fill(0);
    for (const [offset, value] of state.memory) this.#memory[offset] = value;
  }
}
