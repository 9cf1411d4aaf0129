// gdb's `info threads`, `thread`, `thread N` and `thread apply`: the processors. Must not know the console's other commands.

import type { Debugger } from "./debugger.ts";
import { formatFrame } from "./frames.ts";
import type { Thread } from "./target.ts";
import { EvaluationError } from "./values.ts";

const ALONE: Thread = { id: 1, name: "CPU 0", activity: undefined };
const threadsOf = ({ target }: Debugger): readonly Thread[] => target.threads?.list() ?? [ALONE];

function threadNumbered(session: Debugger, text: string): Thread {
  const thread = threadsOf(session).find(({ id }) => String(id) === text);
  if (!thread) throw new EvaluationError(`Unknown thread ${text}.`);
  return thread;
}

/** The innermost frame of the selected thread as `bt` shows it. */
function innermost(session: Debugger): string {
  const [frame] = session.frames();
  return frame ? formatFrame(frame, session.symbols, session.around, session.settings.entryValues) : "#0  ??";
}

/** Does something in each of some threads; the one that was selected is selected again. */
async function inEach<T>(
  session: Debugger,
  threads: readonly Thread[],
  what: (thread: Thread) => T | Promise<T>,
): Promise<T[]> {
  const selected = session.thread;
  const results: T[] = [];
  try {
    for (const thread of threads) {
      session.selectThread(thread.id);
      results.push(await what(thread));
    }
    return results;
  } finally {
    session.selectThread(selected);
  }
}

/** `info threads`. */
export async function threadsText(session: Debugger): Promise<string> {
  const selected = session.thread;
  const threads = threadsOf(session);
  const target = ({ name, activity }: Thread) => (activity ? `${name} [${activity}]` : name);
  const width = Math.max("Target Id".length, ...threads.map((thread) => target(thread).length));
  const rows = await inEach(session, threads, (thread) => {
    const mark = thread.id === selected ? "*" : " ";
    return `${mark} ${String(thread.id).padEnd(4)} ${target(thread).padEnd(width)} ${innermost(session).replace(/^#0\s+/, "")}`;
  });
  return [`  Id   ${"Target Id".padEnd(width)} Frame`, ...rows].join("\n");
}

/** `thread`, `thread 2`: the selected one stays so. */
export function threadCommand(rest: string, session: Debugger): string {
  if (rest === "") {
    const current = threadNumbered(session, String(session.thread));
    return `[Current thread is ${current.id} (${current.name})]`;
  }
  const thread = threadNumbered(session, rest);
  session.selectThread(thread.id);
  return `[Switching to thread ${thread.id} (${thread.name})]\n${innermost(session)}`;
}

/** `thread apply all bt`, `thread apply 1 3 p $rip`; gdb begins with the last of all. */
export async function threadApply(
  rest: string,
  session: Debugger,
  run: (line: string) => Promise<string>,
): Promise<string> {
  const [, who = "", line = ""] = /^(all|\d+(?:\s+\d+)*)\s+(\D[\s\S]*)$/.exec(rest) ?? [];
  if (line === "") throw new EvaluationError('Give threads and a command: "thread apply all bt".');
  const threads =
    who === "all"
      ? [...threadsOf(session)].reverse()
      : who.split(/\s+/).map((text) => threadNumbered(session, text));
  const parts = await inEach(
    session,
    threads,
    async ({ id, name }) => `\nThread ${id} (${name}):\n${await run(line)}`,
  );
  return parts.join("\n");
}
