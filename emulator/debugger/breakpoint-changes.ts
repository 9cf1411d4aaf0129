// The console's commands that change breakpoints which are there, in gdb's words: delete, enable, disable, ignore, condition, commands.
// Must not know DAP.

import { type Breakpoint, checkCondition } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { evaluateAddress } from "./expressions/evaluator.ts";
import type { Frame } from "./frames.ts";
import { EvaluationError } from "./values.ts";

/** Lines that are being typed for breakpoints, until `end`. */
export interface Script {
  breakpoints: readonly Breakpoint[];
  lines: string[];
}

/** What the command says; undefined where `name` is none of these. Throws EvaluationError. */
export function changeCommand(
  name: string,
  rest: string,
  session: Debugger,
  frame: Frame | undefined,
): string | undefined {
  switch (name) {
    case "d":
    case "delete":
      return deleteCommand(rest, session);
    case "enable":
    case "disable":
      return switchCommand(name, rest, session, frame);
    case "ignore":
      return ignoreCommand(rest, session, frame);
    case "condition":
      return conditionCommand(rest, session);
    default:
      return undefined;
  }
}

/** The breakpoints of `1 3-5`; all without numbers. */
function numbered(rest: string, session: Debugger): Breakpoint[] {
  const words = rest.split(/[\s,]+/).filter((word) => word !== "" && word !== "breakpoints");
  if (words.length === 0) return [...session.breakpoints];
  return words.flatMap((word) => {
    const [, first, last] = /^(\d+)-(\d+)$/.exec(word) ?? [];
    if (first !== undefined)
      return session.breakpoints.filter(({ id }) => id >= Number(first) && id <= Number(last));
    const found = session.breakpoints.find(({ id }) => id === Number(word));
    if (!found) throw new EvaluationError(`No breakpoint number ${word}.`);
    return [found];
  });
}

function deleteCommand(rest: string, session: Debugger): string {
  const gone = numbered(rest, session);
  session.removeBreakpoints((each) => gone.includes(each));
  return "";
}

/** `enable`, `disable`, `enable once N…`, `enable delete N…`, `enable count COUNT N…`. */
function switchCommand(name: string, rest: string, session: Debugger, frame: Frame | undefined): string {
  const [, how, after = ""] = (name === "enable" && /^(once|delete|count)\b\s*([\s\S]*)$/.exec(rest)) || [];
  if (how === undefined) {
    for (const each of numbered(rest, session))
      session.changeBreakpoint(each, {
        enabled: name === "enable",
        ...(name === "enable" ? { stopsLeft: undefined } : {}),
      });
    return "";
  }
  const [, count = "1", numbers = after] =
    how === "count" ? (/^(\S+)\s+([\s\S]+)$/.exec(after) ?? ["", ""]) : [];
  if (numbers.trim() === "") throw new EvaluationError("Argument required (one or more breakpoint numbers).");
  const stopsLeft = how === "delete" ? undefined : wholeNumber(count, session, frame);
  for (const each of numbered(numbers, session))
    session.changeBreakpoint(each, { enabled: true, stopsLeft, temporary: how === "delete" });
  return "";
}

const wholeNumber = (source: string, session: Debugger, frame: Frame | undefined): number =>
  Number(evaluateAddress(source, session.context(frame)));

function ignoreCommand(rest: string, session: Debugger, frame: Frame | undefined): string {
  const [, which = "", count = ""] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? [];
  if (count === "") throw new EvaluationError("Second argument (specified ignore-count) is missing.");
  const [breakpoint] = numbered(which, session);
  const ignore = wholeNumber(count, session, frame);
  session.changeBreakpoint(breakpoint!, { ignore });
  if (ignore === 0) return `Will stop next time breakpoint ${which} is reached.`;
  if (ignore === 1) return `Will ignore next crossing of breakpoint ${which}.`;
  return `Will ignore next ${ignore} crossings of breakpoint ${which}.`;
}

function conditionCommand(rest: string, session: Debugger): string {
  const [, which = "", condition = ""] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (which === "") throw new EvaluationError("Argument required (breakpoint number).");
  const [breakpoint] = numbered(which, session);
  if (condition !== "") checkCondition(condition, breakpoint!.sites, session);
  session.changeBreakpoint(breakpoint!, { condition: condition === "" ? undefined : condition });
  return condition === "" ? `Breakpoint ${which} now unconditional.` : "";
}

/** `commands [N…]`: the lines that follow are theirs; without a number, the last breakpoint's. */
export function beginScript(rest: string, session: Debugger): { script: Script; text: string } {
  const last = session.breakpoints.at(-1);
  if (!last) throw new EvaluationError("No breakpoints specified.");
  const breakpoints = rest.trim() === "" ? [last] : numbered(rest, session);
  const which = rest.trim() === "" ? String(last.id) : rest.trim();
  return {
    script: { breakpoints, lines: [] },
    text: `Type commands for breakpoint(s) ${which}, one per line.\nEnd with a line saying just "end".`,
  };
}

/** Longer scripts are nobody's. */
const MAX_LINES = 200;

/** Takes a line of a script. True at its end: the breakpoints have it then; one without lines takes theirs away. */
export function takeScriptLine(script: Script, line: string, session: Debugger): boolean {
  const trimmed = line.trim();
  if (trimmed !== "end") {
    if (script.lines.length >= MAX_LINES) throw new EvaluationError(`More than ${MAX_LINES} lines.`);
    if (trimmed !== "") script.lines.push(trimmed);
    return false;
  }
  const commands = script.lines.length > 0 ? script.lines : undefined;
  for (const each of script.breakpoints) session.changeBreakpoint(each, { commands });
  return true;
}
