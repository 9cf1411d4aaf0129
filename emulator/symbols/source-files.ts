// Source files by name: which units' line tables hold a file that the user names by any tail of its path. Must not know lines or code.

import type { DebugInfo } from "./debug-info.ts";
import type { Unit } from "./dwarf/units.ts";

export interface UnitMatch {
  readonly unit: Unit;
  /** The matching paths, absolute as in the unit's file table. */
  readonly files: ReadonlySet<string>;
}

/**
 * The units that have the file: recorded paths that share the most trailing components with `file`. All components of `file` match or, for a path
 * from another machine, as many as any recorded path shares; the base name must be equal.
 */
export function matchingUnits(info: DebugInfo, file: string): UnitMatch[] {
  const wanted = components(file);
  const scores = new Map<string, number>();
  const baseName = wanted.at(-1) ?? "";
  const candidates = unitsWithFile(info, baseName).map((unit) => ({
    unit,
    files: withBaseName(info, unit, baseName),
  }));
  for (const { files } of candidates)
    for (const path of files) if (!scores.has(path)) scores.set(path, commonTail(components(path), wanted));
  const best = Math.max(0, ...scores.values());
  if (best === 0 || (best === 1 && wanted.length > 1 && isAmbiguous(scores))) return [];
  return candidates
    .map(({ unit, files }) => ({ unit, files: new Set(files.filter((path) => scores.get(path) === best)) }))
    .filter(({ files }) => files.size > 0);
}

/** Every path of every unit's file table that has rows. */
export function allSourceFiles(info: DebugInfo): string[] {
  const listed = info.consult((index) => index.whole?.files());
  if (listed) return listed;
  const files = new Set<string>();
  for (const unit of info.units.withCode) {
    for (const { file } of info.attempt(() => info.lines(unit)) ?? []) if (file !== "") files.add(file);
  }
  return [...files].sort();
}

/** Those that may have it. */
function unitsWithFile(info: DebugInfo, baseName: string): readonly Unit[] {
  const listed = info.consult((index) => index.whole?.unitsWithFile(baseName));
  return listed?.flatMap((position) => info.units.at(position) ?? []) ?? info.units.withCode;
}

/** Several files share no more than their base name with the path: none of them is meant for sure. */
function isAmbiguous(scores: ReadonlyMap<string, number>): boolean {
  return scores.size > 1;
}

function withBaseName(info: DebugInfo, unit: Unit, name: string): string[] {
  const files = info.attempt(() => info.files(unit)) ?? [];
  return files.filter(
    (path) =>
      path.endsWith(name) && (path.length === name.length || path[path.length - name.length - 1] === "/"),
  );
}

/** Accepts the other system's separators. */
function components(path: string): string[] {
  return path.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
}

function commonTail(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}
