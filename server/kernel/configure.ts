// The entry to this folder: a configuration file of either system in, a KernelConfiguration out.

import type { KernelConfiguration, ReadFile } from "./api.ts";
import { configureFreebsd } from "./freebsd/configuration.ts";
import { configureNetbsd } from "./netbsd/configuration.ts";
import { joinPath } from "./paths.ts";
import { readText } from "./text.ts";

/**
 * Configures a kernel: `configPath` is relative to the tree ("sys/arch/amd64/conf/MICROVM"). Never throws: what is wrong is among the
 * diagnostics, and what could be understood is there.
 */
export function configureKernel(configPath: string, read: ReadFile): KernelConfiguration {
  const path = joinPath(configPath);
  const exists = (file: string) => "text" in readText(file, read);
  const sys = path.startsWith("sys/") || exists("sys/conf/files") ? "sys/" : "";
  // Only FreeBSD keeps its options in a file of their own.
  return exists(`${sys}conf/options`) ? configureFreebsd(sys, path, read) : configureNetbsd(sys, path, read);
}

export { findConfigurations, type Resolution, resolveConfiguration, shortName } from "./catalog.ts";
export { why, whyText } from "./why.ts";
