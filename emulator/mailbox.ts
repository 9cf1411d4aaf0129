// Where one thread waits for another's answer without an event loop: shared memory that holds one text. The thread that asks
// calls clear(), sends its request by message, and waits; the one with the socket puts the answer in. Must not know protocols.

/** Words in front of the bytes: status, length. */
const STATUS = 0;
const LENGTH = 1;
const HEADER_BYTES = 8;
const BYTES = 1 << 20;

const WAITING = 0;
const ANSWERED = 1;
const FAILED = 2;

export type Answer =
  | { kind: "answer"; text: string }
  | { kind: "failed"; text: string }
  | { kind: "timed out" };

export class Mailbox {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(readonly shared: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.#words = new Int32Array(shared, 0, HEADER_BYTES / 4);
    this.#bytes = new Uint8Array(shared, HEADER_BYTES);
  }

  /** The longest text that fits; put() cuts what is longer. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Before a request is sent. */
  clear(): void {
    Atomics.store(this.#words, STATUS, WAITING);
  }

  wait(ms: number): Answer {
    if (Atomics.wait(this.#words, STATUS, WAITING, ms) === "timed-out") return { kind: "timed out" };
    const text = Buffer.from(this.#bytes.subarray(0, this.#words[LENGTH])).toString("latin1");
    return { kind: this.#words[STATUS] === FAILED ? "failed" : "answer", text };
  }

  /** The answer, as bytes (latin1). */
  put(text: string): void {
    this.#put(ANSWERED, text);
  }

  /** There will be no answer: why. */
  fail(text: string): void {
    this.#put(FAILED, text);
  }

  #put(status: number, text: string): void {
    const bytes = Buffer.from(text, "latin1").subarray(0, this.#bytes.length);
    this.#bytes.set(bytes);
    this.#words[LENGTH] = bytes.length;
    Atomics.store(this.#words, STATUS, status);
    Atomics.notify(this.#words, STATUS);
  }
}
