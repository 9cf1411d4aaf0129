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

/** The call sites of functions, each list read once. */
export class CallSites {
  private readonly sites = new Map<
    number,
    readonly { readonly site: Die; readonly returns: Address | undefined }[]
  >();

  /** Every call site of a function, those in blocks and in functions inlined there too. */
  of(functionDie: Die): readonly { readonly site: Die; readonly returns: Address | undefined }[] {
    let sites = this.sites.get(functionDie.offset);
    if (!sites) {
      const found: { site: Die; returns: Address | undefined }[] = [];
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

  private tailCallsOf(
    entry: Address,
  ): readonly { readonly site: Die; readonly returns: Address | undefined }[] {
    const body = this.info.scopesAt(entry)[0];
    if (!body || entryOf(body.ranges) !== entry) return [];
    return this.info.callSites
      .of(body.die)
      .filter(({ site }) => site.flag(AT.call_tail_call) || site.flag(AT.GNU_tail_call));
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

function collect(die: Die, depth: number, found: { site: Die; returns: Address | undefined }[]): void {
  die.forEachChild((child) => {
    const { tag } = child;
    if (tag === TAG.call_site || tag === TAG.GNU_call_site)
      found.push({ site: child, returns: returnAddressOf(child) });
    else if ((tag === TAG.inlined_subroutine || tag === TAG.lexical_block) && depth < MAX_DEPTH)
      collect(child, depth + 1, found);
  });
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
