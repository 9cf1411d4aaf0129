// IN and OUT, with the I/O permission check (SDM 1 19.5): free when CPL <= IOPL, else by the bit map in the TSS; in virtual-8086 mode
// by the bit map always.

import { CPL, EFLAGS, SEGS, SEG_ATTR, SEG_BASE, SEG_LIMIT, SEG_SIZE } from "../layout";
import { IOPL, VM } from "./flags";
import { RAX, RDX, immOf, setReg } from "./record";
import { checkPortBreakpoints } from "./debug";
import { GP, raiseError } from "./raise";
import { sysRead16 } from "./mmu";

// @ts-ignore: decorator
@external("host", "portIn")
declare function portIn(port: u32, size: u32): u32;
// @ts-ignore: decorator
@external("host", "portOut")
declare function portOut(port: u32, size: u32, value: u32): void;

const TASK = SEGS + 7 * SEG_SIZE;

function checkBitmap(port: u32, size: u32): void {
  const base = load<u64>(TASK, SEG_BASE);
  const limit = load<u32>(TASK, SEG_LIMIT);
  if (limit < 103 || !(load<u32>(TASK, SEG_ATTR) & 8)) raiseError(GP, 0); // a 16-bit TSS has none
  const at = sysRead16(base + 102) + (port >> 3);
  if (at + 1 > limit) raiseError(GP, 0);
  const bits = sysRead16(base + at) >> (port & 7);
  if (bits & ((1 << size) - 1)) raiseError(GP, 0);
}

export function checkPort(port: u32, size: u32): void {
  const flags = load<u32>(EFLAGS);
  if (flags & VM || load<u32>(CPL) > ((flags & IOPL) >> 12)) checkBitmap(port, size);
  checkPortBreakpoints(port, size);
}
export function readPort(port: u32, size: u32): u32 { return portIn(port, size); }
export function writePort(port: u32, size: u32, value: u32): void { portOut(port, size, value); }

// @ts-ignore: decorator
@inline function input<T>(port: u32): void {
  checkPort(port, sizeof<T>());
  setReg<T>(RAX, portIn(port, sizeof<T>()) as T);
}
// @ts-ignore: decorator
@inline function output<T>(port: u32): void {
  checkPort(port, sizeof<T>());
  portOut(port, sizeof<T>(), load<T>(RAX) as u32);
}
export function in8_i(r: usize): void { input<u8>(immOf<u8>(r)); }
export function inv_i<T>(r: usize): void { if (sizeof<T>() == 2) input<u16>(immOf<u8>(r)); else input<u32>(immOf<u8>(r)); }
export function in8dx(r: usize): void { input<u8>(load<u16>(RDX)); }
export function invdx<T>(r: usize): void { if (sizeof<T>() == 2) input<u16>(load<u16>(RDX)); else input<u32>(load<u16>(RDX)); }
export function out8_i(r: usize): void { output<u8>(immOf<u8>(r)); }
export function outv_i<T>(r: usize): void { if (sizeof<T>() == 2) output<u16>(immOf<u8>(r)); else output<u32>(immOf<u8>(r)); }
export function out8dx(r: usize): void { output<u8>(load<u16>(RDX)); }
export function outvdx<T>(r: usize): void { if (sizeof<T>() == 2) output<u16>(load<u16>(RDX)); else output<u32>(load<u16>(RDX)); }
