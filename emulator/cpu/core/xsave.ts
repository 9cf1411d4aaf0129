// XSAVE and XRSTOR for x87 and SSE state, standard format (SDM 1 chapter 13): the legacy region of FXSAVE with its parts chosen by
// the mask in EDX:EAX, and the 64-byte header. Must not know: the legacy region's fields (fxsave.ts).

import { CR0, CR4, FCW, FIP, FOP, FPR, FTW, XCR0, XMM } from "../layout";
import { initSse, initX87, restoreMxcsr, restoreSse, restoreX87, saveMxcsr, saveSse, saveX87 } from "./fxsave";
import { checkWrite, rd, wr } from "./mmu";
import { CR0_TS, CR4_OSXSAVE } from "./paging";
import { GP, NM, UD, raise, raiseError } from "./raise";
import { RAX, RDX, ea } from "./record";

const X87: u64 = 1, SSE: u64 = 2;
const HEADER: u64 = 512, AREA: u32 = 576;
/** The control word after FNINIT, with the status word behind it 0. */
const INITIAL_FCW: u32 = 0x37f;

function requested(): u64 { return ((load<u32>(RAX) as u64) | ((load<u32>(RDX) as u64) << 32)) & load<u64>(XCR0); }

function checked(r: usize): u64 {
  if (!(load<u32>(CR4) & CR4_OSXSAVE)) raise(UD);
  if (load<u32>(CR0) & CR0_TS) raise(NM);
  const a = ea(r);
  if (a & 63) raiseError(GP, 0);
  return a;
}

function anySet(from: usize, bytes: usize): bool {
  let any: u64 = 0;
  for (let i: usize = 0; i < bytes; i += 8) any |= load<u64>(from + i);
  return any != 0;
}
/** XINUSE: the components that are not in their initial state (SDM 1 13.6); MXCSR does not count. */
function inUse(): u64 {
  const x87 = load<u32>(FCW) != INITIAL_FCW || load<u8>(FTW) != 0 || load<u16>(FOP) != 0 || anySet(FIP, 16) || anySet(FPR, 128);
  return (x87 ? X87 : 0) | (anySet(XMM, 256) ? SSE : 0);
}

/** `save`: the components to write out of those that the mask asks for. */
function xsave(a: u64, wide: bool, save: u64): void {
  const mask = requested();
  checkWrite(a, AREA);
  if (mask & save & X87) saveX87(a, wide);
  if (mask & save & SSE) saveSse(a);
  if (mask & SSE) saveMxcsr(a);
  wr<u64>(a + HEADER, (rd<u64>(a + HEADER) & ~mask) | (mask & inUse()));
}
export function xsave_m(r: usize): void { xsave(checked(r), false, X87 | SSE); }
export function xsave64_m(r: usize): void { xsave(checked(r), true, X87 | SSE); }
/** The init optimization: a component in its initial state is not written (SDM 1 13.9). */
export function xsaveopt_m(r: usize): void { xsave(checked(r), false, inUse()); }
export function xsaveopt64_m(r: usize): void { xsave(checked(r), true, inUse()); }

/** Components of the mask that the image does not have go to their initial state (SDM 1 13.8). */
function xrstor(a: u64, wide: bool): void {
  const mask = requested();
  rd<u64>(a); // both pages, before anything changes
  const have = rd<u64>(a + HEADER);
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
