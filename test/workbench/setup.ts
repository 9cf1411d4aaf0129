// Before all workbench tests: packages the extension as users get it and starts a workbench with it installed.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { startWorkbenchServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** "http://127.0.0.1:PORT" */
    url: string;
    /** A folder for the tests' workspaces; removed at the end. */
    scratch: string;
    /** Where screenshots go. */
    screenshots: string;
  }
}

const root = path.resolve(import.meta.dirname, "../..");

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "clockpath-e2e-"));
  const screenshots =
    process.env.CLOCKPATH_SCREENSHOTS ?? path.join(import.meta.dirname, ".cache/screenshots");
  mkdirSync(screenshots, { recursive: true });
  const vsix = path.join(scratch, "clockpath.vsix");
  await promisify(execFile)(process.execPath, [path.join(root, "scripts/package.mjs"), vsix]);
  const server = await startWorkbenchServer(vsix);
  project.provide("url", server.url);
  project.provide("scratch", scratch);
  project.provide("screenshots", screenshots);
  return async () => {
    await server.stop();
    writeFileSync(path.join(screenshots, "server.log"), server.log());
    rmSync(scratch, { recursive: true, force: true });
  };
}
