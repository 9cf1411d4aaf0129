// The board's devices and the wires between them: which line goes to which pin, which device answers where.
// Must not know the CPU (its pins are functions), instructions or virtual time's bookkeeping.

import { BIOS_MASTER_VECTOR, BIOS_SLAVE_VECTOR } from "../boot/bios.ts";
import { DEBUG_EXIT_PORT, DEBUG_EXIT_PORTS, DebugExit } from "../devices/debug-exit.ts";
import { FW_CFG_DATA, FW_CFG_SELECTOR, FwCfg, type FwCfgState } from "../devices/fw-cfg.ts";
import type { GuestMemory } from "../devices/guest-memory.ts";
import { I8254, type I8254State } from "../devices/i8254.ts";
import { I8259Pair, type I8259State } from "../devices/i8259.ts";
import { IOAPIC_BASE, IoApic, type IoApicState } from "../devices/ioapic.ts";
import { Lapic, type LapicState } from "../devices/lapic.ts";
import { Port61 } from "../devices/port61.ts";
import { PVCLOCK_MSR, PvClock, type PvClockState } from "../devices/pvclock.ts";
import { Rtc, type RtcState } from "../devices/rtc.ts";
import {
  TEST_DEVICE_PORTS,
  TEST_MEMORY_BASE,
  TEST_MEMORY_SIZE,
  TestDevice,
  type TestDeviceState,
} from "../devices/test-device.ts";
import type { IrqLine, Timebase } from "../devices/timebase.ts";
import { Tsc, type TscState } from "../devices/tsc.ts";
import { Uart16550, type UartState } from "../devices/uart16550.ts";
import { VIRTIO_MMIO_SIZE, type VirtioMmioState } from "../devices/virtio-mmio.ts";
import { readX2apic, writeX2apic } from "../devices/x2apic.ts";
import type { DiskOptions } from "./api.ts";
import type { Board } from "./board.ts";
import type { Bus } from "./bus.ts";
import { MsrFile, type MsrHost, type MsrState } from "./msr.ts";
import { IGNORED_PORTS, ignoredPort, resetPort } from "./reset-ports.ts";
import { type VirtioBoard, virtioBoard } from "./virtio-slots.ts";
import { noPci, PCI_ADDRESS_PORT, PCI_DATA_PORT } from "./wide-ports.ts";

export const IOAPIC_ID = 2;
const APIC_PAGE = 0x1000;
const IRQ = { timer: 0, com1: 4, rtc: 8 } as const;

/** The CPU's pins and the world outside. */
export interface ChipsetHost {
  /** INTR may have changed. */
  interrupt(asserted: boolean): void;
  nonMaskable(): void;
  /** The guest asked for a reset; `how` is for the user. */
  reset(how: string): void;
  /** The guest ended the run by isa-debug-exit. */
  exit(status: number): void;
  console(byte: number): void;
  notice(message: string): void;
  readonly memory: GuestMemory;
}

/** What the devices are made from, beside the switches. */
export interface ChipsetFacts {
  tscHz: number;
  /** Bytes of RAM. */
  memory: number;
  cmdline: string;
  disks: readonly DiskOptions[];
}

export interface ChipsetState {
  tsc: TscState;
  msr: MsrState;
  lapic: LapicState;
  ioapic: IoApicState;
  pit: I8254State | undefined;
  pic: I8259State[] | undefined;
  rtc: RtcState | undefined;
  uart: UartState;
  testDevice: TestDeviceState | undefined;
  port61: number;
  fwCfg: FwCfgState | undefined;
  pvclock: PvClockState | undefined;
  virtio: VirtioMmioState[];
  /** The console that printed last, and so gets what is typed. */
  typesTo: "uart" | "virtio";
}

export class Chipset {
  readonly tsc: Tsc;
  readonly msr: MsrFile;
  readonly lapic: Lapic;
  readonly ioapic: IoApic;
  readonly pit: I8254 | undefined;
  readonly pic: I8259Pair | undefined;
  readonly rtc: Rtc | undefined;
  readonly uart: Uart16550;
  readonly #fwCfg: FwCfg | undefined;
  readonly #pvclock: PvClock | undefined;
  readonly #virtio: VirtioBoard;
  #typesTo: "uart" | "virtio" = "uart";
  readonly #testDevice: TestDevice | undefined;
  readonly #port61: Port61;
  readonly #host: ChipsetHost;
  #picOutput = false;

  constructor(board: Board, facts: ChipsetFacts, time: Timebase, bus: Bus, host: ChipsetHost) {
    this.#host = host;
    this.tsc = new Tsc(time, facts.tscHz);
    this.lapic = new Lapic(time, board.lapicHz, {
      broadcastEoi: (vector) => this.ioapic.endOfInterrupt(vector),
      changed: () => this.#updateInterrupt(),
      nonMaskable: () => host.nonMaskable(),
      timeOfTsc: (tsc) => this.tsc.timeOf(tsc),
    });
    this.ioapic = new IoApic(IOAPIC_ID, (message) => this.msr.apicEnabled && this.lapic.deliver(message));
    this.pic = board.pic ? new I8259Pair((level) => this.#picChanged(level)) : undefined;
    this.pit = board.pit ? new I8254(time, this.#line(IRQ.timer)) : undefined;
    this.rtc = board.rtc ? new Rtc(time, this.#line(IRQ.rtc), board.rtcStart) : undefined;
    this.uart = new Uart16550(this.#line(IRQ.com1), (byte) => this.#print("uart", byte));
    this.#fwCfg = board.fwCfg ? new FwCfg({ ...facts, cpus: 1 }) : undefined;
    this.#virtio = virtioBoard(board, facts.disks, {
      memory: host.memory,
      time,
      line: (irq) => this.#line(irq),
      console: (byte) => this.#print("virtio", byte),
      notice: host.notice,
    });
    this.#port61 = new Port61(time, this.pit);
    this.#pvclock = board.pvclock ? new PvClock(time, this.tsc, host.memory, board.rtcStart) : undefined;
    this.msr = new MsrFile({
      tsc: this.#pvclock ? refreshing(this.tsc, this.#pvclock) : this.tsc,
      ...(this.#pvclock ? { others: pvclockRegisters(this.#pvclock) } : {}),
      ...(board.tscDeadline ? { tscDeadline: deadlineOf(this.lapic) } : {}),
      ...(board.x2apic ? { x2apic: x2apicOf(this.lapic) } : {}),
      lapicMoved: (base, mode) => {
        this.#lapicMoved(bus, base);
        this.lapic.setMode(mode);
      },
    });
    this.#lapicMoved(bus, 0xfee00000);
    this.#testDevice = board.testDevice ? new TestDevice((irq) => this.#line(irq)) : undefined;
    this.#claim(bus);
    if (board.debugExit) this.#claimDebugExit(bus);
    this.lapic.setVirtualWire();
    presetCmos(this.rtc, facts.memory);
  }

  /** What is typed goes to the console that the guest prints on. */
  type(bytes: Uint8Array): void {
    const { console } = this.#virtio;
    if (this.#typesTo === "uart" || !console) this.uart.receive(bytes);
    else {
      console.device.receive(bytes);
      console.transport.wake(0);
    }
  }

  /** Interrupt controllers and timer as a PC's BIOS leaves them: tick of 18.2 Hz at IRQ 0, all other inputs masked. */
  leaveAsBios(): void {
    const program = (port: number, vector: number, cascade: number, mask: number) => {
      this.pic?.portWrite(port, 0x11);
      for (const word of [vector, cascade, 1, mask]) this.pic?.portWrite(port + 1, word);
    };
    program(0x20, BIOS_MASTER_VECTOR, 4, 0xfa);
    program(0xa0, BIOS_SLAVE_VECTOR, 2, 0xff);
    this.pit?.portWrite(0x43, 0x34);
    for (const byte of [0, 0]) this.pit?.portWrite(0x40, byte);
  }

  /** INTA: the local APIC's vector, else the i8259's where it may pass; -1 when nobody asks any more. */
  acknowledge(): number {
    if (this.msr.apicEnabled) {
      if (this.lapic.hasInterrupt()) return this.lapic.acknowledge();
      if (!this.lapic.hasExternalInterrupt()) return -1;
    }
    if (!this.pic || !this.#picOutput) return -1;
    const vector = this.pic.acknowledge();
    this.#updateInterrupt();
    return vector;
  }

  save(): ChipsetState {
    return {
      tsc: this.tsc.save(),
      msr: this.msr.save(),
      lapic: this.lapic.save(),
      ioapic: this.ioapic.save(),
      pit: this.pit?.save(),
      pic: this.pic?.save(),
      rtc: this.rtc?.save(),
      uart: this.uart.save(),
      testDevice: this.#testDevice?.save(),
      port61: this.#port61.save(),
      fwCfg: this.#fwCfg?.save(),
      pvclock: this.#pvclock?.save(),
      virtio: this.#virtio.slots.map(({ transport }) => transport.save()),
      typesTo: this.#typesTo,
    };
  }

  /** The state must come from a board with the same switches. */
  load(state: ChipsetState): void {
    this.tsc.load(state.tsc);
    this.ioapic.load(state.ioapic);
    if (state.pit) this.pit?.load(state.pit);
    if (state.pic) this.pic?.load(state.pic);
    if (state.rtc) this.rtc?.load(state.rtc);
    this.uart.load(state.uart);
    if (state.testDevice) this.#testDevice?.load(state.testDevice);
    this.#port61.load(state.port61);
    if (state.fwCfg) this.#fwCfg?.load(state.fwCfg);
    if (state.pvclock) this.#pvclock?.load(state.pvclock);
    this.#virtio.slots.forEach(({ transport }, i) => {
      const saved = state.virtio[i];
      if (saved) transport.load(saved);
    });
    this.#typesTo = state.typesTo;
    this.msr.load(state.msr);
    this.lapic.load(state.lapic);
  }

  #print(from: "uart" | "virtio", byte: number): void {
    this.#typesTo = from;
    this.#host.console(byte);
  }

  /** An ISA interrupt reaches the i8259's input of its number and the I/O APIC's pin, 2 for the timer. */
  #line(irq: number): IrqLine {
    const pin = irq === IRQ.timer ? 2 : irq;
    return (level) => {
      if (irq < 16) this.pic?.setLine(irq, level);
      this.ioapic.setLine(pin, level);
    };
  }

  #picChanged(level: boolean): void {
    this.#picOutput = level;
    this.lapic.setLint(0, level);
  }

  /** With the local APIC globally disabled the i8259's INT pin is the CPU's INTR (SDM volume 3, "Local APIC State After It Has Been Software Disabled"). */
  #updateInterrupt(): void {
    this.#host.interrupt(
      this.msr?.apicEnabled === false
        ? this.#picOutput
        : this.lapic.hasInterrupt() || this.lapic.hasExternalInterrupt(),
    );
  }

  #lapicMoved(bus: Bus, base: number | undefined): void {
    if (base === undefined) bus.unmap(this.lapic);
    else bus.map(base, APIC_PAGE, this.lapic);
    if (this.msr) this.#updateInterrupt();
  }

  #claimDebugExit(bus: Bus): void {
    const device = new DebugExit((status) => this.#host.exit(status));
    bus.claimPorts(DEBUG_EXIT_PORT, DEBUG_EXIT_PORT + DEBUG_EXIT_PORTS - 1, device);
  }

  #claim(bus: Bus): void {
    bus.map(IOAPIC_BASE, APIC_PAGE, this.ioapic);
    for (const { address, transport } of this.#virtio.slots) bus.map(address, VIRTIO_MMIO_SIZE, transport);
    const fwCfg = this.#fwCfg;
    if (fwCfg) for (const port of [FW_CFG_SELECTOR, FW_CFG_DATA]) bus.claimWidePort(port, fwCfg);
    for (const port of [PCI_ADDRESS_PORT, PCI_DATA_PORT, PCI_DATA_PORT + 2]) bus.claimWidePort(port, noPci);
    if (this.pit) bus.claimPorts(0x40, 0x43, this.pit);
    bus.claimPorts(0x61, 0x61, {
      portRead: () => this.#port61.portRead(),
      portWrite: (_port, value) => this.#port61.portWrite(value),
    });
    if (this.rtc) bus.claimPorts(0x70, 0x71, this.rtc);
    bus.claimPorts(0x3f8, 0x3ff, this.uart);
    if (this.pic) for (const port of [0x20, 0xa0, 0x4d0]) bus.claimPorts(port, port + 1, this.pic);
    if (this.#testDevice) {
      for (const [first, last] of TEST_DEVICE_PORTS) bus.claimPorts(first, last, this.#testDevice);
      bus.map(TEST_MEMORY_BASE, TEST_MEMORY_SIZE, this.#testDevice);
    }
    for (const port of IGNORED_PORTS) bus.claimPorts(port, port, ignoredPort);
    for (const port of [0x64, 0x92, 0xcf9] as const) {
      bus.claimPorts(
        port,
        port,
        resetPort(port, (how) => this.#host.reset(how)),
      );
    }
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

/** CMOS memory sizes as firmware leaves them: base 0x15, extended 0x17 and 0x30 (KB, at most 64 MB), above 16 MB 0x34 (64 KB). */
function presetCmos(rtc: Rtc | undefined, memory: number): void {
  if (!rtc) return;
  const extended = Math.min(memory / 1024 - 1024, 0xffff);
  const above = Math.max(0, Math.min((memory - 0x1000000) / 0x10000, 0xffff));
  const word = (index: number, value: number) => {
    rtc.setCmos(index, value & 0xff);
    rtc.setCmos(index + 1, value >> 8);
  };
  word(0x15, 639);
  word(0x17, extended);
  word(0x30, extended);
  word(0x34, above);
}
