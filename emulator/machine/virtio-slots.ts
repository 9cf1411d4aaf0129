// The board's virtio-mmio places and what stands there. Must not know what a device does.

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

interface Place {
  address: number;
  irq: number;
}

/** QEMU's microvm: slot n at 0xfeb00000 + 0x200 n with interrupt 5 + n, from the last slot down; slot 3's interrupt is the RTC's. */
const MICROVM: readonly Place[] = [7, 6, 5, 4, 2, 1, 0].map((slot) => ({
  address: VIRTIO_MMIO_BASE + VIRTIO_MMIO_SIZE * slot,
  irq: 5 + slot,
}));

/** Firecracker: a page each from 0xd0000000, interrupts from 5. */
const FIRECRACKER: readonly Place[] = [0, 1, 2, 3, 4, 5, 6].map((slot) => ({
  address: 0xd0000000 + 0x1000 * slot,
  irq: 5 + slot,
}));

const LAYOUTS = {
  microvm: { places: MICROVM, size: `${VIRTIO_MMIO_SIZE}` },
  firecracker: { places: FIRECRACKER, size: "4K" },
} as const;

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

export const VIRTIO_SLOTS = MICROVM.length;

/** What tells a kernel without ACPI where its devices are: the words that QEMU and Firecracker append to the command line. */
export function virtioWords(board: Board, disks: number): string[] {
  const { places, size } = LAYOUTS[board.virtioPlaces];
  return places
    .slice(0, virtioCount(board, disks))
    .map(({ address, irq }) => `virtio_mmio.device=${size}@0x${address.toString(16)}:${irq}`);
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
    const { address, irq } = LAYOUTS[board.virtioPlaces].places[i]!;
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
