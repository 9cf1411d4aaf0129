// Brings a fresh clone to the point where everything runs: dependencies (npm ci) and dist/ (build). Quick when there
// is nothing to do; `npm start` and `npm test` call it first, so that each of them is the only command a user needs.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const SOURCES = ["cli", "emulator", "extension", "knowledge", "server", "scripts"];

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function run(what, command, args) {
  console.error(`setup: ${what}`);
  // npm's own output goes to stderr: stdout belongs to the command that the user asked for.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (error || status !== 0) fail(`${what} failed${error ? `: ${error.message}` : ""}`);
}

/** Runs npm without a shell: npm tells its children where it is; elsewhere it stands beside node. */
function npm(what, args) {
  const cli =
    process.env.npm_execpath ??
    [
      path.join(path.dirname(process.execPath), "node_modules/npm/bin/npm-cli.js"),
      path.join(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js"),
    ].find(existsSync);
  if (!cli) fail("npm was not found; run this through npm (npm run setup)");
  run(what, process.execPath, [cli, ...args]);
}

/** Newest modification time below a folder, in ms. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(full));
    else if (entry.isFile()) latest = Math.max(latest, statSync(full).mtimeMs);
  }
  return latest;
}

/** npm keeps a copy of the lock file in node_modules; an older copy means that the lock file has changed since. */
function installDependencies() {
  const installed = path.join(root, "node_modules/.package-lock.json");
  const lock = path.join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  npm("installing dependencies (npm ci)", ["ci", "--no-audit", "--no-fund"]);
}

function buildIfStale() {
  const stamp = path.join(root, "dist/.built");
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const changed = Math.max(
    statSync(path.join(root, "package-lock.json")).mtimeMs,
    ...SOURCES.filter((folder) => existsSync(path.join(root, folder))).map((folder) =>
      newest(path.join(root, folder)),
    ),
  );
  if (built > changed) return;
  run("building dist/", process.execPath, ["scripts/build.mjs"]);
  writeFileSync(stamp, "");
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node 20 or newer is needed, this is ${process.version} (https://nodejs.org/)`);
}
installDependencies();
buildIfStale();
