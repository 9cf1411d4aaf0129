// What a stop of the target means to the user: which breakpoints want it, which watches fired, which exception is caught. Counts, logs
// and gdb's variables of a hit are kept here; knows no run control.

import type { BoundExpressions } from "./bound-expressions.ts";
import type { BreakpointSet } from "./breakpoint-set.ts";
import { type Breakpoint, breakpointsAt, type Judge, judge } from "./breakpoints.ts";
import { type ChosenCatch, filterOf } from "./catches.ts";
import { isTrue, makeInteger } from "./expressions/convert.ts";
import { formatInner, type Surroundings } from "./format.ts";
import type { Memory } from "./scope.ts";
import type { Catch, Stop, Target, WatchHit } from "./target.ts";
import { BUILTIN } from "./types.ts";
import { hitVariables, leftBlock, watchText } from "./watches.ts";

/** Why the guest stopped, and which breakpoints it hit. */
export interface Report {
  stop: Stop;
  hit: Breakpoint[];
  /** Said by the debugger: a condition that failed. */
  messages: string[];
}

export class StopJudge {
  /** The exceptions, interrupts and accesses that stop the guest. */
  catches: readonly ChosenCatch[] = [];
  /** Where logpoints write. */
  log: (text: string) => void = () => {};
  /** Conditions see the innermost frame. */
  readonly #conditions: Judge;

  constructor(
    private readonly target: Target,
    private readonly breakpoints: BreakpointSet,
    bound: BoundExpressions,
    private readonly around: Surroundings,
    private readonly kept: Memory,
  ) {
    this.#conditions = {
      isTrue: (expression) => isTrue(bound.evaluate(expression)),
      text: (expression) => formatInner(bound.evaluate(expression), around),
    };
  }

  /** Undefined where nothing that the user set wants this stop. */
  judge(stop: Stop): Report | undefined {
    switch (stop.kind) {
      case "breakpoint":
        return this.atBreakpoint(stop.address);
      case "watchpoint":
        return this.#watchReport(stop.hits);
      case "exception":
        return this.#catchReport(stop);
      default:
        return { stop, hit: [], messages: [] };
    }
  }

  /** Judges the breakpoints at an address; undefined where none of them wants a stop. */
  atBreakpoint(address: bigint): Report | undefined {
    const left = this.#leftScopes(address);
    const { hit, messages } = this.#verdicts(breakpointsAt(this.breakpoints.list, address));
    messages.unshift(...left);
    const wanted = hit.length > 0 || left.length > 0 || this.breakpoints.foreign.breakpoints.has(address);
    return wanted ? { stop: { kind: "breakpoint", address }, hit, messages } : undefined;
  }

  #verdicts(candidates: readonly Breakpoint[]): { hit: Breakpoint[]; messages: string[] } {
    const hit: Breakpoint[] = [];
    const messages: string[] = [];
    for (const breakpoint of candidates) {
      const verdict = judge(breakpoint, this.#conditions);
      if (verdict.kind === "log") this.log(`${verdict.text}\n`);
      if (verdict.kind !== "stop") continue;
      hit.push(breakpoint);
      if (verdict.message) messages.push(verdict.message);
    }
    for (const breakpoint of hit) this.#countStop(breakpoint);
    if (hit.some(({ temporary }) => temporary))
      this.breakpoints.remove((each) => each.temporary === true && hit.includes(each));
    return { hit, messages };
  }

  /** gdb's `enable once` and `enable count`. */
  #countStop(breakpoint: Breakpoint): void {
    if (breakpoint.stopsLeft === undefined) return;
    breakpoint.stopsLeft--;
    if (breakpoint.stopsLeft <= 0) this.breakpoints.change(breakpoint, { enabled: false });
  }

  #watchReport(hits: WatchHit[]): Report | undefined {
    const touched = hits.flatMap((hit) => {
      const breakpoint = this.breakpoints.list.find(({ id, enabled }) => enabled && id === hit.id);
      return breakpoint ? [{ hit, breakpoint }] : [];
    });
    for (const { hit } of touched)
      for (const [name, value] of Object.entries(hitVariables(hit))) this.kept.convenience.set(name, value);
    const verdicts = this.#verdicts(touched.map(({ breakpoint }) => breakpoint));
    if (verdicts.hit.length === 0 && hits.every(({ id }) => id >= 0)) return undefined;
    const texts = touched.flatMap(({ hit, breakpoint: { id, where } }) =>
      where.kind === "watch" && verdicts.hit.some((each) => each.id === id)
        ? [watchText(id, where, hit, this.around)]
        : [],
    );
    return {
      stop: { kind: "watchpoint", hits },
      hit: verdicts.hit,
      messages: [...texts, ...verdicts.messages],
    };
  }

  /** Watches on variables of a frame that is gone, as gdb says it; they are removed. */
  #leftScopes(address: bigint): string[] {
    const stack = this.target.readRegister("rsp");
    const left = this.breakpoints.list.filter(
      ({ where }) =>
        where.kind === "watch" && where.scope?.returnAddress === address && stack >= where.scope.cfa,
    );
    if (left.length === 0) return [];
    this.breakpoints.remove((each) => left.includes(each));
    return left.map(({ id }) => leftBlock(id));
  }

  #catchReport(caught: Catch): Report | undefined {
    const variables = {
      _vector: caught.vector ?? -1,
      _error: caught.errorCode ?? 0,
      _number: caught.number ?? -1,
    };
    for (const [name, value] of Object.entries(variables))
      this.kept.convenience.set(name, makeInteger(BUILTIN.int, BigInt(value)));
    const address = caught.vector === 14 ? this.target.readRegister("cr2") : caught.instruction;
    this.kept.convenience.set("_address", makeInteger(BUILTIN.unsignedLong, address));
    const filter = filterOf(caught, this.catches);
    if (!filter) return undefined;
    const breakpoint: Breakpoint = {
      id: 0,
      where: { kind: "address", address: caught.instruction },
      sites: [],
      hits: 0,
      enabled: true,
      condition: filter.condition,
    };
    const verdict = judge(breakpoint, this.#conditions);
    if (verdict.kind !== "stop") return undefined;
    return { stop: caught, hit: [], messages: verdict.message ? [verdict.message] : [] };
  }
}
