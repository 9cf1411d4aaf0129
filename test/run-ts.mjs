// Bundles a TypeScript file of the tests and runs it, because Node 20 does not run TypeScript: node test/run-ts.mjs FILE [arguments].
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const file = process.argv[2];
const outfile = path.join(os.tmpdir(), `clockpath-${process.pid}`, "run.cjs");
// Assets are looked for beside the sources.
const dirname = JSON.stringify(path.join(root, "emulator"));
/** A wasm package that looks for its module beside itself cannot be bundled. */
const unbundled = {
  name: "unbundled",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^iced-x86$/ }, ({ path: name }) => ({
      path: createRequire(path.join(root, "package.json")).resolve(name),
      external: true,
    })),
};
await build({
  absWorkingDir: root,
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  define: { __dirname: dirname },
  sourcemap: "inline",
  plugins: [unbundled],
  logLevel: "warning",
});
process.argv.splice(1, 2, file);
await import(pathToFileURL(outfile).href);
