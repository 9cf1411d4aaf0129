// The call graph of the chosen configuration: made in a thread when it is first asked for, kept until sources or configuration change,
// the old one answering meanwhile.

import type { CancellationToken } from "vscode-languageserver/node";
import type { ClockSource, KernelGraph } from "../graph/api.ts";
import { loadGraph, loadLeftOutClocks } from "../graph/load.ts";
import { startGraphWorker } from "../graph/thread.ts";
import type { FromGraphThread, GraphJob } from "../graph/worker.ts";
import { IndexError, type Tree } from "../query/api.ts";
import type { Kernels } from "./kernels.ts";

/** The graph with the tree it is of. */
export interface TreeGraph {
  readonly tree: Tree;
  readonly graph: KernelGraph;
  /** Clocks of sources that the configuration leaves out; empty until they have been looked for. */
  readonly leftOut: readonly ClockSource[];
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
  /** The graph once it is made; what there is after `patience` ms, or when the token is cancelled: nobody waits for ever. */
  made(token: CancellationToken, patience?: number): Promise<TreeGraph | undefined>;
  /** Files on disk have changed. */
  changed(): void;
  /** Another configuration, or none: who shows the graph asks again. */
  configurationChanged(): void;
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
    for (const listener of [...listeners]) listener();
  };
  const begin = (tree: Tree, config: string, key: string) => {
    running?.stop();
    isStale = false;
    const job: GraphJob = { folder: tree.root, config, ...(indexDir === undefined ? {} : { indexDir }) };
    running = { key, stop: runJob(job, hear) };
    set({ state: "building" });
    function hear(message: FromGraphThread) {
      if (message.what === "left out") {
        if (made?.key === key) made = { ...made, leftOut: message.clocks };
        set(state);
        return;
      }
      running = undefined;
      try {
        if (message.what === "error") throw new IndexError(message.message);
        const graph = loadGraph(job.folder, job.config, indexDir === undefined ? {} : { indexDir });
        made = { tree, key, graph, leftOut: [] };
        set({ state: "ready" });
      } catch (thrown) {
        set({ state: "failed", message: messageOf(thrown) });
      }
    }
  };

  const graphs: Graphs = {
    current: () => {
      const chosen = kernels.chosen();
      if (!chosen) return undefined;
      const config = chosen.configuration.path;
      const key = `${chosen.tree.root}\n${config}`;
      const isWanted = made?.key !== key ? state.state !== "failed" || isStale : isStale;
      if (isWanted && running?.key !== key) begin(chosen.tree, config, key);
      return made?.key === key ? made : undefined;
    },
    made: (token, patience = 10_000) => {
      const now = graphs.current();
      if (now || state.state !== "building" || !kernels.chosen()) return Promise.resolve(now);
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(limit);
          cancelled.dispose();
          listeners.splice(listeners.indexOf(check), 1);
          resolve(graphs.current());
        };
        const check = () => state.state !== "building" && end();
        const limit = setTimeout(end, patience);
        const cancelled = token.onCancellationRequested(end);
        listeners.push(check);
      });
    },
    state: () => (kernels.chosen() ? state : { state: "none" }),
    changed: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isStale = true;
        for (const listener of listeners) listener();
      }, settleMs);
    },
    configurationChanged: () => {
      for (const listener of listeners) listener();
    },
    onDidChange: (listener) => listeners.push(listener),
    dispose: () => {
      clearTimeout(timer);
      running?.stop();
    },
  };
  return graphs;
}

/** Makes the graph in a thread, or in this one where there is no bundle for it (tests run from the sources). Gives a way to stop. */
function runJob(job: GraphJob, hear: (message: FromGraphThread) => void): () => void {
  const worker = startGraphWorker(job);
  if (worker === undefined) {
    const timer = setTimeout(() => runHere(job, hear), 0);
    return () => clearTimeout(timer);
  }
  let isOver = false;
  let isMade = false;
  const end = (message?: FromGraphThread) => {
    if (isOver) return;
    isOver = true;
    void worker.terminate();
    if (message) hear(message);
  };
  const fail = (message: string) => end(isMade ? undefined : { what: "error", message });
  worker.on("message", (message: FromGraphThread) => {
    if (message.what !== "graph") end(message);
    else if (!isOver) {
      isMade = true;
      hear(message);
    }
  });
  worker.once("error", (error) => fail(error.message));
  worker.once("exit", (code) => fail(`the thread that makes the call graph has ended (${code})`));
  return () => end();
}

function runHere(job: GraphJob, hear: (message: FromGraphThread) => void): void {
  hear({ what: "graph" });
  try {
    hear({ what: "left out", clocks: loadLeftOutClocks(job.folder, job.config) });
  } catch {
    // The graph has failed for the same reason, and has said so.
  }
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
