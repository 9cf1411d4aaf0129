// Breakpoint locations as people write them: `tc_init`, `kern_tc.c:713`, `pvclock.c:*`, `*0xffffffff80365f20`.

import type { Where } from "./breakpoints.ts";

/** Reads a location. Never fails: what is no line and no address is a function's name. */
export function parseLocation(text: string): Where {
  const trimmed = text.trim();
  const address = /^\*?\s*(0[xX][0-9a-fA-F]+)$/.exec(trimmed) ?? /^\*\s*(\d+)$/.exec(trimmed);
  if (address) return { kind: "address", address: BigInt.asUintN(64, BigInt(address[1]!)) };
  const all = /^(.+):\*$/.exec(trimmed);
  if (all) return { kind: "file", file: all[1]! };
  const line = /^(.+):(\d+)$/.exec(trimmed);
  if (line) return { kind: "line", file: line[1]!, line: Number(line[2]) };
  return { kind: "function", name: trimmed };
}
