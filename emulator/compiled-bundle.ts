// Runs a bundle with the code that V8 compiled of it in an earlier process: an adapter is started for every debug session, and
// compiling is a third of its start. Without such code, or with some that does not fit, the bundle is compiled as ever.
// Code that was kept cannot do import(): the bundle has none (build.mjs). An edge: reads and writes files.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Script } from "node:vm";
import { crc32 } from "./elf/crc32.ts";

/** By then the functions of a session's start have been compiled, and are kept too, in ms. */
const DELAY = 3000;
/** In front of the code: its checksum, for V8 trusts what it is given. */
const HEAD = 4;

/** `folder` is where compiled code is kept, after `delay` ms; undefined: nowhere. */
export function runBundle(file: string, folder: string | undefined, delay = DELAY): void {
  const require = createRequire(file);
  if (folder === undefined) require(file);
  else runKept(file, require, path.join(folder, keyOf(file)), delay);
}

function runKept(file: string, require: NodeJS.Require, kept: string, delay: number): void {
  const cachedData = readCode(kept);
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, "utf8")}\n})`;
  const script = new Script(source, {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, __dirname);
  if (!cachedData || script.cachedDataRejected)
    setTimeout(() => keepCode(kept, script.createCachedData()), delay).unref();
}

/** Another bundle, engine or processor has another name. V8 itself looks at its flags. */
function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const { v8, modules } = process.versions;
  return `${path.basename(file, ".js")}-${size}-${Math.round(mtimeMs)}-${v8}-${modules}-${process.arch}.code`;
}

function readCode(kept: string): Buffer | undefined {
  try {
    const bytes = readFileSync(kept);
    const code = bytes.subarray(HEAD);
    return bytes.length > HEAD && bytes.readUInt32LE(0) === crc32(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; what was kept of other builds goes. */
function keepCode(kept: string, code: Buffer): void {
  const part = `${kept}.${process.pid}.tmp`;
  try {
    const folder = path.dirname(kept);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(crc32(code));
    writeFileSync(part, Buffer.concat([head, code]), { mode: 0o600 });
    const bundle = path.basename(kept).split("-", 1)[0]!;
    for (const other of readdirSync(folder))
      if (other.startsWith(`${bundle}-`) && other.endsWith(".code"))
        rmSync(path.join(folder, other), { force: true });
    renameSync(part, kept);
  } catch {
    rmSync(part, { force: true });
  }
}
