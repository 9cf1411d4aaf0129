// A debugging session: a target, its symbols, breakpoints and the stop that the user looks at. Ties the other files
// of this folder together; knows neither DAP nor files.

import type { SymbolFile, Type } from "../symbols/api.ts";
import { SymbolFiles } from "../symbols/several.ts";
import { BoundExpressions } from "./bound-expressions.ts";
import { BreakpointSet, type Foreign, type Moved } from "./breakpoint-set.ts";
import {
  type Breakpoint,
  type BreakpointOptions,
  breakpointsAt,
  resolveSites,
  type Site,
  type Where,
} from "./breakpoints.ts";
import { type ChosenCatch, catchOptions } from "./catches.ts";
import { makeInteger } from "./expressions/convert.ts";
import type { Context } from "./expressions/evaluator.ts";
import { formatValue, type Surroundings } from "./format.ts";
import { beginningInlines } from "./frame-identity.ts";
import { backtrace, currentState, type Frame } from "./frames.ts";
import { Macros } from "./macros.ts";
import { returnType, returnValue } from "./returned.ts";
import { runToPlaces, stepOut } from "./run-to-frame.ts";
import { isSymbol, type Memory, makeContext, surroundings } from "./scope.ts";
import { newSettings, type Settings } from "./settings.ts";
import {
  type StepHost,
  type StepKind,
  type StepResult,
  stepInstruction,
  stepLine,
  stepPast,
} from "./stepping.ts";
import { type Report, StopJudge } from "./stop-judge.ts";
import type { Target, Watchpoint } from "./target.ts";
import { pointerTo } from "./types.ts";
import { EvaluationError, inMemory, type Value } from "./values.ts";
import { leftBlock, type ResolvedWatch, scopeOf, watchPlace } from "./watches.ts";

/** Single steps between two looks at the event loop. */
const STEPS_PER_YIELD = 2000;

export class Debugger {
  readonly around: Surroundings;
  /** gdb's value history and convenience variables. */
  readonly kept: Memory = { history: [], convenience: new Map() };
  readonly settings: Settings = newSettings();
  /** The kernel's symbols, and those added for modules. */
  readonly symbols: SymbolFiles;
  readonly #set: BreakpointSet;
  /** Conditions and log messages. */
  readonly #bound: BoundExpressions;
  readonly #stops: StopJudge;
  /** By thread, at this stop. */
  readonly #frames = new Map<number, Frame[]>();
  /** Inlined functions not yet entered where thread #hiddenOf stands; every other one stands where an interrupt found it. */
  #hidden = 0;
  #hiddenOf = 1;
  #running = false;
  #interrupted = false;
  #instructions = 0;
  #moved: (moved: Moved) => void = () => {};
  /** Threads that stand while others run (gdb's scheduler locking). */
  held: ReadonlySet<number> = new Set();
  /** What names stand for that the debug info does not know. */
  readonly macros = new Macros(() => this.#bound.clear());
  /** Lines of a source by its recorded path; undefined where it is not here. */
  sourceText: (recorded: string) => readonly string[] | undefined = () => undefined;

  /** The bytes of a file by its path, for `add-symbol-file`; throws an Error with a message for the user. Absent: files cannot be read here. */
  readFile: ((path: string) => Uint8Array) | undefined;

  constructor(
    readonly target: Target,
    symbols: SymbolFile,
    /** A clock register's constant by name: `LAPIC_ICR_TIMER`. */
    readonly constant: (name: string) => Value | undefined = () => undefined,
  ) {
    this.symbols = new SymbolFiles(symbols);
    this.around = surroundings(target, this.symbols);
    this.#set = new BreakpointSet(target, this.symbols);
    this.#bound = new BoundExpressions({
      target,
      symbols: this.symbols,
      context: (frame) => this.context(frame),
    });
    this.#stops = new StopJudge(this.target, this.#set, this.#bound, this.around, this.kept);
  }

  get running(): boolean {
    return this.#running;
  }

  get breakpoints(): readonly Breakpoint[] {
    return this.#set.list;
  }

  /** gdb's `$_` and `$__`: what was looked at last, and its contents. */
  remember({ address, type }: { address: bigint; type: Type }): void {
    const { memory } = this.around;
    this.kept.convenience.set("_", makeInteger(pointerTo(type), address));
    this.kept.convenience.set("__", inMemory(type, address, memory));
  }

  /** Where logpoints write. */
  onLog(listener: (text: string) => void): void {
    this.#stops.log = listener;
  }

  /** Who wants to know what becomes of the breakpoints when the symbols change or the guest starts over. */
  onMoved(listener: (moved: Moved) => void): void {
    this.#moved = listener;
  }

  /** Makes a breakpoint and plants it. One that goes nowhere is pending: its message says why. */
  addBreakpoint(where: Where, options: BreakpointOptions = {}): Breakpoint {
    return this.#set.add(where, options);
  }

  /** Watches what an expression names now; a watch on a frame's variables ends with the frame. Throws EvaluationError. */
  addWatch(
    expression: string,
    access: Watchpoint["access"],
    frame: Frame | undefined,
    options: BreakpointOptions = {},
  ): Breakpoint {
    return this.addResolvedWatch(this.resolveWatch(expression, frame), access, options);
  }

  /** What an expression names now, to be watched now or later. Throws EvaluationError. */
  resolveWatch(expression: string, frame: Frame | undefined): ResolvedWatch {
    const { place, type, local } = watchPlace(expression, this.context(frame));
    const caller = local && frame ? this.symbols.unwind(frame.state, this.around.memory) : undefined;
    const scope = scopeOf(frame, caller && { pc: caller.pc, stack: caller.get("rsp") });
    return { kind: "watch", expression, place, type, scope };
  }

  addResolvedWatch(
    watch: ResolvedWatch,
    access: Watchpoint["access"],
    options: BreakpointOptions = {},
  ): Breakpoint {
    if (!this.target.watchpoints) throw new EvaluationError(`The ${this.target.name} cannot watch data.`);
    return this.addBreakpoint({ ...watch, access }, options);
  }

  /** Changes a breakpoint's options or switches it on and off. */
  changeBreakpoint(breakpoint: Breakpoint, change: Partial<BreakpointOptions & { enabled: boolean }>): void {
    this.#set.change(breakpoint, change);
  }

  /** Replaces the exceptions, interrupts and accesses that stop the guest; "panic" is a breakpoint of the caller's. */
  setCatches(chosen: readonly ChosenCatch[]): void {
    this.#stops.catches = chosen;
    this.target.catching?.set(catchOptions(chosen));
  }

  /** Replaces what somebody else has planted. */
  setForeign(foreign: Foreign): void {
    this.#set.setForeign(foreign);
  }

  removeBreakpoints(which: (breakpoint: Breakpoint) => boolean): void {
    this.#set.remove(which);
  }

  /** The stack at this stop, innermost first. */
  frames(): Frame[] {
    const known = this.#frames.get(this.thread);
    if (known) return known;
    const frames = backtrace(this.symbols, currentState(this.target), this.around.memory, {
      hidden: this.#hiddenHere(),
    });
    this.#frames.set(this.thread, frames);
    return frames;
  }

  /** The thread that frames and expressions see. */
  get thread(): number {
    return this.target.threads?.selected ?? 1;
  }

  /** Looks at another thread. Throws RangeError for one that does not exist. */
  selectThread(id: number): void {
    if (id === this.thread) return;
    if (!this.target.threads) throw new RangeError(`There is no thread ${id}.`);
    this.target.threads.select(id);
  }

  #hiddenHere(): number {
    if (this.thread === this.#hiddenOf) return this.#hidden;
    return this.#beginningHere();
  }

  /** Forgets what was read at this stop, after memory or registers were written. */
  invalidate(): void {
    this.#frames.clear();
  }

  /** What an expression sees in a frame; without one, globals and registers only. */
  context(frame: Frame | undefined): Context {
    const { target, symbols, kept, constant } = this;
    const context = makeContext({ target, symbols, frame, kept, constant });
    const write = context.write;
    return {
      ...context,
      expand: (source) => this.macros.expand(source, isSymbol(context)),
      write: (value, bytes) => {
        write(value, bytes);
        this.invalidate();
      },
    };
  }

  /** Names in an expression that are no symbols here, and that nobody has been asked for. */
  unknownNames(text: string, frame: Frame | undefined): string[] {
    return this.macros.unasked(text, isSymbol(this.context(frame)));
  }

  /** After the symbols were replaced, or more were added: everything is looked for again. */
  symbolsChanged(): void {
    this.#bound.clear();
    this.#frames.clear();
    const context = this.context(undefined);
    const moved = this.#set.resolveAgain(({ expression }) => watchPlace(expression, context));
    this.#moved({ ...moved, removed: [] });
  }

  /** After the target started over: counts and history begin anew, breakpoints stay. */
  restarted(): void {
    const removed = this.#set.startOver();
    if (removed.length > 0)
      this.#moved({ changed: [], removed, messages: removed.map(({ id }) => leftBlock(id)) });
    this.kept.history.length = 0;
    this.kept.convenience.clear();
    this.#hidden = 0;
    this.#frames.clear();
  }

  interrupt(): void {
    this.#interrupted = true;
    this.target.interrupt();
  }

  /** Runs until something stops the guest. */
  continue(): Promise<Report> {
    return this.#run(async () => {
      const report = await this.#runOn(() => false);
      return report ?? { stop: { kind: "step" }, hit: [], messages: [] };
    });
  }

  /**
   * Runs to a place, or to the caller of a frame of the stack, whichever comes first: gdb's `advance`; `until` where the place counts in that frame only.
   */
  runTo(where: Where, within: "frame" | "anywhere" = "anywhere", level = 0): Promise<Report> {
    const { sites, message } = resolveSites(where, this.symbols);
    if (sites.length === 0) throw new EvaluationError(message ?? "No such location.");
    const frame = this.frames()[level];
    const places = sites.map(({ address }) => address);
    const hidden = () => this.#hiddenBy(where, sites);
    return this.#steps((host) => runToPlaces(host, frame, places, within, hidden));
  }

  /** A step by line, or by instruction; "out" of a frame of the stack. Throws where there is nothing to step out to. */
  step(kind: StepKind, granularity: "line" | "instruction" = "line", level = 0): Promise<Report> {
    const hidden = this.#hiddenHere();
    if (kind === "out") return this.#finish(level);
    return this.#steps((host) => {
      if (kind === "past") return stepPast(host, hidden);
      return granularity === "instruction" ? stepInstruction(host, kind) : stepLine(host, kind, hidden);
    });
  }

  #finish(level: number): Promise<Report> {
    const frames = this.frames();
    const type = frames[level] && returnType(frames[level]);
    return this.#steps(
      (host) => stepOut(host, frames, level),
      () => (type ? this.#returned(type) : []),
    );
  }

  /** What ends without another stop has `messages` to tell. */
  #steps(
    body: (host: StepHost) => Promise<StepResult>,
    messages: () => string[] = () => [],
  ): Promise<Report> {
    return this.#run(async () => {
      let other: Report | undefined;
      const host = this.#stepHost((report) => {
        other = report;
      });
      const result = await body(host);
      this.#hidden = result.hidden;
      if (other) return other;
      return { stop: result.stop, hit: [], messages: result.stop.kind === "step" ? messages() : [] };
    });
  }

  /** gdb's word on the value of a function that has just returned; it joins the history. */
  #returned(type: Type): string[] {
    const value = returnValue(type, this.target, this.around.memory);
    if (!value) return [];
    this.kept.history.push(value);
    return [`Value returned is $${this.kept.history.length} = ${formatValue(value, this.around)}`];
  }

  async #run(body: () => Promise<Report>): Promise<Report> {
    if (this.#running) throw new Error("The guest is running.");
    this.#running = true;
    this.#interrupted = false;
    const [hidden, hiddenOf, thread] = [this.#hidden, this.#hiddenOf, this.thread];
    try {
      const report = await body();
      // A stop that is about no thread leaves the user where he was looking.
      if (report.stop.kind === "interrupted" || report.stop.kind === "limit")
        this.target.threads?.select(thread);
      if (report.stop.kind === "gone") return report;
      this.#hiddenOf = this.thread;
      if (report.stop.kind !== "step") this.#hidden = this.#hiddenAt(report);
      return report;
    } catch (error) {
      [this.#hidden, this.#hiddenOf] = [hidden, hiddenOf];
      throw error;
    } finally {
      this.#running = false;
      this.#frames.clear();
    }
  }

  /** As gdb: a breakpoint stops within the inlined function that it is for, everything else stops before it. */
  #hiddenAt({ stop, hit }: Report): number {
    if (stop.kind !== "breakpoint") return this.#beginningHere();
    if (this.#set.foreign.breakpoints.has(stop.address)) return 0;
    // A temporary one is gone by now.
    const here = new Set([...hit, ...breakpointsAt(this.#set.list, stop.address)]);
    const counts = Array.from(here, ({ where, sites }) => this.#hiddenBy(where, sites));
    return counts.length > 0 ? Math.min(...counts) : this.#beginningHere();
  }

  /** A breakpoint by line or address is for the innermost function there, one by name for that function. */
  #hiddenBy(where: Where, sites: readonly Site[]): number {
    if (where.kind !== "function") return 0;
    const pc = this.target.readRegister("rip");
    const named = sites.filter(({ address }) => address === pc);
    return beginningInlines(pc, this.symbols.functionsAt(pc), (name) =>
      named.some((site) => site.function === name),
    );
  }

  #beginningHere(): number {
    const pc = this.target.readRegister("rip");
    return beginningInlines(pc, this.symbols.functionsAt(pc));
  }

  /** Resumes until a breakpoint decides to stop, `arrived` says so (undefined), or the target stops by itself. */
  async #runOn(arrived: (address: bigint) => boolean): Promise<Report | undefined> {
    for (;;) {
      if (this.#interrupted) return { stop: { kind: "interrupted" }, hit: [], messages: [] };
      const stop = await this.target.resume({ kind: "continue", held: this.held });
      const report = this.#stops.judge(stop);
      if (report) return report;
      if (stop.kind === "breakpoint" && arrived(stop.address)) return undefined;
    }
  }

  /** A step is one thread's: what others do meanwhile ends it only where the user wants a stop there. */
  #stepHost(onOther: (report: Report) => void): StepHost {
    const { target, symbols, thread } = this;
    return {
      target,
      symbols,
      memory: this.around.memory,
      instruction: async () => {
        if (++this.#instructions % STEPS_PER_YIELD === 0)
          await new Promise((resolve) => setImmediate(resolve));
        if (this.#interrupted) return { kind: "interrupted" };
        target.threads?.select(thread);
        const stop = await target.resume({ kind: "step", held: this.held });
        const report =
          stop.kind === "step"
            ? this.#stops.atBreakpoint(target.readRegister("rip"))
            : this.#stops.judge(stop);
        if (report) onOther(report);
        return report?.stop;
      },
      runTo: async (addresses, accept) => {
        this.#set.setTemporary(addresses);
        try {
          const report = await this.#runOn(
            (at) => addresses.includes(at) && this.thread === thread && accept(at),
          );
          if (report) onOther(report);
          return report?.stop;
        } finally {
          this.#set.setTemporary([]);
        }
      },
    };
  }
}
