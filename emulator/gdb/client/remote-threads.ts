// The processors behind a stub as threads. A stub names them as it likes ("01", "p1.2"); here they are numbered from 1 in the
// order in which it lists them. Pure but for the exchange of packets.

import type { Thread, Threads } from "../../debugger/target.ts";

/** More are not looked for: a stub that lists for ever is broken. */
const MAX_THREADS = 4096;

export class RemoteThreads implements Threads {
  readonly #exchange: (packet: string) => string;
  readonly #standing: () => boolean;
  readonly #changed: () => void;
  /** As the stub names them; empty where it knows no threads. */
  readonly #ids: readonly string[];
  #selected = 0;
  #last: Thread[] = [];
  /** CPU numbers, by index. */
  readonly #numbers: number[] = [];

  /** `standing`: packets can be exchanged now; `changed`: another one is selected. */
  constructor(exchange: (packet: string) => string, standing: () => boolean, changed: () => void) {
    this.#exchange = exchange;
    this.#standing = standing;
    this.#changed = changed;
    this.#ids = listed(exchange);
  }

  /** While the guest runs: what they were at the last stop. */
  list(): Thread[] {
    if (this.#standing())
      this.#last = (this.#ids.length > 0 ? this.#ids : [""]).map((id, n) => this.#describe(id, n));
    return this.#last;
  }

  get selected(): number {
    return this.#selected + 1;
  }

  select(id: number): void {
    if (id === this.selected) return;
    const name = this.#ids[id - 1];
    if (name === undefined) throw new RangeError(`There is no thread ${id}.`);
    // While the guest runs there is nothing to ask the stub for: views look at another processor's clocks.
    if (this.#standing()) this.#exchange(`Hg${name}`);
    this.#selected = id - 1;
    this.#changed();
  }

  /** A stop was about this thread; where the stub names none, about the one that is selected. */
  stopped(name: string | undefined): void {
    const index = name === undefined ? -1 : this.#ids.findIndex((id) => sameId(id, name));
    if (index >= 0) this.#selected = index;
    const asked = name ?? this.#ids[this.#selected];
    if (asked !== undefined) this.#exchange(`Hg${asked}`);
  }

  /** The CPU number of the selected thread, and how many threads there are. */
  get processors(): { selected: number; count: number } {
    return {
      selected: this.#numbers[this.#selected] ?? this.#selected,
      count: Math.max(1, this.#ids.length),
    };
  }

  /**
   * vCont that steps the selected thread while the others go on; those of `held` stand. The thread is always named: gdbstub (Firecracker)
   * takes a step of nobody in particular for an error that ends the machine.
   */
  stepPacket(held: ReadonlySet<number>): string {
    const own = this.#ids[this.#selected];
    if (own === undefined) return "vCont;s";
    return `vCont;s:${own}${this.#others(held, this.#selected)}`;
  }

  /** vCont that lets all threads go on but those of `held`. */
  continuePacket(held: ReadonlySet<number>): string {
    return `vCont${this.#others(held, undefined)}`;
  }

  #others(held: ReadonlySet<number>, stepping: number | undefined): string {
    if (held.size === 0) return ";c";
    const free = this.#ids.filter((_, n) => n !== stepping && !held.has(n + 1));
    return free.map((id) => `;c:${id}`).join("");
  }

  #describe(name: string, index: number): Thread {
    const info = name === "" ? "" : this.#exchange(`qThreadExtraInfo,${name}`);
    const text = /^(?:[0-9a-f]{2})+$/i.test(info) ? Buffer.from(info, "hex").toString("utf8") : "";
    // QEMU's "CPU#1 [halted ]", Firecracker's "Vcpu ID: 1".
    const [, processor, activity] = /^(?:CPU|Vcpu ID:)\s*#?(\d+)\s*(?:\[(.*?)\s*\])?/.exec(text) ?? [];
    this.#numbers[index] = Number(processor ?? index);
    return { id: index + 1, name: `CPU ${processor ?? index}`, activity };
  }
}

/** "01" and "1" are one thread, and so are "p1.2" and "p01.02". */
function sameId(left: string, right: string): boolean {
  const plain = (id: string) => id.toLowerCase().replace(/(^|[p.])0+(?=[0-9a-f])/g, "$1");
  return plain(left) === plain(right);
}

function listed(exchange: (packet: string) => string): string[] {
  const ids: string[] = [];
  for (let packet = "qfThreadInfo"; ids.length < MAX_THREADS; packet = "qsThreadInfo") {
    const reply = exchange(packet);
    if (!reply.startsWith("m")) break;
    ids.push(...reply.slice(1).split(",").filter(Boolean));
  }
  return ids;
}
