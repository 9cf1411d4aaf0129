// The call graph of the chosen configuration: made in a thread when it is first asked for, kept until sources or configuration change,
// the old one answering meanwhile.
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { KernelGraph } from "../graph/api.ts";
import { loadGraph } from "../graph/load.ts";
import type { GraphJob } from "../graph/worker.ts";
import { IndexError, type Tree } from "../query/api.ts";
import type { Kernels } from "./kernels.ts";

/** The graph with the tree it is of. */
export interface TreeGraph {
  readonly tree: Tree;
  readonly graph: KernelGraph;
}

export type GraphState =
  | { state: "none" }
  | { state: "building" }
  | { state: "ready" }
  | { state: "failed"; message: string };

export interface Graphs {
  /** The graph as it is now; where there is none yet, it is begun. */
  current(): TreeGraph | undefined;
  state(): GraphState;
  /** Another configuration, or files on disk have changed. */
  changed(): void;
  onDidChange(listener: () => void): void;
  dispose(): void;
}

/** How long the files must rest before the graph is made anew: that takes seconds of a processor. */
const settleMs = 3000;

export function openGraphs(kernels: Kernels, indexDir: string | undefined): Graphs {
  const listeners: (() => void)[] = [];
  let made: (TreeGraph & { key: string }) | undefined;
  let state: GraphState = { state: "none" };
  let running: { key: string; stop(): void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStale = false;

  const set = (next: GraphState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const begin = (tree: Tree, config: string, key: string) => {
    running?.stop();
    isStale = false;
    const job: GraphJob = { folder: tree.root, config, ...(indexDir === undefined ? {} : { indexDir }) };
    running = { key, stop: runJob(job, done) };
    set({ state: "building" });
    function done(error: string) {
      running = undefined;
      try {
        if (error !== "") throw new IndexError(error);
        made = {
          tree,
          key,
          graph: loadGraph(job.folder, job.config, indexDir === undefined ? {} : { indexDir }),
        };
        set({ state: "ready" });
      } catch (thrown) {
        set({ state: "failed", message: thrown instanceof Error ? thrown.message : String(thrown) });
      }
    }
  };

  return {
    current: () => {
      const chosen = kernels.chosen();
      if (!chosen) return undefined;
      const config = chosen.configuration.path;
      const key = `${chosen.tree.root}\n${config}`;
      const isWanted = made?.key !== key ? state.state !== "failed" || isStale : isStale;
      if (isWanted && running?.key !== key) begin(chosen.tree, config, key);
      return made?.key === key ? made : undefined;
    },
    state: () => (kernels.chosen() ? state : { state: "none" }),
    changed: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isStale = true;
        for (const listener of listeners) listener();
      }, settleMs);
    },
    onDidChange: (listener) => listeners.push(listener),
    dispose: () => {
      clearTimeout(timer);
      running?.stop();
    },
  };
}

/** Makes the graph in a thread, or in this one where there is no bundle for it (tests run from the sources). Gives a way to stop. */
function runJob(job: GraphJob, done: (error: string) => void): () => void {
  const file = path.join(__dirname, "graph-worker.js");
  if (!existsSync(file)) {
    const timer = setTimeout(() => done(""), 0);
    return () => clearTimeout(timer);
  }
  let isOver = false;
  const end = (error: string) => {
    if (isOver) return;
    isOver = true;
    void worker.terminate();
    done(error);
  };
  const worker = new Worker(file, { workerData: job });
  worker.once("message", end);
  worker.once("error", (error) => end(error.message));
  worker.once("exit", (code) => end(`the thread that makes the call graph has ended (${code})`));
  return () => {
    isOver = true;
    void worker.terminate();
  };
}
