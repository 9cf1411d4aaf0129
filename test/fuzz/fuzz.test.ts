// The fuzz run, as much of it as CI has time for; `npm run fuzz -- --cases 100000 --seed 7` runs more.

import { describe, expect, test } from "vitest";
import { allParts } from "./all.ts";
import { outcomeLine, refuse, runPart } from "./part.ts";

const CASES = Number(process.env.CLOCKPATH_FUZZ_CASES ?? 1000);
const SEED = Number(process.env.CLOCKPATH_FUZZ_SEED ?? 19930224);

describe(`${CASES} cases each, seed ${SEED}: an answer or a clear error, within time and memory`, () => {
  test.each(allParts())("$name", { timeout: 60_000 + CASES * 20 }, async (part) => {
    const outcome = await runPart(part, { cases: CASES, seed: SEED });
    console.log(outcomeLine(outcome));
    expect(outcome.cases).toBe(CASES);
  });
});

test("a message of the JavaScript engine is no clear error", () => {
  expect(() => refuse("Cannot read properties of undefined (reading 'path')")).toThrow("no clear error");
  expect(() => refuse("Invalid typed array length: 135107988821115360")).toThrow("no clear error");
  expect(refuse('No symbol "x" in current context.')).toBe(true);
});
