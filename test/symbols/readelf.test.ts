// Line tables and call frame information against readelf: every row, every function, every rule, in DWARF 2 to 5.

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { FIXTURES, fixture, oracleLines } from "./oracle.ts";
import {
  ourEntries,
  ourLines,
  ourRules,
  readelfEntries,
  readelfFrames,
  readelfLines,
  unwinderOf,
} from "./readelf.ts";

function readelf(path: string, dump: string): string {
  return execFileSync("readelf", ["-W", `--debug-dump=${dump}`, path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

describe.each(FIXTURES)("%s", (name) => {
  it("decodes every row of the line table as readelf does", () => {
    expect(ourLines(fixture(name))).toEqual(
      oracleLines(name, "lines", (path) => readelfLines(readelf(path, "decodedline"))),
    );
  });

  it("finds every function with call frame information", () => {
    const expected = oracleLines(name, "fdes", (path) =>
      readelfEntries(readelf(path, "frames-interp")).sort(),
    );
    expect(ourEntries(fixture(name)).sort()).toEqual(expected);
  });

  it("has readelf's unwinding rules at every address where they change", () => {
    const expected = oracleLines(name, "rules", (path) =>
      readelfFrames(readelf(path, "frames-interp")).map((row) => `${row.address} ${row.rules}`),
    );
    const unwinder = unwinderOf(fixture(name));
    const ours = expected
      .map((line) => line.split(" ")[0]!)
      .map((address) => `${address} ${ourRules(unwinder, address)}`);
    expect(ours).toEqual(expected);
  });
});
