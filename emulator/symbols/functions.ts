// Functions at an address as the debugger shows them: the out-of-line body and the inlined copies, with parameters and locals.
// Must not know where values are.

import type { AddressRange, FunctionInstance, Variable } from "./api.ts";
import { type BlockSymbol, leftOut, listedSymbols } from "./block-symbols.ts";
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

  private parameters(die: Die, body: Scope): Variable[] {
    return this.attempt([], () => parameterDies(die).map((each) => this.variable(each, body.die)));
  }

  private locals(scope: Scope, body: Scope, address: Address): Variable[] {
    return this.attempt([], () => localSymbols(scope, address).map((each) => this.local(each, body)));
  }

  private local({ die, kind, enumeration, abstract }: BlockSymbol, body: Scope): Variable {
    const variable = this.variable(die, body.die);
    if (abstract) return { ...variable, valueless: true };
    if (kind === "label") return { ...variable, label: true };
    return enumeration ? { ...variable, type: this.types.at(enumeration) } : variable;
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
      type: () => this.types.at(die.origin() ?? die),
      parameters: () => this.parameters(die, body),
      locals: (address) => this.locals(scope, body, toAddress(address)),
    };
  }
}

export function toRanges(ranges: readonly Range[]): AddressRange[] {
  return ranges.map(({ low, high }) => ({ low: fromAddress(low), high: fromAddress(high) }));
}

/** A function's formal parameters: its own, then those of its origin that it leaves out, having optimized them away. */
function parameterDies(die: Die): Die[] {
  return [...die.children(), ...leftOut(die)].filter(
    (child) => child.tag === TAG.formal_parameter && child.name !== undefined,
  );
}

/** What a function and its blocks around the address list, innermost block first as gdb does; blocks inside inlined copies are theirs. */
function localSymbols(scope: Scope, address: Address): BlockSymbol[] {
  const blocks = [listedSymbols(scope.die, true)];
  for (let block: Scope | undefined = scope; block; ) {
    block = block.children.find((child) => child.kind === "block" && contains(child.ranges, address));
    if (block) blocks.push(listedSymbols(block.die, false));
  }
  return blocks.reverse().flat();
}
