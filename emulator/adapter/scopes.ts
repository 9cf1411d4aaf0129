// What the variables view opens: arguments and locals, registers, clock devices, and the parts of values.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Child, childCounts, children } from "../debugger/children.ts";
import { evaluate, store } from "../debugger/expressions/evaluator.ts";
import { formatErrors, formatInner, formatValue } from "../debugger/format.ts";
import type { FormatLetter } from "../debugger/format-integer.ts";
import { type Frame, variableValue } from "../debugger/frames.ts";
import { registerRow, registerValue } from "../debugger/info.ts";
import { GENERAL_REGISTERS, SYSTEM_REGISTERS } from "../debugger/registers.ts";
import { memoryReference } from "../debugger/scope.ts";
import { resolve, sizeOf, typeName } from "../debugger/types.ts";
import type { Value } from "../debugger/values.ts";
import type { ClockDevice, ClockRegister } from "../devices/inspect.ts";
import type { Variable } from "../symbols/api.ts";
import type { Container } from "./references.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState } from "./state.ts";

/** Longer texts, and structs larger than this many bytes, are cut: the view opens them. */
const MAX_TEXT = 500;
const MAX_STRUCT = 8192;

/** A value as one row: text, type, and a reference when there is more to open. */
export function valueRow(
  state: AdapterState,
  name: string,
  value: Value,
  expression: string,
  letter?: FormatLetter,
): DebugProtocol.Variable {
  const counts = childCounts(value);
  const opens = counts.named + counts.indexed > 0;
  const reference = memoryReference(value) ?? pointerTarget(state, value);
  return {
    name,
    value: rowText(state, value, letter),
    type: typeName(value.type),
    evaluateName: expression,
    variablesReference: opens ? state.references.add(valueContainer(state, value, expression)) : 0,
    ...(counts.named > 0 ? { namedVariables: counts.named } : {}),
    ...(counts.indexed > 0 ? { indexedVariables: counts.indexed } : {}),
    ...(reference ? { memoryReference: reference } : {}),
  };
}

function rowText(state: AdapterState, value: Value, letter: FormatLetter | undefined): string {
  const { kind } = resolve(value.type);
  if (kind === "function") return formatValue(value, state.session.debugger.around);
  if ((kind === "struct" || kind === "union") && sizeOf(value.type) > MAX_STRUCT) return "{...}";
  const text = formatErrors(() => formatInner(value, state.session.debugger.around, letter));
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Memory views open a pointer at what it points to. */
function pointerTarget(state: AdapterState, value: Value): string | undefined {
  if (resolve(value.type).kind !== "pointer" || value.missing) return undefined;
  const text = formatErrors(() =>
    formatInner(value, { ...state.session.debugger.around, symbolic: () => "" }),
  );
  return /^0x[0-9a-f]+/.exec(text)?.[0];
}

/** A value's members or elements. */
export function valueContainer(state: AdapterState, value: Value, expression: string): Container {
  const { memory } = state.session.debugger.around;
  const row = (child: Child) => valueRow(state, child.name, child.value, child.expression(expression));
  return {
    list: (start, count) => children(value, memory, start, count).map(row),
    set(name, text) {
      const index = /^\[(\d+)\]$/.exec(name);
      const list = index ? children(value, memory, Number(index[1]), 1) : children(value, memory);
      const child = list.find((each) => each.name === name);
      if (!child) throw new RequestError(`There is no ${name} here.`);
      assign(state, child.value, text, undefined);
      const again = (index ? children(value, memory, Number(index[1]), 1) : children(value, memory)).find(
        (each) => each.name === name,
      );
      return row(again ?? child);
    },
  };
}

/** Arguments or locals of a frame. */
export function variableScope(state: AdapterState, frame: Frame, variables: Variable[]): Container {
  const { symbols, debugger: engine } = state.session;
  const read = (variable: Variable) =>
    variableValue(
      variable,
      symbols,
      engine.frames()[frame.level]?.state ?? frame.state,
      engine.around.memory,
    );
  const row = (variable: Variable) => valueRow(state, variable.name, read(variable), variable.name);
  return {
    list: () => variables.map(row),
    set(name, text) {
      const variable = [...variables].reverse().find((each) => each.name === name);
      if (!variable) throw new RequestError(`There is no ${name} here.`);
      assign(state, read(variable), text, frame);
      return row(variable);
    },
  };
}

function assign(state: AdapterState, target: Value, text: string, frame: Frame | undefined): void {
  const { debugger: engine } = state.stopped;
  const context = engine.context(frame ?? engine.frames()[0]);
  store(target, evaluate(text, context), context);
}

/** The registers of a frame: what an outer frame did not save is said. */
export function registerScope(state: AdapterState, frame: Frame): Container {
  const { debugger: engine } = state.session;
  const row = (name: (typeof GENERAL_REGISTERS)[number]): DebugProtocol.Variable => {
    const current = engine.frames()[frame.level] ?? frame;
    const value = registerValue(name, current, engine);
    const [raw, natural] = registerRow(name, value, engine);
    const telling = /[[<"]/.test(natural) && natural !== raw;
    return {
      name,
      value: telling ? `${raw} ${natural.replace(`${raw} `, "")}` : raw,
      evaluateName: `$${name}`,
      variablesReference: 0,
      ...(value === undefined ? {} : { memoryReference: raw }),
    };
  };
  const names = [...GENERAL_REGISTERS, ...SYSTEM_REGISTERS];
  return {
    list: () => names.map(row),
    set(name, text) {
      const register = names.find((each) => each === name);
      if (!register) throw new RequestError(`There is no register ${name}.`);
      evaluate(`$${register} = ${text}`, engine.context(engine.frames()[frame.level] ?? frame));
      return row(register);
    },
  };
}

/** A clock device: its registers, each with decoded fields. */
export function deviceScope(state: AdapterState, device: ClockDevice): Container {
  const rows = (): DebugProtocol.Variable[] => [
    { name: "summary", value: device.summary, variablesReference: 0, presentationHint: { kind: "virtual" } },
    ...device.registers.map((register) => registerRowOf(state, device, register)),
  ];
  return { list: rows };
}

function registerRowOf(
  state: AdapterState,
  device: ClockDevice,
  register: ClockRegister,
): DebugProtocol.Variable {
  const fields: Container = {
    list: () =>
      register.fields.map(({ label, value, meaning }) => ({
        name: label,
        value: meaning ? `${value} (${meaning})` : value,
        variablesReference: 0,
      })),
  };
  return {
    name: register.label,
    evaluateName: `${device.id}.${register.id}`,
    value: register.meaning ? `${register.value}  ${register.meaning}` : register.value,
    variablesReference: register.fields.length > 0 ? state.references.add(fields) : 0,
    presentationHint: { attributes: ["readOnly"] },
  };
}
