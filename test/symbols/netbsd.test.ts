// The real kernel against readelf and gdb: every line row, every frame rule, and seeded samples of addresses, breakpoints, types and frames.
// Needs CLOCKPATH_NETBSD_KERNEL (a NetBSD kernel with debug info), readelf and gdb 13. CLOCKPATH_SAMPLE=5 asks five times as much.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseElf, sectionNamed } from "../../emulator/elf/elf.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { AT, TAG } from "../../emulator/symbols/dwarf/constants.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { typeName } from "../../emulator/symbols/type-name.ts";
import { random } from "../random.ts";
import { askGdb, gdbBreakpoints, gdbLine, gdbSymbol, ourBreakpoints, ourLine, ourSymbol } from "./gdb.ts";
import {
  ourEntries,
  ourLines,
  ourRules,
  readelfEntries,
  readelfFrames,
  readelfLines,
  unwinderOf,
} from "./readelf.ts";
import { gdbFrames, madeUpStates, ourFrames } from "./states.ts";

const kernel = process.env.CLOCKPATH_NETBSD_KERNEL ?? "";
const missing = ["readelf", "gdb"].filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
const reason = !kernel
  ? "skipped: CLOCKPATH_NETBSD_KERNEL is not set"
  : missing.length > 0
    ? `skipped: no ${missing.join(", ")}`
    : kernel;
const SEED = 713;
const SAMPLE = Number(process.env.CLOCKPATH_SAMPLE ?? 1);

function readelf(dump: string): string {
  return execFileSync("readelf", ["-W", `--debug-dump=${dump}`, kernel], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** The first lines in which two long lists differ: a readable failure. */
function differences(ours: readonly string[], theirs: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < Math.max(ours.length, theirs.length) && found.length < 20; i++) {
    if (ours[i] !== theirs[i]) found.push(`ours   ${ours[i]}\noracle ${theirs[i]}`);
  }
  return found;
}

/** Compilers record what a symbolic link is called, gdb what it leads to. */
function realPaths(text: string): string {
  return text.replace(/\/[^\s:]+(?=:\d)/g, (path) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  });
}

function sample<T>(items: T[], count: number): T[] {
  const pick = random(SEED);
  return Array.from(
    { length: Math.min(count * SAMPLE, items.length) },
    () => items.splice(pick(items.length), 1)[0]!,
  );
}

describe.skipIf(!kernel || missing.length > 0)(
  `a real NetBSD kernel (${reason}; seed ${SEED})`,
  { timeout: 600_000 },
  () => {
    const bytes = kernel && missing.length === 0 ? readFileSync(kernel) : new Uint8Array();
    const elf = bytes.length > 0 ? parseElf(bytes) : undefined;
    const symbols = elf && openSymbols(bytes);

    it("decodes every row of the line table as readelf does", () => {
      const theirs = readelfLines(readelf("decodedline"));
      expect(theirs.length).toBeGreaterThan(100_000);
      expect(differences(ourLines(bytes), theirs)).toEqual([]);
    });

    it("has every frame description, and readelf's rules at every address where they change", () => {
      const text = readelf("frames-interp");
      const unwinder = unwinderOf(bytes);
      expect(differences(ourEntries(bytes).sort(), readelfEntries(text).sort())).toEqual([]);
      const rows = readelfFrames(text);
      expect(rows.length).toBeGreaterThan(10_000);
      expect(
        differences(
          rows.map((row) => `${row.address} ${ourRules(unwinder, row.address)}`),
          rows.map((row) => `${row.address} ${row.rules}`),
        ),
      ).toEqual([]);
    });

    it("gives gdb's line, range and symbol for random addresses", () => {
      const text = sectionNamed(elf!, ".text")!;
      const pick = random(SEED);
      const asked = Array.from(
        { length: 600 * SAMPLE },
        () => `0x${(text.address + BigInt(pick(Number(text.size)))).toString(16)}`,
      );
      const answers = askGdb(
        kernel,
        asked.flatMap((a) => [`info line *${a}`, `info symbol ${a}`]),
      );
      const theirs = asked.map(
        (a, i) => `${a} ${realPaths(gdbLine(answers[2 * i]!))} ${gdbSymbol(answers[2 * i + 1]!)}`,
      );
      expect(
        differences(
          asked.map(
            (a) => `${a} ${realPaths(ourLine(symbols!, BigInt(a)))} ${ourSymbol(symbols!, BigInt(a))}`,
          ),
          theirs,
        ),
      ).toEqual([]);
    });

    it("puts breakpoints on functions where gdb puts them", () => {
      const info = new DebugInfo(elf!, () => {});
      const bodies = new Set<string>();
      const inlined = new Set<string>();
      for (const unit of info.units.withCode) {
        unit.root.forEachChild((die) => {
          if (die.tag !== TAG.subprogram || die.has(AT.declaration) || !die.name) return;
          if (die.has(AT.low_pc) || die.has(AT.ranges)) bodies.add(die.name);
          if (die.has(AT.inline)) inlined.add(die.name);
        });
      }
      const asked = [...sample([...bodies], 150), ...sample([...inlined], 30)];
      const answers = askGdb(
        kernel,
        asked.flatMap((name) => [`break ${name}`, "info breakpoints", "delete"]),
      );
      const theirs = asked.map(
        (name, i) =>
          `${name} ${gdbBreakpoints(answers[3 * i + 1]!)
            .map(realPaths)
            .join(", ")}`,
      );
      expect(
        differences(
          asked.map((name) => `${name} ${ourBreakpoints(symbols!, name).map(realPaths).join(", ")}`),
          theirs,
        ),
      ).toEqual([]);
    });

    it("finds global variables and writes their types as gdb does", () => {
      const asked = sample(
        symbols!
          .symbolsWithPrefix("", 100_000)
          .filter((s) => s.kind === "object" && s.binding === "global")
          .map((s) => s.name),
        100,
      );
      const answers = askGdb(kernel, ["set language c", ...asked.map((name) => `whatis ${name}`)]).slice(1);
      // Where gdb comes upon a declaration without the array's length first, or finds no debug info, there is nothing to compare.
      const known = asked
        .map((name, i) => ({ name, theirs: answers[i]! }))
        .filter(({ theirs }) => theirs.startsWith("type = ") && !theirs.includes("[]"));
      const ours = known.map(
        ({ name }) => `${name}: type = ${typeName(symbols!.globalNamed(name)?.type ?? { kind: "void" })}`,
      );
      expect(
        differences(
          ours,
          known.map(({ name, theirs }) => `${name}: ${theirs}`),
        ),
      ).toEqual([]);
    });

    it("unwinds made-up stacks as gdb does", () => {
      const states = madeUpStates(symbols!, 60 * SAMPLE, SEED);
      // Functions, lines and registers; the fixtures' tests compare variables.
      const frame = (line: string): string => line.split(" | ").slice(0, 4).join(" | ");
      expect(
        differences(ourFrames(bytes, symbols!, states).map(frame), gdbFrames(kernel, states).map(frame)),
      ).toEqual([]);
    });
  },
);
