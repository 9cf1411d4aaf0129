// Translation units of one configuration: runs the directives of a source and of all it includes, and hands the expanded declarations on.
// Headers are the same in most units, so a header's text is handed on once for each set of its groups that some unit takes; later
// units run its directives only. Knows no C beyond directives; files come in by a reader.
import { grow } from "../names.ts";
import { Conditions } from "./conditions.ts";
import { Expander } from "./expand.ts";
import { type Item, locOf, type Macro, type Prepared, Preparer } from "./prepare.ts";
import { holds, Recorder, type Run } from "./replay.ts";
import { END, Spellings } from "./tokens.ts";

/** Expanded tokens of one file, in order. */
export interface TokenBuffer {
  ids: Int32Array;
  /** File and line: `placeOf`. */
  locs: Int32Array;
  /** Macro whose text holds the token, as its index + 1; 0 for none. */
  origins: Int32Array;
  count: number;
}

/** What an `#include` names: the path of a file, and its bytes. */
export interface Found {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface UnitHost {
  /** The file that `target` names in `from`; undefined when there is none. Asked once for each pair. */
  find(target: string, system: boolean, from: string): Found | undefined;
  /** Whole declarations of one file. `isHeader`: of a file that is included. */
  declarations(buffer: TokenBuffer, file: Prepared, isHeader: boolean): void;
}

const NO_TOKENS = new Int32Array(0);

/** The signature of a header of which no text is taken. */
const NO_TEXT = 17;

export class Units {
  readonly spellings = new Spellings();
  readonly preparer = new Preparer(this.spellings);
  readonly expander = new Expander(this.spellings);
  readonly files: Prepared[] = [];
  /** Includes that lead nowhere: target, and the first file that asks. */
  readonly missing = new Map<string, string>();
  readonly #host: UnitHost;
  readonly #conditions = new Conditions(this.spellings, this.expander);
  readonly #byPath = new Map<string, Prepared>();
  readonly #includes = new Map<string, Prepared | undefined>();
  readonly #seen = new Set<number>();
  readonly #wasParsed: boolean[] = [];
  /** By file: how its directives went, the latest last. */
  readonly #runs: Run[][] = [];
  /** Headers that are being run. */
  readonly #open = new Set<Prepared>();
  /** Notes what the directives of the header that is being run do. */
  #recorder: Recorder | undefined;
  readonly #buffers: TokenBuffer[] = [];
  readonly #brace = this.spellings.id("{");
  readonly #close = this.spellings.id("}");
  readonly #semicolon = this.spellings.id(";");
  readonly #openParen = this.spellings.id("(");
  readonly #closeParen = this.spellings.id(")");
  readonly #pragma = this.spellings.id("_Pragma");
  #undoNames: number[] = [];
  #undoMacros: (Macro | undefined)[] = [];
  /** Bit for each text taken of the file being run, folded to a number. */
  #signature = 0;
  #depth = 0;

  constructor(host: UnitHost, macros: readonly string[]) {
    this.#host = host;
    for (const text of macros) {
      const macro = this.preparer.macro(text);
      this.expander.table[macro.name] = macro;
    }
    this.files.push(this.preparer.prepare(0, "<built in>", new Uint8Array(0)));
  }

  /** Runs one source, with the headers of `first` before it; the macros are then again what they were at the start. */
  run(path: string, bytes: Uint8Array, first: readonly Found[] = []): void {
    for (const found of first) this.#header(this.#prepared(found));
    const file = this.#prepared({ path, bytes });
    this.#parse(file, this.#buffer(0), false);
    this.#undo(0);
    file.ids = file.lines = NO_TOKENS;
  }

  #prepared({ path, bytes }: Found): Prepared {
    let file = this.#byPath.get(path);
    if (file === undefined) {
      file = this.preparer.prepare(this.files.length, path, bytes);
      this.files.push(file);
      this.#byPath.set(path, file);
    } else if (file.ids === NO_TOKENS) {
      // A source that was run by itself is included by another one.
      const { ids, lines } = this.preparer.prepare(file.index, path, bytes);
      Object.assign(file, { ids, lines });
    }
    return file;
  }

  #undo(to: number): void {
    const { table } = this.expander;
    for (let i = this.#undoNames.length - 1; i >= to; i--) table[this.#undoNames[i]!] = this.#undoMacros[i];
    this.#undoNames.length = to;
    this.#undoMacros.length = to;
  }

  #set(name: number, macro: Macro | undefined): void {
    const { table } = this.expander;
    this.#undoNames.push(name);
    this.#undoMacros.push(table[name]);
    table[name] = macro;
    this.#recorder?.set(name, macro);
  }

  /** A file of its own: its declarations go on when this set of groups is new. */
  #header(file: Prepared): void {
    if (this.#isGuarded(file)) return;
    // What includes itself is not tried before it is read: that would be twice the work at each depth.
    const isKnown = this.#wasParsed[file.index] === true && !this.#open.has(file);
    if (isKnown && this.#replay(file)) return;
    const outer = this.#signature;
    const recorder = this.#recorder;
    const isInner = this.#open.has(file);
    this.#open.add(file);
    this.#depth++;
    if (isKnown) this.#runAgain(file, recorder);
    else {
      recorder?.spoil();
      this.#wasParsed[file.index] = true;
      this.#parseHeader(file);
      this.#seen.add(this.#key(file));
    }
    this.#depth--;
    if (!isInner) this.#open.delete(file);
    this.#signature = outer;
  }

  /** Was the file read in this unit, or does it include itself without end? */
  #isGuarded({ guard }: Prepared): boolean {
    const { table } = this.expander;
    if (guard !== 0) this.#recorder?.look(guard, table);
    if (guard !== 0 && table[guard] !== undefined) return true;
    if (this.#depth <= 100) return false;
    this.#recorder?.spoil();
    return true;
  }

  /** Does what its directives did when they met the macros of now. */
  #replay(file: Prepared): boolean {
    const run = this.#runs[file.index]?.find((one) => holds(one, this.expander.table));
    if (run === undefined) return false;
    this.#recorder?.include(run);
    for (let i = 0; i < run.set.length; i++) this.#set(run.set[i]!, run.setTo[i]);
    return true;
  }

  #runAgain(file: Prepared, outer: Recorder | undefined): void {
    const before = this.#undoNames.length;
    this.#recorder = new Recorder();
    this.#signature = NO_TEXT;
    this.#skim(file);
    // Without a guard it is a template: what it declares may depend on macros that its includer sets.
    const isTemplate = file.guard === 0 && !file.declaresNothing && this.#signature !== NO_TEXT;
    const run = isTemplate ? undefined : this.#recorder.run();
    this.#recorder = undefined;
    const key = this.#key(file);
    if (isTemplate || !this.#seen.has(key)) {
      this.#seen.add(key);
      this.#undo(before);
      this.#parseHeader(file);
    }
    this.#recorder = outer;
    if (run === undefined) {
      outer?.spoil();
      return;
    }
    this.#runs[file.index] ??= [];
    this.#runs[file.index]!.push(run);
    outer?.include(run);
  }

  #parseHeader(file: Prepared): void {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    this.#signature = NO_TEXT;
    this.expander.apart(() => this.#parse(file, this.#buffer(this.#depth), true));
    this.#recorder = recorder;
  }

  /** Of the texts that were taken of a file. */
  #key(file: Prepared): number {
    return file.index * 0x100000000 + (this.#signature >>> 0);
  }

  #buffer(depth: number): TokenBuffer {
    const made = () => new Int32Array(1 << 12);
    this.#buffers[depth] ??= { ids: made(), locs: made(), origins: made(), count: 0 };
    return this.#buffers[depth]!;
  }

  /** Runs the directives of a file, and nothing else. */
  #skim(file: Prepared): void {
    const { items } = file;
    for (let i = 0; i < items.length; ) {
      const item = items[i]!;
      if (item.kind === "text") this.#take(file, i++);
      else i = this.#directive(file, i, item, undefined);
    }
  }

  #take(file: Prepared, item: number): void {
    file.active[item] = 1;
    this.#signature = (Math.imul(this.#signature, 31) + item + 1) | 0;
  }

  /** Runs the directives of a file and hands its expanded tokens on, or adds them to `splice` where that is given. */
  #parse(file: Prepared, buffer: TokenBuffer, isHeader: boolean, isSplice = false): void {
    if (!isSplice) buffer.count = 0;
    const { items, ids, lines } = file;
    const { expander } = this;
    let item = 0;
    let at = 0;
    let to = 0;
    let depth = 0;
    const flush = () => {
      if (buffer.count > 0 && !isSplice) this.#host.declarations(buffer, file, isHeader);
      if (!isSplice) buffer.count = 0;
    };
    const outer = expander.source;
    const source = {
      loc: 0,
      read: (): number => {
        while (at >= to) {
          if (item >= items.length) return END;
          const next = items[item]!;
          if (next.kind === "text") {
            this.#take(file, item++);
            at = next.from;
            to = next.to;
          } else if (next.kind === "include") {
            const last = buffer.count === 0 ? this.#semicolon : buffer.ids[buffer.count - 1]!;
            const isTop = !isSplice && depth === 0 && (last === this.#semicolon || last === this.#close);
            if (isTop) flush();
            item = this.#directive(file, item, next, isTop ? undefined : buffer);
            expander.source = source;
          } else item = this.#directive(file, item, next, undefined);
        }
        source.loc = locOf(file.index, lines[at]!);
        return ids[at++]!;
      },
    };
    /** Tokens that no macro touches, straight from the file. */
    const copy = () => {
      for (; at < to; at++) {
        const id = ids[at]!;
        if (!expander.isPlain(id) || id === this.#pragma) return;
        if (id === this.#brace || id === this.#openParen) depth++;
        else if (id === this.#close || id === this.#closeParen) depth--;
        add(buffer, id, locOf(file.index, lines[at]!), 0);
      }
    };
    expander.source = source;
    for (;;) {
      if (expander.isIdle) copy();
      const id = expander.next();
      if (id === END) break;
      if (id === this.#pragma) {
        this.#skipPragma();
        continue;
      }
      if (id === this.#brace || id === this.#openParen) depth++;
      else if (id === this.#close || id === this.#closeParen) depth--;
      add(buffer, id, expander.loc, expander.origin);
    }
    flush();
    expander.source = outer;
  }

  /** `_Pragma("...")` declares nothing. */
  #skipPragma(): void {
    for (let id = this.expander.next(); id !== END && id !== this.#closeParen; ) id = this.expander.next();
  }

  /** Does what a directive says; gives the index of the item that comes next. */
  #directive(file: Prepared, index: number, item: Item, splice: TokenBuffer | undefined): number {
    switch (item.kind) {
      case "define":
        this.#set(item.name, item.macro);
        return index + 1;
      case "undef":
        this.#set(item.name, undefined);
        return index + 1;
      case "include":
        this.#include(file, item, splice);
        return index + 1;
      case "if":
      case "ifdef":
      case "ifndef":
        return this.#branch(file, index);
      case "elif":
      case "else": {
        // The group before was taken: past the rest.
        let next = item.next;
        while (next < file.items.length && file.items[next]!.kind !== "endif") next = file.items[next]!.next;
        return next + 1;
      }
      default:
        return index + 1;
    }
  }

  /** The first item of the group that is taken: the first whose condition is true, or is not known. */
  #branch(file: Prepared, from: number): number {
    for (let index = from; index < file.items.length; ) {
      const item = file.items[index]!;
      if (item.kind === "endif") return index + 1;
      if (item.kind === "else" || this.#isTrue(file, item)) return index + 1;
      index = item.next;
    }
    return file.items.length;
  }

  #isTrue(file: Prepared, item: Item): boolean {
    const { table } = this.expander;
    if (item.kind === "ifdef" || item.kind === "ifndef") {
      this.#recorder?.look(item.name, table);
      return (table[item.name] !== undefined) === (item.kind === "ifdef");
    }
    this.#recorder?.lookAll(file.ids, item.from, item.to, table);
    const value = this.#conditions.evaluate(file.ids, item.from, item.to, locOf(file.index, item.line));
    if (Number.isNaN(value)) this.unknown.set(locOf(file.index, item.line), item);
    return value !== 0;
  }

  /** Conditions whose value could not be known, by place. */
  readonly unknown = new Map<number, Item>();

  #include(file: Prepared, item: Item, splice: TokenBuffer | undefined): void {
    const found = item.target === "" ? this.#madeInclude(file, item) : this.#literalInclude(file, item);
    if (found === undefined || found === null) return;
    if (splice === undefined) this.#header(found);
    else {
      if (this.#isGuarded(found)) return;
      this.#depth++;
      const outer = this.#signature;
      this.expander.apart(() => this.#parse(found, splice, true, true));
      this.#signature = outer;
      this.#depth--;
    }
  }

  /** `#include "name"`: the same file each time. */
  #literalInclude(file: Prepared, item: Item): Prepared | null {
    item.found ??= this.#resolve(item.target, item.system, file) ?? null;
    return item.found;
  }

  /** `#include MACRO`. */
  #madeInclude(file: Prepared, item: Item): Prepared | undefined {
    this.#recorder?.spoil();
    const loc = locOf(file.index, item.line);
    const ids = Array.from(file.ids.subarray(item.from, item.to));
    const places = ids.map(() => loc);
    const origins = ids.map(() => 0);
    const text = this.expander
      .expandAll(ids, places, origins)
      .ids.map((id) => this.spellings.text(id & ~(1 << 30)))
      .join("");
    return this.#resolve(text.slice(1, -1), text.startsWith("<"), file);
  }

  #resolve(target: string, system: boolean, from: Prepared): Prepared | undefined {
    const folder = system ? "" : from.path.slice(0, from.path.lastIndexOf("/") + 1);
    const key = `${system ? "<" : `"${folder}`} ${target}`;
    if (this.#includes.has(key)) return this.#includes.get(key);
    const found = this.#host.find(target, system, from.path);
    const file = found === undefined ? undefined : this.#prepared(found);
    if (file === undefined && !this.missing.has(target)) this.missing.set(target, from.path);
    this.#includes.set(key, file);
    return file;
  }
}

function add(buffer: TokenBuffer, id: number, loc: number, origin: number): void {
  const at = buffer.count++;
  if (at === buffer.ids.length) {
    buffer.ids = grow(buffer.ids, at * 2);
    buffer.locs = grow(buffer.locs, at * 2);
    buffer.origins = grow(buffer.origins, at * 2);
  }
  buffer.ids[at] = id;
  buffer.locs[at] = loc;
  buffer.origins[at] = origin;
}
