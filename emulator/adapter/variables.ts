// Requests about variables: variables, setVariable, setExpression.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { evaluate, store } from "../debugger/expressions/evaluator.ts";
import { RequestError } from "./request-error.ts";
import { valueRow } from "./scopes.ts";
import type { AdapterState, Handlers } from "./state.ts";

export const variables: Handlers = {
  variables(state, args: DebugProtocol.VariablesArguments) {
    return { variables: container(state, args.variablesReference).list(args.start, args.count) };
  },

  setVariable(state, args: DebugProtocol.SetVariableArguments) {
    const { set } = container(state, args.variablesReference);
    if (!set) throw new RequestError("Device registers are read only here.");
    const { value, type, variablesReference } = set(args.name, args.value);
    changed(state);
    return { value, ...(type ? { type } : {}), variablesReference };
  },

  setExpression(state, args: DebugProtocol.SetExpressionArguments) {
    const context = state.stopped.debugger.context(state.frame(args.frameId));
    const target = evaluate(args.expression, context);
    const result = store(target, evaluate(args.value, context), context);
    const row = valueRow(state, args.expression, result, args.expression);
    changed(state);
    return { value: row.value, ...(row.type ? { type: row.type } : {}), variablesReference: 0 };
  },
};

function container(state: AdapterState, reference: number) {
  void state.stopped;
  const found = state.references.get(reference);
  if (!found) throw new RequestError("This variable is of an earlier stop.");
  return found;
}

/** A write may show elsewhere: views read again. */
const changed = (state: AdapterState): void => state.send("invalidated", { areas: ["variables"] });
