// A virtio console with one port (virtio 1.2 section 5.3): bytes out, bytes in. Must not know transport or ring.

import type { VirtioDevice } from "./virtio-device.ts";

const QUEUE = { receive: 0, transmit: 1 } as const;
/** What a person typed and no driver took; more is dropped. */
const INPUT_MAX = 65536;

export interface VirtioConsole extends VirtioDevice {
  /** To be followed by the transport's wake(0). */
  receive(bytes: Uint8Array): void;
}

export function virtioConsole(output: (byte: number) => void): VirtioConsole {
  let input: number[] = [];
  return {
    name: "console",
    id: 3,
    features: 0,
    queues: 2,
    config: new Uint8Array(12), // cols, rows, max_nr_ports, emerg_wr: features not offered
    receive(bytes) {
      input = [...input, ...bytes].slice(0, INPUT_MAX);
    },
    serve(queue, chain) {
      if (queue === QUEUE.transmit) {
        for (const byte of chain.read()) output(byte);
        return 0;
      }
      if (input.length === 0) return "wait";
      const written = chain.write(Uint8Array.from(input));
      input = input.slice(written);
      return written;
    },
    reset() {},
    save: () => [...input],
    load(saved) {
      input = [...(saved as number[])];
    },
  };
}
