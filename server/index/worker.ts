// The thread that does a build's jobs (crew.ts starts it).
import { JobRunner } from "./lexing.ts";
import { serveJobs } from "./threads.ts";

const runner = new JobRunner();

serveJobs((job: Parameters<JobRunner["run"]>[0]) => runner.run(job));
