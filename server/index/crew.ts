// Does jobs in parallel: worker threads where the bundle has their file beside it, else in this thread, piece by piece.
// Knows jobs, not what they are for.
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { type Job, type JobResult, JobRunner } from "./lexing.ts";

interface Message {
  readonly done?: number;
  readonly result?: JobResult;
  readonly error?: string;
}

/**
 * Runs the jobs on `threads` threads (0: this one) and returns their results in the order of the jobs. `onDone` hears how
 * many files of all jobs are done. Rejects with the signal's reason when it is aborted, with an Error when a job fails.
 */
export async function runJobs(
  jobs: readonly Job[],
  threads: number,
  onDone: (files: number) => void,
  signal?: AbortSignal,
): Promise<JobResult[]> {
  const done = jobs.map(() => 0);
  const report = (job: number, files: number) => {
    done[job] = files;
    onDone(done.reduce((sum, n) => sum + n, 0));
  };
  const file = workerFile();
  const count = Math.min(threads, jobs.length);
  if (file === undefined || count < 1) return runHere(jobs, report, signal);
  return runThreads(jobs, file, count, report, signal);
}

/** dist/index-worker.js, when this code runs from a bundle in dist/; tests run from the sources and have none. */
function workerFile(): string | undefined {
  if (typeof __dirname === "undefined") return undefined;
  const file = path.join(__dirname, "index-worker.js");
  return existsSync(file) ? file : undefined;
}

async function runHere(
  jobs: readonly Job[],
  report: (job: number, files: number) => void,
  signal: AbortSignal | undefined,
): Promise<JobResult[]> {
  const runner = new JobRunner();
  const results: JobResult[] = [];
  for (const [i, job] of jobs.entries()) {
    const steps = runner.run(job);
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      report(i, step.value);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    report(i, job.files.length);
    results.push(step.value);
  }
  signal?.throwIfAborted();
  return results;
}

async function runThreads(
  jobs: readonly Job[],
  file: string,
  count: number,
  report: (job: number, files: number) => void,
  signal: AbortSignal | undefined,
): Promise<JobResult[]> {
  const results: JobResult[] = [];
  const workers: Worker[] = [];
  let next = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      let open = jobs.length;
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      if (signal?.aborted) reject(signal.reason);
      const give = (worker: Worker) => {
        const number = next++;
        if (number >= jobs.length) return;
        worker.removeAllListeners("message");
        worker.on("message", (message: Message) => {
          if (message.done !== undefined) report(number, message.done);
          else if (message.result === undefined) reject(new Error(message.error));
          else {
            results[number] = message.result;
            report(number, jobs[number]!.files.length);
            if (--open === 0) resolve();
            else give(worker);
          }
        });
        worker.postMessage(jobs[number]);
      };
      for (let i = 0; i < count; i++) {
        const worker = new Worker(file);
        workers.push(worker);
        worker.on("error", reject);
        give(worker);
      }
    });
    return results;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
