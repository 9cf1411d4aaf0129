// Frames, their registers, and the values of all parameters and locals, against gdb 13 in made-up states of the fixtures.

import { describe, expect, it } from "vitest";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { FIXTURES, fixture, oracleLines } from "./oracle.ts";
import { gdbFrames, madeUpStates, ourFrames } from "./states.ts";

const COUNT = 40;
const SEED = 20261122;

describe.each(FIXTURES)(`%s (seed ${SEED})`, (name) => {
  it("unwinds and finds every variable as gdb does", () => {
    const bytes = fixture(name);
    const symbols = openSymbols(bytes);
    const states = madeUpStates(symbols, COUNT, SEED);
    expect(ourFrames(bytes, symbols, states)).toEqual(
      oracleLines(name, "frames", (path) => gdbFrames(path, states)),
    );
  });
});
