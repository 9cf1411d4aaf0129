// Ports that take accesses of two or four bytes as one: PCI's configuration mechanism, which is absent here.
// Must not know who uses them.

import type { WidePortDevice } from "./bus.ts";

export const PCI_ADDRESS_PORT = 0xcf8;
export const PCI_DATA_PORT = 0xcfc;

/**
 * PCI configuration mechanism 1 without PCI: reads give all ones. Its address port must take four bytes as one: split up, the
 * second would reach the reset control register at 0xcf9.
 */
export const noPci: WidePortDevice = { portRead: () => 0xffffffff, portWrite: () => {} };
