// The processor's state at a 32-bit entry, as PVH and Multiboot describe it in the same words. Must not know either.

import type { BootPlan } from "./layout.ts";

/**
 * "cs: base 0, limit 4 GB, code; ds, es, ss: data; cr0: PE set, PG clear; eflags: IF and VM clear"; PVH adds "tr: 32-bit TSS,
 * limit 0x67". `entry` is physical; `registers` are the protocol's own.
 */
export function protectedMode(
  entry: number,
  registers: BootPlan["registers"],
): Pick<BootPlan, "registers" | "segments"> {
  const data = { selector: 0x10, base: 0n, limit: 0xffffffff, attributes: 0xc093 };
  return {
    registers: { rip: BigInt(entry), cr0: 0x11n, cr4: 0n, efer: 0n, eflags: 2n, ...registers },
    segments: {
      cs: { ...data, selector: 0x8, attributes: 0xc09b },
      ds: data,
      es: data,
      ss: data,
      fs: data,
      gs: data,
      tr: { selector: 0x18, base: 0n, limit: 0x67, attributes: 0x8b },
    },
  };
}
