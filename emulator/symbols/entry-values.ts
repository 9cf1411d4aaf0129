// What a function's caller passed it (DWARF 5 sections 2.5.1.7 and 3.4.2): the call site of a frame, and the value that it gives for a register or a
// stack slot. Refuses, as gdb does, where a tail call may have come in between. Must not know variables.

import type { FrameState } from "./api.ts";
import { type ArgumentPlace, argumentPlace, calledFunction, passedValue } from "./call-sites.ts";
import type { DebugInfo } from "./debug-info.ts";
import { AT } from "./dwarf/constants.ts";
import { type Address, toAddress } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import { type ExpressionContext, evaluateNumber } from "./dwarf/expression.ts";
import type { ExpressionBytes } from "./dwarf/loclists.ts";
import type { ElfSymbols } from "./elf-symbols.ts";
import type { MemoryReader } from "./memory.ts";
import { entryOf } from "./scopes.ts";
import { lookupAddress, type Unwinder } from "./unwind.ts";

/** Entry values of entry values...: deeper chains are not followed. */
const MAX_CALLERS = 8;
/** More functions than this are not searched for a way back by tail calls. */
const MAX_FUNCTIONS = 2000;

/** A value that a call site passes, and the caller's frame to evaluate it in. */
export interface Passed {
  readonly expression: ExpressionBytes;
  readonly context: ExpressionContext;
}

/** Makes the context of expressions in a frame of a function, `depth` callers up from where it began. */
export type ContextOf = (
  die: Die,
  functionDie: Die | undefined,
  frame: FrameState,
  memory: MemoryReader,
  depth: number,
) => ExpressionContext;

export class EntryValues {
  /** By function entry: whether what its call site passes can be relied upon. */
  private readonly reliable = new Map<Address, boolean>();

  constructor(
    private readonly info: DebugInfo,
    private readonly unwinder: Unwinder,
    private readonly symbols: ElfSymbols,
    private readonly contextOf: ContextOf,
  ) {}

  /** What was passed in the place that an expression names; undefined where it cannot be told. */
  passed(
    expression: ExpressionBytes,
    frame: FrameState,
    memory: MemoryReader,
    depth: number,
  ): Passed | undefined {
    const place = argumentPlace(expression);
    return place && this.passedIn(place, frame, memory, depth);
  }

  /** What was passed in a place. */
  passedIn(place: ArgumentPlace, frame: FrameState, memory: MemoryReader, depth: number): Passed | undefined {
    if (depth >= MAX_CALLERS) return undefined;
    const caller = frame.tailCaller ?? this.unwinder.step(frame, memory);
    if (!caller?.isCaller) return undefined;
    const body = this.info.scopesAt(lookupAddress(caller))[0]?.die;
    const site = body && this.info.callSites.returningTo(body, toAddress(caller.pc));
    if (!site) return undefined;
    const context = this.contextOf(site, body, caller, memory, depth + 1);
    // A site that calls another function: a tail call lies in between, and what it passed is not what arrived.
    const entry = entryOf(this.info.scopesAt(lookupAddress(frame))[0]?.ranges ?? []);
    if (entry === undefined || this.target(site, context) !== entry || !this.isReliable(entry))
      return undefined;
    const expression = passedValue(site, place);
    return expression && { expression, context };
  }

  /** The function that a site calls, by name or by the pointer it calls through. */
  private target(site: Die, context: ExpressionContext): Address | undefined {
    const called = calledFunction(site, this.symbols);
    const pointer = site.block(AT.call_target) ?? site.block(AT.GNU_call_site_target);
    if (called !== undefined || !pointer) return called;
    return toAddress(evaluateNumber({ section: site.unit.owner.section, ...pointer }, context));
  }

  /** False for a function that may have called itself by tail calls since it was entered (gdb's func_verify_no_selftailcall). */
  private isReliable(entry: Address): boolean {
    let known = this.reliable.get(entry);
    if (known === undefined) {
      known = cannotReturnByTailCalls(entry, this.info, this.symbols);
      this.reliable.set(entry, known);
    }
    return known;
  }
}

/** False too where a tail call on the way goes through a pointer or to a function without debug info. */
function cannotReturnByTailCalls(start: Address, info: DebugInfo, symbols: ElfSymbols): boolean {
  const seen = new Set<Address>([start]);
  const open = [start];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const body = info.scopesAt(entry)[0];
    if (!body || entryOf(body.ranges) !== entry || seen.size > MAX_FUNCTIONS) return false;
    for (const { site } of info.callSites.tailCallsOf(body.die)) {
      const target = calledFunction(site, symbols);
      if (target === undefined || target === start) return false;
      if (!seen.has(target)) open.push(target);
      seen.add(target);
    }
  }
  return true;
}
