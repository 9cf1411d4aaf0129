// Text and regular expressions over all files of an index: the files in order of rank, so that the configured kernel's lines come
// first and a limit ends the search early. Reads the files as they are now; no part of the index holds their text.
//
// Measured on NetBSD (25,036 files, 348 MB): a filter by the index's names would miss comments and strings; reading everything
// takes about as long as cscope -L4 and -L6 do, on two threads less.
import { availableParallelism } from "node:os";
import { runJobs } from "../index/crew.ts";
import { type FileMatch, IndexError, type KernelIndex, type TextHit, type TextQuery, type TextResult } from "./api.ts"; // biome-ignore format: one import
import { compile } from "./text-pattern.ts";
import { scanTexts, type TextJob, type TextJobResult } from "./text-scan.ts";

const MAX_THREADS = 8;
const DEFAULT_LIMIT = 10_000;
/** Bytes in a job: the first ones are small, since a limit may end the search with them. */
const JOB_BYTES = { first: 1 << 20, most: 16 << 20 };
/** Milliseconds that a pattern may take on one file (or on a batch of small ones). */
const PATIENCE = 2000;

/** Every line that matches, best files first. Rejects with IndexError for a pattern that is none or that takes too long. */
export async function searchText(index: KernelIndex, query: TextQuery): Promise<TextResult> {
  compile(query);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const files = index.rankedFiles(query);
  const jobs = jobsOf(index, query, files, limit);
  const results: TextJobResult[] = [];
  const hits: TextHit[] = [];
  let firstOpen = 0;
  let filesDone = 0;
  /** Jobs end in any order; their hits count in the order of the files. */
  const collect = () => {
    for (let result = results[firstOpen]; result !== undefined; result = results[++firstOpen]) {
      const job = jobs[firstOpen]!;
      const more = toHits(index, job, result).slice(0, limit - hits.length);
      filesDone += job.files.length;
      overflow ||= result.lines.length > more.length;
      hits.push(...more);
      query.onHits?.(more, filesDone);
    }
  };
  let overflow = false;
  const crew = {
    bundle: "search-worker.js",
    here: () => scanTexts,
    threads: query.workers ?? Math.min(MAX_THREADS, availableParallelism()),
  };
  await runJobs<TextJob, TextJobResult>(jobs, crew, {
    signal: query.signal,
    onResult: (job, result) => {
      const slow = result.unsearched.find(({ tooSlow }) => tooSlow);
      if (slow !== undefined) throw tooSlow(query.pattern, slow.file);
      results[job] = result;
      collect();
      return hits.length >= limit && limit > 0 ? "enough" : undefined;
    },
  });
  return {
    hits,
    complete: firstOpen === jobs.length && !overflow && hits.length < limit,
    files: files.length,
    unsearched: results.flatMap((result) => result.unsearched.map(({ file, reason }) => ({ file, reason }))),
  };
}

function tooSlow(pattern: string, file: string): IndexError {
  return new IndexError(
    `the regular expression ${pattern} takes more than ${PATIENCE / 1000} s on ${file}: it tries too many ways to match ` +
      `(as (a+)+ does); write it with fewer nested repetitions`,
  );
}

/** Jobs that double in size, in the order of the files. */
function jobsOf(
  { tree }: KernelIndex,
  query: TextQuery,
  files: readonly FileMatch[],
  limit: number,
): TextJob[] {
  const { pattern, kind, ignoreCase = false } = query;
  const jobs: TextJob[] = [];
  let part: TextJob["files"][number][] = [];
  let bytes = 0;
  let size = JOB_BYTES.first;
  const flush = () => {
    const common = { root: tree.root, pattern: { pattern, kind, ignoreCase }, limit, patience: PATIENCE };
    if (part.length > 0) jobs.push({ ...common, files: part });
    part = [];
    bytes = 0;
    if (jobs.length % 2 === 0) size = Math.min(size * 2, JOB_BYTES.most);
  };
  for (const { file, bytes: length } of files) {
    const text = query.texts?.get(file);
    part.push({ path: file, size: text?.length ?? length, ...(text === undefined ? {} : { text }) });
    bytes += length;
    if (bytes >= size) flush();
  }
  flush();
  return jobs;
}

function toHits(index: KernelIndex, job: TextJob, result: TextJobResult): TextHit[] {
  return result.lines.map(({ file: number, line, column, length, text, place }) => {
    const file = job.files[number]!.path;
    const scope = index.scopeAt(file, line, column);
    const configured = index.isConfigured(file);
    return {
      file,
      line,
      column,
      length,
      text,
      place,
      ...(scope === undefined ? {} : { scope }),
      ...(configured === undefined ? {} : { configured }),
    };
  });
}
