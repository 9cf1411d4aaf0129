// What the chosen configuration says about a name or a file of the sources, for hovers: is the file compiled, what is the option's macro.
import type { KernelConfiguration, Macro } from "../kernel/api.ts";
import { shortName } from "../kernel/configure.ts";
import type { Definition } from "../query/api.ts";
import { code, reasonLines } from "./config/hover.ts";
import type { Context } from "./context.ts";
import type { Configured } from "./kernels.ts";

/** "compiled into amd64/MICROVM: `file arch/x86/x86/tsc.c`", for a C or assembly file. */
export function describeFileState(context: Context, root: string, { file }: Definition): string | undefined {
  const chosen = chosenIn(context, root);
  if (!chosen || !/\.[cS]$/.test(file)) return undefined;
  const { configuration, tree } = chosen;
  const kernel = code(shortName(configuration.path));
  const built = configuration.files.find((one) => one.file === file);
  if (built) return `compiled into ${kernel}${built.condition === "" ? "" : ` (${code(built.condition)})`}`;
  const out = configuration.excluded.find((one) => one.file === file);
  if (!out) return `in no list of files of ${kernel}`;
  return `**not** in ${kernel}:\n\n${reasonLines(tree, out.reason)}`;
}

/** The value that an option's macro has in this kernel, and the lines that decide; undefined for what no option is. */
export function describeOptionMacro(context: Context, root: string, name: string): string | undefined {
  const chosen = chosenIn(context, root);
  const found = chosen && macroOf(chosen.configuration, name);
  if (!chosen || !found) return undefined;
  const { configuration, tree } = chosen;
  const kernel = code(shortName(configuration.path));
  const where = found.header === undefined ? "on the command line" : `in ${code(found.header)}`;
  const { value } = found.macro;
  const says = value === undefined ? "not defined" : `${code(value === "" ? "1" : value)}`;
  const option = configuration.options.find((one) => one.name === name);
  const unselected = configuration.unselected.find((one) => one.what === "option" && one.name === name);
  const reason = option?.reason ?? unselected?.reason ?? [];
  return [`${code(name)} is ${says} ${where} of ${kernel}`, reasonLines(tree, reason)]
    .filter(Boolean)
    .join("\n\n");
}

function macroOf(
  { headers, defines }: KernelConfiguration,
  name: string,
): { macro: Macro; header?: string } | undefined {
  for (const { name: header, macros } of headers) {
    const macro = macros.find((one) => one.name === name);
    if (macro) return { macro, header };
  }
  const macro = defines.find((one) => one.name === name);
  return macro && { macro };
}

function chosenIn(context: Context, root: string): Configured | undefined {
  const chosen = context.kernels().chosen();
  return chosen?.tree.root === root ? chosen : undefined;
}
