// What we print for values and expressions is what gdb 13 prints: fixtures/values.gdb.txt was written by gdb.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { splitFormat } from "../../emulator/debugger/commands.ts";
import { Debugger } from "../../emulator/debugger/debugger.ts";
import { evaluate, parse, typeOf } from "../../emulator/debugger/expressions/evaluator.ts";
import { formatValue } from "../../emulator/debugger/format.ts";
import { typeName } from "../../emulator/debugger/types.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { elfTarget } from "./elf-target.ts";

const fixtures = path.join(__dirname, "fixtures");
const elf = readFileSync(path.join(fixtures, "values.elf"));

function newDebugger(): Debugger {
  return new Debugger(elfTarget(elf), openSymbols(elf));
}

/** Text, or gdb's way of reporting an error. */
function answer(write: () => string): string {
  try {
    return write();
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

function ours(line: string): string {
  const session = newDebugger();
  const context = session.context(undefined);
  const { source, letter } = splitFormat(line);
  const text = answer(() => formatValue(evaluate(source, context), session.around, letter));
  if (line.startsWith("/")) return `${line}\n    ${text}\n`;
  return `${line}\n    ${text}\n    type ${answer(() => typeName(typeOf(parse(source, context), context)))}\n`;
}

/** Where we differ from gdb, and why: our answer in place of gdb's. */
const MEANT: Record<string, string> = {
  "5 = 6":
    "error: Left operand of assignment is not an lvalue.\n    type error: Left operand of assignment is not an lvalue.",
  "*5": "error: Cannot access memory at address 0x5\n    type long",
  // Calls are refused before a name is looked up.
  "undefined_function(1)": both(
    "Clockpath does not call functions of the guest: a look must not change what runs.",
  ),
  // gdb speaks of C++ operators here.
  "i8254_timecounter + 1": both("Argument to arithmetic operation not a number or boolean."),
  "i8254_timecounter == dummy_timecounter": both("Invalid type combination in equality test."),
  "points[0] == points[1]": both("Invalid type combination in equality test."),
};

function both(error: string): string {
  return `error: ${error}\n    type error: ${error}`;
}

const golden = readFileSync(path.join(fixtures, "values.gdb.txt"), "utf8").split(/\n(?! {4})/);
const cases = golden.filter(Boolean).map((block) => block.replace(/\n$/, ""));

test.each(cases.map((block) => [block.split("\n")[0]!, block] as const))("%s", (line, block) => {
  const meant = MEANT[line];
  expect(ours(line).trimEnd()).toBe(meant === undefined ? block.trimEnd() : `${line}\n    ${meant}`);
});
