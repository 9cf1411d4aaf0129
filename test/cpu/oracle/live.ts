// The core and the host's processor side by side, on cases that a seed makes.
import { report } from "./compare.ts";
import type { Core } from "./core.ts";
import { generateCase } from "./generate.ts";
import { Random } from "./random.ts";
import { record } from "./recorder.ts";
import type { Row } from "./rows.ts";
import { type Case, toLine } from "./state.ts";

/** The same seed gives the same cases for a row, whatever other rows there are. */
export function casesOf(row: Row, count: number, seed: number): Case[] {
  const random = new Random(
    seed ^ [...row.key].reduce((hash, char) => Math.imul(hash, 31) + char.charCodeAt(0), 7),
  );
  const cases: Case[] = [];
  while (cases.length < count) {
    const test = generateCase(row, random);
    if (test) cases.push(test);
  }
  return cases;
}

/** Cases recorded by one run of the recorder; bounds the memory that a run takes. */
const CHUNK = 2000;

export interface Comparison {
  compared: number;
  wrong: number;
  /** Of the first differences. */
  reports: string[];
}

/** Compares `count` cases of each row; reports the first `show` differences. */
export function checkLive(
  core: Core,
  rows: readonly Row[],
  count: number,
  seed: number,
  show: number,
): Comparison {
  const result: Comparison = { compared: 0, wrong: 0, reports: [] };
  const all = rows.flatMap((row) => casesOf(row, count, seed).map((test) => ({ row, test })));
  for (let at = 0; at < all.length; at += CHUNK) {
    const chunk = all.slice(at, at + CHUNK);
    record(chunk.map(({ test }) => test)).forEach((expected, i) => {
      const { row, test } = chunk[i]!;
      const found = core.check(row, test, expected);
      result.compared++;
      if (found.length === 0) return;
      result.wrong++;
      if (result.reports.length < show) result.reports.push(report(row, toLine(test, expected), found));
    });
  }
  return result;
}
