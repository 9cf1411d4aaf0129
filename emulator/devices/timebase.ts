// What a device knows of time: the guest's virtual nanoseconds, timers on them, and exact conversions to ticks.
// Must not know who advances the time. All times are integer ns since reset, below 2^53 (104 days).

export interface Timebase {
  /** Virtual time of the current instruction, whole ns since reset. */
  now(): number;
  /** The part of the current time below one ns: 0-999 ps. */
  nowPicoseconds(): number;
  /** Makes a timer. Timers that are due at the same ns fire in the order in which they were made. */
  timer(name: string, fire: (deadline: number) => void): Timer;
}

export interface Timer {
  /** Fires once, at the first instruction boundary at or after `deadline` (ns); replaces an earlier schedule. */
  schedule(deadline: number): void;
  cancel(): void;
  /** ns, or Infinity when not scheduled. */
  readonly deadline: number;
}

/** A level-triggered or edge-triggered line; who drives it reports every change, and may repeat a level. */
export type IrqLine = (level: boolean) => void;

export const NS_PER_SECOND = 1_000_000_000;

/** The highest frequency that ticksAt and timeOfTick take. */
export const MAX_TICK_HZ = NS_PER_SECOND;

/** Whole ticks of a `hz` oscillator (1 to 10^9 Hz, started at reset) that have passed at `ns`: floor(ns * hz / 10^9), exact. */
export function ticksAt(ns: number, hz: number): number {
  if (hz === NS_PER_SECOND) return ns;
  const seconds = Math.floor(ns / NS_PER_SECOND);
  return seconds * hz + scale(ns - seconds * NS_PER_SECOND, hz, NS_PER_SECOND).quotient;
}

/** The first ns at which ticksAt(ns, hz) reaches `tick`: ceil(tick * 10^9 / hz), exact. */
export function timeOfTick(tick: number, hz: number): number {
  if (hz === NS_PER_SECOND) return tick;
  const seconds = Math.floor(tick / hz);
  const { quotient, exact } = scale(tick - seconds * hz, NS_PER_SECOND, hz);
  return seconds * NS_PER_SECOND + quotient + (exact ? 0 : 1);
}

const SPLIT = 32_768;
const result = { quotient: 0, exact: true };

/**
 * value * factor / divisor without losing a bit: every operand is at most 10^9, so that the product of a 15-bit half with
 * a factor stays below 2^53. The result object is reused by the next call.
 */
function scale(value: number, factor: number, divisor: number): typeof result {
  let carried = 0;
  let product = value * factor;
  if (product > Number.MAX_SAFE_INTEGER) {
    const high = Math.floor(value / SPLIT);
    const highProduct = high * factor;
    const highQuotient = Math.floor(highProduct / divisor);
    carried = highQuotient * SPLIT;
    product = (highProduct - highQuotient * divisor) * SPLIT + (value - high * SPLIT) * factor;
  }
  const low = Math.floor(product / divisor);
  result.quotient = carried + low;
  result.exact = low * divisor === product;
  return result;
}
