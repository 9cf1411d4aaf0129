// The i8254 programmable interval timer: three counters on one 1.193182 MHz clock, ports 0x40-0x43.
// Counts are derived from virtual time when someone looks; only counter 0 has events, for its interrupt line.
// Intel 82C54 data sheet. Must not know who receives the interrupt, or port 0x61.

import { type CountingMode, countAfter, modeOfBits, nextOutChange, outAfter } from "./i8254-modes.ts";
import { type IrqLine, type Timebase, type Timer, ticksAt, timeOfTick } from "./timebase.ts";

export const I8254_HZ = 1_193_182;

/** One counter as data: all that save() keeps of it. Ticks are clocks of the 1.193182 MHz oscillator since reset. */
export interface I8254Counter {
  mode: CountingMode;
  bcd: boolean;
  /** RW1 RW0: 1 = least significant byte only, 2 = most significant only, 3 = both, least significant first. */
  access: number;
  /** 1 to 65536 (10000 in BCD). */
  count: number;
  /** Clock at which the counting element took `count`; undefined before a count was written (or triggered, modes 1 and 5). */
  loadedAt: number | undefined;
  /** Clocks counted when GATE went low and stopped the counter. */
  pausedAfter: number | undefined;
  /** A count that modes 2 and 3 take at the end of the current period. */
  next: { count: number; at: number } | undefined;
  gate: boolean;
  /** First byte of a two-byte write. */
  writtenLow: number | undefined;
  /** The next read of a two-byte read gives the high byte. */
  readHigh: boolean;
  latchedCount: number | undefined;
  latchedStatus: number | undefined;
}

export type I8254State = I8254Counter[];

function resetCounter(gate: boolean): I8254Counter {
  return {
    mode: 0,
    bcd: false,
    access: 3,
    count: 65536,
    loadedAt: undefined,
    pausedAfter: undefined,
    next: undefined,
    gate,
    writtenLow: undefined,
    readHigh: false,
    latchedCount: undefined,
    latchedStatus: undefined,
  };
}

export class I8254 {
  #counters: I8254Counter[] = [resetCounter(true), resetCounter(true), resetCounter(false)];
  readonly #time: Timebase;
  readonly #timer: Timer;
  readonly #irq: IrqLine;

  constructor(time: Timebase, irq: IrqLine) {
    this.#time = time;
    this.#irq = irq;
    this.#timer = time.timer("i8254", () => this.#drive());
  }

  portRead(port: number): number {
    if ((port & 3) === 3) return 0xff; // the control word register cannot be read: tri-state
    return readByte(this.#counters[port & 3]!, this.#tick());
  }

  portWrite(port: number, value: number): void {
    const index = port & 3;
    if (index === 3) this.#control(value);
    else this.#writeCount(index, value);
  }

  /** Drives GATE of a counter (only counter 2's is wired on a PC: port 0x61 bit 0). */
  setGate(index: number, gate: boolean): void {
    const counter = this.#counters[index]!;
    const rising = gate && !counter.gate;
    const falling = !gate && counter.gate;
    counter.gate = gate;
    if (rising) startByGate(counter, this.#tick());
    else if (falling) stopByGate(counter, this.#tick());
    if (index === 0) this.#drive();
  }

  /** The OUT pin of a counter, without side effects. */
  out(index: number): boolean {
    return counterOut(this.#counters[index]!, this.#tick());
  }

  /** A counter's state and what it would read now, without side effects. */
  inspect(index: number): {
    counter: Readonly<I8254Counter>;
    value: number;
    out: boolean;
    nullCount: boolean;
  } {
    const counter = this.#counters[index]!;
    const tick = this.#tick();
    const at = settled(counter, tick);
    return {
      counter: at,
      value: counterValue(at, tick),
      out: counterOut(at, tick),
      nullCount: isNull(at, tick),
    };
  }

  save(): I8254State {
    return structuredCloneCounters(this.#counters);
  }

  load(state: I8254State): void {
    this.#counters = structuredCloneCounters(state);
  }

  #tick(): number {
    return ticksAt(this.#time.now(), I8254_HZ);
  }

  #control(value: number): void {
    const select = value >> 6;
    if (select === 3) {
      this.#readBack(value);
      return;
    }
    const counter = this.#counters[select]!;
    const access = (value >> 4) & 3;
    if (access === 0) {
      latchCount(counter, this.#tick());
      return;
    }
    const gate = counter.gate;
    Object.assign(counter, resetCounter(gate), {
      mode: modeOfBits((value >> 1) & 7),
      bcd: (value & 1) !== 0,
      access,
      count: counter.count,
    });
    if (select === 0) this.#drive();
  }

  /** Read-back command: D5 = 0 latches counts, D4 = 0 latches status, D3-D1 select counters. */
  #readBack(value: number): void {
    const tick = this.#tick();
    for (let index = 0; index < 3; index++) {
      if ((value & (2 << index)) === 0) continue;
      const counter = this.#counters[index]!;
      if ((value & 0x20) === 0) latchCount(counter, tick);
      if ((value & 0x10) === 0) counter.latchedStatus ??= statusByte(counter, tick);
    }
  }

  #writeCount(index: number, value: number): void {
    const counter = this.#counters[index]!;
    if (counter.access === 3 && counter.writtenLow === undefined) {
      counter.writtenLow = value;
      // Mode 0: "writing the first byte disables counting; OUT is set low immediately".
      if (counter.mode === 0) counter.loadedAt = undefined;
    } else {
      const raw =
        counter.access === 1 ? value : counter.access === 2 ? value << 8 : (value << 8) | counter.writtenLow!;
      counter.writtenLow = undefined;
      loadCount(counter, countOfRaw(raw, counter.bcd), this.#tick());
    }
    if (index === 0) this.#drive();
  }

  /** Puts counter 0's OUT on the interrupt line and schedules its next change. */
  #drive(): void {
    const tick = this.#tick();
    const counter = settle(this.#counters[0]!, tick);
    this.#irq(counterOut(counter, tick));
    const change = nextChange(counter, tick);
    if (change === Infinity) this.#timer.cancel();
    else this.#timer.schedule(timeOfTick(change, I8254_HZ));
  }
}

function structuredCloneCounters(counters: I8254Counter[]): I8254Counter[] {
  return counters.map((counter) => ({ ...counter, next: counter.next && { ...counter.next } }));
}

/** 0 is the largest count: 2^16, or 10^4 in BCD. */
function countOfRaw(raw: number, bcd: boolean): number {
  if (!bcd) return raw || 65536;
  const decimal = (raw >> 12) * 1000 + ((raw >> 8) & 15) * 100 + ((raw >> 4) & 15) * 10 + (raw & 15);
  return decimal || 10000;
}

function rawOfCount(value: number, bcd: boolean): number {
  if (!bcd) return value & 0xffff;
  const digit = (n: number) => Math.floor(value / n) % 10;
  return (digit(1000) << 12) | (digit(100) << 8) | (digit(10) << 4) | digit(1);
}

/** A written count is loaded on the next CLK pulse; in modes 2 and 3 a running counter finishes its period first. */
function loadCount(counter: I8254Counter, count: number, tick: number): void {
  settle(counter, tick);
  const periodic = counter.mode === 2 || counter.mode === 3;
  if (periodic && counter.loadedAt !== undefined && counter.gate && tick >= counter.loadedAt) {
    const elapsed = tick - counter.loadedAt;
    counter.next = { count, at: counter.loadedAt + elapsed - (elapsed % counter.count) + counter.count };
    return;
  }
  counter.count = count;
  counter.next = undefined;
  if (counter.mode === 1 || counter.mode === 5) return; // wait for the trigger
  counter.loadedAt = tick + 1;
  counter.pausedAfter = counter.gate ? undefined : 0;
}

/** Applies a count that was waiting for the end of a period which is over now. */
function settle(counter: I8254Counter, tick: number): I8254Counter {
  if (counter.next && tick >= counter.next.at) {
    counter.count = counter.next.count;
    counter.loadedAt = counter.next.at;
    counter.next = undefined;
  }
  return counter;
}

function settled(counter: I8254Counter, tick: number): I8254Counter {
  return counter.next && tick >= counter.next.at ? settle({ ...counter }, tick) : counter;
}

/** Rising GATE: triggers modes 1 and 5, reloads modes 2 and 3, lets modes 0 and 4 go on. */
function startByGate(counter: I8254Counter, tick: number): void {
  switch (counter.mode) {
    case 0:
    case 4:
      if (counter.pausedAfter !== undefined) counter.loadedAt = tick - counter.pausedAfter;
      break;
    case 1:
    case 5:
      counter.loadedAt = tick + 1;
      break;
    default:
      if (counter.loadedAt !== undefined) counter.loadedAt = tick + 1;
  }
  counter.pausedAfter = undefined;
}

/** Falling GATE stops modes 0, 2, 3 and 4; OUT of modes 2 and 3 goes high at once. */
function stopByGate(counter: I8254Counter, tick: number): void {
  if (counter.mode === 1 || counter.mode === 5 || counter.loadedAt === undefined) return;
  counter.pausedAfter = Math.max(0, tick - counter.loadedAt);
}

function elapsedOf(counter: I8254Counter, tick: number): number {
  return counter.pausedAfter ?? Math.max(0, tick - counter.loadedAt!);
}

function counterValue(counter: I8254Counter, tick: number): number {
  const modulus = counter.bcd ? 10000 : 65536;
  if (counter.loadedAt === undefined) return counter.count % modulus;
  return countAfter(counter.mode, counter.count, elapsedOf(counter, tick), modulus);
}

/** OUT is high before the first load, except in mode 0 ("OUT is initially low"). */
function counterOut(counter: I8254Counter, tick: number): boolean {
  if (counter.loadedAt === undefined || tick < counter.loadedAt) return counter.mode !== 0;
  if (!counter.gate && (counter.mode === 2 || counter.mode === 3)) return true;
  return outAfter(counter.mode, counter.count, elapsedOf(counter, tick));
}

/** Clock of the next change of OUT after `tick`; Infinity when none comes by itself. */
function nextChange(counter: I8254Counter, tick: number): number {
  if (counter.loadedAt === undefined || counter.pausedAfter !== undefined) return Infinity;
  if (tick < counter.loadedAt) return counter.loadedAt;
  const change = counter.loadedAt + nextOutChange(counter.mode, counter.count, elapsedOf(counter, tick));
  return counter.next ? Math.min(change, counter.next.at) : change;
}

function isNull(counter: I8254Counter, tick: number): boolean {
  return counter.loadedAt === undefined || tick < counter.loadedAt || counter.next !== undefined;
}

function statusByte(counter: I8254Counter, tick: number): number {
  const at = settled(counter, tick);
  return (
    (counterOut(at, tick) ? 0x80 : 0) |
    (isNull(at, tick) ? 0x40 : 0) |
    (counter.access << 4) |
    (counter.mode << 1) |
    (counter.bcd ? 1 : 0)
  );
}

/** Counter latch command; "if a counter is latched and then latched again before it is read, the second is ignored". */
function latchCount(counter: I8254Counter, tick: number): void {
  if (counter.latchedCount !== undefined) return;
  settle(counter, tick);
  counter.latchedCount = rawOfCount(counterValue(counter, tick), counter.bcd);
}

function readByte(counter: I8254Counter, tick: number): number {
  if (counter.latchedStatus !== undefined) {
    const status = counter.latchedStatus;
    counter.latchedStatus = undefined;
    return status;
  }
  settle(counter, tick);
  const value = counter.latchedCount ?? rawOfCount(counterValue(counter, tick), counter.bcd);
  const high = counter.access === 2 || (counter.access === 3 && counter.readHigh);
  if (counter.access === 3) counter.readHigh = !counter.readHigh;
  if (high || counter.access !== 3) counter.latchedCount = undefined;
  return high ? value >> 8 : value & 0xff;
}
