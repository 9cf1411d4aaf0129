// The board's devices and the wires between them: which line goes to which pin, which device answers where.
// Must not know the processors (their pins are functions), instructions or virtual time's bookkeeping.

import { BIOS_MASTER_VECTOR, BIOS_SLAVE_VECTOR } from "../boot/bios.ts";
import { ApicBus } from "../devices/apic-bus.ts";
import { DEBUG_EXIT_PORT, DEBUG_EXIT_PORTS, DebugExit } from "../devices/debug-exit.ts";
import { FW_CFG_DATA, FW_CFG_SELECTOR, FwCfg, type FwCfgState } from "../devices/fw-cfg.ts";
import type { GuestMemory } from "../devices/guest-memory.ts";
import { I8254, type I8254State } from "../devices/i8254.ts";
import { I8259Pair, type I8259State } from "../devices/i8259.ts";
import { IOAPIC_BASE, IoApic, type IoApicState } from "../devices/ioapic.ts";
import type { Lapic } from "../devices/lapic.ts";
import { Port61 } from "../devices/port61.ts";
import { Rtc, type RtcState } from "../devices/rtc.ts";
import {
  TEST_DEVICE_PORTS,
  TEST_MEMORY_BASE,
  TEST_MEMORY_SIZE,
  TestDevice,
  type TestDeviceState,
} from "../devices/test-device.ts";
import type { IrqLine, Timebase } from "../devices/timebase.ts";
import { Uart16550, type UartState } from "../devices/uart16550.ts";
import { VIRTIO_MMIO_SIZE, type VirtioMmioState } from "../devices/virtio-mmio.ts";
import type { DiskOptions } from "./api.ts";
import type { Board } from "./board.ts";
import type { Bus, MmioDevice } from "./bus.ts";
import { LocalDevices, type LocalState } from "./local-devices.ts";
import { IGNORED_PORTS, ignoredPort, resetPort } from "./reset-ports.ts";
import { type VirtioBoard, virtioBoard } from "./virtio-slots.ts";
import { noPci, PCI_ADDRESS_PORT, PCI_DATA_PORT } from "./wide-ports.ts";

const APIC_PAGE = 0x1000;
const IRQ = { timer: 0, com1: 4, rtc: 8 } as const;
/** The i8259's INT is at the I/O APIC's first pin too (MP specification 1.4, 3.6.2.2: virtual wire through the I/O APIC). */
const EXTERNAL_PIN = 0;

/** Behind the processors' own. */
export function ioApicId(board: Board): number {
  return board.cpus + 1;
}

/** The processors' pins and the world outside. */
export interface ChipsetHost {
  /** INTR may have changed. */
  interrupt(processor: number, asserted: boolean): void;
  nonMaskable(processor: number): void;
  /** INIT: the processor is to wait for SIPI; its local APIC's initialize() belongs to it. */
  init(processor: number): void;
  /** SIPI: the processor is to start at vector * 4096 if it waits. */
  startUp(processor: number, vector: number): void;
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
  /** By processor. */
  locals: LocalState[];
  ioapic: IoApicState;
  pit: I8254State | undefined;
  pic: I8259State[] | undefined;
  rtc: RtcState | undefined;
  uart: UartState;
  testDevice: TestDeviceState | undefined;
  port61: number;
  fwCfg: FwCfgState | undefined;
  virtio: VirtioMmioState[];
  /** The console that printed last, and so gets what is typed. */
  typesTo: "uart" | "virtio";
  bus: number;
}

export class Chipset {
  /** By processor. */
  readonly locals: readonly LocalDevices[];
  readonly ioapic: IoApic;
  readonly pit: I8254 | undefined;
  readonly pic: I8259Pair | undefined;
  readonly rtc: Rtc | undefined;
  readonly uart: Uart16550;
  readonly #fwCfg: FwCfg | undefined;
  readonly #virtio: VirtioBoard;
  #typesTo: "uart" | "virtio" = "uart";
  readonly #testDevice: TestDevice | undefined;
  readonly #port61: Port61;
  readonly #host: ChipsetHost;
  readonly #bus: Bus;
  readonly #apicBus: ApicBus<Lapic>;
  /** The page at which the selected processor finds its local APIC. */
  readonly #apicPage: MmioDevice = {
    read: (offset) => this.local.lapic.read(offset),
    write: (offset, value) => this.local.lapic.write(offset, value),
    peek: (offset) => this.local.lapic.peek(offset),
  };
  #mapped: number | undefined;
  #selected = 0;
  #picOutput = false;

  constructor(board: Board, facts: ChipsetFacts, time: Timebase, bus: Bus, host: ChipsetHost) {
    this.#host = host;
    this.#bus = bus;
    this.locals = Array.from({ length: board.cpus }, (_, n) => this.#makeLocal(n, board, facts, time));
    this.#apicBus = new ApicBus(this.locals.map(({ lapic }) => lapic));
    this.ioapic = new IoApic(ioApicId(board), (message) => this.#apicBus.deliver(message));
    this.pic = board.pic ? new I8259Pair((level) => this.#picChanged(level)) : undefined;
    this.pit = board.pit ? new I8254(time, this.#line(IRQ.timer)) : undefined;
    this.rtc = board.rtc ? new Rtc(time, this.#line(IRQ.rtc), board.rtcStart) : undefined;
    this.uart = new Uart16550(time, this.#line(IRQ.com1), (byte) => this.#print("uart", byte));
    this.#fwCfg = board.fwCfg ? new FwCfg({ ...facts, cpus: board.cpus }) : undefined;
    this.#virtio = virtioBoard(board, facts.disks, {
      memory: host.memory,
      time,
      line: (irq) => this.#line(irq),
      console: (byte) => this.#print("virtio", byte),
      notice: host.notice,
    });
    this.#port61 = new Port61(time, this.pit);
    this.#mapApic();
    this.#testDevice = board.testDevice ? new TestDevice((irq) => this.#line(irq)) : undefined;
    this.#claim(bus);
    if (board.debugExit) this.#claimDebugExit(bus);
    this.locals[0]!.lapic.setVirtualWire();
    presetCmos(this.rtc, facts.memory);
  }

  /** The selected processor's own devices. */
  get local(): LocalDevices {
    return this.locals[this.#selected]!;
  }

  /** Accesses come from this processor now. */
  select(processor: number): void {
    this.#selected = processor;
    if (this.local.page !== this.#mapped) this.#mapApic();
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

  /** INTA of the selected processor: its local APIC's vector, else the i8259's where it may pass; -1 when nobody asks any more. */
  acknowledge(): number {
    const { lapic, msr } = this.local;
    if (msr.apicEnabled) {
      if (lapic.hasInterrupt()) return lapic.acknowledge();
      if (!lapic.hasExternalInterrupt()) return -1;
      lapic.acknowledgeExternal();
    }
    if (!this.pic || !this.#picOutput) return -1;
    const vector = this.pic.acknowledge();
    this.#updateInterrupt(this.#selected);
    return vector;
  }

  save(): ChipsetState {
    return {
      locals: this.locals.map((local) => local.save()),
      ioapic: this.ioapic.save(),
      pit: this.pit?.save(),
      pic: this.pic?.save(),
      rtc: this.rtc?.save(),
      uart: this.uart.save(),
      testDevice: this.#testDevice?.save(),
      port61: this.#port61.save(),
      fwCfg: this.#fwCfg?.save(),
      virtio: this.#virtio.slots.map(({ transport }) => transport.save()),
      typesTo: this.#typesTo,
      bus: this.#bus.save(),
    };
  }

  /** The state must come from a board with the same switches. */
  load(state: ChipsetState): void {
    this.ioapic.load(state.ioapic);
    if (state.pit) this.pit?.load(state.pit);
    if (state.pic) this.pic?.load(state.pic);
    if (state.rtc) this.rtc?.load(state.rtc);
    this.uart.load(state.uart);
    if (state.testDevice) this.#testDevice?.load(state.testDevice);
    this.#port61.load(state.port61);
    if (state.fwCfg) this.#fwCfg?.load(state.fwCfg);
    this.#virtio.slots.forEach(({ transport }, i) => {
      const saved = state.virtio[i];
      if (saved) transport.load(saved);
    });
    this.#typesTo = state.typesTo;
    this.#bus.load(state.bus);
    state.locals.forEach((local, n) => {
      this.locals[n]?.load(local);
    });
  }

  #makeLocal(processor: number, board: Board, { tscHz }: ChipsetFacts, time: Timebase): LocalDevices {
    const host = this.#host;
    return new LocalDevices(processor, board, tscHz, time, {
      broadcastEoi: (vector) => this.ioapic.endOfInterrupt(vector),
      send: (from, message, shorthand) => this.#apicBus.send(from, message, shorthand),
      changed: (n) => this.#updateInterrupt(n),
      nonMaskable: (n) => host.nonMaskable(n),
      init: (n) => host.init(n),
      startUp: (n, vector) => host.startUp(n, vector),
      moved: (n) => {
        if (n === this.#selected) this.#mapApic();
        this.#updateInterrupt(n);
      },
      memory: host.memory,
    });
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
    this.ioapic.setLine(EXTERNAL_PIN, level);
    for (const { lapic } of this.locals) lapic.setLint(0, level);
  }

  /**
   * With its local APIC globally disabled the i8259's INT pin is the boot processor's INTR
   * (SDM volume 3, "Local APIC State After It Has Been Software Disabled").
   */
  #updateInterrupt(processor: number): void {
    const local = this.locals?.[processor];
    if (!local) return; // still being made
    const { lapic, msr } = local;
    this.#host.interrupt(
      processor,
      msr.apicEnabled
        ? lapic.hasInterrupt() || lapic.hasExternalInterrupt()
        : processor === 0 && this.#picOutput,
    );
  }

  #mapApic(): void {
    this.#mapped = this.local.page;
    if (this.#mapped === undefined) this.#bus.unmap(this.#apicPage);
    else this.#bus.map(this.#mapped, APIC_PAGE, this.#apicPage);
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
