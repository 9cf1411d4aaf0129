// Where a user's caches are: the system's place for them, or what the environment says. Must not know what is kept there.

import os from "node:os";
import path from "node:path";

/** "off", or the folder to use; without it, the system's place for a user's caches. */
export const CACHE_VARIABLE = "CLOCKPATH_SYMBOL_CACHE";
/** Undefined when the user has switched the cache off. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment[CACHE_VARIABLE];
  if (named === "off") return undefined;
  if (named) return named;
  return path.join(userCaches(environment), "clockpath", "symbols");
}

/** For the rest of the process. */
export function switchCacheOff(): void {
  process.env[CACHE_VARIABLE] = "off";
}

function userCaches(environment: NodeJS.ProcessEnv): string {
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Caches");
  if (process.platform === "win32")
    return environment.LOCALAPPDATA ?? path.join(os.homedir(), "AppData", "Local");
  return environment.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
}
