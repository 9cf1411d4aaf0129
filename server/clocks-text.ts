// The clocks of a kernel as lines for a terminal: a table of all, then each with where its frequency comes from and who registers it, then
// those that the configuration leaves out, by file.
import type { ClockSource, FrequencySource, KernelGraph, Place } from "./graph/api.ts";
import { ENTRIES } from "./graph/clocks.ts";
import { pathText, placeText } from "./graph-text.ts";

/** Longest value shown; the place says where the rest is. */
const MAX_VALUE = 72;

export function* clocksText(sources: readonly ClockSource[], graph: KernelGraph): Generator<string> {
  const own = sources.filter(({ configured }) => configured);
  const others = sources.filter(({ configured }) => !configured);
  yield* table(
    own.map((source) => [
      [nameOf(source), ...laterOf(source, "name").map((name) => `"${name}"`)].join(", "),
      [source.quality ?? "?", ...laterOf(source, "quality")].join(", "),
      source.what,
      source.get ?? "?",
      source.registrations.map(({ function: by }) => by).join(", ") || "nothing",
    ]),
    ["name", "quality", "what", "reads or starts by", "registered by"],
  );
  for (const source of own) {
    yield "";
    yield* details(source, graph);
  }
  if (others.length === 0) return;
  yield "";
  yield "not in this configuration (clockpath config TREE CONFIG why FILE says why):";
  yield* table(
    others.map((source) => [nameOf(source), source.quality ?? "?", source.what, placeText(source.place)]),
    ["name", "quality", "what", "where"],
  );
}

/** A name that is put together while the kernel runs is told by the variable. */
function nameOf({ name, variable }: ClockSource): string {
  if (name === undefined) return variable;
  return /^[^()]*$/.test(name) ? `"${name}"` : `${variable} (${name})`;
}

/** Constants that a field is given later; of what is computed the details tell. */
function laterOf({ later }: ClockSource, field: "name" | "quality"): string[] {
  const isConstant = field === "name" ? /^[\w -]+$/ : /^[(]?-?\d\w*[)]?$/;
  const constants = later.filter((one) => one.field === field && isConstant.test(one.value));
  return [...new Set(constants.map(({ value }) => value))];
}

function* table(rows: readonly string[][], head: readonly string[]): Generator<string> {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  for (const row of all)
    yield `  ${row
      .map((cell, i) => (i === 1 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd()}`;
}

function* details(source: ClockSource, graph: KernelGraph): Generator<string> {
  const { what, variable, place, name, mask, later, frequency, registrations } = source;
  yield `${what} ${name === undefined ? variable : `${nameOf(source)} = ${variable}`} ${placeText(place)}`;
  if (mask !== undefined) yield `  mask        ${mask}`;
  for (const { field, value, ...where } of later)
    yield `  ${field.padEnd(10)}  ${field === "name" ? `"${value}"` : value}  ${placed(where)}`;
  for (const one of frequency) yield* frequencyLines(one, "  frequency   ");
  if (registrations.length === 0) yield "  registered  by nothing in this configuration";
  for (const { path, ...one } of registrations) {
    yield `  registered  by ${one.function} ${placeText(one)}`;
    const entry = ENTRIES[graph.system];
    if (path !== undefined) for (const line of pathText(path)) yield `    ${line}`;
    else if (one.function !== entry) yield `    no path from ${entry} is known`;
  }
}

const placed = (where: Place & { readonly function?: string }): string =>
  `${where.function === undefined ? "" : `in ${where.function} `}${placeText(where)}`;

/** A value, and below it what feeds it. */
function* frequencyLines(source: FrequencySource, indent: string): Generator<string> {
  const { reads } = source;
  yield `${indent}${assignment(source)}  ${placed(source)}${reads === undefined ? "" : `  [reads ${reads}]`}`;
  const below = " ".repeat(indent.length);
  for (const one of source.from ?? []) yield* frequencyLines(one, `${below}<- `);
}

/** "tsc_freq = value", "freq += value", "calibrate() returns value", or the value alone. */
function assignment({ target, value }: FrequencySource): string {
  const short = value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}...` : value;
  const [, operator = "=", rest = ""] = /^([-+*/%&|^]=|<<=|>>=)?\s*(.*)$/s.exec(short) ?? [];
  if (target === undefined) return short;
  return target.endsWith("()") ? `${target} returns ${short}` : `${target} ${operator} ${rest}`;
}
