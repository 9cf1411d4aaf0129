// The watchpoints of a machine: ranges go to the core, devices and MSRs are watched where the board answers them. Judges what
// the core and the board report. Costs nothing where nothing is watched. Must not know breakpoints or expressions.

import type { Cpu, CpuHost, CpuWatch, CpuWatchHit, RegisterName } from "../cpu/cpu.ts";
import { READ, WRITE } from "../cpu/watch.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import type { WatchHit, WatchPlace, Watchpoint } from "./watch-api.ts";
import { type DeviceAccess, type DeviceMatch, deviceMatch } from "./watched-devices.ts";

/** Reads without side effects. */
export interface WatchSources {
  linear(address: bigint, length: number): Uint8Array | undefined;
  physical(address: number, length: number): Uint8Array | undefined;
  msr(index: number): bigint | undefined;
  devices(): ClockDevice[];
  lapicBase(): number | undefined;
}

/** MSRs that the core answers itself, and where their value is to be read. */
export const CORE_MSRS = new Map<number, RegisterName | undefined>([
  [0x174, undefined],
  [0x175, undefined],
  [0x176, undefined],
  [0xc0000080, "efer"],
  [0xc0000081, undefined],
  [0xc0000082, undefined],
  [0xc0000083, undefined],
  [0xc0000084, undefined],
  [0xc0000100, "fs_base"],
  [0xc0000101, "gs_base"],
  [0xc0000102, "k_gs_base"],
  [0xc0000103, undefined],
]);

const PAGE = 0x1000n;
const TOP = (1n << 64n) - 1n;
/** Longer ranges would fill the core's table. */
const MAX_LENGTH = 0x20000;
const ACCESS = { read: READ, write: WRITE, change: WRITE, access: READ | WRITE } as const;

interface Device {
  point: Watchpoint;
  match: DeviceMatch;
}

type Space = DeviceAccess["space"];
const noDevices = (): Record<Space, Device[]> => ({ mmio: [], port: [], msr: [], tsc: [] });

export class Watching {
  readonly #cpu: () => Cpu;
  readonly #sources: WatchSources;
  #list: readonly Watchpoint[] = [];
  #devices = noDevices();
  /** The watchpoint of each entry in the core's table, and the part of its place that the entry has. */
  #entries: { point: Watchpoint; offset: number }[] = [];
  /** What is not in RAM as it was last seen, by watchpoint. */
  readonly #seen = new Map<Watchpoint, Uint8Array | undefined>();
  #hits: WatchHit[] = [];

  constructor(cpu: () => Cpu, sources: WatchSources) {
    this.#cpu = cpu;
    this.#sources = sources;
  }

  /** Throws RangeError, and nothing changes, where the core's table cannot hold the list, or a place cannot be watched. */
  set(list: readonly Watchpoint[]): void {
    const devices = noDevices();
    const entries: { point: Watchpoint; offset: number }[] = [];
    const watches: CpuWatch[] = [];
    for (const point of list) {
      const match = deviceMatch(point.place, this.#sources.lapicBase);
      for (const space of match?.spaces ?? []) devices[space].push({ point, match: match! });
      for (const { watch, offset } of coreWatches(point)) {
        watches.push(watch);
        entries.push({ point, offset });
      }
    }
    this.#cpu().setWatches(watches);
    this.#list = list;
    this.#devices = devices;
    this.#entries = entries;
    this.#hits = [];
    this.#seen.clear();
    for (const point of list) this.#look(point);
  }

  /** Hits since the last call that are hits by the watchpoint's own rule. */
  take(): WatchHit[] {
    if (this.#list.length === 0) return NONE;
    const touched = this.#entries.length > 0 ? this.#cpu().takeWatchHits() : [];
    if (touched.length === 0 && this.#hits.length === 0) return NONE;
    const hits = [...this.#hits, ...this.#judge(touched)];
    this.#hits = [];
    return hits.sort((left, right) => left.id - right.id);
  }

  /** Forgets what is pending; values are read again. For a machine that was set back. */
  reset(): void {
    this.set(this.#list);
  }

  #look(point: Watchpoint): void {
    if (point.place.kind === "linear") return;
    this.#seen.set(point, this.#value(point.place));
  }

  #value(place: WatchPlace): Uint8Array | undefined {
    switch (place.kind) {
      case "linear":
        return this.#sources.linear(place.address, place.length);
      case "physical":
        return this.#sources.physical(Number(place.address), place.length);
      case "msr": {
        const register = CORE_MSRS.get(place.index);
        const value = register ? this.#cpu().getRegister(register) : this.#sources.msr(place.index);
        return value === undefined ? undefined : littleEndian(value, 8);
      }
      case "register": {
        const device = this.#sources.devices().find(({ id }) => id === place.device);
        const register = device?.registers.find(({ id }) => id === place.register);
        if (!register || !/^0x[0-9a-f]+$/.test(register.value)) return undefined;
        return littleEndian(BigInt(register.value), REGISTER_BYTES[place.device] ?? 8);
      }
      case "port":
        return undefined;
    }
  }

  // ---- ranges, watched by the core ----

  #judge(touched: CpuWatchHit[]): WatchHit[] {
    const byPoint = new Map<Watchpoint, CpuWatchHit[]>();
    for (const hit of touched) {
      const { point } = this.#entries[hit.index]!;
      byPoint.set(point, [...(byPoint.get(point) ?? []), hit]);
    }
    return [...byPoint].flatMap(([point, hits]) => this.#judgePoint(point, hits));
  }

  #judgePoint(point: Watchpoint, hits: CpuWatchHit[]): WatchHit[] {
    const value = this.#value(point.place);
    const written = hits.some(({ access }) => access & WRITE);
    const old = written ? this.#before(point, hits, value) : undefined;
    if (!(point.place.kind === "linear")) this.#seen.set(point, value);
    if (point.access === "change" && sameBytes(old, value)) return [];
    const first = hits.reduce((low, hit) => (hit.first < low ? hit.first : low), hits[0]!.first);
    const last = hits.reduce((high, hit) => (hit.last > high ? hit.last : high), hits[0]!.last);
    return [
      {
        id: point.id,
        access: written ? "write" : "read",
        address: first,
        size: Number(last - first) + 1,
        instruction: hits[0]!.instruction,
        old,
        value,
      },
    ];
  }

  /** The bytes before the writes: pages that were not written have theirs still. */
  #before(point: Watchpoint, hits: CpuWatchHit[], now: Uint8Array | undefined): Uint8Array | undefined {
    const held = hits.filter(({ old }) => old !== undefined);
    if (held.length === 0 || !now) return this.#seen.get(point);
    const bytes = now.slice();
    for (const { index, old } of held) bytes.set(old!, this.#entries[index]!.offset);
    return bytes;
  }

  // ---- devices and MSRs, watched where the board answers ----

  /** The host as the core shall see it: the same, with device accesses watched. */
  over(host: CpuHost): CpuHost {
    return {
      ...host,
      mmioRead: (address, size) =>
        this.#reading("mmio", address, size, () => host.mmioRead(address, size), BigInt),
      mmioWrite: (address, size, value) =>
        this.#writing("mmio", address, size, value, () => host.mmioWrite(address, size, value)),
      portIn: (port, size) => this.#reading("port", port, size, () => host.portIn(port, size), BigInt),
      portOut: (port, size, value) =>
        this.#writing("port", port, size, value, () => host.portOut(port, size, value)),
      readMsr: (index) => this.#reading("msr", index, 8, () => host.readMsr(index), same),
      writeMsr: (index, value) => this.#writing("msr", index, 8, value, () => host.writeMsr(index, value)),
      timestamp: () => this.#reading("tsc", 0x10, 8, () => host.timestamp(), same),
    };
  }

  #reading<T>(
    space: DeviceAccess["space"],
    address: number,
    size: number,
    read: () => T,
    toInteger: (value: NonNullable<T>) => bigint,
  ): T {
    const result = read();
    const devices = this.#devices[space];
    if (devices.length === 0 || result === undefined || result === null) return result;
    for (const { point, match } of devices) {
      if (!(ACCESS[point.access] & READ) || !match.matches({ space, address, size })) continue;
      this.#hit(point, "read", address, size, undefined, littleEndian(toInteger(result), size));
    }
    return result;
  }

  /** A write that the board refuses (false: #GP) is none. */
  #writing<T>(
    space: DeviceAccess["space"],
    address: number,
    size: number,
    value: bigint | number,
    write: () => T,
  ): T {
    const devices = this.#devices[space];
    if (devices.length === 0) return write();
    const written = BigInt(value);
    const access = { space, address, size, written };
    const watching = devices
      .filter(({ point, match }) => ACCESS[point.access] & WRITE && match.matches(access))
      .map(({ point }) => ({ point, old: this.#value(point.place) }));
    const result = write();
    if (result === false) return result;
    for (const { point, old } of watching) {
      const now = this.#value(point.place) ?? littleEndian(written, size);
      if (point.access === "change" && sameBytes(old, now)) continue;
      this.#hit(point, "write", address, size, old, now);
    }
    return result;
  }

  #hit(
    point: Watchpoint,
    access: "read" | "write",
    address: number,
    size: number,
    old: Uint8Array | undefined,
    value: Uint8Array | undefined,
  ): void {
    const cpu = this.#cpu();
    const instruction = cpu.getRegister("rip");
    this.#hits.push({ id: point.id, access, address: BigInt(address), size, instruction, old, value });
    cpu.requestExit();
  }
}

const NONE: WatchHit[] = [];
/** Widths in which registers are shown. */
const REGISTER_BYTES: Readonly<Record<string, number>> = { lapic: 4, i8254: 2, tsc: 8 };
const same = (value: bigint): bigint => value;

/** A range cut at its pages' ends. */
function coreWatches(point: Watchpoint): { watch: CpuWatch; offset: number }[] {
  const { place } = point;
  const access = ACCESS[point.access];
  if (
    place.kind === "msr" ||
    (place.kind === "register" && `${place.device}.${place.register}` === "tsc.tsc_aux")
  ) {
    const index = place.kind === "msr" ? place.index : 0xc0000103;
    if (!CORE_MSRS.has(index)) return [];
    const number = BigInt(index);
    return [{ watch: { space: "msr", first: number, last: number, access }, offset: 0 }];
  }
  if (place.kind !== "linear" && place.kind !== "physical") return [];
  if (place.length < 1 || place.length > MAX_LENGTH)
    throw new RangeError(`Cannot watch ${place.length} bytes: 1 to ${MAX_LENGTH} are possible.`);
  const end = place.address + BigInt(place.length) - 1n;
  if (place.address < 0n || end > TOP) throw new RangeError("The watched range leaves the address space.");
  const parts: { watch: CpuWatch; offset: number }[] = [];
  for (let first = place.address; first <= end; ) {
    const pageEnd = first | (PAGE - 1n);
    const last = pageEnd < end ? pageEnd : end;
    parts.push({ watch: { space: place.kind, first, last, access }, offset: Number(first - place.address) });
    first = last + 1n;
  }
  return parts;
}

function littleEndian(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

function sameBytes(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (!left || !right || left.length !== right.length) return false;
  return left.every((byte, i) => byte === right[i]);
}
