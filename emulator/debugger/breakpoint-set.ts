// The breakpoints of a session: their numbers, their places, and what of them is planted in the target. When the symbols change, each
// is looked for again. Must not know what a hit leads to.

import { isDeepStrictEqual } from "node:util";
import type { SymbolFile } from "../symbols/api.ts";
import { MemoryError } from "../symbols/memory.ts";
import {
  type Breakpoint,
  type BreakpointOptions,
  resolveSites,
  type Site,
  siteAddresses,
  type Where,
} from "./breakpoints.ts";
import type { Target, Watchpoint } from "./target.ts";
import { EvaluationError } from "./values.ts";
import type { Watch } from "./watches.ts";

/** What somebody else has planted in the same target (gdb beside this session): it stops the guest without a question. */
export interface Foreign {
  breakpoints: ReadonlySet<bigint>;
  /** Ids below zero, which no breakpoint of ours has. */
  watchpoints: readonly Watchpoint[];
}

/** What became of the breakpoints when the symbols changed. */
export interface Moved {
  /** Those that are elsewhere now, have found their code, or have lost it. */
  changed: Breakpoint[];
  /** Watches of frames that are gone. */
  removed: Breakpoint[];
  /** In gdb's words. */
  messages: string[];
}

export class BreakpointSet {
  #list: Breakpoint[] = [];
  #nextId = 1;
  /** Addresses of a run to a place, beside the breakpoints. */
  #temporary: readonly bigint[] = [];
  #foreign: Foreign = { breakpoints: new Set(), watchpoints: [] };
  #watching = false;

  constructor(
    private readonly target: Target,
    private readonly symbols: SymbolFile,
  ) {}

  get list(): readonly Breakpoint[] {
    return this.#list;
  }

  get foreign(): Foreign {
    return this.#foreign;
  }

  /** Makes a breakpoint and plants it. One that goes nowhere is pending. What cannot be planted throws, and takes no number. */
  add(where: Where, options: BreakpointOptions): Breakpoint {
    const breakpoint = {
      id: this.#nextId++,
      where,
      hits: 0,
      enabled: true,
      ...options,
      ...resolveSites(where, this.symbols),
    };
    this.#list.push(breakpoint);
    try {
      this.plant();
    } catch (error) {
      this.remove((each) => each === breakpoint);
      this.#nextId = breakpoint.id;
      throw error;
    }
    return breakpoint;
  }

  change(breakpoint: Breakpoint, change: Partial<BreakpointOptions & { enabled: boolean }>): void {
    Object.assign(breakpoint, change);
    this.plant();
  }

  remove(which: (breakpoint: Breakpoint) => boolean): void {
    this.#list = this.#list.filter((each) => !which(each));
    this.plant();
  }

  /** Replaces what somebody else has planted. */
  setForeign(foreign: Foreign): void {
    this.#foreign = foreign;
    this.plant();
  }

  /** Replaces the addresses of a run to a place. */
  setTemporary(addresses: readonly bigint[]): void {
    this.#temporary = addresses;
    this.plant();
  }

  plant(): void {
    const addresses = siteAddresses(this.#list);
    for (const address of this.#temporary) addresses.add(address);
    for (const address of this.#foreign.breakpoints) addresses.add(address);
    this.target.setBreakpoints(addresses);
    if (!this.target.watchpoints) return;
    const own = this.#list.flatMap(({ id, where, enabled }) =>
      where.kind === "watch" && enabled ? [{ id, access: where.access, place: where.place }] : [],
    );
    const watches = [...own, ...this.#foreign.watchpoints];
    if (watches.length > 0 || this.#watching) this.target.watchpoints.set(watches);
    this.#watching = watches.length > 0;
  }

  /** Counts begin anew, and watches on variables of frames go with the frames. */
  startOver(): Breakpoint[] {
    for (const breakpoint of this.#list) breakpoint.hits = 0;
    const gone = this.#list.filter(({ where }) => where.kind === "watch" && where.scope);
    if (gone.length > 0) this.remove((each) => gone.includes(each));
    return gone;
  }

  /** Looks for each place again. `watched` says what a watch's expression names now; it throws EvaluationError. */
  resolveAgain(watched: (watch: Watch) => Pick<Watch, "place" | "type">): Omit<Moved, "removed"> {
    const messages: string[] = [];
    const changed = this.#list.filter((breakpoint) => {
      const { where } = breakpoint;
      return where.kind === "watch"
        ? rewatch(breakpoint, where, watched, messages)
        : this.#lookAgain(breakpoint, messages);
    });
    this.plant();
    return { changed, messages };
  }

  /** True where the breakpoint's places are others now. */
  #lookAgain(breakpoint: Breakpoint, messages: string[]): boolean {
    const before = breakpoint.sites;
    const { sites, message } = resolveSites(breakpoint.where, this.symbols);
    breakpoint.sites = sites;
    breakpoint.message = message;
    if (sites.length === 0 && before.length > 0)
      messages.push(`Error in re-setting breakpoint ${breakpoint.id}: ${message ?? "no such location"}`);
    return sites.length !== before.length || sites.some((site, index) => !isSame(site, before[index]!));
  }
}

const isSame = (site: Site, other: Site): boolean =>
  site.address === other.address && site.file === other.file && site.line === other.line;

/** A watch on what has gone is switched off. */
function rewatch(
  breakpoint: Breakpoint,
  watch: Watch,
  watched: (watch: Watch) => Pick<Watch, "place" | "type">,
  messages: string[],
): boolean {
  if (watch.fixed) return false;
  try {
    const { place, type } = watched(watch);
    const same = isDeepStrictEqual(place, watch.place);
    Object.assign(watch, { place, type });
    return !same;
  } catch (error) {
    if (!(error instanceof EvaluationError || error instanceof MemoryError)) throw error;
    messages.push(`Error in re-setting breakpoint ${breakpoint.id}: ${error.message}`);
    Object.assign(breakpoint, { enabled: false, message: error.message });
    return true;
  }
}
