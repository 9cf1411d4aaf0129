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
  return info.names.find(name).find((die) => tags.includes(die.tag) && !die.flag(AT.declaration));
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
    const all = spellings
      .flatMap((spelling) => this.info.names.find(spelling))
      .filter((die) => tags.includes(die.tag));
    const found =
      preferred(
        all.filter((die) => !die.flag(AT.declaration)),
        this.unitOf(near),
      ) ?? all[0];
    return found && this.types.at(found);
  }

  /** A variable at file scope; of `near`'s unit where several units have one of that name. */
  variable(name: string, near?: bigint): Variable | undefined {
    const dies = this.info.names.find(name).filter((die) => die.tag === TAG.variable);
    const defined = dies.filter((die) => die.has(AT.location) || die.has(AT.const_value));
    const unit = this.unitOf(near);
    const local = defined.find((die) => die.unit === unit);
    if (local) return this.functions.variable(local);
    const global = this.symbols
      .allNamed(name)
      .find((symbol) => symbol.kind !== "function" && symbol.binding !== "local");
    const external =
      global &&
      this.declared(
        dies.filter((die) => die.flag(AT.external)),
        global,
      );
    if (external) return external;
    return defined[0] && this.functions.variable(defined[0]);
  }

  /** A function's type by its name. */
  functionType(name: string): Type | undefined {
    const symbol = this.symbols.named(name);
    const body =
      symbol?.kind === "function" ? this.info.scopesAt(toAddress(symbol.address))[0]?.die : undefined;
    const die =
      body?.name === name ? body : this.info.names.find(name).find(({ tag }) => tag === TAG.subprogram);
    return die && this.types.at(die.origin() ?? die);
  }

  enumerator(name: string): { type: Type; value: bigint } | undefined {
    const die = this.info.names.findEnumerator(name);
    if (!die) return undefined;
    return { type: this.types.at(die.enumeration), value: die.enumerator.constantBig(AT.const_value) ?? 0n };
  }

  /** A global variable by any of its declarations and the ELF symbol's address: the DIE that defines it may have no name of its own. */
  private declared(dies: readonly Die[], symbol: ElfSymbol): Variable | undefined {
    // An array may be declared without its size: then the definition is worth looking for.
    const die =
      dies.find((candidate) => this.isComplete(this.types.of(candidate))) ?? this.completion(dies) ?? dies[0];
    return die && this.functions.variable(die, undefined, symbol.address);
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

function preferred(dies: readonly Die[], unit: Unit | undefined): Die | undefined {
  return dies.find((die) => die.unit === unit) ?? dies[0];
}
