// A virtio entropy source (virtio 1.2 section 5.4) whose bytes come from a seed: the same in every run. Must not know
// transport or ring.

import type { VirtioDevice } from "./virtio-device.ts";

/** A request gets at most this much; drivers ask again. */
const MOST = 4096;

export function virtioEntropy(seed: number): VirtioDevice {
  let state = seed >>> 0;
  return {
    name: "entropy",
    id: 4,
    features: 0,
    queues: 1,
    config: new Uint8Array(),
    serve(_queue, chain) {
      const bytes = new Uint8Array(Math.min(chain.writableBytes, MOST));
      for (let i = 0; i < bytes.length; i++) {
        state = (state + 0x9e3779b9) >>> 0;
        bytes[i] = mix(state) >>> 24;
      }
      return chain.write(bytes);
    },
    reset() {},
    save: () => state,
    load(saved) {
      state = saved as number;
    },
  };
}

/** The finalizer of MurmurHash3: every bit of the counter reaches every bit of the result. */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
