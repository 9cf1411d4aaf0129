// The six counting modes of the i8254 as pure functions of the clocks that have passed since the count was loaded.
// Intel 82C54 data sheet, "Mode Definitions". Must not know ports, time or interrupts.

export type CountingMode = 0 | 1 | 2 | 3 | 4 | 5;

/** How modes 0-5 are called in the data sheet. */
export const MODE_NAMES = [
  "interrupt on terminal count",
  "hardware retriggerable one-shot",
  "rate generator",
  "square wave",
  "software triggered strobe",
  "hardware triggered strobe",
] as const;

/** M2 M1 M0 of the control word: 110 and 111 are modes 2 and 3 again. */
export function modeOfBits(bits: number): CountingMode {
  return (bits >= 6 ? bits - 4 : bits) as CountingMode;
}

/**
 * The counting element `elapsed` clocks after it was loaded with `count` (1 to 65536; 1 to 10000 in BCD).
 * `modulus` is 65536, or 10000 in BCD: what a counter that has run out wraps to.
 */
export function countAfter(mode: CountingMode, count: number, elapsed: number, modulus: number): number {
  switch (mode) {
    case 2:
      return count - (elapsed % count);
    case 3: {
      // Counts by two, from an even value: the odd count's extra clock belongs to the high half.
      const even = count - (count & 1);
      const phase = elapsed % count;
      const high = (count + 1) >> 1;
      return (even - 2 * (phase < high ? phase : phase - high)) % modulus;
    }
    default: {
      // Modes 0, 1, 4 and 5 go on from 0 to FFFF (9999) "without any effect on OUT".
      const left = (count - elapsed) % modulus;
      return left < 0 ? left + modulus : left;
    }
  }
}

/** The OUT pin `elapsed` clocks after the load. */
export function outAfter(mode: CountingMode, count: number, elapsed: number): boolean {
  switch (mode) {
    case 0:
    case 1:
      return elapsed >= count;
    case 2:
      return elapsed % count !== count - 1;
    case 3:
      return elapsed % count < (count + 1) >> 1;
    default:
      return elapsed !== count;
  }
}

/** The first clock after `elapsed` at which OUT changes; Infinity when it never does again. */
export function nextOutChange(mode: CountingMode, count: number, elapsed: number): number {
  const cycle = elapsed - (elapsed % count);
  const phase = elapsed - cycle;
  switch (mode) {
    case 0:
    case 1:
      return elapsed < count ? count : Infinity;
    case 2:
      return cycle + (phase < count - 1 ? count - 1 : count);
    case 3: {
      const high = (count + 1) >> 1;
      return cycle + (phase < high && high < count ? high : count);
    }
    default:
      return elapsed < count ? count : elapsed === count ? count + 1 : Infinity;
  }
}
