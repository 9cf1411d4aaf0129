// Damage for sound input: bytes of a file, characters of a text, values of a JSON tree.

import type { Random } from "../random.ts";

/** Overwrites a few bytes of [start, start + length) with the values that break readers most often. */
export function damageBytes(bytes: Uint8Array, start: number, length: number, pick: Random): Uint8Array {
  const copy = bytes.slice();
  for (let n = 1 + pick(6); n > 0; n--) {
    const at = start + pick(length);
    const values = [0, 1, 0x7f, 0x80, 0xff, pick(256), (copy[at]! + 1) & 0xff, copy[at]! ^ (1 << pick(8))];
    const value = values[pick(values.length)]!;
    for (let run = pick(4) === 0 ? 1 + pick(12) : 1; run > 0; run--)
      if (at + run - 1 < start + length) copy[at + run - 1] = value;
  }
  return copy;
}

/** A text of the corpus with characters changed, doubled, cut, or in front of others. */
export function damageText(corpus: readonly string[], alphabet: string, pick: Random): string {
  let text = corpus[pick(corpus.length)]!;
  for (let changes = pick(4); changes > 0; changes--) {
    const at = pick(text.length + 1);
    switch (pick(6)) {
      case 0:
        text = text.slice(0, at);
        break;
      case 1:
        text = text.slice(0, at) + String.fromCharCode(pick(256)) + text.slice(at + 1);
        break;
      case 2:
        text = text.slice(0, at) + String.fromCharCode(pick(256)) + text.slice(at);
        break;
      case 3:
        text += corpus[pick(corpus.length)];
        break;
      case 4:
        text = text.slice(0, at) + alphabet[pick(alphabet.length)]!.repeat(pick(40)) + text.slice(at);
        break;
      default:
        text = text.slice(0, at) + text.slice(at, at + pick(8)).repeat(pick(5)) + text.slice(at);
    }
  }
  return text;
}

const ODD: readonly unknown[] = [
  null, true, false, 0, -1, 1, 0.5, 1e300, 4294967296, 9007199254740991, -9007199254740992, "", "0", "-1", "0xffffffffffffffff", "__proto__", "constructor",
  "a".repeat(5000), "\u0000", "{}", "%s%n", [], [[]], [null], {}, { __proto__: null }, [1, 2, 3],
]; // biome-ignore format: a table

/** A copy of a JSON value in which some parts have been replaced, left out or doubled. */
export function damageJson(value: unknown, pick: Random): unknown {
  if (pick(6) === 0) return ODD[pick(ODD.length)];
  if (Array.isArray(value)) {
    const list = value.map((each) => (pick(2) === 0 ? damageJson(each, pick) : each));
    if (pick(8) === 0) list.push(...list);
    if (pick(8) === 0) list.pop();
    return list;
  }
  if (typeof value !== "object" || value === null) return pick(3) === 0 ? ODD[pick(ODD.length)] : value;
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    if (pick(10) === 0) return [];
    return [[key, pick(3) === 0 ? damageJson(each, pick) : each]];
  });
  return Object.fromEntries(entries);
}
