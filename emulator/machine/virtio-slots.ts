// The board's virtio-mmio slots, as QEMU's microvm has them: slot n at 0xfeb00000 + 0x200 n with interrupt 5 + n, filled from
// the last slot down. Must not know what a device does.

import { DiskImage } from "../devices/disk-image.ts";
import type { GuestMemory } from "../devices/guest-memory.ts";
import type { IrqLine, Timebase } from "../devices/timebase.ts";
import { virtioBlock } from "../devices/virtio-blk.ts";
import { type VirtioConsole, virtioConsole } from "../devices/virtio-console.ts";
import type { VirtioDevice } from "../devices/virtio-device.ts";
import { VIRTIO_MMIO_BASE, VIRTIO_MMIO_SIZE, VirtioMmio } from "../devices/virtio-mmio.ts";
import { virtioNetwork } from "../devices/virtio-net.ts";
import { virtioEntropy } from "../devices/virtio-rng.ts";
import type { DiskOptions } from "./api.ts";
import type { Board } from "./board.ts";

/** Slot 3 is left empty: its interrupt is the real-time clock's. */
const SLOTS = [7, 6, 5, 4, 2, 1, 0];
const FIRST_IRQ = 5;

export interface VirtioSlot {
  address: number;
  irq: number;
  transport: VirtioMmio;
}

export interface VirtioHost {
  memory: GuestMemory;
  time: Timebase;
  line(irq: number): IrqLine;
  console(byte: number): void;
  notice(message: string): void;
}

export interface VirtioBoard {
  slots: VirtioSlot[];
  console: { device: VirtioConsole; transport: VirtioMmio } | undefined;
}

/** How many devices there are, for the command line and to check that they fit. */
export function virtioCount(board: Board, disks: number): number {
  return disks + [board.virtioNetwork, board.virtioEntropy, board.virtioConsole].filter(Boolean).length;
}

export const VIRTIO_SLOTS = SLOTS.length;

/** What tells a kernel without ACPI where its devices are: the words that QEMU appends to the command line. */
export function virtioWords(count: number): string[] {
  return SLOTS.slice(0, count).map((slot) => {
    const { address, irq } = place(slot);
    return `virtio_mmio.device=${VIRTIO_MMIO_SIZE}@0x${address.toString(16)}:${irq}`;
  });
}

export function virtioBoard(board: Board, disks: readonly DiskOptions[], host: VirtioHost): VirtioBoard {
  const terminal = board.virtioConsole ? virtioConsole((byte) => host.console(byte)) : undefined;
  const devices: VirtioDevice[] = [
    ...disks.map(({ image, readOnly }, i) =>
      virtioBlock(`disk ${i}`, new DiskImage(image, readOnly ?? false)),
    ),
    ...(board.virtioNetwork ? [virtioNetwork()] : []),
    ...(board.virtioEntropy ? [virtioEntropy(board.entropySeed)] : []),
    ...(terminal ? [terminal] : []),
  ];
  const slots = devices.map((device, i) => {
    const { address, irq } = place(SLOTS[i]!);
    const { memory, time, notice } = host;
    return {
      address,
      irq,
      transport: new VirtioMmio(device, board.virtioModern, memory, time, host.line(irq), notice),
    };
  });
  const last = slots.at(-1);
  return { slots, console: terminal && last ? { device: terminal, transport: last.transport } : undefined };
}

function place(slot: number): { address: number; irq: number } {
  return { address: VIRTIO_MMIO_BASE + VIRTIO_MMIO_SIZE * slot, irq: FIRST_IRQ + slot };
}
