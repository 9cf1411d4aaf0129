// Makes clockpath-VERSION.vsix: `npm run package [OUT.vsix]`. The extension is staged in dist/package/ from explicit lists, so
// that nothing gets in by accident: bundles and wasm, the bundled guest with its sources, and of the packages that cannot
// be bundled only the files that run.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const stage = path.join(root, "dist/package");

/** What dist/ must hold; the build makes it. A bundle that is missing would only be noticed by the user. */
const built = [
  "extension.js",
  "server.js",
  "adapter.js",
  "adapter-main.js",
  "clockpath.js",
  "index-worker.js",
  "search-worker.js",
  "graph-worker.js",
  "gdb-client.js",
  "symbol-indexer.js",
  "qmp-client.js",
  "webview/graph.js",
  "webview/graph.css",
  "cpu.wasm",
  "guest.elf",
  "tree-sitter-c.wasm",
];

/** Shipped as they are. */
const files = [
  "LICENSE",
  "README.md",
  "docs/images",
  "emulator/guest/sys",
  "extension/asm-language.json",
  "extension/clockpath.svg",
  "extension/config-language.json",
  "extension/syntaxes",
];

/** Packages outside the bundles (native or wasm), and what of them runs. */
const packages = {
  "tree-sitter": ["package.json", "LICENSE", "index.js", "prebuilds"],
  "tree-sitter-c": ["package.json", "LICENSE", "bindings/node/index.js", "prebuilds"],
  "node-gyp-build": ["package.json", "LICENSE", "index.js", "node-gyp-build.js"],
  "web-tree-sitter": ["package.json", "LICENSE", "web-tree-sitter.cjs", "web-tree-sitter.wasm"],
  "iced-x86": ["package.json", "LICENSE.txt", "iced_x86.js", "iced_x86_bg.wasm"],
};

function copy(from, to) {
  if (!existsSync(from)) throw new Error(`${path.relative(root, from)} is missing (npm run build)`);
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

/** The manifest of the repository without what only the repository needs. */
function manifest() {
  const {
    scripts,
    devDependencies,
    dependencies,
    bin,
    private: _,
    ...kept
  } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return kept;
}

function stageFiles() {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const kept = manifest();
  writeFileSync(path.join(stage, "package.json"), JSON.stringify(kept, null, 2));
  // Everything that was staged is wanted; without this file vsce warns that nobody thought about it.
  writeFileSync(path.join(stage, ".vscodeignore"), "");
  for (const file of built) copy(path.join(root, "dist", file), path.join(stage, "dist", file));
  for (const file of files) copy(path.join(root, file), path.join(stage, file));
  if (kept.icon) copy(path.join(root, kept.icon), path.join(stage, kept.icon));
  // In dist/, where the bundles look first; vsce leaves a node_modules/ at the top out.
  for (const [name, parts] of Object.entries(packages)) {
    for (const part of parts) {
      copy(path.join(root, "node_modules", name, part), path.join(stage, "dist/node_modules", name, part));
    }
  }
  return kept.version;
}

try {
  const version = stageFiles();
  const out = path.resolve(process.argv[2] ?? path.join(root, `clockpath-${version}.vsix`));
  await createVSIX({
    cwd: stage,
    packagePath: out,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  rmSync(stage, { recursive: true, force: true });
  process.stdout.write(`${out}\n`);
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
