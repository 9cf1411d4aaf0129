// `clockpath index`: builds the index of a kernel tree, and the call graph of a configuration, from a terminal. Parses arguments, prints the report;
// the work is done in index/ and graph/. With --json the report is one JSON object on a line of its own.
import { type GraphThread, makeGraphInThread } from "./graph/thread.ts";
import type { GraphReport } from "./graph/worker.ts";
import { updateIndex } from "./index/build.ts";
import { IndexError, type IndexReport } from "./query/api.ts";
import {
  guarded,
  type Output,
  printLine,
  readArguments,
  showIndexProgress,
  wholeNumber,
  withInterrupt,
} from "./terminal.ts";

export const indexUsage = `usage: clockpath index TREE [--config FILE|NAME] [--index-dir DIR] [--rebuild] [--workers N] [--json]
  Builds the index of a kernel tree (the folder that holds sys/, or sys itself), or brings it up to date. With a kernel
  configuration its files rank first, queries can be limited to them (--configured), and its call graph is made, too.`;

const OPTIONS = {
  config: { type: "string" },
  "index-dir": { type: "string" },
  workers: { type: "string" },
  json: { type: "boolean" },
  rebuild: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the command; gives the exit status. Errors go to standard error. */
export function index(args: readonly string[], out: Output): Promise<number> {
  return guarded(async () => {
    const { values, positionals } = readArguments(args, OPTIONS, indexUsage);
    if (values.help) return printLine(out, indexUsage);
    const [tree, ...more] = positionals;
    if (tree === undefined || more.length > 0) throw new IndexError(`name one tree\n${indexUsage}`);
    await build(tree, values, out);
  });
}

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>["values"];

async function build(tree: string, values: Values, out: Output): Promise<void> {
  const { config, rebuild, json, "index-dir": indexDir } = values;
  const place = {
    ...(config === undefined ? {} : { config }),
    ...(indexDir === undefined ? {} : { indexDir }),
    ...(rebuild === undefined ? {} : { rebuild }),
  };
  // The call graph needs no index: both are made at the same time.
  const graph = graphThread(tree, place);
  let report: IndexReport;
  try {
    report = await withInterrupt((signal) =>
      updateIndex(tree, {
        ...place,
        ...wholeNumber("workers", values.workers),
        ...(json ? {} : { onProgress: showIndexProgress }),
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
function graphThread(
  folder: string,
  { config, ...place }: { config?: string; indexDir?: string; rebuild?: boolean },
): GraphThread | undefined {
  if (config === undefined) return undefined;
  const thread = makeGraphInThread({ folder, config, ...place });
  // What goes wrong is told at the end; until then nobody listens.
  thread?.done.catch(() => {});
  return thread;
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
