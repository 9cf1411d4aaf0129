// A virtio network card (virtio 1.2 section 5.1) on a cable that ends nowhere: it sends into the void and receives nothing.
// Must not know transport or ring.

import type { VirtioDevice } from "./virtio-device.ts";

const FEATURE = { mac: 1 << 5, status: 1 << 16 } as const;
const QUEUE = { receive: 0, transmit: 1 } as const;
/** Locally administered, as QEMU's first card. */
const MAC = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];
const LINK_UP = 1;

export function virtioNetwork(): VirtioDevice {
  let sent = 0;
  return {
    name: "network",
    id: 1,
    features: FEATURE.mac | FEATURE.status,
    queues: 2,
    config: Uint8Array.from([...MAC, LINK_UP, 0]),
    serve(queue) {
      if (queue === QUEUE.receive) return "wait";
      sent++;
      return 0;
    },
    reset() {},
    save: () => sent,
    load(saved) {
      sent = saved as number;
    },
  };
}
