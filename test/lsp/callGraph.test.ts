// The graphs that the editor draws: to the clocks of a small kernel, and between two of its functions.
import { expect, test } from "vitest";
import type { CallGraph, GraphAnswer, Requests } from "../../server/protocol.ts";
import { type Session, startSession } from "./session.ts";

const kernel = `
//- sys/conf/files
maxpartitions 8
maxusers 2 8 64
defflag	HPET
file	kern/init_main.c
file	kern/kern_tc.c
file	arch/toy/toy/clocks.c
file	arch/toy/toy/hpet.c	hpet
//- sys/arch/toy/conf/files.toy
//- sys/arch/toy/conf/TOY
machine	toy
config	netbsd root on ? type ?
//- sys/sys/timetc.h
struct timecounter {
	unsigned (*tc_get_timecount)(struct timecounter *);
	const char *tc_name;
	int tc_quality;
};
void tc_init(struct timecounter *);
//- sys/kern/init_main.c
#include <sys/timetc.h>
extern void (*initclock_func)(void);
void direct_init(void);
int
main(void)
{
	initclock_func();
	direct_init();
	return 0;
}
//- sys/kern/kern_tc.c
#include <sys/timetc.h>
static struct timecounter dummy = { 0, "dummy", -1000000 };
void
tc_init(struct timecounter *tc)
{
}
//- sys/arch/toy/toy/clocks.c
#include <sys/timetc.h>
static struct timecounter lapic_timecounter = { .tc_name = "lapic", .tc_quality = -100 };
static struct timecounter tsc_timecounter = { .tc_name = "TSC", .tc_quality = 1000 };
void lapic_initclock(void);
void (*initclock_func)(void) = lapic_initclock;
void
lapic_initclock(void)
{
	tc_init(&lapic_timecounter);
}
void
direct_init(void)
{
	tc_init(&tsc_timecounter);
}
//- sys/arch/toy/toy/hpet.c
#include <sys/timetc.h>
static struct timecounter hpet_timecounter = { .tc_name = "hpet", .tc_quality = 2000 };
`;

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
  startSession({ files: kernel, bare: true, initializationOptions: { config: "toy/TOY" } });

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
  await using session = await startSession({ files: kernel, bare: true });
  expect(await graph(session, null)).toMatchObject({ state: "none", nodes: [] });
});
