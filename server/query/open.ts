// Opens a tree's index and answers queries from it (api.ts says what each one gives).
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { infoOf } from "../index/build.ts";
import type { Configured } from "../index/configured.ts";
import { PageCache } from "../index/pages.ts";
import { ShardReader } from "../index/shard-reader.ts";
import { type Head, headWatch, indexFolder, readHead } from "../index/store.ts";
import { detectTree } from "../index/tree.ts";
import * as F from "../lang/facts.ts";
import { type Call, type Definition, type Include, IndexError, type KernelIndex, type QueryOptions, type Reference, type ReferenceKind, type Steps, type SymbolQueryOptions, type Tree } from "./api.ts"; // biome-ignore format: one import
import { FileTable } from "./files.ts";
import { Hits } from "./hits.ts";
import { callsWithin, callsWithinLines, includesOf, outline } from "./outline.ts";
import { architecturesOf, fileRank, type Ranking, sortRanked } from "./rank.ts";
import {
  isDefinition,
  type OpenShard,
  referenceKindOf,
  scopeOf,
  toDefinition,
  toReference,
} from "./shards.ts";
import { matchNames, ofKinds } from "./symbols.ts";
import { reasonsOfConfiguration } from "./why-out.ts";

const DEFAULT_LIMIT = 10_000;
/** How many symbols of one name stand in an answer, unless just that name was asked for. */
const MAX_SAME_NAME = 5;
/** How many functions of one name callees() reads. */
const MAX_BODIES = 500;

/**
 * Opens the index of a tree, or gives undefined where none has been built (or only by another version). Throws IndexError
 * for a folder that is none and for an index that is damaged. `configured` takes the place of the configuration that the index was built with.
 */
export function openIndex(
  folder: string,
  options: { indexDir?: string; configured?: Configured } = {},
): KernelIndex | undefined {
  const tree = detectTree(folder);
  const directory = indexFolder(tree, options.indexDir);
  // Between reading the head and opening its shards another process may have replaced both.
  for (let attempt = 0; ; attempt++) {
    const built = readHead(directory);
    if (built === undefined) return undefined;
    const head = options.configured === undefined ? built : { ...built, config: options.configured };
    try {
      return makeIndex(tree, directory, head, openShards(directory, head));
    } catch (error) {
      if (error instanceof IndexError || attempt === 3) throw damaged(directory, error);
    }
  }
}

function damaged(directory: string, error: unknown): Error {
  if (error instanceof IndexError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new IndexError(
    `the index in ${directory} cannot be read (${reason}); run "clockpath index" to build it anew`,
  );
}

function openShards(directory: string, head: Head): OpenShard[] {
  const cache = new PageCache();
  const shards: OpenShard[] = [];
  try {
    for (const { file, dead } of head.shards)
      shards.push({ reader: new ShardReader(path.join(directory, file), cache), dead: new Set(dead) });
    return shards;
  } catch (error) {
    for (const { reader } of shards) reader.close();
    throw error;
  }
}

function makeIndex(tree: Tree, directory: string, head: Head, shards: OpenShard[]): KernelIndex {
  const architectures = architecturesOf(head.config?.path);
  const configured = head.config?.files.length ? new Set(head.config.files) : undefined;
  const rankingOf = ({ from, headers }: QueryOptions = {}): Ranking => ({
    from,
    architectures,
    configured,
    headers,
  });
  const absolute = (file: string) => path.join(tree.root, ...file.split("/"));
  const files = new FileTable(shards);
  const whyOut = reasonsOfConfiguration(tree, head.config?.path);
  const inConfiguration = (file: string) =>
    configured === undefined || file.endsWith(".h") ? undefined : configured.has(file);
  const bytesOf = (file: string) => readSource(absolute(file));
  const relatives = new Map<string, string>();
  const isReplaced = headWatch(directory);
  let outdated = false;

  const definitions = (name: string, options?: QueryOptions): Definition[] =>
    definitionsOf(shards, name, rankingOf(options), options);

  return {
    tree,
    info: infoOf(head, directory),
    definitions,
    references: (name, options) => toEnd(references(shards, name, rankingOf(options), options)),
    referenceSteps: (name, options) => references(shards, name, rankingOf(options), options),
    callers: (name, options) => callers(shards, name, rankingOf(options), options),
    callees: (name, options) => {
      const bodies = bodiesOf(definitions(name, options), options?.file);
      const calls = [...bodies].flatMap(([file, known]) => {
        const text = bytesOf(file);
        return callsWithinLines(text, file, known) ?? callsWithin(text, file, name);
      });
      return calls.slice(0, options?.limit ?? DEFAULT_LIMIT);
    },
    symbols: (pattern, options) => toEnd(symbols(shards, definitions, pattern, options)),
    symbolSteps: (pattern, options) => symbols(shards, definitions, pattern, options),
    documentSymbols: (file) => outline(bytesOf(file), file),
    includes: (file) => includesOf(bytesOf(file), file),
    includers: (file, options) => includers(shards, file, rankingOf(options), options),
    findFiles: (name, options) => files.named(name, rankingOf(options), options),
    rankedFiles: (options) => files.ranked(rankingOf(options), options?.configured),
    scopeAt: (file, line, column) => files.scopeAt(file, line, column),
    isConfigured: inConfiguration,
    text: bytesOf,
    hasFolder: (absolutePath) =>
      files.hasFolder(path.relative(tree.root, absolutePath).split(path.sep).join("/")),
    isAscii: (file) => files.isAscii(file),
    rank: (file, from) => fileRank(file, rankingOf(from === undefined ? {} : { from })),
    whyOut: (file) => (inConfiguration(file) === false ? whyOut(file) : []),
    absolute,
    relative: (absolutePath) => {
      const known = relatives.get(absolutePath) ?? relativeTo(tree.root, absolutePath);
      if (known !== undefined) relatives.set(absolutePath, known);
      return known;
    },
    stale: () => {
      outdated ||= isReplaced() && !isSameHead(readHead(directory), head);
      return outdated;
    },
    close: () => {
      for (const { reader } of shards.splice(0)) reader.close();
    },
  };
}

/** Is it the same generation, and while that is being made the same part of it? */
const isSameHead = (now: Head | undefined, head: Head): boolean =>
  now?.generation === head.generation &&
  (now.partial === undefined) === (head.partial === undefined) &&
  now.shards.length === head.shards.length;

function toEnd<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const limitOf = (options: QueryOptions | undefined): number => options?.limit ?? DEFAULT_LIMIT;

/** Definitions before declarations, members last. */
function definitionsOf(
  shards: readonly OpenShard[],
  name: string,
  ranking: Ranking,
  options: QueryOptions | undefined,
): Definition[] {
  const hits = new Hits(shards, name, ranking, isDefinition, options?.configured);
  const limit = limitOf(options);
  const found: Definition[] = [];
  for (let order = 0; order < 4 && found.length < limit; order++) {
    const wanted = (kind: number, symbol: number) => orderOfDefinition(kind, symbol) === order;
    for (const hit of hits.take(limit - found.length, wanted))
      found.push(withState(toDefinition(name, hit), ranking));
  }
  return found;
}

/** Says of a source file's definition whether the configuration compiles it. */
function withState(definition: Definition, { configured }: Ranking): Definition {
  if (configured === undefined || definition.file.endsWith(".h")) return definition;
  return { ...definition, configured: configured.has(definition.file) };
}

function orderOfDefinition(kind: number, symbol: number): number {
  return (kind === F.DECLARATION ? 2 : 0) + ((symbol & F.SYMBOL_KIND) === F.FIELD ? 1 : 0);
}

/** Results made between two steps. */
const STEP = 256;

function* references(
  shards: readonly OpenShard[],
  name: string,
  ranking: Ranking,
  options: (QueryOptions & { kinds?: readonly ReferenceKind[] }) | undefined,
): Steps<Reference[]> {
  const kinds = options?.kinds;
  const keep = (kind: number) => kinds === undefined || kinds.includes(referenceKindOf(kind));
  const hits = new Hits(shards, name, ranking, keep, options?.configured);
  const limit = limitOf(options);
  const found: Reference[] = [];
  const groups = [F.DEFINITION, F.DECLARATION, undefined];
  for (const group of groups) {
    const wanted = (kind: number) => (group === undefined ? !isDefinition(kind) : kind === group);
    for (const hit of hits.take(limit - found.length, wanted)) {
      found.push(toReference(name, hit));
      if (found.length % STEP === 0) yield;
    }
  }
  return found;
}

function callers(
  shards: readonly OpenShard[],
  name: string,
  ranking: Ranking,
  options: QueryOptions | undefined,
): Call[] {
  const isCall = (kind: number) => (kind & F.BASE_KIND) === F.CALL;
  const keep = (kind: number) => isCall(kind) || kind === F.DEFINITION;
  const hits = new Hits(shards, name, ranking, keep, options?.configured);
  const isCallable = hits.some((kind, symbol) => kind === F.DEFINITION && isFunctionLike(symbol));
  const wanted = (kind: number) => (isCallable ? kind === F.CALL : isCall(kind));
  const limit = limitOf(options);
  const found: Call[] = [];
  for (const { posting, shard, path: file } of hits.take(Number.POSITIVE_INFINITY, wanted)) {
    if (found.length >= limit) break;
    const caller = scopeOf(posting, shard);
    if (caller === undefined) continue;
    const kind = posting.kind & F.MEMBER ? "member" : "direct";
    found.push({ kind, caller, callee: name, file, line: posting.line, column: posting.column });
  }
  return found;
}

function isFunctionLike(symbol: number): boolean {
  const kind = symbol & F.SYMBOL_KIND;
  return kind === F.FUNCTION || kind === F.MACRO;
}

/** The bodies of functions and macros by file, in the order of the files' rank; of one file only, where it is named. */
function bodiesOf(definitions: readonly Definition[], file: string | undefined): Map<string, Definition[]> {
  const bodies = new Map<string, Definition[]>(file === undefined ? [] : [[file, []]]);
  for (const definition of definitions) {
    const { declaration, kind } = definition;
    if (declaration || (kind !== "function" && kind !== "macro")) continue;
    const known = bodies.get(definition.file);
    if (known !== undefined) known.push(definition);
    else if (file === undefined && bodies.size < MAX_BODIES) bodies.set(definition.file, [definition]);
  }
  return bodies;
}

function* symbols(
  shards: readonly OpenShard[],
  definitions: (name: string, options?: QueryOptions) => Definition[],
  pattern: string,
  options: SymbolQueryOptions | undefined,
): Steps<Definition[]> {
  const limit = options?.limit ?? 100;
  const names =
    options?.match === "exact"
      ? [pattern]
      : yield* matchNames(shards, pattern, options?.match, options?.kinds, limit);
  const { from, configured = false } = options ?? {};
  const found: Definition[] = [];
  for (const [i, name] of names.entries()) {
    if (found.length >= limit) break;
    if (i % 16 === 15) yield;
    const all = ofKinds(
      definitions(name, from === undefined ? { configured } : { from, configured }),
      options?.kinds,
    );
    const own = all.filter((definition) => !definition.declaration);
    found.push(...(name === pattern ? own : own.slice(0, MAX_SAME_NAME)));
  }
  return found.slice(0, limit);
}

/** Every file that includes `file` by some ending of its path. */
function includers(
  shards: readonly OpenShard[],
  file: string,
  ranking: Ranking,
  options: QueryOptions | undefined,
): Include[] {
  const parts = file.split("/");
  const found: (Include & { column: number })[] = [];
  for (let i = 0; i < parts.length; i++) {
    const target = parts.slice(i).join("/");
    const hits = new Hits(shards, target, ranking, (kind) => kind === F.INCLUDED, options?.configured);
    for (const { path: includer, posting } of hits.take(DEFAULT_LIMIT)) {
      const { line, column } = posting;
      found.push({ file: includer, line, column, target });
    }
  }
  const sorted = sortRanked(found, ranking, () => 0).slice(0, limitOf(options));
  return sorted.map(({ column: _, ...include }) => include);
}

/** A source's bytes; none where it has gone since. */
function readSource(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    return new Uint8Array(0);
  }
}

function relativeTo(root: string, absolutePath: string): string | undefined {
  let real = absolutePath;
  try {
    if (existsSync(absolutePath)) real = realpathSync(absolutePath);
  } catch {}
  const relative = path.relative(root, real);
  if (relative === "" || relative.startsWith("..") || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join("/");
}
