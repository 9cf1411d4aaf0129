// Macro expansion as the C standard has it (C11 6.10.3), with GNU's additions: a stack of contexts over the tokens of the file, each
// macro off while its own text is read. Every token that comes out knows its place and the macro whose text it stands in.
import { EXPANDED, type Macro, parameterIndex, parameterMode, placeOf, RAW, STRINGIFIED } from "./prepare.ts";
import { END, NAME, type Spellings } from "./tokens.ts";

/** A name that was met while its macro was off stays as it is for ever. */
const FINAL = 1 << 30;

interface Tokens {
  readonly ids: readonly number[];
  readonly locs: readonly number[];
  readonly origins: readonly number[];
}

/** Tokens that are being put together. */
interface Growing extends Tokens {
  readonly ids: number[];
  readonly locs: number[];
  readonly origins: number[];
}

/** What is being read: tokens with their places, or a macro's body as it is, of which every token has the place of its use. */
interface Context {
  readonly ids: readonly number[];
  readonly locs: readonly number[] | undefined;
  readonly origins: readonly number[] | undefined;
  readonly loc: number;
  readonly origin: number;
  at: number;
  readonly macro: Macro | undefined;
  readonly below: Context | undefined;
}

/** Where the tokens come from when no macro is being read: id, or END; `loc` is then the token's place. */
export interface Source {
  readonly loc: number;
  read(): number;
}

export class Expander {
  /** Macros by the id of their name. */
  readonly table: (Macro | undefined)[] = [];
  /** The token that `next` gave. */
  loc = 0;
  /** The macro whose body holds the token, as its index + 1; 0 for a token of the file. */
  origin = 0;
  source: Source = { loc: 0, read: () => END };
  /** What is being read, and below it what goes on afterwards. */
  #top: Context | undefined;
  readonly #spellings: Spellings;
  readonly #open: number;
  readonly #close: number;
  readonly #comma: number;
  readonly #paste: number;
  readonly #line: number;

  constructor(spellings: Spellings) {
    this.#spellings = spellings;
    this.#open = spellings.id("(");
    this.#close = spellings.id(")");
    this.#comma = spellings.id(",");
    this.#paste = spellings.id("##");
    this.#line = spellings.id("__LINE__");
    for (let i = 0; i < 1 << 17; i++) this.table.push(undefined);
  }

  /** Is no macro being read, so that the next token is the source's? */
  get isIdle(): boolean {
    return this.#top === undefined;
  }

  /** Does a token of a file stay what it is? */
  isPlain(id: number): boolean {
    return this.table[id] === undefined && id !== this.#line;
  }

  /** Runs `work` with no macro being read; what was being read goes on afterwards. */
  apart(work: () => void): void {
    const top = this.#top;
    this.#top = undefined;
    work();
    this.#top = top;
  }

  /** The tokens that `ids` become, with `loc` as their place. */
  expandAll(ids: readonly number[], locs: readonly number[], origins: readonly number[]): Tokens {
    if (this.#allPlain(ids)) return { ids, locs, origins };
    const { source } = this;
    const top = this.#top;
    this.source = { loc: this.loc, read: () => END };
    this.#top = { ids, locs, origins, loc: 0, origin: 0, at: 0, macro: undefined, below: undefined };
    const out: Growing = { ids: [], locs: [], origins: [] };
    for (let id = this.#raw(); id !== END; id = this.#raw()) {
      const given = this.#expandOrGive(id);
      if (given !== 0) push(out, given, this.loc, this.origin);
    }
    this.#top = top;
    this.source = source;
    return out;
  }

  #allPlain(ids: readonly number[]): boolean {
    for (let i = 0; i < ids.length; i++) if (ids[i]! < FINAL && !this.isPlain(ids[i]!)) return false;
    return true;
  }

  /** The next token after expansion, or END. */
  next(): number {
    for (;;) {
      const id = this.#raw();
      if (id === END) return END;
      const given = this.#expandOrGive(id);
      if (given !== 0) return given & ~FINAL;
    }
  }

  #raw(): number {
    for (;;) {
      const context = this.#top;
      if (context === undefined) {
        const id = this.source.read();
        this.loc = this.source.loc;
        this.origin = 0;
        return id;
      }
      const at = context.at;
      if (at < context.ids.length) {
        context.at = at + 1;
        this.loc = context.locs === undefined ? context.loc : context.locs[at]!;
        this.origin = context.origins === undefined ? context.origin : context.origins[at]!;
        return context.ids[at]!;
      }
      this.#top = context.below;
      if (context.macro !== undefined) context.macro.disabled = false;
    }
  }

  /** The token itself, or 0 when it was a macro, whose text is now being read. */
  #expandOrGive(id: number): number {
    const macro = id < FINAL ? this.table[id] : undefined;
    if (macro === undefined)
      return id === this.#line ? this.#spellings.id(String(placeOf(this.loc).line)) : id;
    if (macro.disabled) return id | FINAL;
    const { loc, origin } = this;
    if (macro.parameters === undefined) {
      this.#enter(macro, [], loc);
      return 0;
    }
    const next = this.#raw();
    if ((next & ~FINAL) !== this.#open || next === END) {
      if (next !== END) this.#pushBack(next);
      this.loc = loc;
      this.origin = origin;
      return id;
    }
    const args = this.#collect(macro);
    if (args === undefined) return id;
    this.#enter(macro, args, loc);
    return 0;
  }

  #pushBack(id: number): void {
    const { loc, origin } = this;
    const one = { ids: [id], locs: undefined, origins: undefined, loc, origin };
    this.#top = { ...one, at: 0, macro: undefined, below: this.#top };
  }

  #enter(macro: Macro, args: readonly Tokens[], loc: number): void {
    const origin = macro.index + 1;
    const { ids, locs, origins } = macro.isPlain
      ? { ids: macro.body, locs: undefined, origins: undefined }
      : this.#substitute(macro, args, loc);
    macro.disabled = true;
    this.#top = { ids, locs, origins, loc, origin, at: 0, macro, below: this.#top };
  }

  /** The arguments up to the closing parenthesis; undefined when the file ends first. */
  #collect(macro: Macro): Tokens[] | undefined {
    const parameters = macro.parameters!;
    const args: Growing[] = [{ ids: [], locs: [], origins: [] }];
    let depth = 0;
    for (;;) {
      const id = this.#raw();
      if (id === END) return undefined;
      if (id === this.#close && depth-- === 0) break;
      if (id === this.#open) depth++;
      const isRest = macro.variadic && args.length === parameters.length;
      if (id === this.#comma && depth === 0 && !isRest) args.push({ ids: [], locs: [], origins: [] });
      else push(args.at(-1)!, id, this.loc, this.origin);
    }
    return args;
  }

  #substitute(macro: Macro, args: readonly Tokens[], loc: number): Tokens {
    const out: Growing = { ids: [], locs: [], origins: [] };
    const origin = macro.index + 1;
    const { body } = macro;
    const expanded: (Tokens | undefined)[] = [];
    let pasting = false;
    let emptyBefore = false;
    for (let i = 0; i < body.length; i++) {
      const id = body[i]!;
      if (id === this.#paste && macro.hasPaste) {
        pasting = i > 0;
        continue;
      }
      if (id >= 0 && !pasting) {
        push(out, id, loc, origin);
        emptyBefore = false;
        continue;
      }
      let tokens: Tokens;
      if (id >= 0) tokens = { ids: [id], locs: [loc], origins: [origin] };
      else {
        const which = parameterIndex(id);
        const arg = args[which];
        const mode = parameterMode(id);
        if (mode === STRINGIFIED) tokens = { ids: [this.#stringify(arg)], locs: [loc], origins: [origin] };
        else if (arg === undefined) tokens = { ids: [], locs: [], origins: [] };
        else if (mode === EXPANDED)
          tokens = expanded[which] ??= this.expandAll(arg.ids, arg.locs, arg.origins);
        else tokens = arg;
        const isRest = macro.variadic && which === macro.parameters!.length - 1;
        if (pasting && mode === RAW && isRest && out.ids.at(-1) === this.#comma) {
          // GNU: `, ## __VA_ARGS__` takes the comma away when there is nothing, and joins nothing otherwise.
          if (tokens.ids.length === 0) drop(out);
          else tokens = this.expandAll(tokens.ids, tokens.locs, tokens.origins);
          pasting = false;
        }
      }
      const pasted = pasting && !emptyBefore && out.ids.length > 0 && tokens.ids.length > 0;
      if (pasted) {
        const text =
          this.#spellings.text(out.ids.at(-1)! & ~FINAL) + this.#spellings.text(tokens.ids[0]! & ~FINAL);
        drop(out);
        push(out, this.#spellings.id(text), loc, origin);
      }
      for (let k = pasted ? 1 : 0; k < tokens.ids.length; k++)
        push(out, tokens.ids[k]!, tokens.locs[k]!, tokens.origins[k]!);
      emptyBefore = tokens.ids.length === 0 && !(pasting && !emptyBefore);
      pasting = false;
    }
    return out;
  }

  #stringify(arg: Tokens | undefined): number {
    let text = "";
    let wasWord = false;
    for (const id of arg?.ids ?? []) {
      const kind = this.#spellings.kind(id & ~FINAL);
      const isWord = kind <= NAME + 1;
      if (isWord && wasWord) text += " ";
      text += this.#spellings.text(id & ~FINAL);
      wasWord = isWord;
    }
    return this.#spellings.id(JSON.stringify(text));
  }
}

function push(tokens: Growing, id: number, loc: number, origin: number): void {
  tokens.ids.push(id);
  tokens.locs.push(loc);
  tokens.origins.push(origin);
}

function drop(tokens: Growing): void {
  tokens.ids.pop();
  tokens.locs.pop();
  tokens.origins.pop();
}
