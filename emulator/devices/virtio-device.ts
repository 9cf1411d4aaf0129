// What a virtio device is to its transport: identity, features, configuration, and how it serves a request. Must not know
// the transport's registers or the ring.

import type { Chain } from "./virtqueue.ts";

export interface VirtioDevice {
  /** For notices and state: "disk 0". */
  readonly name: string;
  /** Virtio 1.2 section 5: 1 network, 2 block, 3 console, 4 entropy. */
  readonly id: number;
  /** Feature bits of the device's own kind (0-23). */
  readonly features: number;
  readonly queues: number;
  /** The device's configuration space as it stands. */
  readonly config: Uint8Array;
  /** Serves a request of a queue; gives how many bytes it wrote, or "wait": the request stays until the device is asked again. */
  serve(queue: number, chain: Chain, negotiation: Negotiation): number | "wait";
  /** The driver reset the device. */
  reset(): void;
  /** Plain data. */
  save(): unknown;
  load(state: unknown): void;
}

export interface Negotiation {
  /** Virtio 1.0 and later; else the legacy interface. */
  modern: boolean;
}
