// I/O ports and memory-mapped devices: who answers at which address. ISA devices are eight bits wide: a wider access is
// several of them (SDM volume 1, "I/O Port Addressing"). Must not know any device.

export interface PortDevice {
  portRead(port: number): number;
  portWrite(port: number, value: number): void;
}

/** A device whose port takes an access of 1, 2 or 4 bytes as one. */
export interface WidePortDevice {
  portRead(port: number, size: number): number;
  portWrite(port: number, value: number, size: number): void;
}

/** A device in memory space with 32-bit registers at 16-byte or 4-byte steps; offsets are multiples of 4. */
export interface MmioDevice {
  read(offset: number): number;
  write(offset: number, value: number): void;
  /** Where a device takes writes of other widths and places than aligned 32 bits. */
  writePart?(offset: number, size: number, value: number): void;
  /** As read(), without side effects; undefined where nothing answers. */
  peek(offset: number): number | undefined;
}

interface MmioRange {
  base: number;
  size: number;
  device: MmioDevice;
}

/** An access where no device is. */
export interface Unanswered {
  space: "port" | "memory";
  write: boolean;
  address: number;
}

export function unansweredText({ space, write, address }: Unanswered, openPorts: OpenPorts = "ones"): string {
  const where = `${space === "port" ? "port" : "physical address"} 0x${hex(address)}`;
  return write
    ? `write to ${where}, where no device is: ignored`
    : `read of ${where}, where no device is${space === "memory" || openPorts === "ones" ? ": all ones" : ""}`;
}

/** One number for each access that differs. */
export function unansweredKey({ space, write, address }: Unanswered): number {
  return address * 4 + (space === "port" ? 2 : 0) + (write ? 1 : 0);
}

/** What a read of a port without device gives: all ones, as on a PC's bus, or the byte that the port access before it moved. */
export const OPEN_PORTS = ["ones", "last"] as const;
export type OpenPorts = (typeof OPEN_PORTS)[number];

export class Bus {
  readonly #ports: (PortDevice | undefined)[] = new Array(0x10000).fill(undefined);
  readonly #widePorts = new Map<number, WidePortDevice>();
  #ranges: readonly MmioRange[] = [];
  readonly #unanswered: (access: Unanswered) => void;
  readonly #openPorts: OpenPorts;
  /** The byte that a port access moved last. */
  #lastByte = 0xff;

  /** `unanswered` hears of accesses that no device answers. */
  constructor(unanswered: (access: Unanswered) => void, openPorts: OpenPorts = "ones") {
    this.#unanswered = unanswered;
    this.#openPorts = openPorts;
  }

  /** All that the bus itself remembers. */
  save(): number {
    return this.#lastByte;
  }

  load(lastByte: number): void {
    this.#lastByte = lastByte;
  }

  claimPorts(first: number, last: number, device: PortDevice): void {
    for (let port = first; port <= last; port++) this.#ports[port] = device;
  }

  /** Accesses that begin at `port` go to the device whole. */
  claimWidePort(port: number, device: WidePortDevice): void {
    this.#widePorts.set(port, device);
  }

  /** Maps a device; a range that it had before is given up. */
  map(base: number, size: number, device: MmioDevice): void {
    this.unmap(device);
    this.#ranges = [...this.#ranges, { base, size, device }];
  }

  unmap(device: MmioDevice): void {
    this.#ranges = this.#ranges.filter((range) => range.device !== device);
  }

  portIn(port: number, size: number): number {
    const wide = this.#widePorts.get(port);
    if (wide !== undefined) return (wide.portRead(port, size) & ones(size)) >>> 0;
    if (size === 1) {
      const device = this.#ports[port];
      if (device !== undefined) this.#lastByte = device.portRead(port);
      else {
        this.#unanswered({ space: "port", write: false, address: port });
        if (this.#openPorts === "ones") this.#lastByte = 0xff;
      }
      return this.#lastByte;
    }
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.portIn((port + i) & 0xffff, 1) << (8 * i);
    return value >>> 0;
  }

  portOut(port: number, size: number, value: number): void {
    const wide = this.#widePorts.get(port);
    if (wide !== undefined) {
      wide.portWrite(port, (value & ones(size)) >>> 0, size);
      return;
    }
    if (size === 1) {
      const device = this.#ports[port];
      this.#lastByte = value & 0xff;
      if (device !== undefined) device.portWrite(port, value & 0xff);
      else this.#unanswered({ space: "port", write: true, address: port });
      return;
    }
    for (let i = 0; i < size; i++) this.portOut((port + i) & 0xffff, 1, (value >>> (8 * i)) & 0xff);
  }

  mmioRead(address: number, size: number): number {
    const range = this.#rangeAt(address);
    if (range === undefined) {
      this.#unanswered({ space: "memory", write: false, address });
      return ones(size);
    }
    const offset = address - range.base;
    const byte = offset & 3;
    const low = part(range.device.read(offset - byte), byte, Math.min(size, 4 - byte));
    if (byte + size <= 4) return low;
    // Two registers: only devices that are memory are read so.
    const high = range.device.read(offset - byte + 4);
    return ((low | (high << (8 * (4 - byte)))) & ones(size)) >>> 0;
  }

  /** A write narrower than a register replaces it (SDM: APIC accesses other than aligned 32-bit ones are undefined). */
  mmioWrite(address: number, size: number, value: number): void {
    const range = this.#rangeAt(address);
    if (range === undefined) this.#unanswered({ space: "memory", write: true, address });
    else if (range.device.writePart) range.device.writePart(address - range.base, size, value >>> 0);
    else if (((address - range.base) & 3) === 0) range.device.write(address - range.base, value >>> 0);
  }

  /** One byte of a device's registers without side effects; undefined where no device answers. */
  peekByte(address: number): number | undefined {
    const range = this.#rangeAt(address);
    if (range === undefined) return undefined;
    const offset = address - range.base;
    const value = range.device.peek(offset - (offset & 3));
    return value === undefined ? 0 : part(value, offset & 3, 1);
  }

  #rangeAt(address: number): MmioRange | undefined {
    for (const range of this.#ranges) {
      if (address >= range.base && address < range.base + range.size) return range;
    }
    return undefined;
  }
}

function part(value: number, byte: number, size: number): number {
  return ((value >>> (8 * byte)) & ones(size)) >>> 0;
}

function ones(size: number): number {
  return size >= 4 ? 0xffffffff : 2 ** (8 * size) - 1;
}

function hex(value: number): string {
  return value.toString(16);
}
