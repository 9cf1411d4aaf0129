// evaluate for hover, watch and console; completions; the clock registers' constants under the mouse.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { type ConstantKnowledge, registerOfConstant } from "../../knowledge/constants.ts";
import { I8254_REGISTERS } from "../../knowledge/i8254.ts";
import { LAPIC_REGISTERS } from "../../knowledge/lapic.ts";
import { TSC_REGISTERS } from "../../knowledge/tsc.ts";
import { runCommand, splitFormat } from "../debugger/commands.ts";
import { complete } from "../debugger/completion.ts";
import { evaluate as evaluateExpression } from "../debugger/expressions/evaluator.ts";
import { formatInner, formatValue } from "../debugger/format.ts";
import { typeName } from "../debugger/types.ts";
import { learnMacros } from "./macros.ts";
import type { EvaluateLiveArguments } from "./protocol.ts";
import { runOf, standing, start } from "./run-control.ts";
import { valueRow } from "./scopes.ts";
import type { AdapterState, Handlers } from "./state.ts";

const REGISTERS = [...LAPIC_REGISTERS, ...I8254_REGISTERS, ...TSC_REGISTERS];

const ITEM_TYPES = {
  command: "keyword",
  variable: "variable",
  function: "function",
  member: "field",
  register: "value",
  file: "file",
} as const;

export const evaluation: Handlers = {
  async evaluate(state, args: DebugProtocol.EvaluateArguments) {
    const expression = args.expression.trim();
    await learnMacros(state, [expression], state.phase === "stopped" ? state.frame(args.frameId) : undefined);
    if (args.context === "repl") return lines(state, expression, args.frameId);
    const constant = constantText(state, expression);
    if (constant && !isKnownName(state, expression, args.frameId))
      return { result: constant, variablesReference: 0 };
    return value(state, expression, args);
  },

  "clockpath.evaluateLive"(state, args: EvaluateLiveArguments) {
    const constant = constantText(state, args.expression.trim());
    if (constant) return { result: constant };
    const { debugger: engine } = state.session;
    const frame = state.phase === "stopped" ? engine.frames()[0] : undefined;
    const found = evaluateExpression(args.expression, engine.context(frame));
    return { result: formatValue(found, engine.around), type: typeName(found.type) };
  },

  completions(state, args: DebugProtocol.CompletionsArguments) {
    const before = args.text.slice(0, args.column - 1);
    const frame = state.phase === "stopped" ? state.frame(args.frameId) : undefined;
    const { length, items } = complete(before, state.session.debugger, frame);
    const targets = items.map(({ text, kind }): DebugProtocol.CompletionItem => {
      return { label: text, type: ITEM_TYPES[kind], start: before.length - length, length };
    });
    return { targets };
  },
};

/** An expression's value for hover, watch, clipboard and the variables view. */
function value(state: AdapterState, expression: string, args: DebugProtocol.EvaluateArguments): object {
  const { debugger: engine } = state.stopped;
  const { source, letter } = splitFormat(expression);
  const found = evaluateExpression(source, engine.context(state.frame(args.frameId)));
  const hexadecimal = args.format?.hex ? ("x" as const) : undefined;
  // What cannot be read is an error here: a hover then stays away, a watch shows why.
  if (!found.missing) found.bytes();
  const row = valueRow(state, expression, found, source, letter ?? hexadecimal);
  const result = args.context === "clipboard" ? formatInner(found, engine.around, letter ?? hexadecimal) : row.value; // biome-ignore format: one thought
  return evaluateBody(row, result);
}

function evaluateBody(row: DebugProtocol.Variable, result: string): object {
  const { type, variablesReference, namedVariables, indexedVariables, memoryReference } = row;
  return { result, type, variablesReference, namedVariables, indexedVariables, memoryReference };
}

/** Several lines at once: a breakpoint's commands, pasted. The last line's answer may open; what runs the guest ends them. */
async function lines(state: AdapterState, text: string, frameId: number | undefined): Promise<object> {
  const said: string[] = [];
  let last: object = { result: "", variablesReference: 0 };
  for (const line of text.split(/\r?\n/).filter((each) => each.trim() !== "")) {
    last = await repl(state, line.trim(), frameId);
    said.push((last as { result: string }).result);
    if (state.phase === "running") break;
  }
  return { ...last, result: said.filter((each) => each !== "").join("\n") };
}

/** The console: gdb's commands; while the guest runs, only globals and registers can be looked at. */
async function repl(state: AdapterState, line: string, frameId: number | undefined): Promise<object> {
  const { debugger: engine } = state.session;
  const frame = state.phase === "running" ? undefined : state.frame(frameId);
  const constant = state.console.script ? undefined : constantText(state, line);
  if (constant && !engine.context(frame).symbols.globalNamed(line))
    return { result: constant, variablesReference: 0 };
  const outcome = await runCommand(line, engine, frame, state.console);
  if (outcome.kind === "text") {
    if (/^\s*set\b/.test(line)) state.send("invalidated", { areas: ["variables"] });
    return { result: outcome.text, variablesReference: 0 };
  }
  if (outcome.kind === "value")
    return evaluateBody(valueRow(state, line, outcome.value, outcome.expression), outcome.text);
  standing(state);
  start(state, () => runOf(engine, outcome));
  state.send("continued", { threadId: state.thread, allThreadsContinued: true });
  return { result: "", variablesReference: 0 };
}

function isKnownName(state: AdapterState, name: string, frameId: number | undefined): boolean {
  const { debugger: engine, symbols } = state.stopped;
  return (
    engine.context(state.frame(frameId)).local(name) !== undefined || symbols.globalNamed(name) !== undefined
  );
}

/** `lapic.timer_initial_count`, as the views and `watch` name it. */
function registerNamed(name: string): Omit<ConstantKnowledge, "constant"> | undefined {
  const [, device = "", register = ""] = /^(\w+)\.(\w+)$/.exec(name) ?? [];
  const knowledge = REGISTERS.find((each) => each.device === device && each.id === register);
  return knowledge && { device: knowledge.device, register, knowledge };
}

/** `LAPIC_ICR_TIMER`: the register's meaning and what it says now; undefined for names that are no such constant. */
export function constantText(state: AdapterState, name: string): string | undefined {
  const known = registerOfConstant(name) ?? registerNamed(name);
  if (!known) return undefined;
  const { knowledge } = known;
  const devices = state.phase === "running" ? (state.session.target.clocks?.read() ?? []) : state.devices();
  const device = devices.find(({ id }) => id === known.device);
  const live = device?.registers.find(({ id }) => id === known.register);
  const hexadecimal = (number: number) => `0x${number.toString(16)}`;
  const places = [
    ...(knowledge.xapicOffset === undefined ? [] : [`xAPIC offset ${hexadecimal(knowledge.xapicOffset)}`]),
    ...(knowledge.msr === undefined ? [] : [`MSR ${hexadecimal(knowledge.msr)}`]),
    ...(knowledge.port === undefined ? [] : [`port ${hexadecimal(knowledge.port)}`]),
  ];
  const now = live ? `${live.value}${live.meaning ? `  ${live.meaning}` : ""}` : "not readable now";
  const field = known.field ? `, field ${known.field.name}` : "";
  return `${now} — ${knowledge.name}${field} (${places.join(", ")})`;
}
