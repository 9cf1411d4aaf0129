// A debugging session: a target, its symbols, breakpoints and the stop that the user looks at. Ties the other files
// of this folder together; knows neither DAP nor files.

import type { SymbolFile } from "../symbols/api.ts";
import {
  type Breakpoint,
  type BreakpointOptions,
  breakpointsAt,
  type Judge,
  judge,
  resolveSites,
  siteAddresses,
  type Where,
} from "./breakpoints.ts";
import { isTrue } from "./expressions/convert.ts";
import { type Context, evaluate } from "./expressions/evaluator.ts";
import { formatInner, type Surroundings } from "./format.ts";
import { backtrace, currentState, type Frame } from "./frames.ts";
import { type Memory, makeContext, surroundings } from "./scope.ts";
import {
  beginningInlines,
  type StepHost,
  type StepKind,
  type StepResult,
  stepInstruction,
  stepLine,
  stepOut,
} from "./stepping.ts";
import type { Stop, Target } from "./target.ts";
import type { Value } from "./values.ts";

/** Why the guest stopped, and which breakpoints it hit. */
export interface Report {
  stop: Stop;
  hit: Breakpoint[];
  /** Said by the debugger: a condition that failed. */
  messages: string[];
}

/** Single steps between two looks at the event loop. */
const STEPS_PER_YIELD = 2000;

export class Debugger {
  readonly around: Surroundings;
  /** gdb's value history and convenience variables. */
  readonly kept: Memory = { history: [], convenience: new Map() };
  #breakpoints: Breakpoint[] = [];
  #nextId = 1;
  #frames: Frame[] | undefined;
  #hidden = 0;
  #running = false;
  #interrupted = false;
  #steps = 0;
  #temporary: bigint | undefined;
  #log: (text: string) => void = () => {};

  constructor(
    readonly target: Target,
    readonly symbols: SymbolFile,
    /** A clock register's constant by name: `LAPIC_ICR_TIMER`. */
    readonly constant: (name: string) => Value | undefined = () => undefined,
  ) {
    this.around = surroundings(target, symbols);
  }

  get running(): boolean {
    return this.#running;
  }

  get breakpoints(): readonly Breakpoint[] {
    return this.#breakpoints;
  }

  /** Where logpoints write. */
  onLog(listener: (text: string) => void): void {
    this.#log = listener;
  }

  /** Makes a breakpoint and plants it. One that goes nowhere is kept, with a message. */
  addBreakpoint(where: Where, options: BreakpointOptions = {}): Breakpoint {
    const breakpoint = {
      id: this.#nextId++,
      where,
      hits: 0,
      ...options,
      ...resolveSites(where, this.symbols),
    };
    this.#breakpoints.push(breakpoint);
    this.#plant();
    return breakpoint;
  }

  removeBreakpoints(which: (breakpoint: Breakpoint) => boolean): void {
    this.#breakpoints = this.#breakpoints.filter((each) => !which(each));
    this.#plant();
  }

  #plant(): void {
    const addresses = siteAddresses(this.#breakpoints);
    if (this.#temporary !== undefined) addresses.add(this.#temporary);
    this.target.setBreakpoints(addresses);
  }

  /** The stack at this stop, innermost first. */
  frames(): Frame[] {
    this.#frames ??= backtrace(this.symbols, currentState(this.target), this.around.memory, {
      hidden: this.#hidden,
    });
    return this.#frames;
  }

  /** Forgets what was read at this stop, after memory or registers were written. */
  invalidate(): void {
    this.#frames = undefined;
  }

  /** What an expression sees in a frame; without one, globals and registers only. */
  context(frame: Frame | undefined): Context {
    const { target, symbols, kept, constant } = this;
    const context = makeContext({ target, symbols, frame, kept, constant });
    const write = context.write;
    return {
      ...context,
      write: (value, bytes) => {
        write(value, bytes);
        this.invalidate();
      },
    };
  }

  /** After the target started over: counts and history begin anew, breakpoints stay. */
  restarted(): void {
    for (const breakpoint of this.#breakpoints) breakpoint.hits = 0;
    this.kept.history.length = 0;
    this.kept.convenience.clear();
    this.#hidden = 0;
    this.#frames = undefined;
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

  /** A step by line, or by instruction. Throws where there is nothing to step out to. */
  step(kind: StepKind, granularity: "line" | "instruction" = "line"): Promise<Report> {
    return this.#run(async () => {
      let other: Report | undefined;
      const host = this.#stepHost((report) => {
        other = report;
      });
      const result = await this.#stepBy(host, kind, granularity);
      this.#hidden = result.hidden;
      return other ?? { stop: result.stop, hit: [], messages: [] };
    });
  }

  #stepBy(host: StepHost, kind: StepKind, granularity: "line" | "instruction"): Promise<StepResult> {
    const hidden = this.#hidden;
    if (granularity === "instruction") return stepInstruction(host, kind);
    return kind === "out" ? stepOut(host, hidden) : stepLine(host, kind, hidden);
  }

  async #run(body: () => Promise<Report>): Promise<Report> {
    if (this.#running) throw new Error("The guest is running.");
    this.#running = true;
    this.#interrupted = false;
    const hidden = this.#hidden;
    try {
      const report = await body();
      if (report.stop.kind !== "step") this.#hidden = this.#hiddenAt(report.stop);
      return report;
    } catch (error) {
      this.#hidden = hidden;
      throw error;
    } finally {
      this.#running = false;
      this.#frames = undefined;
    }
  }

  /** As gdb: a breakpoint stops within an inlined function, everything else stops before it. */
  #hiddenAt(stop: Stop): number {
    if (stop.kind === "breakpoint") return 0;
    const pc = this.target.readRegister("rip");
    return beginningInlines(pc, this.symbols.functionsAt(pc));
  }

  /** Resumes until a breakpoint decides to stop, `arrived` says so (undefined), or the target stops by itself. */
  async #runOn(arrived: (address: bigint) => boolean): Promise<Report | undefined> {
    for (;;) {
      if (this.#interrupted) return { stop: { kind: "interrupted" }, hit: [], messages: [] };
      const stop = await this.target.resume({ kind: "continue" });
      if (stop.kind !== "breakpoint") return { stop, hit: [], messages: [] };
      const report = this.#breakpointReport(stop.address);
      if (report) return report;
      if (arrived(stop.address)) return undefined;
    }
  }

  /** Judges the breakpoints at an address; undefined where none of them wants a stop. */
  #breakpointReport(address: bigint): Report | undefined {
    const hit: Breakpoint[] = [];
    const messages: string[] = [];
    for (const breakpoint of breakpointsAt(this.#breakpoints, address)) {
      const verdict = judge(breakpoint, this.#judge());
      if (verdict.kind === "log") this.#log(`${verdict.text}\n`);
      if (verdict.kind !== "stop") continue;
      hit.push(breakpoint);
      if (verdict.message) messages.push(verdict.message);
    }
    return hit.length > 0 ? { stop: { kind: "breakpoint", address }, hit, messages } : undefined;
  }

  /** Conditions see the innermost frame; unwinding further is left until someone looks. */
  #judge(): Judge {
    const innermost = () => {
      const [frame] = backtrace(this.symbols, currentState(this.target), this.around.memory, { limit: 1 });
      return this.context(frame);
    };
    return {
      isTrue: (expression) => isTrue(evaluate(expression, innermost())),
      text: (expression) => formatInner(evaluate(expression, innermost()), this.around),
    };
  }

  #stepHost(onOther: (report: Report) => void): StepHost {
    const { target, symbols } = this;
    return {
      target,
      symbols,
      memory: this.around.memory,
      instruction: async () => {
        if (++this.#steps % STEPS_PER_YIELD === 0) await new Promise((resolve) => setImmediate(resolve));
        if (this.#interrupted) return { kind: "interrupted" };
        const stop = await target.resume({ kind: "step" });
        if (stop.kind !== "step") return stop;
        const report = this.#breakpointReport(target.readRegister("rip"));
        if (report) onOther(report);
        return report?.stop;
      },
      runTo: async (address, accept) => {
        this.#temporary = address;
        this.#plant();
        try {
          const report = await this.#runOn((at) => at === address && accept());
          if (report) onOther(report);
          return report?.stop;
        } finally {
          this.#temporary = undefined;
          this.#plant();
        }
      },
    };
  }
}
