// The order of answers: what a kernel developer most likely means comes first. Files of the configured architecture
// before other ports, the kernel's own before imported trees and tests; then by path and line, so that it never varies.

export interface Ranking {
  /** The file from which the question comes. */
  readonly from?: string | undefined;
  /** Folders below `arch` (NetBSD) or of the tree's top (FreeBSD) that belong to the configured machine. */
  readonly architectures: ReadonlySet<string>;
  /** The files that the configuration compiles. */
  readonly configured?: ReadonlySet<string> | undefined;
  /** The headers that they include, where these are known. */
  readonly headers?: ReadonlySet<string> | undefined;
}

/** What a machine's kernel is built from, by the name of its configuration's folder. */
const family: Record<string, readonly string[]> = {
  amd64: ["amd64", "x86", "xen"],
  i386: ["i386", "x86", "xen"],
  evbarm: ["evbarm", "arm", "aarch64"],
  macppc: ["macppc", "powerpc"],
};
const ports = new Set("amd64 i386 x86 arm arm64 riscv powerpc mips sparc64 xen".split(" "));

/** The architecture folders of a configuration file: `sys/arch/amd64/conf/MICROVM` or `sys/amd64/conf/GENERIC`. */
export function architecturesOf(config: string | undefined): ReadonlySet<string> {
  const machine = /(?:^|\/)([^/]+)\/conf\/[^/]+$/.exec(config ?? "")?.[1] ?? "amd64";
  return new Set(family[machine] ?? [machine]);
}

/** Is a file part of the configured kernel? Headers may be where it is not known which; without a configuration everything is. */
export function isConfigured(file: string, { configured, headers }: Ranking): boolean {
  if (configured === undefined) return true;
  return file.endsWith(".h") ? (headers?.has(file) ?? true) : configured.has(file);
}

/** A file's distance from the question; lower is better. */
export function fileRank(file: string, ranking: Ranking): number {
  if (file === ranking.from) return -20;
  const near = ranking.from !== undefined && folderOf(file) === folderOf(ranking.from) ? -1 : 0;
  const parts = file.split("/");
  let rank = 0;
  const arch = parts.indexOf("arch");
  const top = parts[0] === "sys" ? 1 : 0;
  const port = arch >= 0 ? parts[arch + 1] : ports.has(parts[top] ?? "") ? parts[top] : undefined;
  if (port !== undefined) rank += ranking.architectures.has(port) ? 1 : 4;
  if (parts.includes("external") || parts.includes("contrib")) rank += 8;
  if (parts.includes("dist") || parts.includes("rump") || parts.includes("stand")) rank += 8;
  if (parts.some((part) => part === "test" || part === "tests" || part === "modules")) rank += 8;
  if (ranking.configured?.has(file)) rank -= 4;
  return rank + near;
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/") + 1);

interface Located {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Sorts in place by `major` (lower first), the file's rank, path, line, column. */
export function sortRanked<T extends Located>(items: T[], ranking: Ranking, major: (item: T) => number): T[] {
  const ranks = new Map<string, number>();
  for (const { file } of items) if (!ranks.has(file)) ranks.set(file, fileRank(file, ranking));
  return items.sort(
    (a, b) =>
      major(a) - major(b) ||
      ranks.get(a.file)! - ranks.get(b.file)! ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column,
  );
}
