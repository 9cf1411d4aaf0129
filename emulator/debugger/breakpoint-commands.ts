// The console's commands about breakpoints, in gdb's words: break, tbreak, rbreak, watch, rwatch, awatch, delete, enable,
// disable, ignore, condition. Must not know DAP.

import type { Breakpoint } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { evaluateAddress } from "./expressions/evaluator.ts";
import type { Frame } from "./frames.ts";
import { parseLocation } from "./locations.ts";
import { hex } from "./numbers.ts";
import { EvaluationError } from "./values.ts";
import { watchTitle } from "./watches.ts";

/** What each of gdb's commands watches for. */
export const WATCHES: Readonly<Record<string, "change" | "read" | "access">> = { watch: "change", rwatch: "read", awatch: "access" }; // biome-ignore format: a table

/** What the command says; undefined where `name` is none of these. Throws EvaluationError. */
export function breakpointCommand(
  name: string,
  rest: string,
  session: Debugger,
  frame: Frame | undefined,
): string | undefined {
  switch (name) {
    case "b":
    case "br":
    case "break":
    case "hbreak":
      return breakCommand(rest, session, false);
    case "tb":
    case "tbreak":
    case "thbreak":
      return breakCommand(rest, session, true);
    case "rbreak":
      return rbreakCommand(rest, session);
    case "watch":
    case "rwatch":
    case "awatch":
      return watchCommand(rest, WATCHES[name]!, session, frame);
    case "d":
    case "delete":
      return deleteCommand(rest, session);
    case "enable":
    case "disable":
      for (const each of numbered(rest, session))
        session.changeBreakpoint(each, { enabled: name === "enable" });
      return "";
    case "ignore":
      return ignoreCommand(rest, session, frame);
    case "condition":
      return conditionCommand(rest, session);
    default:
      return undefined;
  }
}

/** `WHERE if CONDITION`. */
function splitCondition(rest: string): { place: string; condition: string | undefined } {
  const match = /^([\s\S]*?)(?:(?:^|\s+)if\b\s*([\s\S]+))?$/.exec(rest);
  return { place: match?.[1]?.trim() ?? "", condition: match?.[2] };
}

function breakCommand(rest: string, session: Debugger, temporary: boolean): string {
  const { place, condition } = splitCondition(rest);
  const location = place === "" ? `*${hex(session.target.readRegister("rip"))}` : place;
  const breakpoint = session.addBreakpoint(parseLocation(location), { condition, temporary });
  if (breakpoint.sites.length === 0) {
    session.removeBreakpoints((each) => each === breakpoint);
    throw new EvaluationError(breakpoint.message ?? "No such location.");
  }
  return describe(breakpoint);
}

function describe({ id, sites, temporary }: Breakpoint): string {
  const [site, ...others] = sites;
  const title = `${temporary ? "Temporary breakpoint" : "Breakpoint"} ${id} at ${hex(site!.address)}`;
  if (others.length > 0) return `${title}: ${site!.function}. (${others.length + 1} locations)`;
  return site!.file ? `${title}: file ${site!.file}, line ${site!.line}.` : title;
}

/** `rbreak FILE:REGEX`, `rbreak REGEX`: a breakpoint for each function whose name matches. */
const MAX_RBREAK = 500;
function rbreakCommand(rest: string, session: Debugger): string {
  const [, file, pattern = "."] = /^(?:([^:]+):\s*)?(.*)$/.exec(rest.trim()) ?? [];
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch (error) {
    throw new EvaluationError(error instanceof Error ? error.message : String(error));
  }
  const { symbols } = session;
  const names = new Set<string>();
  for (const { name, kind, address } of symbols.symbolsWithPrefix("", 1_000_000)) {
    if (kind !== "function" || !expression.test(name)) continue;
    const path = file && symbols.lineAt(address)?.file;
    if (!file || path === file || path?.endsWith(`/${file}`)) names.add(name);
  }
  if (names.size > MAX_RBREAK)
    throw new EvaluationError(`${names.size} functions match: more than ${MAX_RBREAK}.`);
  if (names.size === 0) throw new EvaluationError("No function matches.");
  return [...names].map((name) => describe(session.addBreakpoint({ kind: "function", name }))).join("\n");
}

function watchCommand(
  rest: string,
  access: "change" | "read" | "access",
  session: Debugger,
  frame: Frame | undefined,
): string {
  const { place, condition } = splitCondition(rest);
  const located = /^-l(?:ocation)?\s+/.test(place);
  const expression = place.replace(/^-l(?:ocation)?\s+/, "");
  if (expression === "") throw new EvaluationError("Argument required (expression to compute).");
  try {
    const made = session.addWatch(expression, access, frame, { condition });
    if (made.where.kind !== "watch") return "";
    if (located) made.where.scope = undefined;
    return watchTitle(made.id, made.where);
  } catch (error) {
    if (error instanceof RangeError) throw new EvaluationError(error.message);
    throw error;
  }
}

function numbered(rest: string, session: Debugger): Breakpoint[] {
  const words = rest.split(/[\s,]+/).filter((word) => word !== "" && word !== "breakpoints");
  if (words.length === 0) return [...session.breakpoints];
  return words.map((word) => {
    const found = session.breakpoints.find(({ id }) => id === Number(word));
    if (!found) throw new EvaluationError(`No breakpoint number ${word}.`);
    return found;
  });
}

function deleteCommand(rest: string, session: Debugger): string {
  const gone = numbered(rest, session);
  session.removeBreakpoints((each) => gone.includes(each));
  return "";
}

function ignoreCommand(rest: string, session: Debugger, frame: Frame | undefined): string {
  const [, which = "", count = ""] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? [];
  if (count === "") throw new EvaluationError("Second argument (specified ignore-count) is missing.");
  const [breakpoint] = numbered(which, session);
  const ignore = Number(evaluateAddress(count, session.context(frame)));
  session.changeBreakpoint(breakpoint!, { ignore });
  if (ignore === 0) return `Will stop next time breakpoint ${which} is reached.`;
  if (ignore === 1) return `Will ignore next crossing of breakpoint ${which}.`;
  return `Will ignore next ${ignore} crossings of breakpoint ${which}.`;
}

function conditionCommand(rest: string, session: Debugger): string {
  const [, which = "", condition = ""] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (which === "") throw new EvaluationError("Argument required (breakpoint number).");
  const [breakpoint] = numbered(which, session);
  session.changeBreakpoint(breakpoint!, { condition: condition === "" ? undefined : condition });
  return condition === "" ? `Breakpoint ${which} now unconditional.` : "";
}
