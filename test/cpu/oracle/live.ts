// What comparisons with the host's processor have in common: cases that a seed makes, and what came of them.
import { PLACES } from "./draft.ts";
import { generateCase, hasMemoryForm } from "./generate.ts";
import { Random } from "./random.ts";
import type { Row } from "./rows.ts";
import type { Case } from "./state.ts";

/** The same seed gives the same cases for a row, whatever other rows there are. */
export function seedOf(row: Row, seed: number): number {
  return seed ^ [...row.key].reduce((hash, char) => Math.imul(hash, 31) + char.charCodeAt(0), 7);
}

/** Rows with a memory operand begin with one at each of PLACES: so every one of them has its page fault and what else an address can do. */
export function casesOf(row: Row, count: number, seed: number): Case[] {
  const random = new Random(seedOf(row, seed));
  const cases: Case[] = [];
  while (cases.length < count) {
    const test = generateCase(row, random, hasMemoryForm(row) ? PLACES[cases.length] : undefined);
    if (test) cases.push(test);
  }
  return cases;
}

export interface Comparison {
  compared: number;
  wrong: number;
  /** Of the first differences. */
  reports: string[];
}
