// The index's status as the words of the status bar and its tooltip.
import type { IndexStatus } from "../../server/protocol.ts";

const systems = { netbsd: "NetBSD", freebsd: "FreeBSD", other: "Kernel" } as const;

/** One short line; `$(…)` are VS Code's icons. */
export function statusText(status: IndexStatus): string {
  switch (status.state) {
    case "none":
      return "";
    case "building":
      return `$(sync~spin) Kernel index${percent(status.filesDone, status.filesTotal)}`;
    case "ready":
      return `$(database) ${systems[status.os]}: ${number(status.symbols)} symbols`;
    case "failed":
      return "$(warning) Kernel index";
  }
}

/** Markdown. */
export function statusTooltip(status: IndexStatus): string {
  switch (status.state) {
    case "none":
      return status.reason;
    case "building":
      return [
        `**Indexing** ${code(status.tree)}`,
        `${phases[status.phase] ?? status.phase}: ${number(status.filesDone)} of ${number(status.filesTotal)} files.`,
        status.usable ? "Until then the index as it was answers." : "Answers come when it is done.",
      ].join("\n\n");
    case "ready":
      return [
        `**Kernel index** of ${code(status.tree)}`,
        `${number(status.files)} files, ${number(status.symbols)} symbols, ${megabytes(status.bytes)} in ${code(status.directory)}.`,
        ...(status.seconds === undefined
          ? []
          : [`Last update: ${number(status.updated ?? 0)} files in ${status.seconds.toFixed(1)} s.`]),
        ...(status.skippedCount === 0 ? [] : [skipped(status)]),
      ].join("\n\n");
    case "failed":
      return [
        `**The index of** ${code(status.tree)} **could not be built**`,
        status.message,
        status.usable ? "The index as it was answers." : "",
      ].join("\n\n");
  }
}

const phases: Record<string, string> = {
  open: "Opening",
  walk: "Looking for files",
  lex: "Reading files",
  write: "Writing",
};

function skipped(status: IndexStatus & { state: "ready" }): string {
  const lines = status.skipped.map(({ file, reason }) => `- ${code(file)}: ${reason}`);
  const more = status.skippedCount - status.skipped.length;
  if (more > 0) lines.push(`- and ${number(more)} more`);
  return [`Left out: ${number(status.skippedCount)} files.`, ...lines].join("\n");
}

function percent(done: number, total: number): string {
  return total === 0 ? "" : ` ${Math.floor((100 * done) / total)} %`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Paths and names of files come from outside: as code they cannot be read as Markdown. */
function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
