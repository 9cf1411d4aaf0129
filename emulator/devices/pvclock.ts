// KVM's paravirtual clock (Linux Documentation/virt/kvm/x86/msr.rst): two structures that the hypervisor writes into guest memory
// when the guest names a place for them. Here TSC and time never drift apart, so they change only when the guest moves its TSC.
// Must not know MSR numbers' owner or CPUID.

import type { GuestMemory } from "./guest-memory.ts";
import { NS_PER_SECOND, type Timebase } from "./timebase.ts";
import type { Tsc } from "./tsc.ts";

/** MSRs, each by its old and its new number. */
export const PVCLOCK_MSR = {
  wallClock: [0x11, 0x4b564d00],
  systemTime: [0x12, 0x4b564d01],
} as const;

/** CPUID 0x40000001 EAX: both pairs of MSRs, and that the clock is stable. */
export const PVCLOCK_FEATURES = (1 << 0) | (1 << 3) | (1 << 24);

const ENABLE = 1n;
const TIME_INFO_SIZE = 32;
const WALL_CLOCK_SIZE = 12;
const FLAG_TSC_STABLE = 1;

/** pvclock_vcpu_time_info as it stands in the guest's memory. */
export interface TimeInfo {
  version: number;
  tscTimestamp: bigint;
  /** ns. */
  systemTime: bigint;
  multiplier: number;
  shift: number;
  flags: number;
}

export interface PvClockState {
  systemTime: string;
  wallClock: string;
  /** Both structures' versions: even, and higher after each change. */
  version: number;
}

export class PvClock {
  readonly #time: Timebase;
  readonly #tsc: Tsc;
  readonly #memory: GuestMemory;
  readonly #wallStart: number;
  #systemTime = 0n;
  #wallClock = 0n;
  #version = 0;

  /** `wallStart`: seconds since 1970 at reset. */
  constructor(time: Timebase, tsc: Tsc, memory: GuestMemory, wallStart: number) {
    this.#time = time;
    this.#tsc = tsc;
    this.#memory = memory;
    this.#wallStart = wallStart;
  }

  get systemTime(): bigint {
    return this.#systemTime;
  }

  get wallClock(): bigint {
    return this.#wallClock;
  }

  /** The time structure; undefined while there is none, or none within RAM. */
  timeInfo(): TimeInfo | undefined {
    const address = this.#systemTime & ~ENABLE;
    const ram = this.#memory.bytes;
    if ((this.#systemTime & ENABLE) === 0n || address + BigInt(TIME_INFO_SIZE) > BigInt(ram.length))
      return undefined;
    const view = new DataView(ram.buffer, ram.byteOffset + Number(address), TIME_INFO_SIZE);
    return {
      version: view.getUint32(0, true),
      tscTimestamp: view.getBigUint64(8, true),
      systemTime: view.getBigUint64(16, true),
      multiplier: view.getUint32(24, true),
      shift: view.getInt8(28),
      flags: view.getUint8(29),
    };
  }

  /** Physical address of the time structure, bit 0 set to enable. */
  setSystemTime(value: bigint): void {
    this.#systemTime = value;
    this.refresh();
  }

  /** Physical address of the wall clock; it is written once for each write of the MSR. */
  setWallClock(value: bigint): void {
    this.#wallClock = value;
    this.#version += 2;
    const view = new DataView(new ArrayBuffer(WALL_CLOCK_SIZE));
    view.setUint32(0, this.#version, true);
    view.setUint32(4, this.#wallStart, true); // wall time when system time was 0
    this.#write(value, view);
  }

  /** To be called when the guest's TSC jumped: the pair of TSC and time is taken anew. */
  refresh(): void {
    if ((this.#systemTime & ENABLE) === 0n) return;
    this.#version += 2;
    const { multiplier, shift } = timeScale(this.#tsc.hz);
    const view = new DataView(new ArrayBuffer(TIME_INFO_SIZE));
    view.setUint32(0, this.#version, true);
    view.setBigUint64(8, this.#tsc.read(), true);
    view.setBigUint64(16, BigInt(this.#time.now()), true);
    view.setUint32(24, multiplier, true);
    view.setInt8(28, shift);
    view.setUint8(29, FLAG_TSC_STABLE);
    this.#write(this.#systemTime & ~ENABLE, view);
  }

  save(): PvClockState {
    return {
      systemTime: this.#systemTime.toString(16),
      wallClock: this.#wallClock.toString(16),
      version: this.#version,
    };
  }

  load(state: PvClockState): void {
    this.#systemTime = BigInt(`0x${state.systemTime}`);
    this.#wallClock = BigInt(`0x${state.wallClock}`);
    this.#version = state.version;
  }

  /** A place outside RAM gets nothing. */
  #write(address: bigint, view: DataView): void {
    if (address + BigInt(view.byteLength) > BigInt(this.#memory.bytes.length)) return;
    this.#memory.write(Number(address), new Uint8Array(view.buffer));
  }
}

/** ns = ((ticks << shift) * multiplier) >> 32, with the multiplier as large as fits 32 bits. */
export function timeScale(hz: number): { multiplier: number; shift: number } {
  let shift = 0;
  let scaled = hz;
  while (scaled > NS_PER_SECOND) {
    scaled /= 2;
    shift--;
  }
  while (scaled * 2 <= NS_PER_SECOND) {
    scaled *= 2;
    shift++;
  }
  // NS_PER_SECOND / scaled is in [1, 2): half of it, in 32 bits.
  const multiplier = Number((BigInt(NS_PER_SECOND) << BigInt(31 - shift)) / BigInt(hz));
  return { multiplier, shift: shift + 1 };
}
