// Registers by name: where they are in the state layout. Must not know: the core's code.

import * as L from "./layout.ts";
import type { RegisterName } from "./registers.ts";

export const SEGMENT_NAMES = ["es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"] as const;

export interface Slot {
  address: number;
  bytes: 2 | 4 | 8;
}

const GENERAL = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split(" ");
const SLOTS = new Map<string, Slot>([
  ...GENERAL.map((name, i): [string, Slot] => [name, { address: L.REGS + i * 8, bytes: 8 }]),
  ["rip", { address: L.RIP, bytes: 8 }],
  ...SEGMENT_NAMES.slice(0, 6).map((name, i): [string, Slot] => [
    name,
    { address: L.SEGS + i * L.SEG_SIZE + L.SEG_SELECTOR, bytes: 2 },
  ]),
  ["fs_base", { address: L.SEGS + 4 * L.SEG_SIZE, bytes: 8 }],
  ["gs_base", { address: L.SEGS + 5 * L.SEG_SIZE, bytes: 8 }],
  ["k_gs_base", { address: L.KERNEL_GS_BASE, bytes: 8 }],
  ["cr0", { address: L.CR0, bytes: 8 }],
  ["cr2", { address: L.CR2, bytes: 8 }],
  ["cr3", { address: L.CR3, bytes: 8 }],
  ["cr4", { address: L.CR4, bytes: 8 }],
  ["efer", { address: L.EFER, bytes: 8 }],
]);

/** The slot of a register that is plain state (all but eflags, which is lazy, and cr8, which is the board's). */
export function registerSlot(name: RegisterName): Slot {
  const slot = SLOTS.get(name);
  if (!slot) throw new RangeError(`no register ${name}`);
  return slot;
}

export function readState(view: DataView, slot: Slot): bigint {
  if (slot.bytes === 8) return view.getBigUint64(slot.address, true);
  return BigInt(slot.bytes === 4 ? view.getUint32(slot.address, true) : view.getUint16(slot.address, true));
}
