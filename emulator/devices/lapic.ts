// The local APIC of a processor: registers, priorities, interrupt acceptance. Registers are addressed by their xAPIC
// offset (SDM volume 3, "Local APIC Register Address Map"); x2APIC reaches the same ones as MSR 0x800 + offset / 16.
// Must not know the CPU, the other APICs or the board: they are in LapicHost.

import {
  type ApicMessage,
  type ApicMode,
  DELIVERY,
  interProcessorMessage,
  isAddressed,
  logicalDestination,
  type Shorthand,
} from "./apic-message.ts";
import { LapicTimer, type LapicTimerState, type TimerMode } from "./lapic-timer.ts";
import type { Timebase } from "./timebase.ts";

export const LAPIC_BASE = 0xfee00000;

/** Offsets of the registers that this file names. The table with all names and fields is knowledge/lapic.ts. */
const ID = 0x20;
const VERSION = 0x30;
const TPR = 0x80;
const APR = 0x90;
const PPR = 0xa0;
const EOI = 0xb0;
const LDR = 0xd0;
const DFR = 0xe0;
const SVR = 0xf0;
const ISR = 0x100;
const TMR = 0x180;
const IRR = 0x200;
const ESR = 0x280;
const ICR_LOW = 0x300;
const ICR_HIGH = 0x310;
const LVT_TIMER = 0x320;
const LVT_LINT0 = 0x350;
const LVT_LINT1 = 0x360;
const LVT_ERROR = 0x370;
const TIMER_INITIAL = 0x380;
const TIMER_CURRENT = 0x390;
const TIMER_DIVIDE = 0x3e0;
/** x2APIC mode only. */
const SELF_IPI = 0x3f0;

/** Version 0x14 (integrated APIC), highest LVT entry 5: what QEMU's machine reports. */
export const LAPIC_VERSION = 0x50014;

/** Bits that software can write in each LVT entry: timer, thermal, performance, LINT0, LINT1, error. */
const LVT_WRITABLE = [0x710ff, 0x117ff, 0x117ff, 0x1b7ff, 0x1b7ff, 0x110ff] as const;
const LVT_MASKED = 0x10000;

const ESR_SEND_ILLEGAL_VECTOR = 1 << 5;
const ESR_RECEIVED_ILLEGAL_VECTOR = 1 << 6;
const ESR_ILLEGAL_REGISTER = 1 << 7;

export interface LapicHost {
  /** EOI of a level-triggered vector, broadcast to the I/O APICs. */
  broadcastEoi(vector: number): void;
  /** An interprocessor interrupt; the sender may be among those it reaches. */
  send(message: ApicMessage, shorthand: Shorthand | undefined): void;
  /** The request line to the CPU may have changed: ask hasInterrupt() again. */
  changed(): void;
  nonMaskable(): void;
  /** INIT; initialize() is to be called when it takes effect. */
  init(): void;
  /** SIPI: start at vector * 4096, if the processor waits for it. */
  startUp(vector: number): void;
  timeOfTsc(tsc: bigint): number;
}

export interface LapicState {
  mode: ApicMode;
  id: number;
  tpr: number;
  ldr: number;
  dfr: number;
  svr: number;
  esr: number;
  esrPending: number;
  icrLow: number;
  icrHigh: number;
  divideRegister: number;
  lvt: number[];
  isr: number[];
  tmr: number[];
  irr: number[];
  lintLevels: [boolean, boolean];
  /** An ExtINT message of the I/O APIC waits for INTA. */
  external: boolean;
  timer: LapicTimerState;
}

function resetState(): Omit<LapicState, "timer"> {
  return {
    mode: "xapic",
    id: 0,
    tpr: 0,
    ldr: 0,
    dfr: 0xffffffff,
    svr: 0xff,
    esr: 0,
    esrPending: 0,
    icrLow: 0,
    icrHigh: 0,
    divideRegister: 0,
    lvt: Array(6).fill(LVT_MASKED),
    isr: Array(8).fill(0),
    tmr: Array(8).fill(0),
    irr: Array(8).fill(0),
    lintLevels: [false, false],
    external: false,
  };
}

export class Lapic {
  readonly timer: LapicTimer;
  readonly #host: LapicHost;
  /** The ID of the processor: in xAPIC mode software may write another one to the ID register. */
  readonly #initialId: number;
  #state = resetState();

  constructor(time: Timebase, timerHz: number, host: LapicHost, initialId = 0) {
    this.#host = host;
    this.#initialId = initialId;
    this.#state.id = initialId;
    const name = initialId === 0 ? "lapic" : `lapic of CPU ${initialId}`;
    this.timer = new LapicTimer(name, time, timerHz, {
      expired: () => this.#request(this.#state.lvt[0]! & 0xff, false),
      timeOfTsc: (tsc) => host.timeOfTsc(tsc),
    });
  }

  /** Software enable: SVR bit 8. */
  get enabled(): boolean {
    return (this.#state.svr & 0x100) !== 0;
  }

  get mode(): ApicMode {
    return this.#state.mode;
  }

  /**
   * IA32_APIC_BASE changed. Disabling loses the state, as INIT does, but not the mode's own ID; x2APIC mode keeps all but ID, LDR
   * and the upper half of ICR (SDM volume 3, "x2APIC State Transitions").
   */
  setMode(mode: ApicMode): void {
    if (mode === this.#state.mode) return;
    if (mode === "disabled") {
      this.#state = { ...resetState(), id: this.#initialId, lintLevels: this.#state.lintLevels };
      this.timer.reset();
    } else if (mode === "x2apic") {
      this.#state.id = this.#initialId;
      this.#state.icrHigh = 0;
    }
    this.#state.mode = mode;
    this.#host.changed();
  }

  /** INIT: everything but the ID, and the mode that IA32_APIC_BASE has (SDM volume 3, "Local APIC State After an INIT Reset"). */
  initialize(): void {
    const { id, mode, lintLevels } = this.#state;
    this.#state = { ...resetState(), id, mode, lintLevels };
    this.timer.reset();
    this.#host.changed();
  }

  /** Reads a register by its xAPIC offset; a reserved one reads 0 and is an error (ESR bit 7). */
  read(offset: number): number {
    const value = this.peek(offset);
    if (value === undefined) this.#error(ESR_ILLEGAL_REGISTER);
    return value ?? 0;
  }

  /** As read(), without any side effect; undefined for a reserved offset. */
  peek(offset: number): number | undefined {
    const state = this.#state;
    if (offset >= ISR && offset < ESR) {
      const bank = offset < TMR ? state.isr : offset < IRR ? state.tmr : state.irr;
      return bank[(offset >> 4) & 7]! >>> 0;
    }
    if (offset >= LVT_TIMER && offset <= LVT_ERROR) return state.lvt[(offset - LVT_TIMER) >> 4]!;
    switch (offset) {
      case ID:
        return state.mode === "x2apic" ? state.id : (state.id << 24) >>> 0;
      case VERSION:
        return LAPIC_VERSION;
      case TPR:
        return state.tpr;
      case APR:
      case PPR:
        return this.processorPriority;
      case EOI:
        return 0;
      case LDR:
        return logicalDestination(state);
      case DFR:
        return state.dfr >>> 0;
      case SVR:
        return state.svr;
      case ESR:
        return state.esr;
      case ICR_LOW:
        return state.icrLow >>> 0;
      case ICR_HIGH:
        return state.icrHigh >>> 0;
      case TIMER_INITIAL:
        return this.timer.state.initial;
      case TIMER_CURRENT:
        return this.timer.current();
      case TIMER_DIVIDE:
        return state.divideRegister;
      default:
        return undefined;
    }
  }

  write(offset: number, value: number): void {
    const state = this.#state;
    if (offset >= LVT_TIMER && offset <= LVT_ERROR) {
      this.#writeLvt((offset - LVT_TIMER) >> 4, value);
      return;
    }
    switch (offset) {
      case ID:
        state.id = value >>> 24;
        break;
      case TPR:
        this.setTaskPriority(value & 0xff);
        break;
      case EOI:
        this.#endOfInterrupt();
        break;
      case LDR:
        state.ldr = (value & 0xff000000) >>> 0;
        break;
      case DFR:
        state.dfr = (value | 0x0fffffff) >>> 0;
        break;
      case SVR:
        this.#writeSpurious(value);
        break;
      case ESR:
        // "A write (of any value) must precede a read": it moves the errors since the last write into view.
        state.esr = state.esrPending;
        state.esrPending = 0;
        break;
      case ICR_LOW:
        state.icrLow = value & 0xccfff; // without delivery status (bit 12): idle again at once
        this.#sendInterProcessor();
        break;
      case ICR_HIGH:
        state.icrHigh = (state.mode === "x2apic" ? value : value & 0xff000000) >>> 0;
        break;
      case SELF_IPI:
        this.#sendSelf(value & 0xff);
        break;
      case TIMER_INITIAL:
        this.timer.setInitial(value >>> 0);
        break;
      case TIMER_DIVIDE:
        state.divideRegister = value & 0xb;
        this.timer.setDivide(divideOf(state.divideRegister));
        break;
      default:
        if (this.peek(offset) === undefined) this.#error(ESR_ILLEGAL_REGISTER);
    }
  }

  get taskPriority(): number {
    return this.#state.tpr;
  }

  /** TPR, also written as CR8 (bits 7:4). */
  setTaskPriority(value: number): void {
    this.#state.tpr = value;
    this.#host.changed();
  }

  /** Software-disabled it takes NMI, INIT and SIPI still (SDM volume 3, "Local APIC State After It Has Been Software Disabled"). */
  takes(message: ApicMessage): boolean {
    if (this.#state.mode === "disabled") return false;
    return this.enabled || message.delivery > DELIVERY.lowestPriority;
  }

  addressed(message: ApicMessage): boolean {
    return isAddressed(message, this.#state);
  }

  /** A message that has found its way here. False when it is of a kind that nothing is done with. */
  accept({ delivery, vector, level }: ApicMessage): boolean {
    switch (delivery) {
      case DELIVERY.fixed:
      case DELIVERY.lowestPriority:
        this.#request(vector, level);
        return true;
      case DELIVERY.nmi:
        this.#host.nonMaskable();
        return true;
      case DELIVERY.init:
        this.#host.init();
        return true;
      case DELIVERY.startUp:
        this.#host.startUp(vector);
        return true;
      case DELIVERY.external:
        this.#state.external = true;
        this.#host.changed();
        return true;
      default:
        return false;
    }
  }

  /** Level of a local interrupt pin. LINT0 carries the i8259 in virtual-wire mode. */
  setLint(pin: 0 | 1, level: boolean): void {
    const rising = level && !this.#state.lintLevels[pin];
    this.#state.lintLevels[pin] = level;
    const entry = this.#state.lvt[(pin === 0 ? LVT_LINT0 - LVT_TIMER : LVT_LINT1 - LVT_TIMER) >> 4]!;
    const delivery = (entry >> 8) & 7;
    if (rising && (entry & LVT_MASKED) === 0) {
      if (delivery === DELIVERY.nmi) this.#host.nonMaskable();
      else if (delivery === DELIVERY.fixed) this.#request(entry & 0xff, (entry & 0x8000) !== 0);
    }
    this.#host.changed();
  }

  /** The i8259 asks through LINT0, and the LVT lets it, or through the I/O APIC: the vector comes from the i8259, not from here. */
  hasExternalInterrupt(): boolean {
    if (this.#state.external) return true;
    const entry = this.#state.lvt[(LVT_LINT0 - LVT_TIMER) >> 4]!;
    return (
      this.#state.lintLevels[0] && (entry & LVT_MASKED) === 0 && ((entry >> 8) & 7) === DELIVERY.external
    );
  }

  /** INTA went to the i8259. */
  acknowledgeExternal(): void {
    this.#state.external = false;
  }

  /** A request of higher priority class than the processor's waits in IRR. */
  hasInterrupt(): boolean {
    const vector = highest(this.#state.irr);
    return vector >= 0 && vector >> 4 > this.processorPriority >> 4;
  }

  /** Moves the highest request from IRR to ISR and gives its vector; the spurious vector when there is none. */
  acknowledge(): number {
    if (!this.hasInterrupt()) return this.#state.svr & 0xff;
    const vector = highest(this.#state.irr);
    clearBit(this.#state.irr, vector);
    setBit(this.#state.isr, vector);
    this.#host.changed();
    return vector;
  }

  /** What firmware leaves behind: virtual-wire mode (MP specification 1.4, 3.6.2.2). */
  setVirtualWire(): void {
    this.write(SVR, 0x10f);
    this.write(LVT_LINT0, 0x700);
    this.write(LVT_LINT1, 0x400);
  }

  save(): LapicState {
    return structuredClone({ ...this.#state, timer: this.timer.save() });
  }

  load(saved: LapicState): void {
    const { timer, ...state } = structuredClone(saved);
    this.#state = state;
    this.timer.load(timer);
    this.#host.changed();
  }

  /** PPR: the higher of TPR and the class of the highest interrupt in service. */
  get processorPriority(): number {
    const inService = highest(this.#state.isr);
    const serviceClass = inService < 0 ? 0 : inService & 0xf0;
    return this.#state.tpr >> 4 >= serviceClass >> 4 ? this.#state.tpr : serviceClass;
  }

  #request(vector: number, level: boolean): void {
    if (vector < 16) {
      this.#error(ESR_RECEIVED_ILLEGAL_VECTOR);
      return;
    }
    setBit(this.#state.irr, vector);
    if (level) setBit(this.#state.tmr, vector);
    else clearBit(this.#state.tmr, vector);
    this.#host.changed();
  }

  #endOfInterrupt(): void {
    const vector = highest(this.#state.isr);
    if (vector < 0) return;
    clearBit(this.#state.isr, vector);
    if (hasBit(this.#state.tmr, vector)) this.#host.broadcastEoi(vector);
    this.#host.changed();
  }

  /** "When the APIC is software disabled, all LVT mask bits are set and cannot be cleared." */
  #writeSpurious(value: number): void {
    this.#state.svr = value & 0x3ff;
    if (this.enabled) return;
    for (let entry = 0; entry < 6; entry++) this.#writeLvt(entry, this.#state.lvt[entry]!);
  }

  #writeLvt(entry: number, value: number): void {
    let next = value & LVT_WRITABLE[entry]! & ~0x1000;
    if (!this.enabled) next |= LVT_MASKED;
    this.#state.lvt[entry] = next;
    if (entry === 0) this.timer.configure(timerModeOf(next), (next & LVT_MASKED) !== 0);
    this.#host.changed();
  }

  #sendInterProcessor(): void {
    const { icrLow, icrHigh, mode } = this.#state;
    const sent = interProcessorMessage(icrLow, icrHigh, mode);
    if (!sent) return;
    const { message, shorthand } = sent;
    if (message.delivery <= DELIVERY.lowestPriority && message.vector < 16)
      this.#error(ESR_SEND_ILLEGAL_VECTOR);
    else this.#host.send(message, shorthand);
  }

  /** x2APIC mode: MSR SELF IPI, always fixed delivery and edge. */
  #sendSelf(vector: number): void {
    if (vector < 16) this.#error(ESR_SEND_ILLEGAL_VECTOR);
    else this.#request(vector, false);
  }

  #error(bit: number): void {
    this.#state.esrPending |= bit;
    const entry = this.#state.lvt[(LVT_ERROR - LVT_TIMER) >> 4]!;
    if ((entry & LVT_MASKED) === 0 && (entry & 0xff) >= 16) this.#request(entry & 0xff, false);
  }
}

/** Divide Configuration Register: bits 3, 1, 0 give 2^(n+1), 111 divides by 1. */
export function divideOf(register: number): number {
  const n = ((register >> 1) & 4) | (register & 3);
  return n === 7 ? 1 : 2 << n;
}

export function timerModeOf(lvt: number): TimerMode {
  const bits = (lvt >> 17) & 3;
  return bits === 1 ? "periodic" : bits === 2 ? "tsc-deadline" : "one-shot";
}

/** Highest set bit of a 256-bit register, or -1. */
function highest(bank: number[]): number {
  for (let word = 7; word >= 0; word--) {
    const bits = bank[word]!;
    if (bits !== 0) return word * 32 + 31 - Math.clz32(bits);
  }
  return -1;
}

function hasBit(bank: number[], bit: number): boolean {
  return (bank[bit >> 5]! & (1 << (bit & 31))) !== 0;
}

function setBit(bank: number[], bit: number): void {
  bank[bit >> 5] = (bank[bit >> 5]! | (1 << (bit & 31))) >>> 0;
}

function clearBit(bank: number[], bit: number): void {
  bank[bit >> 5] = (bank[bit >> 5]! & ~(1 << (bit & 31))) >>> 0;
}
