// The thread that makes a call graph while others work: the graph ends up in the cache, from where it is read; the clocks that the
// configuration leaves out follow. thread.ts starts it.
import { parentPort, workerData } from "node:worker_threads";
import type { ClockSource } from "./api.ts";
import { loadGraph, loadLeftOutClocks } from "./load.ts";

export interface GraphJob {
  readonly folder: string;
  readonly config: string;
  readonly indexDir?: string;
  readonly rebuild?: boolean;
  /** Tell how many sources are read. */
  readonly progress?: boolean;
  /** False: the clocks that the configuration leaves out are not wanted. */
  readonly leftOut?: boolean;
}

/** What was made. */
export interface GraphReport {
  readonly functions: number;
  readonly edges: number;
  readonly seconds: number;
}

export type FromGraphThread =
  | { readonly what: "progress"; readonly done: number; readonly total: number }
  | { readonly what: "graph"; readonly report?: GraphReport }
  | { readonly what: "left out"; readonly clocks: readonly ClockSource[] }
  | { readonly what: "error"; readonly message: string };

const send = (message: FromGraphThread) => parentPort?.postMessage(message);

function make({ folder, config, progress, leftOut, ...options }: GraphJob): void {
  const started = performance.now();
  const onProgress = (done: number, total: number) => {
    if (progress === true && done % 16 === 0) send({ what: "progress", done, total });
  };
  const { functionCount, edgeCount } = loadGraph(folder, config, { ...options, onProgress });
  const seconds = (performance.now() - started) / 1000;
  send({ what: "graph", report: { functions: functionCount, edges: edgeCount, seconds } });
  if (leftOut !== false) send({ what: "left out", clocks: loadLeftOutClocks(folder, config) });
}

try {
  make(workerData as GraphJob);
} catch (error) {
  send({ what: "error", message: error instanceof Error ? error.message : String(error) });
}
