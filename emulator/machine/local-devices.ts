// What each processor has for itself on the board: time-stamp counter, local APIC, model-specific registers, and its page of KVM's
// clock. Must not know the other processors: the APIC bus and the pins are in LocalHost.

import type { ApicMessage, Shorthand } from "../devices/apic-message.ts";
import type { GuestMemory } from "../devices/guest-memory.ts";
import { LAPIC_BASE, Lapic, type LapicState } from "../devices/lapic.ts";
import { PVCLOCK_MSR, PvClock, type PvClockState } from "../devices/pvclock.ts";
import type { Timebase } from "../devices/timebase.ts";
import { Tsc, type TscState } from "../devices/tsc.ts";
import { readX2apic, writeX2apic } from "../devices/x2apic.ts";
import type { Board } from "./board.ts";
import { MsrFile, type MsrHost, type MsrState } from "./msr.ts";

export interface LocalHost {
  broadcastEoi(vector: number): void;
  send(from: Lapic, message: ApicMessage, shorthand: Shorthand | undefined): void;
  /** INTR of the processor may have changed. */
  changed(processor: number): void;
  nonMaskable(processor: number): void;
  init(processor: number): void;
  startUp(processor: number, vector: number): void;
  /** The page of the processor's local APIC has moved, or gone. */
  moved(processor: number): void;
  readonly memory: GuestMemory;
}

export interface LocalState {
  tsc: TscState;
  msr: MsrState;
  lapic: LapicState;
  pvclock: PvClockState | undefined;
}

export class LocalDevices {
  readonly tsc: Tsc;
  readonly lapic: Lapic;
  readonly msr: MsrFile;
  /** Physical base of the local APIC's page; undefined where it has none (disabled, x2APIC mode). */
  page: number | undefined = LAPIC_BASE;
  readonly pvclock: PvClock | undefined;

  /** `processor`: its number, and its APIC ID. */
  constructor(processor: number, board: Board, tscHz: number, time: Timebase, host: LocalHost) {
    this.tsc = new Tsc(time, tscHz, board.tscOffsets[processor]);
    this.lapic = new Lapic(
      time,
      board.lapicHz,
      {
        broadcastEoi: (vector) => host.broadcastEoi(vector),
        send: (message, shorthand) => host.send(this.lapic, message, shorthand),
        changed: () => host.changed(processor),
        nonMaskable: () => host.nonMaskable(processor),
        init: () => host.init(processor),
        startUp: (vector) => host.startUp(processor, vector),
        timeOfTsc: (tsc) => this.tsc.timeOf(tsc),
      },
      processor,
    );
    this.pvclock = board.pvclock ? new PvClock(time, this.tsc, host.memory, board.rtcStart) : undefined;
    this.msr = new MsrFile({
      bootProcessor: processor === 0,
      tsc: this.pvclock ? refreshing(this.tsc, this.pvclock) : this.tsc,
      ...(this.pvclock ? { others: pvclockRegisters(this.pvclock) } : {}),
      ...(board.tscDeadline ? { tscDeadline: deadlineOf(this.lapic) } : {}),
      ...(board.x2apic ? { x2apic: x2apicOf(this.lapic) } : {}),
      lapicMoved: (base, mode) => {
        this.page = base;
        host.moved(processor);
        this.lapic.setMode(mode);
      },
    });
  }

  save(): LocalState {
    return {
      tsc: this.tsc.save(),
      msr: this.msr.save(),
      lapic: this.lapic.save(),
      pvclock: this.pvclock?.save(),
    };
  }

  load(state: LocalState): void {
    this.tsc.load(state.tsc);
    if (state.pvclock) this.pvclock?.load(state.pvclock);
    this.msr.load(state.msr);
    this.lapic.load(state.lapic);
  }
}

/** The TSC's registers, with the paravirtual clock told of each jump. */
function refreshing(tsc: Tsc, pvclock: PvClock): MsrHost["tsc"] {
  return {
    read: () => tsc.read(),
    write(value) {
      tsc.write(value);
      pvclock.refresh();
    },
    get adjust() {
      return tsc.adjust;
    },
    setAdjust(value) {
      tsc.setAdjust(value);
      pvclock.refresh();
    },
  };
}

function pvclockRegisters(pvclock: PvClock): NonNullable<MsrHost["others"]> {
  const systemTime = {
    read: () => pvclock.systemTime,
    write: (value: bigint) => pvclock.setSystemTime(value),
  };
  const wallClock = { read: () => pvclock.wallClock, write: (value: bigint) => pvclock.setWallClock(value) };
  return new Map([
    ...PVCLOCK_MSR.systemTime.map((index) => [index, systemTime] as const),
    ...PVCLOCK_MSR.wallClock.map((index) => [index, wallClock] as const),
  ]);
}

function x2apicOf(lapic: Lapic) {
  return {
    read: (index: number) => readX2apic(lapic, index),
    write: (index: number, value: bigint) => writeX2apic(lapic, index, value),
  };
}

function deadlineOf(lapic: Lapic): { read(): bigint; write(value: bigint): void } {
  return { read: () => lapic.timer.tscDeadline, write: (value) => lapic.timer.setTscDeadline(value) };
}
