// Top-level DIEs by name: from an index where there is one; otherwise the name's places in the string sections are found first, then the
// references to them in .debug_info, then the DIEs around those. Must not know what the DIEs are.

import { AT, TAG } from "./dwarf/constants.ts";
import type { Section } from "./dwarf/cursor.ts";
import type { Die } from "./dwarf/die.ts";
import type { Unit, Units } from "./dwarf/units.ts";
import type { DebugIndex } from "./index/api.ts";

/** Answers kept per name; more names than this and the oldest go. */
const MAX_CACHED = 256;

/** Asks an index; undefined where there is none, or none that can be read. */
export type Consult = <T>(question: (index: DebugIndex) => T) => T | undefined;

export class NameSearch {
  private readonly cache = new Map<string, Die[]>();
  /** Units may name strings by index (DW_FORM_strx); then .debug_info holds no offset to look for. */
  private readonly indexed: boolean;

  constructor(
    private readonly units: Units,
    private readonly consult: Consult,
    /** Runs a reader; a unit that is damaged gives nothing, and the others are still searched. */
    private readonly attempt: <T>(read: () => T) => T | undefined,
  ) {
    this.indexed = units.sections.has("str_offsets");
  }

  /** Every DIE directly below a unit (or a namespace) with this DW_AT_name, in file order. */
  find(name: string): Die[] {
    let dies = this.cache.get(name);
    if (!dies) {
      const listed = this.consult((index) => index.whole && index.named(name));
      dies = listed?.flatMap((position) => this.namedAt(position, name)) ?? this.search(name);
      if (this.cache.size >= MAX_CACHED) this.cache.delete(this.cache.keys().next().value!);
      this.cache.set(name, dies);
    }
    return dies;
  }

  /** The same, those that an index lists first, one after the other: for who takes the first that will do. May give one twice. */
  *likely(name: string): Generator<Die> {
    if (!this.cache.has(name)) {
      const positions = this.consult((index) => index.named(name)) ?? [];
      for (const position of positions) yield* this.namedAt(position, name);
    }
    yield* this.find(name);
  }

  /** Those of one unit. */
  within(unit: Unit, name: string): Die[] {
    const ofUnit = (die: Die): boolean => die.unit === unit;
    if (this.cache.has(name)) return this.find(name).filter(ofUnit);
    const listed = this.consult((index) => (index.whole ? index.named(name) : []));
    if (!listed) return this.find(name).filter(ofUnit);
    if (!this.consult((index) => index.whole)) return childrenNamed(unit, name);
    return listed.filter((at) => unit.offset <= at && at < unit.end).flatMap((at) => this.namedAt(at, name));
  }

  /** An enumerator by name, with its enum. */
  findEnumerator(name: string): { enumeration: Die; enumerator: Die } | undefined {
    for (const position of this.consult((index) => index.named(name)) ?? []) {
      const found = this.enumeratorListedAt(position, name);
      if (found) return found;
    }
    if (this.consult((index) => index.whole)) return undefined;
    for (const { unit, hits } of this.unitsWith(name)) {
      const found = this.attempt(() => enumeratorAt(unit, hits, name));
      if (found) return found;
    }
    return undefined;
  }

  /** What an index has at a position: a DIE, or all DIEs of that name of a unit. */
  private namedAt(position: number, name: string): Die[] {
    const unit = this.units.at(position);
    if (!unit) return [];
    if (position === unit.offset) return childrenNamed(unit, name);
    const die = unit.dieAt(position);
    return die?.string(AT.name) === name ? [die] : [];
  }

  private enumeratorListedAt(
    position: number,
    name: string,
  ): { enumeration: Die; enumerator: Die } | undefined {
    const unit = this.units.at(position);
    if (!unit || position === unit.offset) return unit && enumeratorAt(unit, undefined, name);
    const die = unit.dieAt(position);
    return die && enumeratorIn(die, name);
  }

  private search(name: string): Die[] {
    const dies: Die[] = [];
    for (const { unit, hits } of this.unitsWith(name)) {
      const keep = (die: Die): void => {
        if (die.string(AT.name) === name) dies.push(die);
      };
      this.attempt(() => (hits ? topLevelAt(unit, hits, keep) : unit.root.forEachChild(keep)));
    }
    return dies;
  }

  /** The units that may hold the name, with the places that may be it; without places where the unit names strings by index. */
  private *unitsWith(name: string): Generator<{ unit: Unit; hits: Float64Array | undefined }> {
    const positions = this.positions(Buffer.from(`${name}\0`, "utf8"));
    let next = 0;
    for (const unit of this.units.all) {
      while (next < positions.length && positions[next]! < unit.offset) next++;
      const first = next;
      while (next < positions.length && positions[next]! < unit.end) next++;
      const hits = positions.subarray(first, next);
      if (this.indexed && unit.bases.strOffsets > 0) yield { unit, hits: undefined };
      else if (hits.length > 0) yield { unit, hits };
    }
  }

  /** Where .debug_info holds the name or a reference to it, sorted. Some are chance: the DIE's name decides. */
  private positions(pattern: Buffer): Float64Array {
    const info = this.units.section;
    const strings = this.units.sections.get("str");
    info.load();
    strings.load();
    // Linkers keep a name that is another's tail only there, and tools that add strings later keep it whole too: any of them may be meant.
    const offsets = occurrences(strings, pattern);
    const found = new Set(references(info, offsets, strings.bytes.length));
    // Compilers put a name that is no longer than a reference to it into .debug_info itself.
    for (const at of pattern.length > 4 ? occurrences(info, pattern) : shortOccurrences(info.bytes, pattern))
      found.add(at);
    return Float64Array.from(found).sort();
  }
}

/** All DIEs of that name below a unit, or a namespace of it. */
function childrenNamed(unit: Unit, name: string): Die[] {
  const dies: Die[] = [];
  const visit = (die: Die): void => {
    if (die.string(AT.name) === name) dies.push(die);
    if (die.tag === TAG.namespace) die.forEachChild(visit);
  };
  unit.root.forEachChild(visit);
  return dies;
}

function enumeratorAt(
  unit: Unit,
  hits: Float64Array | undefined,
  name: string,
): { enumeration: Die; enumerator: Die } | undefined {
  let found: { enumeration: Die; enumerator: Die } | undefined;
  unit.root.forEachChild((die) => {
    if (die.tag !== TAG.enumeration_type) return false;
    const { end } = die;
    if (hits && !hits.some((at) => die.offset <= at && at < end)) return false;
    found = enumeratorIn(die, name);
    return found !== undefined;
  });
  return found;
}

function enumeratorIn(enumeration: Die, name: string): { enumeration: Die; enumerator: Die } | undefined {
  let found: { enumeration: Die; enumerator: Die } | undefined;
  if (enumeration.tag !== TAG.enumeration_type) return undefined;
  enumeration.forEachChild((enumerator) => {
    if (enumerator.tag === TAG.enumerator && enumerator.string(AT.name) === name)
      found = { enumeration, enumerator };
    return found !== undefined;
  });
  return found;
}

/** Calls `keep` for the unit's top-level DIEs whose attributes hold one of the sorted positions. */
function topLevelAt(unit: Unit, hits: Float64Array, keep: (die: Die) => void): void {
  let next = 0;
  const visit = (die: Die): boolean => {
    const end = die.attributesEnd;
    while (next < hits.length && hits[next]! < die.offset) next++;
    if (next < hits.length && hits[next]! < end) keep(die);
    if (die.tag === TAG.namespace) die.forEachChild(visit);
    return next >= hits.length;
  };
  unit.root.forEachChild(visit);
}

function occurrences(section: Section, pattern: Buffer): number[] {
  const bytes = Buffer.from(section.bytes.buffer, section.bytes.byteOffset, section.bytes.byteLength);
  const found: number[] = [];
  for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) found.push(at);
  return found;
}

/** Every position whose four bytes are one of the offsets, which are below `limit`. */
function references(section: Section, offsets: readonly number[], limit: number): number[] {
  if (offsets.length <= FEW) {
    const each = offsets.map((offset) => wordOccurrences(section, offset));
    if (!each.includes(undefined)) return each.flatMap((list) => list ?? []);
  }
  const wanted = new Uint8Array(limit);
  for (const offset of offsets) wanted[offset] = 1;
  const found: number[] = [];
  const { view } = section;
  const end = offsets.length > 0 ? view.byteLength - 3 : 0;
  for (let i = 0; i < end; i++) {
    const word = view.getUint32(i, true);
    if (word < limit && wanted[word] === 1) found.push(i);
  }
  return found;
}

/** Up to this many offsets are looked for one by one. */
const FEW = 3;

/** Gives up on words whose low two bytes are both commoner than this share: looking at every position is then faster. */
const COMMON = 1 / 100;

/** Positions of one 32-bit word, by native search for the rarer of its low two bytes. */
function wordOccurrences(section: Section, word: number): number[] | undefined {
  const { bytes, view } = section;
  const shares = [0, 1].map((i) => share(bytes, (word >>> (8 * i)) & 0xff));
  const anchor = shares[0]! <= shares[1]! ? 0 : 1;
  if (shares[anchor]! > COMMON) return undefined;
  const value = (word >>> (8 * anchor)) & 0xff;
  const found: number[] = [];
  for (
    let i = bytes.indexOf(value, anchor);
    i >= 0 && i - anchor + 4 <= bytes.length;
    i = bytes.indexOf(value, i + 1)
  ) {
    if (view.getUint32(i - anchor, true) === word) found.push(i - anchor);
  }
  return found;
}

/** How common a byte is, by a sample. */
function share(bytes: Uint8Array, value: number): number {
  const step = Math.max(1, bytes.length >> 13);
  let count = 0;
  for (let i = 0; i < bytes.length; i += step) if (bytes[i] === value) count++;
  return (count * step) / Math.max(bytes.length, 1);
}

/** Occurrences of one to four bytes; a plain loop beats the general search there. */
function shortOccurrences(bytes: Uint8Array, pattern: Buffer): number[] {
  const found: number[] = [];
  const first = pattern[0]!;
  for (let i = bytes.indexOf(first); i >= 0; i = bytes.indexOf(first, i + 1)) {
    let k = 1;
    while (k < pattern.length && bytes[i + k] === pattern[k]) k++;
    if (k === pattern.length) found.push(i);
  }
  return found;
}
