// The index that a file brings along: .debug_names, or .gdb_index. Others made it, perhaps of an earlier file: it is used only where the units that
// it names are the file's.

import type { ElfFile } from "../../elf/elf.ts";
import { sectionNamed } from "../../elf/elf.ts";
import { DwarfError } from "../dwarf/cursor.ts";
import { type DebugSections, openSection } from "../dwarf/sections.ts";
import type { Units } from "../dwarf/units.ts";
import type { DebugIndex } from "./api.ts";
import { DebugNames } from "./debug-names.ts";
import { GdbIndex } from "./gdb-index.ts";

/** Undefined where the file has none. Throws DwarfError for one that cannot be used. */
export function embeddedIndex(elf: ElfFile, sections: DebugSections, units: Units): DebugIndex | undefined {
  const found = readIndex(elf, sections);
  if (!found) return undefined;
  const known = new Set(units.all.map((unit) => unit.offset));
  const strange = found.units.find((offset) => !known.has(offset));
  if (strange === undefined) return found;
  throw new DwarfError(
    `${found.origin} is of other debug information: no unit begins at 0x${strange.toString(16)} (gdb-add-index makes a new one)`,
  );
}

function readIndex(elf: ElfFile, sections: DebugSections): DebugNames | GdbIndex | undefined {
  if (sections.has("names")) return new DebugNames(sections.get("names"), sections.get("str"));
  const section = sectionNamed(elf, ".gdb_index");
  return section && section.fileSize > 0 ? new GdbIndex(openSection(elf, section)) : undefined;
}
