// Breakpoints in a machine behind a stub: what is wanted and what is planted. Before paging is on, an address of the kernel
// has no memory to put an INT3 into: hardware breakpoints hold the place until it has.

import { hex } from "../../debugger/numbers.ts";
import type { Connection } from "./connection.ts";

const INT3 = 0xcc;

/** Z0 software, Z1 hardware. */
type Kind = "0" | "1";

export class RemoteBreakpoints {
  #wanted = new Set<bigint>();
  readonly #planted = new Map<bigint, Kind>();
  /** Wanted, but planted nowhere yet. */
  readonly #waiting = new Set<bigint>();
  readonly #notices: string[] = [];
  /** The bytes under INT3s, where the stub lets them be seen (gdbstub does); undefined: not known yet whether it does. */
  readonly #covered = new Map<bigint, number>();
  #shows: boolean | undefined;

  constructor(
    readonly connection: Connection,
    /** A byte of memory as the stub tells it. */
    readonly peek: (address: bigint) => number | undefined,
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
    const early = this.paging() === false;
    for (const address of missing) this.#insert(address, early);
  }

  /**
   * Before the guest goes on: what the processor's few debug registers hold, or what found no place, goes into memory where that is
   * mapped now. A stub on KVM writes debug registers of the stopped processor only; an INT3 stops every one.
   */
  settle(): void {
    if (this.#wanted.size === 0 || this.paging() === false) return;
    for (const address of this.#wanted) {
      const kind = this.#planted.get(address);
      if (kind === "0" || this.#put("0", address) !== "OK") continue;
      if (kind === "1") this.connection.exchange(`z1,${address.toString(16)},1`);
      this.#planted.set(address, "0");
      this.#waiting.delete(address);
    }
  }

  /** Takes the breakpoint at an address out until the next plant(). True when there was one. */
  lift(address: bigint): boolean {
    const kind = this.#planted.get(address);
    if (kind) this.#remove(address, kind);
    return kind !== undefined;
  }

  /** Memory that has been read, without INT3s of ours. */
  uncover(address: bigint, bytes: Uint8Array): void {
    for (const [at, byte] of this.#covered)
      if (at >= address && at < address + BigInt(bytes.length)) bytes[Number(at - address)] = byte;
  }

  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  #put(kind: Kind, address: bigint): string {
    const packet = `Z${kind},${address.toString(16)},1`;
    if (kind === "1" || this.#shows === false) return this.connection.exchange(packet);
    const before = this.peek(address);
    const reply = this.connection.exchange(packet);
    if (reply !== "OK" || before === undefined || before === INT3) return reply;
    this.#shows ??= this.peek(address) === INT3;
    if (this.#shows) this.#covered.set(address, before);
    return reply;
  }

  /** `early`: paging is off. What one kind refuses the other is tried for. */
  #insert(address: bigint, early: boolean): void {
    const kinds: Kind[] = early ? ["1", "0"] : ["0", "1"];
    const replies: string[] = [];
    for (const kind of kinds) {
      const reply = this.#put(kind, address);
      if (reply === "OK") {
        this.#planted.set(address, kind);
        return;
      }
      replies.push(reply || "not supported");
    }
    // A hardware breakpoint that is planted stops the guest later, and then there may be memory for this one.
    if (![...this.#planted.values()].includes("1"))
      throw new Error(`No breakpoint can be set at ${hex(address)}: ${replies.join(", ")}.`);
    if (!this.#waiting.has(address))
      this.#notices.push(`The breakpoint at ${hex(address)} waits for a stop at which its page is mapped: the hardware breakpoints are used up.`); // biome-ignore format: one thought
    this.#waiting.add(address);
  }

  #remove(address: bigint, kind: Kind): void {
    this.connection.exchange(`z${kind},${address.toString(16)},1`);
    this.#planted.delete(address);
    this.#covered.delete(address);
  }
}
