// gdb's `info` and `bt`, and `info clocks`: what the console tells about the stop.

import type { RegisterName } from "../cpu/registers.ts";
import { locate } from "./breakpoint-commands.ts";
import { breakpointTable } from "./breakpoint-table.ts";
import { resolveSites } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { deviceText, onlyRegister } from "./device-text.ts";
import { evaluateAddress } from "./expressions/evaluator.ts";
import { formatErrors, formatInner } from "./format.ts";
import { frameText } from "./frame-info.ts";
import { type Frame, formatFrame, lookupAddress, variableValue } from "./frames.ts";
import { addressText, definitionsText, scopeText, sourceText } from "./info-symbols.ts";
import { hex } from "./numbers.ts";
import { GENERAL_REGISTERS, registerNamed, registerType, SYSTEM_REGISTERS } from "./registers.ts";
import { addedFilesText } from "./symbol-commands.ts";
import { timecountersText } from "./timecounters.ts";
import { BUILTIN } from "./types.ts";
import { EvaluationError, type Value } from "./values.ts";

/** `bt`, `bt 3`. */
export function backtraceText(session: Debugger, rest: string): string {
  const count = /^\d+$/.test(rest) ? Number(rest) : undefined;
  const frames = session.frames();
  const shown = frames.slice(0, count);
  const lines = shown.map((frame) =>
    formatFrame(frame, session.symbols, session.around, session.settings.entryValues),
  );
  if (shown.length < frames.length) lines.push("(More stack frames follow...)");
  return lines.join("\n");
}

/** `info WHAT`. Throws EvaluationError for what it does not know. */
export function info(rest: string, session: Debugger, frame: Frame | undefined): string {
  const [, what = "", argument = ""] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? [];
  const is = (name: string, shortest: number) => name.startsWith(what) && what.length >= shortest;
  if (is("registers", 1) || is("all-registers", 3)) return registersText(argument, session, frame);
  if (is("locals", 2)) return variablesText("locals", session, frame);
  if (is("args", 2)) return variablesText("args", session, frame);
  if (is("breakpoints", 1) || is("watchpoints", 3)) return breakpointsText(session, argument);
  if (is("symbol", 2)) return symbolText(argument, session, frame);
  if (is("line", 2)) return lineText(argument, session, frame);
  if (is("frame", 1)) return frameText(session, frame);
  if (is("functions", 2)) return definitionsText("function", argument, session);
  if (is("variables", 2)) return definitionsText("variable", argument, session);
  if (is("types", 2)) return definitionsText("type", argument, session);
  if (is("scope", 2)) return scopeText(argument, session, frame);
  if (is("source", 2)) return sourceText(session, frame);
  if (is("address", 2)) return addressText(argument, session, frame);
  if (is("sharedlibrary", 2) || is("files", 2)) return addedFilesText(session);
  if (is("timecounters", 2)) return timecountersText(session);
  const clocks = session.target.clocks;
  if (is("clocks", 2)) return (clocks?.read() ?? []).map(deviceText).join("\n\n");
  const devices = [...(clocks?.read() ?? []), ...(clocks?.readOthers?.() ?? [])];
  const device = devices.find(({ id }) => id === (what === "pit" ? "i8254" : what));
  if (device) return deviceText(argument === "" ? device : onlyRegister(device, argument));
  throw new EvaluationError(
    `Undefined info command: "${what}". Known: registers, locals, args, frame, line, symbol, address, scope, source, functions, variables, types, files, breakpoints, display, threads, timecounters, clocks, ${devices.map(({ id }) => id).join(", ")}.`,
  );
}

/** A register as gdb's `info registers` shows it: raw, then natural. */
export function registerRow(
  name: RegisterName,
  value: bigint | undefined,
  session: Debugger,
): [string, string] {
  if (value === undefined) return ["<not saved>", "<not saved>"];
  const type = registerType(name);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  const natural: Value = { type, place: { kind: "none" }, bytes: () => bytes.subarray(0, type.kind === "base" || type.kind === "enum" ? type.size : 8) }; // biome-ignore format: one thought
  const pointer = type.kind === "pointer" && name !== "rip";
  return [hex(value), pointer ? hex(value) : formatInner(natural, session.around)];
}

export const registerValue = (
  name: RegisterName,
  frame: Frame | undefined,
  session: Debugger,
): bigint | undefined =>
  frame ? (name === "rip" ? frame.state.pc : frame.state.get(name)) : session.target.readRegister(name);

function registersText(argument: string, session: Debugger, frame: Frame | undefined): string {
  const wanted = argument.split(/[\s,]+/).filter(Boolean);
  const names = wanted.map((each) => {
    const part = registerNamed(each.replace(/^\$/, ""));
    if (!part) throw new EvaluationError(`Invalid register \`${each}'`);
    return part.register;
  });
  const list = names.length > 0 ? names : [...GENERAL_REGISTERS, ...SYSTEM_REGISTERS];
  return list
    .map((name) => {
      const [raw, natural] = registerRow(name, registerValue(name, frame, session), session);
      return `${name.padEnd(15)}${raw.padEnd(19)}${natural}`;
    })
    .join("\n");
}

function variablesText(which: "locals" | "args", session: Debugger, frame: Frame | undefined): string {
  // As gdb: assembly with line information is in a unit, if in no function, and has no locals.
  if (frame?.file && !frame.instance && which === "locals") return "No locals.";
  if (!frame?.instance) return "No symbol table info available.";
  const variables =
    which === "args" ? frame.instance.parameters() : frame.instance.locals(lookupAddress(frame.state));
  if (variables.length === 0) return which === "args" ? "No arguments." : "No locals.";
  return variables
    .map((variable) => {
      const write = () =>
        formatInner(
          variableValue(variable, session.symbols, frame.state, session.around.memory),
          session.around,
        );
      const { name } = variable;
      return `${name} = ${formatErrors(write, (message) => `<error reading variable ${name} (${message})>`)}`;
    })
    .join("\n");
}

/** All, or those with the numbers. */
function breakpointsText(session: Debugger, numbers: string): string {
  const wanted = numbers
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  const shown = session.breakpoints.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  if (wanted.length > 0 && shown.length === 0) return `No breakpoint or watchpoint matching '${numbers}'.`;
  const last = shown.flatMap(({ sites }) => sites).at(-1);
  if (last) session.remember({ address: last.address, type: BUILTIN.char });
  return breakpointTable(shown);
}

function symbolText(argument: string, session: Debugger, frame: Frame | undefined): string {
  const address = evaluateAddress(argument, session.context(frame));
  const found = session.symbols.symbolAt(address);
  if (!found) return `No symbol matches ${argument}.`;
  const offset = found.offset === 0 ? "" : ` + ${found.offset}`;
  return `${found.symbol.name}${offset} (${found.symbol.kind}, ${found.symbol.binding})`;
}

/** Of a place (`kern_tc.c:713`, `713`), or what an expression gives (`*$pc`, `tc_init`). */
function lineAddress(argument: string, session: Debugger, frame: Frame | undefined): bigint {
  if (argument === "") return frame?.pc ?? session.target.readRegister("rip");
  if (!/^[+-]?\d+$|^[^*:]+:[^:]+$/.test(argument))
    return evaluateAddress(argument.replace(/^\*/, ""), session.context(frame));
  const { sites, message } = resolveSites(locate(argument, session, frame), session.symbols);
  if (!sites[0]) throw new EvaluationError(message ?? "No such location.");
  return sites[0].address;
}

function lineText(argument: string, session: Debugger, frame: Frame | undefined): string {
  const address = lineAddress(argument, session, frame);
  session.remember({ address, type: BUILTIN.char });
  const row = session.symbols.lineAt(address);
  if (!row) return `No line number information available for address ${hex(address)}`;
  const ranges = session.symbols.lineRanges(address).map(({ low, high }) => `${hex(low)}-${hex(high)}`);
  return `Line ${row.line} of "${row.file}": ${ranges.join(", ")}.`;
}
