// What every SSE, MMX and x87 instruction checks first (SDM 3A 2.5, 13.1; SDM 2 exception classes).

import { CR0, CR4 } from "../layout";
import { CR0_EM, CR0_TS, CR4_OSFXSR } from "./paging";
import { GP, NM, UD, raise, raiseError } from "./raise";

/** Out of the way of inlined handlers: which of the checks failed. */
function sseFault(): void {
  if (load<u32>(CR0) & CR0_EM || !(load<u32>(CR4) & CR4_OSFXSR)) raise(UD);
  raise(NM);
}

// @ts-ignore: decorator
@inline export function checkSse(): void {
  if ((load<u32>(CR0) & (CR0_EM | CR0_TS)) != 0 || (load<u32>(CR4) & CR4_OSFXSR) == 0) sseFault();
}

export function checkFpu(): void {
  if (load<u32>(CR0) & (CR0_EM | CR0_TS)) raise(NM);
}

export function checkMmx(): void {
  if (load<u32>(CR0) & CR0_EM) raise(UD);
  if (load<u32>(CR0) & CR0_TS) raise(NM);
}

function misaligned(): void { raiseError(GP, 0); }

/** A 16-byte operand that must be aligned. */
// @ts-ignore: decorator
@inline export function aligned(a: u64): u64 {
  if (a & 15) misaligned();
  return a;
}
