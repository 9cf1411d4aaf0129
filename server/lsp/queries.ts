// Our own request for cscope's questions: rows as they are found, until the limit, an end, or the client's loss of interest.
import { type CancellationToken, ProgressType } from "vscode-languageserver/node";
import type { QueryParams, QueryProgress, QueryResult, QueryRow } from "../protocol.ts";
import { IndexError, type KernelIndex, type QueryOptions } from "../query/api.ts";
import { searchText } from "../query/text-search.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { findsOf, rowMaker, textRow } from "./queryRows.ts";
import { answer, breathe, inSteps, throwIfCancelled } from "./requests.ts";
import { kernelFiles } from "./visible.ts";

/** More than anyone reads; the client may ask for more. */
const DEFAULT_LIMIT = 2000;
/** Rows between two looks at what has come in. */
const CHUNK = 100;

const progressType = new ProgressType<QueryProgress>();

export function registerQueries(context: Context): void {
  answer(context.connection, "clockpath/query", async (params, token) => {
    // Calls through pointers are the call graph's.
    if (params.kind === "callers" || params.kind === "callees") await context.graphs().made(token);
    const found = indexFor(context, params.from);
    if (!found) return { rows: [], count: 0, complete: true, message: noIndex(context) };
    const release = context.trees().hold();
    try {
      return await ask(context, found, params, token);
    } catch (error) {
      // A pattern that is none, or that takes too long.
      if (!(error instanceof IndexError)) throw error;
      return { rows: [], count: 0, complete: true, message: error.message };
    } finally {
      release();
    }
  });
}

/** The index of the tree that holds the document, else the first. */
function indexFor(context: Context, uri: string | undefined): KernelIndex | undefined {
  const path = uri === undefined ? undefined : pathOf(uri);
  return (path === undefined ? undefined : context.indexFor(path)) ?? context.indexes()[0];
}

function noIndex(context: Context): string {
  const status = context.trees().status();
  if (status.state === "none") return status.reason;
  return status.state === "failed" ? status.message : "the index is being built; ask again in a moment";
}

async function ask(
  context: Context,
  index: KernelIndex,
  params: QueryParams,
  token: CancellationToken,
): Promise<QueryResult> {
  const limit = params.limit ?? DEFAULT_LIMIT;
  const from = params.from === undefined ? undefined : pathOf(params.from);
  const file = from === undefined ? undefined : index.relative(from);
  const options: QueryOptions = {
    // One more tells whether there is more.
    limit: limit + 1,
    ...(params.configured ? configuredOnly(context, index) : {}),
    ...(file === undefined ? {} : { from: file }),
  };
  const rows: QueryRow[] = [];
  let count = 0;
  const tell = (more: QueryRow[], filesDone = 0, filesTotal = 0) => {
    const kept = more.slice(0, limit - count);
    count += kept.length;
    if (params.token === undefined) rows.push(...kept);
    else
      void context.connection.sendProgress(progressType, params.token, { rows: kept, filesDone, filesTotal });
  };
  const { kind } = params;
  const ended =
    kind === "text" || kind === "regex"
      ? await searchLines(context, index, { ...params, kind }, options, token, tell)
      : await findPlaces(context, index, { ...params, kind }, options, token, tell);
  const partial = index.info.partial;
  const message =
    ended.message ?? (partial && `the index is being built: ${index.info.files} of ${partial.total} files`);
  return { rows, count, complete: ended.found <= limit, ...(message === undefined ? {} : { message }) };
}

function configuredOnly(context: Context, index: KernelIndex): QueryOptions {
  const headers = kernelFiles(context, index);
  return { configured: true, ...(headers ? { headers } : {}) };
}

interface Ended {
  /** At most one more than the limit. */
  readonly found: number;
  readonly message?: string;
}

type Tell = (rows: QueryRow[], filesDone?: number, filesTotal?: number) => void;
type Kinds<Kind> = QueryParams & { kind: Kind };

async function findPlaces(
  context: Context,
  index: KernelIndex,
  { kind, text }: Kinds<Parameters<typeof findsOf>[0]>,
  options: QueryOptions,
  token: CancellationToken,
  tell: Tell,
): Promise<Ended> {
  const finds = await inSteps(context.trees(), token, findsOf(kind, { context, index, text, options }));
  const toRow = rowMaker(index);
  let found = 0;
  for (let i = 0; i < finds.length; i += CHUNK) {
    const rows = finds
      .slice(i, i + CHUNK)
      .map(toRow)
      .filter((row) => row !== undefined);
    found += rows.length;
    tell(rows);
    await breathe(token);
  }
  return { found };
}

async function searchLines(
  context: Context,
  index: KernelIndex,
  { kind, text, ignoreCase = false }: Kinds<"text" | "regex">,
  options: QueryOptions,
  token: CancellationToken,
  tell: Tell,
): Promise<Ended> {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort(new Error("cancelled")));
  const total = index.info.files;
  try {
    const { hits, unsearched } = await searchText(index, {
      ...options,
      pattern: text,
      kind,
      ignoreCase,
      texts: context.unsaved().texts(index),
      signal: abort.signal,
      onHits: (more, filesDone) =>
        tell(
          more.map((hit) => textRow(index, hit)),
          filesDone,
          total,
        ),
    });
    await breathe(token);
    const [first] = unsearched;
    const message = first && `${unsearched.length} files cannot be read (${first.file}: ${first.reason})`;
    return { found: hits.length, ...(message === undefined ? {} : { message }) };
  } catch (error) {
    throwIfCancelled(token);
    throw error;
  }
}
