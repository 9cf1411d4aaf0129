// Why a configuration leaves a file out, in lines for a reader. Reads the configuration when it is asked for the first time.
import { configureKernel } from "../kernel/configure.ts";
import { treeFiles } from "../kernel-files.ts";
import type { Tree } from "./api.ts";

/** The reasons of one configuration, by file. */
export function reasonsOfConfiguration(
  tree: Tree,
  config: string | undefined,
): (file: string) => readonly string[] {
  let reasons: Map<string, readonly string[]> | undefined;
  return (file) => {
    if (config === undefined) return [];
    reasons ??= readReasons(tree, config);
    return reasons.get(file) ?? [`no line of the files that ${config} includes names it`];
  };
}

function readReasons(tree: Tree, config: string): Map<string, readonly string[]> {
  const { excluded } = configureKernel(config, treeFiles(tree.root).read);
  return new Map(
    excluded.map(({ file, reason }) => [
      file,
      reason.map(({ place, text, note }) =>
        place === undefined ? `${text}: ${note}` : `${place.file}:${place.line}: ${text} (${note})`,
      ),
    ]),
  );
}
