// The entry to this folder: a configuration file of either system in, a KernelConfiguration out.

import type { KernelConfiguration, ReadFile } from "./api.ts";
import { configureNetbsd } from "./netbsd/configuration.ts";
import { joinPath } from "./paths.ts";

/**
 * Configures a kernel: `configPath` is relative to the tree ("sys/arch/amd64/conf/MICROVM"). Never throws: what is wrong is among the
 * diagnostics, and what could be understood is there.
 */
export function configureKernel(configPath: string, read: ReadFile): KernelConfiguration {
  const path = joinPath(configPath);
  const sys = read("sys/conf/files") !== undefined ? "sys/" : "";
  return configureNetbsd(sys, path, read);
}

export { findConfigurations, type Resolution, resolveConfiguration, shortName } from "./catalog.ts";
export { why, whyText } from "./why.ts";
