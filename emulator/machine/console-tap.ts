// What the guest prints: bytes for whoever takes them, and texts at whose last byte the run is to end. Not a part of the
// machine's state: equal runs are equal whatever somebody waits for.

/** Longest text that can be waited for, in bytes. */
export const MAX_CONSOLE_TEXT = 1000;

export class ConsoleTap {
  #bytes: number[] = [];
  #wanted: readonly string[] = [];
  #longest = 0;
  #recent = "";
  #arrived: string | undefined;

  /** Replaces the texts that are waited for; each counts from here on. */
  waitFor(texts: readonly string[]): void {
    this.#wanted = texts.map((text) => text.slice(-MAX_CONSOLE_TEXT));
    this.#longest = Math.max(0, ...this.#wanted.map(({ length }) => length));
    this.#recent = "";
    this.#arrived = undefined;
  }

  /** Takes a byte that the guest prints; true when it completes a text. */
  print(byte: number): boolean {
    this.#bytes.push(byte);
    if (this.#longest === 0) return false;
    this.#recent = (this.#recent + String.fromCharCode(byte)).slice(-this.#longest);
    const found = this.#wanted.find((text) => text !== "" && this.#recent.endsWith(text));
    this.#arrived ??= found;
    return found !== undefined;
  }

  /** The text that has been completed since the last call. */
  takeArrived(): string | undefined {
    const text = this.#arrived;
    this.#arrived = undefined;
    return text;
  }

  /** Everything printed since the last call. */
  take(): Uint8Array {
    const bytes = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    return bytes;
  }
}
