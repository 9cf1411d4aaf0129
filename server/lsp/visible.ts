// Which of several definitions of one name is meant where it stands: C's linkage first (C11 6.2.2: a static function is its file's), then the
// chosen kernel's sources before those that it leaves out. What is dropped here, the Query view shows.
import type { Definition, KernelIndex } from "../query/api.ts";
import type { Context } from "./context.ts";

/** The definitions that can be meant in `file`; all of them where no rule leaves one. */
export function visibleFrom<Item extends Definition>(
  context: Context,
  index: KernelIndex,
  file: string,
  found: readonly Item[],
): readonly Item[] {
  const own = found.filter((one) => one.local && one.file === file && !one.declaration);
  if (own.length > 0) return own;
  // Statics of headers are in every file that includes them.
  const shared = orAll(found, (one) => !one.local || one.file === file || one.file.endsWith(".h"));
  return orAll(shared, inKernel(context, index));
}

function orAll<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): readonly Item[] {
  const some = items.filter(isWanted);
  return some.length > 0 ? some : items;
}

/** Is the file a part of the chosen kernel? Of headers only the call graph knows. Everything is where none is chosen. */
export function inKernel(context: Context, index: KernelIndex): (at: { file: string }) => boolean {
  if (context.kernels().chosen()?.tree.root !== index.tree.root) return () => true;
  const files = kernelFiles(context, index);
  return ({ file }) => index.isConfigured(file) ?? files?.has(file) ?? true;
}

/** Every source and header that the chosen kernel reads, once its call graph is there. */
export function kernelFiles(context: Context, index: KernelIndex): ReadonlySet<string> | undefined {
  const made = context.graphs().current();
  return made?.tree.root === index.tree.root ? filesOf(made.graph.files) : undefined;
}

const known = new WeakMap<readonly string[], ReadonlySet<string>>();

function filesOf(files: readonly string[]): ReadonlySet<string> {
  const made = known.get(files) ?? new Set(files);
  known.set(files, made);
  return made;
}
