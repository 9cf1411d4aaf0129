// Everything at file scope by kind, for searches over all names: functions with code, variables, types. Reads every unit's outermost DIEs. Must not
// know what is searched for.

import type { Definition, DefinitionKind, UnitDescription } from "./api.ts";
import { type DebugInfo, declarationOf } from "./debug-info.ts";
import { AT, TAG } from "./dwarf/constants.ts";
import type { Address } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import type { Types } from "./types.ts";

const TYPE_TAGS: readonly number[] = [
  TAG.structure_type,
  TAG.union_type,
  TAG.enumeration_type,
  TAG.typedef,
  TAG.base_type,
];
const TAGS: Readonly<Record<DefinitionKind, readonly number[]>> = {
  function: [TAG.subprogram],
  variable: [TAG.variable],
  type: TYPE_TAGS,
}; // biome-ignore format: a table

/** Those whose name is wanted; what many units have alike (a header's type) once. */
export function definitions(
  info: DebugInfo,
  types: Types,
  kind: DefinitionKind,
  wanted: (name: string) => boolean,
): Definition[] {
  const found = new Map<string, Definition>();
  for (const unit of info.units.all) {
    const unitFile = unit.root.name ?? "";
    unit.root.forEachChild((die) => {
      if (!TAGS[kind].includes(die.tag)) return false;
      const { name } = die;
      if (name === undefined || !wanted(name) || !isDefinition(die, kind)) return false;
      const definition = describe(info, types, die, name, unitFile);
      const key = `${definition.file}:${definition.line ?? 0}:${die.tag}:${name}`;
      if (!found.has(key)) found.set(key, definition);
      return false;
    });
  }
  return [...found.values()];
}

function isDefinition(die: Die, kind: DefinitionKind): boolean {
  if (die.flag(AT.declaration)) return false;
  // What is only ever inlined has no code of its own.
  if (kind === "function") return die.has(AT.low_pc) || die.has(AT.ranges);
  if (kind === "type" || die.has(AT.location) || die.has(AT.const_value)) return true;
  // A unit's own variable that was optimized away is still one.
  return !(die.holder(AT.external)?.flag(AT.external) ?? false);
}

function describe(info: DebugInfo, types: Types, die: Die, name: string, unitFile: string): Definition {
  const { declFile, declLine } = declarationOf(info, die);
  const holder = die.holder(AT.external);
  return {
    name,
    file: declFile ?? unitFile,
    ...(declLine === undefined ? {} : { line: declLine }),
    static: !TYPE_TAGS.includes(die.tag) && !(holder?.flag(AT.external) ?? false),
    type: () =>
      TYPE_TAGS.includes(die.tag) || die.tag === TAG.subprogram
        ? types.at(die.origin() ?? die)
        : types.of(die),
  };
}

/** What the unit of an address says of itself. */
export function describeUnit(info: DebugInfo, address: Address): UnitDescription | undefined {
  const unit = info.unitAt(address);
  if (!unit) return undefined;
  return {
    name: unit.root.name ?? "",
    folder: unit.root.string(AT.comp_dir) ?? "",
    producer: unit.root.string(AT.producer) ?? "",
    dwarfVersion: unit.version,
  };
}
