// Steps by source line and by instruction, over, into and out of calls and inlined functions. Interrupts and timers
// stay on: an interrupt taken during a step runs to its end at full speed. Must not know DAP.

import type { AddressRange, FunctionInstance, SymbolFile } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { currentState } from "./frames.ts";
import { unsignedOf } from "./numbers.ts";
import type { Stop, Target } from "./target.ts";

export type StepKind = "over" | "into" | "out";

/** What stepping asks of the debugger around it. */
export interface StepHost {
  target: Target;
  symbols: SymbolFile;
  memory: MemoryReader;
  /** One instruction. Undefined: nothing else happened; a user's breakpoint at the new pc is a stop. */
  instruction(): Promise<Stop | undefined>;
  /** Runs until the address is reached and `accept` holds there (undefined), or something else stops the guest. */
  runTo(address: bigint, accept: () => boolean): Promise<Stop | undefined>;
}

/** A call that was entered: where it returns to, and whether it has. */
interface Call {
  returnAddress: bigint;
  returned(): boolean;
}

/** Where execution stood before an instruction. */
interface Moment {
  pc: bigint;
  stack: bigint;
}

const momentOf = ({ target }: StepHost): Moment => ({
  pc: target.readRegister("rip"),
  stack: target.readRegister("rsp"),
});

/** How a step ended: a stop of another kind, or a step with inlined functions not yet entered. */
export interface StepResult {
  stop: Stop;
  hidden: number;
}

/** Where execution stands is the end of the step; inlined functions that begin here are not entered yet. */
function steppedHere({ target, symbols }: StepHost): StepResult {
  const pc = target.readRegister("rip");
  return stepped(beginningInlines(pc, symbols.functionsAt(pc)));
}

const stepped = (hidden: number): StepResult => ({ stop: { kind: "step" }, hidden });
const ended = (stop: Stop): StepResult => ({ stop, hidden: 0 });

/** What "the same line, the same frame" means. Renewed when execution lands in the middle of another line. */
interface Origin {
  /** Canonical frame address: the stack pointer after the function returns. */
  cfa: bigint | undefined;
  returnAddress: bigint | undefined;
  /** The visible functions, outermost first. */
  chain: FunctionInstance[];
  file: string | undefined;
  line: number | undefined;
  /** The row of the line table around the pc; the line may have others. */
  row: AddressRange | undefined;
}

function originOf(host: StepHost, hidden: number): Origin {
  const state = currentState(host.target);
  const instances = host.symbols.functionsAt(state.pc);
  const caller = host.symbols.unwind(state, host.memory);
  const callee = hidden > 0 ? instances[hidden - 1] : undefined;
  const row = host.symbols.lineAt(state.pc);
  return {
    cfa: caller?.get("rsp"),
    returnAddress: caller?.pc,
    chain: instances.slice(hidden).reverse(),
    file: callee ? callee.callFile : row?.file,
    line: callee ? callee.callLine : row?.line,
    row: host.symbols.lineRanges(state.pc)[0],
  };
}

/** One instruction; "over" runs a call to its return. */
export async function stepInstruction(host: StepHost, kind: StepKind): Promise<StepResult> {
  if (kind === "out") return stepOut(host, 0);
  const before = momentOf(host);
  const stop = await host.instruction();
  if (stop) return ended(stop);
  const call = kind === "over" ? enteredCall(host, before) : undefined;
  const other = call && (await host.runTo(call.returnAddress, call.returned));
  // By instruction gdb shows inlined functions from their first instruction on.
  return other ? ended(other) : stepped(0);
}

/** To the next line, entering calls ("into") or not ("over"). `hidden` inlined functions begin at the pc unentered. */
export async function stepLine(host: StepHost, kind: "over" | "into", hidden: number): Promise<StepResult> {
  if (kind === "into" && hidden > 0) return stepped(hidden - 1);
  let origin = originOf(host, hidden);
  if (origin.line === undefined) return stepOut(host, 0);
  for (;;) {
    const before = momentOf(host);
    const stop = await host.instruction();
    if (stop) return ended(stop);
    const interrupted = await finishInterrupt(host, before);
    if (interrupted === "resumed") continue;
    if (interrupted) return ended(interrupted);

    const call = enteredCall(host, before);
    if (call) {
      const inside = kind === "into" ? await enterFunction(host) : undefined;
      if (inside) return inside;
      const other = await host.runTo(call.returnAddress, call.returned);
      if (other) return ended(other);
    }
    const arrival = judgeArrival(host, kind, origin);
    if (arrival.kind === "done") return arrival.result;
    if (arrival.kind === "left") return stepOut(host, 0);
    if (arrival.kind === "moved") origin = arrival.origin;
  }
}

type Arrival =
  | { kind: "done"; result: StepResult }
  /** Go on, still measured against the same origin. */
  | { kind: "same" }
  /** Go on: the middle of another line is the new origin. */
  | { kind: "moved"; origin: Origin }
  /** In code without lines: out of it. */
  | { kind: "left" };

const done = (hidden = 0): Arrival => ({ kind: "done", result: stepped(hidden) });

/**
 * Decides whether the instruction that execution now stands at ends the step; the order of the questions is that of
 * gdb's process_event_stop_test.
 */
function judgeArrival(host: StepHost, kind: "over" | "into", origin: Origin): Arrival {
  const { target, symbols } = host;
  const pc = target.readRegister("rip");
  if (inRow(pc, origin) && !hasReturned(host, origin)) return { kind: "same" };
  const row = symbols.lineAt(pc);
  if (!row) return { kind: "left" };

  const instances = symbols.functionsAt(pc);
  const hidden = beginningInlines(pc, instances);
  const visible = instances.slice(hidden).reverse();
  const sameFrame = isPrefix(origin.chain, visible) && !hasReturned(host, origin);
  if (sameFrame && visible.length === origin.chain.length && hidden > 0) {
    // The call of an inlined function: a line of its own, or a part of the line that is being stepped.
    const callee = instances[hidden - 1]!;
    const sameLine = callee.callLine === origin.line && callee.callFile === origin.file;
    if (!sameLine) return done(hidden);
    return kind === "into" ? done(hidden - 1) : { kind: "same" };
  }
  if (sameFrame && visible.length > origin.chain.length)
    return kind === "into" ? done(hidden) : { kind: "same" };

  const otherLine = row.line !== origin.line || row.file !== origin.file;
  if (otherLine && row.line !== 0 && row.low === pc && row.isStatement) return done(hidden);
  // In the middle of another line: not a place to stop, and in the same frame not a new origin either.
  if (otherLine && sameFrame) return { kind: "same" };
  return { kind: "moved", origin: { ...originOf(host, hidden), file: row.file, line: row.line } };
}

const inRow = (pc: bigint, { row }: Origin): boolean => row !== undefined && pc >= row.low && pc < row.high;

/** True when the function that the step began in is gone from the stack. */
const hasReturned = ({ target }: StepHost, { cfa }: Origin): boolean =>
  cfa !== undefined && target.readRegister("rsp") >= cfa;

/** Innermost inlined functions whose first instruction is at the pc: gdb shows their call first. */
export function beginningInlines(pc: bigint, instances: FunctionInstance[]): number {
  let count = 0;
  for (const instance of instances) {
    if (!instance.inlined || !instance.ranges.some(({ low }) => low === pc)) break;
    count++;
  }
  return count;
}

const sameFunction = (left: FunctionInstance | undefined, right: FunctionInstance | undefined): boolean =>
  left === right ||
  (left !== undefined &&
    right !== undefined &&
    left.name === right.name &&
    left.ranges[0]?.low === right.ranges[0]?.low);

const isPrefix = (short: FunctionInstance[], long: FunctionInstance[]): boolean =>
  short.every((each, index) => sameFunction(each, long[index]));

/** After a call into a function with line info: runs past its prologue. Undefined where it has none. */
async function enterFunction(host: StepHost): Promise<StepResult | undefined> {
  const { symbols, target } = host;
  const pc = target.readRegister("rip");
  if (symbols.functionsAt(pc).length === 0 || !symbols.lineAt(pc)) return undefined;
  const entry = symbols.stepEntry?.(pc) ?? pc;
  if (entry === pc) return steppedHere(host);
  const stack = target.readRegister("rsp");
  const stop = await host.runTo(entry, () => target.readRegister("rsp") <= stack);
  return stop ? ended(stop) : steppedHere(host);
}

/** The call that the last instruction made, if it was one: a return address close behind it is on the stack. */
function enteredCall(host: StepHost, before: Moment): Call | undefined {
  const { target } = host;
  const oldStack = before.stack;
  const stack = target.readRegister("rsp");
  if (stack !== oldStack - 8n) return undefined;
  const returnAddress = readQuad(host, stack);
  if (returnAddress === undefined || returnAddress === target.readRegister("rip")) return undefined;
  // The longest instruction has 15 bytes (SDM 2A, 2.3.11).
  if (returnAddress <= before.pc || returnAddress > before.pc + 15n) return undefined;
  return { returnAddress, returned: () => target.readRegister("rsp") >= oldStack };
}

/**
 * When an interrupt or exception was taken instead of the instruction at `before.pc`, runs until it has returned there.
 * The frame that the processor pushed tells (SDM 3A, 6.14.2): at the old stack pointer aligned down to 16 bytes.
 */
async function finishInterrupt(host: StepHost, before: Moment): Promise<Stop | "resumed" | undefined> {
  const { target } = host;
  const pc = target.readRegister("rip");
  const oldStack = before.stack;
  const pushed = (oldStack & ~15n) - 40n;
  if (target.readRegister("rsp") > pushed || (pc > before.pc && pc <= before.pc + 15n)) return undefined;
  if (readQuad(host, pushed) !== before.pc || readQuad(host, pushed + 24n) !== oldStack) return undefined;
  return (await host.runTo(before.pc, () => target.readRegister("rsp") === oldStack)) ?? "resumed";
}

function readQuad(host: StepHost, address: bigint): bigint | undefined {
  try {
    return unsignedOf(host.memory(BigInt.asUintN(64, address), 8));
  } catch {
    return undefined;
  }
}

/** To the caller: out of an inlined function by single steps, else to the return address. */
export async function stepOut(host: StepHost, hidden: number): Promise<StepResult> {
  const origin = originOf(host, hidden);
  if (origin.chain.at(-1)?.inlined) return stepOutOfInline(host, origin);
  const { returnAddress, cfa } = origin;
  const outermost = origin.chain[0]?.name === "main";
  if (outermost || returnAddress === undefined || cfa === undefined)
    throw new Error('"finish" not meaningful in the outermost frame.');
  const stop = await host.runTo(returnAddress, () => host.target.readRegister("rsp") >= cfa);
  return stop ? ended(stop) : steppedHere(host);
}

async function stepOutOfInline(host: StepHost, origin: Origin): Promise<StepResult> {
  for (;;) {
    const before = momentOf(host);
    const stop = await host.instruction();
    if (stop) return ended(stop);
    const interrupted = await finishInterrupt(host, before);
    if (interrupted === "resumed") continue;
    if (interrupted) return ended(interrupted);
    const call = enteredCall(host, before);
    const other = call && (await host.runTo(call.returnAddress, call.returned));
    if (other) return ended(other);
    const { target, symbols } = host;
    if (origin.cfa !== undefined && target.readRegister("rsp") >= origin.cfa) return steppedHere(host);
    const chain = symbols.functionsAt(target.readRegister("rip")).reverse();
    if (chain.length < origin.chain.length || !isPrefix(origin.chain, chain)) return steppedHere(host);
  }
}
