// Times, frequencies and numbers as kernel developers write them. Must not know devices.

/** ns as "640 ns", "12.345 us", "10.000 ms", "1.500 s"; Infinity as "never". */
export function formatTime(ns: number): string {
  if (!Number.isFinite(ns)) return "never";
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 999_999.5) return `${(ns / 1000).toFixed(3)} us`;
  if (ns < 999_999_500) return `${(ns / 1e6).toFixed(3)} ms`;
  return `${(ns / 1e9).toFixed(3)} s`;
}

/** Hz as "18.2 Hz", "1.193 MHz", "1000.000 MHz". */
export function formatFrequency(hz: number): string {
  if (hz < 1000) return `${Number(hz.toFixed(2))} Hz`;
  if (hz < 1_000_000) return `${(hz / 1000).toFixed(3)} kHz`;
  return `${(hz / 1e6).toFixed(3)} MHz`;
}

/** "0x80000000". */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
