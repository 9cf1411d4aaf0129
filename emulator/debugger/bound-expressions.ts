// Expressions that are evaluated again and again at the same place (conditions, log messages): parsed once for each place, their names
// looked up once; what a hit costs is reading registers and memory. Must not know breakpoints.

import type { FrameState, Location, SymbolFile, Variable } from "../symbols/api.ts";
import type { Expression } from "./expressions/ast.ts";
import { type Context, evaluateTree, type Names, NOWHERE, parse } from "./expressions/evaluator.ts";
import { currentState, type Frame, framesAt, valueAt } from "./frames.ts";
import { findVariable } from "./scope.ts";
import type { Target } from "./target.ts";
import type { Value } from "./values.ts";

/** What is bound needs of the debugger. */
export interface BindingParts {
  target: Target;
  symbols: SymbolFile;
  /** What expressions see in a frame; reads its state when they are evaluated. */
  context(frame: Frame | undefined): Context;
}

interface Bound {
  tree: Expression;
  context: Context;
  /** The innermost frame at the place; its state is that of the last hit. */
  frame: Frame | undefined;
}

/** More places than anyone breaks at with conditions; then all are bound anew. */
const MAX_BOUND = 1000;

export class BoundExpressions {
  readonly #bound = new Map<string, Bound>();

  constructor(private readonly parts: BindingParts) {}

  /** The value in the innermost frame where the target stands. Throws EvaluationError, MemoryError. */
  evaluate(source: string): Value {
    const state = currentState(this.parts.target);
    const key = `${state.pc} ${source}`;
    let bound = this.#bound.get(key);
    if (bound?.frame) bound.frame.state = state;
    if (!bound) {
      bound = this.#bind(source, framesAt(this.parts.symbols, state, 0)[0]);
      if (this.#bound.size >= MAX_BOUND) this.#bound.clear();
      this.#bound.set(key, bound);
    }
    return evaluateTree(bound.tree, bound.context);
  }

  /** The symbols, or what macros stand for, have changed. */
  clear(): void {
    this.#bound.clear();
  }

  #bind(source: string, found: Frame | undefined): Bound {
    const frame = found && { ...found };
    const context = remembering(this.parts.context(frame), frame, this.parts.symbols);
    return { tree: parse(source, context), context, frame };
  }
}

/** The context with each name's answer kept: it cannot change as long as the place and the symbols are the same. */
function remembering(context: Context, frame: Frame | undefined, symbols: SymbolFile): Context {
  const variables = once((name) => frame && findVariable(frame, name));
  // At one place, what is in a register is always in that one (DWARF 5, section 2.6.1.1.3).
  const registers = new Map<Variable, Location>();
  const located = (variable: Variable, state: FrameState): Location => {
    const location = registers.get(variable) ?? symbols.locate(variable, state, context.memory);
    if (location.kind === "register") registers.set(variable, location);
    return location;
  };
  return {
    ...context,
    symbols: rememberingNames(context.symbols),
    local: (name) => {
      const variable = variables(name);
      return (
        variable && frame && valueAt(located(variable, frame.state), variable, frame.state, context.memory)
      );
    },
  };
}

function rememberingNames(symbols: Names): Names {
  // Without a frame and its registers, a variable is where it is.
  const places = new Map<Variable, Location>();
  return {
    symbolNamed: once((name) => symbols.symbolNamed(name)),
    functionType: once((name) => symbols.functionType?.(name)),
    enumeratorNamed: once((name) => symbols.enumeratorNamed?.(name)),
    globalNamed: onceNear((name, near) => symbols.globalNamed(name, near)),
    typeNamed: onceNear((name, near) => symbols.typeNamed(name, near)),
    locate: (variable, frame, memory) => {
      const known = frame === NOWHERE ? places.get(variable) : undefined;
      const location = known ?? symbols.locate(variable, frame, memory);
      if (frame === NOWHERE && location.kind === "memory") places.set(variable, location);
      return location;
    },
    lineSites: (file, line) => symbols.lineSites(file, line),
    lineRanges: (address) => symbols.lineRanges(address),
    functionSites: (name) => symbols.functionSites(name),
    functionsAt: (address) => symbols.functionsAt(address),
  };
}

/** Keeps each name's answer, also that there is none. */
function once<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, { answer: T }>();
  return (name) => {
    let found = known.get(name);
    if (!found) {
      found = { answer: ask(name) };
      known.set(name, found);
    }
    return found.answer;
  };
}

/** The same for names that mean something else in another unit. */
function onceNear<T>(ask: (name: string, near: bigint | undefined) => T) {
  const byPlace = new Map<bigint | undefined, (name: string) => T>();
  return (name: string, near?: bigint): T => {
    const known = byPlace.get(near) ?? once((each) => ask(each, near));
    byPlace.set(near, known);
    return known(name);
  };
}
