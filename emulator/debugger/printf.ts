// gdb's `printf` and `echo`: C's formats over values of expressions.

import type { Debugger } from "./debugger.ts";
import { numberOf, scalarOf } from "./expressions/convert.ts";
import { type Context, evaluate } from "./expressions/evaluator.ts";
import { formatErrors, formatValue } from "./format.ts";
import { resolve } from "./types.ts";
import { EvaluationError, type Value } from "./values.ts";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", e: "\x1b", "\\": "\\", '"': '"', "'": "'" }; // biome-ignore format: a table

/** C's escapes in a text. */
export const unescaped = (source: string): string =>
  source.replace(/\\([0-7]{1,3}|.)/gs, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );

const CONVERSION = /%([-+ #0]*)(\d+)?(?:\.(\d+))?(hh|h|ll|l|z|j|t)?([diouxXcspfgeGE%])/g;
/** Wider fields are nobody's. */
const MAX_WIDTH = 1000;

/** `"FORMAT", EXPR, ...`. Throws EvaluationError. */
export function printf(rest: string, session: Debugger, context: Context): string {
  const [, format, after = ""] = /^\s*"((?:[^"\\]|\\.)*)"\s*([\s\S]*)$/.exec(rest) ?? [];
  if (format === undefined) throw new EvaluationError("Bad format string");
  const sources = after === "" ? [] : splitArguments(after.replace(/^,/, ""));
  let next = 0;
  const text = unescaped(format).replace(CONVERSION, (...match: string[]) => {
    const [whole = "", flags = "", width = "0", precision, , letter = ""] = match;
    if (letter === "%") return "%";
    const source = sources[next++];
    if (source === undefined) throw new EvaluationError(`Bad format string, missing argument for ${whole}`);
    const shown = converted(evaluate(source, context), letter, precision, session);
    return padded(shown, flags, Math.min(Number(width), MAX_WIDTH));
  });
  if (next < sources.length)
    throw new EvaluationError("Wrong number of arguments for specified format-string");
  return text;
}

/** At the commas that stand in no parentheses, brackets or quotes. */
function splitArguments(source: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [piece] of source.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\s\S]/g)) {
    if (piece === "(" || piece === "[") depth++;
    if (piece === ")" || piece === "]") depth--;
    if (piece === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

function converted(value: Value, letter: string, precision: string | undefined, session: Debugger): string {
  const digits = precision === undefined ? undefined : Math.min(Number(precision), 100);
  switch (letter) {
    case "s":
      return stringOf(value, session).slice(0, digits);
    case "f":
      return numberOf(value).toFixed(digits ?? 6);
    case "e":
    case "E":
      return numberOf(value).toExponential(digits ?? 6);
    case "g":
    case "G":
      return String(numberOf(value));
    default:
      return integerText(scalarOf(value, "Value can't be converted to integer."), letter);
  }
}

function integerText(value: bigint, letter: string): string {
  const unsigned = BigInt.asUintN(64, value);
  switch (letter) {
    case "x":
      return unsigned.toString(16);
    case "X":
      return unsigned.toString(16).toUpperCase();
    case "o":
      return unsigned.toString(8);
    case "u":
      return unsigned.toString();
    case "c":
      return String.fromCharCode(Number(value & 0xffn));
    case "p":
      return `0x${unsigned.toString(16)}`;
    default:
      return value.toString();
  }
}

/** What a pointer to characters points to, up to its NUL. */
function stringOf(value: Value, { around }: Debugger): string {
  const type = resolve(value.type);
  const shown = formatErrors(() => formatValue(value, around));
  const [, quoted] = /"((?:[^"\\]|\\.)*)"/.exec(shown) ?? [];
  if ((type.kind !== "pointer" && type.kind !== "array") || quoted === undefined)
    throw new EvaluationError("Value can't be converted to a string.");
  return unescaped(quoted);
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  return text.startsWith("-") ? `-${text.slice(1).padStart(width - 1, "0")}` : text.padStart(width, "0");
}
