// Call sites (DWARF 5 section 3.4): which call returns to an address, what it passed, and which functions tail calls left out of the stack.
// Must not know frames.

import type { DebugInfo } from "./debug-info.ts";
import { AT, OP, TAG } from "./dwarf/constants.ts";
import { type Address, toAddress } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import type { ExpressionBytes } from "./dwarf/loclists.ts";
import { rangesOf } from "./dwarf/ranges.ts";
import { DWARF_RSP } from "./dwarf/registers.ts";
import type { ElfSymbols } from "./elf-symbols.ts";
import { entryOf } from "./scopes.ts";

/** Deeper nesting of blocks is damage. */
const MAX_DEPTH = 128;
/** Longer chains of tail calls are not looked for, nor more sites than this altogether. */
const MAX_CHAIN = 64;
const MAX_VISITS = 10_000;

/** The address behind a site's call or jump. */
function returnAddressOf(site: Die): Address | undefined {
  return site.address(AT.call_return_pc) ?? site.address(AT.low_pc);
}

interface Site {
  readonly site: Die;
  readonly returns: Address | undefined;
}

/** The call sites of functions, each list read once. */
export class CallSites {
  private readonly sites = new Map<number, readonly Site[]>();

  /** Every call site of a function, those in blocks and in functions inlined there too. */
  of(functionDie: Die): readonly Site[] {
    let sites = this.sites.get(functionDie.offset);
    if (!sites) {
      const found: Site[] = [];
      collect(functionDie, 0, found);
      sites = found;
      this.sites.set(functionDie.offset, sites);
    }
    return sites;
  }

  /** The call site of a function that returns to `pc`. */
  returningTo(functionDie: Die, pc: Address): Die | undefined {
    return this.of(functionDie).find(({ returns }) => returns === pc)?.site;
  }

  /** The sites that leave the function by a jump. */
  tailCallsOf(functionDie: Die): readonly Site[] {
    return this.of(functionDie).filter(
      ({ site }) => site.flag(AT.call_tail_call) || site.flag(AT.GNU_tail_call),
    );
  }
}

/** Where a caller puts an argument: a register by DWARF number, or the stack, counted from the stack pointer at the call. */
export type ArgumentPlace =
  | { kind: "register"; number: number }
  | { kind: "stack"; offset: number }
  /** Nowhere: the compiler made it a constant in the callee, and the site names the parameter's DIE. */
  | { kind: "parameter"; die: number };

/** The place that a location names, for a callee (frame base + offset) and a caller (stack pointer + offset) alike; undefined for other locations. */
export function argumentPlace({ section, pos, end }: ExpressionBytes): ArgumentPlace | undefined {
  if (pos >= end) return undefined;
  const cursor = section.cursor(pos, end);
  const op = cursor.u8();
  let place: ArgumentPlace | undefined;
  if (op >= OP.reg0 && op <= OP.reg31) place = { kind: "register", number: op - OP.reg0 };
  else if (op === OP.regx) place = { kind: "register", number: cursor.uleb() };
  else if (op === OP.fbreg || op === OP.breg0 + DWARF_RSP) place = { kind: "stack", offset: cursor.sleb() };
  return cursor.done ? place : undefined;
}

/** The value that a call site passes in a place. */
export function passedValue(site: Die, wanted: ArgumentPlace): ExpressionBytes | undefined {
  const { section } = site.unit.owner;
  let value: ExpressionBytes | undefined;
  site.forEachChild((child) => {
    const block = child.block(AT.location);
    const place = block ? argumentPlace({ section, ...block }) : namedParameter(child);
    if (!place || !samePlace(place, wanted)) return false;
    const passed = child.block(AT.call_value) ?? child.block(AT.GNU_call_site_value);
    if (passed) value = { section, ...passed };
    return value !== undefined;
  });
  return value;
}

function namedParameter(passed: Die): ArgumentPlace | undefined {
  const die = passed.reference(AT.call_parameter) ?? passed.reference(AT.abstract_origin);
  return die && { kind: "parameter", die: die.offset };
}

function samePlace(a: ArgumentPlace, b: ArgumentPlace): boolean {
  switch (a.kind) {
    case "register":
      return b.kind === "register" && a.number === b.number;
    case "stack":
      return b.kind === "stack" && a.offset === b.offset;
    case "parameter":
      return b.kind === "parameter" && a.die === b.die;
  }
}

/** The function that a site calls: its entry; undefined for calls through pointers. */
export function calledFunction(site: Die, symbols: ElfSymbols): Address | undefined {
  const origin = site.reference(AT.call_origin) ?? site.reference(AT.abstract_origin);
  if (!origin) return undefined;
  const entry = entryOf(rangesOf(origin));
  if (entry !== undefined) return entry;
  const name = origin.holder(AT.linkage_name)?.string(AT.linkage_name) ?? origin.name;
  const symbol = name === undefined ? undefined : symbols.named(name);
  return symbol && toAddress(symbol.address);
}

/**
 * The addresses behind the jumps of the tail calls between the call that returns to `returnAddress` and the function that begins at `callee`, the
 * callee's side first. Empty for a direct call, and where the way is unknown. Of several ways, what they have in common at both ends, as gdb shows it.
 */
export function tailCallChain(
  info: DebugInfo,
  symbols: ElfSymbols,
  returnAddress: Address,
  callee: Address,
): Address[] {
  const caller = info.scopesAt(returnAddress - 1)[0]?.die;
  const site = caller && info.callSites.returningTo(caller, returnAddress);
  const target = site && calledFunction(site, symbols);
  if (target === undefined || target === callee) return [];
  const search = new ChainSearch(info, symbols, callee);
  return search.from(target);
}

class ChainSearch {
  private readonly chains: Address[][] = [];
  private visits = 0;
  /** A tail call through a pointer was met: nothing can be said for sure. */
  private unknown = false;

  constructor(
    private readonly info: DebugInfo,
    private readonly symbols: ElfSymbols,
    private readonly callee: Address,
  ) {}

  from(target: Address): Address[] {
    this.visit(target, []);
    if (this.unknown || this.chains.length === 0) return [];
    return common(this.chains).reverse();
  }

  /** Walks the tail calls of the function at `entry`; `chain` holds the jumps that led there. */
  private visit(entry: Address, chain: Address[]): void {
    for (const { site, returns: pc } of this.tailCallsOf(entry)) {
      if (this.unknown || chain.length >= MAX_CHAIN || this.visits++ > MAX_VISITS) return;
      if (pc === undefined || chain.includes(pc)) continue;
      const target = calledFunction(site, this.symbols);
      if (target === undefined) this.unknown = true;
      else if (target === this.callee) this.chains.push([...chain, pc]);
      else this.visit(target, [...chain, pc]);
    }
  }

  private tailCallsOf(entry: Address): readonly Site[] {
    const body = this.info.scopesAt(entry)[0];
    return body && entryOf(body.ranges) === entry ? this.info.callSites.tailCallsOf(body.die) : [];
  }
}

/** The one chain; of several, their common beginning and end. */
function common(chains: readonly Address[][]): Address[] {
  const [first = [], ...others] = chains;
  if (others.length === 0) return first;
  let start = first.length;
  let end = first.length;
  for (const other of others) {
    start = Math.min(start, sharedCount(first, other));
    end = Math.min(end, sharedCount([...first].reverse(), [...other].reverse()));
  }
  return start + end >= first.length ? first : [...first.slice(0, start), ...first.slice(first.length - end)];
}

function sharedCount(a: readonly Address[], b: readonly Address[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

function collect(die: Die, depth: number, found: Site[]): void {
  die.forEachChild((child) => {
    const { tag } = child;
    if (tag === TAG.call_site || tag === TAG.GNU_call_site)
      found.push({ site: child, returns: returnAddressOf(child) });
    else if ((tag === TAG.inlined_subroutine || tag === TAG.lexical_block) && depth < MAX_DEPTH)
      collect(child, depth + 1, found);
  });
}
