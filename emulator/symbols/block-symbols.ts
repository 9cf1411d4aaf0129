// The symbols of one block as gdb 13 has them: the block's own, those that only its abstract instance has (DWARF 5 section 3.3.8.1), and the order
// in which gdb keeps them. Must not know addresses or values.

import { AT, TAG } from "./dwarf/constants.ts";
import type { Die } from "./dwarf/die.ts";

/** Abstract blocks nested deeper than this are damage. */
const MAX_DEPTH = 64;

/** What a block's symbol is to `info locals`: listed, listed but no value to look up (goto labels), or not listed (types, parameters). */
export interface BlockSymbol {
  readonly die: Die;
  readonly name: string;
  readonly kind: "variable" | "enumerator" | "label" | "other";
  /** An enumerator's enum. */
  readonly enumeration?: Die;
  /** Only the abstract instance has it: it has no value here. */
  readonly abstract?: true;
}

/**
 * The variables, enumerators and labels of a function's own block (`isFunction`: a body or an inlined copy) or of a block inside one, in gdb's order:
 * a function's as they stand, another block's by its hash table. A block that stands for an inlined function with unknown call site lists that
 * function's parameters too.
 */
export function listedSymbols(block: Die, isFunction: boolean): BlockSymbol[] {
  const all = new Collector(!isFunction).of(block);
  const ordered = isFunction ? all : inHashOrder(all);
  return ordered.filter(({ kind }) => kind !== "other");
}

/** Collects a block's symbols the way gdb's reader walks the DIEs (process_die, inherit_abstract_dies). */
class Collector {
  private readonly found: BlockSymbol[] = [];
  private abstract = false;

  constructor(private readonly withParameters: boolean) {}

  of(block: Die): BlockSymbol[] {
    block.forEachChild((child) => this.visit(child, 0));
    this.abstract = true;
    for (const child of leftOut(block)) this.visit(child, 0);
    return this.found;
  }

  private visit(die: Die, depth: number): void {
    switch (die.tag) {
      case TAG.variable:
        if (isLocal(die)) this.add(die, "variable");
        else if (die.flag(AT.external) && !die.has(AT.location)) this.add(die, "other");
        return;
      case TAG.formal_parameter:
        this.add(die, this.withParameters ? "variable" : "other");
        return;
      case TAG.label:
        this.add(die, die.holder(AT.low_pc) ? "other" : "label");
        return;
      case TAG.enumeration_type:
        die.forEachChild((child) => {
          if (child.tag === TAG.enumerator) this.add(child, "enumerator", die);
        });
        this.add(die, "other");
        return;
      case TAG.structure_type:
      case TAG.union_type:
        if (!die.flag(AT.declaration)) this.add(die, "other");
        return;
      case TAG.typedef:
        this.add(die, "other");
        return;
      case TAG.lexical_block:
        this.flatten(die, depth);
        return;
      case TAG.inlined_subroutine:
        if (!die.has(AT.call_line) || !die.has(AT.call_file)) this.flatten(die, depth);
    }
  }

  /** A block without code of its own is part of the block around it. */
  private flatten(block: Die, depth: number): void {
    if (depth >= MAX_DEPTH || block.has(AT.low_pc) || block.has(AT.ranges)) return;
    block.forEachChild((child) => this.visit(child, depth + 1));
  }

  private add(die: Die, kind: BlockSymbol["kind"], enumeration?: Die): void {
    const { name } = die;
    if (name === undefined) return;
    const abstract = this.abstract && kind === "variable" ? ({ abstract: true } as const) : {};
    this.found.push({ die, name, kind, ...(enumeration ? { enumeration } : {}), ...abstract });
  }
}

/** A variable that is defined here; `extern` ones name something else's place. */
function isLocal(die: Die): boolean {
  return !die.flag(AT.declaration) && !die.flag(AT.external);
}

/** The children of the abstract instance that no child of the concrete one refers to: they were optimized away, or moved into other blocks. */
export function leftOut(die: Die): Die[] {
  const origin = die.reference(AT.abstract_origin);
  if (!origin) return [];
  const abstract = origin.children();
  const used = new Set<number>();
  const concrete = die.children();
  // clang's blocks do not name their abstract ones: they correspond by their place.
  const alike =
    concrete.length === abstract.length && concrete.every((child, i) => child.tag === abstract[i]!.tag);
  concrete.forEach((child, i) => {
    if (child.tag === TAG.call_site || child.tag === TAG.GNU_call_site) return;
    const last = [...child.lineage()].at(-1)!;
    if (last !== child) used.add(last.offset);
    else if (alike && child.tag === TAG.lexical_block) used.add(abstract[i]!.offset);
  });
  return abstract.filter(({ offset }) => !used.has(offset));
}

/** gdb keeps the symbols of a block inside a function in a hash table (dict_create_hashed) and lists them bucket by bucket. */
function inHashOrder(symbols: readonly BlockSymbol[]): BlockSymbol[] {
  const buckets = Math.trunc(symbols.length / 5) + 1;
  const table: BlockSymbol[][] = Array.from({ length: buckets }, () => []);
  for (const symbol of symbols) table[searchNameHash(symbol.name) % buckets]!.push(symbol);
  return table.flat();
}

const next = (hash: number, code: number): number =>
  (Math.imul(hash, 67) + (code >= 65 && code <= 90 ? code + 32 : code) - 113) >>> 0;

/** Every letter up to a parenthesis, without spaces (msymbol_hash_iw). */
function plainHash(name: string): number {
  let hash = 0;
  for (const letter of name.replace(/\(.*/, "").replace(/\s/g, "")) hash = next(hash, letter.charCodeAt(0));
  return hash;
}

/** gdb's default_search_name_hash: written for Ada's encoded names (`pkg__name.suffix`), and used for C. */
function searchNameHash(name: string): number {
  if (name.startsWith("_") || /^[$.X]/.test(name) || /[ (]/.test(name)) return plainHash(name);
  let hash = 0;
  for (let i = 0; i < name.length; i++) {
    const letter = name[i]!;
    if (letter === "$" || letter === "." || letter === "X" || name.slice(i) === "TKB") return hash;
    if (letter === "_" && name[i + 1] === "_") {
      if (!/^[a-zO]/.test(name.slice(i + 2))) return hash;
      hash = 0;
      i++;
    } else hash = next(hash, letter.charCodeAt(0));
  }
  return hash;
}
