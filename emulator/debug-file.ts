// Finds the debug information of a stripped kernel, as gdb does: by build-id, by .gnu_debuglink, and by the names that BSD kernels give it.
// Must not know what the information says.

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { crc32 } from "./elf/crc32.ts";
import { debugLink, isDebugOnly } from "./elf/debug-link.ts";
import { type ElfFile, parseElf, sectionNamed } from "./elf/elf.ts";
import { buildId } from "./elf/notes.ts";
import type { ByteSource } from "./elf/source.ts";
import { openSource } from "./file-source.ts";

/** gdb's `debug-file-directory`. */
const GLOBAL = "/usr/lib/debug";

export interface DebugFile {
  readonly path: string;
  readonly source: ByteSource;
}

export interface Search {
  found?: DebugFile;
  /** Why candidates are not it, for the user. */
  rejected: string[];
}

/** The file with the debug information of the ELF file at `file`. */
export function findDebugFile(file: string, elf: ElfFile): Search {
  const role = `the debug information of ${path.basename(file)}`;
  const search = firstThatFits(candidates(file, elf), file, role, (source) =>
    mismatch(elf, parseElf(source), source),
  );
  if (!search.found) search.rejected.push(...unfollowed(file, elf));
  return search;
}

/** The kernel itself, for a file with its debug information only: the way back from kernel.debug to kernel. */
export function findCodeFile(file: string, debug: ElfFile): Search {
  const whole = path.resolve(file);
  const base = whole.replace(/\.(?:debug|gdb|full)$/, "");
  const places = [base, base.replace(`${path.sep}.debug${path.sep}`, path.sep)];
  if (base.startsWith(GLOBAL)) places.push(base.slice(GLOBAL.length));
  return firstThatFits([...new Set(places)], file, `the kernel of ${path.basename(file)}`, (source) => {
    const elf = parseElf(source);
    return isDebugOnly(elf) ? "it holds no code" : mismatch(elf, debug, openSource(whole));
  });
}

function firstThatFits(
  places: readonly string[],
  file: string,
  role: string,
  mismatchOf: (source: ByteSource) => string | undefined,
): Search {
  const rejected: string[] = [];
  for (const place of places) {
    const source = readCandidate(place, file);
    if (!source) continue;
    const reason = reasonOf(() => mismatchOf(source));
    if (reason === undefined) return { found: { path: place, source }, rejected };
    rejected.push(`${place} is not ${role}: ${reason}.`);
  }
  return { rejected };
}

/** A link that led nowhere is worth a word: the file is meant to be somewhere. */
function unfollowed(file: string, elf: ElfFile): string[] {
  if (!sectionNamed(elf, ".gnu_debuglink")) return [];
  const link = debugLink(elf);
  if (!link) return [`The .gnu_debuglink of ${file} is damaged.`];
  return [
    `${file} names ${link.name} for its debug information: put that file beside it, or into its folder .debug.`,
  ];
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

function readCandidate(candidate: string, file: string): ByteSource | undefined {
  try {
    if (path.resolve(candidate) === path.resolve(file) || !existsSync(candidate)) return undefined;
    return statSync(candidate).size > 0 ? openSource(candidate) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when `debug` is the debug information of `elf`: by build-id where both have one, else by the link's CRC, else by the code's layout. */
function mismatch(elf: ElfFile, debug: ElfFile, file: ByteSource): string | undefined {
  if (!sectionNamed(debug, ".debug_info")) return "it has none";
  const [id, other] = [buildId(elf), buildId(debug)];
  if (id !== undefined && other !== undefined)
    return id === other ? undefined : `its build-id is ${other}, not ${id}`;
  const link = debugLink(elf);
  if (!link) return sameLayout(elf, debug) ? undefined : "its .text is at another place or of another size";
  const crc = crc32(file.read(0, file.size));
  if (crc === link.crc) return undefined;
  return `its CRC is ${digits(crc)}, not ${digits(link.crc)} as .gnu_debuglink says`;
}

const digits = (crc: number): string => crc.toString(16).padStart(8, "0");

/** What is wrong with a file, in the words of whoever reads it. */
function reasonOf(check: () => string | undefined): string | undefined {
  try {
    return check();
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
