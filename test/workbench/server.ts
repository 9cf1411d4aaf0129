// Starts and stops one VS Code workbench server (code-server) in a throw-away home, with the packaged extension
// installed in it. Knows processes and files; nothing of browsers or of what is tested.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { workbenchEntry, workbenchNode } from "./install.mjs";

export interface WorkbenchServer {
  /** "http://127.0.0.1:PORT" */
  url: string;
  /** What code-server and the extension hosts printed, for a failing test. */
  log(): string;
  stop(): Promise<void>;
}

/** Settings every page starts with: nothing that moves by itself, nothing that asks. */
const settings = {
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "breadcrumbs.enabled": false,
  "editor.hover.delay": 100,
  // A test that types must not change the tree it runs on.
  "files.autoSave": "off",
  "debug.toolBarLocation": "docked",
  "window.titleBarStyle": "custom",
  "terminal.integrated.gpuAcceleration": "off",
};

const run = promisify(execFile);

/** Every path the workbench may write to lies under `home`; no gallery, no display of the user's own settings. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "data"),
    XDG_CACHE_HOME: path.join(home, "cache"),
    EXTENSIONS_GALLERY: "{}",
  };
}

/** Starts the server with the given .vsix installed; ready to be opened when it resolves. */
export async function startWorkbenchServer(vsix: string): Promise<WorkbenchServer> {
  const home = mkdtempSync(path.join(os.tmpdir(), "clockpath-workbench-"));
  const userData = path.join(home, "user");
  const places = ["--user-data-dir", userData, "--extensions-dir", path.join(home, "extensions")];
  mkdirSync(path.join(userData, "User"), { recursive: true });
  writeFileSync(path.join(userData, "User/settings.json"), JSON.stringify(settings, null, 2));
  const config = path.join(home, "code-server.yaml");
  writeFileSync(config, "");

  const env = environment(home);
  await run(workbenchNode, [workbenchEntry, "--config", config, ...places, "--install-extension", vsix], {
    env,
  });
  const port = await freePort();
  const child = spawn(workbenchNode, [workbenchEntry, "--config", config, ...places, ...serverFlags(port)], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  child.stdout.on("data", (data) => output.push(String(data)));
  child.stderr.on("data", (data) => output.push(String(data)));

  const server: WorkbenchServer = {
    url: `http://127.0.0.1:${port}`,
    log: () => output.join(""),
    stop: async () => {
      await end(child);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  try {
    await untilHealthy(server, child);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function serverFlags(port: number): string[] {
  return [
    "--bind-addr",
    `127.0.0.1:${port}`,
    "--auth",
    "none",
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-workspace-trust",
    "--disable-getting-started-override",
    "--disable-proxy",
    "--ignore-last-opened",
    // Without this the extension hosts of closed pages stay for hours.
    "--reconnection-grace-time",
    "5",
  ];
}

async function untilHealthy(server: WorkbenchServer, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    if (child.exitCode !== null) throw new Error(`code-server ended (${child.exitCode}):\n${server.log()}`);
    const healthy = await fetch(`${server.url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`code-server is not ready after 30 s:\n${server.log()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Asks the process to end, and insists after five seconds. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(insist);
}
