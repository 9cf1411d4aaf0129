// Workspace symbols: the defined names that fit a pattern, best first. A mask of each name's letters spares reading most.
import { latin1 } from "../index/bytes.ts";
import * as format from "../index/format.ts";
import type { NameRun, SymbolColumns } from "../index/symbol-columns.ts";
import type { Definition, Steps, SymbolKind, SymbolQueryOptions } from "./api.ts";
import { bestPrefixScore, fuzzyScore, hasPrefix, makePattern, NONE, type Pattern, piecesScore, scatteredScore } from "./fuzzy.ts"; // biome-ignore format: one import
import type { OpenShard } from "./shards.ts";

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
  const search = makeSearch(pattern, match, kinds, limit);
  if (search.wanted.bare.length === 0 || limit <= 0) return [];
  const tables: SymbolColumns[] = [];
  for (const { reader } of shards) {
    tables.push(reader.symbols);
    yield;
  }
  // The shortest names first, of all shards: at an equal fit they are the best, and raise the floor for all that follow.
  for (const [length, runs] of runsByLength(tables)) {
    const needs = needsAt(search, length);
    for (const { columns, run } of runs) scan(search, needs, columns, run);
    yield;
  }
  return search.best.names();
}

/** What is looked for, the same for all names. */
interface Search {
  readonly wanted: Pattern;
  readonly shape: PatternShape;
  readonly kinds: number;
  readonly letters: number;
  readonly best: Best;
}

function makeSearch(
  pattern: string,
  match: SymbolQueryOptions["match"],
  kinds: readonly SymbolKind[] | undefined,
  limit: number,
): Search {
  const wanted = makePattern(pattern);
  const { bare } = wanted;
  const prefixOnly = match === "prefix" || bare.length < MIN_FUZZY;
  const letters = bare.reduce((mask, c) => mask | format.letterBit(c), 0);
  const shape = shapeOfPattern(bare, prefixOnly);
  return { wanted, shape, kinds: maskOfKinds(kinds), letters, best: new Best(limit) };
}

/** Names of one length in one shard. */
interface RunOfShard {
  readonly columns: SymbolColumns;
  readonly run: NameRun;
}

function runsByLength(tables: readonly SymbolColumns[]): [number, RunOfShard[]][] {
  const byLength = new Map<number, RunOfShard[]>();
  for (const columns of tables)
    for (const run of columns.runs) {
      const known = byLength.get(run.length);
      if (known === undefined) byLength.set(run.length, [{ columns, run }]);
      else known.push({ columns, run });
    }
  return [...byLength].sort(([a], [b]) => a - b);
}

/** Bits that a name must have, or must not have, to come into question still. */
interface Needs {
  readonly pairs: number;
  readonly noLetters: number;
}

/** With the floor where it is: only names in one piece, or only those that are the pattern itself, may reach it at this length. */
function needsAt({ wanted, letters, shape, best }: Search, length: number): Needs {
  const floor = best.floor - MAX_BONUS;
  const others = ~(letters | format.MASK_UNDERSCORE | format.MASK_DEFINED);
  return {
    pairs: floor > piecesScore(wanted, 1, length) ? shape.allPairs : 0,
    noLetters: floor > bestPrefixScore(length) ? others : 0,
  };
}

function scan(search: Search, needs: Needs, columns: SymbolColumns, run: NameRun): void {
  const { kinds, letters, best } = search;
  const { letters: masks, pairs, starts, text } = columns;
  const { length, first, end } = run;
  for (let row = first; row < end; row++) {
    const mask = masks[row]!;
    if ((mask & letters) !== letters || (mask & kinds) === 0 || (mask & needs.noLetters) !== 0) continue;
    if ((pairs[row]! & needs.pairs) !== needs.pairs) continue;
    const from = run.text + (row - first) * length;
    const score = scoreOf(search, pairs[row]!, starts[row]!, text, from, from + length);
    if (score !== NONE) best.offer(score + kindBonus(mask), text, from, from + length);
  }
}

/** The score of the name text[from, to) with these pairs of neighbours and starts of words. */
function scoreOf(
  { wanted, shape, best }: Search,
  pairs: number,
  starts: number,
  text: Uint8Array,
  from: number,
  to: number,
): number {
  const floor = best.floor - MAX_BONUS;
  const pieces = fewestPieces(shape, pairs, starts);
  if (pieces === 0 || (shape.prefixOnly && !hasPrefix(text, from, to, wanted))) return NONE;
  if (pieces > 1) return scatteredScore(text, from, to, wanted, pieces, floor);
  return fuzzyScore(text, from, to, wanted, floor);
}

/** What the shape of a name tells of a pattern, as bits of format.ts. */
interface PatternShape {
  readonly prefixOnly: boolean;
  /** The first letter; for each letter after it, that it starts a word, and that it follows the one before. */
  readonly first: number;
  readonly starts: readonly number[];
  readonly pairs: readonly number[];
  readonly allPairs: number;
}

function shapeOfPattern(bare: Uint8Array, prefixOnly: boolean): PatternShape {
  const rest = bare.subarray(1);
  const pairs = Array.from(rest, (c, i) => format.pairBit(bare[i]!, c));
  const allPairs = pairs.reduce((mask, bit) => mask | bit, 0);
  // A byte that is no letter has no bit: it may stand anywhere.
  const starts = Array.from(rest, format.letterBit);
  return { prefixOnly, first: format.letterBit(bare[0] ?? 0), starts, pairs, allPairs };
}

/**
 * In how few pieces a name with these neighbours and starts of words may have the pattern; 0: it cannot fit. Each letter follows the
 * letter before it somewhere, or starts a word (fuzzyScore's rule); the first one starts a word, unless all follow each other.
 */
function fewestPieces(shape: PatternShape, pairs: number, starts: number): number {
  const startsFirst = (starts & shape.first) === shape.first;
  if ((pairs & shape.allPairs) === shape.allPairs) return startsFirst || !shape.prefixOnly ? 1 : 0;
  if (shape.prefixOnly || !startsFirst) return 0;
  let pieces = 1;
  for (let i = 0; i < shape.pairs.length; i++) {
    if ((pairs & shape.pairs[i]!) !== 0) continue;
    if ((starts & shape.starts[i]!) !== shape.starts[i]!) return 0;
    pieces++;
  }
  return pieces;
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
  readonly #scores = new Map<string, number>();
  /** How many names have each score from the floor up. */
  readonly #counts: number[] = [];
  /** Names with a score above the floor. */
  #above = 0;
  #floor = 0;

  constructor(readonly limit: number) {}

  /** No score below this one matters any more. */
  get floor(): number {
    return this.#floor;
  }

  /** The name text[from, to): of equal names in several shards the best one counts. */
  offer(score: number, text: Uint8Array, from: number, to: number): void {
    if (score < this.#floor) return;
    const name = latin1(text, from, to);
    const known = this.#scores.get(name);
    if (known !== undefined) {
      if (known >= score) return;
      this.#count(known, -1);
    }
    this.#scores.set(name, score);
    this.#count(score, 1);
    // The floor rises while enough names stand above it.
    while (this.#above >= this.limit) this.#above -= this.#counts[++this.#floor] ?? 0;
  }

  names(): string[] {
    const best = [...this.#scores].filter(([, score]) => score >= this.#floor);
    best.sort(([a, scoreOfA], [b, scoreOfB]) => scoreOfB - scoreOfA || (a < b ? -1 : 1));
    return best.slice(0, this.limit).map(([name]) => name);
  }

  #count(score: number, change: number): void {
    this.#counts[score] = (this.#counts[score] ?? 0) + change;
    if (score > this.#floor) this.#above += change;
  }
}

export function ofKinds(definitions: Definition[], kinds: readonly SymbolKind[] | undefined): Definition[] {
  if (kinds === undefined) return definitions.filter((definition) => definition.kind !== "member");
  return definitions.filter((definition) => kinds.includes(definition.kind));
}
