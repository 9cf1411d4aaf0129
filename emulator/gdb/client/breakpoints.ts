// Breakpoints in a machine behind a stub: what is wanted and what is planted. Before paging is on, an address of the kernel
// has no memory to put an INT3 into, so hardware breakpoints come first then; what one kind refuses the other is tried for.

import { hex } from "../../debugger/numbers.ts";
import type { Connection } from "./connection.ts";

/** Z0 software, Z1 hardware. */
type Kind = "0" | "1";

/** Debug registers of a processor (SDM 3B, 18.2): a stub on real ones has no more. */
const HARDWARE_SLOTS = 4;

export class RemoteBreakpoints {
  #wanted = new Set<bigint>();
  readonly #planted = new Map<bigint, Kind>();

  constructor(
    readonly connection: Connection,
    /** Undefined where the stub does not tell. */
    readonly paging: () => boolean | undefined,
  ) {}

  has(address: bigint): boolean {
    return this.#wanted.has(address);
  }

  want(addresses: Iterable<bigint>): void {
    this.#wanted = new Set(addresses);
  }

  /** Brings the stub in line with what is wanted. Throws an Error for the first address that cannot have one. */
  plant(): void {
    for (const [address, kind] of this.#planted) if (!this.#wanted.has(address)) this.#remove(address, kind);
    const missing = [...this.#wanted].filter((address) => !this.#planted.has(address));
    if (missing.length === 0) return;
    const paging = this.paging();
    for (const address of missing) this.#insert(address, paging);
  }

  /** Takes the breakpoint at an address out until the next plant(). True when there was one. */
  lift(address: bigint): boolean {
    const kind = this.#planted.get(address);
    if (kind) this.#remove(address, kind);
    return kind !== undefined;
  }

  #insert(address: bigint, paging: boolean | undefined): void {
    const hardwareFirst = paging === false || (paging === undefined && this.#planted.size < HARDWARE_SLOTS);
    const kinds: Kind[] = hardwareFirst ? ["1", "0"] : ["0", "1"];
    const replies: string[] = [];
    for (const kind of kinds) {
      const reply = this.connection.exchange(`Z${kind},${address.toString(16)},1`);
      if (reply === "OK") {
        this.#planted.set(address, kind);
        return;
      }
      replies.push(reply || "not supported");
    }
    throw new Error(`No breakpoint can be set at ${hex(address)}: ${replies.join(", ")}.`);
  }

  #remove(address: bigint, kind: Kind): void {
    this.connection.exchange(`z${kind},${address.toString(16)},1`);
    this.#planted.delete(address);
  }
}
