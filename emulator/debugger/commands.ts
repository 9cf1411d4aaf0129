// The console's commands, in gdb's words: p, x, bt, info, ptype, whatis, set, break, delete. What is no command is an
// expression. Returns text; run control is named and left to the caller. Must not know DAP.

import { beginScript, changeCommand, type Script, takeScriptLine } from "./breakpoint-changes.ts";
import { breakpointCommand, locate } from "./breakpoint-commands.ts";
import type { Where } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { disassembleCommand, listCommand } from "./disassemble-command.ts";
import { type Displays, displayCommand, displayList, undisplay } from "./displays.ts";
import { type ExamineFormat, examine, lastExamined, parseExamineFormat } from "./examine.ts";
import { evaluate, evaluateAddress, parse, typeOf } from "./expressions/evaluator.ts";
import { formatErrors, formatValue } from "./format.ts";
import { type FormatLetter, isFormatLetter } from "./format-integer.ts";
import { type Frame, formatFrame } from "./frames.ts";
import { help } from "./help.ts";
import { backtraceText, info } from "./info.ts";
import { layoutText } from "./layout.ts";
import { printf, unescaped } from "./printf.ts";
import { changeSetting, showSetting } from "./settings.ts";
import type { StepKind } from "./stepping.ts";
import { symbolCommand } from "./symbol-commands.ts";
import { threadApply, threadCommand, threadsText } from "./thread-commands.ts";
import { typeDefinition, typeName } from "./types.ts";
import { EvaluationError, type Value } from "./values.ts";

/** What a console line comes to. */
export type Outcome =
  | { kind: "text"; text: string }
  /** A bare expression: views may open the value. */
  | { kind: "value"; value: Value; text: string; expression: string }
  /** `level`: of the frame that is run out of. */
  | { kind: "run"; how: "continue" | StepKind; granularity: "line" | "instruction"; level?: number }
  /** To a place, which may count in the frame only, or out of the frame of the stack, whichever comes first. */
  | { kind: "runTo"; where: Where; within: "frame" | "anywhere"; level: number };

/** What the console remembers between commands. */
export interface ConsoleState {
  examine: ExamineFormat;
  nextAddress: bigint;
  /** The frame that `up`, `down`, `frame` and `thread` chose, while the caller's own choice is the same as then. */
  chosen: { thread: number; level: number; from: Frame } | undefined;
  displays: Displays;
  /** Lines for a breakpoint that are being typed. */
  script: Script | undefined;
}

export const newConsole = (): ConsoleState => ({
  examine: { count: 1, letter: "x", size: 4 },
  nextAddress: 0n,
  chosen: undefined,
  displays: { list: [], next: 1 },
  script: undefined,
});

const text = (content: string): Outcome => ({ kind: "text", text: content });

const RUN: Record<string, Extract<Outcome, { kind: "run" }>> = {
  c: { kind: "run", how: "continue", granularity: "line" },
  n: { kind: "run", how: "over", granularity: "line" },
  s: { kind: "run", how: "into", granularity: "line" },
  ni: { kind: "run", how: "over", granularity: "instruction" },
  si: { kind: "run", how: "into", granularity: "instruction" },
  fin: { kind: "run", how: "out", granularity: "line" },
};
const RUN_NAMES: Record<string, string> = { continue: "c", next: "n", step: "s", nexti: "ni", stepi: "si", finish: "fin" }; // biome-ignore format: a table

/** Runs one console line in a frame. Throws EvaluationError, MemoryError. */
export async function runCommand(
  line: string,
  session: Debugger,
  shown: Frame | undefined,
  state: ConsoleState,
): Promise<Outcome> {
  if (state.script) return scriptLine(line, session, state);
  const frame = chosenFrame(session, shown, state);
  const match = /^\s*([a-zA-Z]+(?:-[a-z-]+)?)(?:\s*\/(\S+))?(?:\s+([\s\S]*?))?\s*$/.exec(line);
  const [, name = "", format, rest = ""] = match ?? [];
  // What takes files and texts has no format: "/" begins a path there.
  const whole = line.trim().slice(name.length).trim();
  const context = session.context(frame);
  switch (name) {
    case "p":
    case "print":
    case "inspect":
    case "call":
      return text(print(rest, letterOf(format), session, frame));
    case "output":
      return text(formatValue(evaluate(rest, context), session.around, letterOf(format)));
    case "x":
      return text(await examineCommand(rest, format, session, frame, state));
    case "bt":
    case "backtrace":
    case "where":
      return text(backtraceText(session, rest));
    case "i":
    case "info":
      return text(await infoCommand(rest, session, frame, state));
    case "whatis":
      return text(`type = ${whatis(rest, session, frame)}`);
    case "ptype":
      return text(ptype(rest, format, session, frame));
    case "show":
      return text(showCommand(rest, session));
    case "set":
      if (changeSetting(rest, session.settings)) return text("");
      evaluate(rest.replace(/^var(iable)?\s+/, ""), context);
      return text("");
    case "f":
    case "frame":
    case "up":
    case "down":
      return text(frameCommand(name, rest, session, shown, state));
    case "t":
    case "thread":
      return text(await chooseThread(rest, session, shown, state));
    case "disas":
    case "disassemble":
      return text(await disassembleCommand(rest, format ?? "", session, frame));
    case "l":
    case "list":
      return text(listCommand(rest, session, frame));
    case "display":
      return text(displayCommand(rest, format, state.displays, session, frame));
    case "undisplay":
      return text(undisplay(rest, state.displays));
    case "type":
      return text(typeCommand(rest, session));
    case "advance":
      if (rest === "") throw new EvaluationError("Argument required (a location).");
      return {
        kind: "runTo",
        where: locate(rest, session, frame),
        within: "anywhere",
        level: frame?.level ?? 0,
      };
    case "u":
    case "until":
      if (rest === "") return { kind: "run", how: "past", granularity: "line" };
      return {
        kind: "runTo",
        where: locate(rest, session, frame),
        within: "frame",
        level: frame?.level ?? 0,
      };
    case "commands":
      return scriptBegin(rest, session, state);
    case "echo":
      return text(unescaped(whole));
    case "printf":
      return text(printf(whole, session, context));
    case "help":
      return text(help(rest));
  }
  const managed =
    breakpointCommand(name, rest, session, frame) ??
    changeCommand(name, rest, session, frame) ??
    symbolCommand(name, whole, session, frame);
  if (managed !== undefined) return text(managed);
  const run = RUN[RUN_NAMES[name] ?? name];
  if (run && rest === "" && !isVariable(name, session, frame)) return { ...run, level: frame?.level ?? 0 };
  return expression(line.trim(), session, frame);
}

function scriptBegin(rest: string, session: Debugger, state: ConsoleState): Outcome {
  const { script, text: said } = beginScript(rest, session);
  state.script = script;
  return text(said);
}

function scriptLine(line: string, session: Debugger, state: ConsoleState): Outcome {
  if (state.script && takeScriptLine(state.script, line, session)) state.script = undefined;
  return text("");
}

function infoCommand(
  rest: string,
  session: Debugger,
  frame: Frame | undefined,
  state: ConsoleState,
): string | Promise<string> {
  if (/^\s*th(reads?|rea|re|r)?\s*$/.test(rest)) return threadsText(session);
  return /^\s*disp(lay)?\s*$/.test(rest) ? displayList(state.displays) : info(rest, session, frame);
}

function ptype(
  source: string,
  format: string | undefined,
  session: Debugger,
  frame: Frame | undefined,
): string {
  if (format !== undefined && format !== "o") throw new EvaluationError(`unrecognized flag '${format}'`);
  const context = session.context(frame);
  const type = typeOf(parse(source, context), context);
  return format === "o" ? layoutText(type) : `type = ${typeDefinition(type)}`;
}

/** A line for the guest's console, with Enter. */
function typeCommand(line: string, { target }: Debugger): string {
  if (!target.console) throw new EvaluationError(`The console of ${target.name} is not here.`);
  target.console.input(`${line}\r`);
  return "";
}

/** `show values`, `show convenience`, or a setting. */
function showCommand(rest: string, { kept, around, settings }: Debugger): string {
  const rows =
    rest === "values"
      ? kept.history.map((value, index) => [`$${index + 1}`, value] as const).slice(-10)
      : rest === "convenience" || rest === "conv"
        ? [...kept.convenience].map(([name, value]) => [`$${name}`, value] as const)
        : undefined;
  if (!rows) return showSetting(rest, settings);
  return rows
    .map(([name, value]) => `${name} = ${formatErrors(() => formatValue(value, around))}`)
    .join("\n");
}

/** `s` and `n` are commands unless a variable has that name. */
const isVariable = (name: string, session: Debugger, frame: Frame | undefined): boolean =>
  session.context(frame).local(name) !== undefined;

function expression(line: string, session: Debugger, frame: Frame | undefined): Outcome {
  const { source, letter } = splitFormat(line);
  const value = evaluate(source, session.context(frame));
  return {
    kind: "value",
    value,
    text: formatValue(value, session.around, letter),
    expression: source,
  };
}

/** `tc,x` and `/x tc`: the format letters that debuggers take with a watch expression. */
export function splitFormat(line: string): { source: string; letter: FormatLetter | undefined } {
  const prefix = /^\/([a-z])\s+([\s\S]+)$/.exec(line);
  if (prefix && isFormatLetter(prefix[1]!)) return { source: prefix[2]!, letter: prefix[1] };
  const suffix = /^([\s\S]+),\s*([xduotzca])$/.exec(line);
  if (suffix && isFormatLetter(suffix[2]!)) return { source: suffix[1]!, letter: suffix[2] };
  return { source: line, letter: undefined };
}

function letterOf(format: string | undefined): FormatLetter | undefined {
  if (!format) return undefined;
  if (isFormatLetter(format)) return format;
  throw new EvaluationError(`Undefined output format "${format}".`);
}

/** `p`: the value joins the history. */
function print(
  source: string,
  letter: FormatLetter | undefined,
  session: Debugger,
  frame: Frame | undefined,
): string {
  const { history } = session.kept;
  const value = source === "" ? history.at(-1) : evaluate(source, session.context(frame));
  if (!value) throw new EvaluationError("Argument required (expression to compute).");
  const written = formatValue(value, session.around, letter);
  history.push(value);
  return `$${history.length} = ${written}`;
}

function whatis(source: string, session: Debugger, frame: Frame | undefined): string {
  const context = session.context(frame);
  return typeName(typeOf(parse(source, context), context));
}

async function examineCommand(
  source: string,
  format: string | undefined,
  session: Debugger,
  frame: Frame | undefined,
  state: ConsoleState,
): Promise<string> {
  state.examine = parseExamineFormat(format ?? "", state.examine);
  const address = source === "" ? state.nextAddress : evaluateAddress(source, session.context(frame));
  const pc = session.target.readRegister("rip");
  const { text: shown, next } = await examine(address, state.examine, { ...session.around, pc });
  state.nextAddress = next;
  session.remember(lastExamined(address, next, state.examine));
  return shown;
}

/** The frame that the console's own commands chose, until the view shows another one. */
function chosenFrame(session: Debugger, shown: Frame | undefined, state: ConsoleState): Frame | undefined {
  if (!shown || !state.chosen) return shown;
  const { thread, level, from } = state.chosen;
  if (from !== shown) {
    state.chosen = undefined;
    return shown;
  }
  session.selectThread(thread);
  return session.frames()[level] ?? shown;
}

/** `thread N` chooses its innermost frame; `thread apply` what it says of each. */
async function chooseThread(
  rest: string,
  session: Debugger,
  shown: Frame | undefined,
  state: ConsoleState,
): Promise<string> {
  const [, applied] = /^apply\s+([\s\S]+)$/.exec(rest) ?? [];
  if (applied !== undefined)
    return threadApply(applied, session, async (line) => {
      const outcome = await runCommand(line, session, session.frames()[0], newConsole());
      if (outcome.kind === "text" || outcome.kind === "value") return outcome.text;
      throw new EvaluationError("A command that lets the guest run cannot be applied to threads.");
    });
  const said = threadCommand(rest, session);
  if (shown && rest !== "") state.chosen = { thread: session.thread, level: 0, from: shown };
  return said;
}

/** `frame`, `frame 2`, `up`, `up 2`, `down`: chooses, and says which frame it is. */
function frameCommand(
  name: string,
  rest: string,
  session: Debugger,
  shown: Frame | undefined,
  state: ConsoleState,
): string {
  const frames = session.frames();
  const current = chosenFrame(session, shown, state)?.level ?? 0;
  const count = rest === "" ? undefined : Number(evaluateAddress(rest, session.context(shown)));
  const wanted =
    name === "up" ? current + (count ?? 1) : name === "down" ? current - (count ?? 1) : (count ?? current);
  if (name === "up" && current === frames.length - 1)
    throw new EvaluationError("Initial frame selected; you can't go up.");
  if (name === "down" && current === 0)
    throw new EvaluationError("Bottom (innermost) frame selected; you can't go down.");
  if (name.startsWith("f") && !frames[wanted]) throw new EvaluationError("No frame at that level.");
  const level = Math.min(Math.max(wanted, 0), frames.length - 1);
  if (shown) state.chosen = { thread: session.thread, level, from: shown };
  return formatFrame(frames[level]!, session.symbols, session.around, session.settings.entryValues);
}
