// A small virtio driver for tests: builds rings in a memory of its own and speaks to the transport's registers.

import type { GuestMemory } from "../../emulator/devices/guest-memory.ts";
import type { VirtioDevice } from "../../emulator/devices/virtio-device.ts";
import { VirtioMmio } from "../../emulator/devices/virtio-mmio.ts";
import { VirtualClock } from "../../emulator/machine/clock.ts";
import { EventQueue } from "../../emulator/machine/events.ts";

export const RAM = 0x100000;
/** Where the driver puts things. */
export const PLACE = { descriptors: 0x1000, available: 0x3000, used: 0x4000, buffers: 0x10000 } as const;
export const QUEUE_SIZE = 8;

export interface Descriptor {
  address: number;
  length: number;
  flags: number;
  next: number;
}

export class TestDriver {
  readonly ram = new Uint8Array(RAM);
  readonly view = new DataView(this.ram.buffer);
  readonly transport: VirtioMmio;
  readonly notices: string[] = [];
  line = false;
  readonly #events = new EventQueue(() => {});
  readonly #clock = new VirtualClock(1000, () => 0, this.#events);
  #available = 0;

  constructor(device: VirtioDevice, modern = true) {
    const memory: GuestMemory = {
      bytes: this.ram,
      write: (address, bytes) => {
        if (address < 0 || address + bytes.length > RAM) throw new RangeError("a device wrote outside RAM");
        this.ram.set(bytes, address);
      },
    };
    const line = (level: boolean) => {
      this.line = level;
    };
    this.transport = new VirtioMmio(device, modern, memory, this.#clock, line, (text) =>
      this.notices.push(text),
    );
  }

  /** The steps of section 3.1.1, to DRIVER_OK. */
  start(queue = 0): this {
    const w = (offset: number, value: number) => this.transport.write(offset, value);
    w(0x70, 0);
    w(0x70, 3);
    w(0x24, 0);
    w(0x20, this.transport.read(0x10));
    w(0x24, 1);
    w(0x20, 1);
    w(0x70, 11);
    w(0x30, queue);
    w(0x38, QUEUE_SIZE);
    w(0x80, PLACE.descriptors);
    w(0x90, PLACE.available);
    w(0xa0, PLACE.used);
    w(0x44, 1);
    w(0x70, 15);
    return this;
  }

  describe(index: number, { address, length, flags, next }: Descriptor): void {
    const at = PLACE.descriptors + 16 * index;
    this.view.setBigUint64(at, BigInt(address), true);
    this.view.setUint32(at + 8, length, true);
    this.view.setUint16(at + 12, flags, true);
    this.view.setUint16(at + 14, next, true);
  }

  /** A chain of descriptors from index 0: what is read, then room that is written. Gives the addresses. */
  chain(readable: readonly Uint8Array[], writable: readonly number[]): number[] {
    let address = PLACE.buffers;
    const parts = [
      ...readable.map((bytes) => ({ bytes, length: bytes.length, flags: 0 })),
      ...writable.map((length) => ({ bytes: new Uint8Array(), length, flags: 2 })),
    ];
    return parts.map(({ bytes, length, flags }, i) => {
      const at = address;
      this.ram.set(bytes, at);
      this.describe(i, { address: at, length, flags: flags | (i < parts.length - 1 ? 1 : 0), next: i + 1 });
      address += length;
      return at;
    });
  }

  /** Makes the chain at `head` available, notifies, lets time pass. */
  submit(head = 0, queue = 0): void {
    this.view.setUint16(PLACE.available + 4 + 2 * (this.#available % QUEUE_SIZE), head, true);
    this.#available = (this.#available + 1) & 0xffff;
    this.view.setUint16(PLACE.available + 2, this.#available, true);
    this.kick(queue);
  }

  kick(queue = 0): void {
    this.transport.write(0x50, queue);
    this.settle();
  }

  settle(): void {
    this.#clock.skipTo(this.#clock.now() + 1_000_000);
    this.#events.fireDue(this.#clock.now());
  }

  /** The newest entry of the used ring. */
  get used(): { count: number; id: number; length: number } {
    const count = this.view.getUint16(PLACE.used + 2, true);
    const at = PLACE.used + 4 + 8 * ((count - 1 + QUEUE_SIZE) % QUEUE_SIZE);
    return { count, id: this.view.getUint32(at, true), length: this.view.getUint32(at + 4, true) };
  }

  get status(): number {
    return this.transport.read(0x70);
  }
}

/** struct virtio_blk_req's header. */
export function blockHeader(type: number, sector: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, type, true);
  view.setBigUint64(8, BigInt(sector), true);
  return new Uint8Array(view.buffer);
}
