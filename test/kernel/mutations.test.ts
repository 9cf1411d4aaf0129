// Whatever the text, a configuration is read to its end: no crash, no hang, and what is broken is told with file and line.
import path from "node:path";
import { describe, expect, test } from "vitest";
import { configureKernel } from "../../server/kernel/configure.ts";
import { fixtures, loadFolder, mapTree } from "./trees.ts";

/** A small generator (mulberry32), so that a failure can be repeated by its seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

const SPICE = [
  '"',
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  "!",
  "&",
  "|",
  ":",
  ",",
  "=",
  "*",
  "?",
  "#",
  "\n",
  "\n\t",
  "\0",
  "\\",
  "ifdef x\n",
  "endif\n",
  "no ",
  'include "conf/files"\n',
  "standard",
  "optional ",
  "99999999999999999999",
  "é",
  "__proto__",
  "constructor ",
];

function mutate(text: string, below: (limit: number) => number): string {
  let result = text;
  for (let i = 0; i <= below(4); i++) {
    const at = below(result.length + 1);
    const length = below(40);
    const other = below(result.length + 1);
    const replacements = [
      "",
      SPICE[below(SPICE.length)]!,
      result.slice(other, other + below(60)),
      SPICE[below(SPICE.length)]! + SPICE[below(SPICE.length)]!,
    ];
    result = result.slice(0, at) + replacements[below(4)]! + result.slice(at + length);
  }
  return result;
}

describe.each([
  ["netbsd", "sys/arch/toy/conf/TOY"],
  ["freebsd", "sys/toy/conf/TOY"],
])("%s", (system, configuration) => {
  const files = loadFolder(path.join(fixtures, system));
  const names = [...files.keys()].sort();

  test("200 mutations are read without a crash, the same way twice", { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const below = random(seed);
      const name = names[below(names.length)]!;
      const mutated = new Map(files).set(name, mutate(files.get(name)!, below));
      const run = () => configureKernel(configuration, mapTree(mutated).read);
      try {
        const result = run();
        for (const { place, message } of result.diagnostics) {
          expect(message).not.toBe("");
          expect(place === undefined || (place.line >= 1 && Number.isInteger(place.line))).toBe(true);
        }
        if (seed % 10 === 0) expect(JSON.stringify(run())).toBe(JSON.stringify(result));
      } catch (error) {
        throw new Error(`seed ${seed} (${name})`, { cause: error });
      }
    }
  });

  test("long and deep text ends", { timeout: 60_000 }, () => {
    const lines = (count: number, line: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => line(i)).join("\n");
    const hostile = [
      `file x.c ${"(".repeat(100_000)}a`,
      `file x.c ${"a | ".repeat(100_000)}a`,
      lines(20_000, (i) => `define a${i}: a${i + 1}`),
      lines(20_000, (i) => `define a${i + 1}: a${i}`),
      '"'.repeat(100_001),
      "ifdef x\n".repeat(20_000),
      "prefix a/b\n".repeat(5_000),
      `options ${"A,".repeat(100_000)}A`,
    ];
    const changed = configuration;
    for (const text of hostile) {
      const original = files.get(changed)!;
      const result = configureKernel(
        configuration,
        mapTree(new Map(files).set(changed, `${original}\n${text}\n`)).read,
      );
      expect(result.files.length).toBeGreaterThan(0);
    }
  });

  test("a reader that throws, and a file that is too large, are told", () => {
    const broken = configureKernel(configuration, (file) => {
      if (file.endsWith(configuration)) throw new Error("the disk is gone");
      return undefined;
    });
    expect(broken.diagnostics[0]?.message).toContain("the disk is gone");
    const large = configureKernel(configuration, (file) =>
      file === configuration ? new Uint8Array(9 << 20) : undefined,
    );
    expect(large.diagnostics[0]?.message).toContain("are too many for a configuration file");
  });
});
