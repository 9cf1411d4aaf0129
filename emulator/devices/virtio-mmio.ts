// The virtio MMIO transport (virtio 1.2 section 4.2), version 2 and the legacy version 1 (section 4.2.4): registers, feature
// negotiation, interrupts. A driver that breaks the rules breaks its device, nothing else: DEVICE_NEEDS_RESET until reset.

import type { GuestMemory } from "./guest-memory.ts";
import type { IrqLine, Timebase, Timer } from "./timebase.ts";
import type { VirtioDevice } from "./virtio-device.ts";
import { freshQueue, QUEUE_SIZE_MAX, QueueError, type QueueState, Virtqueue } from "./virtqueue.ts";

export const VIRTIO_MMIO_BASE = 0xfeb00000;
export const VIRTIO_MMIO_SIZE = 0x200;

/** Register offsets. */
const R = {
  magic: 0x00,
  version: 0x04,
  deviceId: 0x08,
  vendorId: 0x0c,
  deviceFeatures: 0x10,
  deviceFeaturesSelect: 0x14,
  driverFeatures: 0x20,
  driverFeaturesSelect: 0x24,
  guestPageSize: 0x28,
  queueSelect: 0x30,
  queueSizeMax: 0x34,
  queueSize: 0x38,
  queueAlign: 0x3c,
  queuePage: 0x40,
  queueReady: 0x44,
  queueNotify: 0x50,
  interruptStatus: 0x60,
  interruptAcknowledge: 0x64,
  status: 0x70,
  queueDescriptors: 0x80,
  queueAvailable: 0x90,
  queueUsed: 0xa0,
  configGeneration: 0xfc,
  config: 0x100,
} as const;

const MAGIC = 0x74726976; // "virt"
const VENDOR = 0x4b504c43; // "CLPK"
const STATUS = {
  acknowledge: 1,
  driver: 2,
  driverOk: 4,
  featuresOk: 8,
  needsReset: 0x40,
  failed: 0x80,
} as const;
const INTERRUPT = { used: 1, config: 2 } as const;
/** Bit 32 of the features: word 1, bit 0. */
const VERSION_1 = 1;
/** A device takes this long to see a notification, in ns: requests end later than the instruction that made them. */
const LATENCY_NS = 10_000;

export interface VirtioMmioState {
  status: number;
  interrupt: number;
  featuresSelect: [device: number, driver: number];
  driverFeatures: [low: number, high: number];
  queueSelect: number;
  guestPageSize: number;
  /** Legacy: alignment of the used ring and page number, by queue. */
  align: number[];
  page: number[];
  /** Bit by queue: notified, and not yet seen. */
  notified: number;
  queues: QueueState[];
  device: unknown;
}

export class VirtioMmio {
  readonly device: VirtioDevice;
  readonly #modern: boolean;
  readonly #line: IrqLine;
  readonly #notice: (message: string) => void;
  readonly #time: Timebase;
  readonly #timer: Timer;
  readonly #queues: Virtqueue[];
  #state: Omit<VirtioMmioState, "queues" | "device">;

  /** `notice` hears of broken rules. */
  constructor(
    device: VirtioDevice,
    modern: boolean,
    memory: GuestMemory,
    time: Timebase,
    line: IrqLine,
    notice: (message: string) => void,
  ) {
    this.device = device;
    this.#modern = modern;
    this.#line = line;
    this.#notice = notice;
    this.#time = time;
    this.#timer = time.timer(`virtio ${device.name}`, () => this.#serve());
    this.#queues = Array.from({ length: device.queues }, () => new Virtqueue(memory));
    this.#state = freshState(device.queues);
  }

  /** True from the driver's DRIVER_OK to reset. */
  get running(): boolean {
    return (this.#state.status & STATUS.driverOk) !== 0;
  }

  /** The device has something for a request that waits in `queue`. */
  wake(queue: number): void {
    this.#notify(queue);
  }

  read(offset: number): number {
    const s = this.#state;
    if (offset >= R.config) return this.#config(offset - R.config);
    switch (offset) {
      case R.magic:
        return MAGIC;
      case R.version:
        return this.#modern ? 2 : 1;
      case R.deviceId:
        return this.device.id;
      case R.vendorId:
        return VENDOR;
      case R.deviceFeatures:
        return this.#offered(s.featuresSelect[0]);
      case R.queueSizeMax:
        return this.#selected && !this.#selected.state.ready ? QUEUE_SIZE_MAX : 0;
      case R.queuePage:
        return this.#modern ? 0 : (s.page[s.queueSelect] ?? 0);
      case R.queueReady:
        return this.#modern && this.#selected?.state.ready ? 1 : 0;
      case R.interruptStatus:
        return s.interrupt;
      case R.status:
        return s.status;
      default:
        return 0; // configGeneration: the configuration never changes
    }
  }

  peek(offset: number): number {
    return this.read(offset);
  }

  write(offset: number, value: number): void {
    const s = this.#state;
    switch (offset) {
      case R.deviceFeaturesSelect:
        s.featuresSelect[0] = value;
        return;
      case R.driverFeaturesSelect:
        s.featuresSelect[1] = value;
        return;
      case R.driverFeatures:
        if (s.featuresSelect[1] < 2) s.driverFeatures[s.featuresSelect[1]] = value;
        return;
      case R.queueSelect:
        s.queueSelect = value;
        return;
      case R.queueNotify:
        this.#notify(value);
        return;
      case R.interruptAcknowledge:
        s.interrupt &= ~value;
        this.#line(s.interrupt !== 0);
        return;
      case R.status:
        this.#setStatus(value & 0xff);
        return;
      case R.queueSize:
        if (this.#selected && !this.#selected.state.ready) this.#selected.state.size = value;
        return;
      default:
        if (this.#modern) this.#writeModern(offset, value);
        else this.#writeLegacy(offset, value);
    }
  }

  save(): VirtioMmioState {
    return structured({
      ...this.#state,
      queues: this.#queues.map((queue) => queue.state),
      device: this.device.save(),
    });
  }

  load(saved: VirtioMmioState): void {
    const { queues, device, ...state } = structured(saved);
    this.#state = state;
    this.#queues.forEach((queue, i) => {
      queue.state = queues[i] ?? freshQueue();
    });
    this.device.load(device);
    // The line's level is the interrupt controllers' to restore: another device may hold it too.
  }

  get #selected(): Virtqueue | undefined {
    return this.#queues[this.#state.queueSelect];
  }

  /** Feature word 0 is the device's own bits; word 1 says VERSION_1. */
  #offered(word: number): number {
    if (word === 0) return this.device.features >>> 0;
    return word === 1 && this.#modern ? VERSION_1 : 0;
  }

  #config(offset: number): number {
    const { config } = this.device;
    let value = 0;
    for (let i = 3; i >= 0; i--) value = value * 256 + (config[offset + i] ?? 0);
    return value;
  }

  #writeModern(offset: number, value: number): void {
    const queue = this.#selected;
    if (!queue) return;
    if (offset === R.queueReady) {
      if (value & 1) this.#guarded(() => queue.start());
      else queue.reset();
      return;
    }
    if (queue.state.ready) return;
    const half = offset & 4;
    switch (offset - half) {
      case R.queueDescriptors:
        queue.state.descriptors = withHalf(queue.state.descriptors, half, value);
        return;
      case R.queueAvailable:
        queue.state.available = withHalf(queue.state.available, half, value);
        return;
      case R.queueUsed:
        queue.state.used = withHalf(queue.state.used, half, value);
    }
  }

  #writeLegacy(offset: number, value: number): void {
    const s = this.#state;
    const queue = this.#selected;
    if (offset === R.guestPageSize) s.guestPageSize = value;
    if (!queue) return;
    if (offset === R.queueAlign) s.align[s.queueSelect] = value;
    if (offset === R.queuePage) {
      s.page[s.queueSelect] = value;
      if (value === 0) queue.reset();
      else this.#guarded(() => this.#startLegacy(queue, value));
    }
  }

  /** The legacy layout (section 2.7.2): table, available ring, and the used ring at the next multiple of the alignment. */
  #startLegacy(queue: Virtqueue, page: number): void {
    const { state } = queue;
    const align = this.#state.align[this.#state.queueSelect] ?? 0;
    if (align === 0 || (align & (align - 1)) !== 0) throw new QueueError(`used ring alignment ${align}`);
    state.descriptors = page * this.#state.guestPageSize;
    state.available = state.descriptors + 16 * state.size;
    const end = state.available + 6 + 2 * state.size;
    state.used = Math.ceil(end / align) * align;
    queue.start();
  }

  #setStatus(value: number): void {
    const s = this.#state;
    if (value === 0) {
      this.#reset();
      return;
    }
    const accepted = this.#modern && value & STATUS.featuresOk && !this.#acceptable() ? STATUS.featuresOk : 0;
    s.status = (s.status & STATUS.needsReset) | (value & ~accepted);
    if (this.running && s.notified !== 0) this.#timer.schedule(this.#time.now() + LATENCY_NS);
  }

  /** A driver may take only what is offered, and must take VERSION_1. */
  #acceptable(): boolean {
    const [low, high] = this.#state.driverFeatures;
    return (low & ~this.#offered(0)) === 0 && high === VERSION_1;
  }

  /** The legacy page size stays: drivers set it once, before they reset. */
  #reset(): void {
    const { guestPageSize } = this.#state;
    this.#state = { ...freshState(this.#queues.length), guestPageSize };
    for (const queue of this.#queues) queue.reset();
    this.device.reset();
    this.#timer.cancel();
    this.#line(false);
  }

  #notify(queue: number): void {
    if (!(queue >= 0 && queue < this.#queues.length)) return;
    this.#state.notified |= 1 << queue;
    if (this.running && this.#timer.deadline === Infinity)
      this.#timer.schedule(this.#time.now() + LATENCY_NS);
  }

  /** All requests of the notified queues; a queue holds at most as many as it has entries. */
  #serve(): void {
    const s = this.#state;
    const { notified } = s;
    s.notified = 0;
    if (!this.running || s.status & STATUS.needsReset) return;
    this.#queues.forEach((queue, i) => {
      if (notified & (1 << i)) this.#guarded(() => this.#drain(queue, i));
    });
  }

  #drain(queue: Virtqueue, index: number): void {
    let finished = 0;
    for (let count = 0; count < QUEUE_SIZE_MAX; count++) {
      const chain = queue.peek();
      const written = chain && this.device.serve(index, chain, { modern: this.#modern });
      if (!chain || written === undefined || written === "wait") break;
      queue.finish(chain, written);
      finished++;
    }
    if (finished > 0 && queue.wantsInterrupt) this.#interrupt(INTERRUPT.used);
  }

  /** A broken rule stops the device until the driver resets it (section 2.1.2). */
  #guarded(part: () => void): void {
    try {
      part();
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      this.#notice(`virtio ${this.device.name} needs a reset: ${error.message}`);
      this.#state.status |= STATUS.needsReset;
      if (this.running) this.#interrupt(INTERRUPT.config);
    }
  }

  #interrupt(cause: number): void {
    this.#state.interrupt |= cause;
    this.#line(true);
  }
}

function freshState(queues: number): Omit<VirtioMmioState, "queues" | "device"> {
  return {
    status: 0,
    interrupt: 0,
    featuresSelect: [0, 0],
    driverFeatures: [0, 0],
    queueSelect: 0,
    guestPageSize: 0,
    align: new Array(queues).fill(0),
    page: new Array(queues).fill(0),
    notified: 0,
  };
}

/** Low or high 32 bits of a 64-bit address replaced. */
function withHalf(address: number, half: number, value: number): number {
  const low = address % 2 ** 32;
  return half === 0 ? address - low + value : value * 2 ** 32 + low;
}

/** A copy of the transport's own part; what the device saves is immutable and shared. */
function structured(state: VirtioMmioState): VirtioMmioState {
  return {
    ...state,
    featuresSelect: [...state.featuresSelect],
    driverFeatures: [...state.driverFeatures],
    align: [...state.align],
    page: [...state.page],
    queues: state.queues.map((queue) => ({ ...queue })),
  };
}
