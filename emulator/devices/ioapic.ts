// The I/O APIC: 24 redirection entries behind an index and a data register at 0xfec00000.
// Intel 82093AA data sheet; version 0x20 adds the EOI register at 0x40. Must not know which device drives which pin.

import { type ApicMessage, DELIVERY } from "./apic-message.ts";

export const IOAPIC_BASE = 0xfec00000;
export const IOAPIC_PINS = 24;
/** Version 0x20, 24 entries (highest 0x17). */
export const IOAPIC_VERSION = 0x170020;

const SELECT = 0x00;
const WINDOW = 0x10;
const DIRECT_EOI = 0x40;

/** Redirection entry, low half. */
const REMOTE_IRR = 1 << 14;
const LEVEL_TRIGGERED = 1 << 15;
const MASKED = 1 << 16;
const LOW_WRITABLE = 0x1afff;

export interface IoApicState {
  id: number;
  select: number;
  /** Redirection entries: low and high halves. */
  low: number[];
  high: number[];
  lines: boolean[];
}

export class IoApic {
  readonly #send: (message: ApicMessage) => boolean;
  #state: IoApicState;

  /** `send` carries a message over the APIC bus; false when nobody took it. `id` is what the MP table says. */
  constructor(id: number, send: (message: ApicMessage) => boolean) {
    this.#send = send;
    this.#state = {
      id,
      select: 0,
      low: Array(IOAPIC_PINS).fill(MASKED),
      high: Array(IOAPIC_PINS).fill(0),
      lines: Array(IOAPIC_PINS).fill(false),
    };
  }

  read(offset: number): number {
    return this.peek(offset);
  }

  peek(offset: number): number {
    if (offset === SELECT) return this.#state.select;
    return offset === WINDOW ? this.register(this.#state.select) : 0;
  }

  /** A register by its index, without side effects. */
  register(index: number): number {
    const { id, low, high } = this.#state;
    if (index === 0 || index === 2) return id << 24;
    if (index === 1) return IOAPIC_VERSION;
    const pin = (index - 0x10) >> 1;
    if (pin < 0 || pin >= IOAPIC_PINS) return 0;
    return ((index & 1 ? high[pin]! : low[pin]!) | 0) >>> 0;
  }

  write(offset: number, value: number): void {
    if (offset === SELECT) this.#state.select = value & 0xff;
    else if (offset === WINDOW) this.#writeRegister(this.#state.select, value);
    else if (offset === DIRECT_EOI) this.endOfInterrupt(value & 0xff);
  }

  /** Level of an input pin, active as the board wires it (polarity is the wiring's business). */
  setLine(pin: number, level: boolean): void {
    const rising = level && !this.#state.lines[pin];
    this.#state.lines[pin] = level;
    const low = this.#state.low[pin]!;
    // "Edge-sensitive interrupts signaled on a masked interrupt pin are ignored."
    if ((low & LEVEL_TRIGGERED) !== 0 ? level : rising) this.#service(pin);
  }

  /** EOI of a vector: clears Remote IRR of its level-triggered entries, and sends again where the line still asks. */
  endOfInterrupt(vector: number): void {
    for (let pin = 0; pin < IOAPIC_PINS; pin++) {
      const low = this.#state.low[pin]!;
      if ((low & 0xff) !== vector || (low & REMOTE_IRR) === 0) continue;
      this.#state.low[pin] = low & ~REMOTE_IRR;
      if (this.#state.lines[pin]) this.#service(pin);
    }
  }

  save(): IoApicState {
    return structuredClone(this.#state);
  }

  load(state: IoApicState): void {
    this.#state = structuredClone(state);
  }

  #writeRegister(index: number, value: number): void {
    const { low, high, lines } = this.#state;
    if (index === 0) this.#state.id = (value >>> 24) & 0xf;
    const pin = (index - 0x10) >> 1;
    if (pin < 0 || pin >= IOAPIC_PINS) return;
    if (index & 1) {
      high[pin] = (value & 0xff000000) >>> 0;
      return;
    }
    low[pin] = (value & LOW_WRITABLE) | (low[pin]! & REMOTE_IRR);
    if ((value & LEVEL_TRIGGERED) === 0) low[pin]! &= ~REMOTE_IRR;
    else if (lines[pin]) this.#service(pin);
  }

  #service(pin: number): void {
    const low = this.#state.low[pin]!;
    if ((low & (MASKED | REMOTE_IRR)) !== 0) return;
    const delivery = (low >> 8) & 7;
    // ExtINT has no EOI here: it "requires an edge trigger mode".
    const level = (low & LEVEL_TRIGGERED) !== 0 && delivery !== DELIVERY.external;
    const taken = this.#send({
      vector: low & 0xff,
      delivery,
      level,
      destination: this.#state.high[pin]! >>> 24,
      logical: (low & 0x800) !== 0,
    });
    if (taken && level) this.#state.low[pin] = low | REMOTE_IRR;
  }
}
