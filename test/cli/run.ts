// Runs dist/clockpath.js as a user does, and blanks what differs between machines.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(__dirname, "../..");
const program = path.join(root, "dist/clockpath.js");

export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command from the repository's folder. */
export function clockpath(...args: string[]): Result {
  if (!existsSync(program)) throw new Error("dist/clockpath.js is missing: npm run build");
  const env = { ...process.env, NO_COLOR: "1" };
  const options = { encoding: "utf8", cwd: root, env, timeout: 120_000, maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
  return { status, stdout, stderr };
}

/** The objects that --json printed. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they know is there
export const objects = (stdout: string): any[] => stdout.trim().split("\n").map((line) => JSON.parse(line)); // biome-ignore format: one line
