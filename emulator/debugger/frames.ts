// The call stack as gdb sees it: unwound frames with their inlined functions expanded, and gdb's text for them.
// Must not know DAP or run control.

import type { RegisterName } from "../cpu/registers.ts";
import type { FrameState, FunctionInstance, Location, SymbolFile, Variable } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { formatArgument, formatErrors, type Surroundings } from "./format.ts";
import { bytesEqual, bytesOf, hex64 } from "./numbers.ts";
import type { EntryValues } from "./settings.ts";
import { type Target, UnavailableRegister } from "./target.ts";
import { sizeOf } from "./types.ts";
import { inMemory, missing, temporary, type Value } from "./values.ts";

export interface Frame {
  level: number;
  /** Undefined where no symbol covers the pc: gdb's `??`. */
  function: string | undefined;
  /** Absent where there is no debug info. */
  instance: FunctionInstance | undefined;
  inlined: boolean;
  /** An interrupt's entry: gdb's `<signal handler called>`. */
  signal: boolean;
  /** Left by a jump to its callee: it has no part of the stack. */
  tailCall?: true;
  pc: bigint;
  /** False where gdb leaves the address out: the pc begins a line, or a callee is inlined here. */
  showAddress: boolean;
  file: string | undefined;
  line: number | undefined;
  column: number | undefined;
  /** Machine state of the frame; inlined frames share their function's. */
  state: FrameState;
}

/** The machine's state now: where unwinding begins. */
export function currentState(target: Target): FrameState {
  const known = new Map<string, bigint>();
  return {
    pc: target.readRegister("rip"),
    isCaller: false,
    ...(target.vectors && { vector: (name: string) => target.vectors!.read(name) }),
    get(register) {
      const value = known.get(register) ?? readAvailable(target, register);
      if (value !== undefined) known.set(register, value);
      return value;
    },
  };
}

function readAvailable(target: Target, register: RegisterName): bigint | undefined {
  try {
    return target.readRegister(register);
  } catch (error) {
    if (error instanceof UnavailableRegister) return undefined;
    throw error;
  }
}

/** The address to look symbols up by: a return address belongs to the call before it. */
export const lookupAddress = (state: FrameState): bigint => (state.isCaller ? state.pc - 1n : state.pc);

/** Deeper than any kernel's stack; a corrupt stack ends here at the latest. */
const MAX_FRAMES = 256;

/**
 * Unwinds from a state. `hidden` inlined functions that begin at the innermost pc are not shown yet: execution stands
 * at their call (gdb's skipped inline frames). Stops at `main`, as gdb does.
 */
export function backtrace(
  symbols: SymbolFile,
  start: FrameState,
  memory: MemoryReader,
  { limit = MAX_FRAMES, hidden = 0 } = {},
): Frame[] {
  const frames: Frame[] = [];
  let state: FrameState | undefined = start;
  while (state && frames.length < limit) {
    const isLast: boolean = frames.length + 1 >= limit || isOutermost(symbols, state);
    const next: FrameState | undefined = isLast ? undefined : symbols.unwind(state, memory);
    const left = next ? tailCallStates(symbols, state, next) : [];
    const own = left[0] ? { ...state, tailCaller: left[0] } : state;
    frames.push(...framesAt(symbols, own, frames.length, frames.length === 0 ? hidden : 0));
    for (const each of left)
      for (const frame of framesAt(symbols, each, frames.length)) frames.push({ ...frame, tailCall: true });
    if (next?.belowSignal) frames[frames.length - 1] = { ...frames.at(-1)!, signal: true };
    if (!next || isStuck(state, next)) break;
    state = next;
  }
  return frames.slice(0, limit);
}

/** gdb's stack ends at `main`, and at the function that the file is entered at. */
function isOutermost(symbols: SymbolFile, state: FrameState): boolean {
  const address = lookupAddress(state);
  const body = symbols.functionsAt(address).at(-1);
  if ((body ? body.name : symbols.symbolAt(address)?.symbol.name) === "main") return true;
  const start = startOf(symbols, address);
  return start !== undefined && start === startOf(symbols, symbols.info.entry);
}

const startOf = (symbols: SymbolFile, address: bigint): bigint | undefined =>
  symbols.functionsAt(address).at(-1)?.ranges[0]?.low ?? symbols.symbolAt(address)?.symbol.address;

/** Functions that left by a jump to their callee: no frame of theirs is on the stack, the debug info tells. The callee's side first. */
function tailCallStates(symbols: SymbolFile, from: FrameState, to: FrameState): FrameState[] {
  const callee = symbols.functionsAt(lookupAddress(from)).at(-1)?.ranges[0]?.low;
  // As gdb: after a guess at an assembly function's frame, what came before is not guessed on.
  if (callee === undefined || !to.isCaller || !to.byFrameInfo || !symbols.tailCalls) return [];
  const states: FrameState[] = [];
  let caller = to;
  for (const pc of symbols.tailCalls(to.pc, callee).slice().reverse()) {
    caller = tailCallState(pc, to, caller);
    states.unshift(caller);
  }
  return states;
}

const tailCallState = (pc: bigint, registers: FrameState, tailCaller: FrameState): FrameState => ({
  pc,
  isCaller: true,
  tailCaller,
  ...(registers.vector && { vector: registers.vector }),
  ...(registers.place && { place: registers.place }),
  get: (register) => (register === "rip" ? pc : registers.get(register)),
});

/** An unwinding step that does not move up the stack would never end. */
const isStuck = (from: FrameState, to: FrameState): boolean => from.pc === to.pc && from.cfa === to.cfa;

/** The frames of one unwound state: its inlined functions, innermost first, and the function itself. */
export function framesAt(symbols: SymbolFile, state: FrameState, level: number, hidden = 0): Frame[] {
  const address = lookupAddress(state);
  const instances = symbols.functionsAt(address);
  if (instances.length === 0) return [symbolFrame(symbols, state, level)];
  return instances.slice(hidden).map((instance, index) => {
    const callee = instances[hidden + index - 1];
    const common = {
      level: level + index,
      function: instance.name,
      instance,
      inlined: instance.inlined,
      signal: false,
      pc: state.pc,
      state,
    };
    // Where a callee is inlined, this frame stands at its call.
    if (callee) {
      const { callFile: file, callLine: line } = callee;
      return { ...common, showAddress: false, file, line, column: undefined };
    }
    const row = symbols.lineAt(address);
    const showAddress = state.isCaller || row?.low !== state.pc || !row.isStatement;
    return { ...common, showAddress, file: row?.file, line: row?.line, column: row?.column || undefined };
  });
}

/** A frame without debug info: the ELF symbol is all there is. */
function symbolFrame(symbols: SymbolFile, state: FrameState, level: number): Frame {
  const address = lookupAddress(state);
  const row = symbols.lineAt(address);
  return {
    level,
    function: symbols.symbolAt(address)?.symbol.name,
    instance: undefined,
    inlined: false,
    signal: false,
    pc: state.pc,
    showAddress: true,
    file: row?.file,
    line: row?.line,
    column: undefined,
    state,
  };
}

/** A variable's value in a frame. */
export function variableValue(
  variable: Variable,
  symbols: SymbolFile,
  state: FrameState,
  memory: MemoryReader,
): Value {
  return valueAt(symbols.locate(variable, state, memory), variable, state, memory);
}

/** The variable's value at a place that is known already. */
export function valueAt(
  location: Location,
  variable: Variable,
  state: FrameState,
  memory: MemoryReader,
): Value {
  switch (location.kind) {
    case "memory":
      return inMemory(variable.type, location.address, memory);
    case "value":
      return temporary(variable.type, location.bytes, location.missing);
    case "register":
      return registerValue(variable, location.register, state);
    case "optimized-out":
      return missing(variable.type, "<optimized out>");
    case "unavailable":
      return missing(
        variable.type,
        location.why === "synthetic pointer" ? "<synthetic pointer>" : `<error: ${location.why}>`,
      );
  }
}

function registerValue(variable: Variable, register: RegisterName, state: FrameState): Value {
  const content = state.get(register);
  if (content === undefined) return missing(variable.type, "<not saved>");
  return {
    type: variable.type,
    place: { kind: "register", register, offset: 0 },
    bytes: () => bytesOf(content, sizeOf(variable.type)),
  };
}

/** The arguments of a frame as a backtrace shows them; `name` is `tc@entry` for a value at the function's entry, `tc=tc@entry` for both. */
export function frameArguments(
  frame: Frame,
  symbols: SymbolFile,
  around: Surroundings,
  entryValues: EntryValues = "no",
): { name: string; value: string }[] {
  const { state } = frame;
  const written = (value: Value) => formatErrors(() => formatArgument(value, around));
  return (frame.instance?.parameters() ?? []).flatMap((variable) => {
    const now = variableValue(variable, symbols, state, around.memory);
    const location =
      entryValues === "no" ? undefined : symbols.locateAtEntry?.(variable, state, around.memory);
    const entry = location && valueAt(location, variable, state, around.memory);
    return argumentForms(now, entry, entryValues).map(({ form, value }) => ({
      name: FORMS[form](variable.name),
      value: written(value),
    }));
  });
}

const FORMS = {
  now: (name: string) => name,
  entry: (name: string) => `${name}@entry`,
  equal: (name: string) => `${name}=${name}@entry`,
} as const;

/** Which of a parameter's values are shown, by gdb's `print entry-values` (read_frame_arg). */
function argumentForms(
  now: Value,
  entry: Value | undefined,
  setting: EntryValues,
): { form: keyof typeof FORMS; value: Value }[] {
  const current = { form: "now" as const, value: now };
  const atEntry = { form: "entry" as const, value: entry ?? missing(now.type, "<optimized out>") };
  switch (setting) {
    case "no":
      return [current];
    case "only":
      return [atEntry];
    case "both":
      return [current, atEntry];
    case "preferred":
      return entry || now.missing ? [atEntry] : [current];
    case "if-needed":
      return entry && now.missing ? [atEntry] : [current];
    case "compact":
    case "default":
      if (!entry) return [current];
      if (now.missing) return setting === "compact" ? [atEntry] : [current, atEntry];
      return sameBytes(now, entry) ? [{ form: "equal", value: now }] : [current, atEntry];
  }
}

function sameBytes(left: Value, right: Value): boolean {
  try {
    return bytesEqual(left.bytes(), right.bytes());
  } catch {
    return false;
  }
}

/** One line of gdb's `bt`: `#1  0xffffffff80261431 in startrtclock () at /sys/arch/x86/isa/clock.c:340`. */
export function formatFrame(
  frame: Frame,
  symbols: SymbolFile,
  around: Surroundings,
  entryValues: EntryValues = "no",
): string {
  const level = `#${frame.level}`.padEnd(4);
  if (frame.signal) return `${level}<signal handler called>`;
  const args = frameArguments(frame, symbols, around, entryValues).map(
    ({ name, value }) => `${name}=${value}`,
  );
  const address = frame.showAddress ? `${hex64(frame.pc)} in ` : "";
  const place = frame.file ? ` at ${frame.file}:${frame.line}` : "";
  return `${level}${address}${frame.function ?? "??"} (${args.join(", ")})${place}`;
}
