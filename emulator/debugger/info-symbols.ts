// gdb's `info functions|variables|types [REGEX]`, `info scope`, `info source`, `info address`: what the debug info holds, by name. Text only.

import type { Definition, DefinitionKind, ElfSymbol, Variable } from "../symbols/api.ts";
import { locate } from "./breakpoint-commands.ts";
import { resolveSites } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { NOWHERE } from "./expressions/evaluator.ts";
import { type Frame, framesAt } from "./frames.ts";
import { hex, hex64 } from "./numbers.ts";
import { declaration, sizeOf, typeName } from "./types.ts";
import { EvaluationError } from "./values.ts";

const ALL_SYMBOLS = 1_000_000;

/** Reads a regular expression as the console takes it. Throws EvaluationError. */
export function pattern(source: string): RegExp {
  try {
    return new RegExp(source === "" ? "." : source);
  } catch (error) {
    throw new EvaluationError(error instanceof Error ? error.message : String(error));
  }
}

/** `info functions ^tc_`: by file, and what has no debug information. */
export function definitionsText(kind: DefinitionKind, source: string, session: Debugger): string {
  const { symbols } = session;
  const expression = pattern(source);
  const wanted = (name: string) => expression.test(name);
  const found = symbols.definitions(kind, wanted);
  const head =
    source === "" ? `All defined ${kind}s:` : `All ${kind}s matching regular expression "${source}":`;
  const known = new Set(kind === "function" ? [] : found.map(({ name }) => name));
  const bare = kind === "type" ? [] : symbols.symbolsWithPrefix("", ALL_SYMBOLS).filter((symbol) => wanted(symbol.name) && isBare(symbol, kind, session) && !known.has(symbol.name)); // biome-ignore format: one thought
  return [head, ...byFile(found).map((group) => fileText(kind, group)), ...bareText(bare)].join("\n\n");
}

/** As gdb: code that no unit covers, data that no unit names. */
const isBare = (symbol: ElfSymbol, kind: DefinitionKind, { symbols }: Debugger): boolean =>
  kind === "function"
    ? symbol.kind === "function" && !symbols.unitAt(symbol.address)
    : symbol.kind === "object";

const bareText = (symbols: ElfSymbol[]): string[] => {
  if (symbols.length === 0) return [];
  const rows = [...symbols]
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.name < b.name ? -1 : 1))
    .map(({ address, name }) => `${hex64(address)}  ${name}`);
  return [["Non-debugging symbols:", ...rows].join("\n")];
};

function byFile(found: readonly Definition[]): Definition[][] {
  const groups = new Map<string, Definition[]>();
  for (const each of found) groups.set(each.file, [...(groups.get(each.file) ?? []), each]);
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, group]) =>
    group.sort(
      (a, b) =>
        Number(a.static) - Number(b.static) || compare(a.name, b.name) || (a.line ?? 0) - (b.line ?? 0),
    ),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function fileText(kind: DefinitionKind, group: Definition[]): string {
  const rows = group.map(
    (each) => `${each.line === undefined ? "" : `${each.line}:`}\t${written(kind, each)}`,
  );
  return [`File ${group[0]!.file}:`, ...rows].join("\n");
}

function written(kind: DefinitionKind, { name, type, static: own }: Definition): string {
  const shown = type();
  if (kind !== "type") return `${own ? "static " : ""}${declaration(shown, name)};`;
  if (shown.kind === "typedef") return `typedef ${typeName(shown.target())} ${name};`;
  return shown.kind === "base" ? typeName(shown) : `${typeName(shown)};`;
}

/** `info scope LOCATION`: the variables that are in scope there, and where they are. */
export function scopeText(source: string, session: Debugger, frame: Frame | undefined): string {
  if (source === "")
    throw new EvaluationError("requires an argument (an expression or variable): a linespec");
  const { sites, message } = resolveSites(locate(source, session, frame), session.symbols);
  const [site] = sites;
  if (!site)
    throw new EvaluationError(`No function contains specified address.${message ? ` ${message}` : ""}`);
  const { instance } = framesAt(session.symbols, { ...NOWHERE, pc: site.address }, 0)[0] ?? {};
  const variables = [...(instance?.parameters() ?? []), ...(instance?.locals(site.address) ?? [])].filter(
    ({ label }) => !label,
  );
  if (variables.length === 0) return `Symbol table for \`${source}' has no locals.`;
  const rows = variables.map((variable) => `Symbol ${variable.name} is ${placeText(variable, site.address, session)}, length ${sizeOf(variable.type)}.`); // biome-ignore format: one thought
  return [`Scope for ${source}:`, ...rows].join("\n");
}

function placeText(variable: Variable, pc: bigint, { symbols, around }: Debugger): string {
  if (variable.valueless) return "optimized out";
  const location = symbols.locate(variable, { ...NOWHERE, pc }, around.memory);
  switch (location.kind) {
    case "register":
      return `a variable in $${location.register}`;
    case "memory":
      return `static storage at address ${hex(location.address)}`;
    case "value":
      return "a computed value";
    case "optimized-out":
      return "optimized out";
    case "unavailable":
      return "a variable whose place depends on the frame";
  }
}

/** `info address NAME`. */
export function addressText(name: string, session: Debugger, frame: Frame | undefined): string {
  if (name === "") throw new EvaluationError("Argument required.");
  const { symbols } = session;
  const local = frame && session.context(frame).local(name);
  if (local)
    return local.place.kind === "register"
      ? `Symbol "${name}" is a variable in $${local.place.register}.`
      : local.place.kind === "memory"
        ? `Symbol "${name}" is a variable at address ${hex(local.place.address)}.`
        : `Symbol "${name}" is optimized out.`;
  const symbol = symbols.symbolNamed(name);
  if (!symbol) throw new EvaluationError(`No symbol "${name}" in current context.`);
  const known = symbols.globalNamed(name) ?? symbols.functionType(name);
  if (!known) return `Symbol "${name}" is at ${hex(symbol.address)} in a file compiled without debugging.`;
  return symbol.kind === "function"
    ? `Symbol "${name}" is a function at address ${hex(symbol.address)}.`
    : `Symbol "${name}" is static storage at address ${hex(symbol.address)}.`;
}

/** `info source`: of the frame's file. */
export function sourceText({ symbols, sourceText: linesOf }: Debugger, frame: Frame | undefined): string {
  const unit = frame && symbols.unitAt(frame.pc);
  if (!frame?.file || !unit) return "No current source file.";
  const lines = linesOf(frame.file);
  return [
    `Current source file is ${frame.file}`,
    `Compilation directory is ${unit.folder}`,
    ...(lines ? [`Contains ${lines.length - (lines.at(-1) === "" ? 1 : 0)} lines.`] : []),
    "Source language is c.",
    `Producer is ${unit.producer}.`,
    `Compiled with DWARF ${unit.dwarfVersion} debugging format.`,
  ].join("\n");
}
