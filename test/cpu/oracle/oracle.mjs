// Starts run.ts: `node test/cpu/oracle/oracle.mjs [options]`. Bundles it first, because Node 20 does not run TypeScript.
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../../..");
process.chdir(root);
const outfile = path.join(os.tmpdir(), "clockpath-oracle", "oracle.mjs");
await build({
  entryPoints: [path.join(here, "run.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  define: { "import.meta.dirname": JSON.stringify(here) },
  logLevel: "warning",
});
await import(pathToFileURL(outfile).href);
