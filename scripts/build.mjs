// Builds dist/: the CPU core (AssemblyScript -> cpu.wasm) and the bundles of extension, server, adapter and
// command line (esbuild). `build.mjs cpu` builds the core only, `--watch` keeps the bundles fresh.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");

/** Compiles emulator/cpu/core/index.ts to dist/cpu.wasm (with debug names, so that profiles can be read). */
async function buildCpu() {
  const entry = path.join(root, "emulator/cpu/core/index.ts");
  if (!existsSync(entry)) return;
  const asc = await import("assemblyscript/asc");
  const { error, stderr } = await asc.main([
    "emulator/cpu/core/index.ts",
    "--config",
    "emulator/cpu/core/asconfig.json",
    "--outFile",
    "dist/cpu.wasm",
    "--baseDir",
    root,
  ]);
  if (error) {
    process.stderr.write(stderr.toString());
    throw error;
  }
}

const entries = [
  { in: "extension/main.ts", out: "extension", external: ["vscode"] },
  { in: "server/main.ts", out: "server" },
  // The indexer's worker threads; found as dist/index-worker.js beside whichever bundle starts them.
  { in: "server/index/worker.ts", out: "index-worker" },
  // The thread that makes call graphs for the language server.
  { in: "server/graph/worker.ts", out: "graph-worker" },
  // The threads of a text search; found as dist/search-worker.js.
  { in: "server/query/text-worker.ts", out: "search-worker" },
  // The first starts the second, whose compiled code it keeps.
  { in: "emulator/adapter/start.ts", out: "adapter" },
  { in: "emulator/adapter/main.ts", out: "adapter-main", supported: { "dynamic-import": false } },
  // The thread with the socket when a remote machine is debugged; found as dist/gdb-client.js.
  { in: "emulator/gdb/client/worker.ts", out: "gdb-client" },
  // The thread with QEMU's QMP socket; found as dist/qmp-client.js.
  { in: "emulator/qemu/qmp-worker.ts", out: "qmp-client" },
  // The process that indexes a kernel's debug information for later sessions; found as dist/symbol-indexer.js.
  { in: "emulator/symbol-indexer.ts", out: "symbol-indexer" },
  { in: "cli/main.ts", out: "clockpath", banner: "#!/usr/bin/env node" },
].filter((entry) => existsSync(path.join(root, entry.in)));

/** Code of webviews: for a browser, one file each. */
const webviews = ["graph"];

/** Native and wasm packages stay outside the bundles and are copied into dist/ for the packaged extension. */
const external = ["tree-sitter", "tree-sitter-c", "web-tree-sitter", "iced-x86"];

async function buildBundles(watch) {
  const esbuild = await import("esbuild");
  for (const entry of entries) {
    const options = {
      absWorkingDir: root,
      entryPoints: [entry.in],
      outfile: `dist/${entry.out}.js`,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      sourcemap: true,
      sourcesContent: false,
      external: [...external, ...(entry.external ?? [])],
      supported: entry.supported ?? {},
      banner: entry.banner ? { js: entry.banner } : {},
      // .vscode/tasks.json waits for the "[watch] build finished" lines of level "info".
      logLevel: watch ? "info" : "warning",
    };
    if (watch) await (await esbuild.context(options)).watch();
    else await esbuild.build(options);
  }
  for (const name of webviews) {
    const options = {
      absWorkingDir: root,
      entryPoints: [`extension/webview/${name}.ts`],
      outfile: `dist/webview/${name}.js`,
      bundle: true,
      platform: "browser",
      target: "es2022",
      format: "iife",
      logLevel: watch ? "info" : "warning",
    };
    if (watch) await (await esbuild.context(options)).watch();
    else await esbuild.build(options);
  }
}

/** Copies what the bundles read at run time and what is not code: the bundled guest, the grammar. */
function copyAssets() {
  const require = createRequire(import.meta.url);
  const assets = [
    [path.join(root, "emulator/guest/guest.elf"), "guest.elf"],
    [
      require.resolve("tree-sitter-c/package.json").replace("package.json", "tree-sitter-c.wasm"),
      "tree-sitter-c.wasm",
    ],
  ];
  mkdirSync(path.join(dist, "webview"), { recursive: true });
  for (const name of webviews)
    assets.push([path.join(root, `extension/webview/${name}.css`), `webview/${name}.css`]);
  for (const [from, to] of assets) if (existsSync(from)) copyFileSync(from, path.join(dist, to));
}

const args = process.argv.slice(2);
mkdirSync(dist, { recursive: true });
if (!args.includes("--no-cpu")) await buildCpu();
if (!args.includes("cpu")) {
  copyAssets();
  await buildBundles(args.includes("--watch"));
}
