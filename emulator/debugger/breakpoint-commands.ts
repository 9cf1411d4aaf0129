// The console's commands that make breakpoints, in gdb's words: break, tbreak, rbreak, watch, rwatch, awatch. Must not know DAP.

import { type Breakpoint, checkCondition, resolveSites, type Where } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { evaluateAddress } from "./expressions/evaluator.ts";
import type { Frame } from "./frames.ts";
import { locationText, parseLocation } from "./locations.ts";
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
      return breakCommand(rest, session, frame, false);
    case "tb":
    case "tbreak":
    case "thbreak":
      return breakCommand(rest, session, frame, true);
    case "rbreak":
      return rbreakCommand(rest, session);
    case "watch":
    case "rwatch":
    case "awatch":
      return watchCommand(rest, WATCHES[name]!, session, frame);
    default:
      return undefined;
  }
}

/** `WHERE if CONDITION`. */
function splitCondition(rest: string): { place: string; condition: string | undefined } {
  const match = /^([\s\S]*?)(?:(?:^|\s+)if\b\s*([\s\S]+))?$/.exec(rest);
  return { place: match?.[1]?.trim() ?? "", condition: match?.[2] };
}

/** A location in the frame that is looked at. Throws EvaluationError. */
export function locate(text: string, session: Debugger, frame: Frame | undefined): Where {
  // Unwinding takes its time, and most locations do not need it.
  const around = (): Frame | undefined => frame ?? session.frames()[0];
  return parseLocation(text, {
    get file() {
      return around()?.file;
    },
    get line() {
      return around()?.line;
    },
    address: (expression) => evaluateAddress(expression, session.context(frame)),
  });
}

function breakCommand(rest: string, session: Debugger, frame: Frame | undefined, temporary: boolean): string {
  const { place, condition } = splitCondition(rest);
  const where = locate(
    place === "" ? `*${hex(frame?.pc ?? session.target.readRegister("rip"))}` : place,
    session,
    frame,
  );
  const { sites, message = "No such location." } = resolveSites(where, session.symbols);
  if (sites.length === 0 && session.settings.breakpointPending === "off") throw new EvaluationError(message);
  if (condition && sites.length > 0) checkCondition(condition, sites, session);
  const made = session.addBreakpoint(where, { condition, temporary });
  return sites.length > 0 ? describe(made) : `${message}\n${pendingText(made)}`;
}

const titleOf = ({ id, temporary }: Breakpoint): string =>
  `${temporary ? "Temporary breakpoint" : "Breakpoint"} ${id}`;

/** gdb's `Breakpoint 2 (foo if x > 1) pending.` */
export const pendingText = (breakpoint: Breakpoint): string => {
  const { where, condition } = breakpoint;
  return `${titleOf(breakpoint)} (${locationText(where)}${condition ? ` if ${condition}` : ""}) pending.`;
};

/** gdb's `Breakpoint 1 at 0x…: file …, line ….` */
export function describe(breakpoint: Breakpoint): string {
  const [site, ...others] = breakpoint.sites;
  if (!site) return pendingText(breakpoint);
  const title = `${titleOf(breakpoint)} at ${hex(site.address)}`;
  if (others.length > 0) return `${title}: ${site.function}. (${others.length + 1} locations)`;
  return site.file ? `${title}: file ${site.file}, line ${site.line}.` : title;
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
    const resolved = session.resolveWatch(expression, frame);
    const watch = located ? { ...resolved, scope: undefined, fixed: true as const } : resolved;
    const made = session.addResolvedWatch(watch, access, { condition });
    return watchTitle(made.id, { ...watch, access });
  } catch (error) {
    if (error instanceof RangeError) throw new EvaluationError(error.message);
    throw error;
  }
}
