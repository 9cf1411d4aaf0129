// Where the files are that the emulator reads at run time: the compiled core and the bundled guest. An edge: uses fs, and is
// imported by command line, adapter and tests only. Bundled code finds them beside itself in dist/, sources in the tree.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

let compiled: WebAssembly.Module | undefined;

/** The CPU core, compiled once per process. Throws an Error that tells how to build it. */
export function loadCpuModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(assetPath("cpu.wasm", "npm run build:cpu", "../dist")));
  return compiled;
}

/** The bundled guest's ELF file. */
export function bundledGuestPath(): string {
  return assetPath("guest.elf", "npm run build", "guest");
}

/** The thread that holds a connection to a remote machine (gdb/client/worker.ts, bundled). */
export function remoteWorkerPath(): string {
  return assetPath("gdb-client.js", "npm run build", "../dist");
}

/** The thread that holds a connection to QEMU's machine protocol (qemu/qmp-worker.ts, bundled). */
export function qmpWorkerPath(): string {
  return assetPath("qmp-client.js", "npm run build", "../dist");
}

/** The process that indexes debug information (symbol-indexer.ts, bundled); undefined where it has not been built. */
export function symbolIndexerPath(): string | undefined {
  try {
    return assetPath("symbol-indexer.js", "npm run build", "../dist");
  } catch {
    return undefined;
  }
}

function assetPath(name: string, command: string, fromSources: string): string {
  const places = [path.join(__dirname, name), path.join(__dirname, fromSources, name)];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new Error(`${name} is missing (looked for ${places.join(" and ")}). Run "${command}" to make it.`);
}
