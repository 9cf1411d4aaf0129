// Preprocessing tokens: every spelling is interned once, so a token is one number. What kind of token it is follows from its first
// character. Knows no directives.
import { hashName, NameTable } from "../names.ts";

export const NAME = 1;
export const NUMBER = 2;
export const STRING = 3;
export const CHARACTER = 4;
export const PUNCTUATOR = 5;

/** End of a file, a context or a directive's line. */
export const END = -1;

export class Spellings {
  readonly names = new NameTable();
  #kinds = new Uint8Array(1 << 16);
  #texts: string[] = [];

  id(text: string): number {
    return this.names.internString(text);
  }

  intern(bytes: Uint8Array, start: number, end: number): number {
    return this.names.intern(bytes, start, end, hashName(bytes, start, end));
  }

  text(id: number): string {
    this.#texts[id] ??= this.names.text(id);
    return this.#texts[id]!;
  }

  kind(id: number): number {
    if (id >= this.#kinds.length) {
      const kinds = new Uint8Array(Math.max(this.#kinds.length * 2, id + 1));
      kinds.set(this.#kinds);
      this.#kinds = kinds;
    }
    const known = this.#kinds[id]!;
    if (known !== 0) return known;
    const kind = this.#kindOf(id);
    this.#kinds[id] = kind;
    return kind;
  }

  #kindOf(id: number): number {
    const first = this.names.byte(id, 0);
    const second = this.names.length(id) > 1 ? this.names.byte(id, 1) : 0;
    const last = this.names.byte(id, this.names.length(id) - 1);
    if (first === 0x22) return STRING;
    if (first === 0x27) return CHARACTER;
    if (isDigit(first) || (first === 0x2e && isDigit(second))) return NUMBER;
    if (!isLetter(first)) return PUNCTUATOR;
    if (last === 0x22) return STRING;
    return last === 0x27 ? CHARACTER : NAME;
  }
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const isLetter = (c: number): boolean =>
  (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || c === 0x24;
