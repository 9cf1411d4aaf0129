// Workspace symbols: the defined names that fit a pattern, best first. A mask of each name's letters spares reading most.
import * as format from "../index/format.ts";
import type { Definition, Steps, SymbolKind, SymbolQueryOptions } from "./api.ts";
import { fuzzyScore, hasPrefix, makePattern, NONE } from "./fuzzy.ts";
import type { OpenShard } from "./shards.ts";

interface Candidate {
  readonly name: string;
  readonly score: number;
}

/** A pattern shorter than this matches prefixes only: a letter or two fit nearly everything. */
const MIN_FUZZY = 3;

/** The best names, at most `limit`, in order of score and then of the alphabet. */
export function* matchNames(
  shards: readonly OpenShard[],
  pattern: string,
  match: SymbolQueryOptions["match"],
  kinds: readonly SymbolKind[] | undefined,
  limit: number,
): Steps<string[]> {
  if (pattern === "" || limit <= 0) return [];
  const wanted = makePattern(pattern);
  const prefixOnly = match === "prefix" || wanted.bare.length < MIN_FUZZY;
  const letters = wanted.bare.reduce((mask, c) => mask | format.letterBit(c), 0);
  const fits = shapeTest(wanted.bare, prefixOnly);
  const best = new Best(limit);
  for (const { reader } of shards) {
    reader.matching(maskOfKinds(kinds), letters, fits, (bytes, length, mask) => {
      if (prefixOnly && !hasPrefix(bytes, length, wanted)) return;
      const score = fuzzyScore(bytes, length, wanted, best.floor - MAX_BONUS);
      if (score !== NONE) best.offer(score + kindBonus(mask), bytes, length);
    });
    yield;
  }
  return best.names();
}

/**
 * Can a name with these neighbours and starts of words fit? Each letter follows the letter before it somewhere, or starts a word
 * (fuzzyScore's rule); the first one starts a word, unless all follow each other.
 */
function shapeTest(bare: Uint8Array, prefixOnly: boolean): (pairs: number, starts: number) => boolean {
  const first = format.letterBit(bare[0]!);
  const pairBits = Array.from(bare.subarray(1), (c, i) => format.pairBit(bare[i]!, c));
  const startBits = Array.from(bare.subarray(1), (c) => format.letterBit(c));
  const all = pairBits.reduce((mask, bit) => mask | bit, 0);
  if (prefixOnly) return (pairs, starts) => (pairs & all) === all && (starts & first) === first;
  return (pairs, starts) => {
    if ((pairs & all) === all) return true;
    if ((starts & first) !== first) return false;
    for (let i = 0; i < pairBits.length; i++) {
      // A byte that is no letter has no bit: it may stand anywhere.
      const start = startBits[i]!;
      if ((pairs & pairBits[i]!) === 0 && (starts & start) === 0 && start !== 0) return false;
    }
    return true;
  };
}

const MAX_BONUS = 30;

/** Fields and macros are many: at an equal fit, functions come first. */
function kindBonus(mask: number): number {
  if (mask & format.MASK_FUNCTION) return MAX_BONUS;
  if (mask & format.MASK_OTHER) return 20;
  return mask & format.MASK_MACRO ? 10 : 0;
}

function maskOfKinds(kinds: readonly SymbolKind[] | undefined): number {
  if (kinds === undefined) return format.MASK_DEFINED & ~format.MASK_FIELD;
  let mask = 0;
  for (const kind of kinds) {
    if (kind === "function") mask |= format.MASK_FUNCTION;
    else if (kind === "macro") mask |= format.MASK_MACRO;
    else mask |= kind === "member" ? format.MASK_FIELD : format.MASK_OTHER;
  }
  return mask;
}

/** The names with the best scores so far; makes no string of a name that is not among them. */
class Best {
  #kept: Candidate[] = [];
  #known = new Map<string, number>();
  #floor = NONE;

  constructor(readonly limit: number) {}

  /** No score below this one matters any more. */
  get floor(): number {
    return this.#floor;
  }

  offer(score: number, bytes: Buffer, length: number): void {
    if (score < this.#floor) return;
    const name = bytes.toString("latin1", 0, length);
    const known = this.#known.get(name);
    if (known !== undefined && known >= score) return;
    this.#known.set(name, score);
    this.#kept.push({ name, score });
    if (this.#kept.length >= this.limit * 4 + 100) this.#trim();
  }

  names(): string[] {
    this.#trim();
    return this.#kept.map((candidate) => candidate.name);
  }

  #trim(): void {
    const best = [...this.#known].map(([name, score]) => ({ name, score }));
    best.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
    best.length = Math.min(best.length, this.limit);
    this.#kept = best;
    this.#known = new Map(best.map(({ name, score }) => [name, score]));
    if (best.length === this.limit) this.#floor = best.at(-1)!.score;
  }
}

export function ofKinds(definitions: Definition[], kinds: readonly SymbolKind[] | undefined): Definition[] {
  if (kinds === undefined) return definitions.filter((definition) => definition.kind !== "member");
  return definitions.filter((definition) => kinds.includes(definition.kind));
}
