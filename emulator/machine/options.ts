// A machine's options with their defaults and ranges. Must not know what the options do.

import type { DiskOptions, MachineOptions } from "./api.ts";
import {
  type Board,
  DEFAULT_BOARD,
  DEFAULT_TSC_HZ,
  MAX_CPUS,
  MAX_QUANTUM,
  MAX_TRANSLATE_AFTER,
  MAX_TSC_HZ,
} from "./board.ts";
import { VIRTIO_SLOTS, virtioCount } from "./virtio-slots.ts";

export const DEFAULT_MEMORY = 256 * 1024 * 1024;
export const DEFAULT_TRANSLATE_AFTER = 70_000;
export const DEFAULT_PS_PER_INSTRUCTION = 100_000;

const KIB64 = 0x10000;
const MIN_MEMORY = 4 * 1024 * 1024;
/** Device space begins at 3 GiB. */
const MAX_MEMORY = 3 * 1024 * 1024 * 1024;

type Optional = "bootProtocol" | "initrd" | "modules";

export type CheckedOptions = Required<Omit<MachineOptions, "board" | "disks" | Optional>> &
  Pick<MachineOptions, Optional> & { board: Board; disks: readonly DiskOptions[] };

/** Fills in defaults. Throws RangeError with a message for the user. */
export function checkOptions(options: MachineOptions): CheckedOptions {
  const checked = {
    kernel: options.kernel,
    bootProtocol: options.bootProtocol,
    initrd: options.initrd,
    modules: options.modules,
    cmdline: options.cmdline ?? "",
    disks: options.disks ?? [],
    memory: options.memory ?? DEFAULT_MEMORY,
    psPerInstruction: options.psPerInstruction ?? DEFAULT_PS_PER_INSTRUCTION,
    tscHz: options.tscHz ?? DEFAULT_TSC_HZ,
    translateAfter: options.translateAfter ?? DEFAULT_TRANSLATE_AFTER,
    board: { ...DEFAULT_BOARD, ...options.board },
  };
  whole("Memory", checked.memory, MIN_MEMORY, MAX_MEMORY, "bytes");
  if (checked.memory % KIB64 !== 0) {
    throw new RangeError(`Memory: ${checked.memory} bytes is not a multiple of 64 KiB.`);
  }
  whole("Time per instruction", checked.psPerInstruction, 1, 1_000_000_000, "ps");
  whole("TSC frequency", checked.tscHz, 1, MAX_TSC_HZ, "Hz");
  whole("Executions before translation", checked.translateAfter, 0, MAX_TRANSLATE_AFTER, "times");
  checkDisks(checked);
  whole("Processors", checked.board.cpus, 1, MAX_CPUS, "processors");
  whole("Instructions a turn", checked.board.quantum, 1, MAX_QUANTUM, "instructions");
  if (checked.board.tscOffsets.length > checked.board.cpus) {
    const last = checked.board.tscOffsets.length - 1;
    throw new RangeError(`TSC offset: there is no processor ${last}; the machine has ${checked.board.cpus}.`);
  }
  whole("Local APIC timer frequency", checked.board.lapicHz, 1, 1_000_000_000, "Hz");
  return checked;
}

function checkDisks({ disks, board }: CheckedOptions): void {
  const count = virtioCount(board, disks.length);
  if (count > VIRTIO_SLOTS)
    throw new RangeError(`${count} virtio devices: the board has room for ${VIRTIO_SLOTS}.`);
  disks.forEach(({ image }, i) => {
    if (image.length === 0) throw new RangeError(`Disk ${i} is empty: a raw image is needed.`);
  });
}

function whole(what: string, value: number, low: number, high: number, unit: string): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${what}: ${value} ${unit} is not a whole number from ${low} to ${high}.`);
}
