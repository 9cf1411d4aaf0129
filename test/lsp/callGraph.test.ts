// The graphs that the editor draws: to the clocks of a small kernel, and between two of its functions.
import { expect, test } from "vitest";
import type { CallGraph, GraphAnswer, Requests } from "../../server/protocol.ts";
import { clocks } from "./clockTree.ts";
import { type Session, startSession } from "./session.ts";

type Answer = GraphAnswer & CallGraph & { missing?: string };

async function graph(session: Session, params: Requests["clockpath/callGraph"]["params"]): Promise<Answer> {
  for (;;) {
    const answer = await session.client.sendRequest<Answer>("clockpath/callGraph", params);
    if (answer.state !== "building") return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function text({ title, nodes, edges }: CallGraph): string[] {
  const name = (id: string) => nodes.find((node) => node.id === id)?.label ?? "?";
  return [
    title,
    ...nodes.map(({ kind, label, detail }) => `${kind} ${label}: ${detail}`),
    ...edges.map(({ from, to, kind, how, place }) => {
      const file = place.uri.slice(place.uri.lastIndexOf("/") + 1);
      return `${name(from)} -${kind}-> ${name(to)} ${file}:${place.line + 1} ${how}`.trim();
    }),
  ];
}

const started = () =>
  startSession({ files: clocks, bare: true, initializationOptions: { config: "toy/TOY" } });

test("from the entry to the clocks, those in the kernel and those left out", async () => {
  await using session = await started();
  await graph(session, null);
  // The clocks that are left out come a little later.
  const drawn = await graph(session, null);
  expect(text(drawn)).toMatchInlineSnapshot(`
    [
      "From main to the clocks of toy/TOY",
      "entry main: sys/kern/init_main.c",
      "function direct_init: sys/arch/toy/toy/clocks.c",
      "function lapic_initclock: sys/arch/toy/toy/clocks.c",
      "clock TSC: quality 1000",
      "clock lapic: quality -100",
      "clock dummy: quality -1000000, not registered",
      "clock hpet: quality 2000, not in the kernel",
      "main -direct-> direct_init init_main.c:8",
      "main -pointer-> lapic_initclock init_main.c:7 may call, through initclock_func, registered at clocks.c:5",
      "direct_init -registers-> TSC clocks.c:14 registers it",
      "lapic_initclock -registers-> lapic clocks.c:9 registers it",
    ]
  `);
});

test("between two functions; names that are none", async () => {
  await using session = await started();
  expect(text(await graph(session, { from: "main", to: "lapic_initclock" }))).toMatchInlineSnapshot(`
    [
      "From main to lapic_initclock in toy/TOY",
      "entry main: sys/kern/init_main.c",
      "function lapic_initclock: sys/arch/toy/toy/clocks.c",
      "main -pointer-> lapic_initclock init_main.c:7 may call, through initclock_func, registered at clocks.c:5",
    ]
  `);
  expect(await graph(session, { from: "main", to: "hpet_init" })).toMatchObject({
    missing: "hpet_init",
    nodes: [],
  });
  expect(await graph(session, { from: "tc_init", to: "main" })).toMatchObject({ nodes: [], edges: [] });
});

test("without a configuration there is none", async () => {
  await using session = await startSession({ files: clocks, bare: true });
  expect(await graph(session, null)).toMatchObject({ state: "none", nodes: [] });
});
