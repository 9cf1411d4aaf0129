// A search by letters, through columns, floors and shapes, gives what scoring every name gives: random names and patterns, seeded.
import { expect, test } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import { fuzzyScore, hasPrefix, makePattern, NONE } from "../../server/query/fuzzy.ts";
import { openIndex } from "../../server/query/open.ts";
import { temporaryFolder, writeTree } from "../index/helpers.ts";
import { random } from "../random.ts";

const SEED = 20261;
const words = "tc init get time count Acpi Tbl lapic CLOCK x86 i8254 a b tsc delay __ _ Get".split(" ");

/** Names of one to five words, with and without underscores between them. */
function someNames(next: (below: number) => number, count: number): string[] {
  const names = new Set<string>();
  while (names.size < count) {
    const parts = Array.from({ length: 1 + next(5) }, () => words[next(words.length)]!);
    const name = parts.join(next(2) === 0 ? "_" : "");
    if (/^[A-Za-z_]\w*$/.test(name)) names.add(name);
  }
  return [...names];
}

/** A pattern shorter than three letters is a prefix. */
function everyScored(names: readonly string[], text: string, limit: number): string[] {
  const pattern = makePattern(text);
  const scored = names.flatMap((name) => {
    const bytes = Buffer.from(name);
    if (pattern.bare.length < 3 && !hasPrefix(bytes, 0, bytes.length, pattern)) return [];
    const score = fuzzyScore(bytes, 0, bytes.length, pattern);
    return score === NONE ? [] : [{ name, score }];
  });
  scored.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, limit).map(({ name }) => name);
}

test(`200 patterns over 3,000 names in two shards, seed ${SEED}`, async () => {
  const next = random(SEED);
  const names = someNames(next, 3000);
  const declare = (some: string[]) => some.map((name) => `int ${name};\n`).join("");
  const tree = writeTree(`=== sys/kern/a.c\n${declare(names.slice(0, 1800))}`);
  const indexDir = temporaryFolder();
  await updateIndex(tree, { indexDir, workers: 0 });
  // The second build adds a shard of its own; some names are in both.
  writeTree(`=== sys/kern/b.c\n${declare(names.slice(1500))}`, tree);
  await updateIndex(tree, { indexDir, workers: 0 });
  using index = disposable(openIndex(tree, { indexDir })!);
  for (let i = 0; i < 200; i++) {
    const from = names[next(names.length)]!;
    const letters = [...from].filter(() => next(3) > 0).join("");
    const pattern = letters.slice(0, 1 + next(9)) || from;
    const limit = 1 + next(100);
    const found = index.symbols(pattern, { limit: 10_000 }).map(({ name }) => name);
    const some = [...new Set(index.symbols(pattern, { limit }).map(({ name }) => name))];
    const expected = everyScored(names, pattern, 10_000);
    expect([...new Set(found)], pattern).toEqual(expected);
    expect(some, `${pattern}, ${limit}`).toEqual(expected.slice(0, some.length));
  }
});

function disposable<T extends { close(): void }>(what: T): T & Disposable {
  return Object.assign(what, { [Symbol.dispose]: () => what.close() });
}
