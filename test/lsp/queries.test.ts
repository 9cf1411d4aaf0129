// Cscope's nine questions as the editor asks them: rows as text, on the small kernel tree; partial results, limits, cancellation.
import { expect, test } from "vitest";
import { ProgressType } from "vscode-languageserver/node";
import type { QueryKind, QueryParams, QueryProgress, QueryResult } from "../../server/protocol.ts";
import { type Session, startSession } from "./session.ts";

async function ask(session: Session, kind: QueryKind, text: string, more: Partial<QueryParams> = {}) {
  const params: QueryParams = { kind, text, configured: false, ...more };
  return session.client.sendRequest<QueryResult>("clockpath/query", params);
}

/** "sys/kern/kern_tc.c:11 (tc_init) note: [name] in its line" */
async function rows(session: Session, kind: QueryKind, text: string, more?: Partial<QueryParams>) {
  const result = await ask(session, kind, text, more);
  return result.rows.map(({ file, line, inside, note, text, start, end }) => {
    const marked =
      start === end ? text : `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;
    const about = [inside === undefined ? "" : `(${inside})`, note].filter(Boolean).join(" ");
    return `${file}:${line + 1} ${about}: ${marked.trim()}`;
  });
}

async function started(files = ""): Promise<Session> {
  const session = await startSession({ files });
  await session.ended();
  return session;
}

test("symbol, definition, callers, callees", async () => {
  await using session = await started();
  expect(await rows(session, "definition", "tc_init")).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:11 function: [tc_init](struct timecounter *tc)",
      "sys/sys/timetc.h:13 function, declared: void	[tc_init](struct timecounter *);",
    ]
  `);
  expect(await rows(session, "symbol", "tc_switch")).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:21 definition: [tc_switch](struct timecounter *tc)",
      "sys/kern/kern_tc.c:17 (tc_init) call: [tc_switch](tc);",
    ]
  `);
  expect(await rows(session, "callers", "tc_init")).toMatchInlineSnapshot(`
    [
      "sys/arch/x86/x86/lapic.c:30 (lapic_initclock): [tc_init](&lapic_timecounter);",
      "sys/arch/x86/x86/tsc.c:9 (tsc_tc_init): [tc_init](&tsc_timecounter);",
    ]
  `);
  expect(await rows(session, "callees", "tc_switch")).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:23 (tc_switch) tc_get_timecount, through a field: (void)tc->[tc_get_timecount](tc);",
    ]
  `);
});

test("assignments, each with its form", async () => {
  await using session = await started(`
//- sys/kern/forms.c
static int counted = 1;
int plain;
void forms(struct timecounter *tc)
{
	int counted2 = counted;
	counted += 2;
	counted++;
	if (counted == 1)
		take(&counted);
	counted = counted2;
	tc->tc_quality = counted;
}
struct timecounter one = { .tc_quality = 7 };
`);
  expect(await rows(session, "assignments", "counted")).toMatchInlineSnapshot(`
    [
      "sys/kern/forms.c:1 initialiser: static int [counted] = 1;",
      "sys/kern/forms.c:6 (forms) +=: [counted] += 2;",
      "sys/kern/forms.c:7 (forms) ++: [counted]++;",
      "sys/kern/forms.c:9 (forms) &: take(&[counted]);",
      "sys/kern/forms.c:10 (forms) =: [counted] = counted2;",
    ]
  `);
  expect(await rows(session, "assignments", "tc_quality")).toMatchInlineSnapshot(`
    [
      "sys/kern/forms.c:11 (forms) =: tc->[tc_quality] = counted;",
      "sys/kern/forms.c:13 field: struct timecounter one = { .[tc_quality] = 7 };",
      "sys/arch/x86/x86/lapic.c:8 field: .[tc_quality] = -100,",
    ]
  `);
  expect(await rows(session, "assignments", "plain")).toEqual([]);
});

test("text, regular expression, files, includers", async () => {
  await using session = await started();
  expect(await rows(session, "text", "i8254")).toMatchInlineSnapshot(`
    [
      "sys/arch/x86/x86/lapic.c:17 comment: /* Count the timer against the [i8254]. */",
    ]
  `);
  expect(await rows(session, "regex", "lapic_\\w+clock\\>")).toMatchInlineSnapshot(`
    [
      "sys/arch/x86/x86/lapic.c:26 (lapic_initclock): [lapic_initclock](void)",
    ]
  `);
  expect(await rows(session, "text", "QUALITY DECIDES", { ignoreCase: true })).toHaveLength(1);
  expect(await rows(session, "file", "tsc")).toEqual(["sys/arch/x86/x86/tsc.c:1 : "]);
  expect(await rows(session, "includers", "sys/timetc.h")).toMatchInlineSnapshot(`
    [
      "sys/kern/kern_tc.c:1 : #include <sys/timetc.h>",
      "sys/arch/x86/x86/lapic.c:1 : #include <sys/timetc.h>",
      "sys/arch/x86/x86/tsc.c:1 : #include <sys/timetc.h>",
    ]
  `);
  const { message, rows: none } = await ask(session, "regex", "a(");
  expect(none).toEqual([]);
  expect(message).toContain("a(");
});

test("rows come as progress where a token is given; a limit says that there is more", async () => {
  await using session = await started();
  const told: QueryProgress[] = [];
  session.client.onProgress(new ProgressType<QueryProgress>(), "q1", (value) => {
    told.push(value);
  });
  const whole = await ask(session, "text", "tc_");
  const result = await ask(session, "text", "tc_", { token: "q1" });
  expect(result).toEqual({ rows: [], count: whole.count, complete: true });
  expect(told.flatMap(({ rows }) => rows)).toEqual(whole.rows);
  for (const kind of ["text", "symbol"] as const) {
    const text = kind === "text" ? "tc_" : "tc_init";
    expect(await ask(session, kind, text, { limit: 2 })).toMatchObject({ count: 2, complete: false });
  }
});

test("what is typed and not saved answers", async () => {
  await using session = await started();
  await session.edit("sys/arch/x86/x86/tsc.c", "int typed;\nint tc_init_later;\n");
  expect(await rows(session, "text", "tc_init_later")).toEqual([
    "sys/arch/x86/x86/tsc.c:2 : int [tc_init_later];",
  ]);
  expect((await rows(session, "callers", "tc_init")).join()).not.toContain("tsc.c");
});

/** Many files with many uses of one name: work for many steps. */
const large = Array.from(
  { length: 40 },
  (_, i) => `//- sys/dev/many${i}.c\nint many${i}(void)\n{\n${"\tcounted = counted + 1;\n".repeat(400)}}\n`,
).join("");

test.each([
  ["textDocument/references", {}],
  ["workspace/symbol", { query: "many" }],
  ["clockpath/query", { kind: "symbol", text: "counted", configured: false, limit: 100_000 }],
  ["clockpath/query", { kind: "text", text: "counted", configured: false, limit: 100_000 }],
])("a cancelled %s is answered as cancelled, not with its result", async (method, given) => {
  await using session = await started(`${large}//- sys/dev/z.c\nint $0counted;\n`);
  const position = { ...session.cursor(), context: { includeDeclaration: true } };
  const { CancellationTokenSource } = await import("vscode-languageserver/node");
  const source = new CancellationTokenSource();
  const asked = session.client.sendRequest(method, { ...position, ...given }, source.token);
  source.cancel();
  await expect(asked).rejects.toMatchObject({ code: -32800 });
  // The server goes on.
  expect(await rows(session, "definition", "tc_init")).not.toEqual([]);
});

test("no tree, no index: the answer says why", async () => {
  await using session = await startSession({ folders: () => [] });
  expect((await ask(session, "symbol", "tc_init")).message).toContain("no kernel tree");
});
