// Runs recorder.c: compiles it into the system's temporary folder on first use and passes cases through it. x86-64 Linux with a C compiler only.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Case, decodeReply, encodeRequests, type Outcome, REPLY_SIZE, REQUEST_SIZE } from "./state.ts";

const SOURCE = path.join(import.meta.dirname, "recorder.c");

/** Why cases cannot be recorded on this machine, or undefined when they can. */
export function whyNoRecorder(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "needs an x86-64 Linux host";
  const compiler = spawnSync("cc", ["--version"]);
  return compiler.error ? "needs a C compiler (cc)" : undefined;
}

/** Path of the compiled recorder; rebuilt when its source changes. */
function buildRecorder(): string {
  const digest = createHash("sha256").update(readFileSync(SOURCE)).digest("hex").slice(0, 16);
  const folder = path.join(os.tmpdir(), "clockpath-oracle");
  const binary = path.join(folder, `recorder-${digest}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const fresh = `${binary}.${process.pid}`;
  execFileSync("cc", ["-O2", "-o", fresh, SOURCE], { stdio: ["ignore", "ignore", "inherit"] });
  renameSync(fresh, binary);
  return binary;
}

/** The recorder's `struct reply`s to `struct request`s. Throws when it dies. */
export function recordRequests(requests: Uint8Array): Buffer {
  const run = spawnSync(buildRecorder(), { input: requests, maxBuffer: 1 << 30 });
  const done = run.stdout.length / REPLY_SIZE;
  if (run.status === 0 && done === requests.length / REQUEST_SIZE) return run.stdout;
  const at = Math.floor(done) * REQUEST_SIZE;
  const bytes = Buffer.from(requests.subarray(at, at + 16)).toString("hex");
  throw new Error(
    `recorder ended with ${run.status ?? run.signal} at case ${done}, code ${bytes}: ${run.stderr}`,
  );
}

/** What the host's processor makes of the cases, in their order. */
export function record(cases: readonly Case[]): Outcome[] {
  const replies = recordRequests(encodeRequests(cases));
  return cases.map((test, i) => decodeReply(replies, i * REPLY_SIZE, test.before.bits));
}
