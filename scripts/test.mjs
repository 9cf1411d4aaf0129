// The whole check: types, formatting and lint, unit and golden tests (vitest), the workbench tests where a browser is
// there. Ends with one line "N passed, N failed, N skipped". Arguments go to vitest: node scripts/test.mjs test/cpu.
//
// CLOCKPATH_E2E=required makes a missing browser or workbench a failure, as CI wants it; CLOCKPATH_E2E=off leaves them out.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const total = { passed: 0, failed: 0, skipped: 0 };

function node(script, args, options = {}) {
  return spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    ...options,
  });
}

function step(name, script, args) {
  console.log(`\n== ${name}`);
  const ok = node(script, args).status === 0;
  total[ok ? "passed" : "failed"]++;
}

function vitest(args) {
  console.log("\n== tests");
  const results = path.join(root, "dist/test-results.json");
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${results}`];
  const { status } = node("node_modules/vitest/vitest.mjs", ["run", ...reporters, ...args]);
  if (!existsSync(results)) {
    total.failed++;
    return;
  }
  const report = JSON.parse(readFileSync(results, "utf8"));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  // A file that does not load has no failed test of its own, but must not pass for green.
  if (status !== 0 && report.numFailedTests === 0) total.failed++;
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === "pending" || test.status === "skipped") console.log(`skipped: ${test.fullName}`);
    }
  }
}

/** The tests in a real VS Code workbench; their last line has the counts. */
function workbench() {
  const script = "test/workbench/run.mjs";
  if (process.env.CLOCKPATH_E2E === "off" || !existsSync(path.join(root, script))) return;
  console.log("\n== workbench");
  const { status, stdout } = node(script, [], { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  process.stdout.write(stdout);
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(stdout);
  total.passed += Number(counts?.[1] ?? 0);
  total.failed += Number(counts?.[2] ?? 0);
  total.skipped += Number(counts?.[3] ?? 0);
  if (status !== 0 && !Number(counts?.[2] ?? 0)) total.failed++;
  if (process.env.CLOCKPATH_E2E === "required" && Number(counts?.[1] ?? 0) === 0) {
    console.log("workbench tests were required (CLOCKPATH_E2E=required) and none passed");
    total.failed++;
  }
}

const args = process.argv.slice(2);
if (args.length === 0) {
  step("types", "node_modules/typescript/bin/tsc", ["--noEmit", "-p", "tsconfig.json"]);
  step("types of webviews", "node_modules/typescript/bin/tsc", ["--noEmit", "-p", "extension/webview"]);
  step("format and lint", "node_modules/@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]);
}
vitest(args);
if (args.length === 0) workbench();
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
