// Bundles the scanner, which is TypeScript, for the scripts of this folder, and loads it.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Loads `exports` (a module's text, resolved from the repository) through a bundle in `folder`. */
export async function load(folder, exports) {
  const outfile = path.join(folder, "bundle.cjs");
  await esbuild.build({
    stdin: { contents: exports, resolveDir: root },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  return import(pathToFileURL(outfile));
}

export const loadScanner = (folder) =>
  load(
    folder,
    `export * from "./server/lang/source.ts"; export * as F from "./server/lang/facts.ts";
     export { detectTree, listSources } from "./server/index/tree.ts";`,
  );
