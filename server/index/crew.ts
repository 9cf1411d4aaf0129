// Does jobs in parallel: worker threads where the bundle has their file beside it, else in this thread, piece by piece.
// Knows jobs, not what they are for; threads.ts is the other side.
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { FromThread, JobSteps } from "./threads.ts";

/** Who does the jobs. */
export interface Crew<Job, Result> {
  /** The bundle of the threads ("index-worker.js"), looked for beside this one. */
  readonly bundle: string;
  /** Does one job in this thread, where there is no such bundle. */
  readonly here: () => (job: Job) => JobSteps<Result>;
  /** Most threads; 0: this one. */
  readonly threads: number;
  /** Keeps a processor busy until it settles: one thread less until then. */
  readonly meanwhile?: Promise<unknown> | undefined;
}

export interface Hearing<Result> {
  /** How many files of a job are done. */
  readonly onStep?: (job: number, files: number) => void;
  /** A job is done, in any order. The jobs that are left are given up when this returns "enough". */
  readonly onResult: (job: number, result: Result) => "enough" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does all jobs, begun in their order. Rejects with the signal's reason when it is aborted, with an Error when a job fails
 * or when onResult throws.
 */
export async function runJobs<Job, Result>(
  jobs: readonly Job[],
  crew: Crew<Job, Result>,
  hearing: Hearing<Result>,
): Promise<void> {
  const file = workerFile(crew.bundle);
  const count = Math.min(crew.threads, jobs.length);
  if (jobs.length === 0) return;
  if (file === undefined || count < 1) await runHere(jobs, crew.here(), hearing);
  else await runThreads(jobs, file, { ...crew, threads: count }, hearing);
}

/** A file beside the bundle in dist/; tests run from the sources and have none. */
function workerFile(name: string): string | undefined {
  if (typeof __dirname === "undefined") return undefined;
  const file = path.join(__dirname, name);
  return existsSync(file) ? file : undefined;
}

async function runHere<Job, Result>(
  jobs: readonly Job[],
  run: (job: Job) => JobSteps<Result>,
  { onStep, onResult, signal }: Hearing<Result>,
): Promise<void> {
  for (const [i, job] of jobs.entries()) {
    const steps = run(job);
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      onStep?.(i, step.value);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    if (onResult(i, step.value) === "enough") return;
  }
  signal?.throwIfAborted();
}

async function runThreads<Job, Result>(
  jobs: readonly Job[],
  file: string,
  { threads, meanwhile }: Pick<Crew<Job, Result>, "threads" | "meanwhile">,
  { onStep, onResult, signal }: Hearing<Result>,
): Promise<void> {
  const workers: Worker[] = [];
  let next = 0;
  let isOver = false;
  try {
    await new Promise<void>((resolve, reject) => {
      let open = jobs.length;
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      if (signal?.aborted) reject(signal.reason);
      const finish = (number: number, result: Result) => {
        try {
          if (onResult(number, result) === "enough" || --open === 0) resolve();
        } catch (error) {
          reject(error);
        }
      };
      const give = (worker: Worker) => {
        const number = next++;
        if (number >= jobs.length) return;
        worker.removeAllListeners("message");
        worker.on("message", (message: FromThread<Result>) => {
          if ("done" in message) onStep?.(number, message.done);
          else if ("error" in message) reject(new Error(message.error));
          else {
            give(worker);
            finish(number, message.result);
          }
        });
        worker.postMessage(jobs[number]);
      };
      const begin = () => {
        if (next >= jobs.length || isOver) return;
        const worker = new Worker(file);
        workers.push(worker);
        worker.on("error", reject);
        give(worker);
      };
      const free = meanwhile !== undefined && threads > 1 ? threads - 1 : threads;
      for (let i = 0; i < free; i++) begin();
      if (free < threads) meanwhile?.then(begin, begin);
    });
  } finally {
    isOver = true;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
