// Functions at an address as the debugger shows them: the out-of-line body and the inlined copies, with parameters and locals.
// Must not know where values are.

import type { AddressRange, FunctionInstance, Variable } from "./api.ts";
import { type DebugInfo, declarationOf, fileOf } from "./debug-info.ts";
import { AT, TAG } from "./dwarf/constants.ts";
import { type Address, fromAddress, toAddress } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import { contains, type Range } from "./dwarf/ranges.ts";
import type { Scope } from "./scopes.ts";
import type { Types } from "./types.ts";

/** What `Variable.die` holds: the DIE, and the function whose frame base its location may need. */
export interface VariableOrigin {
  readonly die: Die;
  readonly function?: Die;
  /** Where a variable that is only declared lies, by the ELF symbol of its name. */
  readonly address?: bigint;
}

/** Abstract blocks nested deeper than this are damage. */
const MAX_DEPTH = 64;

export class Functions {
  constructor(
    private readonly info: DebugInfo,
    private readonly types: Types,
    /** Runs a reader; gives `empty` where the debug info is damaged. */
    private readonly attempt: <T>(empty: T, read: () => T) => T,
  ) {}

  /** Innermost inlined first, the out-of-line function last. */
  at(address: Address): FunctionInstance[] {
    const path = this.info.scopesAt(address);
    const body = path[0];
    if (!body) return [];
    return path
      .filter((scope) => scope.kind !== "block")
      .map((scope) => this.instance(scope, body))
      .reverse();
  }

  variable(die: Die, functionDie?: Die, address?: bigint): Variable {
    const origin: VariableOrigin = {
      die,
      ...(functionDie ? { function: functionDie } : {}),
      ...(address === undefined ? {} : { address }),
    };
    const { types } = this;
    return {
      name: die.name ?? "",
      get type() {
        return types.of(die);
      },
      ...declarationOf(this.info, die),
      die: origin,
    };
  }

  private variables(body: Scope, find: () => Die[]): Variable[] {
    return this.attempt([], () => find().map((die) => this.variable(die, body.die)));
  }

  private instance(scope: Scope, body: Scope): FunctionInstance {
    const { die } = scope;
    const inlined = scope.kind === "inlined";
    const callFile = inlined ? fileOf(this.info, die, AT.call_file) : undefined;
    const callLine = inlined ? die.constant(AT.call_line) : undefined;
    return {
      name: die.name ?? "",
      inlined,
      ...(callFile === undefined ? {} : { callFile }),
      ...(callLine === undefined ? {} : { callLine }),
      ranges: toRanges(scope.ranges),
      ...declarationOf(this.info, die),
      parameters: () => this.variables(body, () => parameterDies(die)),
      locals: (address) => this.variables(body, () => localDies(scope, toAddress(address))),
    };
  }
}

export function toRanges(ranges: readonly Range[]): AddressRange[] {
  return ranges.map(({ low, high }) => ({ low: fromAddress(low), high: fromAddress(high) }));
}

/** A function's formal parameters: its own, then those of its origin that it leaves out, having optimized them away. */
function parameterDies(die: Die): Die[] {
  const own = die
    .children()
    .filter((child) => child.tag === TAG.formal_parameter && child.name !== undefined);
  return [...own, ...leftOut(die, (child) => child.tag === TAG.formal_parameter && child.name !== undefined)];
}

/** Locals of a function and of its blocks around the address, outermost block first; blocks inside inlined copies are theirs. */
function localDies(scope: Scope, address: Address): Die[] {
  const dies = [...blockLocals(scope), ...abstractLocals(scope.die, 0)];
  for (let block: Scope | undefined = scope; block; ) {
    block = block.children.find((child) => child.kind === "block" && contains(child.ranges, address));
    if (block) dies.push(...blockLocals(block), ...abstractLocals(block.die, 0));
  }
  return dies;
}

/**
 * The named variables directly in a block, and those of blocks in it that have no code of their own. A block that is an inlined function with
 * unknown call site lists that function's parameters too.
 */
function blockLocals(scope: Scope): Die[] {
  const { die, kind } = scope;
  const locals: Die[] = [];
  die.forEachChild((child) => {
    if (isLocal(child)) locals.push(child);
    else if (kind === "block" && child.tag === TAG.formal_parameter && child.name !== undefined)
      locals.push(child);
    else if (child.tag === TAG.lexical_block && !child.has(AT.low_pc) && !child.has(AT.ranges)) {
      locals.push(...child.children().filter(isLocal));
    }
  });
  return locals;
}

/** What the origin has and the instance leaves out: variables that were optimized away, blocks included. */
function abstractLocals(die: Die, depth: number): Die[] {
  const found: Die[] = [];
  for (const child of leftOut(die, (c) => isLocal(c) || c.tag === TAG.lexical_block)) {
    if (isLocal(child)) found.push(child);
    else if (depth < MAX_DEPTH) found.push(...allLocals(child, depth + 1));
  }
  return found;
}

function allLocals(die: Die, depth: number): Die[] {
  const found: Die[] = [];
  die.forEachChild((child) => {
    if (isLocal(child)) found.push(child);
    else if (child.tag === TAG.lexical_block && depth < MAX_DEPTH) found.push(...allLocals(child, depth + 1));
  });
  return found;
}

/** The origin's children that no descendant of the instance refers to. */
function leftOut(die: Die, wanted: (child: Die) => boolean): Die[] {
  const origin = die.reference(AT.abstract_origin);
  if (!origin) return [];
  const used = new Set<number>();
  collectOrigins(die, used, 0);
  return origin.children().filter((child) => wanted(child) && !used.has(child.offset));
}

function collectOrigins(die: Die, used: Set<number>, depth: number): void {
  die.forEachChild((child) => {
    const origin = child.has(AT.abstract_origin) ? child.reference(AT.abstract_origin) : undefined;
    if (origin) used.add(origin.offset);
    if (child.tag === TAG.lexical_block && depth < MAX_DEPTH) collectOrigins(child, used, depth + 1);
  });
}

/** A variable with a name that is defined here; `extern` declarations inside functions name something else's place. */
function isLocal(die: Die): boolean {
  return die.tag === TAG.variable && !die.flag(AT.declaration) && die.name !== undefined;
}
