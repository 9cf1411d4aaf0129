// A split virtqueue (virtio 1.2 section 2.7) from the device's side. The ring lies in guest memory and every word of it is
// hostile: what breaks the rules throws QueueError, and nothing is read or written outside RAM. Must not know any device.

import type { GuestMemory } from "./guest-memory.ts";

/** The driver broke the ring's rules; the message is for a notice. */
export class QueueError extends Error {}

export const QUEUE_SIZE_MAX = 256;
/** More bytes than this in one chain are refused: no driver of a device here needs a tenth of it. */
export const CHAIN_BYTES_MAX = 8 * 1024 * 1024;

const DESCRIPTOR_SIZE = 16;
const FLAG = { next: 1, write: 2, indirect: 4 } as const;
/** avail.flags: the driver wants no interrupts. */
const NO_INTERRUPT = 1;

export interface QueueState {
  size: number;
  ready: boolean;
  descriptors: number;
  available: number;
  used: number;
  lastAvailable: number;
  usedIndex: number;
}

interface Span {
  address: number;
  length: number;
}

/** A request: what the driver hands over to be read, and room to be written. */
export class Chain {
  readonly head: number;
  readonly #memory: GuestMemory;
  readonly #readable: Span[] = [];
  readonly #writable: Span[] = [];

  constructor(head: number, memory: GuestMemory) {
    this.head = head;
    this.#memory = memory;
  }

  /** To be called in ring order; both are checked to be inside RAM by the queue. */
  add(span: Span, writable: boolean): void {
    if (!writable && this.#writable.length > 0)
      throw new QueueError("a readable buffer follows a writable one");
    (writable ? this.#writable : this.#readable).push(span);
    if (this.readableBytes + this.writableBytes > CHAIN_BYTES_MAX)
      throw new QueueError(`a chain of more than ${CHAIN_BYTES_MAX} bytes`);
  }

  get readableBytes(): number {
    return total(this.#readable);
  }

  get writableBytes(): number {
    return total(this.#writable);
  }

  /** All that the driver handed over, in order: a copy. */
  read(): Uint8Array {
    const bytes = new Uint8Array(this.readableBytes);
    let at = 0;
    for (const { address, length } of this.#readable) {
      bytes.set(this.#memory.bytes.subarray(address, address + length), at);
      at += length;
    }
    return bytes;
  }

  /** Fills the room from its byte `offset` on, as far as it goes; gives how many bytes were written. */
  write(bytes: Uint8Array, offset = 0): number {
    let skip = offset;
    let done = 0;
    for (const { address, length } of this.#writable) {
      const from = Math.min(skip, length);
      skip -= from;
      const size = Math.min(length - from, bytes.length - done);
      if (size > 0) this.#memory.write(address + from, bytes.subarray(done, done + size));
      done += Math.max(0, size);
    }
    return done;
  }
}

export class Virtqueue {
  readonly #memory: GuestMemory;
  readonly #view: DataView;
  state: QueueState = freshQueue();

  constructor(memory: GuestMemory) {
    this.#memory = memory;
    const { buffer, byteOffset, byteLength } = memory.bytes;
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  reset(): void {
    this.state = freshQueue();
  }

  /** To be called when the driver says that the ring stands. */
  start(): void {
    const { size, descriptors, available, used } = this.state;
    if (size === 0 || size > QUEUE_SIZE_MAX || (size & (size - 1)) !== 0)
      throw new QueueError(`a queue of ${size} entries (a power of 2 up to ${QUEUE_SIZE_MAX} is needed)`);
    this.#inRam(descriptors, DESCRIPTOR_SIZE * size, "descriptor table");
    this.#inRam(available, 6 + 2 * size, "available ring");
    this.#inRam(used, 6 + 8 * size, "used ring");
    this.state.ready = true;
  }

  /** The oldest chain that the driver made available and that was not finished yet; undefined when there is none. */
  peek(): Chain | undefined {
    if (!this.state.ready) return undefined;
    const { size, available, lastAvailable } = this.state;
    const waiting = (this.#u16(available + 2) - lastAvailable) & 0xffff;
    if (waiting === 0) return undefined;
    if (waiting > size) throw new QueueError(`${waiting} new chains in a queue of ${size}`);
    return this.#chain(this.#u16(available + 4 + 2 * (lastAvailable & (size - 1))));
  }

  /** Gives the chain that peek() showed back to the driver. */
  finish(chain: Chain, written: number): void {
    const { state } = this;
    const element = new DataView(new ArrayBuffer(8));
    element.setUint32(0, chain.head, true);
    element.setUint32(4, written, true);
    const slot = state.usedIndex & (state.size - 1);
    this.#memory.write(state.used + 4 + 8 * slot, new Uint8Array(element.buffer));
    state.usedIndex = (state.usedIndex + 1) & 0xffff;
    state.lastAvailable = (state.lastAvailable + 1) & 0xffff;
    this.#memory.write(state.used + 2, Uint8Array.of(state.usedIndex & 255, state.usedIndex >> 8));
  }

  get wantsInterrupt(): boolean {
    return (this.#u16(this.state.available) & NO_INTERRUPT) === 0;
  }

  /** Follows the descriptors from `head`; a chain longer than the table is a loop. */
  #chain(head: number): Chain {
    const chain = new Chain(head, this.#memory);
    let index = head;
    for (let count = 0; count < this.state.size; count++) {
      if (index >= this.state.size)
        throw new QueueError(`descriptor ${index} in a table of ${this.state.size}`);
      const at = this.state.descriptors + DESCRIPTOR_SIZE * index;
      const flags = this.#u16(at + 12);
      if (flags & FLAG.indirect) throw new QueueError("an indirect descriptor, which was not offered");
      const length = this.#view.getUint32(at + 8, true);
      const address = this.#u64(at);
      this.#inRam(address, length, "buffer");
      chain.add({ address, length }, (flags & FLAG.write) !== 0);
      if (!(flags & FLAG.next)) return chain;
      index = this.#u16(at + 14);
    }
    throw new QueueError("a chain of descriptors that loops");
  }

  #inRam(address: number, length: number, what: string): void {
    if (address + length <= this.#memory.bytes.length) return;
    throw new QueueError(`${what} at 0x${address.toString(16)} (${length} bytes) outside RAM`);
  }

  #u16(address: number): number {
    return this.#view.getUint16(address, true);
  }

  /** As a Number: above 2^53 it is rounded, and outside RAM all the same. */
  #u64(address: number): number {
    return this.#view.getUint32(address + 4, true) * 2 ** 32 + this.#view.getUint32(address, true);
  }
}

export function freshQueue(): QueueState {
  return { size: 0, ready: false, descriptors: 0, available: 0, used: 0, lastAvailable: 0, usedIndex: 0 };
}

function total(spans: readonly Span[]): number {
  return spans.reduce((sum, { length }) => sum + length, 0);
}
