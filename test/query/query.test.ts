// Queries on a small kernel tree: text in, text out.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import { index as indexCommand } from "../../server/index-cli.ts";
import type { Call, Definition, DocumentSymbol, KernelIndex, Reference } from "../../server/query/api.ts";
import { openIndex } from "../../server/query/open.ts";
import { callsWithin, outline, wordAt } from "../../server/query/outline.ts";
import { signature } from "../../server/query/signature.ts";
import { query } from "../../server/query-cli.ts";
import { kernelTree, temporaryFolder, writeTree } from "../index/helpers.ts";

let tree: string;
let indexDir: string;
let index: KernelIndex;

beforeAll(async () => {
  tree = writeTree(kernelTree);
  indexDir = temporaryFolder();
  await updateIndex(tree, { indexDir, workers: 0 });
  index = openIndex(tree, { indexDir })!;
  return () => index.close();
});

const at = ({ file, line }: { file: string; line: number }) => `${file}:${line}`;
const showCall = (call: Call) => `${at(call)} ${call.caller.name} -> ${call.callee} (${call.kind})`;
const showDefinition = (found: Definition) =>
  `${at(found)} ${found.declaration ? "declare " : ""}${found.kind}${found.container ? ` in ${found.container}` : ""}`;
const showReference = (found: Reference) =>
  `${at(found)} ${found.kind}${found.member ? " member" : ""}${found.scope ? ` in ${found.scope.name}` : ""}`;

describe("definitions", () => {
  it("come before declarations", () => {
    expect(index.definitions("tc_init").map(showDefinition)).toEqual([
      "sys/kern/kern_tc.c:7 function",
      "sys/sys/timetc.h:8 declare function",
    ]);
  });

  it("prefer the file that asks, then its folder, then the machine", () => {
    const files = (from?: string) =>
      index.definitions("startrtclock", from === undefined ? {} : { from }).map(({ file }) => file);
    expect(files()).toEqual(["sys/arch/x86/isa/clock.c", "sys/arch/vax/vax/clock.c"]);
    expect(files("sys/arch/vax/vax/clock.c")[0]).toBe("sys/arch/vax/vax/clock.c");
  });

  it("tell a member's structure", () => {
    expect(index.definitions("tc_name").map(showDefinition)).toEqual([
      "sys/sys/timetc.h:5 member in timecounter",
    ]);
  });

  it("know nothing of names that are not there", () => {
    expect([index.definitions("nosuch"), index.references(""), index.callers("(")]).toEqual([[], [], []]);
  });
});

describe("calls", () => {
  it("are found with their caller, macros among them; declarations, comments and addresses are none", () => {
    expect(index.callers("tc_init").map(showCall)).toEqual([
      "sys/arch/x86/isa/clock.c:11 startrtclock -> tc_init (direct)",
      "sys/arch/vax/vax/clock.c:3 START -> tc_init (direct)",
      "sys/arch/vax/vax/clock.c:8 startrtclock -> tc_init (direct)",
    ]);
  });

  it("through a field are shown where the name is a field's", () => {
    expect(index.callers("tc_get_timecount").map(showCall)).toEqual([
      "sys/kern/kern_tc.c:11 tc_init -> tc_get_timecount (member)",
    ]);
  });

  it("of a function, in order", () => {
    expect(index.callees("tc_init").map(showCall)).toEqual([
      "sys/kern/kern_tc.c:11 tc_init -> tc_get_timecount (member)",
      "sys/kern/kern_tc.c:12 tc_init -> tc_windup (direct)",
    ]);
    expect(index.callees("START").map(showCall)).toEqual([
      "sys/arch/vax/vax/clock.c:3 START -> tc_init (direct)",
    ]);
    expect(index.callees("startrtclock", { file: "sys/arch/vax/vax/clock.c" }).map(showCall)).toEqual([
      "sys/arch/vax/vax/clock.c:7 startrtclock -> START (direct)",
      "sys/arch/vax/vax/clock.c:8 startrtclock -> tc_init (direct)",
    ]);
  });

  it("of two functions on one line are told apart by column", () => {
    const text = "void a(void) { x(); } void b(void) { y(); }\n";
    const names = (name: string) => callsWithin(Buffer.from(text), "t.c", name).map(({ callee }) => callee);
    expect([names("a"), names("b")]).toEqual([["x"], ["y"]]);
  });
});

describe("references", () => {
  it("have their kinds, definitions first", () => {
    expect(index.references("timecounters").map(showReference)).toEqual([
      "sys/kern/kern_tc.c:3 definition",
      "sys/kern/kern_tc.c:9 use in tc_init",
      "sys/kern/kern_tc.c:10 write in tc_init",
    ]);
    expect(index.references("tc_get_timecount", { kinds: ["write"] }).map(showReference)).toEqual([
      "sys/arch/x86/isa/clock.c:3 write member",
    ]);
    expect(index.references("tc_init", { limit: 2 }).length).toBe(2);
  });
});

describe("symbols", () => {
  const names = (pattern: string, match?: "exact" | "prefix") =>
    index.symbols(pattern, match === undefined ? {} : { match }).map(({ name }) => name);

  it("fit by prefix, word starts and letters in order", () => {
    expect(names("tc_init")).toEqual(["tc_init"]);
    expect(names("tinit")).toEqual(["tc_init"]);
    expect(names("RTCLOCK")).toEqual(["startrtclock", "startrtclock"]);
    expect(names("ti", "prefix")).toEqual(["timecounter", "timecounters"]);
    expect(names("timecount", "exact")).toEqual([]);
    expect(names("zzz")).toEqual([]);
  });

  it("leave members out unless they are asked for", () => {
    expect(names("tc_quality")).toEqual([]);
    expect(index.symbols("tc_quality", { kinds: ["member"] }).map(at)).toEqual(["sys/sys/timetc.h:6"]);
  });
});

describe("documents", () => {
  const show = (symbols: readonly DocumentSymbol[], indent = ""): string[] =>
    symbols.flatMap((symbol) => [
      `${indent}${symbol.kind} ${symbol.name} ${symbol.line}-${symbol.endLine} ${symbol.detail}`.trimEnd(),
      ...show(symbol.children, `${indent}  `),
    ]);

  it("show their symbols, members inside", () => {
    expect(show(index.documentSymbols("sys/sys/timetc.h"))).toEqual([
      "macro _SYS_TIMETC_H_ 2-2",
      "struct timecounter 3-7",
      "  member tc_get_timecount 4-4 unsigned (*",
      "  member tc_name 5-5 const char *",
      "  member tc_quality 6-6 int",
      "function tc_init 8-8 (struct timecounter *)",
    ]);
    expect(index.documentSymbols("no/such.c")).toEqual([]);
  });

  it("work on text that is being typed", () => {
    expect(show(outline(Buffer.from("int\nf(int a)\n{\n\tif (a\n"))).join()).toMatch(
      /^function f 2-\d+ \(int a\)$/,
    );
  });

  it("name the word under the cursor", () => {
    const text = "a\n\treturn tc_init(x);\n";
    expect(wordAt(text, 2, 9)).toEqual({ name: "tc_init", line: 2, column: 9 });
    expect(wordAt(text, 2, 16)).toEqual({ name: "tc_init", line: 2, column: 9 });
    expect([wordAt(text, 2, 3), wordAt(text, 2, 17), wordAt(text, 9, 1)]).toEqual([
      undefined,
      { name: "x", line: 2, column: 17 },
      undefined,
    ]);
  });

  it("have signatures", () => {
    const head = (name: string) => signature(index, index.definitions(name)[0]!);
    expect(head("tc_init")).toBe("void tc_init(struct timecounter *tc)");
    expect(head("timecounters")).toBe("static struct timecounter *timecounters");
    expect(head("START")).toBe("#define START(tc) \\\n\ttc_init(tc)");
  });

  it("know what they include and who includes them", () => {
    expect(
      index.includes("sys/kern/kern_tc.c").map(({ line, target, system }) => [line, target, system]),
    ).toEqual([[1, "sys/timetc.h", true]]);
    expect(index.includers("sys/sys/timetc.h").map(at)).toEqual([
      "sys/kern/kern_tc.c:1",
      "sys/arch/x86/isa/clock.c:1",
      "sys/arch/vax/vax/clock.c:1",
    ]);
  });
});

describe("paths", () => {
  it("go to and from the tree", () => {
    const file = index.absolute("sys/kern/kern_tc.c");
    expect(readFileSync(file, "utf8")).toContain("tc_windup");
    expect(index.relative(file)).toBe("sys/kern/kern_tc.c");
    expect(index.relative(tree)).toBeUndefined();
    expect(index.relative("/elsewhere.c")).toBeUndefined();
  });
});

describe("command line", () => {
  /** Runs a command and gives its status and what it printed. */
  async function command(...args: string[]): Promise<{ status: number; lines: string[] }> {
    let text = "";
    const [name, ...rest] = args;
    const run = name === "index" ? indexCommand : query;
    const status = await run(rest, { write: (part) => (text += part) });
    return { status, lines: text.split("\n").slice(0, -1) };
  }

  it("prints one object a line", async () => {
    const { status, lines } = await command("query", "callers", "tc_init", "--tree", tree, "--index-dir", indexDir, "--json", "--limit", "1"); // biome-ignore format: one command
    expect(status).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        name: "tc_init",
        file: "sys/arch/x86/isa/clock.c",
        line: 11,
        column: 2,
        kind: "direct",
        caller: "startrtclock",
        callerKind: "function",
        callerLine: 7,
      },
    ]);
  });

  it("answers every query in text", async () => {
    const ask = async (...args: string[]) =>
      (await command("query", ...args, "--tree", tree, "--index-dir", indexDir)).lines;
    expect(await ask("callees", "tc_init")).toEqual([
      "sys/kern/kern_tc.c:11:12 tc_get_timecount (through a field): (void)tc->tc_get_timecount(tc);",
      "sys/kern/kern_tc.c:12:2 tc_windup: tc_windup();",
    ]);
    expect(await ask("assignments", "timecounters")).toEqual([
      "sys/kern/kern_tc.c:10:2 = in tc_init: timecounters = tc;",
    ]);
    expect(await ask("includers", "sys/sys/timetc.h")).toContain(
      "sys/kern/kern_tc.c:1: #include <sys/timetc.h>",
    );
    expect(await ask("symbols", "tcinit")).toEqual([
      "sys/kern/kern_tc.c:7:1 function tc_init: tc_init(struct timecounter *tc)",
    ]);
    expect(await ask("references", "tc_windup")).toEqual([
      "sys/kern/kern_tc.c:12:2 call in tc_init: tc_windup();",
    ]);
  });

  it("builds the index where there is none", async () => {
    const elsewhere = temporaryFolder();
    const { lines } = await command(
      "query",
      "definition",
      "tc_init",
      "--tree",
      tree,
      "--index-dir",
      elsewhere,
    );
    expect(lines).toEqual([
      "sys/kern/kern_tc.c:7:1 function tc_init: tc_init(struct timecounter *tc)",
      "sys/sys/timetc.h:8:6 function tc_init (declaration): void tc_init(struct timecounter *);",
    ]);
    const report = await command("index", tree, "--index-dir", elsewhere, "--json");
    expect(JSON.parse(report.lines[0]!)).toMatchObject({ files: 4, updated: 0, generation: 1 });
  });

  it("does not pretend to know a configuration", async () => {
    const asked = await command(
      "query",
      "callers",
      "tc_init",
      "--tree",
      tree,
      "--index-dir",
      indexDir,
      "--configured",
    );
    expect(asked).toEqual({ status: 1, lines: [] });
  });

  it.each([
    [["query", "callers", "x"]],
    [["query", "nonsense", "x", "--tree", "."]],
    [["query", "callers", "x", "--tree", "/no/such/tree"]],
    [["index"]],
    [["index", "/no/such/tree"]],
    [["index", ".", "--bogus"]],
    [["index", ".", "--config"]],
    [["index", ".", "--workers", "many"]],
  ])("refuses %j with status 1", async (args) => {
    expect(await command(...args)).toEqual({ status: 1, lines: [] });
  });
});
