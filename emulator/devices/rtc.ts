// The MC146818 real-time clock and its CMOS RAM: ports 0x70 (index) and 0x71 (data), interrupt 8.
// Date and time derive from virtual time and a start date given by the board; the host's clock is never read.
// Motorola MC146818A data sheet. Must not know who receives the interrupt.

import { type IrqLine, NS_PER_SECOND, type Timebase, type Timer, ticksAt, timeOfTick } from "./timebase.ts";

const REGISTER_A = 0x0a;
const REGISTER_B = 0x0b;
const REGISTER_C = 0x0c;
const REGISTER_D = 0x0d;
const CENTURY = 0x32;

const B_SET = 0x80;
const B_PERIODIC = 0x40;
const B_ALARM = 0x20;
const B_UPDATE = 0x10;
const B_BINARY = 0x04;
const B_24_HOURS = 0x02;

const C_PERIODIC = 0x40;
const C_ALARM = 0x20;
const C_UPDATE = 0x10;

/** The 32.768 kHz time base of the periodic interrupt. */
const PERIODIC_HZ = 32_768;
/** Update in progress begins 244 us before the update (t_BUC) ... */
const UPDATE_WARNING_NS = 244_000;
/** ... and the update itself takes 1984 us (t_UC). */
const UPDATE_NS = 1_984_000;
const DAY = 86_400;

export interface RtcState {
  index: number;
  /** Registers A, B, C, alarms and CMOS RAM; time and date are computed. */
  memory: number[];
  /** Seconds since 1970 that the clock shows minus whole seconds of virtual time. */
  offset: number;
  /** With SET: the date and time that do not advance. */
  frozen: number | undefined;
  /** Periodic ticks and seconds up to which the flags of register C are worked out. */
  seenPeriod: number;
  seenSecond: number;
}

export class Rtc {
  readonly #time: Timebase;
  readonly #irq: IrqLine;
  readonly #timer: Timer;
  #state: RtcState;

  /** `start` is the date at reset in seconds since 1970 (UTC). */
  constructor(time: Timebase, irq: IrqLine, start: number) {
    this.#time = time;
    this.#irq = irq;
    this.#timer = time.timer("rtc", () => this.#update());
    const memory: number[] = Array(128).fill(0);
    memory[REGISTER_A] = 0x26; // 32.768 kHz crystal, 1024 Hz
    memory[REGISTER_B] = B_24_HOURS;
    this.#state = {
      index: 0,
      memory,
      offset: start,
      frozen: undefined,
      seenPeriod: 0,
      seenSecond: 0,
    };
  }

  /** Presets CMOS RAM, as firmware does (memory sizes, equipment). */
  setCmos(index: number, value: number): void {
    this.#state.memory[index & 0x7f] = value & 0xff;
  }

  portRead(port: number): number {
    if ((port & 1) === 0) return 0xff; // the index register is write-only
    const { index } = this.#state;
    if (index === REGISTER_C) return this.#readFlags();
    return this.peek(index);
  }

  portWrite(port: number, value: number): void {
    if (port & 1) this.#write(this.#state.index, value);
    else this.#state.index = value & 0x7f; // bit 7 masks NMI, which nothing here raises
  }

  /** A register's value now, without side effects. */
  peek(index: number): number {
    const { memory } = this.#state;
    if (index === REGISTER_A) return (memory[REGISTER_A]! & 0x7f) | (this.#updating() ? 0x80 : 0);
    if (index === REGISTER_C) return this.#flags();
    if (index === REGISTER_D) return 0x80; // valid RAM and time
    return this.#dateRegister(index) ?? memory[index]!;
  }

  /** Seconds since 1970 that the clock shows. */
  seconds(): number {
    return this.#state.frozen ?? this.#state.offset + this.#wholeSeconds();
  }

  save(): RtcState {
    return structuredClone(this.#state);
  }

  load(state: RtcState): void {
    this.#state = structuredClone(state);
  }

  #wholeSeconds(): number {
    return Math.floor(this.#time.now() / NS_PER_SECOND);
  }

  #updating(): boolean {
    if (this.#state.frozen !== undefined) return false;
    const phase = this.#time.now() % NS_PER_SECOND;
    return phase >= NS_PER_SECOND - UPDATE_WARNING_NS || (phase < UPDATE_NS && this.#wholeSeconds() > 0);
  }

  #dateRegister(index: number): number | undefined {
    if (index > 9 && index !== CENTURY) return undefined;
    const date = dateOf(this.seconds());
    switch (index) {
      case 0:
        return this.#encode(date.second);
      case 2:
        return this.#encode(date.minute);
      case 4:
        return this.#encodeHour(date.hour);
      case 6:
        return this.#encode(date.weekday + 1);
      case 7:
        return this.#encode(date.day);
      case 8:
        return this.#encode(date.month);
      case 9:
        return this.#encode(date.year % 100);
      case CENTURY:
        return this.#encode(Math.floor(date.year / 100));
      default:
        return undefined; // 1, 3, 5: the alarm
    }
  }

  #write(index: number, value: number): void {
    const { memory } = this.#state;
    this.#catchUp();
    if (index === REGISTER_C || index === REGISTER_D) return;
    if (index === REGISTER_B) this.#writeControl(value);
    else if (this.#dateRegister(index) !== undefined) this.#setDate(index, value);
    else memory[index] = index === REGISTER_A ? value & 0x7f : value;
    this.#update();
  }

  /** SET freezes the time so that it can be written; clearing it starts the clock from what was written. */
  #writeControl(value: number): void {
    const state = this.#state;
    if (value & B_SET) state.frozen ??= this.seconds();
    else if (state.frozen !== undefined) {
      state.offset = state.frozen - this.#wholeSeconds();
      state.frozen = undefined;
    }
    state.memory[REGISTER_B] = value & B_SET ? value & ~B_UPDATE : value;
  }

  #setDate(index: number, value: number): void {
    const state = this.#state;
    const date = dateOf(this.seconds());
    const n = this.#decode(value);
    if (index === 0) date.second = n;
    else if (index === 2) date.minute = n;
    else if (index === 4) date.hour = this.#decodeHour(value);
    else if (index === 7) date.day = n;
    else if (index === 8) date.month = n;
    else if (index === 9) date.year = date.year - (date.year % 100) + n;
    else if (index === CENTURY) date.year = n * 100 + (date.year % 100);
    const seconds = secondsOf(date);
    if (state.frozen !== undefined) state.frozen = seconds;
    else state.offset = seconds - this.#wholeSeconds();
  }

  #encode(value: number): number {
    return this.#state.memory[REGISTER_B]! & B_BINARY ? value : Math.floor(value / 10) * 16 + (value % 10);
  }

  #decode(value: number): number {
    return this.#state.memory[REGISTER_B]! & B_BINARY ? value : (value >> 4) * 10 + (value & 15);
  }

  #encodeHour(hour: number): number {
    if (this.#state.memory[REGISTER_B]! & B_24_HOURS) return this.#encode(hour);
    return this.#encode(hour % 12 || 12) | (hour >= 12 ? 0x80 : 0);
  }

  #decodeHour(value: number): number {
    if (this.#state.memory[REGISTER_B]! & B_24_HOURS) return this.#decode(value);
    return (this.#decode(value & 0x7f) % 12) + (value & 0x80 ? 12 : 0);
  }

  /** Register A's rate: 32768 >> (rate - 1) Hz; rates 1 and 2 are 256 and 128 Hz with a 32.768 kHz crystal. */
  #periodTicks(): number {
    const rate = this.#state.memory[REGISTER_A]! & 15;
    return rate === 0 ? 0 : 1 << (rate <= 2 ? rate + 6 : rate - 1);
  }

  /** Works out which flags of register C came up since the last look. */
  #catchUp(): void {
    const state = this.#state;
    state.memory[REGISTER_C] = this.#pendingFlags();
    const step = this.#periodTicks();
    if (step) state.seenPeriod = Math.floor(ticksAt(this.#time.now(), PERIODIC_HZ) / step) * step;
    state.seenSecond = this.#wholeSeconds();
  }

  #pendingFlags(): number {
    const state = this.#state;
    let flags = state.memory[REGISTER_C]! & 0x70;
    const step = this.#periodTicks();
    if (step && ticksAt(this.#time.now(), PERIODIC_HZ) >= state.seenPeriod + step) flags |= C_PERIODIC;
    const now = this.#wholeSeconds();
    if (now > state.seenSecond && state.frozen === undefined) {
      flags |= C_UPDATE;
      const alarm = this.#nextAlarm(state.seenSecond + state.offset);
      if (alarm !== undefined && alarm <= now + state.offset) flags |= C_ALARM;
    }
    return flags;
  }

  /** Register C: bit 7 is the interrupt request, any flag that register B enables. */
  #flags(): number {
    const flags = this.#pendingFlags();
    return flags | (flags & this.#state.memory[REGISTER_B]! & 0x70 ? 0x80 : 0);
  }

  /** Reading register C clears it and takes the interrupt away. */
  #readFlags(): number {
    const flags = this.#flags();
    this.#catchUp();
    this.#state.memory[REGISTER_C] = 0;
    this.#update();
    return flags;
  }

  /** Drives the interrupt line and schedules the next moment at which an enabled flag comes up. */
  #update(): void {
    this.#catchUp();
    this.#irq((this.#flags() & 0x80) !== 0);
    const next = this.#nextFlag();
    if (next === Infinity) this.#timer.cancel();
    else this.#timer.schedule(next);
  }

  #nextFlag(): number {
    const { memory, seenPeriod, seenSecond, offset, frozen } = this.#state;
    const enabled = memory[REGISTER_B]! & ~memory[REGISTER_C]!;
    let next = Infinity;
    const step = this.#periodTicks();
    if (enabled & B_PERIODIC && step) next = timeOfTick(seenPeriod + step, PERIODIC_HZ);
    if (frozen !== undefined) return next;
    if (enabled & B_UPDATE) next = Math.min(next, (seenSecond + 1) * NS_PER_SECOND);
    if (enabled & B_ALARM) {
      const alarm = this.#nextAlarm(seenSecond + offset);
      if (alarm !== undefined) next = Math.min(next, (alarm - offset) * NS_PER_SECOND);
    }
    return next;
  }

  /** The first second after `after` that matches the alarm registers; codes from 0xC0 mean "any". */
  #nextAlarm(after: number): number | undefined {
    const { memory } = this.#state;
    const [second, minute, hour] = [memory[1]!, memory[3]!, memory[5]!];
    const matches = (raw: number, value: number, own: number) => raw >= 0xc0 || own === value;
    for (let t = after + 1; t <= after + DAY; t++) {
      const date = timeOfDay(t);
      if (!matches(hour, date.hour, this.#decodeHour(hour))) {
        t += 3599 - (((t % 3600) + 3600) % 3600);
      } else if (!matches(minute, date.minute, this.#decode(minute))) {
        t += 59 - (((t % 60) + 60) % 60);
      } else if (matches(second, date.second, this.#decode(second))) {
        return t;
      }
    }
    return undefined;
  }
}

interface CivilDate {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 = Sunday. */
  weekday: number;
}

function timeOfDay(seconds: number): { hour: number; minute: number; second: number } {
  const rest = ((seconds % DAY) + DAY) % DAY;
  return { hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60 };
}

/** Proleptic Gregorian date of a count of seconds since 1970; years run from March so that leap days come last. */
function dateOf(seconds: number): CivilDate {
  const days = Math.floor(seconds / DAY);
  const shifted = days + 719_468; // days since 0000-03-01
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    ...timeOfDay(seconds),
    weekday: (((days + 4) % 7) + 7) % 7, // 1970-01-01 was a Thursday
  };
}

function secondsOf(date: CivilDate): number {
  const year = date.year - (date.month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const shiftedMonth = (date.month + 9) % 12;
  const dayOfYear = Math.floor((153 * shiftedMonth + 2) / 5) + date.day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * 146_097 + dayOfEra - 719_468;
  return days * DAY + date.hour * 3600 + date.minute * 60 + date.second;
}
