// XSAVE and XRSTOR for x87 and SSE state, standard format (SDM 1 chapter 13): the legacy region of FXSAVE with its parts chosen by
// the mask in EDX:EAX, and the 64-byte header. Must not know: the legacy region's fields (fxsave.ts).

import { CR0, CR4, XCR0 } from "../layout";
import { initSse, initX87, restoreMxcsr, restoreSse, restoreX87, saveMxcsr, saveSse, saveX87 } from "./fxsave";
import { checkWrite, rd, wr } from "./mmu";
import { CR0_TS, CR4_OSXSAVE } from "./paging";
import { GP, NM, UD, raise, raiseError } from "./raise";
import { RAX, RDX, ea } from "./record";

const X87: u64 = 1, SSE: u64 = 2;
const HEADER: u64 = 512, AREA: u32 = 576;

function requested(): u64 { return ((load<u32>(RAX) as u64) | ((load<u32>(RDX) as u64) << 32)) & load<u64>(XCR0); }

function checked(r: usize): u64 {
  if (!(load<u32>(CR4) & CR4_OSXSAVE)) raise(UD);
  if (load<u32>(CR0) & CR0_TS) raise(NM);
  const a = ea(r);
  if (a & 63) raiseError(GP, 0);
  return a;
}

function xsave(a: u64, wide: bool): void {
  const mask = requested();
  checkWrite(a, AREA);
  if (mask & X87) saveX87(a, wide);
  if (mask & SSE) saveSse(a);
  if (mask & SSE) saveMxcsr(a);
  wr<u64>(a + HEADER, (rd<u64>(a + HEADER) & ~mask) | mask);
}
export function xsave_m(r: usize): void { xsave(checked(r), false); }
export function xsave64_m(r: usize): void { xsave(checked(r), true); }

/** Components of the mask that the image does not have go to their initial state (SDM 1 13.8). */
function xrstor(a: u64, wide: bool): void {
  const mask = requested();
  const have = rd<u64>(a + HEADER);
  rd<u64>(a); // both pages, before anything changes
  if (have & ~load<u64>(XCR0)) raiseError(GP, 0);
  if ((rd<u64>(a + HEADER + 8) | rd<u64>(a + HEADER + 16)) != 0) raiseError(GP, 0); // compacted format, reserved
  if (mask & SSE) restoreMxcsr(a);
  if (mask & X87) {
    if (have & X87) restoreX87(a, wide);
    else initX87();
  }
  if (mask & SSE) {
    if (have & SSE) restoreSse(a);
    else initSse();
  }
}
export function xrstor_m(r: usize): void { xrstor(checked(r), false); }
export function xrstor64_m(r: usize): void { xrstor(checked(r), true); }
