// Which configurations a tree has, and which one a user means: "MICROVM", "amd64/MICROVM", or a path.

import type { ListFolder, ReadFile } from "./api.ts";
import { baseOf, joinPath } from "./paths.ts";
import { readText } from "./text.ts";

export type Resolution = { path: string } | { error: string; candidates: string[] };

/** Folders of configurations: NetBSD's sys/arch/MACHINE/conf, FreeBSD's sys/MACHINE/conf; with the machine. */
function configurationFolders(list: ListFolder): { machine: string; folder: string }[] {
  // sys/ itself has a folder sys/ too, of headers.
  const sys = list("sys").includes("conf") || list("sys").includes("arch") ? "sys" : "";
  const roots = list(joinPath(sys, "arch")).length > 0 ? [joinPath(sys, "arch")] : [sys];
  return roots.flatMap((root) =>
    [...list(root)].sort().map((machine) => ({ machine, folder: joinPath(root, machine, "conf") })),
  );
}

/** Names in those folders that are no configurations: parts to include, lists of files, makefiles, notes. */
const NOT_A_CONFIGURATION =
  /^(Makefile|README|CVS|NOTES|DEFAULTS|LINT-NO|GENERIC\.hints$)|\.(common|hints|env|inc|local|mk|sh|awk|sed|ldscript|orig|rej|bak)$|^[^A-Z]|~$/;

/**
 * The configurations of a tree, as paths, sorted. They are told by their names (in capitals, in a conf folder): reading them all would
 * take too long.
 */
export function findConfigurations(list: ListFolder): string[] {
  return configurationFolders(list).flatMap(({ folder }) =>
    [...list(folder)]
      .filter((name) => !NOT_A_CONFIGURATION.test(name))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
}

/** "sys/arch/amd64/conf/MICROVM" -> "amd64/MICROVM", the short name that resolveConfiguration understands. */
export function shortName(path: string): string {
  const match = /([^/]+)\/conf\/([^/]+)$/.exec(path);
  return match === null ? path : `${match[1]}/${match[2]}`;
}

/** Finds the configuration that a user names. An error lists those that could have been meant. */
export function resolveConfiguration(name: string, list: ListFolder, read: ReadFile): Resolution {
  const path = joinPath(name.replaceAll("\\", "/"));
  if (path.includes("/") && "text" in readText(path, read)) return { path };
  const [wanted, machine] = path.split("/").reverse();
  const found = configurationFolders(list)
    .filter((place) => machine === undefined || place.machine === machine)
    .filter(({ folder }) => list(folder).includes(wanted!))
    .map(({ folder }) => `${folder}/${wanted}`);
  if (found.length === 1 && path.split("/").length <= 2) return { path: found[0]! };
  if (found.length > 1) {
    const names = found.map(shortName);
    const shown = names.length > 8 ? [...names.slice(0, 8), `${names.length - 8} more`] : names;
    return { error: `several configurations are called ${name}: ${shown.join(", ")}`, candidates: names };
  }
  const candidates = findConfigurations(list)
    .filter((one) => isNear(baseOf(one), wanted!))
    .map(shortName);
  const hint = candidates.length === 0 ? "" : `; there are ${candidates.slice(0, 8).join(", ")}`;
  return { error: `there is no configuration ${name} in this tree${hint}`, candidates };
}

const isNear = (name: string, wanted: string): boolean => name.toLowerCase().includes(wanted.toLowerCase());
