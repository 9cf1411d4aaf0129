// Runs the end-to-end tests in a real VS Code workbench: node test/workbench/run.mjs [vitest's arguments]. The last line is
// "N passed, N failed, N skipped"; the exit status is 1 when one failed. On a machine without browser or workbench everything
// is skipped, with the reason; CLOCKPATH_E2E=required makes that a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { missing } from "./install.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const vitest = path.join(here, "../../node_modules/vitest/vitest.mjs");

function finish({ passed, failed, skipped }) {
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exit(failed === 0 ? 0 : 1);
}

const reason = missing();
if (reason) {
  const required = process.env.CLOCKPATH_E2E === "required";
  process.stdout.write(`workbench tests ${required ? "cannot run" : "skipped"}: ${reason}\n`);
  finish({ passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 });
}

const scratch = mkdtempSync(path.join(os.tmpdir(), "clockpath-results-"));
const results = path.join(scratch, "results.json");
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    "--config",
    path.join(here, "vitest.config.mts"),
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${results}`,
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
const report = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : undefined;
rmSync(scratch, { recursive: true, force: true });
const counts = {
  passed: report?.numPassedTests ?? 0,
  failed: report?.numFailedTests ?? 0,
  skipped: report?.numPendingTests ?? 0,
};
// A set-up or a file that fails has no failed test of its own.
if (status !== 0 && counts.failed === 0) counts.failed = 1;
finish(counts);
