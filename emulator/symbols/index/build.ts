// Makes a whole index by reading all of the debug info once: seconds for a large kernel, so it is done beside a session, not before it.
// Must not know how an index is stored.

import type { DebugInfo } from "../debug-info.ts";
import type { UnitRanges } from "../dwarf/aranges.ts";
import { AT, FORM, TAG } from "../dwarf/constants.ts";
import type { Die } from "../dwarf/die.ts";
import type { Unit, UnitHeader } from "../dwarf/units.ts";
import { byFile } from "../lines.ts";
import { hashOf, hashOfFile, hashOfName } from "./api.ts";

export interface IndexContents {
  readonly headers: readonly UnitHeader[];
  readonly ranges: UnitRanges;
  /** Sorted. */
  readonly files: readonly string[];
  /** Pairs of position and hash, sorted by hash, then position. */
  readonly postings: Uint32Array;
}

/** Positions and unit headers are kept in 32 bits. */
const MAX_SIZE = 0xffff_ffff;

/** Undefined for debug info that is damaged or too large: such a file is read as it is, each time. */
export function buildIndex(info: DebugInfo): IndexContents | undefined {
  const { units } = info;
  info.sections.get("info").load();
  info.sections.get("str").load();
  if (units.damage || units.all.length === 0 || units.section.bytes.length > MAX_SIZE) return undefined;
  const builder = new Builder(info);
  for (const unit of units.all)
    if (info.attempt(() => builder.addNames(unit) ?? true) === undefined) return undefined;
  for (const unit of units.withCode)
    if (info.attempt(() => builder.addFiles(unit) ?? true) === undefined) return undefined;
  return {
    headers: units.all,
    ranges: info.ranges(),
    files: builder.sortedFiles(),
    postings: builder.sortedPostings(),
  };
}

class Builder {
  private readonly files = new Set<string>();
  private pairs = new Uint32Array(1 << 16);
  private count = 0;
  /** Hashes of the strings in .debug_str, by offset; 0 for those not yet seen. */
  private readonly known: Uint32Array;

  constructor(private readonly info: DebugInfo) {
    this.known = new Uint32Array(info.sections.get("str").bytes.length);
  }

  /** As NameSearch finds them: the children of the unit and of its namespaces, and of its enums. */
  addNames(unit: Unit): void {
    const visit = (die: Die): void => {
      this.addName(die, die.offset);
      if (die.tag === TAG.namespace) die.forEachChild(visit);
    };
    unit.root.forEachChild((die) => {
      visit(die);
      if (die.tag !== TAG.enumeration_type) return;
      die.forEachChild((value) => {
        if (value.tag === TAG.enumerator) this.addName(value, die.offset);
      });
    });
  }

  addFiles(unit: Unit): void {
    const names = new Set(this.info.files(unit).map((file) => file.slice(file.lastIndexOf("/") + 1)));
    for (const name of names) this.add(unit.offset, hashOfFile(name));
    const table = this.info.lineTable(unit);
    for (const { file } of table ? byFile(table) : []) if (file !== "") this.files.add(file);
  }

  sortedFiles(): string[] {
    return [...this.files].sort();
  }

  /** A pair is one 64-bit number, the hash in its upper half: sorting numbers needs no callback. */
  sortedPostings(): Uint32Array {
    const pairs = this.pairs.slice(0, this.count * 2);
    new BigUint64Array(pairs.buffer).sort();
    return pairs;
  }

  private addName(die: Die, position: number): void {
    const value = die.value(AT.name);
    if (!value) return;
    if (value.form === FORM.strp) {
      const { cursor } = die.unit;
      cursor.pos = value.pos;
      this.add(position, this.hashAt(cursor.offset(die.unit.offsetSize)));
      return;
    }
    const name = die.string(AT.name);
    if (name !== undefined) this.add(position, hashOfName(name));
  }

  private hashAt(offset: number): number {
    const known = this.known[offset];
    if (known) return known;
    const { bytes } = this.info.sections.get("str");
    const end = bytes.indexOf(0, offset);
    const hash = hashOf(bytes, Math.min(offset, bytes.length), end < 0 ? bytes.length : end);
    if (offset < this.known.length) this.known[offset] = hash;
    return hash;
  }

  private add(position: number, hash: number): void {
    if (this.count * 2 === this.pairs.length) {
      const larger = new Uint32Array(this.pairs.length * 2);
      larger.set(this.pairs);
      this.pairs = larger;
    }
    this.pairs[this.count * 2] = position;
    this.pairs[this.count * 2 + 1] = hash;
    this.count++;
  }
}
