// `clockpath query path|edges|callers|callees --config C` and `clockpath timecounters`: the configured kernel's call graph from a terminal. Parses
// arguments, prints results; the work is done in graph/. With --json every result is one JSON object on a line of its own.
import { clocksText } from "./clocks-text.ts";
import type { ClockSource, Edge, KernelGraph } from "./graph/api.ts";
import { cachedGraph, loadGraph, loadLeftOutClocks } from "./graph/load.ts";
import { makeGraphInThread } from "./graph/thread.ts";
import { edgeText, pathText } from "./graph-text.ts";
import { indexFolder, readHead } from "./index/store.ts";
import { detectTree } from "./index/tree.ts";
import { IndexError } from "./query/api.ts";
import { guarded, type Output, printLine, readArguments, treeMeant, wholeNumber } from "./terminal.ts";

export const graphUsage = `usage: clockpath query path --from FUNCTION --to FUNCTION [--limit N]
       clockpath query edges
       clockpath query callers|callees FUNCTION --config CONFIG
       [--tree TREE] [--config CONFIG] [--index-dir DIR] [--rebuild] [--json]
  Asks the call graph of a configured kernel: calls, calls in macros, and calls through pointers with the evidence. CONFIG is a name
  (MICROVM, amd64/GENERIC) or a path; without it, that of clockpath index --config. --rebuild forgets the cached graph; --index-dir DIR says where it is kept.`;

export const timecountersUsage = `usage: clockpath timecounters TREE [--config CONFIG] [--all] [--json]
  Every timecounter (and eventtimer) of a configured kernel: name, quality, get function, where its frequency comes from, who
  registers it, and the shortest path from the kernel's entry to there. --all: those of sources that CONFIG leaves out, too.
  CONFIG is a name (MICROVM, amd64/GENERIC) or a path; without it, that of clockpath index --config.`;

/** Is this a query that the call graph answers, and not the index? */
export function isGraphQuery(args: readonly string[]): boolean {
  const isConfigured = args.some((argument) => argument === "--config" || argument.startsWith("--config="));
  return (
    args[0] === "path" ||
    args[0] === "edges" ||
    (isConfigured && (args[0] === "callers" || args[0] === "callees"))
  );
}

const OPTIONS = {
  tree: { type: "string" },
  config: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  limit: { type: "string" },
  "index-dir": { type: "string" },
  json: { type: "boolean" },
  rebuild: { type: "boolean" },
  all: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>["values"];

/** A graph query, its name first among the arguments. Rejects with an IndexError that has a message for the user. */
export async function graphQuery(args: readonly string[], out: Output): Promise<void> {
  const { values, positionals } = readArguments(args, OPTIONS, graphUsage);
  const [query, name, ...more] = positionals;
  const wantsName = query === "callers" || query === "callees";
  if (more.length > 0 || wantsName !== (name !== undefined))
    throw new IndexError(`${query} takes ${wantsName ? "one function" : "no name"}\n${graphUsage}`);
  const graph = await open(values, treeMeant(values.tree));
  const json = values.json === true;
  if (query === "path") {
    printPaths(graph, values, out);
    return;
  }
  if (query === "edges") {
    for (const edge of graph.edges())
      printLine(
        out,
        json
          ? JSON.stringify(edgeObject(edge))
          : `${edge.caller.name} -> ${edge.callee.name} ${edgeText(edge)}`,
      );
    return;
  }
  known(graph, name!);
  const edges = query === "callers" ? graph.callers(name!) : graph.callees(name!);
  const shown = (edge: Edge) => (query === "callers" ? edge.caller : edge.callee);
  for (const edge of edges)
    printLine(out, json ? JSON.stringify(edgeObject(edge)) : `${shown(edge).name} ${edgeText(edge)}`);
}

/** The graph of the tree and configuration that are named: from the cache, else made in a thread, else made here. */
async function open(values: Values, folder: string): Promise<KernelGraph> {
  const { rebuild, "index-dir": indexDir } = values;
  const config = values.config ?? chosenConfiguration(folder, indexDir);
  const place = indexDir === undefined ? {} : { indexDir };
  const cached = rebuild === true ? undefined : cachedGraph(folder, config, indexDir);
  if (cached !== undefined) return cached;
  const again = rebuild === true ? { rebuild } : {};
  const thread = makeGraphInThread({ folder, config, ...place, ...again }, showProgress);
  await thread?.done;
  if (thread !== undefined) showProgress(1, 1);
  const made = thread === undefined ? undefined : cachedGraph(folder, config, indexDir);
  return made ?? loadGraph(folder, config, { ...place, ...again, onProgress: showProgress });
}

/** The configuration that the tree's index was built with. */
function chosenConfiguration(folder: string, indexDir: string | undefined): string {
  const config = readHead(indexFolder(detectTree(folder), indexDir))?.config?.path;
  if (config !== undefined) return config;
  throw new IndexError(
    `no configuration is chosen for ${folder}; name one with --config NAME (clockpath config ${folder} lists them), or for good with clockpath index ${folder} --config NAME`,
  );
}

/** On a terminal, on one line of standard error; `done` = `total` takes it away. */
function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(done === total ? "\r\x1b[K" : `\r\x1b[Kcall graph: ${done}/${total} sources`);
}

function known(graph: KernelGraph, name: string): void {
  if (graph.functions(name).length === 0)
    throw new IndexError(`no function ${name} is defined or called in ${graph.configuration}`);
}

function printPaths(graph: KernelGraph, { from, to, limit, json }: Values, out: Output): void {
  if (from === undefined || to === undefined)
    throw new IndexError(`path needs --from and --to\n${graphUsage}`);
  known(graph, from);
  known(graph, to);
  const paths = graph.paths(from, to, wholeNumber("limit", limit).limit);
  if (json)
    for (const path of paths) printLine(out, JSON.stringify({ from, to, steps: path.map(edgeObject) }));
  else if (paths.length === 0)
    printLine(
      out,
      from === to ? `${from} is ${to}` : `no path from ${from} to ${to} in ${graph.configuration}`,
    );
  else printLine(out, paths.map((path) => pathText(path).join("\n")).join("\n\n"));
}

function edgeObject({ caller, callee, ...edge }: Edge): object {
  return {
    caller: caller.name,
    callee: callee.name,
    ...edge,
    ...(caller.scope === undefined ? {} : { callerScope: caller.scope }),
    ...(callee.scope === undefined ? {} : { calleeScope: callee.scope }),
  };
}

/** `clockpath timecounters TREE --config C`; gives the exit status. Errors go to standard error. */
export function timecounters(args: readonly string[], out: Output): Promise<number> {
  return guarded(async () => {
    const { values, positionals } = readArguments(args, OPTIONS, timecountersUsage);
    if (values.help) return printLine(out, timecountersUsage);
    const [tree, ...more] = positionals;
    if (tree === undefined || more.length > 0) throw new IndexError(`name one tree\n${timecountersUsage}`);
    const graph = await open(values, tree);
    const leftOut = values.all === true ? loadLeftOutClocks(tree, graph.configuration) : [];
    const sources = [...graph.clockSources(), ...leftOut];
    if (values.json === true)
      for (const source of sources) printLine(out, JSON.stringify(sourceObject(source)));
    else for (const line of clocksText(sources, graph)) printLine(out, line);
  });
}

const sourceObject = ({ registrations, ...source }: ClockSource): object => ({
  ...source,
  registrations: registrations.map(({ path, ...one }) => ({
    ...one,
    ...(path === undefined ? {} : { path: path.map(edgeObject) }),
  })),
});
