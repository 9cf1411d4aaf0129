// Bundles a TypeScript file of the tests and runs it, because Node 20 does not run TypeScript: node test/run-ts.mjs FILE [arguments].
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const file = process.argv[2];
const outfile = path.join(os.tmpdir(), `clockpath-${process.pid}`, "run.cjs");
// Assets are looked for beside the sources.
const dirname = JSON.stringify(path.join(root, "emulator"));
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
  logLevel: "warning",
});
process.argv.splice(1, 2, file);
await import(pathToFileURL(outfile).href);
