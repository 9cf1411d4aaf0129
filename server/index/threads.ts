// The inside of a thread of a crew: one job in, steps and one result out. Knows no job's meaning.
import { parentPort } from "node:worker_threads";

/** A job under way: yields the number of files done from time to time, so that the caller can report and cancel. */
export type JobSteps<Result> = Generator<number, Result>;

export type FromThread<Result> =
  | { readonly done: number }
  | { readonly result: Result }
  | { readonly error: string };

/** Does every job that the crew sends to this thread. */
export function serveJobs<Job, Result>(run: (job: Job) => JobSteps<Result>): void {
  const send = (message: FromThread<Result>) => parentPort?.postMessage(message);
  parentPort?.on("message", (job: Job) => {
    try {
      const steps = run(job);
      let step = steps.next();
      for (; !step.done; step = steps.next()) send({ done: step.value });
      send({ result: step.value });
    } catch (error) {
      send({ error: error instanceof Error ? error.message : String(error) });
    }
  });
}
