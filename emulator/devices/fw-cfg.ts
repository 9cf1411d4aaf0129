// QEMU's firmware configuration device (docs/specs/fw_cfg.rst) by ports 0x510 (selector, 16 bits) and 0x511 (data), without
// DMA: what firmware and test programs ask for the number of processors and the size of RAM. Read-only.

export const FW_CFG_SELECTOR = 0x510;
export const FW_CFG_DATA = 0x511;

const KEY = {
  signature: 0x00,
  id: 0x01,
  ramSize: 0x03,
  cpus: 0x05,
  maxCpus: 0x0f,
  cmdlineSize: 0x14,
  cmdline: 0x15,
  directory: 0x19,
} as const;
/** The traditional interface, no DMA. */
const ID_TRADITIONAL = 1;

export interface FwCfgState {
  key: number;
  offset: number;
}

export class FwCfg {
  readonly #items: ReadonlyMap<number, Uint8Array>;
  #key = 0;
  #offset = 0;

  /** `memory` in bytes. */
  constructor(facts: { memory: number; cpus: number; cmdline: string }) {
    const text = new TextEncoder().encode(`${facts.cmdline}\0`);
    this.#items = new Map([
      [KEY.signature, new TextEncoder().encode("QEMU")],
      [KEY.id, number(ID_TRADITIONAL, 4)],
      [KEY.ramSize, number(facts.memory, 8)],
      [KEY.cpus, number(facts.cpus, 2)],
      [KEY.maxCpus, number(facts.cpus, 2)],
      [KEY.cmdlineSize, number(text.length, 4)],
      [KEY.cmdline, text],
      [KEY.directory, number(0, 4)], // no files
    ]);
  }

  /** The data port gives the item's next byte, and zeros behind its end; wider reads are several. */
  portRead(port: number, size: number): number {
    if (port !== FW_CFG_DATA) return 0;
    let value = 0;
    for (let i = 0; i < size; i++)
      value += (this.#items.get(this.#key)?.[this.#offset++] ?? 0) * 2 ** (8 * i);
    return value;
  }

  portWrite(port: number, value: number): void {
    if (port !== FW_CFG_SELECTOR) return;
    this.#key = value & 0xffff;
    this.#offset = 0;
  }

  save(): FwCfgState {
    return { key: this.#key, offset: this.#offset };
  }

  load(state: FwCfgState): void {
    this.#key = state.key;
    this.#offset = state.offset;
  }
}

/** Little-endian. */
function number(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 255);
}
