// The kernel's own list of timecounters, read from its memory: NetBSD's and FreeBSD's `timecounters` (kern_tc.c), each entry
// linked by tc_next. What users get by `sysctl kern.timecounter.choice`, at any stop.

import type { Debugger } from "./debugger.ts";
import { scalarOf } from "./expressions/convert.ts";
import { evaluate } from "./expressions/evaluator.ts";
import { formatErrors, formatInner } from "./format.ts";
import { EvaluationError, type Value } from "./values.ts";

/** Longer lists are circles. */
const MAX_COUNTERS = 64;

/** A line a timecounter, `*` before the one in use. Throws EvaluationError where the kernel has no such list. */
export function timecountersText(session: Debugger): string {
  const context = session.context(undefined);
  const read = (expression: string): Value => evaluate(expression, context);
  if (!session.symbols.globalNamed("timecounters"))
    throw new EvaluationError("This kernel has no list `timecounters'.");
  const address = (expression: string) => scalarOf(read(expression), "Not a pointer.");
  const active = session.symbols.globalNamed("timecounter") ? address("timecounter") : undefined;
  const rows: string[][] = [];
  for (let at = address("timecounters"); at !== 0n && rows.length < MAX_COUNTERS; ) {
    const field = (name: string) => `((struct timecounter *)${at}UL)->${name}`;
    const text = (name: string) => formatErrors(() => formatInner(read(field(name)), session.around));
    const name = /"((?:[^"\\]|\\.)*)"/.exec(text("tc_name"))?.[1] ?? "?";
    const where = session.around.symbolic(at);
    rows.push([
      at === active ? "*" : " ",
      name,
      `quality ${text("tc_quality")}`,
      `${text("tc_frequency")} Hz`,
      `mask ${formatErrors(() => formatInner(read(field("tc_counter_mask")), session.around, "x"))}`,
      `0x${at.toString(16)}${where && ` ${where}`}`,
    ]);
    at = address(field("tc_next"));
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
