// The names of C while a file is parsed: what the headers of the configuration declare, over that what the file itself does, over that
// the blocks of a function. Statics of one file never meet those of another.
import type { CType, StructType } from "./ctypes.ts";
import type { Facts, Sym } from "./facts.ts";

export interface Local {
  readonly name: number;
  type: CType | undefined;
  node: number;
  /** A typedef inside a function. */
  readonly isType: boolean;
  /** An extern declaration or a prototype inside a function. */
  readonly sym: Sym | undefined;
}

/** What names stand for, by their ids: a list that is looked into at every name of a kernel, so no hash table. */
class Names<T> {
  readonly #values: (T | undefined)[] = [];
  readonly #set: number[] = [];

  get(name: number): T | undefined {
    return this.#values[name];
  }

  set(name: number, value: T): void {
    while (this.#values.length <= name) this.#values.push(undefined);
    if (this.#values[name] === undefined) this.#set.push(name);
    this.#values[name] = value;
  }

  clear(): void {
    for (const name of this.#set) this.#values[name] = undefined;
    this.#set.length = 0;
  }
}

interface Typedef {
  readonly type: CType | undefined;
}

export class Scopes {
  readonly #facts: Facts;
  readonly #text: (id: number) => string;
  readonly #global = new Names<Sym>();
  readonly #own = new Names<Sym>();
  readonly #externs = new Map<string, Sym>();
  readonly #typedefs = new Names<Typedef>();
  readonly #ownTypedefs = new Names<Typedef>();
  readonly #structs = new Map<string, StructType>();
  readonly #saved: (() => void)[] = [];
  readonly #enumerators = new Names<true>();
  readonly #ownEnumerators = new Names<true>();
  readonly locals: Local[] = [];

  constructor(facts: Facts, text: (id: number) => string) {
    this.#facts = facts;
    this.#text = text;
  }

  /** Before each source: what the one before declared for itself is forgotten. */
  beginUnit(): void {
    this.#own.clear();
    this.#ownTypedefs.clear();
    this.#ownEnumerators.clear();
    for (const restore of this.#saved.splice(0).reverse()) restore();
  }

  local(name: number): Local | undefined {
    for (let i = this.locals.length - 1; i >= 0; i--)
      if (this.locals[i]!.name === name) return this.locals[i];
    return undefined;
  }

  symbol(name: number): Sym | undefined {
    return this.#own.get(name) ?? this.#global.get(name);
  }

  /** The symbol of that name with external linkage. */
  external(text: string): Sym {
    let sym = this.#externs.get(text);
    if (sym === undefined) {
      sym = this.#facts.newSym(text, false, 0);
      this.#externs.set(text, sym);
    }
    return sym;
  }

  declare(name: number, isStatic: boolean, file: number, isHeader: boolean): Sym {
    const known = this.symbol(name);
    if (isStatic) {
      if (known?.isStatic === true && known.file === file) return known;
      const sym = this.#facts.newSym(this.#text(name), true, file);
      (isHeader ? this.#global : this.#own).set(name, sym);
      return sym;
    }
    // A definition after a static prototype is static too (C11 6.2.2).
    if (known?.isStatic === true && known.file === file) return known;
    if (known?.isStatic === false) return known;
    const sym = this.external(this.#text(name));
    (isHeader ? this.#global : this.#own).set(name, sym);
    return sym;
  }

  typedef(name: number): CType | undefined {
    return (this.#ownTypedefs.get(name) ?? this.#typedefs.get(name))?.type;
  }

  isTypedef(name: number): boolean {
    if (this.#typedefs.get(name) === undefined && this.#ownTypedefs.get(name) === undefined) return false;
    return this.local(name)?.isType ?? true;
  }

  setTypedef(name: number, type: CType | undefined, isHeader: boolean): void {
    (isHeader ? this.#typedefs : this.#ownTypedefs).set(name, { type });
  }

  isEnumerator(name: number): boolean {
    return this.#enumerators.get(name) === true || this.#ownEnumerators.get(name) === true;
  }

  setEnumerator(name: number, isHeader: boolean): void {
    (isHeader ? this.#enumerators : this.#ownEnumerators).set(name, true);
  }

  struct(tag: string, isUnion: boolean): StructType {
    let struct = this.#structs.get(tag);
    if (struct === undefined) {
      struct = { key: tag, isUnion, members: [], nodes: new Map() };
      this.#structs.set(tag, struct);
    }
    return struct;
  }

  /** Gives a struct its members; those that a source gives are forgotten after it. */
  define(struct: StructType, members: StructType["members"], isHeader: boolean): void {
    const before = struct.members;
    struct.members = members;
    if (!isHeader)
      this.#saved.push(() => {
        struct.members = before;
      });
  }
}
