// Where breakpoints go, by function and by line, with gdb's rules: after the prologue where variables are not yet to be found before it, every
// inlined copy too, one place per block for a line. Must not know how breakpoints are set.

import { type ElfFile, SHF } from "../elf/elf.ts";
import type { BreakpointSite, ElfSymbol } from "./api.ts";
import { analyzePrologue, codeAt } from "./code.ts";
import { type DebugInfo, fileOf, isAssembler, isClang, locationsValid } from "./debug-info.ts";
import { AT, TAG } from "./dwarf/constants.ts";
import { type Address, fromAddress, toAddress } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import type { Unit } from "./dwarf/units.ts";
import type { ElfSymbols } from "./elf-symbols.ts";
import { type FileLines, type LineMatch, lineCovering, statementsOf } from "./lines.ts";
import { allScopes, entryOf, type Scope } from "./scopes.ts";
import { matchingUnits } from "./source-files.ts";

const PROLOGUE_BYTES = 16;
/** More rows than this are no prologue. */
const MAX_PROLOGUE_ROWS = 100;

/** A place in code and the line that it stands for. */
interface Place {
  readonly address: Address;
  readonly file: string;
  readonly line: number;
}

export class Sites {
  constructor(
    private readonly elf: ElfFile,
    private readonly symbols: ElfSymbols,
    private readonly info: DebugInfo,
  ) {}

  /** The breakpoints of `break NAME`: out-of-line bodies, inlined copies, and functions without debug info; by address. */
  byFunction(name: string): BreakpointSite[] {
    const symbols = this.symbols.allNamed(name).filter((symbol) => this.isCode(symbol));
    const sites = new Map<Address, BreakpointSite>();
    const entries = new Set<Address>();
    for (const { unit, origins } of this.unitsDefining(name, symbols)) {
      for (const { scope, body } of this.instances(unit, name, origins)) {
        const entry = entryOf(scope.ranges)!;
        entries.add(entry);
        const place = this.afterPrologue(unit, body, entry);
        if (!sites.has(place.address)) sites.set(place.address, site(place, name, scope.kind === "inlined"));
      }
    }
    for (const symbol of symbols) {
      if (entries.has(toAddress(symbol.address))) continue;
      const place = this.withoutDebugInfo(symbol);
      // Clones (`f.part.0`) and aliases show as the function that they are.
      const shown = this.info.scopesAt(toAddress(symbol.address))[0]?.die.name ?? name;
      if (!sites.has(place.address)) sites.set(place.address, site(place, shown, false));
    }
    return byAddress([...sites.values()]);
  }

  /** The breakpoints of `break FILE:LINE`; by address. Without code on the line, those of the next line that has some. */
  byLine(file: string, line: number): BreakpointSite[] {
    const matches = matchingUnits(this.info, file).flatMap(({ unit, files }) =>
      this.info
        .lines(unit)
        .filter((lines) => files.has(lines.file))
        .map((lines) => ({ unit, lines })),
    );
    const target = lineWithCode(
      matches.map(({ lines }) => statementsOf(lines, line)),
      line,
    );
    if (target === undefined) return [];
    const places = matches.flatMap(({ unit, lines }) =>
      statementsOf(lines, target).exact.map((address) => ({
        unit,
        place: { address, file: lines.file, line: target },
      })),
    );
    const sites = new Map<Address, BreakpointSite>();
    for (const { unit, place, path } of this.onePerBlock(places)) {
      const body = path[0];
      const inner = path.filter((scope) => scope.kind !== "block").at(-1);
      const moved = body ? this.notBeforePrologueEnd(unit, body, place) : place;
      const name = inner?.die.name ?? this.symbols.at(fromAddress(place.address))?.symbol.name ?? "";
      if (!sites.has(moved.address)) sites.set(moved.address, site(moved, name, inner?.kind === "inlined"));
    }
    return byAddress([...sites.values()]);
  }

  /** Units that may hold instances of the function, and the DIEs there that instances refer to or are. */
  private unitsDefining(name: string, symbols: readonly ElfSymbol[]): { unit: Unit; origins: Set<number> }[] {
    const only = symbols.length === 1 && symbols[0]?.binding === "global" ? symbols[0] : undefined;
    const body = only && this.info.scopesAt(toAddress(only.address))[0]?.die;
    // A global C function that is nowhere inlined has one definition: no other unit need be searched. (An assembly function may have
    // an `extern inline` twin in a header.)
    if (body?.name === name && !mayBeInlined(body) && !isAssembler(body.unit)) {
      return [{ unit: body.unit, origins: new Set(Array.from(body.lineage(), (die) => die.offset)) }];
    }
    const dies = this.info.names
      .find(name)
      .filter((die) => die.tag === TAG.subprogram && !die.flag(AT.declaration));
    const origins = new Set(dies.map((die) => die.offset));
    const units = new Set(dies.flatMap((die) => this.info.unitsInstantiating(die.unit)));
    return Array.from(units, (unit) => ({ unit, origins }));
  }

  /** The function's bodies and inlined copies in a unit, each with the out-of-line function that it is in. */
  private instances(unit: Unit, name: string, origins: ReadonlySet<number>): { scope: Scope; body: Scope }[] {
    const functions = this.info.functions(unit);
    const found: { scope: Scope; body: Scope }[] = [];
    const inlined = [...origins].some((offset) => {
      const die = this.info.units.dieAt(offset);
      return die !== undefined && (mayBeInlined(die) || die.unit !== unit);
    });
    for (const entry of functions.all()) {
      const own = refersTo(entry.die, origins) && entry.die.name === name;
      if (!own && !inlined) continue;
      const body = functions.scope(entry);
      for (const scope of inlined ? allScopes(body) : [body]) {
        if (scope.kind !== "block" && (scope === body ? own : refersTo(scope.die, origins)))
          found.push({ scope, body });
      }
    }
    return found;
  }

  /** Where to stop in a function entered at `entry`: gdb's find_function_start_sal. */
  private afterPrologue(unit: Unit, body: Scope, entry: Address): Place {
    const match = this.lineAt(unit, entry);
    if (locationsValid(unit) || isAssembler(unit))
      return { address: entry, file: match?.file ?? "", line: match?.line ?? 0 };
    // An inlined copy may begin in the middle of a row: no line is known there.
    const own = match?.low === entry ? match : undefined;
    return this.notBeforePrologueEnd(unit, body, {
      address: entry,
      file: own?.file ?? "",
      line: own?.line ?? 0,
    });
  }

  /** Where a step into the function at `entry` ends: behind its prologue; in assembly at once (gdb's step_into_function). */
  stepEntry(entry: Address): Address {
    const unit = this.info.unitAt(entry);
    const body = this.info.scopesAt(entry)[0];
    if (!unit || !body || isAssembler(unit) || entryOf(body.ranges) !== entry) return entry;
    return this.prologueEnd(unit, body, entry);
  }

  /** Moves a place inside a function's prologue to its end (gdb's skip_prologue_sal); other places stay. */
  private notBeforePrologueEnd(unit: Unit, body: Scope, place: Place): Place {
    if (locationsValid(unit) || isAssembler(unit)) return place;
    const entry = entryOf(body.ranges)!;
    const end = this.prologueEnd(unit, body, entry);
    if (place.address >= end) return place;
    return { address: end, ...this.lineOutsideOfInlined(unit, body, end) };
  }

  private prologueEnd(unit: Unit, body: Scope, entry: Address): Address {
    const bodyEnd = Math.max(...body.ranges.map((range) => range.high));
    const byLines = isClang(unit) ? this.endByLines(unit, entry, bodyEnd) : undefined;
    const pc = byLines ?? entry + prologueLength(codeAt(this.elf, entry, PROLOGUE_BYTES));
    const match = this.lineAt(unit, pc);
    // In the middle of a line: go on to the next one, if it is still in the function.
    if (match && match.low !== pc && entry <= match.high && match.high < bodyEnd) return match.high;
    return pc;
  }

  /**
   * Where clang's prologues end: with the function's first line, or the last of the lines behind it that stand before it in the source, moved there
   * by the optimizer (gdb's skip_prologue_using_sal). Two rows at the start are a prologue without instructions.
   */
  private endByLines(unit: Unit, entry: Address, bodyEnd: Address): Address | undefined {
    let row = this.lineAt(unit, entry);
    if (!row) return undefined;
    if (rowsAt(this.info.lines(unit), row.file, entry) > 1) return entry;
    if (row.high >= bodyEnd) return undefined;
    for (let i = 0; i < MAX_PROLOGUE_ROWS; i++) {
      const next = this.lineAt(unit, row.high);
      if (!next || next.line >= row.line || next.file !== row.file || this.isInlinedAt(row.high)) break;
      row = next;
    }
    return row.high < bodyEnd ? row.high : row.low;
  }

  private isInlinedAt(address: Address): boolean {
    return this.info.scopesAt(address).some(({ kind }) => kind === "inlined");
  }

  /** The line at an address; where a function inlined there begins to be shown, the line where that is declared, as gdb has it. */
  private lineOutsideOfInlined(unit: Unit, body: Scope, address: Address): { file: string; line: number } {
    const match = this.lineAt(unit, address);
    const path = this.info.scopesAt(address);
    const outermost =
      path[0]?.die.offset === body.die.offset ? path.find((scope) => scope.kind === "inlined") : undefined;
    const holder = outermost?.die.holder(AT.decl_line);
    const line = holder?.constant(AT.decl_line);
    if (holder && line) return { line, file: fileOf(this.info, holder, AT.decl_file) ?? match?.file ?? "" };
    return { file: match?.file ?? "", line: match?.line ?? 0 };
  }

  private withoutDebugInfo(symbol: ElfSymbol): Place {
    const entry = toAddress(symbol.address);
    const unit = this.info.unitAt(entry);
    const match = unit && this.lineAt(unit, entry);
    if (unit && match && (locationsValid(unit) || isAssembler(unit)))
      return { address: entry, file: match.file, line: match.line };
    const address = entry + prologueLength(codeAt(this.elf, entry, PROLOGUE_BYTES));
    return { address, file: match?.file ?? "", line: match?.line ?? 0 };
  }

  /** Of the places in one block only the last, as gdb filters them; places outside of any block all stay. */
  private onePerBlock(
    places: readonly { unit: Unit; place: Place }[],
  ): { unit: Unit; place: Place; path: Scope[] }[] {
    const seen = new Map<number, number>();
    const withPaths = places.map((entry) => ({ ...entry, path: this.info.scopesAt(entry.place.address) }));
    withPaths.forEach(({ path }, i) => {
      const block = path.at(-1)?.die.offset;
      if (block !== undefined && !seen.has(block)) seen.set(block, i);
    });
    return withPaths.filter(({ path }, i) => path.length === 0 || seen.get(path.at(-1)!.die.offset) === i);
  }

  private lineAt(unit: Unit, address: Address): LineMatch | undefined {
    return lineCovering(this.info.lines(unit), address);
  }

  /** Functions, and labels in code. */
  private isCode(symbol: ElfSymbol): boolean {
    if (symbol.kind !== "other") return symbol.kind === "function";
    const { address } = symbol;
    return this.elf.sections.some(
      (s) => s.flags & SHF.EXECINSTR && s.address <= address && address < s.address + s.size,
    );
  }
}

/** The compiler says so (DW_AT_inline), or link-time optimization has put the function's instances into another unit than its description. */
function mayBeInlined(die: Die): boolean {
  return die.holder(AT.inline) !== undefined || (die.origin()?.unit ?? die.unit) !== die.unit;
}

/** The line itself if any of the files has code on it, else the nearest later one. */
function lineWithCode(
  found: readonly { exact: Address[]; nextLine: number | undefined }[],
  line: number,
): number | undefined {
  if (found.some(({ exact }) => exact.length > 0)) return line;
  const next = found.flatMap(({ nextLine }) => (nextLine === undefined ? [] : [nextLine]));
  return next.length > 0 ? Math.min(...next) : undefined;
}

/** How many rows of a file begin at an address. */
function rowsAt(lines: readonly FileLines[], file: string, address: Address): number {
  const entries = lines.find((each) => each.file === file)?.entries ?? [];
  return entries.filter((entry) => entry.address === address && entry.line !== 0).length;
}

/** Without a frame set up, gdb leaves the function's start alone. */
function prologueLength(code: Uint8Array): number {
  const { frame, length } = analyzePrologue(code);
  return frame === "set" ? length : 0;
}

function refersTo(die: Die, origins: ReadonlySet<number>): boolean {
  for (const ancestor of die.lineage()) if (origins.has(ancestor.offset)) return true;
  return false;
}

function site(place: Place, name: string, inlined: boolean): BreakpointSite {
  return { address: fromAddress(place.address), function: name, file: place.file, line: place.line, inlined };
}

function byAddress(sites: BreakpointSite[]): BreakpointSite[] {
  return sites.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}
