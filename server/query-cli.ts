// `clockpath query`: the index from a terminal. Parses arguments, asks, prints; the work is done in query/, and by graph-cli.ts
// for what the configured kernel's call graph answers. With --json every result is one JSON object on a line of its own.
import { graphQuery, graphUsage, isGraphQuery } from "./graph-cli.ts";
import { updateIndex } from "./index/build.ts";
import { readConfigured } from "./index/configured.ts";
import { isBeingBuilt } from "./index/store.ts";
import { detectTree } from "./index/tree.ts";
import { IndexError, type KernelIndex, type QueryOptions } from "./query/api.ts";
import { assigning, linesOf } from "./query/lines.ts";
import { openIndex } from "./query/open.ts";
import { searchText } from "./query/text-search.ts";
import {
  type Assignment,
  assignmentFace,
  calleeFace,
  callerFace,
  definitionFace,
  type Face,
  fileFace,
  includeFace,
  referenceFace,
  textHitFace,
} from "./query-text.ts";
import {
  guarded,
  type Output,
  printLine,
  readArguments,
  showIndexProgress,
  treeMeant,
  wholeNumber,
  withInterrupt,
} from "./terminal.ts";

export const queryUsage = `usage: clockpath query callers|callees|definition|references|assignments|symbols NAME
       clockpath query includers|file FILE
       clockpath query text STRING|regex PATTERN [--ignore-case]
       [--tree TREE] [--config NAME] [--configured|--everywhere] [--why] [--from FILE] [--limit N]
       [--match exact|prefix|fuzzy] [--index-dir DIR] [--json]
  Asks the index of a tree (without --tree that of the tree around the current folder); it is built first where there is none. With a configuration (--config, else that of
  clockpath index --config) its files come first; --configured gives them only, --why says of the others which lines leave them out.
  Assignments tell their form: =, +=, ++, & (address taken), initialiser, field (of an initialiser).
  Patterns are JavaScript's, with grep's [[:space:]], \\< and \\>, and match within a line.`;

const QUERIES = [
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
type Query = (typeof QUERIES)[number];

/** What users of cscope and of the editor's box write instead. */
const SYNONYMS: Readonly<Record<string, Query>> = { symbol: "references", definitions: "definition" };

const OPTIONS = {
  tree: { type: "string" },
  config: { type: "string" },
  from: { type: "string" },
  limit: { type: "string" },
  match: { type: "string" },
  "index-dir": { type: "string" },
  json: { type: "boolean" },
  configured: { type: "boolean" },
  everywhere: { type: "boolean" },
  why: { type: "boolean" },
  "ignore-case": { type: "boolean" },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>["values"];

/** Runs the command; gives the exit status. Errors go to standard error, and an answer of nothing is none. */
export function query(args: readonly string[], out: Output): Promise<number> {
  return guarded(async () => {
    if (args.includes("--help") || args.includes("-h")) printLine(out, `${queryUsage}\n${graphUsage}`);
    else if (isGraphQuery(args)) await graphQuery(args, out);
    else await indexQuery(args, out);
  });
}

async function indexQuery(args: readonly string[], out: Output): Promise<void> {
  const { values, positionals } = readArguments(args, OPTIONS, queryUsage);
  const [asked = "", name, ...more] = positionals;
  const kind = QUERIES.find((known) => known === (SYNONYMS[asked] ?? asked));
  if (asked !== "" && kind === undefined)
    throw new IndexError(`there is no query "${asked}", only ${[...QUERIES, "path", "edges"].join(", ")}`);
  if (kind === undefined || name === undefined || more.length > 0)
    throw new IndexError(`name a query and a symbol\n${queryUsage}`);
  if (values.configured && values.everywhere)
    throw new IndexError("--configured and --everywhere contradict each other");
  const index = await openOrBuild(treeMeant(values.tree), values);
  try {
    if (values.configured && !index.info.configuredFiles) throw new IndexError(noConfiguration(index));
    await answer(index, kind, name, values, out);
    if (index.info.partial !== undefined) sayPartial(index.info.files, index.info.partial.total);
  } finally {
    index.close();
  }
}

/** The tree's index; it is built first where there is none, or none that can be read. */
async function openOrBuild(folder: string, values: Values): Promise<KernelIndex> {
  const { config, json, "index-dir": indexDir } = values;
  const tree = detectTree(folder);
  const place = indexDir === undefined ? {} : { indexDir };
  const chosen = { ...place, ...(config === undefined ? {} : { configured: readConfigured(tree, config) }) };
  try {
    const index = openIndex(tree.root, chosen);
    // A part answers while the rest is being built; where that was cut off, it is built now.
    if (index !== undefined && (index.info.partial === undefined || isBeingBuilt(index.info.directory)))
      return index;
    index?.close();
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
  }
  const shown = json ? {} : { onProgress: showIndexProgress };
  await withInterrupt((signal) => updateIndex(tree.root, { ...place, ...shown, signal }));
  const index = openIndex(tree.root, chosen);
  if (index === undefined) throw new IndexError(`the index of ${folder} cannot be opened`);
  return index;
}

async function answer(
  index: KernelIndex,
  kind: Query,
  name: string,
  values: Values,
  out: Output,
): Promise<void> {
  const { from, configured } = values;
  const common = {
    ...(from === undefined ? {} : { from: index.relative(from) ?? from }),
    ...(configured ? { configured } : {}),
    ...wholeNumber("limit", values.limit),
  };
  const print = <Item extends Printed>(items: readonly Item[], face: Face<Item>) => {
    printItems(index, items, face, values, out);
    if (items.length === 0) say(nothingFound(index, kind, name, configured === true));
  };
  switch (kind) {
    case "callers":
      return print(index.callers(name, common), callerFace);
    case "callees":
      return print(index.callees(name, common), calleeFace);
    case "definition":
      return print(index.definitions(name, common), definitionFace);
    case "references":
      return print(index.references(name, common), referenceFace);
    case "assignments":
      return print(assignments(index, name, common), assignmentFace);
    case "symbols":
      return print(index.symbols(name, { ...common, ...matchOf(values.match) }), definitionFace);
    case "includers":
      return print(index.includers(name, common), includeFace);
    case "file":
      return print(index.findFiles(name, common), fileFace);
    case "text":
    case "regex": {
      const search = { ...common, pattern: name, kind, ignoreCase: values["ignore-case"] === true };
      const result = await withInterrupt((signal) => searchText(index, { ...search, signal }));
      print(result.hits, textHitFace);
      for (const { file, reason } of result.unsearched) say(`${file}: ${reason}`);
      if (!result.complete) say(`more than ${result.hits.length} lines match; --limit N gives more`);
    }
  }
}

/** What an empty answer means: that the name is not known, or that it is and has none of what was asked for. */
function nothingFound(index: KernelIndex, kind: Query, name: string, configured: boolean): string {
  const where = configured ? "in the configured kernel" : "in the tree";
  if (kind === "text" || kind === "regex") return `no line ${where} matches ${name}`;
  if (kind === "file" || kind === "includers")
    return kind === "file" ? `no file ${where} is called ${name}` : `no file ${where} includes ${name}`;
  const known = kind !== "symbols" && index.references(name, { limit: 1 }).length > 0;
  return known ? `${name} has no ${kind} ${where}` : `nothing ${where} is called ${name}`;
}

/** With their forms; a definition that gives no value is none. */
function assignments(index: KernelIndex, name: string, options: QueryOptions): Assignment[] {
  const lines = linesOf(index);
  return index.references(name, { ...options, kinds: assigning }).flatMap((found) => {
    const form = lines.assignment(found);
    return form === undefined ? [] : [{ ...found, form }];
  });
}

function matchOf(match: string | undefined): { match?: "exact" | "prefix" | "fuzzy" } {
  if (match === undefined) return {};
  if (match !== "exact" && match !== "prefix" && match !== "fuzzy")
    throw new IndexError(`--match is exact, prefix or fuzzy, not "${match}"`);
  return { match };
}

interface Printed {
  readonly file: string;
  readonly line?: number;
  readonly text?: string;
}

/** Bytes of a source's line that are printed. */
const MAX_SOURCE = 400;

/** One line an item, with the source's; with --why, one more for each line that leaves its file out of the configuration. */
function printItems<Item extends Printed>(
  index: KernelIndex,
  items: readonly Item[],
  face: Face<Item>,
  values: Values,
  out: Output,
): void {
  const sources = linesOf(index);
  const withSource = (item: Item) => {
    const { file, line, text: known } = item;
    if (line === undefined) return face.text(item);
    const source = known ?? Buffer.from(sources.bytes(file, line).subarray(0, MAX_SOURCE)).toString();
    return `${face.text(item)}: ${source.trim()}`;
  };
  const lines = items.flatMap((item) => {
    const configured = index.isConfigured(item.file);
    const why = values.why ? index.whyOut(item.file) : [];
    if (!values.json) return [withSource(item), ...why.map((line) => `    out: ${line}`)];
    const state = configured === undefined ? {} : { configured };
    return JSON.stringify({ ...face.object(item), ...state, ...(why.length === 0 ? {} : { why }) });
  });
  if (lines.length > 0) printLine(out, lines.join("\n"));
}

function say(text: string): void {
  process.stderr.write(`clockpath: ${text}\n`);
}

function sayPartial(files: number, total: number): void {
  const count = (n: number) => n.toLocaleString("en");
  say(`the index is still being built: this answer comes from ${count(files)} of ${count(total)} files`);
}

function noConfiguration({ tree, info }: KernelIndex): string {
  if (info.config !== undefined) return `the configuration ${info.config} compiles no file of ${tree.root}`;
  return `no configuration is chosen for ${tree.root}; name one with --config NAME`;
}
