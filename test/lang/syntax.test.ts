// The syntax tree's facts: native and wasm parsers agree, positions survive masking, errors leave the lexer's answer.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { mask } from "../../server/lang/masking.ts";
import { type CParser, loadParser } from "../../server/lang/parser.ts";
import { syntaxFacts } from "../../server/lang/syntax.ts";
import { exactOutline } from "../../server/query/exact.ts";

let native: CParser;
let wasm: CParser;

beforeAll(async () => {
  native = await loadParser("native");
  wasm = await loadParser("wasm");
});

const source = `
#include <sys/param.h>
MODULE_NAME("clock")

static u_int
i8254_get(struct timecounter *tc, int (*f)(void)) __unused;

struct timecounter i8254_timecounter __read_mostly = {
	.tc_name = "i8254",
};
typedef struct thing { int a; } __packed thing_t;
enum mode { ONE, TWO };

#ifdef MULTIPROCESSOR
static void __printflike(1, 2)
walk(const char *fmt, ...)
{
	for (CPU_INFO_FOREACH(cii, ci)) {
		go();
	}
}
#else
int walk(void) {
#endif

#define HIDE() /* a comment */ do { \\
	x(); \\
} while (0)
int *(*table[4])(void), plain;
`;

/** `kind name line:column start-end type parameters` of every declared name. */
function show(parser: CParser, text: string): string[] {
  return syntaxFacts(parser, Buffer.from(text)).declared.map(
    ({ kind, name, at, start, end, type, parameters }) =>
      `${kind} ${name} ${at.line}:${at.column} ${start.line}:${start.column}-${end.line}:${end.column} ${type}${parameters ?? ""}`,
  );
}

describe("syntax facts", () => {
  it("give exact extents, types and parameters of kernel C", () => {
    expect(show(native, source)).toEqual([
      "function i8254_get 6:1 5:1-6:60 u_int(struct timecounter *tc, int (*f)(void))",
      "variable i8254_timecounter 8:20 8:1-10:3 struct timecounter",
      "struct thing 11:16 11:9-11:32 struct",
      "typedef thing_t 11:42 11:1-11:50 struct",
      "enum mode 12:6 12:1-12:23 enum",
      "function walk 16:1 15:1-21:2 void(const char *fmt, ...)",
      "variable table 29:8 29:1-29:31 int",
      "variable plain 29:25 29:1-29:31 int",
    ]);
  });

  it("are the same from the native and the wasm parser", () => {
    expect([native.backend, wasm.backend]).toEqual(["native", "wasm"]);
    for (const text of [
      source,
      "int f( {",
      "",
      "}}}",
      'extern "C" {\nint f(void) { return 1; }\n}\n',
      "\u{e9}\xff\0int a;",
    ])
      expect(syntaxFacts(wasm, Buffer.from(text))).toEqual(syntaxFacts(native, Buffer.from(text)));
  });

  const tree = process.env.CLOCKPATH_NETBSD_SRC;
  const folder =
    tree && [path.join(tree, "sys/kern"), path.join(tree, "kern")].find((name) => existsSync(name));
  it.skipIf(!folder)(
    "are the same for a real kernel's files (needs CLOCKPATH_NETBSD_SRC)",
    { timeout: 120_000 },
    () => {
      const differ = readdirSync(folder!)
        .filter((name) => name.endsWith(".c"))
        .filter((name) => {
          const bytes = readFileSync(path.join(folder!, name));
          return JSON.stringify(syntaxFacts(native, bytes)) !== JSON.stringify(syntaxFacts(wasm, bytes));
        });
      expect(differ).toEqual([]);
    },
  );

  it("take texts longer than the binding's buffer", () => {
    const long = `${"/* filler */\n".repeat(6000)}int last;\n`;
    expect(show(native, long)).toEqual(["variable last 6001:5 6001:1-6001:10 int"]);
  });
});

describe("masking", () => {
  it("keeps every position", () => {
    const bytes = Buffer.from(source);
    const masked = mask(bytes);
    expect(masked.length).toBe(bytes.length);
    for (const [i, c] of [...masked].entries())
      if (bytes[i] === 0x0a || c === "\n") expect([i, c]).toEqual([i, String.fromCharCode(bytes[i]!)]);
  });

  it("keeps the first branch and blanks the others and #if 0", () => {
    const text =
      "#if 0\na;\n#elif X\nb;\n#else\nc;\n#endif\nd;\n#ifdef Y\ne;\n#if Z\nf;\n#else\ng;\n#endif\n#else\nh;\n#endif\n";
    expect(mask(Buffer.from(text)).replace(/\s+/g, " ").trim()).toBe("b; d; e; f;");
  });

  it("survives any directives", () => {
    for (const text of ["#else\na;", "#endif\n", "#if\n", "#if 1", "#define", "__attribute__((", "for (X"])
      expect(mask(Buffer.from(text)).length).toBe(text.length);
  });
});

describe("exact outline", () => {
  it("has the lexer's symbols, with extents where the tree has no error", () => {
    const text =
      "static int\nfine(int a)\n{\n\treturn a;\n}\nint\nbroken(int b)\n{\n\tif (b {\n}\n#define M 1\n";
    const found = exactOutline(native, Buffer.from(text)).map(
      ({ kind, name, extent, detail }) =>
      [kind, name, extent ? `${extent.start.line}:${extent.start.column}-${extent.end.line}:${extent.end.column}` : "lexer", detail].join(" "), // biome-ignore format: one line
    );
    expect(found).toEqual([
      "function fine 1:1-5:2 (int a) int",
      "function broken lexer (int b)",
      "macro M lexer ",
    ]);
  });
});
