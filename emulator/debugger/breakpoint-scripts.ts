// gdb's `commands`: the console lines that a breakpoint runs when it stops the guest. Must not know DAP.

import { type ConsoleState, type Outcome, runCommand } from "./commands.ts";
import type { Debugger } from "./debugger.ts";
import type { Report } from "./stop-judge.ts";

export interface ScriptResult {
  /** What the lines said, in order; errors too. */
  text: string;
  /** The first line was `silent`: the stop itself is not told. */
  silent: boolean;
  /** A line lets the guest run on: lines after it are not run (gdb, "Breakpoint Command Lists"). */
  resume: Extract<Outcome, { kind: "run" | "runTo" }> | undefined;
}

/** Runs the lines of the first of the stop's breakpoints that has some; undefined where none has. */
export async function runScript(
  { hit }: Report,
  session: Debugger,
  state: ConsoleState,
): Promise<ScriptResult | undefined> {
  const lines = hit.find(({ commands }) => commands)?.commands;
  if (!lines) return undefined;
  const silent = lines[0] === "silent";
  const said: string[] = [];
  for (const line of silent ? lines.slice(1) : lines) {
    const outcome = await attempt(line, session, state);
    if (typeof outcome === "string") {
      // As in gdb, an error ends the list.
      said.push(outcome);
      break;
    }
    if (outcome.kind === "run" || outcome.kind === "runTo")
      return { text: said.join("\n"), silent, resume: outcome };
    if (outcome.text !== "") said.push(outcome.text.replace(/\n$/, ""));
  }
  return { text: said.join("\n"), silent, resume: undefined };
}

async function attempt(line: string, session: Debugger, state: ConsoleState): Promise<Outcome | string> {
  try {
    return await runCommand(line, session, session.frames()[0], state);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
