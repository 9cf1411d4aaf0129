// Lines, symbols, breakpoint places and types against gdb 13 on the fixtures.

import { describe, expect, it } from "vitest";
import { parseElf, sectionNamed } from "../../emulator/elf/elf.ts";
import type { SymbolFile, Type } from "../../emulator/symbols/api.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { declare, typeName } from "../../emulator/symbols/type-name.ts";
import { askGdb, gdbBreakpoints, gdbLine, gdbSymbol, ourBreakpoints, ourLine, ourSymbol } from "./gdb.ts";
import { FIXTURES, type Fixture, fixture, oracleLines } from "./oracle.ts";

/** Addresses all over .text, and around the edges of the other sections. */
function addresses(name: Fixture): string[] {
  const elf = parseElf(fixture(name));
  const text = sectionNamed(elf, ".text")!;
  const found: bigint[] = [];
  for (let at = 0n; at < text.size; at += 7n) found.push(text.address + at);
  for (const section of elf.sections.filter((s) => s.flags & 2))
    found.push(section.address - 1n, section.address, section.address + section.size);
  return found.map((address) => `0x${address.toString(16)}`);
}

const FUNCTIONS = [
  "clock_read",
  "clock_attach",
  "tick",
  "single",
  "pit_read",
  "scale",
  "main",
  "mix",
  "count",
  "spin",
  "start",
  "out",
  "in",
  "in_alias",
  "halt",
];
const LINES = ["clock.c", "main.c", "clock.h", "fixture/clock.c"].flatMap((file) =>
  Array.from({ length: 30 }, (_, i) => `${file}:${i * 4 + 1}`),
);
const GLOBALS = ["clocks", "names", "quality", "letters", "first", "ratio", "box", "current"];
const FUNCTION_TYPES = ["clock_attach", "tick", "main", "single"];

const LAYOUTS = ["struct clock", "struct divisor"];

/** "name@bit" of each member, with ":bits" for bit-fields. */
function layout(type: Type): string {
  if (type.kind !== "struct") return "";
  return type
    .members()
    .map((m) => `${m.name}@${m.bits ? `${m.bits.offset}:${m.bits.size}` : 8 * m.offset}`)
    .join(" ");
}

/** The same, computed by gdb. */
function askLayout(name: string): string {
  const field = `"%s@%d%s" % (f.name or "", f.bitpos, ":%d" % f.bitsize if f.bitsize else "")`;
  return `python print(" ".join(${field} for f in gdb.lookup_type("${name}").fields()))`;
}

function ourTypes(symbols: SymbolFile): string[] {
  const named = (name: string): Type => symbols.typeNamed(name)!;
  return [
    ...GLOBALS.map((name) => `${name}: ${typeName(symbols.globalNamed(name)!.type)}`),
    ...FUNCTION_TYPES.map((name) => `${name}: ${typeName(symbols.functionType!(name)!)}`),
    ...members("struct clock", named("struct clock")),
    ...members("struct divisor", named("struct divisor")),
    ...LAYOUTS.map((name) => `${name} layout: ${layout(named(name))}`),
  ];
}

/** As `ptype` prints; members of anonymous structs and unions, which it prints in full, are left out on both sides. */
function members(name: string, type: Type): string[] {
  if (type.kind !== "struct") return [];
  const own = type.members().map((m) => `${declare(m.type, m.name)}${m.bits ? ` : ${m.bits.size}` : ""};`);
  return own.filter((line) => !line.includes("{")).map((line) => `${name}: ${line}`);
}

function gdbTypes(path: string): string[] {
  const simple = [...GLOBALS, ...FUNCTION_TYPES];
  const questions = [
    ...simple.map((n) => `whatis ${n}`),
    ...LAYOUTS.map((n) => `ptype ${n}`),
    ...LAYOUTS.map(askLayout),
  ];
  const answers = askGdb(path, ["set language c", ...questions]).slice(1);
  const layouts = answers.slice(-LAYOUTS.length);
  return [
    ...simple.map((name, i) => `${name}: ${answers[i]!.replace("type = ", "")}`),
    ...LAYOUTS.flatMap((name, i) => ptypeMembers(name, answers[simple.length + i]!)),
    ...LAYOUTS.map((name, i) => `${name} layout: ${layouts[i]}`),
  ];
}

function ptypeMembers(name: string, text: string): string[] {
  const lines = text.split("\n").filter((line) => /^ {4}\S/.test(line) && !/[{}]/.test(line));
  return lines.map((line) => `${name}: ${line.trim()}`);
}

describe.each(FIXTURES)("%s", (name) => {
  const symbols = openSymbols(fixture(name));

  it("gives gdb's line and range for addresses (`info line *ADDRESS`)", () => {
    const expected = oracleLines(name, "info-line", (path) => {
      const asked = addresses(name);
      return askGdb(
        path,
        asked.map((a) => `info line *${a}`),
      ).map((answer, i) => `${asked[i]} ${gdbLine(answer)}`);
    });
    expect(addresses(name).map((a) => `${a} ${ourLine(symbols, BigInt(a))}`)).toEqual(expected);
  });

  it("gives gdb's symbol for addresses (`info symbol ADDRESS`)", () => {
    const expected = oracleLines(name, "info-symbol", (path) => {
      const asked = addresses(name);
      return askGdb(
        path,
        asked.map((a) => `info symbol ${a}`),
      ).map((answer, i) => `${asked[i]} ${gdbSymbol(answer)}`);
    });
    expect(addresses(name).map((a) => `${a} ${ourSymbol(symbols, BigInt(a))}`)).toEqual(expected);
  });

  it("puts breakpoints where gdb puts them (`break FUNCTION`, `break FILE:LINE`)", () => {
    const places = [...FUNCTIONS, ...LINES];
    const expected = oracleLines(name, "break", (path) => {
      const answers = askGdb(
        path,
        places.flatMap((place) => [`break ${place}`, "info breakpoints", "delete"]),
      );
      return places.map((place, i) =>
        `${place}: ${gdbBreakpoints(answers[3 * i + 1]!).join(", ")}`.trimEnd(),
      );
    });
    expect(places.map((place) => `${place}: ${ourBreakpoints(symbols, place).join(", ")}`.trimEnd())).toEqual(
      expected,
    );
  });

  // gdb 13 finds neither static variables nor functions of units that link-time optimization made.
  it.skipIf(name === "lto")("writes types as gdb does (`whatis`, `ptype`)", () => {
    expect(ourTypes(symbols)).toEqual(oracleLines(name, "types", gdbTypes));
  });
});
