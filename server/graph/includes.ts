// Where an `#include` of a configured kernel leads: the file's own folder, the headers that config(1) writes, its links, the include path.

import type { KernelConfiguration, ReadFile } from "../kernel/api.ts";
import type { Found } from "../lang/preprocess/unit.ts";
import { flaggedIncludes, includeLinks, makefileIncludes } from "./library.ts";

/** What the kernel's library includes besides. */
const LIBRARY_INCLUDES = ["common/lib/libc/hash/sha3", "common/include/libc"];

/** A finder over the tree and the configuration's own headers; `path` of those is "<NAME>", as they are no file of the tree. */
export function includeFinder(
  configuration: KernelConfiguration,
  read: ReadFile,
  generated: ReadonlyMap<string, Uint8Array>,
): (target: string, system: boolean, from: string) => Found | undefined {
  const headers = new Map(configuration.headers.map(({ name, text }) => [name, Buffer.from(text)]));
  for (const [name, bytes] of generated) headers.set(name, Buffer.from(bytes));
  const folders = [
    ...configuration.includePath,
    ...makefileIncludes(configuration, read),
    ...flaggedIncludes(configuration, read),
  ];
  if (configuration.system === "netbsd")
    folders.push(...LIBRARY_INCLUDES.map((folder) => (configuration.sys === "" ? `../${folder}` : folder)));
  const links = includeLinks(configuration, read);
  const known = new Map<string, Uint8Array | undefined>();
  const at = (path: string): Found | undefined => {
    const normal = normalize(path);
    if (!known.has(normal)) known.set(normal, read(normal));
    const bytes = known.get(normal);
    return bytes === undefined ? undefined : { path: normal, bytes };
  };
  const own = (target: string): Found | undefined => {
    const bytes = headers.get(target);
    return bytes === undefined ? undefined : { path: `<${target}>`, bytes };
  };
  return (target, system, from) => {
    const folder = from.slice(0, from.lastIndexOf("/") + 1);
    const beside = system || from.startsWith("<") ? undefined : at(folder + target);
    if (beside !== undefined) return beside;
    const written = own(target);
    if (written !== undefined) return written;
    for (const { name, target: to } of links) {
      const found = target.startsWith(`${name}/`) ? at(`${to}/${target.slice(name.length + 1)}`) : undefined;
      if (found !== undefined) return found;
    }
    for (const place of folders) {
      const found = at(place === "" ? target : `${place}/${target}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
