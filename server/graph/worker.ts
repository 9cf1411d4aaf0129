// The thread that makes a call graph while the language server answers: the graph ends up in the cache, from where the server reads it.
import { parentPort, workerData } from "node:worker_threads";
import { loadGraph } from "./load.ts";

export interface GraphJob {
  readonly folder: string;
  readonly config: string;
  readonly indexDir?: string;
}

const { folder, config, indexDir } = workerData as GraphJob;
try {
  loadGraph(folder, config, indexDir === undefined ? {} : { indexDir });
  parentPort?.postMessage("");
} catch (error) {
  parentPort?.postMessage(error instanceof Error ? error.message : String(error));
}
