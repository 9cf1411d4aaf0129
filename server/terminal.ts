// What the commands of the language server's half share in a terminal: options, Ctrl-C, progress, messages. Knows no query.
import path from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { detectTree, reasonOf } from "./index/tree.ts";
import { IndexError } from "./query/api.ts";

/** Where results go: standard output, or a test's collector. */
export interface Output {
  write(text: string): unknown;
}

export function printLine(out: Output, text: string): void {
  out.write(`${text}\n`);
}

/** Words and options of a command; an IndexError with the usage for an option that is unknown or lacks its value. */
export function readArguments<Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's first sentence says what is wrong; the rest is about positional arguments.
    const [message] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new IndexError(`${message}\n${usage}`);
  }
}

/** The whole number that an option gives; `{}` without the option, so that it can be spread. */
export function wholeNumber<Name extends string>(
  name: Name,
  text: string | undefined,
): { [name in Name]?: number } {
  if (text === undefined) return {};
  if (!/^\d{1,9}$/.test(text)) throw new IndexError(`--${name} needs a whole number, not "${text}"`);
  return { [name]: Number(text) } as { [name in Name]: number };
}

/** The tree that is meant: the one that --tree names, else the kernel tree around the current folder, `here`. */
export function treeMeant(named: string | undefined, here = process.cwd()): string {
  if (named !== undefined) return named;
  for (let folder = here; ; folder = path.dirname(folder)) {
    const above = path.dirname(folder);
    if (detectTree(folder).os === "other") {
      if (above !== folder) continue;
      throw new IndexError("name the kernel's tree with --tree, or call from a folder of it");
    }
    // In sys the tree is the folder around it, which has common beside sys.
    const around = detectTree(above);
    return around.os !== "other" && path.join(above, around.sys) === folder ? above : folder;
  }
}

/** Runs something that a signal can end; Ctrl-C is that signal, so that what was begun is put in order. */
export async function withInterrupt<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const interrupt = () => abort.abort(new Interrupted());
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await run(abort.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

class Interrupted extends IndexError {
  constructor() {
    super("interrupted");
  }
}

/** Runs a command; what goes wrong becomes one message on standard error and exit status 1. */
export async function guarded(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write(
        `${process.stderr.isTTY ? "\n" : ""}clockpath: interrupted; what was there before stays, and the next run goes on\n`,
      );
      return 130;
    }
    process.stderr.write(`clockpath: ${messageOf(error)}\n`);
    return 1;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof IndexError) return error.message;
  return error instanceof Error && "code" in error ? reasonOf(error) : String(error);
}

/** An index build's progress on a terminal, on one line of standard error. */
export function showIndexProgress({
  phase,
  filesDone,
  filesTotal,
}: {
  phase: string;
  filesDone: number;
  filesTotal: number;
}): void {
  if (phase === "wait")
    process.stderr.write("clockpath: another process is building this index; waiting for it\n");
  if (!process.stderr.isTTY || phase === "wait") return;
  process.stderr.write(phase === "done" ? "\r\x1b[K" : `\r\x1b[Kindex: ${phase} ${filesDone}/${filesTotal}`);
}
