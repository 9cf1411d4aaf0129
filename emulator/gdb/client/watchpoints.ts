// Data watchpoints of a machine behind a stub: Z2 (write), Z3 (read), Z4 (either). A stub tells the address that was hit; what
// was there before, and whether it has changed, is ours to know.

import { bytesEqual } from "../../debugger/numbers.ts";
import type { WatchHit, Watchpoint } from "../../debugger/target.ts";
import type { Connection } from "./connection.ts";

const KINDS = { write: "2", change: "2", read: "3", access: "4" } as const;
type Linear = Extract<Watchpoint["place"], { kind: "linear" }>;

interface Planted {
  point: Watchpoint;
  place: Linear;
  value: Uint8Array | undefined;
}

export class RemoteWatchpoints {
  #planted: Planted[] = [];

  constructor(
    readonly connection: Connection,
    readonly name: string,
    /** The bytes of a range now; undefined where they cannot be read. */
    readonly read: (address: bigint, length: number) => Uint8Array | undefined,
  ) {}

  /** Replaces the list. Throws RangeError, and nothing is planted then, for what the stub cannot watch. The guest stands. */
  set(list: readonly Watchpoint[]): void {
    for (const planted of this.#planted.splice(0)) this.#send("z", planted);
    for (const point of list) {
      const { place } = point;
      if (place.kind !== "linear")
        throw new RangeError(`${this.name} watches memory by its linear address only, not a ${place.kind}.`);
      const planted = { point, place, value: undefined };
      const reply = this.#send("Z", planted);
      if (reply !== "OK") {
        for (const each of this.#planted.splice(0)) this.#send("z", each);
        throw new RangeError(`${this.name} cannot watch this: ${reply || "no watchpoints"}.`);
      }
      this.#planted.push(planted);
    }
    this.look();
  }

  #send(word: "Z" | "z", { point, place }: Planted): string {
    return this.connection.exchange(
      `${word}${KINDS[point.access]},${place.address.toString(16)},${place.length.toString(16)}`,
    );
  }

  /** Notes what is there now, before the guest runs: writes by others count from here. */
  look(): void {
    for (const planted of this.#planted)
      planted.value = this.read(planted.place.address, planted.place.length);
  }

  /** The hits that a stop reply tells of, by each watchpoint's own rule; undefined where it tells of none. */
  hits(reply: string, rip: bigint): WatchHit[] | undefined {
    const [, word, digits] = /[;0-9a-f]([ra]?watch):([0-9a-f]+);/i.exec(reply) ?? [];
    if (word === undefined) return undefined;
    const address = BigInt(`0x${digits}`);
    return this.#planted.flatMap((planted) => {
      const { point, place, value: old } = planted;
      if (address < place.address || address >= place.address + BigInt(place.length)) return [];
      const value = this.read(place.address, place.length);
      // Before paging is on there is nothing to compare with.
      const changed = !old || !value || !bytesEqual(old, value);
      planted.value = value;
      if (point.access === "change" && !changed) return [];
      const access = word === "rwatch" || (word === "awatch" && !changed) ? "read" : "write";
      return [{ id: point.id, access, address, size: place.length, instruction: rip, old, value }];
    });
  }
}
