// The console's commands, in gdb's words: p, x, bt, info, ptype, whatis, set, break, delete. What is no command is an
// expression. Returns text; run control is named and left to the caller. Must not know DAP.

import type { Debugger } from "./debugger.ts";
import { type ExamineFormat, examine, parseExamineFormat } from "./examine.ts";
import { evaluate, evaluateAddress, parse, typeOf } from "./expressions/evaluator.ts";
import { formatValue } from "./format.ts";
import { type FormatLetter, isFormatLetter } from "./format-integer.ts";
import type { Frame } from "./frames.ts";
import { backtraceText, info } from "./info.ts";
import { parseLocation } from "./locations.ts";
import { hex } from "./numbers.ts";
import type { StepKind } from "./stepping.ts";
import { resolve, typeDefinition, typeName } from "./types.ts";
import { EvaluationError, type Value } from "./values.ts";

/** What a console line comes to. */
export type Outcome =
  | { kind: "text"; text: string }
  /** A bare expression: views may open the value. */
  | { kind: "value"; value: Value; text: string; expression: string }
  | { kind: "run"; how: "continue" | StepKind; granularity: "line" | "instruction" };

/** What the console remembers between commands. */
export interface ConsoleState {
  examine: ExamineFormat;
  nextAddress: bigint;
}

export const newConsole = (): ConsoleState => ({
  examine: { count: 1, letter: "x", size: 4 },
  nextAddress: 0n,
});

const text = (content: string): Outcome => ({ kind: "text", text: content });

const RUN: Record<string, Outcome> = {
  c: { kind: "run", how: "continue", granularity: "line" },
  n: { kind: "run", how: "over", granularity: "line" },
  s: { kind: "run", how: "into", granularity: "line" },
  ni: { kind: "run", how: "over", granularity: "instruction" },
  si: { kind: "run", how: "into", granularity: "instruction" },
  fin: { kind: "run", how: "out", granularity: "line" },
};
const RUN_NAMES: Record<string, string> = { continue: "c", next: "n", step: "s", nexti: "ni", stepi: "si", finish: "fin" }; // biome-ignore format: a table

/** Runs one console line in a frame. Throws EvaluationError, MemoryError. */
export async function runCommand(
  line: string,
  session: Debugger,
  frame: Frame | undefined,
  state: ConsoleState,
): Promise<Outcome> {
  const match = /^\s*([a-zA-Z]+)(?:\/(\S+))?(?:\s+([\s\S]*?))?\s*$/.exec(line);
  const [, name = "", format, rest = ""] = match ?? [];
  const context = session.context(frame);
  switch (name) {
    case "p":
    case "print":
    case "inspect":
    case "call":
      return text(print(rest, letterOf(format), session, frame));
    case "output":
      return text(formatValue(evaluate(rest, context), session.around, letterOf(format)));
    case "x":
      return text(await examineCommand(rest, format, session, frame, state));
    case "bt":
    case "backtrace":
    case "where":
      return text(backtraceText(session, rest));
    case "i":
    case "info":
      return text(info(rest, session, frame));
    case "whatis":
      return text(`type = ${whatis(rest, session, frame)}`);
    case "ptype":
      return text(`type = ${typeDefinition(typeOf(parse(rest, context), context))}`);
    case "set":
      evaluate(rest.replace(/^var(iable)?\s+/, ""), context);
      return text("");
    case "b":
    case "break":
      return text(breakCommand(rest, session));
    case "d":
    case "delete":
      return text(deleteCommand(rest, session));
    case "help":
      return text(HELP);
  }
  const run = RUN[RUN_NAMES[name] ?? name];
  if (run && rest === "" && !isVariable(name, session, frame)) return run;
  return expression(line.trim(), session, frame);
}

/** `s` and `n` are commands unless a variable has that name. */
const isVariable = (name: string, session: Debugger, frame: Frame | undefined): boolean =>
  session.context(frame).local(name) !== undefined;

function expression(line: string, session: Debugger, frame: Frame | undefined): Outcome {
  const { source, letter } = splitFormat(line);
  const value = evaluate(source, session.context(frame));
  return {
    kind: "value",
    value,
    text: formatValue(value, session.around, letter),
    expression: source,
  };
}

/** `tc,x` and `/x tc`: the format letters that debuggers take with a watch expression. */
export function splitFormat(line: string): { source: string; letter: FormatLetter | undefined } {
  const prefix = /^\/([a-z])\s+([\s\S]+)$/.exec(line);
  if (prefix && isFormatLetter(prefix[1]!)) return { source: prefix[2]!, letter: prefix[1] };
  const suffix = /^([\s\S]+),\s*([xduotzca])$/.exec(line);
  if (suffix && isFormatLetter(suffix[2]!)) return { source: suffix[1]!, letter: suffix[2] };
  return { source: line, letter: undefined };
}

function letterOf(format: string | undefined): FormatLetter | undefined {
  if (!format) return undefined;
  if (isFormatLetter(format)) return format;
  throw new EvaluationError(`Undefined output format "${format}".`);
}

/** `p`: the value joins the history. */
function print(
  source: string,
  letter: FormatLetter | undefined,
  session: Debugger,
  frame: Frame | undefined,
): string {
  const { history } = session.kept;
  const value = source === "" ? history.at(-1) : evaluate(source, session.context(frame));
  if (!value) throw new EvaluationError("Argument required (expression to compute).");
  const written = formatValue(value, session.around, letter);
  if (resolve(value.type).kind === "void") return "void";
  history.push(value);
  return `$${history.length} = ${written}`;
}

function whatis(source: string, session: Debugger, frame: Frame | undefined): string {
  const context = session.context(frame);
  return typeName(typeOf(parse(source, context), context));
}

async function examineCommand(
  source: string,
  format: string | undefined,
  session: Debugger,
  frame: Frame | undefined,
  state: ConsoleState,
): Promise<string> {
  state.examine = parseExamineFormat(format ?? "", state.examine);
  const address = source === "" ? state.nextAddress : evaluateAddress(source, session.context(frame));
  const pc = session.target.readRegister("rip");
  const { text: shown, next } = await examine(address, state.examine, { ...session.around, pc });
  state.nextAddress = next;
  return shown;
}

function breakCommand(rest: string, session: Debugger): string {
  const match = /^([\s\S]*?)(?:\s+if\s+([\s\S]+))?$/.exec(rest);
  const where = match?.[1]?.trim() ?? "";
  const location = where === "" ? `*${hex(session.target.readRegister("rip"))}` : where;
  const breakpoint = session.addBreakpoint(parseLocation(location), { condition: match?.[2] });
  const [site, ...others] = breakpoint.sites;
  if (!site) {
    session.removeBreakpoints((each) => each === breakpoint);
    throw new EvaluationError(breakpoint.message ?? "No such location.");
  }
  const place = site.file ? `: file ${site.file}, line ${site.line}.` : "";
  const more = others.length > 0 ? ` (${others.length + 1} locations)` : "";
  return `Breakpoint ${breakpoint.id} at ${hex(site.address)}${place}${more}`;
}

function deleteCommand(rest: string, session: Debugger): string {
  const ids = rest
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  for (const id of ids)
    if (!session.breakpoints.some((each) => each.id === id))
      throw new EvaluationError(`No breakpoint number ${id}.`);
  session.removeBreakpoints(({ id }) => ids.length === 0 || ids.includes(id));
  return "";
}

const HELP = `C expressions are evaluated as gdb does; $rip and the other registers can be read and set.
  p[/FMT] EXPR            print a value into the history ($1, $, $$)
  x/NFU ADDR              examine memory: F is x d u o t a c s i, U is b h w g
  bt [N]                  the stack
  info registers|locals|args|frame|line|symbol ADDR|breakpoints|clocks|lapic|tsc|i8254
  ptype TYPE|EXPR         a type written out;  whatis EXPR: its name
  set var LHS = EXPR      assign;  set $rax = 1
  break WHERE [if COND]   FUNCTION, FILE:LINE or *ADDRESS;  delete [N]
  c n s ni si finish      run on, step
  EXPR,x   /x EXPR        a value in a format`;
