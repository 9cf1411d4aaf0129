// The thread that makes a call graph while the language server answers: the graph ends up in the cache, from where the server reads it; the
// clocks that the configuration leaves out follow.
import { parentPort, workerData } from "node:worker_threads";
import type { ClockSource } from "./api.ts";
import { loadGraph, loadLeftOutClocks } from "./load.ts";

export interface GraphJob {
  readonly folder: string;
  readonly config: string;
  readonly indexDir?: string;
}

export type FromGraphThread =
  | { readonly what: "graph" }
  | { readonly what: "left out"; readonly clocks: readonly ClockSource[] }
  | { readonly what: "error"; readonly message: string };

const send = (message: FromGraphThread) => parentPort?.postMessage(message);

const { folder, config, indexDir } = workerData as GraphJob;
try {
  loadGraph(folder, config, indexDir === undefined ? {} : { indexDir });
  send({ what: "graph" });
  send({ what: "left out", clocks: loadLeftOutClocks(folder, config) });
} catch (error) {
  send({ what: "error", message: error instanceof Error ? error.message : String(error) });
}
