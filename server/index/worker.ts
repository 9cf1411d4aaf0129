// The thread that does a build's jobs: one Job in, progress and one JobResult out (crew.ts is the other side).
import { parentPort } from "node:worker_threads";
import { type Job, JobRunner } from "./lexing.ts";

const runner = new JobRunner();

parentPort?.on("message", (job: Job) => {
  try {
    const steps = runner.run(job);
    let step = steps.next();
    for (; !step.done; step = steps.next()) parentPort?.postMessage({ done: step.value });
    parentPort?.postMessage({ result: step.value });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
