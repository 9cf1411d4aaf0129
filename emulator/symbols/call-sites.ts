// Call sites (DWARF 5 section 3.4): which call returns to an address, what it passed, and which functions tail calls left out of the stack.
// Must not know frames.

import type { DebugInfo } from "./debug-info.ts";
import { AT, TAG } from "./dwarf/constants.ts";
import { type Address, toAddress } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import type { ExpressionBytes } from "./dwarf/loclists.ts";
import { rangesOf } from "./dwarf/ranges.ts";
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

/** The call site in a function, or in one inlined there, that returns to `pc`. */
export function callSiteReturningTo(functionDie: Die, pc: Address): Die | undefined {
  let found: Die | undefined;
  forEachSite(functionDie, 0, (site) => {
    if (returnAddressOf(site) === pc) found = site;
    return found !== undefined;
  });
  return found;
}

/** The value that a call site passes in the register or place that `location` names. */
export function passedValue(site: Die, location: ExpressionBytes): ExpressionBytes | undefined {
  const wanted = location.section.bytes.subarray(location.pos, location.end);
  const { section } = site.unit.owner;
  let value: ExpressionBytes | undefined;
  site.forEachChild((child) => {
    const block = child.block(AT.location);
    if (!block || !equal(section.bytes.subarray(block.pos, block.end), wanted)) return false;
    const passed = child.block(AT.call_value) ?? child.block(AT.GNU_call_site_value);
    if (passed) value = { section, ...passed };
    return value !== undefined;
  });
  return value;
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
  const site = caller && callSiteReturningTo(caller, returnAddress);
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
    for (const site of this.tailCallsOf(entry)) {
      if (this.unknown || chain.length >= MAX_CHAIN || this.visits++ > MAX_VISITS) return;
      const pc = returnAddressOf(site);
      if (pc === undefined || chain.includes(pc)) continue;
      const target = calledFunction(site, this.symbols);
      if (target === undefined) this.unknown = true;
      else if (target === this.callee) this.chains.push([...chain, pc]);
      else this.visit(target, [...chain, pc]);
    }
  }

  private tailCallsOf(entry: Address): Die[] {
    const body = this.info.scopesAt(entry)[0];
    const sites: Die[] = [];
    if (!body || entryOf(body.ranges) !== entry) return sites;
    forEachSite(body.die, 0, (site) => {
      if (site.flag(AT.call_tail_call) || site.flag(AT.GNU_tail_call)) sites.push(site);
      return false;
    });
    return sites;
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

/** Visits the call sites of a function, those in blocks and inlined copies too; a visitor that returns true ends the walk. */
function forEachSite(die: Die, depth: number, visit: (site: Die) => boolean): boolean {
  let ended = false;
  die.forEachChild((child) => {
    const { tag } = child;
    if (tag === TAG.call_site || tag === TAG.GNU_call_site) ended = visit(child);
    else if ((tag === TAG.inlined_subroutine || tag === TAG.lexical_block) && depth < MAX_DEPTH)
      ended = forEachSite(child, depth + 1, visit);
    return ended;
  });
  return ended;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
