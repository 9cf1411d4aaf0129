// Macros in expressions: names that the debug info does not know are replaced by what somebody else (the language server's index)
// has told of them, as the preprocessor would. Text in, text out; who is asked is not known here.

export interface Macro {
  /** Absent for an object-like macro. */
  parameters?: readonly string[] | undefined;
  body: string;
}

const MAX_DEPTH = 20;
const MAX_LENGTH = 20_000;
/** Literals, members, registers and names; only names that stand alone are replaced. */
const TOKENS =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:->|\.|\$)\s*[A-Za-z_]\w*|\b(?:struct|union|enum)\s+[A-Za-z_]\w*|[A-Za-z_]\w*|\d\w*/g;

export class Macros {
  readonly #known = new Map<string, Macro | undefined>();

  /** `learnt` is called when a name stands for something else than before. */
  constructor(private readonly learnt: () => void = () => {}) {}

  /** Keeps an answer; undefined: there is no such macro. */
  learn(name: string, macro: Macro | undefined): void {
    this.#known.set(name, macro);
    this.learnt();
  }

  /** Names in the text, and in the macros that it leads to, of which nobody has been asked yet. */
  unasked(text: string, isSymbol: (name: string) => boolean): string[] {
    const names = new Set<string>();
    const seen = new Set<string>();
    const look = (piece: string, parameters: readonly string[] = []) => {
      for (const name of namesIn(piece)) {
        if (parameters.includes(name) || seen.has(name) || isSymbol(name)) continue;
        seen.add(name);
        const macro = this.#known.get(name);
        if (macro) look(macro.body, macro.parameters);
        else if (!this.#known.has(name)) names.add(name);
      }
    };
    look(text);
    return [...names];
  }

  /** The text with every known macro in its place; names of the debug info stay. */
  expand(text: string, isSymbol: (name: string) => boolean): string {
    return this.#known.size === 0 ? text : this.#expand(text, isSymbol, new Set());
  }

  #expand(text: string, isSymbol: (name: string) => boolean, hidden: ReadonlySet<string>): string {
    if (hidden.size > MAX_DEPTH || text.length > MAX_LENGTH) return text;
    let out = "";
    let at = 0;
    for (const match of text.matchAll(TOKENS)) {
      const [token] = match;
      if (match.index < at) continue;
      const macro = hidden.has(token) || isSymbol(token) ? undefined : this.#known.get(token);
      if (!macro) continue;
      const end = match.index + token.length;
      const call = macro.parameters ? argumentsAt(text, end) : { list: [], end };
      if (!call) continue;
      const body = substitute(macro, call.list);
      out += `${text.slice(at, match.index)}(${this.#expand(body, isSymbol, new Set([...hidden, token]))})`;
      at = call.end;
    }
    return out + text.slice(at);
  }
}

const namesIn = (text: string): string[] =>
  (text.match(TOKENS) ?? []).filter((token) => /^[A-Za-z_]\w*$/.test(token));

/** The arguments of a call whose parenthesis follows; undefined where none does, or it is not closed. */
function argumentsAt(text: string, from: number): { list: string[]; end: number } | undefined {
  const open = /^\s*\(/.exec(text.slice(from));
  if (!open) return undefined;
  const list = [""];
  let depth = 1;
  for (let at = from + open[0].length; at < text.length; at++) {
    const c = text[at]!;
    if (c === "(") depth++;
    if (c === ")" && --depth === 0) return { list: list.map((each) => each.trim()), end: at + 1 };
    if (c === "," && depth === 1) list.push("");
    else list[list.length - 1] += c;
  }
  return undefined;
}

function substitute({ parameters = [], body }: Macro, list: readonly string[]): string {
  if (parameters.length === 0) return body;
  return body.replace(TOKENS, (token) => {
    const index = parameters.indexOf(token);
    return index < 0 ? token : `(${list[index] ?? ""})`;
  });
}
