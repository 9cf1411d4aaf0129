// An index under unsaved texts answers as an index that was made of these texts.
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import type { KernelIndex } from "../../server/query/api.ts";
import { openIndex } from "../../server/query/open.ts";
import { overlaid } from "../../server/query/overlay.ts";
import { searchText } from "../../server/query/text-search.ts";
import { kernelTree, temporaryFolder, writeTree } from "../index/helpers.ts";

const edited = `
=== sys/kern/kern_tc.c
#include <sys/timetc.h>
#include <sys/added.h>

#define TC_LOOP(x) tc_windup(x)

static struct timecounter *timecounters = 0;
enum tc_state { TC_NEW, TC_OLD };

void
tc_inserted(void)
{
	startrtclock();
	TC_LOOP(1);
}

/* Makes a timecounter known. */
void
tc_init(struct timecounter *tc)
{
	timecounters = tc;
	tc_inserted();
	tc->tc_quality++;
}
`;

const names =
  "tc_init tc_windup tc_inserted timecounters timecounter tc_quality startrtclock TC_LOOP TC_OLD tc_next".split(
    " ",
  );

async function indexOf(tree: string): Promise<KernelIndex> {
  const indexDir = temporaryFolder();
  await updateIndex(tree, { indexDir, workers: 0 });
  return openIndex(tree, { indexDir })!;
}

/** Everything that is asked of an index, of the names above. */
function answers(index: KernelIndex): object {
  const file = "sys/kern/kern_tc.c";
  return {
    names: Object.fromEntries(
      names.map((name) => [
        name,
        {
          definitions: index.definitions(name),
          near: index.definitions(name, { from: "sys/arch/x86/isa/clock.c" }),
          references: index.references(name),
          writes: index.references(name, { kinds: ["write"] }),
          callers: index.callers(name),
          callees: index.callees(name),
          exact: index.symbols(name, { match: "exact" }),
        },
      ]),
    ),
    outline: index.documentSymbols(file),
    includes: index.includes(file).map(({ line, target }) => `${line} ${target}`),
    includers: index.includers("sys/sys/timetc.h"),
    scope: index.scopeAt(file, 13, 2),
    outside: index.scopeAt(file, 1, 1),
  };
}

describe("an index under texts", () => {
  let before: KernelIndex;
  let after: KernelIndex;
  let under: KernelIndex;
  let texts: Map<string, Buffer>;

  beforeAll(async () => {
    const tree = writeTree(kernelTree);
    before = await indexOf(tree);
    const changed = writeTree(edited, writeTree(kernelTree));
    after = await indexOf(changed);
    texts = new Map([["sys/kern/kern_tc.c", readFileSync(path.join(changed, "sys/kern/kern_tc.c"))]]);
    under = overlaid(before, texts);
    return () => [before, after].map((index) => index.close());
  });

  it("answers as the index of the changed tree, not as its own", () => {
    expect(answers(under)).toEqual(answers(after));
    expect(answers(under)).not.toEqual(answers(before));
  });

  it("is itself under texts that are equal to the disk's", () => {
    const file = "sys/kern/kern_tc.c";
    expect(answers(overlaid(before, new Map([[file, readFileSync(before.absolute(file))]])))).toEqual(
      answers(before),
    );
    expect(overlaid(before, new Map())).toBe(before);
  });

  it("finds new names by their letters, and old ones no more", () => {
    const found = (index: KernelIndex, pattern: string) =>
      index.symbols(pattern).map(({ name, line }) => `${name}:${line}`);
    expect(found(under, "tcins")).toEqual(["tc_inserted:10"]);
    expect(found(before, "tcins")).toEqual([]);
    expect(found(under, "tc_in")).toEqual(found(after, "tc_in"));
    const gone = overlaid(before, new Map([["sys/kern/kern_tc.c", Buffer.from("int nothing;\n")]]));
    expect(found(gone, "tc_init")).not.toContain("tc_init:7");
  });

  it("searches the texts", async () => {
    const search = async (index: KernelIndex, more: object) =>
      (await searchText(index, { pattern: "tc_in", kind: "text", workers: 0, ...more })).hits;
    expect(await search(under, { texts })).toEqual(await search(after, {}));
    expect(await search(under, { texts })).not.toEqual(await search(before, {}));
  });

  it("tells hits of a search as they come, in order", async () => {
    const told: unknown[] = [];
    const { hits } = await searchText(before, {
      pattern: "tc",
      kind: "text",
      workers: 0,
      onHits: (more) => told.push(...more),
    });
    expect(told).toEqual(hits);
    expect(hits.length).toBeGreaterThan(5);
  });
});
