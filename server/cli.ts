// `clockpath index` and `clockpath query`: the index from a terminal. Parses arguments, prints results; the work is done
// in index/ and query/. With --json every result is one JSON object on a line of its own.

import { type GraphThread, makeGraphInThread } from "./graph/thread.ts";
import type { GraphReport } from "./graph/worker.ts";
import { graphQuery, graphUsage, isGraphQuery } from "./graph-cli.ts";
import { updateIndex } from "./index/build.ts";
import { isBeingBuilt } from "./index/store.ts";
import { detectTree, reasonOf } from "./index/tree.ts";
import { type Call, type Definition, IndexError, type IndexReport, type KernelIndex, type QueryOptions, type Reference, type TextHit } from "./query/api.ts"; // biome-ignore format: one import
import { assigning, linesOf } from "./query/lines.ts";
import { openIndex } from "./query/open.ts";
import { searchText } from "./query/text-search.ts";

export const indexUsage = `usage: clockpath index TREE [--config FILE|NAME] [--index-dir DIR] [--rebuild] [--workers N] [--json]
  Builds the index of a kernel tree (the folder that holds sys/, or sys itself), or brings it up to date. With a kernel
  configuration its files rank first, queries can be limited to them (--configured), and its call graph is made, too.`;

export const queryUsage = `usage: clockpath query callers|callees|definition|references|assignments|symbols NAME --tree TREE
       clockpath query includers|file FILE --tree TREE
       clockpath query text STRING|regex PATTERN [--ignore-case] --tree TREE
       [--configured|--everywhere] [--why] [--from FILE] [--limit N] [--match exact|prefix|fuzzy] [--index-dir DIR] [--json]
  Asks the index of a tree; the index is built first where there is none. With a configuration (clockpath index --config) its
  files come first; --configured gives them only, --why says of the others which lines leave them out.
  Assignments tell their form: =, +=, ++, & (address taken), initialiser, field (of an initialiser).
  Patterns are JavaScript's, with grep's [[:space:]], \\< and \\>, and match within a line.`;

const queries = [
  "callers",
  "callees",
  "definition",
  "references",
  "assignments",
  "symbols",
  "includers",
  "file",
  "text",
  "regex",
] as const;
type Query = (typeof queries)[number];

interface Arguments {
  readonly words: string[];
  readonly options: Map<string, string>;
}

/** Where results go: standard output, or a test's collector. */
export interface Output {
  write(text: string): unknown;
}

/** Runs one of the two commands; returns the exit status. Errors go to standard error. */
export function run(command: "index" | "query", args: readonly string[], out: Output): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    printLine(out, command === "index" ? indexUsage : `${queryUsage}\n${graphUsage}`);
    return Promise.resolve(0);
  }
  return guarded(() => (command === "index" ? runIndex(args, out) : runQuery(args, out)));
}

async function runIndex(args: readonly string[], out: Output): Promise<void> {
  const { words, options } = parse(args, ["config", "index-dir", "workers"], ["json", "rebuild"], indexUsage);
  if (words.length !== 1) throw new IndexError(`name one tree\n${indexUsage}`);
  const json = options.has("json");
  // The call graph needs no index: both are made at the same time.
  const graph = graphThread(words[0]!, options);
  let report: IndexReport;
  try {
    report = await withInterrupt((signal) =>
      updateIndex(words[0]!, {
        ...pick(options),
        ...(options.has("rebuild") ? { rebuild: true } : {}),
        ...(options.has("workers") ? { workers: wholeNumber(options, "workers") } : {}),
        ...(json ? {} : { onProgress: showProgress }),
        ...(graph === undefined ? {} : { meanwhile: graph.done }),
        signal,
      }),
    );
  } catch (error) {
    graph?.stop();
    throw error;
  }
  const made = await graph?.done.catch((error: Error) => error.message);
  if (json) printLine(out, JSON.stringify({ ...report, ...(made === undefined ? {} : { callGraph: made }) }));
  else printReport(out, report, made);
}

/** Begins the call graph of the configuration that is named; undefined where there is no thread for it, or no configuration. */
function graphThread(folder: string, options: Map<string, string>): GraphThread | undefined {
  const config = options.get("config");
  if (config === undefined) return undefined;
  const rebuild = options.has("rebuild") ? { rebuild: true } : {};
  const thread = makeGraphInThread({ folder, config, ...placeOf(options), ...rebuild });
  // What goes wrong is told at the end; until then nobody listens.
  thread?.done.catch(() => {});
  return thread;
}

/** Bytes of a source's line that are printed. */
const MAX_SOURCE = 400;

/** An answer of nothing is no error. */
async function runQuery(args: readonly string[], out: Output): Promise<void> {
  if (isGraphQuery(args)) return graphQuery(args, out);
  const { words, options } = parse(
    args,
    ["tree", "from", "limit", "match", "index-dir"],
    ["json", "configured", "everywhere", "why", "ignore-case"],
    queryUsage,
  );
  const [query, name] = words;
  if (words.length !== 2 || !queries.includes(query as Query))
    throw new IndexError(`name a query and a symbol\n${queryUsage}`);
  const tree = options.get("tree");
  if (tree === undefined) throw new IndexError(`name the tree with --tree\n${queryUsage}`);
  if (options.has("configured") && options.has("everywhere"))
    throw new IndexError("--configured and --everywhere contradict each other");
  const index = await openOrBuild(tree, options);
  try {
    if (options.has("configured") && !index.info.configuredFiles)
      throw new IndexError(noConfiguration(index));
    await answer(index, query as Query, name!, options, out);
    if (index.info.partial !== undefined) sayPartial(index.info.files, index.info.partial.total);
  } finally {
    index.close();
  }
}

/** The tree's index; it is built first where there is none, or none that can be read. */
async function openOrBuild(tree: string, options: Map<string, string>): Promise<KernelIndex> {
  const place = placeOf(options);
  const folder = detectTree(tree).root;
  try {
    const index = openIndex(folder, place);
    // A part answers while the rest is being built; where that was cut off, it is built now.
    if (index !== undefined && (index.info.partial === undefined || isBeingBuilt(index.info.directory)))
      return index;
    index?.close();
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
  }
  const shown = options.has("json") ? {} : { onProgress: showProgress };
  await withInterrupt((signal) => updateIndex(folder, { ...place, ...shown, signal }));
  const index = openIndex(folder, place);
  if (index === undefined) throw new IndexError(`the index of ${tree} cannot be opened`);
  return index;
}

async function answer(
  index: KernelIndex,
  query: Query,
  name: string,
  options: Map<string, string>,
  out: Output,
): Promise<void> {
  const from = options.get("from");
  const common = {
    ...(from === undefined ? {} : { from: index.relative(from) ?? from }),
    ...(options.has("configured") ? { configured: true } : {}),
    ...(options.has("limit") ? { limit: wholeNumber(options, "limit") } : {}),
  };
  const print = <Item extends { file: string; line?: number; text?: string }>(
    items: readonly Item[],
    text: (item: Item) => string,
    object: (item: Item) => object,
  ) => printItems(index, items, text, object, options, out);
  const same = <Item extends object>(item: Item): object => item;
  if (query === "callers") print(index.callers(name, common), callerText, callObject);
  else if (query === "callees") print(index.callees(name, common), calleeText, callObject);
  else if (query === "definition") print(index.definitions(name, common), definitionText, same);
  else if (query === "assignments")
    print(assignments(index, name, common), assignmentText, ({ form, ...found }) => ({
      ...referenceObject(found),
      form,
    }));
  else if (query === "includers")
    print(index.includers(name, common), ({ file, line }) => `${file}:${line}`, same);
  else if (query === "references") print(index.references(name, common), referenceText, referenceObject);
  else if (query === "file") print(index.findFiles(name, common), ({ file }) => file, same);
  else if (query === "symbols")
    print(index.symbols(name, { ...common, ...matchOf(options) }), definitionText, same);
  else {
    const ignoreCase = options.has("ignore-case");
    const result = await withInterrupt((signal) =>
      searchText(index, { ...common, pattern: name, kind: query, ignoreCase, signal }),
    );
    print(result.hits, textHitText, textHitObject);
    for (const { file, reason } of result.unsearched) process.stderr.write(`clockpath: ${file}: ${reason}\n`);
    if (!result.complete)
      process.stderr.write(`clockpath: more than ${result.hits.length} lines match; --limit N gives more\n`);
  }
}

/** With their forms; a definition that gives no value is none. */
function assignments(
  index: KernelIndex,
  name: string,
  options: QueryOptions,
): (Reference & { form: string })[] {
  const lines = linesOf(index);
  return index.references(name, { ...options, kinds: assigning }).flatMap((found) => {
    const form = lines.assignment(found);
    return form === undefined ? [] : [{ ...found, form }];
  });
}

/** One line an item, with the source's; with --why, one more for each line that leaves its file out of the configuration. */
function printItems<Item extends { file: string; line?: number; text?: string }>(
  index: KernelIndex,
  items: readonly Item[],
  text: (item: Item) => string,
  object: (item: Item) => object,
  options: Map<string, string>,
  out: Output,
): void {
  const json = options.has("json");
  const sources = linesOf(index);
  const withSource = (item: Item) => {
    const { file, line, text: known } = item;
    if (line === undefined) return text(item);
    const source = known ?? Buffer.from(sources.bytes(file, line).subarray(0, MAX_SOURCE)).toString();
    return `${text(item)}: ${source.trim()}`;
  };
  const lines = items.flatMap((item) => {
    const configured = index.isConfigured(item.file);
    const why = options.has("why") ? index.whyOut(item.file) : [];
    if (!json) return [withSource(item), ...why.map((line) => `    out: ${line}`)];
    const state = configured === undefined ? {} : { configured };
    return JSON.stringify({ ...object(item), ...state, ...(why.length === 0 ? {} : { why }) });
  });
  if (lines.length > 0) printLine(out, lines.join("\n"));
}

function sayPartial(files: number, total: number): void {
  const count = (n: number) => n.toLocaleString("en");
  process.stderr.write(
    `clockpath: the index is still being built: this answer comes from ${count(files)} of ${count(total)} files\n`,
  );
}

/** Runs something that a signal can end; Ctrl-C is that signal, so that what was begun is put in order. */
async function withInterrupt<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const interrupt = () => abort.abort(new Interrupted());
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await run(abort.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

class Interrupted extends IndexError {
  constructor() {
    super("interrupted");
  }
}

function noConfiguration({ tree, info }: KernelIndex): string {
  if (info.config !== undefined) return `the configuration ${info.config} compiles no file of ${tree.root}`;
  return `the index of ${tree.root} knows no configuration; name one: clockpath index ${tree.root} --config NAME`;
}

const place = ({ file, line, column }: { file: string; line: number; column: number }): string =>
  `${file}:${line}:${column}`;

const through = (call: Call): string => (call.kind === "member" ? " (through a field)" : "");
const callerText = (call: Call): string => `${place(call)} ${call.caller.name}${through(call)}`;
const calleeText = (call: Call): string => `${place(call)} ${call.callee}${through(call)}`;

function definitionText(found: Definition): string {
  const inside = found.container === undefined ? "" : ` in ${found.container}`;
  return `${place(found)} ${found.kind} ${found.name}${inside}${found.declaration ? " (declaration)" : ""}`;
}

function referenceText(found: Reference): string {
  return `${place(found)} ${found.kind}${found.scope === undefined ? "" : ` in ${found.scope.name}`}`;
}

const assignmentText = (found: Reference & { form: string }): string =>
  `${place(found)} ${found.form}${found.scope === undefined ? "" : ` in ${found.scope.name}`}`;

function callObject(call: Call): object {
  const { callee, caller, file, line, column, kind } = call;
  return {
    name: callee,
    file,
    line,
    column,
    kind,
    caller: caller.name,
    callerKind: caller.kind,
    callerLine: caller.line,
  };
}

function textHitText({ file, line, column, place: where, scope }: TextHit): string {
  return `${file}:${line}:${column} ${where}${scope === undefined ? "" : ` in ${scope.name}`}`;
}

function textHitObject({ scope, ...rest }: TextHit): object {
  return scope === undefined ? rest : { ...rest, scope: scope.name, scopeKind: scope.kind };
}

function referenceObject({ scope, ...rest }: Reference): object {
  return scope === undefined ? rest : { ...rest, caller: scope.name, callerKind: scope.kind };
}

function printReport(out: Output, report: IndexReport, graph: GraphReport | string | undefined): void {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const count = (n: number) => n.toLocaleString("en");
  printLine(
    out,
    `${count(report.files)} files (${megabytes(report.sourceBytes)}), ${count(report.symbols)} symbols in ` +
      `${report.seconds.toFixed(2)} s: ${count(report.updated)} read, ${count(report.removed)} removed\n` +
      `${report.directory} (${megabytes(report.bytes)})`,
  );
  if (report.config !== undefined)
    printLine(
      out,
      `configuration ${report.config}: ${count(report.configuredFiles ?? 0)} source files rank first`,
    );
  if (typeof graph === "string") printLine(out, `no call graph: ${graph}`);
  else if (graph !== undefined)
    printLine(
      out,
      `call graph: ${count(graph.functions)} functions, ${count(graph.edges)} calls in ${graph.seconds.toFixed(2)} s`,
    );
  if (report.skippedCount === 0) return;
  printLine(out, `${count(report.skippedCount)} left out:`);
  for (const { file, reason } of report.skipped.slice(0, 10)) printLine(out, `  ${file}: ${reason}`);
}

/** Progress on a terminal, on one line of standard error. */
function showProgress({
  phase,
  filesDone,
  filesTotal,
}: {
  phase: string;
  filesDone: number;
  filesTotal: number;
}): void {
  if (phase === "wait")
    process.stderr.write("clockpath: another process is building this index; waiting for it\n");
  if (!process.stderr.isTTY || phase === "wait") return;
  process.stderr.write(phase === "done" ? "\r\x1b[K" : `\r\x1b[Kindex: ${phase} ${filesDone}/${filesTotal}`);
}

function printLine(out: Output, text: string): void {
  out.write(`${text}\n`);
}

/** Runs a command; what goes wrong becomes one message on standard error and exit status 1. */
async function guarded(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write(
        `${process.stderr.isTTY ? "\n" : ""}clockpath: interrupted; what was there before stays, and the next run goes on\n`,
      );
      return 130;
    }
    const known = error instanceof IndexError;
    const message = known
      ? error.message
      : error instanceof Error && "code" in error
        ? reasonOf(error)
        : String(error);
    process.stderr.write(`clockpath: ${message}\n`);
    return 1;
  }
}

function parse(args: readonly string[], valued: string[], flags: string[], usage: string): Arguments {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (!argument.startsWith("--")) {
      words.push(argument);
      continue;
    }
    const [name = "", inline] = argument.slice(2).split(/=(.*)/s);
    if (flags.includes(name)) options.set(name, "");
    else if (!valued.includes(name)) throw new IndexError(`unknown option --${name}\n${usage}`);
    else {
      const value = inline ?? args[++i];
      if (value === undefined) throw new IndexError(`--${name} needs a value\n${usage}`);
      options.set(name, value);
    }
  }
  return { words, options };
}

function wholeNumber(options: Map<string, string>, name: string): number {
  const text = options.get(name)!;
  if (!/^\d{1,9}$/.test(text)) throw new IndexError(`--${name} needs a whole number, not "${text}"`);
  return Number(text);
}

function placeOf(options: Map<string, string>): { indexDir?: string } {
  const indexDir = options.get("index-dir");
  return indexDir === undefined ? {} : { indexDir };
}

function pick(options: Map<string, string>): { indexDir?: string; config?: string } {
  const config = options.get("config");
  return { ...placeOf(options), ...(config === undefined ? {} : { config }) };
}

function matchOf(options: Map<string, string>): { match?: "exact" | "prefix" | "fuzzy" } {
  const match = options.get("match");
  if (match === undefined) return {};
  if (match !== "exact" && match !== "prefix" && match !== "fuzzy")
    throw new IndexError(`--match is exact, prefix or fuzzy, not "${match}"`);
  return { match };
}
