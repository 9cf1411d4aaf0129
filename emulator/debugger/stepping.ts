// Steps by source line and by instruction, over and into calls and inlined functions; where they end is gdb's answer
// (process_event_stop_test). Interrupts and timers stay on: an interrupt taken during a step runs to its end at full speed. Must not know DAP.

import type { AddressRange, FrameState, SymbolFile } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { beginningInlines, type FrameId, frameIds, sameFrame, stackFrameId } from "./frame-identity.ts";
import { currentState } from "./frames.ts";
import { unsignedOf } from "./numbers.ts";
import { runToFrame } from "./run-to-frame.ts";
import type { Stop, Target } from "./target.ts";

/** "past": over, and not back within the function (gdb's `until`). */
export type StepKind = "over" | "into" | "out" | "past";

/** What stepping asks of the debugger around it. */
export interface StepHost {
  target: Target;
  symbols: SymbolFile;
  memory: MemoryReader;
  /** One instruction. Undefined: nothing else happened; a user's breakpoint at the new pc is a stop. */
  instruction(): Promise<Stop | undefined>;
  /** Runs until one of the addresses is reached and `accept` holds there (undefined), or something else stops the guest. */
  runTo(addresses: readonly bigint[], accept: (address: bigint) => boolean): Promise<Stop | undefined>;
}

/** How a step ended: a stop of another kind, or a step with inlined functions not yet entered. */
export interface StepResult {
  stop: Stop;
  hidden: number;
}

export const stepped = (hidden: number): StepResult => ({ stop: { kind: "step" }, hidden });
export const ended = (stop: Stop): StepResult => ({ stop, hidden: 0 });

/** Where execution stands is the end of the step; inlined functions that begin here are not entered yet. */
export function steppedHere({ target, symbols }: StepHost): StepResult {
  const pc = target.readRegister("rip");
  return stepped(beginningInlines(pc, symbols.functionsAt(pc)));
}

/** What a step is measured against (gdb's step_frame_id, current_line and step range); renewed when execution lands in the middle of another line. */
export interface Origin {
  frame: FrameId | undefined;
  /** The frame that has the part of the stack. */
  stack: FrameId | undefined;
  file: string | undefined;
  /** 0: of no line, every line is another one. */
  line: number;
  /** Code that is run through without a question. */
  range: AddressRange;
}

/** One instruction; "over" runs a call to its return. */
export async function stepInstruction(host: StepHost, kind: "over" | "into"): Promise<StepResult> {
  const origin = stackFrameId(host.symbols, currentState(host.target), host.memory);
  const other = await host.instruction();
  if (other) return ended(other);
  const caller = kind === "over" ? enteredFrom(host, origin) : undefined;
  const stop = caller && (await runToFrame(host, caller));
  // By instruction gdb shows inlined functions from their first instruction on.
  return stop ? ended(stop) : stepped(0);
}

/** To the next line, entering calls ("into") or not ("over"). `hidden` inlined functions begin at the pc unentered. */
export function stepLine(host: StepHost, kind: "over" | "into", hidden: number): Promise<StepResult> {
  if (kind === "into" && hidden > 0) return Promise.resolve(stepped(hidden - 1));
  return stepFrom(host, kind, lineOrigin(host, hidden));
}

/** Out of the loop that the line ends: to a line behind it in this function, or out of the function (gdb's `until` without argument). */
export function stepPast(host: StepHost, hidden: number): Promise<StepResult> {
  const pc = host.target.readRegister("rip");
  const origin = lineOrigin(host, hidden);
  const entry = host.symbols.functionsAt(pc).at(-1)?.ranges[0]?.low;
  const range =
    entry === undefined
      ? { low: host.symbols.symbolAt(pc)?.symbol.address ?? pc, high: pc + 1n }
      : { low: entry, high: host.symbols.lineRanges(pc)[0]?.high ?? pc + 1n };
  return stepFrom(host, "over", { ...origin, range });
}

/** Steps until the stop is one that gdb would stop at. */
export async function stepFrom(host: StepHost, kind: "over" | "into", start: Origin): Promise<StepResult> {
  let origin = start;
  for (;;) {
    const other = await oneInstruction(host);
    if (other) return ended(other);
    let arrival = judgeArrival(host, kind, origin);
    while (arrival.kind === "return") {
      const stop = await runToFrame(host, arrival.caller);
      if (stop) return ended(stop);
      arrival = judgeArrival(host, kind, origin);
    }
    if (arrival.kind === "done") return stepped(arrival.hidden);
    if (arrival.kind === "enter") return enterFunction(host);
    origin = arrival.origin;
  }
}

/** The line that execution stands on; the call of the inlined functions that begin here but are not entered yet. */
function lineOrigin(host: StepHost, hidden: number): Origin {
  const state = currentState(host.target);
  const instances = host.symbols.functionsAt(state.pc);
  const ids = frameIds(host.symbols, state, host.memory, hidden, instances);
  const callee = instances[hidden - 1];
  const row = host.symbols.lineAt(state.pc);
  const range = host.symbols.lineRanges(state.pc)[0] ?? functionRange(host, state.pc);
  const end = callee?.ranges.reduce((most, { high }) => (high > most ? high : most), 0n);
  return {
    frame: ids[0],
    stack: ids.at(-1),
    file: callee ? callee.callFile : row?.file,
    line: (callee ? callee.callLine : row?.line) ?? 0,
    // Compilers leave rows out behind an inlined function (gcc/98780): the row is not longer than that one's code.
    range: end !== undefined && end < range.high ? { low: range.low, high: end } : range,
  };
}

/** Without lines a step goes to the end of the function. */
function functionRange({ symbols }: StepHost, pc: bigint): AddressRange {
  const found = symbols.symbolAt(pc)?.symbol;
  if (!found) throw new Error("Cannot find bounds of current function");
  const { address: low, size } = found;
  return { low, high: size > 0 ? low + BigInt(size) : pc + 1n };
}

type Arrival =
  | { kind: "done"; hidden: number }
  /** Go on, measured against this. */
  | { kind: "on"; origin: Origin }
  /** In a function that was called and is not stepped into: run until it returns, then ask again. */
  | { kind: "return"; caller: FrameState }
  /** In a function that is stepped into. */
  | { kind: "enter" };

/** Decides whether the instruction that execution now stands at ends the step; the order of the questions is gdb's. */
function judgeArrival(host: StepHost, kind: "over" | "into", origin: Origin): Arrival {
  const { symbols } = host;
  const state = currentState(host.target);
  const { pc } = state;
  if (pc >= origin.range.low && pc < origin.range.high) return { kind: "on", origin };
  const instances = symbols.functionsAt(pc);
  const hidden = beginningInlines(pc, instances);
  const row = symbols.lineAt(pc);
  const ids = frameIds(symbols, state, host.memory, hidden, instances);
  const caller = enteredFrom(host, origin.stack);
  if (caller) return kind === "into" && row ? { kind: "enter" } : { kind: "return", caller };
  if (!row) return withoutLine(host, kind, state);
  const inlined = judgeInlined(host, kind, origin, ids, hidden);
  return inlined ?? judgeLine(origin, ids, hidden, pc, row, symbols.lineRanges(pc)[0] ?? origin.range);
}

/** In code without lines the step ends; where not even a function has a name, a step into goes on to the caller. */
function withoutLine(host: StepHost, kind: "over" | "into", state: FrameState): Arrival {
  const caller =
    kind === "into" && !host.symbols.symbolAt(state.pc) ? host.symbols.unwind(state, host.memory) : undefined;
  return caller ? { kind: "return", caller } : { kind: "done", hidden: 0 };
}

/** At the call of an inlined function, or within one that was called from where the step began; undefined elsewhere. */
function judgeInlined(
  host: StepHost,
  kind: "over" | "into",
  origin: Origin,
  ids: readonly FrameId[],
  hidden: number,
): Arrival | undefined {
  if (sameFrame(ids[0], origin.frame) && hidden > 0) {
    const callee = host.symbols.functionsAt(host.target.readRegister("rip"))[hidden - 1]!;
    // A call on a line of its own, or a part of the line that is being stepped.
    const sameLine = callee.callLine === origin.line && callee.callFile === origin.file;
    if (!sameLine) return { kind: "done", hidden };
    return kind === "into" ? { kind: "done", hidden: hidden - 1 } : { kind: "on", origin };
  }
  const within =
    !sameFrame(ids[0], origin.frame) && ids.slice(1).some((each) => sameFrame(each, origin.frame));
  if (!within) return undefined;
  return kind === "into" ? { kind: "done", hidden } : { kind: "on", origin };
}

/** The first instruction of another line's statement ends the step; in the middle of a line it goes on from there. */
function judgeLine(
  origin: Origin,
  ids: readonly FrameId[],
  hidden: number,
  pc: bigint,
  row: { file: string; line: number; low: bigint; isStatement: boolean },
  range: AddressRange,
): Arrival {
  const [frame, stack] = [ids[0], ids.at(-1)];
  const here = { frame, stack, file: row.file, line: row.line, range };
  const otherLine = row.line !== origin.line || row.file !== origin.file;
  if (!otherLine || row.low !== pc) return { kind: "on", origin: here };
  if (row.isStatement) return { kind: "done", hidden };
  // A row that starts no statement is no line to stop at, nor one to leave.
  const same = sameFrame(frame, origin.frame);
  return { kind: "on", origin: same ? { ...origin, range } : { ...here, line: 0 } };
}

/** The state to return to when execution is in a function that the frame called; undefined when it is not. */
function enteredFrom(host: StepHost, stack: FrameId | undefined): FrameState | undefined {
  const { symbols, memory } = host;
  const state = currentState(host.target);
  if (!stack || sameFrame(stackFrameId(symbols, state, memory), stack)) return undefined;
  const caller = symbols.unwind(state, memory);
  return caller && sameFrame(stackFrameId(symbols, caller, memory), stack) ? caller : undefined;
}

/** After a call into a function with lines: runs past its prologue. */
async function enterFunction(host: StepHost): Promise<StepResult> {
  const { symbols, target } = host;
  const pc = target.readRegister("rip");
  const entry = symbols.stepEntry?.(pc) ?? pc;
  if (entry === pc) return steppedHere(host);
  const stack = target.readRegister("rsp");
  const stop = await host.runTo([entry], () => target.readRegister("rsp") <= stack);
  return stop ? ended(stop) : steppedHere(host);
}

/** One instruction of the code that is stepped: an interrupt that is taken instead runs to its end first. */
async function oneInstruction(host: StepHost): Promise<Stop | undefined> {
  const { target } = host;
  for (;;) {
    const before = { pc: target.readRegister("rip"), stack: target.readRegister("rsp") };
    const stop = await host.instruction();
    if (stop) return stop;
    const interrupted = await finishInterrupt(host, before);
    if (interrupted !== "resumed") return interrupted;
  }
}

/**
 * When an interrupt or exception was taken instead of the instruction at `before.pc`, runs until it has returned there.
 * The frame that the processor pushed tells (SDM 3A, 6.14.2): at the old stack pointer aligned down to 16 bytes.
 */
async function finishInterrupt(
  host: StepHost,
  before: { pc: bigint; stack: bigint },
): Promise<Stop | "resumed" | undefined> {
  const { target } = host;
  const pc = target.readRegister("rip");
  const oldStack = before.stack;
  const pushed = (oldStack & ~15n) - 40n;
  if (target.readRegister("rsp") > pushed || (pc > before.pc && pc <= before.pc + 15n)) return undefined;
  if (readQuad(host, pushed) !== before.pc || readQuad(host, pushed + 24n) !== oldStack) return undefined;
  return (await host.runTo([before.pc], () => target.readRegister("rsp") === oldStack)) ?? "resumed";
}

function readQuad(host: StepHost, address: bigint): bigint | undefined {
  try {
    return unsignedOf(host.memory(BigInt.asUintN(64, address), 8));
  } catch {
    return undefined;
  }
}
