// Functions of a unit and the blocks inside one: out-of-line bodies, inlined copies, lexical blocks, by address.
// Must not know lines, types or values.

import { AT, TAG } from "./dwarf/constants.ts";
import type { Address } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import { contains, type Range, rangesOf } from "./dwarf/ranges.ts";
import type { Unit } from "./dwarf/units.ts";

/** A function body, an inlined copy of a function, or a block with names of its own. */
export interface Scope {
  readonly kind: "function" | "inlined" | "block";
  readonly die: Die;
  readonly ranges: readonly Range[];
  readonly children: readonly Scope[];
}

/** Deeper nesting is damage. */
const MAX_DEPTH = 128;

/** The out-of-line functions of one unit. */
export class UnitFunctions {
  private list: { readonly die: Die; readonly ranges: readonly Range[] }[] | undefined;
  private readonly scopes = new Map<Die, Scope>();

  constructor(readonly unit: Unit) {}

  /** Every out-of-line function, in the unit's order. */
  all(): readonly { readonly die: Die; readonly ranges: readonly Range[] }[] {
    this.list ??= readFunctions(this.unit);
    return this.list;
  }

  /** The function whose code covers the address, with its blocks. */
  at(address: Address): Scope | undefined {
    // Of several names for one piece of assembly the last counts, as in gdb.
    const found = this.all()
      .filter(({ ranges }) => contains(ranges, address))
      .at(-1);
    return found && this.scope(found);
  }

  scope(of: { readonly die: Die; readonly ranges: readonly Range[] }): Scope {
    let scope = this.scopes.get(of.die);
    if (!scope) {
      scope = { kind: "function", die: of.die, ranges: of.ranges, children: readChildren(of.die, 0) };
      this.scopes.set(of.die, scope);
    }
    return scope;
  }
}

/** The scopes around an address, from the function inwards. */
export function pathTo(scope: Scope, address: Address): Scope[] {
  const path = [scope];
  for (let next: Scope | undefined = scope; next; ) {
    next = next.children.find((child) => contains(child.ranges, address));
    if (next) path.push(next);
  }
  return path;
}

/** Where a scope is entered: its start, or the start of the first of its ranges (as gdb's BLOCK_ENTRY_PC). */
export function entryOf(ranges: readonly Range[]): Address | undefined {
  return ranges[0]?.low;
}

/** Every scope below and including this one, outermost first. */
export function* allScopes(scope: Scope): Generator<Scope> {
  yield scope;
  for (const child of scope.children) yield* allScopes(child);
}

function readFunctions(unit: Unit): { die: Die; ranges: Range[] }[] {
  const functions: { die: Die; ranges: Range[] }[] = [];
  const visit = (die: Die): void => {
    if (die.tag === TAG.namespace) die.forEachChild(visit);
    if (die.tag !== TAG.subprogram) return;
    if (!die.has(AT.low_pc) && !die.has(AT.ranges)) return;
    const ranges = rangesOf(die);
    if (ranges.length > 0) functions.push({ die, ranges });
  };
  unit.root.forEachChild(visit);
  return functions;
}

function readChildren(die: Die, depth: number): Scope[] {
  const scopes: Scope[] = [];
  if (depth < MAX_DEPTH) addChildren(die, depth, scopes);
  return scopes;
}

function addChildren(die: Die, depth: number, scopes: Scope[]): void {
  die.forEachChild((child) => {
    if (child.tag === TAG.inlined_subroutine) addInlined(child, depth, scopes);
    else if (child.tag === TAG.lexical_block) addBlock(child, depth, scopes);
  });
}

/** An inlined copy whose call site is unknown (DWARF 2) cannot be shown as called: it counts as a block, as in gdb. */
function addInlined(die: Die, depth: number, scopes: Scope[]): void {
  const ranges = rangesOf(die);
  if (!die.has(AT.call_line) || !die.has(AT.call_file)) addBlock(die, depth, scopes);
  else if (ranges.length > 0)
    scopes.push({ kind: "inlined", die, ranges, children: readChildren(die, depth + 1) });
}

/** A block without names of its own is part of the block around it, as in gdb. */
function addBlock(die: Die, depth: number, scopes: Scope[]): void {
  if (depth >= MAX_DEPTH) return;
  const ranges = rangesOf(die);
  if (ranges.length > 0 && hasNames(die))
    scopes.push({ kind: "block", die, ranges, children: readChildren(die, depth + 1) });
  else if (ranges.length > 0) addChildren(die, depth + 1, scopes);
}

function hasNames(die: Die): boolean {
  let found = false;
  die.forEachChild((child) => {
    found =
      child.tag !== TAG.lexical_block &&
      child.tag !== TAG.inlined_subroutine &&
      child.tag !== TAG.call_site &&
      child.tag !== TAG.GNU_call_site;
    return found;
  });
  return found;
}
