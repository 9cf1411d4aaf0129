// What the parts of symbols/ share: the file's units, and per unit its functions and lines, read once and kept.
// Must not know what is asked of them.

import type { ElfFile } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import { CallSites } from "./call-sites.ts";
import { readUnitRanges, type UnitRanges, unitNumberAt } from "./dwarf/aranges.ts";
import { AT, FORM, TAG } from "./dwarf/constants.ts";
import { type Address, DwarfError } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import { type LineTable, readLineFiles, readLineTable } from "./dwarf/line.ts";
import { DebugSections } from "./dwarf/sections.ts";
import { type Unit, Units } from "./dwarf/units.ts";
import type { DebugIndex } from "./index/api.ts";
import { embeddedIndex } from "./index/embedded.ts";
import { byFile, type FileLines, type LineMatch, lineCovering } from "./lines.ts";
import { NameSearch } from "./names.ts";
import { pathTo, type Scope, UnitFunctions } from "./scopes.ts";

const LANGUAGE_ASSEMBLER = 0x8001;
const LANGUAGE_GENERIC_ASSEMBLY = 0x0031;

export class DebugInfo {
  readonly sections: DebugSections;
  readonly units: Units;
  readonly names: NameSearch;
  readonly callSites = new CallSites();
  private unitRanges: UnitRanges | undefined;
  private readonly functionsOfUnit = new Map<Unit, UnitFunctions>();
  private readonly linesOfUnit = new Map<Unit, FileLines[]>();
  private readonly filesOfUnit = new Map<Unit, readonly string[]>();

  /** `warn` hears of damage that makes an answer incomplete, and of an index that cannot be used. */
  constructor(
    readonly elf: ElfFile,
    private readonly warn: (message: string) => void,
    /** Without one, that of the file itself, read when it is first needed; null once there is none to ask. */
    private index?: DebugIndex | null,
  ) {
    this.sections = new DebugSections(elf);
    this.units = new Units(this.sections, index?.whole?.headers);
    if (this.units.damage) warn(`Debug info is damaged and used only in part: ${this.units.damage}.`);
    this.names = new NameSearch(
      this.units,
      (question) => this.consult(question),
      (read) => this.attempt(read),
    );
    this.unitRanges = index?.whole?.ranges;
  }

  /** The unit whose code or data covers the address. */
  unitAt(address: Address): Unit | undefined {
    const number = unitNumberAt(this.ranges(), address);
    return number === undefined ? undefined : this.units.all[number];
  }

  ranges(): UnitRanges {
    this.unitRanges ??= readUnitRanges(this.units, this.sections.get("aranges"));
    return this.unitRanges;
  }

  /** Asks the index, where there is one; one that turns out to be damaged is not asked again. */
  consult<T>(question: (index: DebugIndex) => T): T | undefined {
    try {
      if (this.index === undefined) this.index = embeddedIndex(this.elf, this.sections, this.units) ?? null;
      return this.index === null ? undefined : question(this.index);
    } catch (error) {
      if (!(error instanceof DwarfError || error instanceof ElfError)) throw error;
      this.warn(`${this.index?.origin ?? "The file's index"} is not used: ${error.message}.`);
      this.index = null;
      return undefined;
    }
  }

  /**
   * Units that may hold instances of the functions that this unit describes: itself; every unit where it has no code, as link-time optimization puts
   * the instances into units of their own.
   */
  unitsInstantiating(unit: Unit): readonly Unit[] {
    return unit.root.has(AT.low_pc) || unit.root.has(AT.ranges) ? [unit] : this.units.withCode;
  }

  functions(unit: Unit): UnitFunctions {
    let functions = this.functionsOfUnit.get(unit);
    if (!functions) {
      functions = new UnitFunctions(unit);
      this.functionsOfUnit.set(unit, functions);
    }
    return functions;
  }

  /** The function and blocks around an address, outermost first; empty without debug info. */
  scopesAt(address: Address): Scope[] {
    const unit = this.unitAt(address);
    const scope = unit && this.functions(unit).at(address);
    return scope ? pathTo(scope, address) : [];
  }

  /** The unit's rows by file; none where it has no line program or a damaged one. */
  lines(unit: Unit): FileLines[] {
    let lines = this.linesOfUnit.get(unit);
    if (!lines) {
      const table = this.attempt(() => this.lineTable(unit));
      lines = table ? byFile(table) : [];
      this.linesOfUnit.set(unit, lines);
    }
    return lines;
  }

  lineTable(unit: Unit): LineTable | undefined {
    const offset = unit.root.sectionOffset(AT.stmt_list);
    return offset === undefined ? undefined : readLineTable(this.sections, offset, unit);
  }

  /** The line that covers an address, where its unit has one. */
  lineAt(address: Address): LineMatch | undefined {
    const unit = this.unitAt(address);
    return unit && lineCovering(this.lines(unit), address);
  }

  /** The absolute paths behind the unit's file numbers (DW_AT_decl_file, DW_AT_call_file). */
  files(unit: Unit): readonly string[] {
    let files = this.filesOfUnit.get(unit);
    if (!files) {
      const offset = unit.root.sectionOffset(AT.stmt_list);
      files =
        (offset === undefined ? undefined : this.attempt(() => readLineFiles(this.sections, offset, unit))) ??
        [];
      this.filesOfUnit.set(unit, files);
    }
    return files;
  }

  /** Runs a reader; damage becomes a warning and no answer. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      this.warn(error.message);
      return undefined;
    }
  }
}

/** A file-number attribute of a DIE as a path. */
export function fileOf(info: DebugInfo, die: Die, attribute: number): string | undefined {
  const number = die.constant(attribute);
  return number === undefined ? undefined : info.files(die.unit)[number] || undefined;
}

/** Where a DIE, or its origin, is declared. */
export function declarationOf(info: DebugInfo, die: Die): { declFile?: string; declLine?: number } {
  const holder = die.holder(AT.decl_line);
  const declLine = holder?.constant(AT.decl_line);
  const declFile = die.holder(AT.decl_file);
  const file = declFile && fileOf(info, declFile, AT.decl_file);
  return {
    ...(file === undefined ? {} : { declFile: file }),
    ...(declLine === undefined ? {} : { declLine }),
  };
}

export function isAssembler(unit: Unit): boolean {
  const language = unit.root.constant(AT.language);
  return language === LANGUAGE_ASSEMBLER || language === LANGUAGE_GENERIC_ASSEMBLY;
}

export function isClang(unit: Unit): boolean {
  return unit.root.string(AT.producer)?.includes("clang") ?? false;
}

/**
 * True where variables can be found at a function's very first instruction, so that breakpoints need not skip its prologue: gcc's optimized
 * units (gdb's `locations_valid`: gcc 4.5 or later, and the unit uses location lists). Each object file has abbreviations of its own, so a
 * variable abbreviation with a location list tells that one is used.
 */
export function locationsValid(unit: Unit): boolean {
  const gcc = /^GNU (?!AS)\S+(?: \S+)? (\d+)\.(\d+)/.exec(unit.root.string(AT.producer) ?? "");
  if (!gcc || Number(gcc[1]) * 100 + Number(gcc[2]) < 405) return false;
  for (const abbreviation of unit.abbreviations.values()) {
    if (abbreviation?.tag !== TAG.variable && abbreviation?.tag !== TAG.formal_parameter) continue;
    const form = abbreviation.forms[abbreviation.attributes.indexOf(AT.location)];
    if (
      form === FORM.loclistx ||
      form === FORM.sec_offset ||
      (unit.version < 4 && (form === FORM.data4 || form === FORM.data8))
    )
      return true;
  }
  return false;
}
