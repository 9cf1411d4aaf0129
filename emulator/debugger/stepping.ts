// Steps by source line and by instruction, over, into and out of calls and inlined functions. Interrupts and timers
// stay on: an interrupt taken during a step runs to its end at full speed. Must not know DAP.

import type { FrameState, FunctionInstance, SymbolFile } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { beginsLine, currentState } from "./frames.ts";
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

/** How a step ended: a stop of another kind, or a step with inlined functions not yet entered. */
export interface StepResult {
  stop: Stop;
  hidden: number;
}

const stepped = (hidden = 0): StepResult => ({ stop: { kind: "step" }, hidden });
const ended = (stop: Stop): StepResult => ({ stop, hidden: 0 });

/** Where a step began: what "the same line, the same frame" means. */
interface Origin {
  /** Canonical frame address: the stack pointer after the function returns. */
  cfa: bigint | undefined;
  returnAddress: bigint | undefined;
  /** The visible functions at the start, outermost first. */
  chain: FunctionInstance[];
  file: string | undefined;
  line: number | undefined;
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
  };
}

/** One instruction; "over" runs a call to its return. */
export async function stepInstruction(host: StepHost, kind: StepKind): Promise<StepResult> {
  if (kind === "out") return stepOut(host, 0);
  const before = currentState(host.target);
  const stop = await host.instruction();
  if (stop) return ended(stop);
  const call = kind === "over" ? enteredCall(host, before) : undefined;
  if (!call) return stepped();
  return ended((await host.runTo(call.returnAddress, call.returned)) ?? { kind: "step" });
}

/** To the next line, entering calls ("into") or not ("over"). `hidden` inlined functions begin at the pc unentered. */
export async function stepLine(host: StepHost, kind: "over" | "into", hidden: number): Promise<StepResult> {
  if (kind === "into" && hidden > 0) return stepped(hidden - 1);
  const origin = originOf(host, hidden);
  if (origin.line === undefined) return stepOut(host, 0);
  let ranges = host.symbols.lineRanges(host.target.readRegister("rip"));
  for (;;) {
    const before = currentState(host.target);
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
    const arrival = await judgeArrival(host, kind, origin, ranges);
    if (arrival.kind === "done") return arrival.result;
    if (arrival.kind === "moved") ranges = host.symbols.lineRanges(host.target.readRegister("rip"));
  }
}

type Arrival = { kind: "done"; result: StepResult } | { kind: "same" } | { kind: "moved" };
const done = (result: StepResult): Arrival => ({ kind: "done", result });

/** Decides whether the instruction that execution now stands at ends the step. */
async function judgeArrival(
  host: StepHost,
  kind: "over" | "into",
  origin: Origin,
  ranges: { low: bigint; high: bigint }[],
): Promise<Arrival> {
  const { target, symbols } = host;
  const pc = target.readRegister("rip");
  // Back in the caller, in the middle of its line: that is where gdb stops, too.
  if (origin.cfa !== undefined && target.readRegister("rsp") >= origin.cfa)
    return symbols.lineAt(pc) ? done(stepped()) : done(await stepOut(host, 0));
  if (ranges.some(({ low, high }) => pc >= low && pc < high)) return { kind: "same" };

  const chain = symbols.functionsAt(pc).reverse();
  if (!sameFunction(chain[0], origin.chain[0])) return leftFunction(host, kind, origin);
  if (!beginsLine(symbols, pc)) return { kind: "moved" };
  if (chain.length > origin.chain.length && isPrefix(origin.chain, chain))
    return inlinedCallee(pc, kind, origin, chain);
  const row = symbols.lineAt(pc);
  if (!row || row.line === 0) return { kind: "moved" };
  if (chain.length === origin.chain.length && row.line === origin.line && row.file === origin.file)
    return { kind: "moved" };
  return done(stepped(beginningInlines(pc, chain)));
}

/** A line of a function that is inlined in the frame the step began in. */
function inlinedCallee(
  pc: bigint,
  kind: "over" | "into",
  origin: Origin,
  chain: FunctionInstance[],
): Arrival {
  const callee = chain[origin.chain.length]!;
  const sameLine = callee.callLine === origin.line && callee.callFile === origin.file;
  const begins = callee.ranges.some(({ low }) => low === pc);
  if (begins && !sameLine) return done(stepped(chain.length - origin.chain.length));
  if (kind === "over") return { kind: "moved" };
  return done(stepped(begins ? chain.length - origin.chain.length - 1 : 0));
}

/** A jump into another function: a tail call. */
async function leftFunction(host: StepHost, kind: "over" | "into", origin: Origin): Promise<Arrival> {
  const inside = kind === "into" ? await enterFunction(host) : undefined;
  if (inside) return done(inside);
  const { returnAddress, cfa } = origin;
  if (returnAddress === undefined || cfa === undefined) return done(stepped());
  const stop = await host.runTo(returnAddress, () => host.target.readRegister("rsp") >= cfa);
  return done(stop ? ended(stop) : stepped());
}

/** Innermost inlined functions whose first instruction is at the pc: gdb shows their call first. */
function beginningInlines(pc: bigint, chain: FunctionInstance[]): number {
  let count = 0;
  for (const instance of [...chain].reverse()) {
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
  const instance = symbols.functionsAt(pc).at(-1);
  if (!instance || !symbols.lineAt(pc)) return undefined;
  const site = symbols
    .functionSites(instance.name)
    .find(({ address }) => instance.ranges.some(({ low, high }) => address >= low && address < high));
  if (!site || site.address === pc) return stepped();
  const stack = target.readRegister("rsp");
  const stop = await host.runTo(site.address, () => target.readRegister("rsp") <= stack);
  return stop ? ended(stop) : stepped();
}

/** The call that the last instruction made, if it was one: a return address close behind it is on the stack. */
function enteredCall(
  host: StepHost,
  before: FrameState,
): { returnAddress: bigint; returned: () => boolean } | undefined {
  const { target } = host;
  const oldStack = before.get("rsp")!;
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
async function finishInterrupt(host: StepHost, before: FrameState): Promise<Stop | "resumed" | undefined> {
  const { target } = host;
  const pc = target.readRegister("rip");
  const oldStack = before.get("rsp")!;
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
  if (returnAddress === undefined || cfa === undefined)
    throw new Error('"finish" not meaningful in the outermost frame.');
  const stop = await host.runTo(returnAddress, () => host.target.readRegister("rsp") >= cfa);
  return stop ? ended(stop) : stepped();
}

async function stepOutOfInline(host: StepHost, origin: Origin): Promise<StepResult> {
  for (;;) {
    const before = currentState(host.target);
    const stop = await host.instruction();
    if (stop) return ended(stop);
    const interrupted = await finishInterrupt(host, before);
    if (interrupted === "resumed") continue;
    if (interrupted) return ended(interrupted);
    const call = enteredCall(host, before);
    const other = call && (await host.runTo(call.returnAddress, call.returned));
    if (other) return ended(other);
    const { target, symbols } = host;
    if (origin.cfa !== undefined && target.readRegister("rsp") >= origin.cfa) return stepped();
    const chain = symbols.functionsAt(target.readRegister("rip")).reverse();
    if (chain.length < origin.chain.length || !isPrefix(origin.chain, chain)) return stepped();
  }
}
