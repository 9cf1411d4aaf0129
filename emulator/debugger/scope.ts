// What expressions see in a frame: its variables and registers, globals, history, and where their writes go.

import type { RegisterName } from "../cpu/registers.ts";
import type { SymbolFile, Variable } from "../symbols/api.ts";
import type { Context } from "./expressions/evaluator.ts";
import type { Surroundings } from "./format.ts";
import { type Frame, lookupAddress, variableValue } from "./frames.ts";
import { bytesOf, hex, unsignedOf } from "./numbers.ts";
import { registerNamed } from "./registers.ts";
import type { Target } from "./target.ts";
import { pointerTo, sizeOf, VOID } from "./types.ts";
import { EvaluationError, missing, type Place, temporary, type Value } from "./values.ts";

/** Values that outlive an expression: gdb's value history and convenience variables. */
export interface Memory {
  history: Value[];
  convenience: Map<string, Value>;
}

/** What makes a scope. */
export interface ScopeParts {
  target: Target;
  symbols: SymbolFile;
  frame: Frame | undefined;
  kept: Memory;
  /** Register constants of the clock hardware; undefined for every other name. */
  constant(name: string): Value | undefined;
}

/** Memory and symbol names, for printing. */
export function surroundings(target: Target, symbols: SymbolFile): Surroundings {
  return {
    memory: (address, length) => target.readMemory(address, length),
    symbolic: (address) => symbolic(symbols, address),
    linkage: (address) => symbolic(symbols, address, "linkage"),
  };
}

/** `<main+4>`, or "" where no symbol covers the address. */
export function symbolic(
  symbols: SymbolFile,
  address: bigint,
  names: "source" | "linkage" = "source",
): string {
  const found = symbols.symbolAt(address);
  if (!found) return "";
  const { symbol, offset } = found;
  const body = symbol.kind === "object" ? undefined : symbols.functionsAt(address).at(-1);
  const entry = body?.ranges[0]?.low;
  // As gdb: of several names for one place (aliases, the compiler's clones) the one in the source, unless a symbol is nearer.
  if (body && entry !== undefined && symbol.address <= entry && entry <= address)
    return withOffset(body.name, Number(address - entry));
  const plain = symbol.kind === "object" && names === "source";
  return withOffset(plain ? staticName(symbols, symbol.name) : symbol.name, offset);
}

/** A static of a function ("count.0") goes by its name in the source; what the compiler made has none. */
const staticName = (symbols: SymbolFile, name: string): string =>
  symbols.info.hasDebugInfo && !/^(__compound_literal|CSWTCH|C)\./.test(name)
    ? name.replace(/\.\d+$/, "")
    : name;

const withOffset = (name: string, offset: number): string =>
  offset === 0 ? `<${name}>` : `<${name}+${offset}>`;

/** The context of an expression in a frame; without a frame only globals and registers are in scope. */
export function makeContext(parts: ScopeParts): Context {
  const { target, symbols, frame, kept } = parts;
  const memory = (address: bigint, length: number) => target.readMemory(address, length);
  return {
    symbols,
    memory,
    near: frame && lookupAddress(frame.state),
    local(name) {
      const variable = frame && findVariable(frame, name);
      return variable && frame && variableValue(variable, symbols, frame.state, memory);
    },
    dollar: (name) => dollar(name, parts),
    setDollar(name, value) {
      kept.convenience.set(name, temporary(value.type, value.bytes().slice()));
    },
    constant: parts.constant,
    write: (value, bytes) => write(value, bytes, parts),
  };
}

/** The locals that are worth a row in a view: without goto labels, and without what was optimized away where another of its name was not. */
export function visibleLocals(frame: Frame): Variable[] {
  const locals = frame.instance?.locals(lookupAddress(frame.state)) ?? [];
  const valued = new Set(locals.filter(({ valueless }) => !valueless).map(({ name }) => name));
  return locals.filter(({ name, label, valueless }) => !label && !(valueless && valued.has(name)));
}

/** C's words, and the console's commands that have expressions behind them. */
const NO_NAMES = new Set("if else sizeof unsigned signed int char long short void const volatile _Bool float double p print x output display set var watch rwatch awatch".split(" ")); // biome-ignore format: a list

/** Does the debug info know the name, as anything? */
export const isSymbol =
  (context: Context) =>
  (name: string): boolean =>
    NO_NAMES.has(name) ||
    context.local(name) !== undefined ||
    context.symbols.symbolNamed(name) !== undefined ||
    context.symbols.globalNamed(name, context.near) !== undefined ||
    context.symbols.typeNamed(name, context.near) !== undefined ||
    context.symbols.enumeratorNamed?.(name) !== undefined;

/** A frame's variable by name: innermost block first, then parameters. */
export function findVariable(frame: Frame, name: string): Variable | undefined {
  const { instance } = frame;
  if (!instance) return undefined;
  const locals = instance.locals(lookupAddress(frame.state));
  const inner = locals.find((each) => each.name === name && !each.label);
  return inner ?? instance.parameters().find((each) => each.name === name);
}

const VOID_VALUE = temporary(VOID, new Uint8Array(1));

/** `$rip`, `$eax`, `$1`, `$`, `$$`, `$anything`. */
function dollar(name: string, parts: ScopeParts): Value {
  if (name === "fp" && parts.frame) return framePointer(parts.frame, parts);
  const part = registerNamed(name);
  if (part) return registerPart(part.register, part.offset, part.type, parts);
  const { history, convenience } = parts.kept;
  const counted = /^(\$?)(\d*)$/.exec(name);
  if (!counted) return convenience.get(name) ?? VOID_VALUE;
  const number = counted[2] === "" ? undefined : Number(counted[2]);
  const back = counted[1] ? (number ?? 1) : 0;
  const index = counted[1] || number === undefined ? history.length - 1 - back : number - 1;
  const value = history[index];
  if (value) return value;
  if (number === undefined || counted[1]) return VOID_VALUE;
  throw new EvaluationError(`History has not yet reached $${number}.`);
}

/** gdb's $fp: rbp where the function has set it, else where it would be. */
function framePointer(frame: Frame, { symbols }: ScopeParts): Value {
  const base = symbols.frameBase?.(frame.state) ?? frame.state.get("rbp");
  return base === undefined
    ? missing(pointerTo(VOID), "<not saved>")
    : temporary(pointerTo(VOID), bytesOf(base, 8));
}

function registerPart(register: RegisterName, offset: number, type: Value["type"], parts: ScopeParts): Value {
  const state = parts.frame?.state;
  const content = state
    ? register === "rip"
      ? state.pc
      : state.get(register)
    : parts.target.readRegister(register);
  if (content === undefined) return missing(type, "<not saved>");
  return {
    type,
    place: { kind: "register", register, offset },
    bytes: () => bytesOf(content >> BigInt(offset * 8), sizeOf(type)),
  };
}

/** Stores bytes where a value lives. A register of an outer frame is where the frames below it saved it, or still in the processor. */
function write(value: Value, bytes: Uint8Array, { target, frame }: ScopeParts): void {
  const place = homeOf(value, frame);
  if (!place) throw new EvaluationError("Left operand of assignment is not an lvalue.");
  if (place.kind === "memory") {
    target.writeMemory(place.address, bytes);
    return;
  }
  const old = target.readRegister(place.register);
  const shift = BigInt(place.offset * 8);
  const mask = ((1n << BigInt(bytes.length * 8)) - 1n) << shift;
  target.writeRegister(
    place.register,
    BigInt.asUintN(64, (old & ~mask) | ((unsignedOf(bytes) << shift) & mask)),
  );
}

/** Memory or a register of the processor; undefined for a value that is in neither. */
function homeOf({ place }: Value, frame: Frame | undefined): Exclude<Place, { kind: "none" }> | undefined {
  if (place.kind === "none") return undefined;
  if (place.kind === "memory" || !frame?.state.place) return place;
  const home = frame.state.place(place.register);
  if (!home) return undefined;
  if (home.kind === "memory") return { kind: "memory", address: home.address + BigInt(place.offset) };
  return { ...home, offset: place.offset };
}

/** Where a value lives, for views that show memory: `0xffffffff8080a980`. */
export const memoryReference = (value: Value): string | undefined =>
  value.place.kind === "memory" ? hex(value.place.address) : undefined;
