// The files beside the kernel that a launch configuration names: relative paths become absolute. Knows nothing of VS Code.
import path from "node:path";

/** What of a launch configuration names files; see package.json. */
export interface InputFiles {
  symbols?: unknown;
  initrd?: unknown;
  modules?: unknown;
  disks?: unknown;
  /** A launch configuration has more. */
  [other: string]: unknown;
}

/** The same properties with paths resolved against `folder`; what is no path is left to the adapter's complaint. */
export function absoluteInputs(given: InputFiles, folder: string): InputFiles {
  const absolute = (file: string) => (file === "" ? "" : path.resolve(folder, file));
  const one = (value: unknown) => (typeof value === "string" ? absolute(value) : value);
  const each = (value: unknown, prefix: RegExp) =>
    Array.isArray(value)
      ? value.map((text) => (typeof text === "string" ? within(text, prefix, absolute) : text))
      : value;
  const resolved: InputFiles = {};
  if (given.symbols !== undefined) resolved.symbols = one(given.symbols);
  if (given.initrd !== undefined) resolved.initrd = one(given.initrd);
  if (given.modules !== undefined) resolved.modules = each(given.modules, /^()([^ ]*)/);
  if (given.disks !== undefined) resolved.disks = each(given.disks, /^((?:ro:)?)(.*)/);
  return resolved;
}

/** Replaces the pattern's second group, the file, and keeps what stands around it. */
function within(text: string, pattern: RegExp, absolute: (file: string) => string): string {
  return text.replace(pattern, (_all, before: string, file: string) => before + absolute(file));
}
