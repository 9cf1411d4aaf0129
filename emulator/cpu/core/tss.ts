// What a change of privilege takes from the TSS (SDM 3A 5.8.5, 6.14.4, 8.7), and the frame that is built on the stack found there.
// Nothing of the processor changes here: callers commit when the whole frame stands.

import { SEG_ATTR, SEG_BASE, SEG_LIMIT } from "../layout";
import { withinLimit } from "./limits";
import { canonical } from "./paging";
import { A_DB, A_P, TR, descriptorAttr, descriptorBase, descriptorLimit, readTaskStackSegment, seg, selectorOf } from "./segment";
import { selectTlb, sysRead16, sysRead32, sysRead64, wr } from "./mmu";
import { SS, TS, raiseError } from "./raise";

function taskError(ext: u32): u32 { return (selectorOf(TR) & 0xfffc) | ext; }

/** RSP0-RSP2 (index 0-2) and IST1-IST7 (index 4-10) of the 64-bit TSS; `ext` is the EXT bit of error codes. */
export function tssStack64(index: u32, ext: u32): u64 {
  const at = 4 + index * 8;
  if ((at + 7) as u32 > load<u32>(seg(TR), SEG_LIMIT)) raiseError(TS, taskError(ext));
  return sysRead64(load<u64>(seg(TR), SEG_BASE) + at);
}

/** What readInnerStack found. */
export let innerSelector: u32 = 0;
let innerPointer: u64 = 0;

/** SS:ESP for an inner privilege level from a 32-bit or 16-bit TSS. */
function readInnerStack(cpl: u32, ext: u32): void {
  const wide = (load<u32>(seg(TR), SEG_ATTR) & 8) != 0;
  const at = wide ? cpl * 8 + 4 : cpl * 4 + 2;
  if (at + (wide ? 5 : 3) > load<u32>(seg(TR), SEG_LIMIT)) raiseError(TS, taskError(ext));
  const a = load<u64>(seg(TR), SEG_BASE) + at;
  innerPointer = wide ? (sysRead32(a) as u64) : (sysRead16(a) as u64);
  innerSelector = sysRead16(a + (wide ? 4 : 2));
}

// ---- the frame ----

let frameBase: u64 = 0;
let frameMask: u64 = 0;
let frameLimit: u32 = 0;
let frameAttr: u32 = 0;
let frameError: u32 = 0;
let frameSize: u32 = 0;
/** Stack pointer of the frame so far. */
export let framePointer: u64 = 0;

function openFrame(base: u64, limit: u32, attr: u32, pointer: u64, size: u32, error: u32): void {
  frameBase = base;
  frameLimit = limit;
  frameAttr = attr;
  frameMask = size == 8 ? ~0 : attr & A_DB ? 0xffff_ffff : 0xffff;
  framePointer = pointer;
  frameSize = size;
  frameError = error;
}

/** A frame of 8-byte values in 64-bit mode. */
export function openFrame64(pointer: u64, ext: u32): void { openFrame(0, 0xffff_ffff, A_P | 2, pointer, 8, ext); }

/** A frame on the current stack; values of 2 or 4 bytes. */
export function openFrameHere(pointer: u64, size: u32, ext: u32): void {
  const s = seg(2);
  openFrame(load<u64>(s, SEG_BASE), load<u32>(s, SEG_LIMIT), load<u32>(s, SEG_ATTR), pointer, size, ext);
}

/** A frame on the stack that the TSS has for level `cpl`; its descriptor is the one read last. */
export function openInnerFrame(cpl: u32, size: u32, ext: u32): void {
  readInnerStack(cpl, ext);
  readTaskStackSegment(innerSelector, cpl, ext);
  openFrame(descriptorBase, descriptorLimit, descriptorAttr, innerPointer, size, (innerSelector & 0xfffc) | ext);
}

/** Pushes by privilege `cpl`: the caller has selected nothing yet. */
export function pushFrame(value: u64, cpl: u32): void {
  framePointer -= frameSize;
  const offset = framePointer & frameMask;
  if (frameSize == 8 ? !canonical(offset) : !withinLimit(frameLimit, frameAttr, offset, frameSize)) raiseError(SS, frameError);
  selectTlb(cpl == 3);
  if (frameSize == 8) wr<u64>(offset, value);
  else if (frameSize == 4) wr<u32>((frameBase + offset) & 0xffff_ffff, value as u32);
  else wr<u16>((frameBase + offset) & 0xffff_ffff, value as u16);
}

/** The stack pointer register is as wide as the stack segment says. */
export function frameIsNarrow(): bool { return frameMask == 0xffff; }
