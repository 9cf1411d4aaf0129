// A 16550A UART: COM1 at 0x3f8, interrupt 4. Bytes leave at once; input waits until the guest reads it.
// National Semiconductor PC16550D data sheet. Must not know what the bytes mean or where they go.

import { type IrqLine, NS_PER_SECOND, type Timebase, type Timer } from "./timebase.ts";

const IER_RECEIVED = 1;
const IER_TRANSMIT_EMPTY = 2;
const IER_LINE_STATUS = 4;
const IER_MODEM_STATUS = 8;

const LSR_DATA_READY = 0x01;
const LSR_OVERRUN = 0x02;
/** Transmitter holding register empty, transmitter empty. */
const LSR_IDLE = 0x60;

const LCR_DLAB = 0x80;
const MCR_LOOPBACK = 0x10;
const FCR_ENABLE = 0x01;
const FCR_CLEAR_RECEIVER = 0x02;
const FIFO_DEPTH = 16;
/** Bytes that ask for an interrupt, by FCR bits 7:6. */
const TRIGGER_LEVELS = [1, 4, 8, 14] as const;
/** So many character times without a byte in or out, and what is below the trigger level asks too. */
const TIMEOUT_CHARACTERS = 4;
const CLOCK_HZ = 1_843_200;
/** Clear to send, data set ready, carrier detect: a terminal is there. */
const MODEM_CONNECTED = 0xb0;

export interface UartState {
  ier: number;
  lcr: number;
  mcr: number;
  fcr: number;
  scratch: number;
  divisor: number;
  /** Modem status, with the delta bits. */
  msr: number;
  overrun: boolean;
  /** The transmitter-empty interrupt has not been acknowledged by reading IIR or writing THR. */
  transmitPending: boolean;
  /** Bytes below the trigger level have waited long enough. */
  timedOut: boolean;
  /** Bytes from outside, oldest first. Those within the FIFO's depth are in the receiver. */
  input: number[];
  /** What loopback mode sent to itself. */
  looped: number[];
}

export class Uart16550 {
  readonly #time: Timebase;
  readonly #timeout: Timer;
  readonly #irq: IrqLine;
  readonly #transmit: (byte: number) => void;
  #state: UartState = {
    ier: 0,
    lcr: 0,
    mcr: 0,
    fcr: 0,
    scratch: 0,
    divisor: 12,
    msr: MODEM_CONNECTED,
    overrun: false,
    transmitPending: false,
    timedOut: false,
    input: [],
    looped: [],
  };

  constructor(time: Timebase, irq: IrqLine, transmit: (byte: number) => void) {
    this.#time = time;
    this.#timeout = time.timer("uart", () => {
      this.#state.timedOut = true;
      this.#update();
    });
    this.#irq = irq;
    this.#transmit = transmit;
  }

  /** Bytes from outside, for the guest to read. The wire waits: nothing is lost to overrun. */
  receive(bytes: Iterable<number>): void {
    for (const byte of bytes) this.#state.input.push(byte & 0xff);
    this.#receiverMoved();
    this.#update();
  }

  portRead(port: number): number {
    const value = this.peek(port);
    const { lcr } = this.#state;
    const register = port & 7;
    if (register === 0 && (lcr & LCR_DLAB) === 0) {
      this.#receiver().shift();
      this.#receiverMoved();
    } else if (register === 2 && (value & 0xf) === 0x2) this.#state.transmitPending = false;
    else if (register === 5) this.#state.overrun = false;
    else if (register === 6) this.#state.msr &= 0xf0;
    else return value;
    this.#update();
    return value;
  }

  /** What a read would give, without side effects. */
  peek(port: number): number {
    const state = this.#state;
    const divisorAccess = (state.lcr & LCR_DLAB) !== 0;
    switch (port & 7) {
      case 0:
        return divisorAccess ? state.divisor & 0xff : (this.#receiver()[0] ?? 0);
      case 1:
        return divisorAccess ? state.divisor >> 8 : state.ier;
      case 2:
        return this.#identification() | (state.fcr & FCR_ENABLE ? 0xc0 : 0);
      case 3:
        return state.lcr;
      case 4:
        return state.mcr;
      case 5:
        return (
          LSR_IDLE | (this.#receiver().length > 0 ? LSR_DATA_READY : 0) | (state.overrun ? LSR_OVERRUN : 0)
        );
      case 6:
        return this.#modemStatus();
      default:
        return state.scratch;
    }
  }

  portWrite(port: number, value: number): void {
    const state = this.#state;
    const divisorAccess = (state.lcr & LCR_DLAB) !== 0;
    switch (port & 7) {
      case 0:
        if (divisorAccess) state.divisor = (state.divisor & 0xff00) | value;
        else this.#send(value);
        break;
      case 1:
        if (divisorAccess) state.divisor = (state.divisor & 0xff) | (value << 8);
        else this.#enable(value & 0xf);
        break;
      case 2:
        this.#controlFifo(value);
        break;
      case 3:
        state.lcr = value;
        break;
      case 4:
        this.#controlModem(value & 0x1f);
        break;
      case 7:
        state.scratch = value;
        break;
      default: // LSR and MSR are read-only
    }
    this.#update();
  }

  save(): UartState {
    return structuredClone(this.#state);
  }

  load(state: UartState): void {
    this.#state = structuredClone(state);
  }

  #receiver(): number[] {
    return this.#state.mcr & MCR_LOOPBACK ? this.#state.looped : this.#state.input;
  }

  #send(byte: number): void {
    const state = this.#state;
    if ((state.mcr & MCR_LOOPBACK) === 0) this.#transmit(byte);
    else if (state.looped.length >= (state.fcr & FCR_ENABLE ? FIFO_DEPTH : 1)) state.overrun = true;
    else {
      state.looped.push(byte);
      this.#receiverMoved();
    }
    state.transmitPending = true;
  }

  /** Setting the transmit-empty enable while the transmitter is empty asks for an interrupt at once. */
  #enable(value: number): void {
    if (value & ~this.#state.ier & IER_TRANSMIT_EMPTY) this.#state.transmitPending = true;
    this.#state.ier = value;
  }

  #controlFifo(value: number): void {
    const switched = (value ^ this.#state.fcr) & FCR_ENABLE;
    this.#state.fcr = value & 0xc9;
    // Only what is in the receiver is cleared; input that has not arrived yet stays on the wire.
    if (switched || value & FCR_CLEAR_RECEIVER) this.#state.looped = [];
    this.#receiverMoved();
  }

  /** Enough is in the receiver: any byte without FIFO, the trigger level with it. */
  #reachesTrigger(): boolean {
    const { fcr } = this.#state;
    const level = fcr & FCR_ENABLE ? TRIGGER_LEVELS[fcr >> 6]! : 1;
    return this.#receiver().length >= level;
  }

  /** A byte came or went: the character timeout begins anew where bytes wait below the trigger level. */
  #receiverMoved(): void {
    this.#state.timedOut = false;
    if (this.#receiver().length === 0 || this.#reachesTrigger()) this.#timeout.cancel();
    else this.#timeout.schedule(this.#time.now() + Math.ceil(TIMEOUT_CHARACTERS * this.#characterNs()));
  }

  /** Start bit, 5 to 8 data bits, parity, stop bits, at 16 clocks times the divisor each. */
  #characterNs(): number {
    const { lcr, divisor } = this.#state;
    const bits = 1 + 5 + (lcr & 3) + (lcr & 8 ? 1 : 0) + (lcr & 4 ? 2 : 1);
    return (bits * 16 * Math.max(1, divisor) * NS_PER_SECOND) / CLOCK_HZ;
  }

  /** In loopback the modem outputs drive the modem inputs: DTR>DSR, RTS>CTS, OUT1>RI, OUT2>DCD. */
  #controlModem(value: number): void {
    const before = this.#modemStatus() & 0xf0;
    this.#state.mcr = value;
    const after = this.#modemStatus() & 0xf0;
    const changed = (before ^ after) >> 4;
    // TERI, bit 2, reports the trailing edge only: RI going from 1 to 0.
    this.#state.msr |= (changed & 0xb) | (before & ~after & 0x40 ? 4 : 0);
  }

  #modemStatus(): number {
    const { mcr, msr } = this.#state;
    if ((mcr & MCR_LOOPBACK) === 0) return msr;
    const inputs = ((mcr & 2) << 3) | ((mcr & 1) << 5) | ((mcr & 4) << 4) | ((mcr & 8) << 4);
    return (msr & 0xf) | inputs;
  }

  /** IIR bits 3:0 by priority: line status, received data, character timeout, transmitter empty, modem status, none. */
  #identification(): number {
    const { ier, overrun, timedOut, transmitPending, msr } = this.#state;
    if (ier & IER_LINE_STATUS && overrun) return 0x6;
    if (ier & IER_RECEIVED && this.#reachesTrigger()) return 0x4;
    if (ier & IER_RECEIVED && timedOut) return 0xc;
    if (ier & IER_TRANSMIT_EMPTY && transmitPending) return 0x2;
    if (ier & IER_MODEM_STATUS && (msr & 0xf) !== 0) return 0x0;
    return 0x1;
  }

  /** On a PC the interrupt passes through OUT2 (MCR bit 3), and not in loopback. */
  #update(): void {
    const { mcr } = this.#state;
    const gated = (mcr & 8) !== 0 && (mcr & MCR_LOOPBACK) === 0;
    this.#irq(gated && this.#identification() !== 0x1);
  }
}
