// What a user should know about a run, each once: accesses that nothing answered, with the instruction that made the first.
// Must not know who asks for it.

/** A hostile guest touches new places for ever. */
const NOTICES_MAX = 1000;

export class Notices {
  readonly #seen = new Set<string>();
  readonly #keys = new Set<number>();
  readonly #where: () => string;
  #waiting: string[] = [];

  /** `where` names the current instruction. */
  constructor(where: () => string) {
    this.#where = where;
  }

  /** A guest may make a notice at every instruction: text is asked for only while there is room, and once for each `key` that is given. */
  add(text: string | (() => string), key?: number): void {
    if (this.#seen.size > NOTICES_MAX || (key !== undefined && this.#keys.has(key))) return;
    if (key !== undefined) this.#keys.add(key);
    let message = typeof text === "string" ? text : text();
    if (this.#seen.has(message)) return;
    if (this.#seen.size === NOTICES_MAX)
      message = `more than ${NOTICES_MAX} different notices: no more are kept`;
    this.#seen.add(message);
    this.#waiting.push(`${message} (first at ${this.#where()})`);
  }

  /** The notices since the last call, in order. */
  take(): string[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
