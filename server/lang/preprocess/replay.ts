// What running a header's directives did, and which macros it looked at: under the same macros it does the same again, without being run.
// Most translation units meet the headers of a kernel under macros that some unit before had. Knows no files.
import type { Macro } from "./prepare.ts";

type Table = readonly (Macro | undefined)[];

/** A header's directives, run once: what was looked at before it was set, and what stood there at the end. */
export interface Run {
  readonly looked: Int32Array;
  readonly lookedAt: readonly (Macro | undefined)[];
  readonly set: Int32Array;
  readonly setTo: readonly (Macro | undefined)[];
}

/** Would the run go as it went? */
export function holds({ looked, lookedAt }: Run, table: Table): boolean {
  for (let i = 0; i < looked.length; i++) if (table[looked[i]!] !== lookedAt[i]) return false;
  return true;
}

export class Recorder {
  readonly #looked = new Map<number, Macro | undefined>();
  readonly #set = new Map<number, Macro | undefined>();
  #isWhole = true;

  /** Something happened that the macros alone do not decide. */
  spoil(): void {
    this.#isWhole = false;
  }

  look(name: number, table: Table): void {
    this.#note(name, table[name]);
  }

  #note(name: number, macro: Macro | undefined): void {
    if (!this.#set.has(name) && !this.#looked.has(name)) this.#looked.set(name, macro);
  }

  /** The names of a condition, and those in the macros that they may become. */
  lookAll(ids: Int32Array, from: number, to: number, table: Table): void {
    const names = new Set(ids.subarray(from, to));
    // The set grows while it is walked.
    for (const name of names) {
      this.look(name, table);
      const macro = table[name];
      if (macro === undefined) continue;
      // A pasted name stands nowhere.
      if (macro.hasPaste) this.spoil();
      for (const id of macro.body) if (id >= 0) names.add(id);
    }
  }

  set(name: number, macro: Macro | undefined): void {
    this.#set.set(name, macro);
  }

  /** A header inside of this one went like that. */
  include({ looked, lookedAt, set, setTo }: Run): void {
    for (let i = 0; i < looked.length; i++) this.#note(looked[i]!, lookedAt[i]);
    for (let i = 0; i < set.length; i++) this.set(set[i]!, setTo[i]);
  }

  /** Undefined when it cannot be told whether it would go so again. */
  run(): Run | undefined {
    if (!this.#isWhole) return undefined;
    return {
      looked: Int32Array.from(this.#looked.keys()),
      lookedAt: [...this.#looked.values()],
      set: Int32Array.from(this.#set.keys()),
      setTo: [...this.#set.values()],
    };
  }
}
