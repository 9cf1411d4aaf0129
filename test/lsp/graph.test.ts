// What the call graph adds to the editor: implementation of a function pointer, indirect edges in the call hierarchy, timecounters, paths,
// and what a hover says of configuration and options. On a small tree of our own, over a real LSP connection.
import { expect, test } from "vitest";
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CodeLens,
  Hover,
  Location,
} from "vscode-languageserver/node";
import type { Requests } from "../../server/protocol.ts";
import { type Session, startSession } from "./session.ts";

const kernel = `
//- sys/conf/files
maxpartitions 8
maxusers 2 8 64
defparam opt_clock.h	HZ = 100
defflag	HPET
file	kern/init_main.c
file	kern/kern_tc.c
file	arch/toy/toy/clocks.c
file	arch/toy/toy/hpet.c	hpet
//- sys/arch/toy/conf/files.toy
//- sys/arch/toy/conf/TOY
machine	toy
config	netbsd root on ? type ?
options	HZ=1000
//- sys/sys/timetc.h
struct timecounter {
	unsigned (*tc_get_timecount)(struct timecounter *);
	unsigned tc_frequency;
	const char *tc_name;
	int tc_quality;
};
void tc_init(struct timecounter *);
unsigned tc_read(struct timecounter *);
//- sys/kern/init_main.c
#include <sys/timetc.h>
void cpu_initclocks(void);
int
main(void)
{
	cpu_initclocks();
	return 0;
}
//- sys/kern/kern_tc.c
#include <sys/timetc.h>
#include "opt_clock.h"
int hz = HZ;
void
tc_init(struct timecounter *tc)
{
	tc_read(tc);
}
unsigned
tc_read(struct timecounter *tc)
{
	return tc->tc_get_timecount(tc);
}
//- sys/arch/toy/toy/clocks.c
#include <sys/timetc.h>
static unsigned lapic_get(struct timecounter *tc);
static struct timecounter lapic_timecounter = {
	.tc_get_timecount = lapic_get,
	.tc_name = "lapic",
	.tc_quality = -100,
};
static unsigned
lapic_get(struct timecounter *tc)
{
	return 0;
}
static unsigned
tsc_get(struct timecounter *tc)
{
	return 1;
}
static struct timecounter tsc_timecounter = {
	.tc_get_timecount = tsc_get,
	.tc_name = "TSC",
	.tc_quality = 1000,
};
void
cpu_initclocks(void)
{
	lapic_timecounter.tc_frequency = 1000;
	tc_init(&lapic_timecounter);
	tc_init(&tsc_timecounter);
}
//- sys/arch/toy/toy/hpet.c
int hpet_count;
`;

async function start(codeLens = false, more = ""): Promise<Session> {
  const session = await startSession({
    files: kernel + more,
    bare: true,
    initializationOptions: { config: "toy/TOY", codeLens },
  });
  await session.ended();
  for (let i = 0; i < 500; i++) {
    const { state } = await ask(session, "clockpath/clockSources", null);
    if (state === "ready") return session;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("no call graph");
}

function ask<M extends keyof Requests>(
  session: Session,
  method: M,
  params: Requests[M]["params"],
): Promise<Requests[M]["result"]> {
  return session.client.sendRequest(method, params);
}

const at = (session: Session, file: string, line: number, character: number) => ({
  textDocument: { uri: session.uri(file) },
  position: { line: line - 1, character },
});

test("timecounters: the best first, with where their values come from and the path to their registration", async () => {
  await using session = await start();
  const { sources } = await ask(session, "clockpath/clockSources", null);
  const shown = sources.map((source) => ({
    clock: `${source.name} (${source.variable}) quality ${source.quality}, ${source.configured ? "in" : "out"}, ${source.reached ? "reached" : "not reached"}`,
    fields: source.fields.map(({ label, value, place }) => `${label} ${value} :${place.line + 1}`),
    path: source.registrations.map(({ path }) => path?.map((step) => step.function).join(" → ")),
  }));
  expect(shown).toMatchInlineSnapshot(`
    [
      {
        "clock": "TSC (tsc_timecounter) quality 1000, in, reached",
        "fields": [
          "get tsc_get :18",
        ],
        "path": [
          "main → cpu_initclocks",
        ],
      },
      {
        "clock": "lapic (lapic_timecounter) quality -100, in, reached",
        "fields": [
          "get lapic_get :3",
          "frequency 1000 in cpu_initclocks :26",
        ],
        "path": [
          "main → cpu_initclocks",
        ],
      },
    ]
  `);
});

test("paths of calls; a name that is no function of the kernel", async () => {
  await using session = await start();
  const { paths } = await ask(session, "clockpath/paths", { from: "main", to: "tsc_get" });
  expect(
    paths.map((path) => path.map(({ function: name, how }) => `${name} ${how}`.trim())),
  ).toMatchInlineSnapshot(`
    [
      [
        "main",
        "cpu_initclocks",
        "tc_init",
        "tc_read",
        "tsc_get may call, through tc->tc_get_timecount, registered at clocks.c:19",
      ],
    ]
  `);
  expect(await ask(session, "clockpath/paths", { from: "main", to: "nobody" })).toMatchObject({
    missing: "nobody",
    paths: [],
  });
});

test("implementation of a function pointer: the functions that are registered for it", async () => {
  await using session = await start();
  const found: Location[] = await session.client.sendRequest(
    "textDocument/implementation",
    at(session, "sys/kern/kern_tc.c", 12, 15),
  );
  expect(found.map(session.place)).toMatchInlineSnapshot(`
    [
      "sys/arch/toy/toy/clocks.c:9:1",
      "sys/arch/toy/toy/clocks.c:14:1",
    ]
  `);
});

test("call hierarchy: a call through a pointer is shown as one, with its evidence, in both directions", async () => {
  await using session = await start();
  const hierarchy = async (file: string, line: number, character: number) => {
    const [item]: CallHierarchyItem[] = await session.client.sendRequest(
      "textDocument/prepareCallHierarchy",
      at(session, file, line, character),
    );
    const incoming: CallHierarchyIncomingCall[] = await session.client.sendRequest(
      "callHierarchy/incomingCalls",
      { item },
    );
    const outgoing: CallHierarchyOutgoingCall[] = await session.client.sendRequest(
      "callHierarchy/outgoingCalls",
      { item },
    );
    return {
      from: incoming.map(({ from, fromRanges }) => `${from.name}: ${from.detail} (${fromRanges.length})`),
      to: outgoing.map(({ to }) => `${to.name}: ${to.detail}`),
    };
  };
  expect(await hierarchy("sys/arch/toy/toy/clocks.c", 9, 2)).toMatchInlineSnapshot(`
    {
      "from": [
        "tc_read: may call, through tc->tc_get_timecount, registered at clocks.c:4 · sys/kern/kern_tc.c (1)",
      ],
      "to": [],
    }
  `);
  expect(await hierarchy("sys/kern/kern_tc.c", 10, 2)).toMatchInlineSnapshot(`
    {
      "from": [
        "tc_init: sys/kern/kern_tc.c (1)",
      ],
      "to": [
        "lapic_get: may call, through tc->tc_get_timecount, registered at clocks.c:4 · sys/arch/toy/toy/clocks.c",
        "tsc_get: may call, through tc->tc_get_timecount, registered at clocks.c:19 · sys/arch/toy/toy/clocks.c",
      ],
    }
  `);
});

test("hover: in which kernel the file is, why one is out, what an option's macro is", async () => {
  await using session = await start();
  const hover = async (file: string, line: number, character: number) => {
    const found: Hover | null = await session.client.sendRequest(
      "textDocument/hover",
      at(session, file, line, character),
    );
    const value = found ? (found.contents as { value: string }).value : "nothing";
    return value.replaceAll(session.uri("").replace(/\/$/, ""), "TREE");
  };
  expect(await hover("sys/arch/toy/toy/clocks.c", 9, 2)).toMatchInlineSnapshot(`
    "\`\`\`c
    static unsigned lapic_get(struct timecounter *tc)
    \`\`\`

    defined in sys/arch/toy/toy/clocks.c:9 · 1 use · may be called by 1 function through pointers

    compiled into \`toy/TOY\`"
  `);
  expect(await hover("sys/arch/toy/toy/hpet.c", 1, 6)).toMatchInlineSnapshot(`
    "\`\`\`c
    int hpet_count
    \`\`\`

    defined in sys/arch/toy/toy/hpet.c:1 · not used

    **not** in \`toy/TOY\`:

    - \`file arch/toy/toy/hpet.c hpet\`: its condition does not hold ([files:8](TREE/sys/conf/files#L8))
    - \`defflag HPET\`: declares hpet; nothing selects \`hpet\` ([files:4](TREE/sys/conf/files#L4))"
  `);
  expect(await hover("sys/kern/kern_tc.c", 3, 10)).toMatchInlineSnapshot(`
    "\`HZ\` is \`1000\` in \`opt_clock.h\` of \`toy/TOY\`

    - \`options HZ=1000\`: selects HZ ([TOY:3](TREE/sys/arch/toy/conf/TOY#L3))"
  `);
});

test("code lens: the number of callers above the return type, where the settings want it", async () => {
  await using session = await start(true);
  const lenses = async (file: string) => {
    const textDocument = { uri: session.uri(file) };
    const found: CodeLens[] = await session.client.sendRequest("textDocument/codeLens", { textDocument });
    const resolved = await Promise.all(
      found.map((lens) => session.client.sendRequest<CodeLens>("codeLens/resolve", lens)),
    );
    return resolved.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`);
  };
  expect(await lenses("sys/kern/kern_tc.c")).toEqual(["4: 1 caller", "9: 1 caller"]);
  expect(await lenses("sys/arch/toy/toy/clocks.c")).toMatchInlineSnapshot(`
    [
      "8: 0 callers, 1 through pointers",
      "13: 0 callers, 1 through pointers",
      "23: 1 caller",
    ]
  `);
});

test("a query in the configured kernel leaves out headers that it does not include", async () => {
  const header = "//- sys/arch/other/include/sysconf.h\nvoid (*tc_init)(void);\n";
  await using session = await start(false, header);
  const files = async (configured: boolean) => {
    const { rows } = await ask(session, "clockpath/query", {
      kind: "definition",
      text: "tc_init",
      configured,
    });
    return rows.map(({ file }) => file);
  };
  expect(await files(true)).toEqual(["sys/kern/kern_tc.c", "sys/sys/timetc.h"]);
  expect(await files(false)).toEqual([
    "sys/kern/kern_tc.c",
    "sys/arch/other/include/sysconf.h",
    "sys/sys/timetc.h",
  ]);
});
