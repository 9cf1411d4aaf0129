// Things at file scope by name: types, variables, functions' types, enumerators. Must not know expressions.

import type { ElfSymbol, Type, Variable } from "./api.ts";
import { baseNameSpellings } from "./base-names.ts";
import type { DebugInfo } from "./debug-info.ts";
import { AT, TAG } from "./dwarf/constants.ts";
import { toAddress } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import type { Unit } from "./dwarf/units.ts";
import type { ElfSymbols } from "./elf-symbols.ts";
import type { Functions } from "./functions.ts";
import type { Types } from "./types.ts";

const TAGS_OF = {
  struct: [TAG.structure_type, TAG.class_type],
  union: [TAG.union_type],
  enum: [TAG.enumeration_type],
  plain: [TAG.typedef, TAG.base_type, TAG.unspecified_type],
} as const;

/** The definition of a struct, union or enum by its tag, of whatever unit. */
export function definitionOf(info: DebugInfo, kind: keyof typeof TAGS_OF, name: string): Die | undefined {
  const tags: readonly number[] = TAGS_OF[kind];
  for (const die of info.names.likely(name))
    if (tags.includes(die.tag) && !die.flag(AT.declaration)) return die;
  return undefined;
}

export class Globals {
  constructor(
    private readonly info: DebugInfo,
    private readonly symbols: ElfSymbols,
    private readonly types: Types,
    private readonly functions: Functions,
  ) {}

  /** "struct timecounter", "enum foo", "uint64_t"; of `near`'s unit where it has one of its own. */
  typeNamed(name: string, near?: bigint): Type | undefined {
    const [, keyword, tag] = /^(?:(struct|union|enum)\s+)?(.+?)\s*$/.exec(name) ?? [];
    if (!tag) return undefined;
    const kind = (keyword as "struct" | "union" | "enum" | undefined) ?? "plain";
    const tags: readonly number[] = TAGS_OF[kind];
    const spellings = kind === "plain" ? baseNameSpellings(tag) : [tag];
    const found = this.typeDie(spellings, tags, this.unitOf(near));
    return found && this.types.at(found);
  }

  /** A definition: of the unit, else the first; else a declaration. */
  private typeDie(
    spellings: readonly string[],
    tags: readonly number[],
    unit: Unit | undefined,
  ): Die | undefined {
    const { names } = this.info;
    const isType = (die: Die): boolean => tags.includes(die.tag);
    const isDefinition = (die: Die): boolean => isType(die) && !die.flag(AT.declaration);
    for (const spelling of unit ? spellings : []) {
      const own = names.within(unit!, spelling).find(isDefinition);
      if (own) return own;
    }
    for (const spelling of spellings)
      for (const die of names.likely(spelling)) if (isDefinition(die)) return die;
    return spellings.flatMap((spelling) => names.find(spelling)).find(isType);
  }

  /** A variable at file scope; of `near`'s unit where several units have one of that name. */
  variable(name: string, near?: bigint): Variable | undefined {
    const { names } = this.info;
    const unit = this.unitOf(near);
    const own = unit && names.within(unit, name).find(isDefined);
    if (own) return this.functions.variable(own);
    const global = this.symbols
      .allNamed(name)
      .find((symbol) => symbol.kind !== "function" && symbol.binding !== "local");
    const external = global && this.declared(name, global);
    if (external) return external;
    for (const die of names.likely(name)) if (isDefined(die)) return this.functions.variable(die);
    return undefined;
  }

  /** A function's type by its name. */
  functionType(name: string): Type | undefined {
    const symbol = this.symbols.named(name);
    const body =
      symbol?.kind === "function" ? this.info.scopesAt(toAddress(symbol.address))[0]?.die : undefined;
    const die = body?.name === name ? body : this.firstFunction(name);
    return die && this.types.at(die.origin() ?? die);
  }

  private firstFunction(name: string): Die | undefined {
    for (const die of this.info.names.likely(name)) if (die.tag === TAG.subprogram) return die;
    return undefined;
  }

  enumerator(name: string): { type: Type; value: bigint } | undefined {
    const die = this.info.names.findEnumerator(name);
    if (!die) return undefined;
    return { type: this.types.at(die.enumeration), value: die.enumerator.constantBig(AT.const_value) ?? 0n };
  }

  /** A global variable by any of its declarations and the ELF symbol's address: the DIE that defines it may have no name of its own. */
  private declared(name: string, symbol: ElfSymbol): Variable | undefined {
    const isExternal = (die: Die): boolean => die.tag === TAG.variable && die.flag(AT.external);
    const variable = (die: Die): Variable => this.functions.variable(die, undefined, symbol.address);
    for (const die of this.info.names.likely(name))
      if (isExternal(die) && this.isComplete(this.types.of(die))) return variable(die);
    // An array may be declared without its size: then the definition is worth looking for.
    const dies = this.info.names.find(name).filter(isExternal);
    const die = this.completion(dies) ?? dies[0];
    return die && variable(die);
  }

  private isComplete(type: Type): boolean {
    return type.kind !== "array" || !type.counts.includes(undefined);
  }

  private completion(dies: readonly Die[]): Die | undefined {
    const offsets = new Set(dies.map((die) => die.offset));
    for (const unit of new Set(dies.map((die) => die.unit))) {
      let found: Die | undefined;
      unit.root.forEachChild((die) => {
        if (die.tag !== TAG.variable || !die.has(AT.specification)) return false;
        const declaration = die.reference(AT.specification);
        if (declaration && offsets.has(declaration.offset)) found = die;
        return found !== undefined;
      });
      if (found) return found;
    }
    return undefined;
  }

  private unitOf(address: bigint | undefined): Unit | undefined {
    return address === undefined ? undefined : this.info.unitAt(toAddress(address));
  }
}

function isDefined(die: Die): boolean {
  return die.tag === TAG.variable && (die.has(AT.location) || die.has(AT.const_value));
}
