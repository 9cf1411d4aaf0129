// `clockpath attach` and `clockpath boot` as processes, and the backtraces in what they print.

import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./run.ts";

const program = path.join(root, "dist/clockpath.js");

/** Not spawnSync: the stub of a test may live in this process or in its other child, which must be read meanwhile. */
export function attach(
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, "attach", ...args], { cwd: root });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      stdout += data;
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data;
    });
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** The backtraces of a text, without what differs between machines: counters, devices. */
export const frames = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("#"));

/** Those of the first four stops in tc_init on the embedded machine. */
export function bootFrames(...args: string[]): string[] {
  const run = spawnSync(process.execPath, [program, "boot", ...args, "--break", "tc_init", "--stops", "4"], {
    encoding: "utf8",
    cwd: root,
  });
  return frames(run.stdout).map((line) => line.replaceAll("emulator/guest/", ""));
}
