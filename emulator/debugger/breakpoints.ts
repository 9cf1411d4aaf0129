// Breakpoints as the user made them: where, under which condition, and what a hit does. Data and pure functions;
// resolving needs symbols, judging needs an evaluator. Must not know DAP or run control.

import type { BreakpointSite, SymbolFile } from "../symbols/api.ts";
import { type Context, checkNames, parse } from "./expressions/evaluator.ts";
import { type Frame, framesAt } from "./frames.ts";
import { hex } from "./numbers.ts";
import type { Watch } from "./watches.ts";

export type Where =
  /** `file`: of that source only. */
  | { kind: "function"; name: string; file?: string }
  /** `column`: the statement that begins there; else the line's first code. */
  | { kind: "line"; file: string; line: number; column?: number | undefined }
  | { kind: "address"; address: bigint }
  /** Every function of a source file. */
  | { kind: "file"; file: string }
  | Watch;

/** An address that execution stops at; file and line are absent without debug info. */
export type Site = Omit<BreakpointSite, "file" | "line"> & { file?: string; line?: number };

export interface BreakpointOptions {
  /** A C expression; stops where it is not zero. */
  condition?: string | undefined;
  /** `5` or `==5`: the fifth hit only; `>5`, `>=5`, `<5`, `<=5`; `%5`: every fifth. */
  hitCondition?: string | undefined;
  /** Printed instead of stopping; `{expression}` is replaced by its value. */
  logMessage?: string | undefined;
  /** Gone after its first stop. */
  temporary?: boolean | undefined;
  /** So many hits pass before one stops (gdb's `ignore`). */
  ignore?: number | undefined;
  /** Switched off after so many stops (gdb's `enable once`, `enable count`). */
  stopsLeft?: number | undefined;
  /** Console lines that a stop runs (gdb's `commands`). */
  commands?: readonly string[] | undefined;
}

export interface Breakpoint extends BreakpointOptions {
  id: number;
  where: Where;
  /** Empty where no code is there yet: the breakpoint is pending, and `message` says why. */
  sites: Site[];
  message?: string | undefined;
  hits: number;
  enabled: boolean;
}

/** Finds where a breakpoint goes; explains where it goes nowhere. */
export function resolveSites(where: Where, symbols: SymbolFile): { sites: Site[]; message?: string } {
  switch (where.kind) {
    case "function":
      return functionSites(where.name, where.file, symbols);
    case "line": {
      const sites = symbols.lineSites(where.file, where.line);
      if (sites.length > 0) return { sites: columnSites(sites, where.column, symbols) };
      return { sites, message: lineMessage(where.file, where.line, symbols) };
    }
    case "address":
      return { sites: [addressSite(where.address, symbols)] };
    case "file":
      return fileSites(where.file, symbols);
    case "watch":
      return { sites: [] };
  }
}

/** The statements of a line that begin at a column; the line's own sites where none does. */
function columnSites(sites: readonly Site[], column: number | undefined, symbols: SymbolFile): Site[] {
  if (!column) return [...sites];
  const exact = sites.flatMap((site) =>
    symbols.lineRanges(site.address).flatMap(({ low }) => {
      const row = symbols.lineAt(low);
      return row?.isStatement && row.column === column && row.line === site.line
        ? [{ ...site, address: low }]
        : [];
    }),
  );
  return exact.length > 0 ? exact : [...sites];
}

/** More symbols than a kernel has. */
const ALL_SYMBOLS = 1_000_000;

/** Is the recorded path that of the file that the user names by its tail? */
const isFile = (path: string | undefined, file: string): boolean =>
  path === file || path?.endsWith(`/${file}`) === true;

/** Where each function of a file is entered, inlined copies left out. */
function fileSites(file: string, symbols: SymbolFile): { sites: Site[]; message?: string } {
  const ends = (path: string | undefined) => isFile(path, file);
  const sites = new Map<bigint, Site>();
  for (const { name, kind, address } of symbols.symbolsWithPrefix("", ALL_SYMBOLS)) {
    if (kind !== "function" || !ends(symbols.lineAt(address)?.file)) continue;
    for (const site of symbols.functionSites(name))
      if (!site.inlined && ends(site.file)) sites.set(site.address, site);
  }
  if (sites.size > 0) return { sites: [...sites.values()].sort((a, b) => (a.address < b.address ? -1 : 1)) };
  return { sites: [], message: unknownFile(file, symbols) ?? `No function in "${file}".` };
}

function functionSites(
  name: string,
  file: string | undefined,
  symbols: SymbolFile,
): { sites: Site[]; message?: string } {
  const all = symbols.functionSites(name);
  const sites = file === undefined ? all : all.filter((site) => isFile(site.file, file));
  if (sites.length > 0) return { sites };
  if (file !== undefined)
    return { sites, message: unknownFile(file, symbols) ?? `Function "${name}" not defined in "${file}".` };
  const symbol = symbols.symbolNamed(name);
  // Without debug info the function's first instruction is all that is known.
  if (symbol && symbol.kind !== "object")
    return { sites: [{ address: symbol.address, function: name, inlined: false }] };
  return { sites: [], message: `Function "${name}" not defined.` };
}

const NO_LINES = "The kernel has no debug info: break on functions or addresses instead.";

/** gdb's words for a source that no unit names; undefined where one does. */
function unknownFile(file: string, symbols: SymbolFile): string | undefined {
  if (!symbols.info.hasDebugInfo) return NO_LINES;
  const tail = file.replaceAll("\\", "/").split("/").pop() ?? file;
  const known = symbols.sourceFiles().some((each) => each.endsWith(`/${tail}`) || each === tail);
  return known ? undefined : `No source file named ${file}.`;
}

const lineMessage = (file: string, line: number, symbols: SymbolFile): string =>
  unknownFile(file, symbols) ?? `No line ${line} in file "${file}".`;

function addressSite(address: bigint, symbols: SymbolFile): Site {
  const row = symbols.lineAt(address);
  const instance = symbols.functionsAt(address)[0];
  return {
    address,
    function: instance?.name ?? symbols.symbolAt(address)?.symbol.name ?? hex(address),
    inlined: instance?.inlined ?? false,
    ...(row ? { file: row.file, line: row.line } : {}),
  };
}

/** Every address of the list, each once; for a watch on locals, where their function returns to. */
export const siteAddresses = (breakpoints: readonly Breakpoint[]): Set<bigint> =>
  new Set(
    breakpoints
      .filter(({ enabled }) => enabled)
      .flatMap(({ sites, where }) => [
        ...sites.map(({ address }) => address),
        ...(where.kind === "watch" && where.scope ? [where.scope.returnAddress] : []),
      ]),
  );

/** The breakpoints that have a site at the address. */
export const breakpointsAt = (breakpoints: readonly Breakpoint[], address: bigint): Breakpoint[] =>
  breakpoints.filter(({ sites, enabled }) => enabled && sites.some((site) => site.address === address));

/** What a hit leads to. */
export type Verdict = { kind: "stop"; message?: string } | { kind: "log"; text: string } | { kind: "ignore" };

/** What judging a hit needs: both throw an Error with a message for the user. */
export interface Judge {
  isTrue(expression: string): boolean;
  text(expression: string): string;
}

/** Counts a hit and decides. A condition that cannot be evaluated stops and says so, as in gdb. */
export function judge(breakpoint: Breakpoint, by: Judge): Verdict {
  const { condition, hitCondition, logMessage } = breakpoint;
  if (condition) {
    try {
      if (!by.isTrue(condition)) return { kind: "ignore" };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        kind: "stop",
        message: `Error in testing condition for breakpoint ${breakpoint.id}:\n${why}`,
      };
    }
  }
  breakpoint.hits++;
  if (breakpoint.ignore) {
    breakpoint.ignore--;
    return { kind: "ignore" };
  }
  if (hitCondition && !hitMatches(hitCondition, breakpoint.hits)) return { kind: "ignore" };
  if (logMessage) return { kind: "log", text: interpolate(logMessage, by) };
  return { kind: "stop" };
}

/** What a condition is checked with. */
interface Checker {
  readonly symbols: SymbolFile;
  context(frame: Frame | undefined): Context;
}

/** More places of one breakpoint are not tried. */
const MAX_CHECKED = 16;

/** Throws EvaluationError for a condition that cannot be read, or names what is unknown at each of the breakpoint's places. */
export function checkCondition(condition: string, sites: readonly Site[], by: Checker): void {
  const places = sites.length > 0 ? sites.slice(0, MAX_CHECKED) : [undefined];
  let first: unknown;
  for (const place of places) {
    try {
      checkAt(condition, place, by);
      return;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function checkAt(condition: string, site: Site | undefined, by: Checker): void {
  const state = { pc: site?.address ?? 0n, isCaller: false, get: () => undefined };
  const there = by.context(site && framesAt(by.symbols, state, 0)[0]);
  checkNames(parse(condition, there), there);
}

const HIT = /^\s*(==|=|>=|<=|>|<|%)?\s*(\d+)\s*$/;

/** What is wrong with a hit condition; undefined where nothing is. */
export const hitConditionError = (text: string): string | undefined =>
  HIT.test(text) ? undefined : `"${text}" is no hit condition: use a number, >N, >=N, <N, <=N or %N.`;

function hitMatches(text: string, hits: number): boolean {
  const [, operator, digits] = HIT.exec(text) ?? [];
  const number = Number(digits);
  switch (operator) {
    case ">":
      return hits > number;
    case ">=":
      return hits >= number;
    case "<":
      return hits < number;
    case "<=":
      return hits <= number;
    case "%":
      return number > 0 && hits % number === 0;
    default:
      return hits === number;
  }
}

/** `{expression}` gives its value, or the error in angle brackets. */
function interpolate(message: string, by: Judge): string {
  return message.replace(/\{([^{}]*)\}/g, (_, expression: string) => {
    try {
      return by.text(expression);
    } catch (error) {
      return `<${error instanceof Error ? error.message : String(error)}>`;
    }
  });
}
