// Starts the thread that makes a call graph: it ends up in the cache (load.ts), from where whoever asked reads it.
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { IndexError } from "../query/api.ts";
import type { FromGraphThread, GraphJob, GraphReport } from "./worker.ts";

/** Most of what a parse makes is dead at once: a large nursery spares copying what is left of it. */
const YOUNG_MB = 64;

/** Its messages are FromGraphThread. Undefined where the bundle has no file for the thread (tests run from the sources). */
export function startGraphWorker(job: GraphJob): Worker | undefined {
  const file = path.join(__dirname, "graph-worker.js");
  if (!existsSync(file)) return undefined;
  return new Worker(file, { workerData: job, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
}

export interface GraphThread {
  /** Resolves when the graph is made; rejects with an IndexError that says why it cannot be. */
  readonly done: Promise<GraphReport>;
  /** Gives it up; `done` rejects. */
  stop(): void;
}

/** One graph, without the clocks that are left out. Undefined where it has to be made by who loads it. */
export function makeGraphInThread(
  job: GraphJob,
  onProgress?: (done: number, total: number) => void,
): GraphThread | undefined {
  const worker = startGraphWorker({ ...job, progress: onProgress !== undefined, leftOut: false });
  if (worker === undefined) return undefined;
  const done = new Promise<GraphReport>((resolve, reject) => {
    const fail = (message: string) => reject(new IndexError(message));
    worker.on("message", (message: FromGraphThread) => {
      if (message.what === "progress") onProgress?.(message.done, message.total);
      else if (message.what === "graph") resolve(message.report!);
      else if (message.what === "error") fail(message.message);
    });
    worker.once("error", (error) => fail(error.message));
    worker.once("exit", (code) => fail(`the thread that makes the call graph has ended (${code})`));
  });
  return { done, stop: () => void worker.terminate() };
}
