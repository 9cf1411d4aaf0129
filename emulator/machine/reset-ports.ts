// Ports that do one thing: the three ways to reset a PC, and the POST and delay ports that must be there and do nothing.
// Must not know what a reset does: the machine stops and says so.

import type { PortDevice } from "./bus.ts";

/** Ports that kernels write for their side effect of taking time, or for a POST card. They read all ones. */
export const IGNORED_PORTS = [0x80, 0x84, 0xed] as const;

export const ignoredPort: PortDevice = { portRead: () => 0xff, portWrite: () => {} };

/**
 * Keyboard controller (0x64, command 0xfe pulses the reset line; the rest of it is absent), fast reset (0x92 bit 0) and the
 * reset control register (0xcf9 bit 2).
 */
export function resetPort(port: 0x64 | 0x92 | 0xcf9, reset: (how: string) => void): PortDevice {
  const asks = {
    100: (v: number) => v === 0xfe,
    146: (v: number) => (v & 1) !== 0,
    3321: (v: number) => (v & 4) !== 0,
  };
  return {
    portRead: () => (port === 0x64 ? 0xff : 0),
    portWrite: (_port, value) => {
      if (asks[port](value)) reset(`0x${value.toString(16)} written to port 0x${port.toString(16)}`);
    },
  };
}
