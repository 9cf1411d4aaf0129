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

/** Compares `count` cases of a row; returns how many differ, and reports of the first `show` of them. */
export function checkLive(
  core: Core,
  row: Row,
  count: number,
  seed: number,
  show: number,
): { wrong: number; reports: string[] } {
  const cases = casesOf(row, count, seed);
  const reports: string[] = [];
  let wrong = 0;
  for (let at = 0; at < cases.length; at += CHUNK) {
    const chunk = cases.slice(at, at + CHUNK);
    record(chunk).forEach((expected, i) => {
      const test = chunk[i]!;
      const found = core.check(row, test, expected);
      if (found.length === 0) return;
      wrong++;
      if (reports.length < show) reports.push(report(row, toLine(test, expected), found));
    });
  }
  return { wrong, reports };
}
