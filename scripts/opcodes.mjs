// Writes emulator/cpu/core/generated/*.ts from the opcode table (emulator/cpu/opcodes): decode tree, list of operations, the
// interpreter's switch. Usage: node scripts/opcodes.mjs [--check]. test/cpu checks that the committed files are current.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const cpu = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../emulator/cpu");
const bundle = await build({
  entryPoints: [path.join(cpu, "opcodes/generate.ts")],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const { generate } = await import(`data:text/javascript;base64,${code}`);
mkdirSync(path.join(cpu, "core/generated"), { recursive: true });
let stale = false;
for (const [name, text] of Object.entries(generate())) {
  const file = path.join(cpu, "core/generated", name);
  let old = "";
  try {
    old = readFileSync(file, "utf8");
  } catch {}
  if (old === text) continue;
  stale = true;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
}
if (stale && process.argv.includes("--check")) {
  process.stderr.write("core/generated is out of date: run node scripts/opcodes.mjs\n");
  process.exit(1);
}
