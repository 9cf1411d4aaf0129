// An index under the texts that an editor holds: for their files the text answers and not what was indexed, so that answers are right while
// someone types. Everything else is the index's own answer, in the index's order.
import { isAscii } from "node:buffer";
import type { Definition, KernelIndex, QueryOptions, Reference, SymbolQueryOptions } from "./api.ts";
import { fuzzyScore, hasPrefix, makePattern, NONE } from "./fuzzy.ts";
import { callsWithin, outline } from "./outline.ts";
import { factsOf, scopeAround, type TextFacts } from "./text-facts.ts";

const DEFAULT_LIMIT = 10_000;

/** Facts of a text, made once; texts are not changed in place. */
const known = new WeakMap<Uint8Array, TextFacts>();

function factsFor(text: Uint8Array, file: string): TextFacts {
  const made = known.get(text) ?? factsOf(text, file);
  known.set(text, made);
  return made;
}

/** `texts`: by file of the tree. Without any the index itself. */
export function overlaid(index: KernelIndex, texts: ReadonlyMap<string, Uint8Array>): KernelIndex {
  if (texts.size === 0) return index;
  const facts = new Map([...texts].map(([file, text]) => [file, factsFor(text, file)]));
  const textOf = (file: string) => texts.get(file);
  const merge = merger(index, facts);
  const definitions = (name: string, options?: QueryOptions): Definition[] =>
    merge(
      index.definitions(name, options),
      ({ definitions }) => (definitions.get(name) ?? []).map((found) => withState(index, found)),
      options,
      groupOfDefinition,
    );
  const isCallable = (name: string) =>
    definitions(name).some(
      ({ kind, declaration }) => !declaration && (kind === "function" || kind === "macro"),
    );

  const withTexts = (
    own: readonly Reference[],
    name: string,
    options: Parameters<KernelIndex["references"]>[1],
  ) => {
    const { kinds } = options ?? {};
    const isWanted = ({ kind }: Reference) => kinds === undefined || kinds.includes(kind);
    const ofText = ({ references }: TextFacts) => (references.get(name) ?? []).filter(isWanted);
    return merge(own, ofText, options, groupOfReference);
  };

  return {
    ...index,
    ...answersOfFiles(index, textOf),
    definitions,
    references: (name, options) => withTexts(index.references(name, options), name, options),
    referenceSteps: function* (name, options) {
      return withTexts(yield* index.referenceSteps(name, options), name, options);
    },
    callers: (name, options) => {
      const directOnly = isCallable(name);
      const found = merge(index.callers(name, options), ({ calls }) => calls.get(name) ?? [], options);
      return directOnly ? found.filter(({ kind }) => kind === "direct") : found;
    },
    callees: (name, options) => {
      const bodies = definitions(name, options).filter(
        ({ declaration, kind }) => !declaration && kind !== "member",
      );
      const files =
        options?.file === undefined ? [...new Set(bodies.map(({ file }) => file))] : [options.file];
      const found = files.flatMap((file) => {
        const text = textOf(file);
        return text ? callsWithin(text, file, name) : index.callees(name, { ...options, file });
      });
      return found.slice(0, options?.limit ?? DEFAULT_LIMIT);
    },
    symbols: (pattern, options) => symbols(index, facts, index.symbols(pattern, options), pattern, options),
    symbolSteps: function* (pattern, options) {
      return symbols(index, facts, yield* index.symbolSteps(pattern, options), pattern, options);
    },
    includers: (file, options) =>
      merge(
        index.includers(file, options),
        ({ includes }) => includes.filter(({ target }) => file === target || file.endsWith(`/${target}`)),
        options,
      ),
  };
}

/** Puts what the texts have beside what the index has of other files, in the index's order. */
function merger(index: KernelIndex, texts: ReadonlyMap<string, TextFacts>) {
  return <Item extends Located>(
    own: readonly Item[],
    ofText: (facts: TextFacts) => readonly Item[],
    options: QueryOptions | undefined,
    group: (item: Item) => number = () => 0,
  ): Item[] => {
    const isIn = (file: string) => !options?.configured || index.isConfigured(file) !== false;
    const added = [...texts].flatMap(([file, facts]) => (isIn(file) ? ofText(facts) : []));
    const kept = own.filter(({ file }) => !texts.has(file));
    if (added.length === 0) return kept;
    const limit = options?.limit ?? DEFAULT_LIMIT;
    return sortByRank([...kept, ...added], index, options?.from, group).slice(0, limit);
  };
}

/** What is asked of one file: its text answers where there is one. */
function answersOfFiles(index: KernelIndex, textOf: (file: string) => Uint8Array | undefined) {
  return {
    documentSymbols: (file) => {
      const text = textOf(file);
      return text ? outline(text, file) : index.documentSymbols(file);
    },
    includes: (file) => {
      const text = textOf(file);
      return text ? [...factsFor(text, file).includes] : index.includes(file);
    },
    text: (file) => textOf(file) ?? index.text(file),
    isAscii: (file) => {
      const text = textOf(file);
      return text ? isAscii(text) : index.isAscii(file);
    },
    scopeAt: (file, line, column) => {
      const text = textOf(file);
      return text
        ? scopeAround(factsFor(text, file).scopes, line, column)
        : index.scopeAt(file, line, column);
    },
  } satisfies Partial<KernelIndex>;
}

interface Located {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** Where the index has its answers in groups (definitions first) the texts' go into the same ones. */
function sortByRank<Item extends Located>(
  items: Item[],
  index: KernelIndex,
  from: string | undefined,
  group: (item: Item) => number,
): Item[] {
  const ranks = new Map<string, number>();
  for (const { file } of items) if (!ranks.has(file)) ranks.set(file, index.rank(file, from));
  return items.sort(
    (a, b) =>
      group(a) - group(b) ||
      ranks.get(a.file)! - ranks.get(b.file)! ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

const groupOfDefinition = ({ declaration, kind }: Definition): number =>
  (declaration ? 2 : 0) + (kind === "member" ? 1 : 0);

const groupOfReference = ({ kind }: Reference): number =>
  kind === "definition" ? 0 : kind === "declaration" ? 1 : 2;

function withState(index: KernelIndex, found: Definition): Definition {
  const configured = index.isConfigured(found.file);
  return configured === undefined ? found : { ...found, configured };
}

/** The index's names in its order, without what the texts no longer define; names that are new stand before the first that fits worse. */
function symbols(
  index: KernelIndex,
  texts: ReadonlyMap<string, TextFacts>,
  own: readonly Definition[],
  pattern: string,
  options: SymbolQueryOptions | undefined,
): Definition[] {
  const scoreOf = scorer(pattern, options?.match);
  const isWanted = ({ kind, declaration, file }: Definition) =>
    !declaration &&
    (options?.kinds === undefined ? kind !== "member" : options.kinds.includes(kind)) &&
    (!options?.configured || index.isConfigured(file) !== false);
  const named = new Map<string, Definition[]>();
  for (const one of own) {
    const same = named.get(one.name) ?? [];
    if (!texts.has(one.file)) same.push(one);
    named.set(one.name, same);
  }
  const order = [...named.keys()].map((name) => ({ name, score: scoreOf(name) }));
  for (const { definitions } of texts.values())
    for (const [name, found] of definitions) {
      const added = found.filter(isWanted).map((one) => withState(index, one));
      const score = added.length === 0 ? NONE : scoreOf(name);
      if (score === NONE) continue;
      const same = named.get(name);
      named.set(name, [...added, ...(same ?? [])]);
      if (same) continue;
      const worse = order.findIndex((one) => one.score < score);
      order.splice(worse < 0 ? order.length : worse, 0, { name, score });
    }
  return order.flatMap(({ name }) => named.get(name)!).slice(0, options?.limit ?? 100);
}

function scorer(pattern: string, match: SymbolQueryOptions["match"]): (name: string) => number {
  if (match === "exact") return (name) => (name === pattern ? 1 : NONE);
  const wanted = makePattern(pattern);
  return (name) => {
    const bytes = Buffer.from(name);
    if (match === "prefix" && !hasPrefix(bytes, 0, bytes.length, wanted)) return NONE;
    return fuzzyScore(bytes, 0, bytes.length, wanted);
  };
}
