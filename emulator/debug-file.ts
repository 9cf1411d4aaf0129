// Finds the debug information of a stripped kernel, as gdb does: by build-id, by .gnu_debuglink, and by the names that BSD kernels give it.
// Must not know what the information says.

import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { crc32, debugLink } from "./elf/debug-link.ts";
import { type ElfFile, parseElf, sectionNamed } from "./elf/elf.ts";
import { buildId } from "./elf/notes.ts";

/** gdb's `debug-file-directory`. */
const GLOBAL = "/usr/lib/debug";
/** Larger files are not read. */
const MAX_BYTES = 2 ** 31 - 1;

export interface DebugFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The file with the debug information of the ELF file at `file`; `rejected` says why candidates are not it. */
export function findDebugFile(file: string, elf: ElfFile): { found?: DebugFile; rejected: string[] } {
  const rejected: string[] = [];
  for (const candidate of candidates(file, elf)) {
    const bytes = readCandidate(candidate, file);
    if (!bytes) continue;
    const reason = mismatch(elf, bytes);
    if (reason === undefined) return { found: { path: candidate, bytes }, rejected };
    rejected.push(`${candidate} is not the debug information of ${path.basename(file)}: ${reason}.`);
  }
  return { rejected };
}

function candidates(file: string, elf: ElfFile): string[] {
  const folder = path.dirname(path.resolve(file));
  const base = path.basename(file);
  const id = buildId(elf);
  const byId = id ? [path.join(".build-id", id.slice(0, 2), `${id.slice(2)}.debug`)] : [];
  const link = debugLink(elf)?.name;
  // NetBSD's netbsd.debug and netbsd.gdb, FreeBSD's kernel.debug and kernel.full.
  const names = new Set([...(link ? [link] : []), `${base}.debug`, `${base}.gdb`, `${base}.full`]);
  const places = [folder, path.join(folder, ".debug"), path.join(GLOBAL, path.relative("/", folder))];
  return [
    ...byId.flatMap((name) => [path.join(GLOBAL, name), path.join(folder, name)]),
    ...[...names].flatMap((name) => places.map((place) => path.join(place, name))),
  ];
}

function readCandidate(candidate: string, file: string): Uint8Array | undefined {
  try {
    if (path.resolve(candidate) === path.resolve(file) || !existsSync(candidate)) return undefined;
    const { size } = statSync(candidate);
    return size > 0 && size <= MAX_BYTES ? readFileSync(candidate) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when the bytes are the debug information of the file; by build-id where both have one, else by the link's CRC, else by the code's layout. */
function mismatch(elf: ElfFile, bytes: Uint8Array): string | undefined {
  try {
    const debug = parseElf(bytes);
    if (!sectionNamed(debug, ".debug_info")) return "it has none";
    const [id, other] = [buildId(elf), buildId(debug)];
    if (id !== undefined && other !== undefined)
      return id === other ? undefined : `its build-id is ${other}, not ${id}`;
    const link = debugLink(elf);
    if (link) return crc32(bytes) === link.crc ? undefined : "its CRC is not the one in .gnu_debuglink";
    return sameLayout(elf, debug) ? undefined : "its .text is at another place or of another size";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sameLayout(elf: ElfFile, debug: ElfFile): boolean {
  const [text, other] = [sectionNamed(elf, ".text"), sectionNamed(debug, ".text")];
  return (
    text !== undefined && other !== undefined && text.address === other.address && text.size === other.size
  );
}
