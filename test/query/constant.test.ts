// The value of a macro: what a C compiler says of it where int has 32 bits and long has 64.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { constantOf } from "../../server/query/constant.ts";
import { macroText } from "../../server/query/macro.ts";

const source = `
#define NBBY 8
#define BIT(n) (((n) >= NBBY * sizeof(uint64_t)) ? 0 : ((uint64_t)1 << ((n) & (NBBY * sizeof(uint64_t) - 1))))
#define BITS(m, n) ((BIT(MAX((m), (n)) + 1) - 1) ^ (BIT(MIN((m), (n))) - 1))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define V_BIT17 BIT(17)
#define V_BITS BITS(18, 17)
#define V_ALL BITS(63, 0)
#define V_OCTAL (0755 | 07000)
#define V_MINUS -1
#define V_UNSIGNED (~0U)
#define V_WRAP (0xffffffff + 1)
#define V_LONG (0xffffffffL + 1)
#define V_CAST ((unsigned char)0x1234)
#define V_NARROW ((int8_t)0xff)
#define V_SHIFT (-8 >> 1)
#define V_MIXED (-1 < 0u)
#define V_ORDER (1 + 2 * 3 - 4 / 3 % 2 << 2 & 0xff ^ 3 | 64)
#define V_LOGIC (!0 && 2 || 0)
#define V_CHAR 'A'
#define V_NEWLINE '\\n'
#define V_LAZY (1 ? 5 : 1 / 0)
#define V_DIV (-7 / 2 * 10 + -7 % 2)
#define V_CONTINUED (1 | \\
	2)	/* two bits */
`;

const lines = source.split("\n");
const lookup = (name: string) => {
  const line = lines.findIndex((text) => text.startsWith(`#define ${name}`) && !/\w/.test(text[8 + name.length] ?? " "));
  return line < 0 ? undefined : macroText(source, line + 1, name);
}; // biome-ignore format: one condition

const names = [...source.matchAll(/^#define (V_\w+)/gm)].map((match) => match[1]!);
const hasCompiler = spawnSync("gcc", ["--version"]).status === 0 && process.arch === "x64";

test.skipIf(!hasCompiler)("values are gcc's (skipped where there is no gcc for x86-64)", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-constant-"));
  try {
    const prints = names.map((name) => `printf("%llx\\n", (unsigned long long)(${name}));`).join("\n");
    writeFileSync(
      path.join(folder, "a.c"),
      `#include <stdio.h>\n#include <stdint.h>\n${source}\nint main(void) { ${prints} return 0; }\n`,
    );
    execFileSync("gcc", ["-w", "-o", path.join(folder, "a"), path.join(folder, "a.c")]);
    const said = execFileSync(path.join(folder, "a"), { encoding: "utf8" }).trim().split("\n");
    const own = names.map((name) => BigInt.asUintN(64, constantOf(name, lookup)!.value).toString(16));
    expect(Object.fromEntries(names.map((name, i) => [name, own[i]]))).toEqual(
      Object.fromEntries(names.map((name, i) => [name, said[i]])),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ["a variable", "hz * 100"],
  ["a string", '"TSC"'],
  ["a call", "f(1)"],
  ["pasted tokens", "1 ## 2"],
  ["itself", "(LOOP + 1)"],
  ["a division by zero", "1 / 0"],
  ["a shift beyond the width", "1 << 32"],
  ["no expression", "do { } while (0)"],
  ["half an expression", "(1 +"],
  ["nothing", ""],
  ["a floating constant", "1.5"],
  ["a type", "unsigned int"],
])("%s has no value", (_, body) => {
  expect(constantOf("LOOP", (name) => (name === "LOOP" ? { body } : undefined))).toBeUndefined();
});

test("macros that double at each level end", () => {
  const text = (name: string) => {
    const level = Number(/^M(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    return Number.isNaN(level) ? undefined : { body: `(M${level + 1} + M${level + 1})` };
  };
  expect(constantOf("M0", text)).toBeUndefined();
});
